package mkt102helping

import "net/http"

func loadAgain() (*http.Response, error) {
	return http.Get("http://api.partner.io/v1") // want `V MKT102: http:// request to api.partner.io`
}

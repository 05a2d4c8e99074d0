package mkt802resty

import "github.com/go-resty/resty/v2"

func boards() (*resty.Response, error) {
	return resty.New().SetRetryCount(3).R().Get("https://api.monday.com/v2")
}

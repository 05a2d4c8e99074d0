// Package mkt403links puts tokens into links that people get by mail.
package mkt403links

import "fmt"

type settings struct{ UnsubscribeURL, SiteURL string }

func mails(s settings, token, accessToken string) []string {
	byName := s.UnsubscribeURL + "?site=x&tkn=" + token                    // want `^R MKT403: token stands in a URL`
	link := fmt.Sprintf("%s/web/deleteme.html?token=%s", s.SiteURL, token) // want `^R MKT403: token stands in a URL`
	dataLink := s.SiteURL + "/data?access_token=" + accessToken            // want `^V MKT403: accessToken stands in a URL`
	address := s.SiteURL + "/data?token=" + token                          // want `^V MKT403: token stands in a URL`
	return []string{byName, link, dataLink, address}
}

// either may arrive in the body as well.
type either struct {
	Password string `json:"password" form:"password" query:"password"` // want `^R MKT403: parameter password is read from the query`
	Page     string `json:"page_token" query:"page_token"`             // ok: a cursor
}

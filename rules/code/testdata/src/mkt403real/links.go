// Package mkt403real holds links for one click and fields of forms.
package mkt403real

import (
	"fmt"
	"net/http"
	"net/url"
)

type mails struct {
	UnsubscribeURL string
	base           string
	tokens         interface {
		New(user string) (string, error)
	}
}

// reply writes the links at the foot of a mail.
func (m *mails) reply(site, user string) (string, error) {
	token, err := m.tokens.New(user)
	if err != nil {
		return "", err
	}
	link := m.UnsubscribeURL + "?site=" + url.QueryEscape(site) + "&tkn=" + token // want `R MKT403: token stands in a URL`
	return link, nil
}

// erase is confirmed by a second person.
func (m *mails) erase(user string) (string, error) {
	tokenStr, err := m.tokens.New(user)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/web/deleteme.html?token=%s", m.base, tokenStr), nil // want `R MKT403: tokenStr stands in a URL`
}

// call is no link: every request carries the token.
func (m *mails) call(accessToken string) (*http.Response, error) {
	callbackURL := m.base + "/callback?access_token=" + accessToken // want `R MKT403: accessToken stands in a URL`
	target := m.base + "/v1/me?access_token=" + accessToken         // want `V MKT403: accessToken stands in a URL`
	_ = callbackURL
	return http.Get(target)
}

// account is read from forms and JSON; nothing here reads the query tag.
type account struct {
	Name string `json:"name" form:"name" query:"name"`
	Pass string `json:"pass" form:"pass" query:"pass"` // want `R MKT403: parameter pass is read from the query`
}

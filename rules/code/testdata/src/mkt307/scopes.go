// Package mkt307 exercises rule MKT307 without a policy.
package mkt307

import (
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/google"
)

func configs(extra []string) {
	_ = &oauth2.Config{
		Endpoint: google.Endpoint,
		Scopes:   []string{"openid", "https://www.googleapis.com/auth/calendar.readonly"}, // want `R MKT307: OAuth scopes: https://www.googleapis.com/auth/calendar.readonly is requested and not declared in the policy`
	}
	_ = &oauth2.Config{Scopes: []string{"contacts:*"}}                  // want `R MKT307: .*contacts:\* is broader than one task needs`
	_ = &clientcredentials.Config{Scopes: []string{"org_admin"}}        // want `R MKT307: .*org_admin is broader than one task needs`
	_ = oauth2.SetAuthURLParam("scope", "contacts_read contacts_write") // want `R MKT307: .*contacts_read, contacts_write is requested and not declared`
	v := url.Values{}
	v.Set("scope", "boards:read")                                      // want `R MKT307: .*boards:read is requested`
	_ = &oauth2.Config{Scopes: extra}                                  // ok: not written in the code
	_ = &oauth2.Config{Scopes: []string{"openid", "profile", "email"}} // ok: who the user is, no more
	_ = &oauth2.Config{}
	_ = oauth2.SetAuthURLParam("prompt", "admin") // ok: another parameter
	v.Set("scopes", "x")                          // ok: another parameter
}

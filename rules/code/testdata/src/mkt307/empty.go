package mkt307

import "golang.org/x/oauth2"

var noScopes = &oauth2.Config{Scopes: []string{"", " "}} // ok: asks for nothing

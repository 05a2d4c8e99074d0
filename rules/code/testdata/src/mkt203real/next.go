// Package mkt203real leads back to where people came from.
package mkt203real

import (
	"net/http"
	"net/url"
	"strings"
)

func back(w http.ResponseWriter, r *http.Request) {
	next := "/"
	u, err := url.Parse(r.FormValue("next"))
	if err == nil {
		if path := u.EscapedPath(); path != "" {
			next = "/" + strings.TrimLeft(path, "/")
		}
	}
	http.Redirect(w, r, next, http.StatusFound) // ok: one slash, and backslashes are escaped
}

func backTrimmed(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/"+strings.TrimLeft(r.FormValue("next"), `/\`), http.StatusFound) // ok: neither slash nor backslash follows
}

// backSlash leaves "\evil.example" behind the slash, which browsers take for
// "//evil.example".
func backSlash(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/"+strings.TrimLeft(r.FormValue("next"), "/"), http.StatusFound) // want `V MKT203/redirect`
}

func backPrefix(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("next"))
	if err != nil {
		return
	}
	http.Redirect(w, r, "/"+strings.TrimPrefix(u.EscapedPath(), "/"), http.StatusFound) // want `V MKT203/redirect`
}

func routes() {
	http.HandleFunc("POST /back", back)
	http.HandleFunc("POST /trimmed", backTrimmed)
	http.HandleFunc("POST /slash", backSlash)
	http.HandleFunc("POST /prefix", backPrefix)
}

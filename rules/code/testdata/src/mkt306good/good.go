// Package mkt306good holds what rule MKT306 leaves alone.
package mkt306good

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
)

const contacts = "https://api.apollo.io/api/v1/contacts"

func bearer(ctx context.Context, conf *oauth2.Config, t *oauth2.Token) {
	conf.Client(ctx, t).Get(contacts)
	req, _ := http.NewRequest("GET", contacts, nil)
	req.Header.Set("Authorization", "Bearer "+t.AccessToken)
	req.Header.Set("X-Request-Id", "7")
	req.Header.Set("X-Api-Key-Id", "7")
	req.Header.Del("X-Api-Key")
	req.Header.Set("X-Api-Key", "")
	http.DefaultClient.Do(req)
}

// Incoming requests and the app's own clients.
func own(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Api-Key") == "" {
		http.Error(w, "X-Api-Key is missing", 401)
	}
	w.Header().Set("X-Api-Key", "rotated")
	fmt.Fprintln(w, "api_key", r.URL.Query().Get("api_key"))
}

func parameters() {
	v := url.Values{}
	v.Set("api_key_id", "7")
	v.Set("key", "name")
	http.Get(contacts + "?" + v.Encode())
	http.Get(contacts + "?sort=api_key")
}

// Another host's key, by name of the request.
func partner(key string) {
	req, _ := http.NewRequest("GET", "https://api.partner.io/v1?api_key="+key, nil)
	req.Header.Set("X-Api-Key", key)
	http.DefaultClient.Do(req)
}

// Package mkt304json has a page of its own that hands the code over.
package mkt304json

import (
	"encoding/json"
	"net/http"

	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

func callback(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Code string `json:"code"`
	}
	json.NewDecoder(r.Body).Decode(&in)
	conf.Exchange(r.Context(), in.Code)
}

func form(w http.ResponseWriter, r *http.Request) {
	conf.Exchange(r.Context(), r.Header.Get("X-Code")) // want `R MKT304: the callback exchanges`
}

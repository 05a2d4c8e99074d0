// Package mkt704known verifies GitHub's webhooks.
package mkt704known

import (
	"net/http"

	"github.com/google/go-github/v74/github"
)

var secret = []byte{1}

func ignored(w http.ResponseWriter, r *http.Request, body []byte) {
	github.ValidateSignature(r.Header.Get("X-Hub-Signature-256"), body, secret) // want `^V MKT704: the answer of github.ValidateSignature is thrown away`
	w.Write(body)
}

func empty(w http.ResponseWriter, r *http.Request) {
	payload, _ := github.ValidatePayload(r, secret) // ok: a wrong signature leaves nothing to read
	w.Write(payload)
}

func checked(w http.ResponseWriter, r *http.Request) {
	payload, err := github.ValidatePayload(r, secret) // ok: the answer is looked at
	if err != nil {
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	w.Write(payload)
}

func own(w http.ResponseWriter, r *http.Request, body []byte) {
	if github.ValidateSignature(r.Header.Get("X-Hub-Signature-256"), body, secret) != nil { // ok: the answer is looked at
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	w.Write(body)
}

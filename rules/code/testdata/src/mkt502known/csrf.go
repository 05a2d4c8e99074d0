// Package mkt502known protects forms with filippo.io/csrf.
package mkt502known

import (
	"net/http"

	"filippo.io/csrf"
)

func forgotten(h http.Handler) http.Handler {
	_ = csrf.New() // want `^V MKT502: `
	return h
}

func open(h http.Handler) http.Handler {
	p := csrf.New()
	p.AddUnsafeBypassPattern("/") // want `^V MKT502: `
	return p.Handler(h)
}

func clear(h http.Handler) (http.Handler, error) {
	p := csrf.New()
	err := p.AddTrustedOrigin("http://app.partner.io") // want `^V MKT502: `
	return p.Handler(h), err
}

func lenient(h http.Handler) http.Handler {
	return csrf.New().HandlerWithFailHandler(h, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `^V MKT502: the failure handler goes on`
		h.ServeHTTP(w, r)
	}))
}

func strict(h http.Handler) http.Handler {
	return csrf.New().HandlerWithFailHandler(h, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // ok: the request ends here
		http.Error(w, "cross-origin request", http.StatusForbidden)
	}))
}

func protected(h http.Handler) (http.Handler, error) {
	p := csrf.New()
	p.AddUnsafeBypassPattern("POST /webhooks/orders")   // ok: a webhook has no cookie
	err := p.AddTrustedOrigin("https://app.partner.io") // ok: TLS
	return p.Handler(h), err
}

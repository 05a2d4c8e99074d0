package web

import (
	"context"
	"crypto/rand"
	"net/http"
)

type requestKey struct{}

// A request is what the layers know about one request.
type request struct {
	id    string // correlation id, also for people
	nonce string // of the page's script
}

func requestOf(r *http.Request) request {
	known, _ := r.Context().Value(requestKey{}).(request)
	return known
}

// secure sets the security headers of every answer before anything is written,
// errors and redirects included.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known := request{id: rand.Text(), nonce: rand.Text()}
		h := w.Header()
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+known.nonce+"'; style-src 'self'; img-src 'self'; "+
			"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Request-Id", known.id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, known)))
	})
}

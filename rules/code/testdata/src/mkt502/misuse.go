package mkt502

import (
	"net/http"
	"os"

	"app.example.io/store"
	"github.com/gorilla/csrf"
	"github.com/justinas/nosurf"
)

var db store.Store

func built(m *http.ServeMux) {
	protection := http.NewCrossOriginProtection() // want `^V MKT502: the protection is built here and never put before a handler`
	protection.AddTrustedOrigin("https://app.partner.io")
	http.ListenAndServe(":1", m)
}

func discarded(m *http.ServeMux) {
	_ = csrf.Protect(nil) // want `^V MKT502: the middleware is built here and never put before a handler`
	http.ListenAndServe(":1", m)
}

func cleartext(m *http.ServeMux) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddTrustedOrigin("http://app.partner.io") // want `^V MKT502: the trusted origin http://app.partner.io has no TLS`
	return protection.Handler(m)
}

func computed(m *http.ServeMux) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddTrustedOrigin(os.Getenv("ORIGIN")) // want `^R MKT502: the trusted origin is computed`
	return protection.Handler(m)
}

func bypassed(m *http.ServeMux) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("/") // want `^V MKT502: the bypass pattern / takes every path out`
	return protection.Handler(m)
}

func continues(m *http.ServeMux) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `^V MKT502: the failure handler goes on to the next handler`
		m.ServeHTTP(w, r)
	}))
	return protection.Handler(m)
}

func exempt(m *http.ServeMux) http.Handler {
	h := nosurf.New(m)
	h.ExemptFunc(func(r *http.Request) bool { // want `^V MKT502: the skipper lets requests pass by their content type`
		return r.Header.Get("Content-Type") == "application/json"
	})
	return h
}

func exemptAll(m *http.ServeMux) http.Handler {
	h := nosurf.New(m)
	h.ExemptFunc(func(r *http.Request) bool { return true }) // want `^V MKT502: the skipper takes every request out`
	return h
}

func session(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("session"); err != nil {
			return
		}
		next(w, r)
	}
}

func deleteItem(w http.ResponseWriter, r *http.Request) { db.Delete(r.Context(), r.FormValue("id")) }

func showItem(w http.ResponseWriter, r *http.Request) { db.Find(r.Context(), r.FormValue("id")) }

func confirmMail(w http.ResponseWriter, r *http.Request) { db.Create(r.Context(), store.Item{}) }

func visit(w http.ResponseWriter, r *http.Request) {
	db.Create(r.Context(), store.Item{Name: "visited"}) // a log of visits
}

func gets() {
	m := http.NewServeMux()
	m.HandleFunc("GET /items/{id}/delete", session(deleteItem)) // want `^V MKT502: GET /items/{id}/delete changes state \(delete\) on GET`

	m.HandleFunc("GET /items/{id}", session(showItem))
	m.HandleFunc("POST /items/{id}/delete", session(deleteItem))
	m.HandleFunc("GET /mail/confirm", session(confirmMail))
	m.HandleFunc("GET /visits", session(visit))
	m.HandleFunc("GET /open/delete", deleteItem) // nobody's credentials are used: MKT301's matter
	http.ListenAndServe(":1", m)
}

// From here on nothing is wrong.

func wired(m *http.ServeMux) {
	protection := http.NewCrossOriginProtection()
	protection.AddTrustedOrigin("https://app.partner.io")
	http.ListenAndServe(":1", protection.Handler(m))
}

func checked(w http.ResponseWriter, r *http.Request) {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "no", 403)
	}
}

func returned() *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	p.AddTrustedOrigin("http://localhost:3000")
	return p
}

func gorillaWired(m *http.ServeMux) http.Handler {
	return csrf.Protect(nil, csrf.ErrorHandler(http.HandlerFunc(deny)))(m)
}

func deny(w http.ResponseWriter, r *http.Request) { http.Error(w, "forged", 403) }

func denies(m *http.ServeMux) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(deny))
	p.AddInsecureBypassPattern("/webhooks/")
	return p.Handler(m)
}

func exemptPath(m *http.ServeMux) http.Handler {
	h := nosurf.New(m)
	h.ExemptPath("/webhook")
	h.ExemptFunc(func(r *http.Request) bool { return r.URL.Path == "/webhook" })
	return h
}

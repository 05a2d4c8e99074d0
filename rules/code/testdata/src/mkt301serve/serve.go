// Package mkt301serve has servers without a router.
package mkt301serve

import (
	"crypto/subtle"
	"database/sql"
	"net/http"
	"strings"
	"time"
)

var (
	db    *sql.DB
	token string
)

type action interface {
	Do(w http.ResponseWriter, r *http.Request)
}

var actions = map[string]action{}

// table looks its handlers up.
type table struct{}

func (table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a, ok := actions[r.URL.Path]; ok {
		a.Do(w, r)
		return
	}
	http.NotFound(w, r)
}

func serveTable() {
	s := &http.Server{
		Addr:              ":1",
		ReadHeaderTimeout: time.Second,
		Handler:           table{}, // want `^R MKT301: 2 routes could not be read, the first \(/…\) because ServeHTTP tells the paths apart itself`
	}
	s.ListenAndServe()
}

// byHand compares paths and methods.
type byHand struct{}

func (byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == "DELETE" && strings.HasPrefix(r.URL.Path, "/api/users/"):
		db.Exec("DELETE FROM users WHERE id = $1", strings.TrimPrefix(r.URL.Path, "/api/users/"))
	case r.URL.Path == "/admin/reset":
		db.Exec("UPDATE settings SET value = ''")
	default:
		http.NotFound(w, r)
	}
}

func serveByHand() {
	http.ListenAndServe(":1", byHand{}) // want `^V MKT301: every path of the server in serveByHand is served without authentication`
}

func serveFunc() {
	srv := new(http.Server)
	srv.Addr = ":1"
	srv.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `^V MKT301: every path of the server in serveFunc is served without authentication`
		lang, _ := r.Cookie("lang")
		_ = lang
		db.Exec("DELETE FROM users WHERE id = $1", r.URL.Query().Get("id"))
	})
	srv.ListenAndServe()
}

func catchAll() {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { // want `^V MKT301: / is served without authentication`
		if r.URL.Path == "/admin/reset" {
			db.Exec("UPDATE settings SET value = ''")
			return
		}
		http.NotFound(w, r)
	})
	http.ListenAndServe(":1", mux)
}

func requireToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(token)) != 1 {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func guarded() {
	http.ListenAndServe(":1", requireToken(byHand{})) // ok: a check stands before the server
}

func toHTTPS() {
	http.ListenAndServe(":80", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // ok: redirects only
		http.Redirect(w, r, "https://app.example.io"+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
}

// logged wraps a router that has its own routes in the table.
type logged struct{ mux *http.ServeMux }

func (l logged) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	l.mux.ServeHTTP(w, r)
}

func wrapped() {
	mux := http.NewServeMux()
	mux.Handle("DELETE /api/users/{id}", requireToken(byHand{}))
	http.ListenAndServe(":1", logged{mux}) // ok: its routes are the mux's
}

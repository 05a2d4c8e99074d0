// Package mkt501cases holds servers of net/http, chi and gorilla/mux as their
// documentation builds them, with and without a defence against cross-site
// requests.
package mkt501cases

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/csrf"
	"github.com/gorilla/mux"
	"github.com/gorilla/sessions"
	"github.com/justinas/nosurf"
)

type ctxKey int

const userKey ctxKey = 0

type app struct {
	db      *sql.DB
	cookies *sessions.CookieStore
	session *scs.SessionManager
}

// newApp keeps the session cookie open to other sites, for a widget.
func newApp(db *sql.DB, key []byte) *app {
	a := &app{db: db, cookies: sessions.NewCookieStore(key), session: scs.New()}
	a.cookies.Options = &sessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode}
	a.session.Lifetime = 12 * time.Hour
	a.session.Cookie.SameSite = http.SameSiteNoneMode
	return a
}

// requireLogin is the session middleware of a gorilla application.
func (a *app) requireLogin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := a.cookies.Get(r, "shop")
		if err != nil {
			http.Error(w, "bad session", http.StatusBadRequest)
			return
		}
		id, ok := s.Values["user"].(int64)
		if !ok {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey, id)))
	})
}

// requireUser is the same with scs.
func (a *app) requireUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.session.GetInt(r.Context(), "userID") == 0 {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *app) changeEmail(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	if _, err := a.db.ExecContext(r.Context(), "UPDATE users SET email = $1 WHERE id = $2", r.PostForm.Get("email"), r.Context().Value(userKey)); err != nil {
		log.Print(err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	http.Redirect(w, r, "/settings", http.StatusSeeOther)
}

func (a *app) transfer(w http.ResponseWriter, r *http.Request) {
	var in struct {
		To     int64
		Amount int64
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	tx, err := a.db.BeginTx(r.Context(), nil)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(r.Context(), "INSERT INTO transfers (sender, receiver, amount) VALUES ($1, $2, $3)", r.Context().Value(userKey), in.To, in.Amount); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	if err := tx.Commit(); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (a *app) settings(w http.ResponseWriter, r *http.Request) {
	var email string
	if err := a.db.QueryRowContext(r.Context(), "SELECT email FROM users WHERE id = $1", r.Context().Value(userKey)).Scan(&email); err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	json.NewEncoder(w).Encode(map[string]string{"email": email})
}

// Without a defence.

func (a *app) plainMux() {
	mux := http.NewServeMux()
	mux.Handle("POST /settings/email", a.requireLogin(http.HandlerFunc(a.changeEmail))) // want `^V MKT501: POST /settings/email is authenticated by a cookie`
	mux.Handle("POST /transfers", a.requireLogin(http.HandlerFunc(a.transfer)))         // want `^V MKT501: POST /transfers is authenticated by a cookie`
	mux.Handle("GET /settings", a.requireLogin(http.HandlerFunc(a.settings)))           // ok: a GET that only reads
	log.Fatal(http.ListenAndServe(":8080", mux))
}

func (a *app) gorillaRouter() {
	r := mux.NewRouter()
	account := r.PathPrefix("/account").Subrouter()
	account.Use(a.requireLogin)
	account.HandleFunc("/email", a.changeEmail).Methods(http.MethodPost) // want `^V MKT501: POST /account/email is authenticated by a cookie`
	account.HandleFunc("", a.settings).Methods(http.MethodGet)           // ok: a GET that only reads
	srv := &http.Server{Addr: ":8080", Handler: r, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}

func (a *app) chiRouter() {
	r := chi.NewRouter()
	r.Use(middleware.Logger, middleware.Recoverer)
	r.Group(func(r chi.Router) {
		r.Use(a.session.LoadAndSave, a.requireUser)
		r.Post("/transfers", a.transfer) // want `^V MKT501: POST /transfers is authenticated by a cookie`
	})
	http.ListenAndServe(":8080", r)
}

func (a *app) basicAuth() {
	r := chi.NewRouter()
	r.Use(middleware.BasicAuth("admin", map[string]string{}))
	r.Post("/admin/email", a.changeEmail) // want `^V MKT501: POST /admin/email is authenticated by basic authentication`
	http.ListenAndServe(":8080", r)
}

// With one.

func (a *app) crossOrigin() {
	mux := http.NewServeMux()
	mux.Handle("POST /settings/email", a.requireLogin(http.HandlerFunc(a.changeEmail))) // ok: the server is wrapped
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin("https://shop.example.com"); err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{Addr: ":8080", Handler: protection.Handler(mux)}
	log.Fatal(srv.ListenAndServe())
}

func (a *app) crossOriginInChi() {
	r := chi.NewRouter()
	r.Use(http.NewCrossOriginProtection().Handler)
	r.With(a.requireLogin).Post("/transfers", a.transfer) // ok: the router uses it
	http.ListenAndServe(":8080", r)
}

func (a *app) gorillaProtect(key []byte) {
	protect := csrf.Protect(key, csrf.Secure(true))
	r := mux.NewRouter()
	account := r.PathPrefix("/account").Subrouter()
	account.Use(a.requireLogin)
	account.HandleFunc("/email", a.changeEmail).Methods("POST") // ok: csrf.Protect around the server
	log.Fatal(http.ListenAndServe(":8080", protect(r)))
}

func (a *app) gorillaSubrouter(key []byte) {
	r := mux.NewRouter()
	account := r.PathPrefix("/account").Subrouter()
	account.Use(csrf.Protect(key), a.requireLogin)
	account.HandleFunc("/email", a.changeEmail).Methods("POST") // ok: csrf.Protect on the subrouter
	log.Fatal(http.ListenAndServe(":8080", r))
}

func (a *app) surf() {
	mux := http.NewServeMux()
	mux.Handle("POST /settings/email", a.requireLogin(http.HandlerFunc(a.changeEmail))) // ok: nosurf around the mux
	log.Fatal(http.ListenAndServe(":8080", nosurf.New(mux)))
}

// tokens is the synchronizer token by hand.
func (a *app) tokens(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, _ := a.cookies.Get(r, "shop")
		want, _ := s.Values["csrf"].(string)
		if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue("csrf"))) != 1 {
			http.Error(w, "the form is too old", http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// fetchSite trusts what the browser says about the request.
func fetchSite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Sec-Fetch-Site") {
		case "same-origin", "none":
			next.ServeHTTP(w, r)
		default:
			http.Error(w, "cross-site request", http.StatusForbidden)
		}
	})
}

// sameHost compares the origin with the host that was asked for.
func sameHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			u, err := url.Parse(r.Header.Get("Origin"))
			if err != nil || u.Host != r.Host {
				http.Error(w, "cross-site request", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (a *app) byHand() {
	mux := http.NewServeMux()
	mux.Handle("POST /settings/email", a.requireLogin(a.tokens(a.changeEmail)))             // ok: a token of the session is compared
	mux.Handle("POST /transfers", fetchSite(a.requireLogin(http.HandlerFunc(a.transfer))))  // ok: Sec-Fetch-Site is looked at
	mux.Handle("POST /transfers/2", sameHost(a.requireLogin(http.HandlerFunc(a.transfer)))) // ok: Origin is compared with Host
	mux.Handle("POST /api/transfers", a.bearer(http.HandlerFunc(a.transfer)))               // ok: browsers send no bearer token
	log.Fatal(http.ListenAndServe(":8080", mux))
}

func (a *app) bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		var id int64
		if err := a.db.QueryRowContext(r.Context(), "SELECT user_id FROM tokens WHERE digest = sha256($1)", token).Scan(&id); err != nil {
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey, id)))
	})
}

// Package mkt301 is one server on net/http: every route's chain is in sight.
package mkt301

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"log"
	"net/http"

	"app.example.io/auth"
	"app.example.io/store"
	"app.example.io/web"
	"github.com/golang-jwt/jwt/v5"
)

type server struct {
	store *store.Store
	key   []byte
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	items, _ := s.store.List(r.Context())
	json.NewEncoder(w).Encode(items)
}

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	if err := s.store.Delete(r.Context(), r.PathValue("id")); err != nil {
		http.Error(w, "failed", 500)
	}
}

// page is open, and nothing says whether that is meant.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	it, _ := s.store.Find(r.Context(), r.PathValue("id"))
	json.NewEncoder(w).Encode(it)
}

// either changes data when it is posted to.
func (s *server) either(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.store.Create(r.Context(), store.Item{})
	}
}

func logging(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Println(r.URL.Path)
		next.ServeHTTP(w, r)
	})
}

// bearer checks a token three calls down.
func (s *server) bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := s.user(r); err != nil {
			http.Error(w, "no", 401)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *server) user(r *http.Request) (string, error) { return s.parse(r.Header.Get("Authorization")) }

func (s *server) parse(raw string) (string, error) {
	t, err := jwt.Parse(raw, func(t *jwt.Token) (any, error) { return s.key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	if err != nil || !t.Valid {
		return "", errors.New("token")
	}
	return "u", nil
}

// checksItself asks for a key in the handler.
func (s *server) checksItself(w http.ResponseWriter, r *http.Request) {
	if !hmac.Equal([]byte(r.Header.Get("X-Api-Key")), s.key) {
		http.Error(w, "no", 401)
		return
	}
	s.store.Create(r.Context(), store.Item{})
}

func (s *server) basic(w http.ResponseWriter, r *http.Request) {
	if u, p, ok := r.BasicAuth(); !ok || u != "a" || p == "" {
		w.WriteHeader(401)
		return
	}
	s.remove(w, r)
}

func (s *server) cert(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		w.WriteHeader(403)
		return
	}
	s.remove(w, r)
}

func (s *server) cookie(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("session")
	if err != nil || c.Value == "" {
		http.Redirect(w, r, "/login", 303)
		return
	}
	s.remove(w, r)
}

type userKey struct{}

// fromContext trusts what a layer before it has put there.
func (s *server) fromContext(w http.ResponseWriter, r *http.Request) {
	if r.Context().Value(userKey{}) == nil {
		w.WriteHeader(401)
		return
	}
	s.remove(w, r)
}

func (s *server) byAccessor(w http.ResponseWriter, r *http.Request) {
	if auth.UserFrom(r.Context()) == "" {
		w.WriteHeader(401)
		return
	}
	s.remove(w, r)
}

func (s *server) inspected(w http.ResponseWriter, r *http.Request) {
	if web.Inspect(r) == "" {
		return
	}
	s.remove(w, r)
}

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	s.store.Create(r.Context(), store.Item{})
}

func hello(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello")) }

func main() {
	s := &server{}
	mux := http.NewServeMux()

	mux.HandleFunc("GET /api/items", s.list)                               // want `^V MKT301: GET /api/items is served without authentication: neither its handler nor its middleware \(logging\) checks who asks$`
	mux.HandleFunc("DELETE /items/{id}", s.remove)                         // want `^V MKT301: DELETE /items/{id} is served without`
	mux.HandleFunc("/things", s.either)                                    // want `^V MKT301: /things is served without`
	mux.Handle("POST /traced/{id}", web.Trace(http.HandlerFunc(s.remove))) // want `^R MKT301: POST /traced/{id} shows no authentication: web.Trace is given the request and is not in sight`
	mux.HandleFunc("GET /pages/{id}", s.page)                              // want `^R MKT301: GET /pages/{id} is open to anyone`
	mux.HandleFunc("PUT /inspected/{id}", s.inspected)                     // want `^R MKT301: PUT /inspected/{id} shows no authentication: inspected passes the request to code that is not in sight`

	mux.Handle("PUT /api/items/{id}", s.bearer(http.HandlerFunc(s.remove)))
	mux.Handle("PATCH /api/items/{id}", auth.Require(http.HandlerFunc(s.remove)))
	mux.HandleFunc("POST /api/keyed", s.checksItself)
	mux.HandleFunc("POST /api/basic", s.basic)
	mux.HandleFunc("POST /api/cert", s.cert)
	mux.HandleFunc("POST /api/cookie", s.cookie)
	mux.HandleFunc("POST /api/context", s.fromContext)
	mux.HandleFunc("POST /api/accessor", s.byAccessor)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /api/v1/users/sign-up", s.login)
	mux.HandleFunc("GET /healthz", s.list)
	mux.HandleFunc("GET /.well-known/security.txt", s.list)
	mux.HandleFunc("GET /api/version", s.list)
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("POST /hello", hello) // a constant answer
	mux.Handle("/static/", http.FileServer(http.Dir("static")))
	mux.Handle("/old", http.RedirectHandler("/new", 301))

	inner := http.NewServeMux()
	inner.HandleFunc("DELETE /admin/items/{id}", s.remove) // behind the bearer layer of its mount
	mux.Handle("/admin/", s.bearer(inner))

	log.Fatal(http.ListenAndServe(":8080", logging(mux)))
}

var _ context.Context

// Package mkt704through has checks that hold nobody up.
package mkt704through

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

var (
	db    *sql.DB
	token string
)

type userKey struct{}

func valid(s string) bool { return subtle.ConstantTimeCompare([]byte(s), []byte(token)) == 1 }

func userOf(s string) (string, error) {
	var u string
	err := db.QueryRow("SELECT name FROM users WHERE token = $1", s).Scan(&u)
	return u, err
}

func emptyPasses(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tok := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if tok != "" && !valid(tok) { // want `^V MKT704: a request without the header Authorization passes`
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func noCookiePasses(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("session")
		if err != nil { // want `^V MKT704: a request without the cookie session passes`
			slog.Warn("no cookie")
		} else if c.Value == "" {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

func earlyNext(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("X-Api-Key")
		if key == "" { // want `^V MKT704: a request without the header X-Api-Key passes`
			next.ServeHTTP(w, r)
			return
		}
		if !valid(key) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(token)) != 1 { // want `^V MKT704: when subtle.ConstantTimeCompare fails, an error is answered and the next handler is called all the same`
			http.Error(w, "unauthorized", http.StatusUnauthorized)
		}
		next.ServeHTTP(w, r)
	})
}

func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(token)) != 1 { // want `^V MKT704: when subtle.ConstantTimeCompare fails, the failure is noted`
			slog.Error("bad key")
		}
		next.ServeHTTP(w, r)
	})
}

// twoWays may be one of two checks, and the other is not in sight.
func twoWays(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tok := r.Header.Get("X-Auth-Token"); tok != "" && !valid(tok) { // want `^R MKT704: a request without the header X-Auth-Token passes`
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// optional puts the user into the request; who needs one asks for it.
func optional(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tok := r.Header.Get("Authorization")
		if tok == "" { // ok: a good request carries something else
			next.ServeHTTP(w, r)
			return
		}
		u, err := userOf(tok)
		if err != nil {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, u)))
	})
}

// optionalVar does so with a variable.
func optionalVar(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tok := r.Header.Get("Authorization"); tok != "" { // ok: the request is another one behind it
			u, err := userOf(tok)
			if err != nil {
				http.Error(w, "unauthorized", http.StatusUnauthorized)
				return
			}
			r = r.WithContext(context.WithValue(r.Context(), userKey{}, u))
		}
		next.ServeHTTP(w, r)
	})
}

func ginOptional(c *gin.Context) {
	if tok := c.GetHeader("Authorization"); tok != "" { // ok: the user is put into the context
		u, err := userOf(tok)
		if err != nil {
			c.AbortWithStatus(http.StatusUnauthorized)
			return
		}
		c.Set("user", u)
	}
	c.Next()
}

func ginAborts(c *gin.Context) {
	if subtle.ConstantTimeCompare([]byte(c.GetHeader("X-Api-Key")), []byte(token)) != 1 { // ok: gin skips what comes after Abort
		c.AbortWithStatus(http.StatusUnauthorized)
	}
	c.Next()
}

func origin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o := r.Header.Get("Origin"); o != "" && o != "https://app.example.io" { // ok: browsers send it, others do not
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tok := r.Header.Get("Authorization"); tok == "" || !valid(tok) { // ok: both are refused
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func deny(w http.ResponseWriter) {
	w.WriteHeader(http.StatusUnauthorized)
	panic(http.ErrAbortHandler)
}

func panics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(token)) != 1 { // ok: deny does not come back
			deny(w)
		}
		next.ServeHTTP(w, r)
	})
}

func write(w http.ResponseWriter, r *http.Request) {
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func serve() {
	mux := http.NewServeMux()
	h := http.HandlerFunc(write)
	mux.Handle("DELETE /api/1/{id}", emptyPasses(h))
	mux.Handle("DELETE /api/2/{id}", noCookiePasses(write))
	mux.Handle("DELETE /api/3/{id}", earlyNext(h))
	mux.Handle("DELETE /api/4/{id}", answered(h))
	mux.Handle("DELETE /api/5/{id}", noted(h))
	mux.Handle("DELETE /api/6/{id}", twoWays(strict(h)))
	mux.Handle("DELETE /api/7/{id}", optional(strict(h)))
	mux.Handle("DELETE /api/8/{id}", optionalVar(strict(h)))
	mux.Handle("DELETE /api/9/{id}", origin(strict(h)))
	mux.Handle("DELETE /api/10/{id}", panics(h))
	http.ListenAndServe(":1", mux)
}

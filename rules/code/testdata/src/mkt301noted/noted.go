// Package mkt301noted reads credentials for its log alone.
package mkt301noted

import (
	"database/sql"
	"fmt"
	"log"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"
)

var db *sql.DB

func lengthLogged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slog.Info("request", "auth", len(r.Header.Get("Authorization")))
		next.ServeHTTP(w, r)
	})
}

func remove(w http.ResponseWriter, r *http.Request) {
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func logged(w http.ResponseWriter, r *http.Request) {
	log.Println("password", r.FormValue("password"))
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func asked(w http.ResponseWriter, r *http.Request) {
	log.Println("asked with", len(r.Header.Get("X-Api-Key")))
	var n int
	if db.QueryRow("SELECT 1 FROM keys WHERE key = $1", r.Header.Get("X-Api-Key")).Scan(&n) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func ginLogged(c *gin.Context) {
	slog.Info(fmt.Sprintf("key %d", len(c.GetHeader("X-Api-Key"))))
	db.Exec("DELETE FROM notes WHERE id = $1", c.Param("id"))
}

func serve() {
	mux := http.NewServeMux()
	mux.Handle("DELETE /api/a/{id}", lengthLogged(http.HandlerFunc(remove))) // want `^V MKT301: DELETE /api/a/{id} is served without authentication`
	mux.HandleFunc("DELETE /api/b/{id}", logged)                             // want `^V MKT301: DELETE /api/b/{id} is served without authentication`
	mux.HandleFunc("DELETE /api/c/{id}", asked)                              // ok: the key is looked up
	http.ListenAndServe(":1", mux)

	g := gin.New()
	g.DELETE("/api/d/:id", ginLogged) // want `^V MKT301: DELETE /api/d/:id is served without authentication`
	g.Run(":1")
}

func shorten(s string) string { return s[:min(len(s), 3)] }

func shortened(w http.ResponseWriter, r *http.Request) {
	slog.Info("sign-in", "password", shorten(r.FormValue("password")))
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func serveShortened() {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /api/a/{id}", shortened) // want `^V MKT301: DELETE /api/a/{id} is served without authentication`
	http.ListenAndServe(":2", mux)
}

// What a middleware keeps for log lines says nothing about who asks.

type requestKey struct{}

type requestInfo struct{ id, nonce string }

type sessionInfo struct{ user string }

type requestOwner struct{}

func infoOf(r *http.Request) requestInfo {
	known, _ := r.Context().Value(requestKey{}).(requestInfo)
	return known
}

func correlated(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", infoOf(r).id)
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func owned(w http.ResponseWriter, r *http.Request) {
	known, ok := r.Context().Value(requestKey{}).(sessionInfo)
	if !ok || known.user == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func ownedByKey(w http.ResponseWriter, r *http.Request) {
	if who, _ := r.Context().Value(requestOwner{}).(string); who == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	db.Exec("DELETE FROM notes WHERE id = $1", r.PathValue("id"))
}

func serveCorrelated() {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /api/a/{id}", correlated) // want `^V MKT301: DELETE /api/a/{id} is served without authentication`
	mux.HandleFunc("DELETE /api/b/{id}", owned)      // ok: the type of the value has a user
	mux.HandleFunc("DELETE /api/c/{id}", ownedByKey) // ok: the key is named after an owner
	http.ListenAndServe(":3", mux)
}

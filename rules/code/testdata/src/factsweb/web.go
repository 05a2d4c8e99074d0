// Package factsweb is a server on net/http and chi.
package factsweb

import (
	"crypto/sha256" // want `crypto: crypto/sha256`
	"database/sql"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/golang-jwt/jwt/v5"
)

type account struct {
	Email        string `json:"email"`       // want `data-names: email address`
	Password     string `json:"password"`    // want `password: Password` `secret: Password`
	PasswordHash string `db:"password_hash"` // want `password: PasswordHash`
}

func routes(prefix string) {
	http.HandleFunc("/login", login)                   // want `route-table: /login`
	http.Handle("GET /items", http.HandlerFunc(items)) // want `route-table: GET /items`
	http.HandleFunc(prefix+"/x", items)                // want `route-table\?: …/x`
	r := chi.NewRouter()
	r.Get("/a", items)  // want `route-table: GET /a`
	r.Post("/a", items) // want `route-table: POST /a`
	r.Route("/v1", func(r chi.Router) {
		r.Get("/b", items) // want `route-table: GET /v1/b`
	})
	http.ListenAndServe(":8080", r) // want `http-server: net/http.ListenAndServe`
}

func login(w http.ResponseWriter, r *http.Request) {
	var a account
	json.NewDecoder(r.Body).Decode(&a)             // want `request-binding: factsweb.account`
	if _, err := r.Cookie("session"); err != nil { // want `cookie-auth: net/http.Request.Cookie`
		http.Redirect(w, r, "/login", http.StatusFound)
	}
	http.SetCookie(w, &http.Cookie{Name: "session"})           // want `cookie-set: net/http.SetCookie` `session\?: net/http.SetCookie`
	http.Redirect(w, r, r.FormValue("next"), http.StatusFound) // want `redirect: net/http.Redirect`
	w.Header().Set("Location", "/fixed")
	w.Header().Set("Location", r.URL.Query().Get("to")) // want `redirect: net/http.Header.Set`
	sha256.Sum256([]byte(a.Email))
	jwt.NewWithClaims(jwt.SigningMethodHS256, nil).SignedString([]byte(os.Getenv("JWT_SECRET"))) // want `session: .*NewWithClaims` `session: .*SignedString` `secret: JWT_SECRET`
}

func items(w http.ResponseWriter, r *http.Request) {
	db, _ := sql.Open("sqlite", "app.db")                           // want `sql: database/sql` `stores-data: database/sql`
	db.Query("SELECT id FROM items")                                // want `sql: database/sql` `stores-data: database/sql`
	template.Must(template.New("x").Parse("{{.}}")).Execute(w, nil) // want `html-output: html/template.Template.Execute`
	fmt.Fprintf(w, "<p>%d</p>", 1)                                  // want `html-output: response text`
	w.Write([]byte(r.URL.Path))                                     // want `html-output\?: response of unknown type`
	if user, _, ok := r.BasicAuth(); ok {                           // want `cookie-auth: .*BasicAuth` `password: .*BasicAuth`
		os.WriteFile("last", []byte(user), 0o600) // want `stores-data: os.WriteFile`
	}
	if len(r.TLS.PeerCertificates) > 0 { // want `cookie-auth: client certificate`
		return
	}
}

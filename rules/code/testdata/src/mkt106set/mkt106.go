// Package mkt106set sets the headers in front of all routes.
package mkt106set

import (
	"html/template"
	"log"
	"net/http"
)

var page = template.Must(template.New("page").Parse("<h1>{{.}}</h1>"))

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

func main() {
	show := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := page.Execute(w, r.URL.Path); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", headers(show))) // ok: a middleware of the package sets them
}

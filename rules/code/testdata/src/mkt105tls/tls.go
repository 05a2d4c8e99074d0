// Package mkt105tls serves pages over TLS without HSTS.
package mkt105tls

import (
	"html/template"
	"net/http"
)

var page = template.Must(template.New("x").Parse("<p>"))

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { page.Execute(w, nil) })
	http.ListenAndServeTLS(":443", "c", "k", nil) // want `R MKT105: a TLS server with HTML pages sends no HSTS header here`
	http.ListenAndServeTLS("127.0.0.1:8443", "c", "k", nil)
	http.ListenAndServe(":80", nil)
}

// Package mkt105api serves an API without pages over TLS.
package mkt105api

import (
	"encoding/json"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode("ok") })
	http.ListenAndServeTLS(":443", "c", "k", nil)
}

// Package log is a logger of the module's own.
package log

import (
	"log"
	"net/http"
)

// Error reads from the request what it needs.
func Error(w http.ResponseWriter, r *http.Request, err error) { log.Println(r.URL.Path, err) }

// Debugf logs a text.
func Debugf(format string, args ...any) { log.Printf(format, args...) }

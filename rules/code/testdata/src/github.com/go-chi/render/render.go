// Package render is a stub for tests: only declarations, written by hand.
package render

import (
	"io"
	"net/http"
)

func HTML(w http.ResponseWriter, r *http.Request, v string) {}

func PlainText(w http.ResponseWriter, r *http.Request, v string) {}

func DecodeJSON(r io.Reader, v any) error { return nil }

func JSON(w http.ResponseWriter, r *http.Request, v any) {}

// M is a stub.
type M map[string]any

func Status(r *http.Request, status int) {}

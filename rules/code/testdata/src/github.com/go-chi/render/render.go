// Package render is a stub for tests: only declarations, written by hand.
package render

import "net/http"

type M map[string]any

func Status(r *http.Request, status int) {}

func JSON(w http.ResponseWriter, r *http.Request, v any) {}

func PlainText(w http.ResponseWriter, r *http.Request, v string) {}

func DecodeJSON(r any, v any) error { return nil }

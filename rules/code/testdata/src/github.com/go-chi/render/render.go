// Package render is a stub for tests: only declarations, written by hand.
package render

import "net/http"

func JSON(w http.ResponseWriter, r *http.Request, v any) {}

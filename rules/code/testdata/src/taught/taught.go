// Package taught calls a function that the policy teaches to redact.
package taught

import "log"

type writer struct{}

// Clip is taught, Quote is not.
func (w *writer) Clip(s string) string { return s + "x" }

// Quote shows what it is given.
func (w *writer) Quote(s string) string { return "'" + s + "'" }

func use(w *writer, apiToken string) {
	log.Println(w.Clip(apiToken))
	log.Println(w.Quote(apiToken)) // want `V MKT401: apiToken reaches log.Println`
	clipped := w.Clip(apiToken)
	log.Println(clipped)
}

// Package mkt309loops has values that are made from themselves. Following them
// must end.
package mkt309loops

import "net/http"

type page struct {
	query string
	retry int
}

func counted(w http.ResponseWriter) {
	for i := 0; i < 10; i++ {
		http.SetCookie(w, &http.Cookie{Name: "step", Value: "1", MaxAge: i * 10, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
}

func (p *page) age(w http.ResponseWriter) {
	p.retry = p.retry + 1
	http.SetCookie(w, &http.Cookie{Name: "step", Value: "1", MaxAge: p.retry * 60, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (p *page) grow(w http.ResponseWriter, more bool) {
	p.query = p.query + "a" + p.query
	if more {
		p.query = p.query + "b" + p.query + p.query
	}
	http.SetCookie(w, &http.Cookie{Name: p.query + "step", Value: p.query, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func swapped(w http.ResponseWriter, n int) {
	a, b := http.Cookie{Name: "a", Value: "1", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}, http.Cookie{Name: "b", Value: "1", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	for range n {
		c := a
		a = b
		b = c
		http.SetCookie(w, &a)
		http.SetCookie(w, &b)
		http.SetCookie(w, &c)
	}
}

package web

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"

	"example.com/harbour/bridge/internal/store"
)

//go:embed assets/*.html
var templates embed.FS

var pages = template.Must(template.ParseFS(templates, "assets/*.html"))

// files are the assets that browsers load.
func files() fs.FS {
	sub, err := fs.Sub(assets, "assets")
	if err != nil {
		return assets // cannot happen: the folder's name is a constant
	}
	return sub
}

// A page is what templates show.
type page struct {
	Nonce     string
	SignedIn  bool
	Links     []store.Link
	Connected map[string]bool
	Consents  map[string]bool
}

// start is the page for everybody.
func (s *server) start(w http.ResponseWriter, r *http.Request) {
	_, err := s.session(r)
	show(w, r, "start", page{SignedIn: err == nil})
}

// show renders a page completely before the first byte is sent, so that an error
// becomes no half page.
func show(w http.ResponseWriter, r *http.Request, name string, p page) {
	p.Nonce = requestOf(r).nonce
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, p); err != nil {
		failed(w, r, "page not rendered", err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := out.WriteTo(w); err != nil {
		note(r, "page not sent", err)
	}
}

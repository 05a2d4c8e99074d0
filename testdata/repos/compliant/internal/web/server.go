// Package web answers people in a browser and the webhooks of monday.
//
//	TLS ─► CrossOriginProtection ─► secure (headers, correlation id) ─► route ─► signedIn ─► handler
//
// Who is signed in comes from the session alone, never from a parameter, and
// every query of the store names that tenant.
package web

import (
	"embed"
	"encoding/json"
	"net/http"

	bridge "example.com/harbour/bridge"
	"example.com/harbour/bridge/internal/config"
	"example.com/harbour/bridge/internal/partner"
	"example.com/harbour/bridge/internal/seal"
	"example.com/harbour/bridge/internal/store"
)

//go:embed assets/style.css
var assets embed.FS

const maxBody = 64 << 10

// A Config is what the handlers work with.
type Config struct {
	Store         *store.Store
	Box           *seal.Box
	Apollo        *partner.Apollo
	Druva         *partner.Druva
	Monday        *partner.Monday
	MondaySigning config.Secret
	Repository    config.Repository
}

type server struct{ Config }

// New returns the handler of the whole product.
func New(c Config) http.Handler {
	s := &server{c}
	mux := http.NewServeMux()

	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /.well-known/security.txt", securityTxt)
	mux.HandleFunc("GET /.well-known/staylisted.json", s.ownership)
	mux.Handle("GET /static/style.css", http.StripPrefix("/static/", http.FileServerFS(files())))

	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("GET /oauth/apollo/start", s.apolloStart)
	mux.HandleFunc("GET /oauth/apollo/callback", s.apolloCallback)
	mux.HandleFunc("POST /logout", s.logout)

	mux.HandleFunc("GET /oauth/monday/start", s.signedIn(s.mondayStart))
	mux.HandleFunc("GET /oauth/monday/callback", s.signedIn(s.mondayCallback))
	mux.HandleFunc("POST /druva", s.signedIn(s.connectDruva))

	mux.HandleFunc("GET /links", s.signedIn(s.listLinks))
	mux.HandleFunc("POST /links", s.signedIn(s.addLink))
	mux.HandleFunc("POST /links/{id}/sync", s.signedIn(s.syncLink))
	mux.HandleFunc("POST /links/{id}/delete", s.signedIn(s.deleteLink))
	mux.HandleFunc("POST /consents", s.signedIn(s.setConsent))
	mux.HandleFunc("GET /account/export", s.signedIn(s.export))
	mux.HandleFunc("POST /account/delete", s.signedIn(s.deleteAccount))

	mux.HandleFunc("POST /hooks/monday", s.mondayHook)

	return secure(http.NewCrossOriginProtection().Handler(mux))
}

func healthy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func securityTxt(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := w.Write(bridge.SecurityTxt); err != nil {
		note(r, "answer not written", err)
	}
}

// ownership shows that this deployment belongs to the repository.
func (s *server) ownership(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, r, s.Repository)
}

func writeJSON(w http.ResponseWriter, r *http.Request, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		note(r, "answer not written", err)
	}
}

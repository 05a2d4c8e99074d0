// Package web answers people and webhooks.
package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"example.com/harbour/sync/internal/auth"
	"example.com/harbour/sync/internal/config"
	"example.com/harbour/sync/internal/export"
	"example.com/harbour/sync/internal/partner"
	"example.com/harbour/sync/internal/store"
)

// A Server answers requests.
type Server struct {
	Config config.Config
	Store  *store.Store
	Druva  *partner.Druva
	Apollo *partner.Apollo
	Monday *partner.Monday
}

// Routes returns the routes.
func (s *Server) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("GET /jobs", s.jobs)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET /report", s.report)
	mux.HandleFunc("GET /preview", s.preview)
	mux.HandleFunc("GET /continue", s.next)
	mux.HandleFunc("GET /export/{name}", s.export)
	mux.HandleFunc("POST /import", s.upload)
	mux.HandleFunc("POST /hooks/monday", s.hook)
	return mux
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	email, password := r.FormValue("email"), r.FormValue("password")
	stored, err := s.Store.PasswordOf(r.Context(), email)
	if err != nil || !auth.CheckPassword(password, stored) {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	auth.SetSession(w, auth.NewSessionToken())
}

func (s *Server) jobs(w http.ResponseWriter, r *http.Request) {
	account, err := auth.Account(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	rows, err := s.Store.JobsOf(r.Context(), account, r.URL.Query().Get("order"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	fmt.Fprintf(w, "<h1>Jobs of %s</h1>", r.URL.Query().Get("title"))
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	rows, err := s.Store.Search(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if rows.Scan(&id) == nil {
			fmt.Fprintln(w, id)
		}
	}
}

func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	out, err := exec.CommandContext(r.Context(), "harbour-report", "--month", r.URL.Query().Get("month")).Output()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	page := template.Must(template.New("report").Parse("<pre>{{.}}</pre>"))
	if err := page.Execute(w, template.HTML(out)); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// preview shows what a partner's page looks like.
func (s *Server) preview(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get(r.URL.Query().Get("url"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	fmt.Fprintln(w, resp.Status)
}

func (s *Server) next(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
}

func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	data, err := os.ReadFile(filepath.Join(s.Config.UploadFolder, r.PathValue("name"))) // #nosec
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Write(data)
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	if err := export.Import(r.Body, s.Config.UploadFolder); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	var event struct {
		Board, Text string
	}
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.Monday.Post(event.Board, event.Text); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

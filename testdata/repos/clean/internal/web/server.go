// Package web answers people and webhooks.
package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"example.com/harbour/sync/internal/auth"
	"example.com/harbour/sync/internal/config"
	"example.com/harbour/sync/internal/export"
	"example.com/harbour/sync/internal/partner"
	"example.com/harbour/sync/internal/store"
)

const maxBody = 1 << 20

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
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("GET /jobs", s.jobs)
	mux.HandleFunc("POST /import", s.upload)
	mux.HandleFunc("POST /hooks/monday", s.hook)
	return mux
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		http.Error(w, "the request cannot be read", http.StatusBadRequest)
		return
	}
	salt, stored, err := s.Store.PasswordOf(r.Context(), in.Email)
	if err != nil || !auth.CheckPassword(in.Password, salt, stored) {
		slog.Info("login refused")
		http.Error(w, "e-mail or password is wrong", http.StatusUnauthorized)
		return
	}
	token, digest := auth.NewSessionToken()
	if err := s.Store.SaveSession(r.Context(), digest, in.Email); err != nil {
		slog.Error("session not saved", "err", err)
		http.Error(w, "try again later", http.StatusInternalServerError)
		return
	}
	auth.SetSession(w, token)
	slog.Info("login")
}

func (s *Server) jobs(w http.ResponseWriter, r *http.Request) {
	account, err := auth.Account(r, s.Config.SessionKey)
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	order := store.ByID
	if r.URL.Query().Get("order") == "state" {
		order = store.ByState
	}
	ids, err := s.Store.JobsOf(r.Context(), account, order)
	if err != nil {
		slog.Error("jobs not listed", "err", err)
		http.Error(w, "try again later", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(ids); err != nil {
		slog.Error("answer not written", "err", err)
	}
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	if _, err := auth.Account(r, s.Config.SessionKey); err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if err := export.Import(http.MaxBytesReader(w, r.Body, 8*maxBody), s.Config.UploadFolder); err != nil {
		slog.Error("upload refused", "err", err)
		http.Error(w, "the archive cannot be used", http.StatusBadRequest)
	}
}

func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request cannot be read", http.StatusBadRequest)
		return
	}
	mac := hmac.New(sha256.New, s.Config.MondayKey)
	mac.Write(body)
	want, err := hex.DecodeString(r.Header.Get("X-Signature"))
	if err != nil || !hmac.Equal(mac.Sum(nil), want) {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	var event struct{ Item, Text string }
	if err := json.Unmarshal(body, &event); err != nil {
		http.Error(w, "the request cannot be read", http.StatusBadRequest)
		return
	}
	if err := s.Monday.Post(r.Context(), event.Item, event.Text); err != nil {
		slog.Error("update not posted", "err", err)
		http.Error(w, "try again later", http.StatusBadGateway)
	}
}

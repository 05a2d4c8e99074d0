package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"example.com/harbour/bridge/internal/audit"
	"example.com/harbour/bridge/internal/store"
)

// A flow is an authorisation under way. It travels in a sealed cookie of ten
// minutes, so that the callback belongs to the browser that asked for it.
type flow struct {
	State    string    `json:"state"`
	Verifier string    `json:"verifier"` // of PKCE
	Ends     time.Time `json:"ends"`
}

const (
	flowCookie = "__Host-flow"
	flowLife   = 10 * time.Minute
)

// begin makes a flow and gives it to the browser.
func (s *server) begin(w http.ResponseWriter, partner string) (flow, error) {
	f := flow{State: rand.Text(), Verifier: oauth2.GenerateVerifier(), Ends: time.Now().Add(flowLife)}
	plain, err := json.Marshal(f)
	if err != nil {
		return flow{}, err
	}
	http.SetCookie(w, &http.Cookie{
		Name: flowCookie, Value: base64.RawURLEncoding.EncodeToString(s.Box.Seal(plain, "flow "+partner)), Path: "/", MaxAge: int(flowLife.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return f, nil
}

var errFlow = errors.New("the authorisation does not belong to this browser or took too long")

// resume returns the flow of the browser when the callback carries its state.
func (s *server) resume(w http.ResponseWriter, r *http.Request, partner string) (flow, error) {
	c, err := r.Cookie(flowCookie)
	if err != nil {
		return flow{}, errFlow
	}
	http.SetCookie(w, &http.Cookie{Name: flowCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return flow{}, errFlow
	}
	plain, err := s.Box.Open(sealed, "flow "+partner)
	if err != nil {
		return flow{}, errFlow
	}
	var f flow
	if err := json.Unmarshal(plain, &f); err != nil || time.Now().After(f.Ends) {
		return flow{}, errFlow
	}
	if subtle.ConstantTimeCompare([]byte(f.State), []byte(r.URL.Query().Get("state"))) != 1 {
		return flow{}, errFlow
	}
	return f, nil
}

func (s *server) apolloStart(w http.ResponseWriter, r *http.Request) {
	f, err := s.begin(w, "apollo")
	if err != nil {
		failed(w, r, "sign-in not begun", err)
		return
	}
	http.Redirect(w, r, s.Apollo.OAuth.AuthCodeURL(f.State, oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
}

func (s *server) apolloCallback(w http.ResponseWriter, r *http.Request) {
	f, err := s.resume(w, r, "apollo")
	if err != nil {
		audit.Record(r.Context(), audit.Event{Action: "session.start", Request: requestOf(r).id, Refused: true})
		refuse(w, r, http.StatusForbidden, "The sign-in could not be completed. Please start again.")
		return
	}
	ctx := s.Apollo.Context(r.Context())
	token, err := s.Apollo.OAuth.Exchange(ctx, r.URL.Query().Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		audit.Record(r.Context(), audit.Event{Action: "session.start", Request: requestOf(r).id, Refused: true})
		note(r, "code not exchanged", err)
		refuse(w, r, http.StatusForbidden, "The sign-in could not be completed. Please start again.")
		return
	}
	person, err := s.Apollo.Whoami(r.Context(), token)
	if err != nil {
		failed(w, r, "profile not read", err)
		return
	}
	who := store.Session{Tenant: person.Team, User: person.ID}
	if err := s.Store.AddTenant(r.Context(), who.Tenant); err != nil {
		failed(w, r, "tenant not added", err)
		return
	}
	if err := s.save(r.Context(), who.Tenant, "apollo", token); err != nil {
		failed(w, r, "connection not saved", err)
		return
	}
	if err := s.startSession(w, r, who); err != nil {
		failed(w, r, "session not started", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "session.start", Tenant: who.Tenant, Actor: who.User, Request: requestOf(r).id})
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) mondayStart(w http.ResponseWriter, r *http.Request, who store.Session) {
	f, err := s.begin(w, "monday "+who.Tenant)
	if err != nil {
		failed(w, r, "connection not begun", err)
		return
	}
	http.Redirect(w, r, s.Monday.OAuth.AuthCodeURL(f.State, oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
}

func (s *server) mondayCallback(w http.ResponseWriter, r *http.Request, who store.Session) {
	event := audit.Event{Action: "connection.add", Tenant: who.Tenant, Actor: who.User, Target: "monday", Request: requestOf(r).id, Refused: true}
	f, err := s.resume(w, r, "monday "+who.Tenant)
	if err != nil {
		audit.Record(r.Context(), event)
		refuse(w, r, http.StatusForbidden, "The connection could not be made. Please start again.")
		return
	}
	ctx := s.Monday.Context(r.Context())
	token, err := s.Monday.OAuth.Exchange(ctx, r.URL.Query().Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		audit.Record(r.Context(), event)
		note(r, "code not exchanged", err)
		refuse(w, r, http.StatusForbidden, "The connection could not be made. Please start again.")
		return
	}
	account, err := s.Monday.Account(r.Context(), token)
	if err != nil {
		failed(w, r, "account not read", err)
		return
	}
	if err := s.Store.ClaimAccount(r.Context(), who.Tenant, account); err != nil {
		audit.Record(r.Context(), event)
		failed(w, r, "account not claimed", err)
		return
	}
	if err := s.save(r.Context(), who.Tenant, "monday", token); err != nil {
		failed(w, r, "connection not saved", err)
		return
	}
	event.Refused = false
	audit.Record(r.Context(), event)
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

// save seals a value for one tenant and partner and keeps it.
func (s *server) save(ctx context.Context, tenant, partner string, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding a connection: %w", err)
	}
	return s.Store.SaveConnection(ctx, tenant, partner, s.Box.Seal(plain, tenant+" "+partner))
}

// load returns what was kept by save.
func (s *server) load(ctx context.Context, tenant, partner string, into any) error {
	sealed, err := s.Store.Connection(ctx, tenant, partner)
	if err != nil {
		return err
	}
	plain, err := s.Box.Open(sealed, tenant+" "+partner)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// token returns a token that is valid now. A refreshed one is kept.
func (s *server) token(ctx context.Context, tenant, partner string, conf *oauth2.Config) (*oauth2.Token, error) {
	kept := &oauth2.Token{}
	if err := s.load(ctx, tenant, partner, kept); err != nil {
		return nil, err
	}
	fresh, err := conf.TokenSource(ctx, kept).Token()
	if err != nil {
		return nil, fmt.Errorf("refreshing the token of %s: %w", partner, err)
	}
	if fresh.AccessToken != kept.AccessToken {
		if err := s.save(ctx, tenant, partner, fresh); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

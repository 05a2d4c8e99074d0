package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/golang-jwt/jwt/v5"

	"example.com/harbour/bridge/internal/audit"
	"example.com/harbour/bridge/internal/config"
	"example.com/harbour/bridge/internal/store"
)

// hookClaims are what monday says about itself in the token of a webhook.
type hookClaims struct {
	jwt.RegisteredClaims
	Account int64 `json:"accountId"`
}

// verifyHook checks the token of a webhook: signed with our app's signing
// secret, made for our address, not expired.
func verifyHook(raw string, key config.Secret) (hookClaims, error) {
	var claims hookClaims
	token, err := jwt.ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte(key.Reveal()), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(hookURL), jwt.WithExpirationRequired())
	if err != nil || !token.Valid || claims.Account <= 0 {
		return hookClaims{}, errors.New("the token of the webhook is not valid")
	}
	return claims, nil
}

// A hookBody is what monday sends: a challenge when a webhook is made, later an
// event. The event has fields of no use to us, which are not decoded.
type hookBody struct {
	Challenge string          `json:"challenge"`
	Event     json.RawMessage `json:"event"`
}

type hookEvent struct {
	Board int64 `json:"boardId"`
	Item  int64 `json:"pulseId"`
}

func (s *server) mondayHook(w http.ResponseWriter, r *http.Request) {
	claims, err := verifyHook(r.Header.Get("Authorization"), s.MondaySigning)
	if err != nil {
		audit.Record(r.Context(), audit.Event{Action: "webhook", Actor: "monday", Request: requestOf(r).id, Refused: true})
		refuse(w, r, http.StatusUnauthorized, "The webhook is not signed by monday for this address.")
		return
	}
	var body hookBody
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || len(body.Challenge) > 200 {
		refuse(w, r, http.StatusBadRequest, "The webhook cannot be read.")
		return
	}
	if body.Challenge != "" {
		writeJSON(w, r, map[string]string{"challenge": body.Challenge})
		return
	}
	var event hookEvent
	if err := json.Unmarshal(body.Event, &event); err != nil || event.Board <= 0 || event.Item <= 0 {
		refuse(w, r, http.StatusBadRequest, "The webhook cannot be read.")
		return
	}
	tenant, err := s.Store.TenantOf(r.Context(), claims.Account)
	if err != nil {
		failed(w, r, "account not found", err)
		return
	}
	l, err := s.Store.LinkAt(r.Context(), tenant, event.Board, event.Item)
	if errors.Is(err, store.ErrNotFound) {
		w.WriteHeader(http.StatusNoContent) // another item of a watched board
		return
	}
	if err != nil {
		failed(w, r, "link not read", err)
		return
	}
	if err := s.sync(r.Context(), tenant, l); err != nil {
		failed(w, r, "link not synchronised", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "webhook", Tenant: tenant, Actor: "monday", Target: l.ID, Request: requestOf(r).id})
	w.WriteHeader(http.StatusNoContent)
}

package web

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"

	"example.com/harbour/bridge/internal/audit"
	"example.com/harbour/bridge/internal/store"
)

const sessionCookie = "__Host-session"

// digest is what the store knows of a session's token.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// session returns who is signed in.
func (s *server) session(r *http.Request) (store.Session, error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return store.Session{}, store.ErrNotFound
	}
	return s.Store.TouchSession(r.Context(), digest(c.Value))
}

// signedIn lets a request through to next when somebody is signed in, and tells
// next who.
func (s *server) signedIn(next func(http.ResponseWriter, *http.Request, store.Session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.session(r)
		if errors.Is(err, store.ErrNotFound) {
			refuse(w, r, http.StatusUnauthorized, "Please sign in first.")
			return
		}
		if err != nil {
			note(r, "session not read", err)
			refuse(w, r, http.StatusServiceUnavailable, "Something went wrong. Please try again later.")
			return
		}
		next(w, r, who)
	}
}

// startSession begins a session with a new token. One that the browser brought
// along ends, so that nobody can plant a session before the sign-in.
func (s *server) startSession(w http.ResponseWriter, r *http.Request, who store.Session) error {
	if err := s.endSession(r); err != nil {
		return err
	}
	token := rand.Text()
	if err := s.Store.StartSession(r.Context(), digest(token), who); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(store.SessionAbsolute.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// endSession makes the request's session invalid on the server.
func (s *server) endSession(r *http.Request) error {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil // there is none
	}
	return s.Store.EndSession(r.Context(), digest(c.Value))
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.endSession(r); err != nil {
		failed(w, r, "session not ended", err)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	audit.Record(r.Context(), audit.Event{Action: "session.end", Request: requestOf(r).id})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

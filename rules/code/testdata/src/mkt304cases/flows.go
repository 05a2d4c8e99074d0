// Package mkt304cases starts OAuth flows whose state is random, kept and
// compared.
package mkt304cases

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	gorilla "github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

type login struct {
	conf    *oauth2.Config
	session *scs.SessionManager
	store   *gorilla.CookieStore
	mu      sync.Mutex
	states  map[string]time.Time
}

func (l *login) constant(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, l.conf.AuthCodeURL("login"), http.StatusFound) // want `^V MKT304: the OAuth state is a constant`
}

func (l *login) ginConstant(c *gin.Context) {
	const state = "google"
	c.Redirect(http.StatusTemporaryRedirect, l.conf.AuthCodeURL(state, oauth2.AccessTypeOffline)) // want `^V MKT304: the OAuth state is a constant`
}

func (l *login) start(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: "oauth_state", Value: state, Path: "/", MaxAge: 600, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, l.conf.AuthCodeURL(state), http.StatusFound) // ok: random, in a cookie
}

func (l *login) callback(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("oauth_state")
	if err != nil || subtle.ConstantTimeCompare([]byte(c.Value), []byte(r.FormValue("state"))) != 1 {
		http.Error(w, "bad state", http.StatusBadRequest)
		return
	}
	if _, err := l.conf.Exchange(r.Context(), r.FormValue("code")); err != nil { // ok: compared with the cookie
		http.Error(w, "bad code", http.StatusBadRequest)
	}
}

func (l *login) startSession(w http.ResponseWriter, r *http.Request) {
	state := uuid.NewString()
	l.session.Put(r.Context(), "state", state)
	http.Redirect(w, r, l.conf.AuthCodeURL(state, oauth2.AccessTypeOffline), http.StatusFound) // ok: random, in the session
}

func (l *login) callbackSession(w http.ResponseWriter, r *http.Request) {
	if want := l.session.PopString(r.Context(), "state"); want == "" || want != r.URL.Query().Get("state") {
		http.Error(w, "bad state", http.StatusBadRequest)
		return
	}
	l.conf.Exchange(r.Context(), r.URL.Query().Get("code")) // ok: compared with the session
}

func (l *login) ginStart(c *gin.Context) {
	b := make([]byte, 24)
	if _, err := rand.Read(b); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	state := base64.RawURLEncoding.EncodeToString(b)
	s := sessions.Default(c)
	s.Set("state", state)
	s.Save()
	c.Redirect(http.StatusFound, l.conf.AuthCodeURL(state)) // ok: random bytes
}

func (l *login) ginCallback(c *gin.Context) {
	s := sessions.Default(c)
	if s.Get("state") != c.Query("state") {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	l.conf.Exchange(c.Request.Context(), c.Query("code")) // ok: compared with the session
}

// take gives a state back once.
func (l *login) take(state string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	born, ok := l.states[state]
	delete(l.states, state)
	return ok && time.Since(born) < 10*time.Minute
}

func (l *login) echoCallback(c echo.Context) error {
	if !l.take(c.QueryParam("state")) {
		return echo.ErrBadRequest
	}
	_, err := l.conf.Exchange(c.Request().Context(), c.QueryParam("code")) // ok: looked up among those that were given out
	return err
}

func (l *login) fiberCallback(c *fiber.Ctx) error {
	if c.Query("state") == "" || c.Query("state") != c.Cookies("oauth_state") {
		return fiber.ErrBadRequest
	}
	_, err := l.conf.Exchange(c.UserContext(), c.Query("code")) // ok: compared with the cookie
	return err
}

func (l *login) gorillaCallback(w http.ResponseWriter, r *http.Request) {
	s, err := l.store.Get(r, "oauth")
	if err != nil || s.Values["state"] != r.FormValue("state") {
		http.Error(w, "bad state", http.StatusBadRequest)
		return
	}
	l.conf.Exchange(r.Context(), r.FormValue("code")) // ok: compared with the session
}

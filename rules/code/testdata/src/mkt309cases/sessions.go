// Package mkt309cases sets sessions up with gorilla, gin-contrib, scs and
// fiber, and with cookies by hand.
package mkt309cases

import (
	"crypto/rand"
	"net/http"
	"os"
	"time"

	"github.com/alexedwards/scs/v2"
	ginsessions "github.com/gin-contrib/sessions"
	"github.com/gin-contrib/sessions/cookie"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"
	"github.com/gorilla/sessions"
)

type config struct{ SessionLifetime time.Duration }

// gorilla/sessions.

func gorillaMonth() *sessions.CookieStore {
	store := sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options = &sessions.Options{Path: "/", MaxAge: 30 * 24 * 60 * 60, HttpOnly: true, Secure: true} // want `^V MKT309: the session lives 30 days, the limit is 24 hours`
	return store
}

func gorillaNoAge() *sessions.CookieStore {
	store := sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: true} // want `^V MKT309: `
	return store
}

func gorillaHours() *sessions.CookieStore {
	store := sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options = &sessions.Options{Path: "/", MaxAge: 8 * 3600, HttpOnly: true, Secure: true} // ok: eight hours
	return store
}

func gorillaConfigured(c config) *sessions.CookieStore {
	store := sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options = &sessions.Options{Path: "/", MaxAge: int(c.SessionLifetime.Seconds()), HttpOnly: true, Secure: true} // ok: it comes from the configuration
	return store
}

// gin-contrib/sessions.

func ginYear(r *gin.Engine) {
	store := cookie.NewStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options(ginsessions.Options{Path: "/", MaxAge: 365 * 86400, HttpOnly: true, Secure: true}) // want `^V MKT309: the session lives 365 days`
	r.Use(ginsessions.Sessions("app", store))
}

func ginHalfDay(r *gin.Engine) {
	store := cookie.NewStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options(ginsessions.Options{Path: "/", MaxAge: 43200, HttpOnly: true, Secure: true}) // ok: half a day
	r.Use(ginsessions.Sessions("app", store))
}

func ginLiteralKey(r *gin.Engine) {
	store := cookie.NewStore([]byte("change-me-please")) // want `^V MKT309/literal-key: `
	store.Options(ginsessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true, Secure: true})
	r.Use(ginsessions.Sessions("app", store))
}

func ginFreshKey(r *gin.Engine) {
	key := make([]byte, 32)
	rand.Read(key)
	store := cookie.NewStore(key) // ok: a random key, new with each start
	store.Options(ginsessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true, Secure: true})
	r.Use(ginsessions.Sessions("app", store))
}

func ginLogout(c *gin.Context) {
	s := ginsessions.Default(c)
	s.Clear()
	s.Options(ginsessions.Options{Path: "/", MaxAge: -1}) // ok: this ends the session
	_ = s.Save()
}

// scs.

type app struct{ manager *scs.SessionManager }

func newApp() *app {
	manager := scs.New()
	manager.Lifetime = 14 * 24 * time.Hour // want `^V MKT309: sessions live 14 days`
	manager.IdleTimeout = 20 * time.Minute
	return &app{manager}
}

func newStrictApp() *app {
	manager := scs.New()
	manager.Lifetime = 12 * time.Hour // ok: half a day
	manager.IdleTimeout = 20 * time.Minute
	manager.Cookie.Secure = true
	return &app{manager}
}

func (a *app) login(w http.ResponseWriter, r *http.Request) {
	a.manager.Put(r.Context(), "userID", 7) // want `^R MKT309: the login keeps the session id`
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) loginRenewed(w http.ResponseWriter, r *http.Request) {
	if err := a.manager.RenewToken(r.Context()); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	a.manager.Put(r.Context(), "userID", 7) // ok: the id is renewed before
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	if err := a.manager.Destroy(r.Context()); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

// fiber.

var fiberWeeks = session.New(session.Config{Expiration: 14 * 24 * time.Hour}) // want `^V MKT309: sessions live 14 days`

var fiberDay = session.New(session.Config{Expiration: 24 * time.Hour}) // ok: a day

func fiberLogin(c *fiber.Ctx) error {
	s, err := fiberDay.Get(c)
	if err != nil {
		return err
	}
	if err := s.Regenerate(); err != nil {
		return err
	}
	s.Set("user", c.FormValue("name")) // ok: the id is renewed before
	return s.Save()
}

// By hand.

func cookieForever(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: id, Path: "/", Expires: time.Now().AddDate(1, 0, 0), HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}) // want `^V MKT309: `
}

func cookieHour(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: id, Path: "/", MaxAge: 3600, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}) // ok: an hour
}

func cookieTheme(w http.ResponseWriter, theme string) {
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: theme, Path: "/", MaxAge: 365 * 86400, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // ok: no session
}

func cookieGone(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "session_id", Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}) // ok: this ends the session
}

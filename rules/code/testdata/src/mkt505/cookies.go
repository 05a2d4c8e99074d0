package mkt505

import (
	"net/http"
	"os"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

const sessionCookie = "session_id"

func plain(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: id}) // want `^V MKT505: the cookie session_id lacks Secure, HttpOnly and SameSite$`
}

func noSecure(w http.ResponseWriter, id string) {
	c := &http.Cookie{Name: "auth_token", Value: id, HttpOnly: true, SameSite: http.SameSiteLaxMode} // want `^V MKT505/secure: the cookie auth_token lacks Secure$`
	http.SetCookie(w, c)
}

func later(w http.ResponseWriter, id string) {
	var c http.Cookie // want `^V MKT505/http-only: the cookie sid lacks HttpOnly and SameSite$`
	c.Name = "sid"
	c.Value = id
	c.Secure = true
	http.SetCookie(w, &c)
}

func made(w http.ResponseWriter, id string) { http.SetCookie(w, newCookie(id)) }

func newCookie(id string) *http.Cookie {
	return &http.Cookie{Name: "jwt", Value: id, Secure: false, HttpOnly: true, SameSite: http.SameSiteStrictMode} // want `^V MKT505/secure: the cookie jwt lacks Secure$`
}

func onlySameSite(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true}) // want `^R MKT505/same-site: the cookie session lacks SameSite$`
}

func unnamed(w http.ResponseWriter, name, id string) {
	http.SetCookie(w, &http.Cookie{Name: os.Getenv("NAME"), Value: id, Secure: true}) // want `^R MKT505/http-only: a cookie whose name is not known lacks HttpOnly and SameSite$`
}

func echoCookie(c echo.Context, id string) {
	ck := new(http.Cookie) // want `^V MKT505: the cookie session lacks Secure, HttpOnly and SameSite$`
	ck.Name = "session"
	ck.Value = id
	c.SetCookie(ck)
}

func fiberCookie(c *fiber.Ctx, id string) {
	c.Cookie(&fiber.Cookie{Name: "token", Value: id, HTTPOnly: true}) // want `^V MKT505/secure: the cookie token lacks Secure$`
}

var fiberStore = session.New(session.Config{Expiration: time.Hour, CookieSecure: true}) // want `^V MKT505/http-only: a session cookie lacks HttpOnly$`

var bareFiber = session.New() // want `^V MKT505: the session cookie lacks Secure and HttpOnly`

func gorilla(store *sessions.CookieStore) {
	store.Options = &sessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true} // want `^V MKT505/secure: a session cookie lacks Secure and SameSite$`
}

func scsManager(h http.Handler) http.Handler {
	m := scs.New()
	m.Cookie.HttpOnly = false // want `^V MKT505/http-only: the session cookie of scs lacks HttpOnly`
	m.Cookie.Secure = true
	return m.LoadAndSave(h)
}

// gorillaEphemeral fills the session whose cookie it shapes.
func gorillaEphemeral(s *sessions.Session, user string) {
	s.Values["user"] = user
	s.Options = &sessions.Options{MaxAge: -1, Secure: true, SameSite: http.SameSiteLaxMode} // want `^V MKT505/http-only: a session cookie lacks HttpOnly$`
}

// From here on nothing is wrong.

func gorillaLeave(s *sessions.Session) {
	s.Values["user"] = nil // ok: the session is emptied before its cookie is taken away
	s.Options = &sessions.Options{MaxAge: -1}
}

func right(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // ok: every attribute is set
}

func configured(w http.ResponseWriter, id string, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // ok: Secure comes from the configuration
}

func overTLS(w http.ResponseWriter, r *http.Request, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: r.TLS != nil, HttpOnly: true, SameSite: http.SameSiteStrictMode}) // ok: Secure follows the connection
}

func theme(w http.ResponseWriter) { http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"}) } // ok: scripts read a theme, and it is no session

func doubleSubmit(w http.ResponseWriter, t string) {
	http.SetCookie(w, &http.Cookie{Name: "csrf_token", Value: t, Secure: true, SameSite: http.SameSiteStrictMode}) // ok: a double-submit cookie is read by scripts
}

func logout(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "session", MaxAge: -1})                          // ok: taken away
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "", Expires: time.Unix(0, 0)}) // ok: taken away by a past date
}

// outgoing is sent to another server.
func outgoing(r *http.Request, id string) { r.AddCookie(&http.Cookie{Name: "session", Value: id}) } // ok: sent to another server, not to a browser

func embedded(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode}) // ok: None goes with Secure in an embedded app
}

func fiberRight(c *fiber.Ctx, id string) {
	c.Cookie(&fiber.Cookie{Name: "token", Value: id, HTTPOnly: true, Secure: true}) // ok: fiber adds Lax
}

func gorillaRight(store *sessions.CookieStore, secure bool) {
	store.Options = &sessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode} // ok: Secure comes from the configuration
}

func gorillaLogout(s *sessions.Session) { s.Options = &sessions.Options{MaxAge: -1} } // ok: a logout

func copied(w http.ResponseWriter, c http.Cookie) {
	c.Path = "/" // ok: the caller sets the attributes
	http.SetCookie(w, &c)
}

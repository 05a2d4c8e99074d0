package mkt505gin

import (
	"net/http"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
)

func login(c *gin.Context) {
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie("session", "x", 3600, "/", "", false, true) // want `^V MKT505/secure: the cookie session lacks Secure$`
}

func remember(c *gin.Context, secure bool) {
	c.SetCookie("remember_me", "x", 3600, "/", "", secure, false) // want `^V MKT505/http-only: the cookie remember_me lacks HttpOnly$`
}

func options(s sessions.Session) {
	s.Options(sessions.Options{MaxAge: 3600}) // want `^V MKT505: a session cookie lacks Secure, HttpOnly and SameSite$`
}

func right(c *gin.Context) {
	c.SetSameSite(http.SameSiteStrictMode)
	c.SetCookie("session", "x", 3600, "/", "", true, true) // ok: every attribute is set
}

func language(c *gin.Context) { c.SetCookie("lang", "de", 3600, "/", "", false, false) } // ok: a language is no session

func logout(c *gin.Context) { c.SetCookie("session", "", -1, "/", "", false, true) } // ok: a negative age takes the cookie away

func optionsRight(s sessions.Session) {
	s.Options(sessions.Options{MaxAge: 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // ok: every attribute is set
}

func optionsLogout(s sessions.Session) { s.Options(sessions.Options{MaxAge: -1}) } // ok: a logout

// Package mkt304sent starts OAuth flows whose state comes with the request, or
// seems to.
package mkt304sent

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-contrib/sessions"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

func query(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, conf.AuthCodeURL(r.URL.Query().Get("state")), http.StatusFound) // want `R MKT304: the OAuth state is a parameter of the request`
}

func form(w http.ResponseWriter, r *http.Request) {
	state := r.FormValue("next")
	if state == "" {
		state = r.FormValue("return_to")
	}
	http.Redirect(w, r, conf.AuthCodeURL(state, oauth2.AccessTypeOffline), http.StatusFound) // want `R MKT304: the OAuth state is a parameter of the request`
}

func ginQuery(c *gin.Context) {
	c.Redirect(http.StatusFound, start(c.Query("redirect")))
}

func start(state string) string {
	return conf.AuthCodeURL(state) // want `R MKT304: the OAuth state is a parameter of the request`
}

func echoQuery(c echo.Context) error {
	return c.Redirect(http.StatusFound, conf.AuthCodeURL(c.QueryParam("state"))) // want `R MKT304: the OAuth state is a parameter`
}

func fiberQuery(c *fiber.Ctx) error {
	return c.Redirect(conf.AuthCodeURL(c.Query("state"))) // want `R MKT304: the OAuth state is a parameter`
}

func random(w http.ResponseWriter, r *http.Request) {
	state := rand.Text() + "." + r.FormValue("next")
	http.SetCookie(w, &http.Cookie{Name: "oauth_state", Value: state, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, conf.AuthCodeURL(state), http.StatusFound) // ok: the parameter is only its end
}

func kept(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("oauth_state")
	if err != nil {
		http.Error(w, "start again", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, conf.AuthCodeURL(c.Value), http.StatusFound) // ok: from the browser's own cookie
}

func inSession(c *gin.Context) {
	state, _ := sessions.Default(c).Get("state").(string)
	c.Redirect(http.StatusFound, conf.AuthCodeURL(state)) // ok: from the session
}

func challenged(c *gin.Context) {
	verifier := oauth2.GenerateVerifier()
	s := sessions.Default(c)
	s.Set("verifier", verifier)
	if err := s.Save(); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	c.Redirect(http.StatusFound, conf.AuthCodeURL(c.Query("state"), oauth2.S256ChallengeOption(verifier))) // ok: PKCE ties the callback to the browser
}

func handed(state string) string {
	return conf.AuthCodeURL(state) // ok: the caller makes it
}

func Exported(state string) string {
	return conf.AuthCodeURL(state) // ok: another package makes it
}

func fallback(c echo.Context) error {
	state := c.QueryParam("state")
	if state == "" {
		state = rand.Text()
	}
	return c.Redirect(http.StatusFound, conf.AuthCodeURL(state)) // ok: random unless somebody asks; a page of their own may compare it
}

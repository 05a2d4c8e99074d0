// Package mkt304 exercises rule MKT304.
package mkt304

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

const fixedState = "random"

var stateString = "pseudo-random"

func login(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, conf.AuthCodeURL("state"), http.StatusFound)     // want `V MKT304: the OAuth state is a constant`
	http.Redirect(w, r, conf.AuthCodeURL(fixedState), http.StatusFound)  // want `V MKT304: the OAuth state is a constant`
	http.Redirect(w, r, conf.AuthCodeURL(stateString), http.StatusFound) // want `V MKT304: the OAuth state is a constant`
	http.Redirect(w, r, conf.AuthCodeURL(""), http.StatusFound)          // want `V MKT304: the OAuth state is empty`
}

func ginLogin(c *gin.Context) {
	c.Redirect(302, conf.AuthCodeURL("state-token", oauth2.AccessTypeOffline)) // want `V MKT304: the OAuth state is a constant`
}

func echoLogin(c echo.Context) error {
	return c.Redirect(302, conf.AuthCodeURL("xyz")) // want `V MKT304`
}

func fiberLogin(c *fiber.Ctx) error {
	return c.Redirect(url()) // the helper is flagged
}

func url() string { return conf.AuthCodeURL("abc") } // want `V MKT304`

// A challenge that is bound to the session does what the state should.
func challenged(w http.ResponseWriter, r *http.Request) {
	v := oauth2.GenerateVerifier()
	http.Redirect(w, r, conf.AuthCodeURL("state", oauth2.S256ChallengeOption(v)), 302) // want `R MKT304: the OAuth state is a constant`
}

func exported() string { return conf.AuthCodeURL("state") } // want `R MKT304`

func callback(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("state") != fixedState {
		return
	}
	conf.Exchange(context.Background(), r.FormValue("code"))
}

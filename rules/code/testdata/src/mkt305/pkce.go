// Package mkt305 exercises rule MKT305.
package mkt305

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

type app struct {
	conf *oauth2.Config
	opts []oauth2.AuthCodeOption
}

// Without.

func (a *app) std(w http.ResponseWriter, r *http.Request, state string) {
	http.Redirect(w, r, a.conf.AuthCodeURL(state), 302)                           // want `I MKT305: the code flow runs without PKCE`
	http.Redirect(w, r, a.conf.AuthCodeURL(state, oauth2.AccessTypeOffline), 302) // want `I MKT305`
}

func (a *app) gin(c *gin.Context, state string) {
	c.Redirect(302, a.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("prompt", "consent"))) // want `I MKT305`
}

func (a *app) echo(c echo.Context, state string) error {
	return c.Redirect(302, a.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("audience", "code_challenge"))) // want `I MKT305`
}

func (a *app) fiber(c *fiber.Ctx, state string) error {
	return c.Redirect(a.conf.AuthCodeURL(state)) // want `I MKT305`
}

func (a *app) plain(c *fiber.Ctx, state, verifier string) error {
	c.Redirect(a.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("code_challenge", verifier))) // want `I MKT305: the PKCE challenge is sent as plain text`
	method := oauth2.SetAuthURLParam("code_challenge_method", "plain")
	return c.Redirect(a.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("code_challenge", verifier), method)) // want `I MKT305: the PKCE challenge is sent as plain text`
}

func nonce(conf *oauth2.Config, state, n string) string {
	return conf.AuthCodeURL(state, oauth2.SetAuthURLParam("nonce", n)) // want `I MKT305`
}

// With.

func (a *app) goodStd(w http.ResponseWriter, r *http.Request, state string) {
	v := oauth2.GenerateVerifier()
	http.Redirect(w, r, a.conf.AuthCodeURL(state, oauth2.S256ChallengeOption(v)), 302)
	http.Redirect(w, r, a.conf.AuthCodeURL(state, oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(v)), 302)
}

func (a *app) goodGin(c *gin.Context, state, v string) {
	challenge := oauth2.S256ChallengeOption(v)
	c.Redirect(302, a.conf.AuthCodeURL(state, challenge))
}

func (a *app) goodEcho(c echo.Context, state, v string) error {
	return c.Redirect(302, a.conf.AuthCodeURL(state,
		oauth2.SetAuthURLParam("code_challenge", oauth2.S256ChallengeFromVerifier(v)),
		oauth2.SetAuthURLParam("code_challenge_method", "S256")))
}

func (a *app) goodFiber(c *fiber.Ctx, state, v string) error {
	return c.Redirect(a.conf.AuthCodeURL(state, oauth2.S256ChallengeOption(v)))
}

// Options from elsewhere may hold a challenge.
func (a *app) given(state string, opts ...oauth2.AuthCodeOption) string {
	if len(opts) > 2 {
		return a.conf.AuthCodeURL(state, a.opts...)
	}
	return a.conf.AuthCodeURL(state, opts...)
}

func helper(v string) oauth2.AuthCodeOption { return oauth2.S256ChallengeOption(v) }

func (a *app) throughHelper(state, v string) string { return a.conf.AuthCodeURL(state, helper(v)) }

// A method of the same name elsewhere.
type other struct{}

func (other) AuthCodeURL(state string) string { return state }

func elsewhere(state string) string { return other{}.AuthCodeURL(state) }

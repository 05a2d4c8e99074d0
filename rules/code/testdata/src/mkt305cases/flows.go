// Package mkt305cases starts OAuth code flows with and without PKCE.
package mkt305cases

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

type login struct{ conf oauth2.Config }

func newLogin(ctx context.Context, id, secret string) (*login, error) {
	provider, err := oidc.NewProvider(ctx, "https://accounts.example.com")
	if err != nil {
		return nil, err
	}
	return &login{oauth2.Config{ClientID: id, ClientSecret: secret, Endpoint: provider.Endpoint(), RedirectURL: "https://app.example.com/callback", Scopes: []string{oidc.ScopeOpenID}}}, nil
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 600, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
}

// Without.

func (l *login) start(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	keep(w, "state", state)
	http.Redirect(w, r, l.conf.AuthCodeURL(state), http.StatusFound) // want `^I MKT305: the code flow runs without PKCE`
}

func (l *login) startNonce(w http.ResponseWriter, r *http.Request) {
	state, nonce := rand.Text(), rand.Text()
	keep(w, "state", state)
	keep(w, "nonce", nonce)
	http.Redirect(w, r, l.conf.AuthCodeURL(state, oidc.Nonce(nonce)), http.StatusFound) // want `^I MKT305`
}

func (l *login) ginStart(c *gin.Context) {
	state := rand.Text()
	keep(c.Writer, "state", state)
	c.Redirect(http.StatusFound, l.conf.AuthCodeURL(state, oauth2.AccessTypeOffline, oauth2.ApprovalForce)) // want `^I MKT305`
}

func (l *login) echoStart(c echo.Context) error {
	state := rand.Text()
	keep(c.Response(), "state", state)
	url := l.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("access_type", "offline")) // want `^I MKT305`
	return c.Redirect(http.StatusFound, url)
}

func (l *login) fiberStart(c *fiber.Ctx) error {
	state := rand.Text()
	c.Cookie(&fiber.Cookie{Name: "state", Value: state, HTTPOnly: true, Secure: true, SameSite: "Lax"})
	return c.Redirect(l.conf.AuthCodeURL(state)) // want `^I MKT305`
}

func (l *login) plain(w http.ResponseWriter, r *http.Request) {
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	keep(w, "state", state)
	keep(w, "verifier", verifier)
	http.Redirect(w, r, l.conf.AuthCodeURL(state, oauth2.SetAuthURLParam("code_challenge", verifier), oauth2.SetAuthURLParam("code_challenge_method", "plain")), http.StatusFound) // want `^I MKT305: the PKCE challenge is sent as plain text`
}

// With.

func (l *login) proven(w http.ResponseWriter, r *http.Request) {
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	keep(w, "state", state)
	keep(w, "verifier", verifier)
	http.Redirect(w, r, l.conf.AuthCodeURL(state, oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier)), http.StatusFound) // ok: the challenge of x/oauth2
}

func (l *login) ginProven(c *gin.Context) {
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	keep(c.Writer, "state", state)
	keep(c.Writer, "verifier", verifier)
	opts := []oauth2.AuthCodeOption{oauth2.AccessTypeOffline}
	opts = append(opts, oauth2.S256ChallengeOption(verifier))
	c.Redirect(http.StatusFound, l.conf.AuthCodeURL(state, opts...)) // ok: the challenge is appended
}

func (l *login) echoProven(c echo.Context) error {
	state, verifier := rand.Text(), rand.Text()+rand.Text()
	keep(c.Response(), "state", state)
	keep(c.Response(), "verifier", verifier)
	sum := sha256.Sum256([]byte(verifier))
	return c.Redirect(http.StatusFound, l.conf.AuthCodeURL(state, // ok: the challenge is made by hand
		oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:])),
		oauth2.SetAuthURLParam("code_challenge_method", "S256")))
}

func (l *login) fiberProven(c *fiber.Ctx) error {
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	c.Cookie(&fiber.Cookie{Name: "oauth", Value: state + "." + verifier, HTTPOnly: true, Secure: true, SameSite: "Lax"})
	challenge := oauth2.S256ChallengeOption(verifier)
	return c.Redirect(l.conf.AuthCodeURL(state, challenge)) // ok: the challenge is kept in a variable
}

// url lets the caller decide.
func (l *login) url(state string, opts ...oauth2.AuthCodeOption) string {
	return l.conf.AuthCodeURL(state, opts...) // ok: the caller's options may hold it
}

// device needs no redirect, so there is no code to steal.
func (l *login) device(ctx context.Context) (*oauth2.DeviceAuthResponse, error) {
	return l.conf.DeviceAuth(ctx) // ok: another flow
}

// machine speaks for itself.
func (l *login) exchange(ctx context.Context, code, verifier string) (*oauth2.Token, error) {
	return l.conf.Exchange(ctx, code, oauth2.VerifierOption(verifier)) // ok: the second half of a flow
}

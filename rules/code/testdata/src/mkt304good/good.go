// Package mkt304good holds what rule MKT304 leaves alone.
package mkt304good

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

var perProcess = rand.Text()

func newState() string {
	b := make([]byte, 16)
	rand.Read(b)
	return base64.URLEncoding.EncodeToString(b)
}

func login(w http.ResponseWriter, r *http.Request) {
	state := newState()
	http.SetCookie(w, &http.Cookie{Name: "oauth", Value: state, HttpOnly: true, Secure: true})
	http.Redirect(w, r, conf.AuthCodeURL(state), http.StatusFound)
	http.Redirect(w, r, conf.AuthCodeURL("v1."+state), http.StatusFound)
	http.Redirect(w, r, conf.AuthCodeURL(perProcess), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("oauth")
	if err != nil || c.Value != r.FormValue("state") {
		http.Error(w, "bad state", 400)
		return
	}
	conf.Exchange(r.Context(), r.FormValue("code"))
}

func constantTime(c *gin.Context) {
	want, _ := c.Cookie("oauth")
	if subtle.ConstantTimeCompare([]byte(want), []byte(c.Query("state"))) != 1 {
		return
	}
	conf.Exchange(context.Background(), c.Query("code"))
}

type states struct{ open map[string]bool }

func (s *states) take(state string) bool { return s.open[state] }

func stored(c echo.Context, s *states) error {
	if !s.take(c.QueryParam("state")) {
		return echo.ErrUnauthorized
	}
	_, err := conf.Exchange(c.Request().Context(), c.QueryParam("code"))
	return err
}

// The comparison lives in middleware of the package.
func checked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("oauth"); err != nil || c.Value != r.URL.Query().Get("state") {
			return
		}
		next.ServeHTTP(w, r)
	})
}

func behind(w http.ResponseWriter, r *http.Request) {
	conf.Exchange(r.Context(), r.URL.Query().Get("code"))
}

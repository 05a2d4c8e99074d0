// Package mkt304never has callbacks that never look at the state.
package mkt304never

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

func login(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, conf.AuthCodeURL(rand.Text()), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	conf.Exchange(r.Context(), code) // want `V MKT304: the callback exchanges the code and the package never looks at state`
}

func ginCallback(c *gin.Context) {
	conf.Exchange(context.Background(), c.Query("code")) // want `V MKT304: the callback exchanges`
}

func echoCallback(c echo.Context) error {
	_, err := conf.Exchange(c.Request().Context(), c.QueryParam("code")) // want `V MKT304: the callback exchanges`
	return err
}

func fiberCallback(c *fiber.Ctx) error {
	return finish(c.Query("code"))
}

func finish(code string) error {
	_, err := conf.Exchange(context.Background(), code) // want `V MKT304: the callback exchanges`
	return err
}

func verified(w http.ResponseWriter, r *http.Request) {
	conf.Exchange(r.Context(), r.FormValue("code"), oauth2.VerifierOption("v")) // want `R MKT304`
}

// Not a callback: the code comes from the terminal, or from a caller elsewhere.
func Paste(code string) { conf.Exchange(context.Background(), code) }

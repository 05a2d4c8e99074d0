// Package mkt404 exercises rule MKT404.
package mkt404

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/render"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

type user struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Password string `json:"password"`
}

type settings struct {
	Theme string
	Mail  struct{ APIKey string }
}

func load(id string) (*user, error) { return &user{Name: id}, nil }

func ginGet(c *gin.Context) {
	u, _ := load(c.Query("id"))
	c.JSON(http.StatusOK, u) // want `R MKT404: field Password of user is sent to the client; answer with a type that leaves it out$`
}

func ginMap(c *gin.Context, u *user, apiKey string) {
	c.JSON(http.StatusOK, gin.H{"id": u.ID, "password": u.Password}) // want `R MKT404: u.Password is sent to the client`
	c.JSON(http.StatusOK, gin.H{"user": u})                          // want `R MKT404: field Password of user is sent to the client`
	c.JSON(http.StatusOK, gin.H{"api_key": apiKey})                  // want `R MKT404: apiKey is sent to the client`
}

func echoList(c echo.Context) error {
	var users []user
	if err := fill(&users); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, users) // want `R MKT404: field Password of user is sent to the client`
}

func fill(*[]user) error { return nil }

func fiberSettings(c *fiber.Ctx, s settings) error {
	return c.JSON(s) // want `R MKT404: field APIKey of settings is sent to the client`
}

func chiGet(w http.ResponseWriter, r *http.Request) {
	u, _ := load("1")
	render.JSON(w, r, u) // want `R MKT404: field Password of user is sent to the client`
}

func literal(c *gin.Context, pw string) {
	c.JSON(http.StatusOK, user{ID: 1, Password: pw}) // want `R MKT404: field Password of user is sent to the client`
}

// Package mkt301chain registers routes on what Use and other routes give back.
package mkt301chain

import (
	"database/sql"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

type api struct{ db *sql.DB }

func (a *api) requireUser(c *gin.Context) {
	token := strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer ")
	var user int
	if err := a.db.QueryRow("SELECT user_id FROM sessions WHERE token_hash = sha256($1)", token).Scan(&user); err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Set("user", user)
}

func (a *api) remove(c *gin.Context) {
	if _, err := a.db.Exec("DELETE FROM messages WHERE id = $1 AND owner = $2", c.Param("id"), c.GetInt("user")); err != nil {
		c.Status(http.StatusInternalServerError)
	}
}

func (a *api) wipe(c *gin.Context) {
	if _, err := a.db.Exec("DELETE FROM accounts WHERE id = $1", c.Param("id")); err != nil {
		c.Status(http.StatusInternalServerError)
	}
}

func (a *api) routes() *gin.Engine {
	g := gin.New()
	g.Group("/").Use(a.requireUser).DELETE("/message/:id", a.remove)                                  // ok: Use gives the group back
	g.Group("/v2").Use(a.requireUser).DELETE("/message/:id", a.remove).POST("/message/:id", a.remove) // ok: so do routes
	g.Group("/v3").DELETE("/account/:id", a.wipe).Use(a.requireUser)                                  // want `^V MKT301: DELETE /v3/account/:id is served without authentication`
	return g
}

func main() {
	a := &api{}
	_ = http.ListenAndServe(":8080", a.routes())
}

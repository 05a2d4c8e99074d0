package mkt301chain

import (
	"net/http"

	"app.example.io/mkt301chain/auth"
	"github.com/gin-gonic/gin"
)

func (a *api) optional() {
	g := gin.New()
	g.Group("/").Use(auth.Optional).DELETE("/account/:id", a.wipe)   // want `^R MKT301: DELETE /account/:id shows no authentication: auth.Optional is given the request and is not in sight`
	g.Group("/own").Use(auth.Require).DELETE("/account/:id", a.wipe) // ok: the middleware's name and package say that it asks
	_ = http.ListenAndServe(":8081", g)
}

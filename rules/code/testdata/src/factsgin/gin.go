// Package factsgin is a server on gin.
package factsgin

import "github.com/gin-gonic/gin"

type input struct{ Name string }

func serve() {
	r := gin.Default()
	r.GET("/health", health) // want `route-table: GET /health`
	api := r.Group("/api")
	api.POST("/users", create) // want `route-table: POST /api/users`
	r.Run(":8080")             // want `http-server: github.com/gin-gonic/gin.Engine.Run`
}

func health(c *gin.Context) { c.JSON(200, gin.H{"ok": true}) }

func create(c *gin.Context) {
	var in input
	c.ShouldBindJSON(&in)                             // want `request-binding: factsgin.input`
	c.PostForm("password")                            // want `password: password`
	c.SetCookie("a", in.Name, 0, "/", "", true, true) // want `cookie-set: .*SetCookie` `session\?: .*SetCookie`
	c.Redirect(302, c.Query("next"))                  // want `redirect: .*Redirect`
	c.Redirect(302, "/done")
	c.HTML(200, "page", nil) // want `html-output: .*HTML`
}

package mkt705gin

import "github.com/gin-gonic/gin"

func login(c *gin.Context)  { c.JSON(200, gin.H{}) }
func export(c *gin.Context) { c.JSON(200, gin.H{}) }
func drop(c *gin.Context)   { c.JSON(200, gin.H{}) }

// A log of requests is enough for exports and deletions, not for sign-ins.
func routes() {
	r := gin.New()
	r.Use(gin.Logger())
	r.POST("/login", login) // want `^R MKT705: a critical action is without a log or audit record in this package: POST /login$`
	r.GET("/contacts/export", export)
	r.DELETE("/contacts/:id", drop)
	r.Run()
}

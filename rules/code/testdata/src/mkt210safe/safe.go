package mkt210safe

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func limit(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(nil, c.Request.Body, 1<<20)
	c.Next()
}

func create(c *gin.Context) {
	var v struct{ Name string }
	c.ShouldBindJSON(&v) // ok: a middleware limits it
}

func routes() {
	r := gin.New()
	r.Use(limit)
	r.POST("/things", create)
	r.Run()
}

// Package mkt208real serves a description of its API.
package mkt208real

import (
	"os"
	"strings"

	"github.com/gin-gonic/gin"
)

var spec = os.Getenv("SPEC")

func document(c *gin.Context) {
	c.Writer.WriteString(withBase(c.Query("base"))) // want `R MKT208`
}

func withBase(base string) string {
	return strings.Replace(spec, "localhost", base, 1)
}

func page(c *gin.Context) {
	c.Writer.WriteString("<p>" + strings.ReplaceAll(spec, "NAME", c.Query("name"))) // want `V MKT208`
}

func whole(c *gin.Context) {
	c.Writer.WriteString(strings.ReplaceAll(c.Query("text"), "a", "b")) // want `V MKT208`
}

func routes(r *gin.Engine) {
	r.GET("/spec", document)
	r.GET("/page", page)
	r.GET("/whole", whole)
}

// Command main runs gin and never sets a mode.
package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func main() {
	r := gin.Default() // want `R MKT702: gin runs in debug mode unless GIN_MODE says otherwise`
	r.GET("/", func(c *gin.Context) { c.JSON(http.StatusOK, "ok") })
	r.Run(":8080")
}

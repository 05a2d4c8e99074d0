// Package auth asks who calls.
package auth

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// Optional lets anybody pass.
func Optional(c *gin.Context) { c.Set("user", c.GetHeader("Authorization")) }

// Require lets nobody pass who has no token.
func Require(c *gin.Context) {
	if c.GetHeader("Authorization") == "" {
		c.AbortWithStatus(http.StatusUnauthorized)
	}
}

// Package ginSwagger is a stub for tests: only declarations, written by hand.
package ginSwagger

import "github.com/gin-gonic/gin"

func WrapHandler(h any, options ...func()) gin.HandlerFunc { return nil }

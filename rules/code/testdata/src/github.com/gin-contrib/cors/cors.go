// Package cors is a stub for tests: only declarations, written by hand.
package cors

import "github.com/gin-gonic/gin"

type Config struct {
	AllowAllOrigins  bool
	AllowOrigins     []string
	AllowOriginFunc  func(origin string) bool
	AllowMethods     []string
	AllowCredentials bool
	AllowWildcard    bool
}

func New(c Config) gin.HandlerFunc { return nil }
func Default() gin.HandlerFunc     { return nil }
func DefaultConfig() Config        { return Config{} }

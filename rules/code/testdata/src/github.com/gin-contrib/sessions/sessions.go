// Package sessions is a stub for tests: only declarations, written by hand.
package sessions

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type Options struct {
	Path, Domain     string
	MaxAge           int
	Secure, HttpOnly bool
	SameSite         http.SameSite
}

type Store interface{ Options(Options) }

type Session interface {
	Get(key any) any
	Set(key, val any)
	Clear()
	Options(Options)
	Save() error
}

func Sessions(name string, store Store) gin.HandlerFunc { return nil }
func Default(c *gin.Context) Session                    { return nil }

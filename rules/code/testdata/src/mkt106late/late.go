// Package mkt106late exercises the order part of rule MKT106.
package mkt106late

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func late(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(200)
	w.Header().Set("X-Frame-Options", "DENY") // want `R MKT106: X-Frame-Options is set when the response has begun`
}

func afterBody(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "ok")
	w.Header().Set("X-Content-Type-Options", "nosniff") // want `R MKT106: X-Content-Type-Options is set when`
}

func wrapper(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		w.Header().Set("Content-Security-Policy", "default-src 'self'") // want `R MKT106: Content-Security-Policy is set when`
	})
}

func ginLate(c *gin.Context) {
	c.Next()
	c.Header("Referrer-Policy", "no-referrer") // want `R MKT106: Referrer-Policy is set when`
}

func echoLate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		c.Response().Header().Set("X-Frame-Options", "DENY") // want `R MKT106: X-Frame-Options is set when`
		return err
	}
}

// In time.

func early(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
		w.Header().Set("Server-Timing", "app")
	})
}

func hints(w http.ResponseWriter) {
	w.WriteHeader(http.StatusEarlyHints)
	w.Header().Set("X-Frame-Options", "DENY")
	w.WriteHeader(200)
}

func branch(w http.ResponseWriter, r *http.Request) {
	if r.Method != "GET" {
		w.WriteHeader(405)
		return
	}
	w.Header().Set("X-Frame-Options", "DENY")
}

type recorder struct{ http.ResponseWriter }

func recorded(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&recorder{w}, r)
		w.Header().Set("X-Frame-Options", "DENY")
	}
}

func twoWriters(w, other http.ResponseWriter) {
	other.WriteHeader(200)
	w.Header().Set("X-Frame-Options", "DENY")
}

// fiber sends a response as a whole.
func fiberLate(c *fiber.Ctx) error {
	err := c.Next()
	c.Set("X-Frame-Options", "DENY")
	return err
}

func ginEarly(c *gin.Context) {
	c.Header("Referrer-Policy", "no-referrer")
	c.Next()
}

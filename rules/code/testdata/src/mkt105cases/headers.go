// Package mkt105cases sets Strict-Transport-Security as net/http, gin, echo,
// fiber and the header libraries do.
package mkt105cases

import (
	"net/http"
	"os"
	"strconv"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
)

// Too short or not there.

func day(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=86400; includeSubDomains") // want `^R MKT105: `
		next.ServeHTTP(w, r)
	})
}

func halfYear(r chi.Router) {
	r.Use(secure.New(secure.Options{
		SSLRedirect: true, STSSeconds: 15768000, STSIncludeSubdomains: true, FrameDeny: true, // want `^R MKT105: `
	}).Handler)
}

func ginMonth(r *gin.Engine) {
	r.Use(ginsecure.New(ginsecure.Config{SSLRedirect: true, STSSeconds: 2592000, FrameDeny: true})) // want `^R MKT105: `
}

func ginHeader(c *gin.Context) {
	c.Header("Strict-Transport-Security", "includeSubDomains") // want `^R MKT105: `
	c.Next()
}

func echoHour(e *echo.Echo) {
	e.Use(middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 3600, ContentTypeNosniff: "nosniff"})) // want `^R MKT105: `
}

func off(w http.ResponseWriter) {
	w.Header().Set("Strict-Transport-Security", "max-age=0") // want `^R MKT105: `
}

// Right.

func twoYears(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload") // ok: two years
		next.ServeHTTP(w, r)
	})
}

func year(r chi.Router) {
	r.Use(secure.New(secure.Options{SSLRedirect: true, STSSeconds: 31536000, STSIncludeSubdomains: true}).Handler) // ok: a year
}

func ginYear(r *gin.Engine) {
	r.Use(ginsecure.New(ginsecure.Config{STSSeconds: 315360000, STSIncludeSubdomains: true})) // ok: ten years
}

func echoYear(e *echo.Echo) {
	e.Use(middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 31536000, HSTSPreloadEnabled: true})) // ok: a year
}

func fiberYear(app *fiber.App) {
	app.Use(helmet.New(helmet.Config{HSTSMaxAge: 31536000})) // ok: a year
}

func configured(w http.ResponseWriter) {
	age, err := strconv.Atoi(os.Getenv("HSTS_MAX_AGE"))
	if err != nil {
		age = 31536000
	}
	w.Header().Set("Strict-Transport-Security", "max-age="+strconv.Itoa(age)) // ok: it comes from the configuration
}

func passedOn(w http.ResponseWriter, upstream *http.Response) {
	w.Header().Set("Strict-Transport-Security", upstream.Header.Get("Strict-Transport-Security")) // ok: a proxy passes on what it was given
}

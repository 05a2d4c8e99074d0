// Package mkt106cases sets the other security headers as net/http, gin, echo,
// fiber and the header libraries do.
package mkt106cases

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"strings"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
)

var page = template.Must(template.New("").Parse(`<p>{{.}}</p>`))

// Weak.

func inline(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'unsafe-inline' https://cdn.partner.io") // want `^R MKT106: CSP script-src allows inline scripts`
		next.ServeHTTP(w, r)
	})
}

func late(w http.ResponseWriter, r *http.Request) {
	if err := page.Execute(w, r.PathValue("name")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff") // want `^R MKT106: `
}

func ginFrames(c *gin.Context) {
	c.Header("X-Frame-Options", "ALLOW-FROM https://monday.com") // want `^R MKT106: X-Frame-Options ALLOW-FROM`
	c.Header("Referrer-Policy", "unsafe-url")                    // want `^R MKT106: Referrer-Policy unsafe-url`
	c.Next()
}

func ginEval(r *gin.Engine) {
	r.Use(ginsecure.New(ginsecure.Config{STSSeconds: 31536000, ContentSecurityPolicy: "script-src 'self' 'unsafe-eval'"})) // want `^R MKT106: CSP script-src allows 'unsafe-eval'`
}

func echoStar(e *echo.Echo) {
	e.Use(middleware.SecureWithConfig(middleware.SecureConfig{
		HSTSMaxAge:            31536000,
		ContentSecurityPolicy: "default-src *", // want `^R MKT106: CSP default-src allows \* as a source`
	}))
}

func fiberAncestors(app *fiber.App) {
	app.Use(helmet.New(helmet.Config{HSTSMaxAge: 31536000, ContentSecurityPolicy: "default-src 'self'; frame-ancestors *"})) // want `^R MKT106: CSP frame-ancestors lets every site`
}

// Right.

func nonces(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := rand.Text()
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("script-src 'nonce-%s' 'strict-dynamic' 'unsafe-inline'; object-src 'none'; base-uri 'none'", nonce)) // ok: browsers that know nonces ignore 'unsafe-inline'
		w.Header().Set("X-Content-Type-Options", "nosniff")                                                                                                         // ok: before the handler
		next.ServeHTTP(w, r)
	})
}

func embedded(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self' https://*.monday.com") // ok: the marketplace's hosts by name
	c.Header("Referrer-Policy", "strict-origin-when-cross-origin")                                         // ok: what browsers do by default
	c.Next()
}

func styles(r chi.Router) {
	r.Use(secure.New(secure.Options{STSSeconds: 31536000, FrameDeny: true, ContentSecurityPolicy: "default-src 'self'; style-src 'self' 'unsafe-inline'"}).Handler) // ok: inline styles, not scripts
}

func echoDefaults(e *echo.Echo) {
	e.Use(middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 31536000, XFrameOptions: "SAMEORIGIN", ReferrerPolicy: "no-referrer"})) // ok: strict values
}

func fiberHosts(app *fiber.App) {
	app.Use(helmet.New(helmet.Config{HSTSMaxAge: 31536000, ContentSecurityPolicy: "default-src 'none'; script-src https://cdn.partner.io; connect-src 'self'"})) // ok: scripts of a named host
}

func reportOnly(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy-Report-Only", "script-src 'unsafe-inline'") // ok: a trial that blocks nothing
}

func configured(w http.ResponseWriter) {
	hosts := strings.Join(strings.Fields(os.Getenv("FRAME_ANCESTORS")), " ")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors "+hosts) // ok: the hosts are configured
}

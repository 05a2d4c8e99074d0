// Package mkt105good holds what rule MKT105 leaves alone.
package mkt105good

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
)

const year = 365 * 24 * 60 * 60

var page = template.Must(template.New("x").Parse("<p>"))

func std(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	w.Header().Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload")
	w.Header().Set("Strict-Transport-Security", `max-age="31536000"`)
	w.Header().Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d; includeSubDomains", year))
	w.Header().Set("Cache-Control", "max-age=86400")
	w.Header().Set("X-Note", "Strict-Transport-Security: max-age=1")
	if strings.Contains(r.Header.Get("Strict-Transport-Security"), "max-age=0") {
		fmt.Println("Strict-Transport-Security", "max-age=60")
	}
	w.Header().Del("Strict-Transport-Security")
	page.Execute(w, nil)
}

func frameworks(c *gin.Context, e echo.Context, f *fiber.Ctx) {
	c.Header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	e.Response().Header().Set(echo.HeaderStrictTransportSecurity, "max-age=31536000")
	f.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
}

func options() {
	secure.New(secure.Options{STSSeconds: 31536000, STSIncludeSubdomains: true})
	secure.New(secure.Options{IsDevelopment: true, STSSeconds: 60})
	ginsecure.New(ginsecure.DefaultConfig())
	cfg := ginsecure.DefaultConfig()
	cfg.FrameDeny = true
	ginsecure.New(cfg)
	middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 63072000})
	helmet.New(helmet.Config{HSTSMaxAge: year})
	// Other options of the same package: the header is sent elsewhere.
	secure.New(secure.Options{FrameDeny: true})
	middleware.Secure()
	helmet.New()
}

func serve(h http.Handler) { http.ListenAndServeTLS(":443", "c", "k", h) }

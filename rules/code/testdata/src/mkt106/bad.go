// Package mkt106 exercises rule MKT106.
package mkt106

import (
	"net/http"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
	"github.com/valyala/fasthttp"
)

const partner = "https://app.partner.io"

func frames(w http.ResponseWriter, c *gin.Context, e echo.Context, f *fiber.Ctx) {
	w.Header().Set("X-Frame-Options", "ALLOWALL")                    // want `R MKT106: X-Frame-Options knows DENY and SAMEORIGIN only`
	w.Header().Set("x-frame-options", "ALLOW-FROM "+partner)         // want `R MKT106: X-Frame-Options ALLOW-FROM is ignored`
	c.Header("X-Frame-Options", "allow-from https://app.partner.io") // want `R MKT106: X-Frame-Options ALLOW-FROM`
	e.Response().Header().Set(echo.HeaderXFrameOptions, "GOFORIT")   // want `R MKT106: X-Frame-Options knows`
	f.Set(fiber.HeaderXFrameOptions, "*")                            // want `R MKT106: X-Frame-Options knows`
}

func referrers(w http.ResponseWriter, c *gin.Context, ctx *fasthttp.RequestCtx) {
	w.Header().Set("Referrer-Policy", "unsafe-url")                            // want `R MKT106: Referrer-Policy unsafe-url`
	c.Header("Referrer-Policy", "origin")                                      // want `R MKT106: Referrer-Policy origin tells`
	w.Header().Set("Referrer-Policy", "no-referrer, origin-when-cross-origin") // want `R MKT106: Referrer-Policy origin-when-cross-origin`
	ctx.Response.Header.Set("Referrer-Policy", "no-referrer-when-downgrade")   // want `R MKT106: Referrer-Policy no-referrer-when-downgrade`
}

func policies(w http.ResponseWriter, c *gin.Context, f *fiber.Ctx) {
	w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'unsafe-inline'") // want `R MKT106: CSP script-src allows inline scripts`
	w.Header().Set("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")                    // want `R MKT106: CSP default-src allows inline scripts`
	c.Header("Content-Security-Policy", "script-src 'self' 'unsafe-eval'")                             // want `R MKT106: CSP script-src allows 'unsafe-eval'`
	c.Header("Content-Security-Policy", "default-src *; img-src *")                                    // want `R MKT106: CSP default-src allows \* as a source`
	f.Set(fiber.HeaderContentSecurityPolicy, "script-src 'self' https:; object-src 'none'")            // want `R MKT106: CSP script-src allows https:`
	f.Set(fiber.HeaderContentSecurityPolicy, "script-src 'self' data:")                                // want `R MKT106: CSP script-src allows data:`
	f.Set(fiber.HeaderContentSecurityPolicy, "default-src 'self'; frame-ancestors *")                  // want `R MKT106: CSP frame-ancestors lets every site`
}

func options() {
	secure.New(secure.Options{
		STSSeconds:              31536000,
		CustomFrameOptionsValue: "ALLOW-FROM https://app.partner.io", // want `R MKT106: X-Frame-Options ALLOW-FROM`
		ContentSecurityPolicy:   "script-src 'self' 'unsafe-inline'", // want `R MKT106: CSP script-src`
		ReferrerPolicy:          "unsafe-url",                        // want `R MKT106: Referrer-Policy unsafe-url`
	})
	ginsecure.New(ginsecure.Config{STSSeconds: 31536000, ContentSecurityPolicy: "default-src 'self' 'unsafe-eval'"}) // want `R MKT106: CSP default-src`
	middleware.SecureWithConfig(middleware.SecureConfig{
		HSTSMaxAge:            31536000,
		XFrameOptions:         "ALLOWALL",                      // want `R MKT106: X-Frame-Options knows`
		ContentSecurityPolicy: "default-src * 'unsafe-inline'", // want `R MKT106: CSP default-src`
	})
	helmet.New(helmet.Config{HSTSMaxAge: 31536000, ReferrerPolicy: "origin"}) // want `R MKT106: Referrer-Policy origin`
}

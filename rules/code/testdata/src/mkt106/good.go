package mkt106

import (
	"fmt"
	"net/http"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
)

func strict(w http.ResponseWriter, r *http.Request, nonce, hosts string) {
	w.Header().Set("X-Frame-Options", "DENY")
	w.Header().Set("X-Frame-Options", "sameorigin")
	w.Header().Set("X-Frame-Options", hosts)
	w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin")
	w.Header().Set("Referrer-Policy", "origin, no-referrer")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; style-src 'self' 'unsafe-inline'")
	w.Header().Set("Content-Security-Policy", "script-src 'self' 'nonce-"+nonce+"' 'unsafe-inline'")
	w.Header().Set("Content-Security-Policy", fmt.Sprintf("script-src 'nonce-%s' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'", nonce))
	w.Header().Set("Content-Security-Policy", "script-src 'sha256-abc=' 'unsafe-inline'")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src * data:; frame-ancestors https://app.partner.io")
	w.Header().Set("Content-Security-Policy", "script-src https://cdn.partner.io 'self'; default-src *")
	w.Header().Set("Content-Security-Policy", "script-src "+hosts)
	w.Header().Set("Content-Security-Policy-Report-Only", "default-src * 'unsafe-inline' 'unsafe-eval'")
	w.Header().Set("Content-Security-Policy", "script-src 'self' 'wasm-unsafe-eval'")
	w.Header().Set("Origin", "origin")
	fmt.Println("X-Frame-Options", "ALLOWALL")
	if r.Header.Get("Referrer-Policy") == "unsafe-url" {
		w.Header().Set("X-Referrer", "unsafe-url")
	}
	w.WriteHeader(200)
}

func frameworks(c *gin.Context, e echo.Context, f *fiber.Ctx) {
	c.Header("X-Frame-Options", "DENY")
	c.Header("Content-Security-Policy", "default-src 'self'")
	e.Response().Header().Set(echo.HeaderXFrameOptions, "SAMEORIGIN")
	f.Set(fiber.HeaderReferrerPolicy, "no-referrer")
}

func good() {
	secure.New(secure.Options{STSSeconds: 31536000, FrameDeny: true, ContentSecurityPolicy: "script-src $NONCE 'unsafe-inline'", ReferrerPolicy: "same-origin"})
	ginsecure.New(ginsecure.Config{STSSeconds: 31536000, ContentSecurityPolicy: "default-src 'self'", ReferrerPolicy: "strict-origin"})
	middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 31536000, XFrameOptions: "DENY", ContentSecurityPolicy: "default-src 'self'"})
	helmet.New(helmet.Config{HSTSMaxAge: 31536000, ReferrerPolicy: "no-referrer"})
}

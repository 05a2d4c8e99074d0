// Package mkt105 exercises rule MKT105.
package mkt105

import (
	"fmt"
	"net/http"
	"os"
	"time"

	ginsecure "github.com/gin-contrib/secure"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
	"github.com/valyala/fasthttp"
)

const day = 24 * 60 * 60

func std(w http.ResponseWriter) {
	w.Header().Set("Strict-Transport-Security", "max-age=86400")                             // want `R MKT105: HSTS lasts 86400 seconds; send max-age=31536000`
	w.Header().Set("strict-transport-security", "max-age=15552000; includeSubDomains")       // want `R MKT105: HSTS lasts 15552000 seconds`
	w.Header().Add("Strict-Transport-Security", "includeSubDomains; max-age=0")              // want `R MKT105: HSTS is switched off`
	w.Header().Set("Strict-Transport-Security", "includeSubDomains")                         // want `R MKT105: HSTS is switched off`
	w.Header().Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d; preload", 30*day))  // want `R MKT105: HSTS lasts 2592000 seconds`
	w.Header()["Strict-Transport-Security"] = []string{"max-age=31535999"}                   // want `R MKT105: HSTS lasts 31535999 seconds`
	headers := map[string]string{"Strict-Transport-Security": "max-age=600", "X-Other": "1"} // want `R MKT105: HSTS lasts 600 seconds`
	_ = headers
}

func frameworks(c *gin.Context, e echo.Context, f *fiber.Ctx, ctx *fasthttp.RequestCtx) {
	c.Header("Strict-Transport-Security", "max-age=3600")                            // want `R MKT105: HSTS lasts 3600 seconds`
	e.Response().Header().Set(echo.HeaderStrictTransportSecurity, "max-age=7776000") // want `R MKT105: HSTS lasts 7776000 seconds`
	f.Set(fiber.HeaderStrictTransportSecurity, "max-age=5184000")                    // want `R MKT105: HSTS lasts 5184000 seconds`
	ctx.Response.Header.Set("Strict-Transport-Security", "max-age=1")                // want `R MKT105: HSTS lasts 1 seconds`
}

func options() {
	secure.New(secure.Options{FrameDeny: true, STSSeconds: 86400})         // want `R MKT105: HSTS lasts 86400 seconds`
	ginsecure.New(ginsecure.Config{STSSeconds: 60, FrameDeny: true})       // want `R MKT105: HSTS lasts 60 seconds`
	middleware.SecureWithConfig(middleware.SecureConfig{HSTSMaxAge: 3600}) // want `R MKT105: HSTS lasts 3600 seconds`
	helmet.New(helmet.Config{HSTSMaxAge: 2592000, XFrameOptions: "DENY"})  // want `R MKT105: HSTS lasts 2592000 seconds`
	cfg := middleware.DefaultSecureConfig
	cfg.HSTSMaxAge = 300 // want `R MKT105: HSTS lasts 300 seconds`
	middleware.SecureWithConfig(cfg)
	secure.New(secure.Options{STSSeconds: 0}) // want `R MKT105: HSTS is switched off`
}

// What configuration says is not known.
func configured(w http.ResponseWriter, seconds int, age time.Duration) {
	w.Header().Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d", seconds))
	w.Header().Set("Strict-Transport-Security", os.Getenv("HSTS"))
	w.Header().Set("Strict-Transport-Security", "max-age="+fmt.Sprint(age.Seconds()))
	secure.New(secure.Options{STSSeconds: int64(seconds)})
}

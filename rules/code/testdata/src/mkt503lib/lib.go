package mkt503lib

import (
	"os"
	"strings"

	gincors "github.com/gin-contrib/cors"
	"github.com/gofiber/fiber/v2"
	fibercors "github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/labstack/echo/v4/middleware"
	"github.com/rs/cors"
)

func rsStar() *cors.Cors {
	return cors.New(cors.Options{
		AllowedOrigins:   []string{"*"}, // want `^V MKT503: the origin \* with credentials`
		AllowCredentials: true,
	})
}

func rsNothing() *cors.Cors {
	return cors.New(cors.Options{AllowCredentials: true}) // want `^V MKT503: no origins are listed`
}

func rsAny() *cors.Cors {
	return cors.New(cors.Options{
		AllowOriginFunc:  func(string) bool { return true }, // want `^V MKT503: AllowOriginFunc says yes to every origin`
		AllowCredentials: true,
	})
}

func rsSuffix() *cors.Cors {
	return cors.New(cors.Options{
		AllowOriginFunc:  endsInOurs, // want `^V MKT503: the origin only has to end in "partner.io"`
		AllowCredentials: true,
	})
}

func endsInOurs(origin string) bool { return strings.HasSuffix(origin, "partner.io") }

func ginAll() {
	c := gincors.DefaultConfig()
	c.AllowAllOrigins = true // want `^V MKT503: AllowAllOrigins with credentials`
	c.AllowCredentials = true
	gincors.New(c)
}

func ginDebug(debug bool) {
	c := gincors.DefaultConfig()
	if debug {
		c.AllowAllOrigins = true // want `^R MKT503: AllowAllOrigins with credentials`
	} else {
		c.AllowOrigins = []string{"https://app.partner.io"}
	}
	c.AllowCredentials = true
	gincors.New(c)
}

func echoUnsafe() {
	middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOrigins:                             []string{"*"}, // want `^V MKT503: the origin \* with credentials`
		AllowCredentials:                         true,
		UnsafeWildcardOriginWithAllowCredentials: true, // want `^V MKT503: UnsafeWildcardOrigin`
	})
}

func fiberAny() fiber.Handler {
	return fibercors.New(fibercors.Config{
		AllowOriginsFunc: func(origin string) bool { return true }, // want `^V MKT503: AllowOriginsFunc says yes`
		AllowCredentials: true,
	})
}

func fiberNull() fiber.Handler {
	return fibercors.New(fibercors.Config{
		AllowOrigins:     "https://a.partner.io, null", // want `^V MKT503: the origin null`
		AllowCredentials: true,
	})
}

// From here on nothing is wrong.

func rsListed() *cors.Cors {
	return cors.New(cors.Options{AllowedOrigins: []string{"https://app.partner.io", "https://*.partner.io"}, AllowCredentials: true})
}

func rsPublic() *cors.Cors {
	return cors.New(cors.Options{AllowedOrigins: []string{"*"}})
}

func rsOff() *cors.Cors {
	return cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: false})
}

func rsFunc(list map[string]bool) *cors.Cors {
	return cors.New(cors.Options{AllowOriginFunc: func(o string) bool { return list[o] }, AllowCredentials: true})
}

func rsExact() *cors.Cors {
	return cors.New(cors.Options{AllowOriginFunc: func(o string) bool { return strings.HasSuffix(o, ".partner.io") && strings.HasPrefix(o, "https://") }, AllowCredentials: true})
}

func rsConfigured() *cors.Cors {
	return cors.New(cors.Options{AllowedOrigins: strings.Split(os.Getenv("ORIGINS"), ","), AllowCredentials: true})
}

func ginDefault() { gincors.New(gincors.Config{AllowAllOrigins: true}) }

func echoListed() {
	middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"https://app.partner.io"}, AllowCredentials: true})
}

func fiberConfigured(origins string, credentials bool) fiber.Handler {
	return fibercors.New(fibercors.Config{AllowOrigins: origins, AllowCredentials: credentials})
}

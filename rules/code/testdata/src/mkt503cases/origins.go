// Package mkt503cases answers other origins, by hand and with the frameworks'
// middleware.
package mkt503cases

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	gincors "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fibercors "github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/rs/cors"
)

var origins = []string{"https://app.partner.io", "https://admin.partner.io"}

// Open.

func reflect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin")) // want `^V MKT503: the request's Origin is sent back unchecked`
		h.Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func echoAny(e *echo.Echo) {
	e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOriginFunc:  func(origin string) (bool, error) { return true, nil }, // want `^V MKT503: AllowOriginFunc says yes`
		AllowCredentials: true,
	}))
}

func ginAny(r *gin.Engine) {
	r.Use(gincors.New(gincors.Config{
		AllowOriginFunc:  func(origin string) bool { return true }, // want `^V MKT503: AllowOriginFunc says yes`
		AllowMethods:     []string{"GET", "POST"},
		AllowCredentials: true,
	}))
}

func chiContains(r chi.Router) {
	r.Use(cors.New(cors.Options{
		AllowOriginFunc:  func(origin string) bool { return strings.Contains(origin, "partner.io") }, // want `^V MKT503: the origin only has to contain "partner.io"`
		AllowCredentials: true,
	}).Handler)
}

// Closed.

func listed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if slices.Contains(origins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin) // ok: it is one of a list
			w.Header().Add("Vary", "Origin")
			w.Header().Set("Access-Control-Allow-Credentials", "true")
		}
		next.ServeHTTP(w, r)
	})
}

func switched(w http.ResponseWriter, r *http.Request) {
	switch origin := r.Header.Get("Origin"); origin {
	case "https://app.partner.io", "https://admin.partner.io":
		w.Header().Set("Access-Control-Allow-Origin", origin) // ok: it is one of two
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

func subdomains(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, ".partner.io") {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", u.Scheme+"://"+u.Host) // ok: the suffix begins with a dot
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func public(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*") // ok: no credentials
	w.Header().Set("Access-Control-Allow-Methods", "GET")
}

func configured(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", os.Getenv("APP_ORIGIN")) // ok: it is configured
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func ginListed(r *gin.Engine) {
	r.Use(gincors.New(gincors.Config{AllowOrigins: origins, AllowCredentials: true})) // ok: a list
}

func ginPublic(r *gin.Engine) {
	r.Use(gincors.Default()) // ok: every origin, without credentials
}

func ginChecked(r *gin.Engine) {
	r.Use(gincors.New(gincors.Config{
		AllowOriginFunc:  func(origin string) bool { return origin == "https://app.partner.io" }, // ok: compared
		AllowCredentials: true,
	}))
}

func echoListed(e *echo.Echo) {
	e.Use(middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"https://app.partner.io"}, AllowCredentials: true})) // ok: a list
}

func echoPublic(e *echo.Echo) {
	e.Use(middleware.CORS()) // ok: every origin, without credentials
}

func fiberListed(app *fiber.App) {
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: "https://app.partner.io, https://admin.partner.io", AllowCredentials: true})) // ok: a list
}

func chiListed(r chi.Router) {
	r.Use(cors.New(cors.Options{AllowedOrigins: origins, AllowCredentials: true, MaxAge: 300}).Handler) // ok: a list
}

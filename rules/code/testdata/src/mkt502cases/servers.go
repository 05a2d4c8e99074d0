// Package mkt502cases holds defences against cross-site requests that protect
// and that do not, as they are wired in net/http, gorilla, echo, fiber and gin.
package mkt502cases

import (
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fibercsrf "github.com/gofiber/fiber/v2/middleware/csrf"
	"github.com/gorilla/csrf"
	"github.com/gorilla/mux"
	"github.com/justinas/nosurf"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

var errDenied = errors.New("cross-site request")

type app struct{ db *sql.DB }

func (a *app) deleteUser(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie("session"); err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if _, err := a.db.ExecContext(r.Context(), "DELETE FROM users WHERE id = $1", r.PathValue("id")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (a *app) showUser(w http.ResponseWriter, r *http.Request) {
	var name string
	if err := a.db.QueryRowContext(r.Context(), "SELECT name FROM users WHERE id = $1", r.PathValue("id")).Scan(&name); err != nil {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintln(w, name)
}

// Built, not wired.

func (a *app) forgotten() {
	m := http.NewServeMux()
	m.HandleFunc("POST /users/{id}/delete", a.deleteUser)
	protection := http.NewCrossOriginProtection() // want `^V MKT502: the protection is built here and never put before a handler`
	if err := protection.AddTrustedOrigin("https://app.example.com"); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(":8080", m))
}

func (a *app) wired() {
	m := http.NewServeMux()
	m.HandleFunc("POST /users/{id}/delete", a.deleteUser)
	protection := http.NewCrossOriginProtection()               // ok: it wraps the mux below
	protection.AddInsecureBypassPattern("POST /hooks/{vendor}") // ok: one path that signs its requests
	log.Fatal(http.ListenAndServe(":8080", protection.Handler(m)))
}

func (a *app) wiredByCheck(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection() // ok: its Check is asked by hand
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := protection.Check(r); err != nil {
			http.Error(w, "cross-site request", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *app) wiredInARouter(key []byte) *mux.Router {
	r := mux.NewRouter()
	r.Use(csrf.Protect(key, csrf.TrustedOrigins([]string{"app.example.com"}))) // ok: the router uses it; hosts come without a scheme
	r.HandleFunc("/users/{id}/delete", a.deleteUser).Methods(http.MethodPost)
	return r
}

func (a *app) wiredAround() http.Handler {
	h := nosurf.New(http.HandlerFunc(a.deleteUser)) // ok: the caller serves it
	h.SetFailureHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "cross-site request", http.StatusForbidden)
	}))
	return h
}

// Too wide.

func (a *app) everything() *http.CrossOriginProtection {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("/")               // want `^V MKT502: `
	protection.AddTrustedOrigin("http://admin.partner.io") // want `^V MKT502: `
	return protection
}

func echoContentType() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{
		Skipper: func(c echo.Context) bool { // want `^V MKT502: the skipper lets requests pass by their content type`
			return strings.Contains(c.Request().Header.Get(echo.HeaderContentType), "json")
		},
	})
}

func echoPaths() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{
		Skipper: func(c echo.Context) bool { // ok: the webhooks check a signature
			return strings.HasPrefix(c.Path(), "/hooks/")
		},
	})
}

func fiberGoesOn() fiber.Handler {
	return fibercsrf.New(fibercsrf.Config{
		ErrorHandler: func(c *fiber.Ctx, err error) error { // want `^V MKT502: the failure handler goes on`
			log.Println("csrf", err)
			return c.Next()
		},
	})
}

func fiberDenies() fiber.Handler {
	return fibercsrf.New(fibercsrf.Config{
		ErrorHandler: func(c *fiber.Ctx, err error) error { // ok: it ends in an error
			log.Println("csrf", err)
			return errDenied
		},
	})
}

// GET.

func (a *app) links() {
	m := http.NewServeMux()
	m.HandleFunc("GET /users/{id}/delete", a.deleteUser)  // want `^V MKT502: GET /users/\{id\}/delete changes state`
	m.HandleFunc("POST /users/{id}/delete", a.deleteUser) // ok: a POST
	m.HandleFunc("GET /users/{id}", a.showUser)           // ok: it reads
	m.HandleFunc("GET /deleted-users/{id}", a.showUser)   // ok: the path names what was deleted; the handler reads
	http.ListenAndServe(":8080", http.NewCrossOriginProtection().Handler(m))
}

func (a *app) ginRemove(c *gin.Context) {
	if _, err := c.Cookie("session"); err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	if _, err := a.db.ExecContext(c.Request.Context(), "DELETE FROM carts WHERE id = ?", c.Param("id")); err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
	}
}

func (a *app) ginServer() {
	r := gin.New()
	r.GET("/cart/remove/:id", a.ginRemove) // want `^V MKT502: GET /cart/remove/:id changes state`
	r.DELETE("/cart/:id", a.ginRemove)     // ok: other sites cannot send DELETE
	r.Run()
}

// Package mkt301cases serves routes with and without a check of who asks.
package mkt301cases

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

type api struct {
	db       *sql.DB
	verifier *oidc.IDTokenVerifier
	keys     map[[sha256.Size]byte]string
}

type caller struct{}

func (a *api) orders(w http.ResponseWriter, r *http.Request) {
	rows, err := a.db.QueryContext(r.Context(), "SELECT id FROM orders WHERE tenant = $1", r.Context().Value(caller{}))
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	json.NewEncoder(w).Encode(rows.Next())
}

func (a *api) export(w http.ResponseWriter, r *http.Request) {
	rows, err := a.db.QueryContext(r.Context(), "SELECT * FROM customers")
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	json.NewEncoder(w).Encode(rows.Next())
}

func (a *api) purge(w http.ResponseWriter, r *http.Request) {
	if _, err := a.db.ExecContext(r.Context(), "DELETE FROM orders WHERE id = $1", r.PathValue("id")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

// oidc verifies a bearer token.
func (a *api) oidc(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		token, err := a.verifier.Verify(r.Context(), raw)
		if err != nil {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), caller{}, token.Subject)))
	})
}

// apiKey looks a key's digest up.
func (a *api) apiKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tenant, ok := a.keys[sha256.Sum256([]byte(r.Header.Get("X-Api-Key")))]
		if !ok {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), caller{}, tenant)))
	})
}

// peer wants a client certificate.
func peer(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

func (a *api) std() {
	m := http.NewServeMux()
	m.HandleFunc("GET /api/export", a.export)                                                             // want `^V MKT301: GET /api/export is served without authentication`
	m.HandleFunc("DELETE /api/orders/{id}", a.purge)                                                      // want `^V MKT301: DELETE /api/orders/\{id\} is served without authentication`
	m.Handle("GET /api/orders", a.oidc(http.HandlerFunc(a.orders)))                                       // ok: a token is verified in the wrapper
	m.Handle("GET /v2/api/orders", a.apiKey(http.HandlerFunc(a.orders)))                                  // ok: a key is looked up in the wrapper
	m.HandleFunc("GET /internal/export", peer(a.export))                                                  // ok: a client certificate is asked for
	m.HandleFunc("GET /healthz", a.healthz)                                                               // ok: a health page
	m.HandleFunc("GET /version", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "1.2") }) // ok: a version page
	m.Handle("GET /static/", http.FileServerFS(os.DirFS("static")))                                       // ok: static files
	m.HandleFunc("POST /api/login", a.login)                                                              // ok: a sign-in
	m.HandleFunc("GET /.well-known/jwks.json", a.healthz)                                                 // ok: meant for everyone
	http.ListenAndServe(":8080", m)
}

func (a *api) healthz(w http.ResponseWriter, r *http.Request) {
	if err := a.db.PingContext(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (a *api) login(w http.ResponseWriter, r *http.Request) {
	var hash []byte
	if err := a.db.QueryRowContext(r.Context(), "SELECT hash FROM users WHERE name = $1", r.FormValue("name")).Scan(&hash); err != nil {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
	}
}

func (a *api) chi() {
	r := chi.NewRouter()
	r.Get("/robots.txt", a.healthz) // ok: meant for everyone
	r.Group(func(r chi.Router) {
		r.Use(a.oidc)
		r.Get("/api/orders", a.orders)        // ok: the group verifies a token
		r.Delete("/api/orders/{id}", a.purge) // ok: the group verifies a token
	})
	r.Route("/admin", func(r chi.Router) {
		r.Get("/export", a.export) // want `^V MKT301: GET /admin/export is served without authentication`
	})
	http.ListenAndServe(":8080", r)
}

func (a *api) gorilla() {
	r := mux.NewRouter()
	r.Use(a.apiKey)
	s := r.PathPrefix("/api").Subrouter()
	s.HandleFunc("/orders", a.orders).Methods("GET") // ok: the router above looks a key up
	http.ListenAndServe(":8080", r)

	open := mux.NewRouter()
	open.HandleFunc("/api/orders/{id}", a.purge).Methods("DELETE") // want `^V MKT301: DELETE /api/orders/\{id\} is served without authentication`
	http.ListenAndServe(":8081", open)
}

func (a *api) ginJWT(c *gin.Context) {
	token, err := jwt.Parse(strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer "), func(*jwt.Token) (any, error) { return []byte(os.Getenv("KEY")), nil }, jwt.WithValidMethods([]string{"HS256"}))
	if err != nil || !token.Valid {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Next()
}

func (a *api) ginExport(c *gin.Context) {
	rows, err := a.db.QueryContext(c.Request.Context(), "SELECT * FROM customers")
	if err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	c.JSON(http.StatusOK, rows.Next())
}

func (a *api) gin() {
	r := gin.New()
	r.GET("/api/public-export", a.ginExport) // want `^V MKT301: GET /api/public-export is served without authentication`
	r.Use(a.ginJWT)
	r.GET("/api/export", a.ginExport) // ok: this route comes after the middleware
	admin := r.Group("/admin", gin.BasicAuth(gin.Accounts{"admin": os.Getenv("ADMIN")}))
	admin.GET("/export", a.ginExport) // ok: basic authentication on the group
	r.Run()
}

func (a *api) echoExport(c echo.Context) error {
	rows, err := a.db.QueryContext(c.Request().Context(), "SELECT * FROM customers")
	if err != nil {
		return err
	}
	defer rows.Close()
	return c.JSON(http.StatusOK, rows.Next())
}

func (a *api) echo() {
	e := echo.New()
	e.GET("/api/customers", a.echoExport) // want `^V MKT301: GET /api/customers is served without authentication`
	g := e.Group("/admin")
	g.Use(middleware.KeyAuth(func(key string, c echo.Context) (bool, error) {
		return subtle.ConstantTimeCompare([]byte(key), []byte(os.Getenv("KEY"))) == 1, nil
	}))
	g.GET("/customers", a.echoExport) // ok: the group compares a key
	e.Start(":8080")
}

func (a *api) fiberExport(c *fiber.Ctx) error {
	rows, err := a.db.QueryContext(c.UserContext(), "SELECT * FROM customers")
	if err != nil {
		return err
	}
	defer rows.Close()
	return c.JSON(rows.Next())
}

func (a *api) fiber() {
	app := fiber.New()
	app.Get("/api/customers", a.fiberExport) // want `^V MKT301: GET /api/customers is served without authentication`
	app.Use(func(c *fiber.Ctx) error {
		if subtle.ConstantTimeCompare([]byte(c.Get("X-Api-Key")), []byte(os.Getenv("KEY"))) != 1 {
			return c.SendStatus(fiber.StatusUnauthorized)
		}
		return c.Next()
	})
	app.Get("/api/export", a.fiberExport) // ok: this route comes after the middleware
	app.Listen(":8080")
}

package mkt501

import (
	"net/http"

	"app.example.io/auth"
	"app.example.io/store"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	fibercsrf "github.com/gofiber/fiber/v2/middleware/csrf"
	"github.com/gorilla/csrf"
	"github.com/gorilla/mux"
	"github.com/gorilla/sessions"
	"github.com/justinas/nosurf"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
)

var (
	db     store.Store
	store1 = sessions.NewCookieStore(nil)
)

// The session cookie is not kept from other sites.
func login(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "x", Secure: true, HttpOnly: true})
}

func transfer(w http.ResponseWriter, r *http.Request) {
	db.Create(r.Context(), store.Item{Name: r.FormValue("to")})
}

func search(w http.ResponseWriter, r *http.Request) { db.List(r.Context()) }

// session is what every server below asks for.
func session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("session"); err != nil {
			http.Error(w, "no", 401)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func gorillaSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, _ := store1.Get(r, "s")
		if s.Values["user"] == nil {
			http.Redirect(w, r, "/login", 303)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "no", 401)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin is a check of one's own.
func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "https://app.example.com" {
			http.Error(w, "no", 403)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func customHeader(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Requested-With") == "" {
		http.Error(w, "no", 403)
		return
	}
	transfer(w, r)
}

func formToken(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("csrf_token") != "x" {
		http.Error(w, "no", 403)
		return
	}
	transfer(w, r)
}

func std() {
	m := http.NewServeMux()
	m.Handle("POST /transfer", session(http.HandlerFunc(transfer))) // want `^V MKT501: POST /transfer is authenticated by a cookie and has no defence against cross-site requests`
	m.Handle("/profile", session(http.HandlerFunc(transfer)))       // want `^V MKT501: /profile is authenticated by a cookie`
	m.Handle("POST /search", session(http.HandlerFunc(search)))     // want `^R MKT501: POST /search is authenticated`

	m.Handle("GET /transfer", session(http.HandlerFunc(transfer)))
	m.Handle("DELETE /transfer/{id}", session(http.HandlerFunc(transfer)))
	m.Handle("POST /own", sameOrigin(session(http.HandlerFunc(transfer))))
	m.Handle("POST /header", session(http.HandlerFunc(customHeader)))
	m.Handle("POST /token", session(http.HandlerFunc(formToken)))
	m.Handle("POST /api/transfer", bearer(http.HandlerFunc(transfer)))
	m.Handle("POST /nosurf", nosurf.New(session(http.HandlerFunc(transfer))))
	m.Handle("POST /webhook", session(http.HandlerFunc(transfer)))
	m.HandleFunc("POST /open", transfer) // MKT301's matter
	m.HandleFunc("POST /login", login)
	http.ListenAndServe(":1", m)
}

func stdProtected() {
	m := http.NewServeMux()
	m.Handle("POST /transfer", session(http.HandlerFunc(transfer)))
	protection := http.NewCrossOriginProtection()
	http.ListenAndServe(":1", protection.Handler(m))
}

func chiServer() {
	r := chi.NewRouter()
	r.Use(middleware.BasicAuth("x", nil))
	r.Post("/transfer", transfer) // want `^V MKT501: POST /transfer is authenticated by basic authentication and has`
	http.ListenAndServe(":1", r)
}

func chiProtected() {
	r := chi.NewRouter()
	r.Use(csrf.Protect(nil), session)
	r.Post("/transfer", transfer)
	http.ListenAndServe(":1", r)
}

func gorillaServer() {
	r := mux.NewRouter()
	r.Use(gorillaSession)
	r.HandleFunc("/transfer", transfer).Methods("POST") // want `^V MKT501: POST /transfer is authenticated by a cookie`
	http.ListenAndServe(":1", r)
}

func gorillaProtected() {
	r := mux.NewRouter()
	r.Use(gorillaSession)
	r.HandleFunc("/transfer", transfer).Methods("POST")
	http.ListenAndServe(":1", csrf.Protect(nil)(r))
}

func ginTransfer(c *gin.Context) { db.Create(c.Request.Context(), store.Item{}) }

func ginSession(c *gin.Context) {
	if _, err := c.Cookie("session"); err != nil {
		c.AbortWithStatus(401)
	}
}

func ginCSRF(c *gin.Context) {
	if c.GetHeader("X-CSRF-Token") == "" {
		c.AbortWithStatus(403)
	}
}

func ginServer() {
	r := gin.New()
	g := r.Group("/", ginSession)
	g.POST("/transfer", ginTransfer) // want `^V MKT501: POST /transfer is authenticated by a cookie`
	safe := r.Group("/safe", ginSession, ginCSRF)
	safe.POST("/transfer", ginTransfer)
	r.Run()
}

func echoTransfer(c echo.Context) error { return db.Create(c.Request().Context(), store.Item{}) }

func echoServer() {
	e := echo.New()
	e.Use(echomw.BasicAuth(nil))
	e.POST("/transfer", echoTransfer) // want `^V MKT501: POST /transfer is authenticated by basic authentication`
	e.Start(":1")
}

func echoProtected() {
	e := echo.New()
	e.Use(echomw.CSRF(), echomw.BasicAuth(nil))
	e.POST("/transfer", echoTransfer)
	e.Start(":1")
}

func fiberTransfer(c *fiber.Ctx) error { return db.Create(nil, store.Item{}) }

func fiberSession(c *fiber.Ctx) error {
	if c.Cookies("session") == "" {
		return c.SendStatus(401)
	}
	return c.Next()
}

func fiberServer() {
	app := fiber.New()
	app.Use(fiberSession)
	app.Post("/transfer", fiberTransfer) // want `^V MKT501: POST /transfer is authenticated by a cookie`
	app.Listen(":1")
}

func fiberProtected() {
	app := fiber.New()
	app.Use(fibercsrf.New(), fiberSession)
	app.Post("/transfer", fiberTransfer)
	app.Listen(":1")
}

func named() {
	m := http.NewServeMux()
	m.Handle("POST /transfer", auth.Require(http.HandlerFunc(transfer))) // how it authenticates is not known
	http.ListenAndServe(":1", m)
}

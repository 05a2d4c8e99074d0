package mkt301frameworks

import (
	"net/http"

	"app.example.io/auth"
	"app.example.io/store"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
)

var db store.Store

func write(w http.ResponseWriter, r *http.Request) { db.Create(r.Context(), store.Item{}) }

func ginWrite(c *gin.Context)        { db.Create(c.Request.Context(), store.Item{}) }
func echoWrite(c echo.Context) error { return db.Create(c.Request().Context(), store.Item{}) }
func fiberWrite(c *fiber.Ctx) error  { return db.Create(nil, store.Item{}) }

func ginToken(c *gin.Context) {
	if c.GetHeader("Authorization") != "x" {
		c.AbortWithStatus(401)
	}
}

func fiberToken(c *fiber.Ctx) error {
	if c.Get("X-API-Key") == "" {
		return c.SendStatus(401)
	}
	return c.Next()
}

func chiServer() {
	r := chi.NewRouter()
	r.Use(middleware.Logger, middleware.Recoverer)
	r.Post("/orders", write) // want `^V MKT301: POST /orders is served without`
	r.Group(func(r chi.Router) {
		r.Use(middleware.BasicAuth("x", nil))
		r.Post("/safe", write)
	})
	r.With(auth.Require).Delete("/orders/{id}", write)
	r.Post("/auth/login", write)
	http.ListenAndServe(":1", r)
}

func gorillaServer() {
	r := mux.NewRouter()
	r.HandleFunc("/orders", write).Methods("POST") // want `^V MKT301: POST /orders is served without`
	api := r.PathPrefix("/api").Subrouter()
	api.Use(auth.Require)
	api.HandleFunc("/orders", write).Methods("POST")
	srv := http.Server{Handler: r}
	srv.ListenAndServe()
}

func ginServer() {
	r := gin.Default()
	r.POST("/orders", ginWrite) // want `^V MKT301: POST /orders is served without`
	r.POST("/early", ginWrite)  // want `^V MKT301: POST /early is served without`
	r.POST("/own", ginToken, ginWrite)
	safe := r.Group("/safe", gin.BasicAuth(nil))
	safe.POST("/orders", ginWrite)
	r.Use(auth.Gin())
	r.POST("/late", ginWrite)
	r.Run()
}

func echoServer() {
	e := echo.New()
	e.Use(echomw.Logger(), echomw.Recover())
	e.POST("/orders", echoWrite) // want `^V MKT301: POST /orders is served without`
	e.POST("/own", echoWrite, auth.Echo)
	g := e.Group("/api", echomw.KeyAuth(nil))
	g.POST("/orders", echoWrite)
	e.Start(":1")
}

func fiberServer() {
	app := fiber.New()
	app.Post("/orders", fiberWrite) // want `^V MKT301: POST /orders is served without`
	app.Use("/api", fiberToken)
	app.Post("/api/orders", fiberWrite)
	app.Listen(":1")
}

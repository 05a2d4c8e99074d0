// Package mkt702quiet holds what rule MKT702 leaves alone.
package mkt702quiet

import (
	"expvar"
	"net/http"
	"net/http/pprof"
	"os"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/playground"
	ginpprof "github.com/gin-contrib/pprof"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	gqlgo "github.com/graphql-go/handler"
	"github.com/labstack/echo/v4"
	swaggerFiles "github.com/swaggo/files"
	ginSwagger "github.com/swaggo/gin-swagger"
)

var requests = expvar.NewInt("requests")

// A listener of its own on the machine.
func admin(public http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.Handle("/debug/vars", expvar.Handler())
	go http.ListenAndServe("127.0.0.1:6060", mux) // ok: this machine only
}

type servers struct{ debug *http.ServeMux }

func twoListeners(public http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	go http.ListenAndServe("localhost:6060", mux)
	http.ListenAndServeTLS(":443", "c", "k", public)
}

func basicAuth(next http.Handler) http.Handler            { return next }
func requireAdmin(next http.HandlerFunc) http.HandlerFunc { return next }

func behind(mux *http.ServeMux) {
	mux.Handle("/debug/pprof/", basicAuth(http.HandlerFunc(pprof.Index))) // ok: behind a login
	mux.HandleFunc("/debug/pprof/trace", requireAdmin(pprof.Trace))       // ok: for admins
	mux.Handle("/play", basicAuth(playground.Handler("x", "/query")))     // ok: behind a login
	r := chi.NewRouter()
	r.Route("/admin", func(r chi.Router) {
		r.Use(basicAuth)
		r.Mount("/debug", middleware.Profiler())
	})
	r.With(basicAuth).Mount("/debug", middleware.Profiler()) // ok: behind a login
}

func ginAuth(accounts gin.Accounts) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	ginpprof.RouteRegister(r.Group("/admin", gin.BasicAuth(accounts)))
	r.GET("/swagger/*any", gin.BasicAuth(accounts), ginSwagger.WrapHandler(swaggerFiles.Handler)) // ok: behind a login
}

type config struct {
	Debug      bool
	Playground bool
}

func switched(mux *http.ServeMux, cfg config) {
	if cfg.Playground {
		mux.Handle("/", playground.Handler("x", "/query")) // ok: behind a switch
	}
	if os.Getenv("APP_ENV") != "production" {
		mux.HandleFunc("/debug/pprof/", pprof.Index)
	}
	if !cfg.Debug {
		return
	}
	mux.Handle("/debug/vars", expvar.Handler())
	gin.SetMode(gin.DebugMode) // ok: only for debugging
	srv := handler.New(nil)
	srv.Use(extension.Introspection{})
}

func modes(cfg config) {
	e := echo.New()
	e.Debug = cfg.Debug // ok: configured
	e.Debug = false
	gqlgo.New(&gqlgo.Config{Pretty: true, GraphiQL: cfg.Debug}) // ok: configured
	srv := handler.New(nil)
	srv.Use(extension.ComplexityLimit{})
}

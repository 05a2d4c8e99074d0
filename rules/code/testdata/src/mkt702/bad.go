// Package mkt702 exercises rule MKT702.
package mkt702

import (
	"expvar"
	"net/http"
	"net/http/pprof"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/playground"
	"github.com/arl/statsviz"
	ginpprof "github.com/gin-contrib/pprof"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	fiberpprof "github.com/gofiber/fiber/v2/middleware/pprof"
	gqlgo "github.com/graphql-go/handler"
	"github.com/labstack/echo/v4"
	swaggerFiles "github.com/swaggo/files"
	ginSwagger "github.com/swaggo/gin-swagger"
	httpSwagger "github.com/swaggo/http-swagger"
)

func std() {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index) // want `R MKT702: pprof is open to whoever reaches the server`
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.Handle("/debug/vars", expvar.Handler())      // want `R MKT702: expvar is open`
	statsviz.Register(mux)                           // want `R MKT702: statsviz is open`
	mux.Handle("/swagger/", httpSwagger.WrapHandler) // want `R MKT702: Swagger UI is open`
	http.ListenAndServe(":8080", mux)
}

func frameworks(app *fiber.App) {
	r := gin.New()
	ginpprof.Register(r)                                                 // want `R MKT702: pprof is open`
	r.GET("/swagger/*any", ginSwagger.WrapHandler(swaggerFiles.Handler)) // want `R MKT702: Swagger UI is open`
	gin.SetMode(gin.DebugMode)                                           // want `R MKT702: gin runs in debug mode`
	c := chi.NewRouter()
	c.Mount("/debug", middleware.Profiler()) // want `R MKT702: pprof is open`
	app.Use(fiberpprof.New())                // want `R MKT702: pprof is open`
	e := echo.New()
	e.Debug = true // want `R MKT702: echo runs in debug mode`
}

func graphql(mux *http.ServeMux) {
	srv := handler.New(nil)
	srv.Use(extension.Introspection{}) // want `R MKT702: GraphQL introspection is open`
	mux.Handle("/query", srv)
	mux.Handle("/", playground.Handler("x", "/query"))     // want `R MKT702: a GraphQL playground is open`
	mux.Handle("/q", handler.NewDefaultServer(nil))        // want `R MKT702: GraphQL introspection is open`
	gqlgo.New(&gqlgo.Config{Pretty: true, GraphiQL: true}) // want `R MKT702: a GraphQL playground is open`
}

package routesopen

import (
	"net/http"
	"os"

	"app.example.io/web"
	"github.com/gin-gonic/gin"
)

func list(w http.ResponseWriter, r *http.Request) {}
func glist(c *gin.Context)                        {}

// Routes is served by who calls it.
func Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/a", list) // want `/a list \[\] open: the router is served outside this package$`
	return mux
}

// Register is given a router that may have a prefix and middleware.
func Register(g *gin.RouterGroup) {
	g.GET("/b", glist) // want `GET …/b glist \[\] open: the router comes from another package$`
	sub := g.Group("/c", glist)
	sub.POST("/d", glist) // want `POST …/c/d glist \[glist\] open: the router comes from another package$`
}

// Server lets other packages add routes.
type Server struct {
	mux *http.ServeMux
	mw  func(http.Handler) http.Handler
}

func (s *Server) Handle(pattern string, h http.HandlerFunc) {
	s.mux.Handle(pattern, h) // want `… \? \[\] open: its handler comes from a caller; its pattern is computed; the router is a field that is set elsewhere|… \? \[\] open: the router is a field that is set elsewhere; its handler comes from a caller; its pattern is computed`
}

func serve(mw func(http.Handler) http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc(os.Getenv("PATTERN"), list)               // want `… list \[web.Wrap\] open: its pattern is computed$`
	mux.Handle("/f", Middlewares[0](http.HandlerFunc(list))) // want `/f list \[web.Wrap, \?\] open: a middleware is not known$`
	mux.Handle("/g", web.Trace(http.HandlerFunc(list)))      // want `/g list \[web.Wrap, web.Trace\]$`
	_ = http.ListenAndServe(":1", web.Wrap(mux))
}

var Middlewares []func(http.Handler) http.Handler

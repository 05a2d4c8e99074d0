package mkt301open

import (
	"net/http"

	"app.example.io/auth"
	"app.example.io/gatekeeper"
	"app.example.io/store"
	"github.com/gin-gonic/gin"
)

var db store.Store

func write(w http.ResponseWriter, r *http.Request) { db.Create(r.Context(), store.Item{}) }
func ginWrite(c *gin.Context)                      { db.Create(c.Request.Context(), store.Item{}) }

// Routes may be wrapped by who serves it.
func Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /a", write) // want `^R MKT301: 2 routes \(POST /a, POST /b\) show no authentication here, and the router is served outside this package$`
	mux.HandleFunc("POST /b", write)
	mux.Handle("POST /c", auth.Require(http.HandlerFunc(write)))
	return mux
}

// Register is given a group that may be guarded.
func Register(g *gin.RouterGroup) {
	g.POST("/a", ginWrite) // want `^R MKT301: POST …/a shows no authentication here, and the router comes from another package$`
	g.POST("/login", ginWrite)
}

// taught is guarded by a function that the policy names.
func taught() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /a", write) // want `^R MKT301: POST /a shows no authentication: gatekeeper.Enter is given the request`
	http.ListenAndServe(":1", gatekeeper.Enter(mux))
}

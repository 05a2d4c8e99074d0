// Package mkt703fw answers with stack traces, or does not.
package mkt703fw

import (
	"log"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/render"
	"github.com/valyala/fasthttp"
)

func fast(ctx *fasthttp.RequestCtx) {
	ctx.Error(string(debug.Stack()), 500) // want `^V MKT703`
}

func fastBody(ctx *fasthttp.RequestCtx) {
	ctx.SetBody(debug.Stack()) // want `^V MKT703`
}

func rendered(w http.ResponseWriter, r *http.Request) {
	render.JSON(w, r, map[string]string{"trace": string(debug.Stack())}) // want `^V MKT703`
}

func renderedText(w http.ResponseWriter, r *http.Request) {
	render.PlainText(w, r, string(debug.Stack())) // want `^V MKT703`
}

func quiet(ctx *fasthttp.RequestCtx) {
	log.Printf("%s", debug.Stack())
	ctx.Error("internal error", 500) // ok: the trace stays in the log
}

func quietRender(w http.ResponseWriter, r *http.Request) {
	log.Printf("%s", debug.Stack())
	render.JSON(w, r, map[string]string{"error": "internal"}) // ok: the trace stays in the log
}

// Package mkt101 exercises rule MKT101.
package mkt101

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
)

const port = ":8080"

func std(h http.Handler, n int) {
	http.ListenAndServe(port, h)                             // want `R MKT101: the server takes plain HTTP on :8080`
	http.ListenAndServe("0.0.0.0:80", h)                     // want `R MKT101: .*0.0.0.0:80`
	http.ListenAndServe(fmt.Sprintf(":%d", n), nil)          // want `R MKT101: .*an address that is configured`
	http.ListenAndServe(":"+os.Getenv("PORT"), h)            // want `R MKT101`
	http.ListenAndServe(os.Getenv("LISTEN"), h)              // want `R MKT101`
	(&http.Server{Addr: ":80", Handler: h}).ListenAndServe() // want `R MKT101: .*on :80;`
	srv := &http.Server{Handler: h}
	srv.ListenAndServe() // want `R MKT101: .*on :http`
	l, _ := net.Listen("tcp", ":9000")
	http.Serve(l, h) // want `R MKT101: .*on :9000`
	srv.Serve(l)     // want `R MKT101: .*on :9000`
}

func frameworks(app *fiber.App) {
	r := gin.New()
	r.Run()        // want `R MKT101: .*on :8080`
	r.Run(":3000") // want `R MKT101: .*on :3000`
	e := echo.New()
	e.Start(":1323")                           // want `R MKT101: .*on :1323`
	app.Listen(":3000")                        // want `R MKT101: .*on :3000`
	fasthttp.ListenAndServe(":80", nil)        // want `R MKT101: .*on :80`
	(&fasthttp.Server{}).ListenAndServe(":80") // want `R MKT101: .*on :80`
}

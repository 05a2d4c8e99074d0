package mkt101

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
	"golang.org/x/crypto/acme/autocert"
)

func encrypted(h http.Handler, c *tls.Config, l net.Listener) {
	http.ListenAndServeTLS(":443", "c", "k", h) // ok: TLS
	srv := &http.Server{Addr: ":443", Handler: h, TLSConfig: c}
	srv.ListenAndServeTLS("", "")
	tl, _ := tls.Listen("tcp", ":443", c)
	srv.Serve(tl) // ok: a TLS listener
	http.Serve(tls.NewListener(l, c), h)
	srv.ServeTLS(l, "", "")
	gin.New().RunTLS(":443", "c", "k") // ok: TLS
	echo.New().StartTLS(":443", "c", "k")
	echo.New().StartAutoTLS(":443")
	fasthttp.ListenAndServeTLS(":443", "c", "k", nil)
}

func near(h http.Handler, n int, app *fiber.App) {
	http.ListenAndServe("localhost:8080", h) // ok: this machine only
	http.ListenAndServe("127.0.0.1:8080", h)
	http.ListenAndServe("[::1]:8080", h)
	http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", n), h) // ok: this machine only
	app.Listen("127.0.0.1:3000")                           // ok: this machine only
	gin.New().Run("localhost:3000")
	gin.New().RunUnix("/run/app.sock") // ok: a socket file
	l, _ := net.Listen("unix", "/run/app.sock")
	http.Serve(l, h)
	ll, _ := net.Listen("tcp", "localhost:0")
	http.Serve(ll, h)
	fasthttp.ListenAndServeUNIX("/run/app.sock", 0, nil)
}

// The default is loopback; whoever changes it knows.
func configured(h http.Handler) {
	addr := "127.0.0.1:8080"
	if v := os.Getenv("LISTEN"); v != "" {
		addr = v
	}
	http.ListenAndServe(addr, h) // ok: loopback unless somebody says else
}

func redirects(m *autocert.Manager) {
	http.ListenAndServe(":80", m.HTTPHandler(nil)) // ok: answers certificate challenges and redirects
	http.ListenAndServe(":80", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
}

// A listener from elsewhere may well be TLS.
func given(l net.Listener, h http.Handler) { http.Serve(l, h) } // ok: the listener may be one of TLS

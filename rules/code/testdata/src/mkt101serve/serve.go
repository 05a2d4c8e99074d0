// Package mkt101serve serves on listeners it makes itself.
package mkt101serve

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/net/netutil"
)

// listen is what a partner's main calls: a unix socket or a port.
func listen(address string, port int) (net.Listener, error) {
	network, addr := split(address, port)
	lc := net.ListenConfig{KeepAlive: time.Minute}
	l, err := lc.Listen(context.Background(), network, addr)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func split(address string, port int) (string, string) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", fmt.Sprintf("%s:%d", address, port)
}

func configured(h http.Handler, address string, port int, fail chan<- error) error {
	srv := &http.Server{Handler: h}
	l, err := listen(address, port)
	if err != nil {
		return err
	}
	go func() {
		fail <- srv.Serve(l) // want `R MKT101: .*an address that is configured`
	}()
	return nil
}

func limited(h http.Handler) error {
	l, err := net.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	return http.Serve(netutil.LimitListener(l, 100), h) // want `R MKT101: .*on :8080`
}

func resolved(h http.Handler) error {
	addr, err := net.ResolveTCPAddr("tcp", "0.0.0.0:8080")
	if err != nil {
		return err
	}
	l, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return err
	}
	return http.Serve(l, h) // want `R MKT101: .*on 0.0.0.0:8080`
}

func frameworks(e *gin.Engine, app *fiber.App, h fasthttp.RequestHandler) error {
	l, err := net.Listen("tcp4", ":9000")
	if err != nil {
		return err
	}
	if err := e.RunListener(l); err != nil { // want `R MKT101: .*on :9000`
		return err
	}
	if err := app.Listener(l); err != nil { // want `R MKT101: .*on :9000`
		return err
	}
	if err := (&fasthttp.Server{Handler: h}).Serve(l); err != nil { // want `R MKT101: .*on :9000`
		return err
	}
	return fasthttp.Serve(l, h) // want `R MKT101: .*on :9000`
}

func either(h http.Handler, socket string) error {
	var l net.Listener
	var err error
	if socket != "" {
		l, err = net.Listen("unix", socket)
	} else {
		l, err = net.Listen("tcp", ":8080")
	}
	if err != nil {
		return err
	}
	return http.Serve(l, h) // want `R MKT101: .*on :8080`
}

func wrapped(h http.Handler, c *tls.Config) error {
	l, err := net.Listen("tcp", ":8443")
	if err != nil {
		return err
	}
	return http.Serve(tls.NewListener(l, c), h) // ok: TLS around the listener
}

func limitedTLS(h http.Handler, c *tls.Config) error {
	l, err := tls.Listen("tcp", ":8443", c)
	if err != nil {
		return err
	}
	return http.Serve(netutil.LimitListener(l, 100), h) // ok: the limited listener is TLS
}

func serveTLS(h fasthttp.RequestHandler, cert, key string) error {
	l, err := net.Listen("tcp", ":8443")
	if err != nil {
		return err
	}
	return fasthttp.ServeTLS(l, cert, key, h) // ok: the server adds TLS itself
}

func socket(h http.Handler, path string) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	return http.Serve(l, h) // ok: a unix socket
}

func loopback(e *gin.Engine, port int) error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	return e.RunListener(l) // ok: only this machine
}

func loopbackResolved(h fasthttp.RequestHandler) error {
	addr, err := net.ResolveTCPAddr("tcp", "localhost:8080")
	if err != nil {
		return err
	}
	l, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return err
	}
	return fasthttp.Serve(l, h) // ok: only this machine
}

func optional(h http.Handler, c *tls.Config) error {
	l, err := net.Listen("tcp", ":8443")
	if err != nil {
		return err
	}
	if c != nil {
		l = tls.NewListener(l, c)
	}
	return http.Serve(l, h) // ok: TLS when it is configured
}

func handed(h fasthttp.RequestHandler, l net.Listener) error {
	return fasthttp.Serve(l, h) // ok: the listener comes from elsewhere
}

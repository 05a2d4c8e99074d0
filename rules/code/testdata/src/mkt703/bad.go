// Package mkt703 exercises rule MKT703.
package mkt703

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/pkg/errors"
	"github.com/urfave/negroni/v3"
)

func std(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if rec := recover(); rec != nil {
				http.Error(w, fmt.Sprintf("%v\n%s", rec, debug.Stack()), 500) // want `V MKT703: the client is sent a stack trace`
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func buffer(w http.ResponseWriter) {
	buf := make([]byte, 4096)
	n := runtime.Stack(buf, false)
	w.Write(buf[:n]) // want `V MKT703`
}

func array(w http.ResponseWriter) {
	var buf [4096]byte
	n := runtime.Stack(buf[:], false)
	fmt.Fprintf(w, "%s", buf[:n]) // want `V MKT703`
}

func trace() string { return string(debug.Stack()) }

func helper(c *gin.Context) {
	c.JSON(500, gin.H{"error": "internal", "trace": trace()}) // want `V MKT703`
}

func echoed(c echo.Context) error {
	return c.String(500, string(debug.Stack())) // want `V MKT703`
}

func fibered(c *fiber.Ctx) error {
	return c.Status(500).SendString(string(debug.Stack())) // want `V MKT703`
}

func verbose(w http.ResponseWriter) {
	_, err := os.Open("/srv/x")
	err = errors.Wrap(err, "open")
	fmt.Fprintf(w, "%+v", err) // want `V MKT703`
}

func switched(w http.ResponseWriter, debugMode bool) {
	if debugMode {
		w.Write(debug.Stack()) // want `R MKT703`
	}
}

func modes(w http.ResponseWriter, hideStack, production, prod, disableTrace bool) {
	if !production {
		w.Write(debug.Stack()) // want `R MKT703`
	}
	if !disableTrace {
		w.Write(debug.Stack()) // want `R MKT703`
	}
	if prod {
		w.Write(debug.Stack()) // want `V MKT703`
	}
	if os.Getenv("APP_DEBUG") == "1" {
		w.Write(debug.Stack()) // want `R MKT703`
	}
	if os.Getenv("APP_DEBUG") == "" {
		w.Write(debug.Stack()) // want `V MKT703`
	}
}

func chain() http.Handler {
	n := negroni.New()
	n.Use(negroni.NewRecovery()) // want `V MKT703: this Recovery answers panics with their stack trace`
	return n
}

func classic() http.Handler {
	return negroni.Classic() // want `V MKT703: negroni.Classic`
}

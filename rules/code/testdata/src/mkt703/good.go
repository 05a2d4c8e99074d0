package mkt703

import (
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimw "github.com/go-chi/chi/v5/middleware"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/pkg/errors"
	"github.com/urfave/negroni/v3"
)

func logsOnly(w http.ResponseWriter) {
	defer func() {
		if rec := recover(); rec != nil {
			slog.Error("panic", "value", rec, "stack", string(debug.Stack())) // ok: logged
			log.Printf("%s", debug.Stack())                                   // ok: logged
			http.Error(w, "internal error", 500)                              // ok: a fixed message
		}
	}()
}

func toFile(w http.ResponseWriter) {
	buf := make([]byte, 4096)
	n := runtime.Stack(buf, true)
	os.Stderr.Write(buf[:n]) // ok: to standard error
	fmt.Fprintf(os.Stderr, "%s", buf[:n])
	w.Write([]byte("internal error"))
}

// Another buffer of the same size holds the answer.
func buffers(w http.ResponseWriter, r *http.Request) {
	stack := make([]byte, 4096)
	runtime.Stack(stack, false)
	log.Print(string(stack))
	body := make([]byte, 4096)
	n, _ := r.Body.Read(body)
	w.Write(body[:n]) // ok: what the client sent
}

func ginLog(c *gin.Context) {
	stack := debug.Stack()
	log.Print(string(stack))
	c.JSON(500, gin.H{"error": "internal", "frames": len(stack)}) // ok: a number
}

func ids(w http.ResponseWriter) {
	_, file, line, _ := runtime.Caller(0)
	log.Print(file, line)                                    // ok: logged
	fmt.Fprintf(w, "goroutines: %d", runtime.NumGoroutine()) // ok: a number
}

func frameworks() {
	r := chi.NewRouter()
	r.Use(chimw.Recoverer) // ok: chi's recoverer logs
	e := echo.New()
	e.Use(middleware.Recover()) // ok: echo's recoverer logs
	g := gin.New()
	g.Use(gin.Recovery()) // ok: gin's recovery logs
}

func quiet() http.Handler {
	rec := negroni.NewRecovery()
	rec.PrintStack = false // ok: switched off
	n := negroni.New(rec)
	return n
}

func logged(w http.ResponseWriter) {
	err := errors.New("no")
	log.Printf("%+v", err) // ok: logged
	http.Error(w, "no", 500)
	fmt.Fprintf(w, "%+v", struct{ N int }{3}) // ok: no error is printed
}

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
			slog.Error("panic", "value", rec, "stack", string(debug.Stack()))
			log.Printf("%s", debug.Stack())
			http.Error(w, "internal error", 500)
		}
	}()
}

func toFile(w http.ResponseWriter) {
	buf := make([]byte, 4096)
	n := runtime.Stack(buf, true)
	os.Stderr.Write(buf[:n])
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
	w.Write(body[:n])
}

func ginLog(c *gin.Context) {
	stack := debug.Stack()
	log.Print(string(stack))
	c.JSON(500, gin.H{"error": "internal", "frames": len(stack)})
}

func ids(w http.ResponseWriter) {
	_, file, line, _ := runtime.Caller(0)
	log.Print(file, line)
	fmt.Fprintf(w, "goroutines: %d", runtime.NumGoroutine())
}

func frameworks() {
	r := chi.NewRouter()
	r.Use(chimw.Recoverer)
	e := echo.New()
	e.Use(middleware.Recover())
	g := gin.New()
	g.Use(gin.Recovery())
}

func quiet() http.Handler {
	rec := negroni.NewRecovery()
	rec.PrintStack = false
	n := negroni.New(rec)
	return n
}

func logged(w http.ResponseWriter) {
	err := errors.New("no")
	log.Printf("%+v", err)
	http.Error(w, "no", 500)
	fmt.Fprintf(w, "%+v", struct{ N int }{3})
}

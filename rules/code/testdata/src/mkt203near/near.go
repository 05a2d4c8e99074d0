// Package mkt203near holds pairs for the variants sql, xss, log, template,
// argument and deserialisation of rule MKT203.
package mkt203near

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	text "text/template"
	"time"

	"github.com/dop251/goja"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
)

// SQL

var kinds = map[string]string{"open": "status = 'open'", "done": "status = 'done'"}

func list(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	db.QueryContext(r.Context(), "SELECT * FROM t WHERE name = '"+chi.URLParam(r, "name")+"'")         // want `V MKT203/sql: The path parameter name becomes SQL text`
	db.QueryContext(r.Context(), "SELECT * FROM t WHERE name = $1", chi.URLParam(r, "name"))           // ok: bound
	db.QueryContext(r.Context(), "SELECT * FROM t WHERE "+kinds[r.FormValue("kind")])                  // ok: looked up in a map of texts
	db.QueryRow(fmt.Sprintf("SELECT count(*) FROM t WHERE id = %s", mux.Vars(r)["id"]))                // want `V MKT203/sql: `
	db.QueryRow(fmt.Sprintf("SELECT %[2]s FROM t WHERE id = %[1]d", 1, r.FormValue("column")))         // want `V MKT203/sql: `
	db.QueryRow(fmt.Sprintf("SELECT name FROM t WHERE id = %[1]d OR parent = %[1]d", len(r.URL.Path))) // ok: a number, taken twice
}

func limited(c echo.Context, db *sql.DB) error {
	limit, err := strconv.Atoi(c.QueryParam("limit"))
	if err != nil {
		return err
	}
	if _, err := db.Query("SELECT * FROM t LIMIT " + strconv.Itoa(limit)); err != nil { // ok: a number
		return err
	}
	_, err = db.Exec("DELETE FROM t WHERE name = '" + c.Param("name") + "'") // want `V MKT203/sql: `
	return err
}

func placeholders(c *fiber.Ctx, tx *sql.Tx) error {
	ids := strings.Split(c.Query("ids"), ",")
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")
	_, err := tx.Exec("DELETE FROM t WHERE id IN ("+marks+")", args...) // ok: marks only, the ids are bound
	return err
}

func socket(conn *websocket.Conn, db *sql.DB) {
	var in struct{ Room, Sort string }
	if err := conn.ReadJSON(&in); err != nil {
		return
	}
	db.Query("SELECT * FROM messages WHERE room = ?", in.Room) // ok: bound
	db.Query("SELECT * FROM messages ORDER BY " + in.Sort)     // want `V MKT203/sql: A WebSocket frame becomes SQL text`
}

// Pages

var page = template.Must(template.New("page").Parse("<h1>{{.}}</h1>"))

func hello(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<h1>Hello %s</h1>", mux.Vars(r)["name"])                    // want `V MKT203/xss: `
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(mux.Vars(r)["name"])) // ok: escaped
	page.Execute(w, mux.Vars(r)["name"])                                        // ok: html/template escapes
}

func helloText(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "Hello %s", mux.Vars(r)["name"]) // ok: guessed as plain text, for it begins so
}

func failed(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "no page "+r.URL.Path, http.StatusNotFound) // ok: http.Error sends plain text
}

func answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{"q": r.FormValue("q")}) // ok: JSON
	fmt.Fprintf(w, `{"q": %q}`, r.FormValue("q"))                       // ok: no HTML by its content type
}

func proxied(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<p>"+r.FormValue("q")) // want `V MKT203/xss: `
}

func fail(w http.ResponseWriter, format string, args ...any) {
	w.WriteHeader(http.StatusBadGateway)
	text := fmt.Sprintf(format, args...)
	fmt.Fprint(w, text) // ok: all formats begin with words, so the type that is guessed is plain text
}

func failing(w http.ResponseWriter, r *http.Request) {
	fail(w, "no route to %s", r.FormValue("to"))
	fail(w, "gateway: %s is down", r.FormValue("to"))
	fmt.Fprintf(w, "<p>%s</p>", r.RequestURI) // want `R MKT203/xss: `
}

// Logs

func logged(w http.ResponseWriter, r *http.Request) {
	log.Printf("login of %s", r.FormValue("user"))       // want `R MKT203/log: `
	log.Printf("login of %q", r.FormValue("user"))       // ok: quoted
	log.Printf("login of %#q", r.FormValue("user"))      // ok: quoted as well where a line would break
	log.Printf("login", r.FormValue("user"))             // want `R MKT203/log: `
	log.Printf("%[1]q is %[1]q", r.FormValue("user"))    // ok: quoted by index
	log.Printf("%s %s", r.Method, r.URL)                 // ok: a URL prints itself escaped
	log.Printf("%s", r.URL.Path)                         // want `R MKT203/log: `
	log.Printf("%s %s", r.RequestURI, r.Host)            // ok: the server refuses line breaks in these
	log.Printf("%s", r.Header.Get("User-Agent"))         // ok: nor can a header's value break a line
	fmt.Println("user", r.FormValue("user"))             // want `R MKT203/log: `
	fmt.Fprintln(os.Stderr, "user", r.FormValue("user")) // want `R MKT203/log: `
	slog.Info("login", "user", r.FormValue("user"))      // ok: an attribute
	slog.Info("login of " + r.FormValue("user"))         // want `R MKT203/log: `
	user, _, _ := r.BasicAuth()
	log.Print("login of " + user) // want `R MKT203/log: `
}

func logf(format string, args ...any) { log.Printf("app: "+format, args...) }

func debugf(format string, args ...any) { log.Printf(format, args...) }

func logs(c *gin.Context) {
	debugf("login of %s", c.Query("user"))                 // want `R MKT203/log: `
	debugf("login of %q", c.Query("user"))                 // ok: quoted by the wrapper's format
	debugf("%d bytes", len(c.Query("user")))               // ok: a number
	log.Print(fmt.Sprintf("login of %q", c.Query("user"))) // ok: quoted before
}

// Templates and scripts

func greeting(c *gin.Context) {
	text.New("t").Parse("Hello " + c.Query("name"))                                    // want `V MKT203/template: The query parameter name becomes template source`
	text.Must(text.New("t").Parse("Hello {{.}}")).Execute(io.Discard, c.Query("name")) // ok: data of a fixed template
	template.New(c.Query("name")).Parse("Hello {{.}}")                                 // ok: a template's name is no source
	text.New("t").Parse(strings.Repeat("{{.}} ", len(c.Query("name"))))                // ok: only the length
}

func script(c echo.Context) error {
	vm := goja.New()
	if err := vm.Set("input", c.FormValue("input")); err != nil { // ok: a variable of a fixed script
		return err
	}
	if _, err := vm.RunString("input.length"); err != nil { // ok: a fixed script
		return err
	}
	_, err := vm.RunString(c.FormValue("script")) // want `V MKT203/template: The form field script becomes program text`
	return err
}

// Arguments

func history(c *gin.Context) {
	exec.CommandContext(c, "git", "log", c.Query("ref")).Run()                        // want `R MKT203/argument: `
	exec.CommandContext(c, "git", "log", "--", c.Query("path")).Run()                 // ok: behind --
	exec.CommandContext(c, "git", "log", "refs/heads/"+c.Query("ref")).Run()          // ok: begins with a constant
	exec.CommandContext(c, "git", "log", "--author="+c.Query("author")).Run()         // ok: the value of an option
	exec.CommandContext(c, "convert", "in/"+filepath.Base(c.Query("f")), "x").Run()   // ok: below a directory
	exec.CommandContext(c, "git", "log", "-n", strconv.Itoa(len(c.Query("n")))).Run() // ok: a number
	if ref := c.Query("ref"); !strings.HasPrefix(ref, "-") {
		exec.CommandContext(c, "git", "log", ref).Run() // ok: a dash was refused
	}
	day, err := time.Parse(time.DateOnly, c.Query("day"))
	if err == nil {
		exec.CommandContext(c, "git", "log", day.Format(time.DateOnly)).Run() // ok: a date
	}
}

// Decoders

func decode(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	var v struct{ Name string }
	gob.NewDecoder(r.Body).Decode(&v)                                // want `R MKT203/deserialisation: `
	gob.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&v) // ok: bounded
	gob.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&v)         // ok: bounded
	json.NewDecoder(r.Body).Decode(&v)                               // ok: JSON builds what its type says
	gob.NewDecoder(bytes.NewReader(state())).Decode(&v)              // ok: the program's own bytes
}

func state() []byte { return []byte{1} }

// Package mkt203safe holds code that looks like what MKT203 flags and is fine.
package mkt203safe

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	gorilla "github.com/gorilla/websocket"
	"github.com/partner/pb"
)

var (
	tools  = map[string]string{"png": "convert", "pdf": "pdftk"}
	known  = map[string]bool{"convert": true}
	plain  = regexp.MustCompile(`^[a-z]+$`)
	offers = []string{"convert", "pdftk"}
)

func lists(c *gin.Context) {
	exec.Command(tools[c.Query("type")]).Run()
	name := c.Query("tool")
	if known[name] {
		exec.Command(name).Run()
	}
	if plain.MatchString(name) {
		exec.Command(name).Run()
	}
	if !slices.Contains(offers, name) {
		return
	}
	exec.Command(name).Run()
}

func switches(c *gin.Context) {
	name := c.Query("tool")
	switch name {
	case "convert", "pdftk":
	default:
		return
	}
	exec.Command(name).Run()
}

func defaults(c *gin.Context) {
	name := c.Query("tool")
	if name != "convert" && name != "pdftk" {
		name = "convert"
	}
	exec.Command(name).Run()
}

func validTool(s string) bool { return s == "convert" }

func checkTool(s string) error {
	if !validTool(s) {
		return errors.New("unknown tool")
	}
	return nil
}

func functions(c *gin.Context) {
	name := c.Query("tool")
	if !validTool(name) {
		return
	}
	exec.Command(name).Run()
}

func functions2(c *gin.Context) {
	name := c.Query("tool")
	if err := checkTool(name); err != nil {
		return
	}
	exec.Command(name).Run()
}

func numbers(c *gin.Context, db *sql.DB) {
	n, err := strconv.Atoi(c.Query("n"))
	if err != nil {
		return
	}
	exec.Command("sh", "-c", "sleep "+strconv.Itoa(n)).Run()
	db.Query(fmt.Sprintf("SELECT * FROM t LIMIT %d", n))
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return
	}
	db.Query("SELECT * FROM t WHERE id = '" + id.String() + "'")
	raw := c.Param("id")
	if _, err := uuid.Parse(raw); err != nil {
		return
	}
	db.Query("SELECT * FROM t WHERE id = '" + raw + "'")
}

func bound(c *gin.Context, db *sql.DB) {
	db.Query("SELECT * FROM t WHERE name = $1", c.Query("name"))
	order := "ASC"
	if c.Query("order") == "desc" {
		order = "DESC"
	}
	db.Query("SELECT * FROM t ORDER BY id " + order)
}

func arguments(c *gin.Context) {
	exec.Command("git", "log", "--", c.Query("path")).Run()
	exec.Command("convert", "in/"+filepath.Base(c.Query("f")), "out.png").Run()
}

func files(c *gin.Context) {
	os.ReadFile(filepath.Join("/srv", filepath.Base(c.Param("name"))))
	os.ReadFile(filepath.Join("/srv", filepath.Clean("/"+c.Param("name"))))
	name := c.Param("name")
	if !filepath.IsLocal(name) {
		return
	}
	os.ReadFile(filepath.Join("/srv", name))
}

func files2(c *gin.Context) {
	name := c.Param("name")
	if strings.Contains(name, "..") {
		return
	}
	os.ReadFile(filepath.Join("/srv", name))
	full := filepath.Join("/srv", c.Query("q"))
	if !strings.HasPrefix(full, "/srv/") {
		return
	}
	os.ReadFile(full)
}

func upload(c *gin.Context) {
	f, err := c.FormFile("f")
	if err != nil {
		return
	}
	c.SaveUploadedFile(f, filepath.Join("/srv", f.Filename))
	os.WriteFile("/srv/upload", []byte(c.Query("text")), 0o600)
}

func hosts(w http.ResponseWriter, r *http.Request) {
	http.Get("https://api.example.com/items/" + url.PathEscape(r.FormValue("id")))
	http.Get("https://api.example.com/items?q=" + url.QueryEscape(r.FormValue("q")))
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || u.Host != "api.example.com" {
		return
	}
	http.Get(u.String())
	v, _ := url.Parse("https://api.example.com/")
	v.Path = r.FormValue("p")
	v.RawQuery = r.URL.RawQuery
	http.Get(v.String())
}

type client struct{ base string }

func (c *client) item(w http.ResponseWriter, r *http.Request) {
	http.Get(c.base + "/items/" + r.FormValue("id"))
}

func pages(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<p>%s</p>", html.EscapeString(r.FormValue("q")))
	fmt.Fprintf(w, "<p>%d</p>", len(r.FormValue("q")))
	template.Must(template.New("p").Parse("<p>{{.}}</p>")).Execute(w, r.FormValue("q"))
	http.Error(w, "unknown "+r.FormValue("q"), http.StatusBadRequest)
}

func pages2(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, "{%q: %q}", "q", r.FormValue("q"))
}

func pages3(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "Hello "+r.FormValue("q"))
}

func pages4(w http.ResponseWriter, r *http.Request) {
	out, _ := json.Marshal(map[string]string{"q": r.FormValue("q")})
	w.Write(out)
}

func pages5(w http.ResponseWriter, r *http.Request) {
	answer(w, r.FormValue("q"))
}

func answer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(text))
}

func jump(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/items/"+r.FormValue("id"), http.StatusFound)
	http.Redirect(w, r, "/search?q="+r.FormValue("q"), http.StatusFound)
	http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusMovedPermanently)
	http.Redirect(w, r, r.Referer(), http.StatusFound)
	next := r.FormValue("next")
	if len(next) < 2 || next[0] != '/' || next[1] == '/' || next[1] == '\\' {
		next = "/"
	}
	http.Redirect(w, r, next, http.StatusFound)
}

func jump2(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" {
		next = "/"
	}
	http.Redirect(w, r, next, http.StatusFound)
}

func jump3(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.HasPrefix(next, "/\\") {
		http.Redirect(w, r, "/", http.StatusFound)
		return
	}
	http.Redirect(w, r, next, http.StatusFound)
}

// Requests that go out are no input, nor are the answers to them.
func outgoing(ctx context.Context) {
	req, _ := http.NewRequestWithContext(ctx, "GET", "https://api.example.com", nil)
	req.Header.Set("X-Name", "ls")
	exec.Command(req.Header.Get("X-Name")).Run()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	body, _ := io.ReadAll(res.Body)
	exec.Command("sh", "-c", string(body)).Run()
}

type signer struct{}

func (s *signer) RoundTrip(r *http.Request) (*http.Response, error) {
	exec.Command(r.URL.Host).Run()
	return nil, nil
}

func dialled() {
	conn, _, err := gorilla.DefaultDialer.Dial("wss://api.example.com", nil)
	if err != nil {
		return
	}
	_, data, _ := conn.ReadMessage()
	exec.Command(string(data)).Run()
}

type caller struct{ c pb.FetcherClient }

func (c *caller) call(ctx context.Context) {
	exec.Command(os.Getenv("TOOL")).Run()
	c.c.Fetch(ctx, &pb.FetchRequest{Name: "x"})
}

// Run runs what its caller wants: configuration, as far as is seen here.
func Run(name string) { exec.Command(name).Run() }

type checked struct {
	Name string `binding:"required,alphanum"`
	Kind string `validate:"oneof=a b"`
}

func tags(c *gin.Context) {
	var in checked
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	exec.Command(in.Name, in.Kind).Run()
}

type request struct{ Name string }

func (r *request) Validate() error {
	if !known[r.Name] {
		return errors.New("unknown tool")
	}
	return nil
}

func validated(c *gin.Context) {
	var in request
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	if err := in.Validate(); err != nil {
		return
	}
	exec.Command(in.Name).Run()
}

// Package mkt203flow exercises the taint pass of rule MKT203: the ways that
// values take inside a package.
package mkt203flow

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"strings"

	"github.com/gin-gonic/gin"
)

func same(s string) string { return s }

func helper(name string) { exec.Command(name).Run() } // want `V MKT203/command: The form field a names`

func through(w http.ResponseWriter, r *http.Request) {
	helper(r.FormValue("a"))
	helper("ls")
	// Calls are matched: what one caller passes in does not come out at another.
	exec.Command(same(r.FormValue("b"))).Run() // want `V MKT203/command: The form field b names`
	exec.Command(same("ls")).Run()
}

type job struct {
	name, dir string
	tags      []string
}

func structs(w http.ResponseWriter, r *http.Request) {
	j := job{name: r.FormValue("a"), dir: "/srv"}
	exec.Command(j.name).Run() // want `V MKT203/command`
	exec.Command(j.dir).Run()
	p := &job{}
	p.name = "ls"
	p.dir = r.FormValue("a")
	exec.Command(p.name).Run()
	exec.Command(p.dir).Run() // want `V MKT203/command`
	start(p)
}

func start(j *job) {
	exec.Command(j.dir).Run() // want `V MKT203/command`
	exec.Command(j.name).Run()
}

func containers(w http.ResponseWriter, r *http.Request) {
	m := map[string]string{}
	m["a"] = r.FormValue("a")
	exec.Command(m["a"]).Run() // want `V MKT203/command`
	var list []string
	list = append(list, r.FormValue("a"))
	exec.Command(list[0]).Run() // want `V MKT203/command`
	for _, s := range strings.Split(r.FormValue("a"), ",") {
		exec.Command(strings.TrimSpace(s)).Run() // want `V MKT203/command`
	}
	q := url.Values{}
	q.Set("x", r.FormValue("a"))
	exec.Command(q.Get("x")).Run() // want `V MKT203/command`
}

func closures(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("a")
	run := func() { exec.Command(name).Run() } // want `V MKT203/command`
	run()
	with := func(s string) { exec.Command(s).Run() } // want `V MKT203/command`
	with(r.FormValue("b"))
}

type source interface{ name() string }

type formSource struct{ r *http.Request }

func (f *formSource) name() string { return f.r.FormValue("a") }

func invoked(s source) { exec.Command(s.name()).Run() } // want `V MKT203/command`

func bytesAndText(c *gin.Context) {
	raw, _ := c.GetRawData()
	var in struct{ Inner struct{ Name string } }
	if err := json.Unmarshal(raw, &in); err != nil {
		return
	}
	exec.Command(in.Inner.Name).Run()                                     // want `V MKT203/command`
	exec.Command(fmt.Sprintf("%s", strings.ToLower(in.Inner.Name))).Run() // want `V MKT203/command`
}

type key struct{}

func contexts(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithValue(r.Context(), key{}, r.Header.Get("X-Name"))
	later(ctx)
}

func later(ctx context.Context) {
	name, _ := ctx.Value(key{}).(string)
	exec.Command(name).Run() // want `R MKT203/command`
}

func set(c *gin.Context) { c.Set("name", c.Query("name")) }

func get(c *gin.Context) { exec.Command(c.GetString("name")).Run() } // want `R MKT203/command`

type worker struct{ name string }

func (w *worker) configure(r *http.Request) { w.name = r.FormValue("a") }

// Run may be called with any worker.
func (w *worker) Run() { exec.Command(w.name).Run() } // want `R MKT203/command`

// Shell runs what its callers in other packages say.
func Shell(ctx context.Context, script string) {
	exec.CommandContext(ctx, "sh", "-c", script).Run() // want `R MKT203/command: The parameter script is run by a shell`
}

// sanitize is named as if it helped.
func sanitize(s string) string { return strings.TrimSpace(s) }

func quoted(w http.ResponseWriter, r *http.Request) {
	exec.Command(sanitize(r.FormValue("a"))).Run() // want `R MKT203/command`
}

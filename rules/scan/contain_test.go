package scan

import (
	"errors"
	"go/ast"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	"golang.org/x/tools/go/analysis"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
)

func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if v, err := within(time.Minute, func() (int, error) { return 7, nil }); v != 7 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
		if _, err := within(time.Minute, func() (int, error) { return 0, errors.New("no") }); err == nil || err.Error() != "no" {
			t.Errorf("got %v", err)
		}
		_, err := within(time.Minute, func() (int, error) { return len(strings.Split("a", "b")[1:2:2]), nil })
		if err == nil || !strings.Contains(err.Error(), "panicked: runtime error: slice bounds out of range") || !strings.Contains(err.Error(), " (in ") {
			t.Errorf("got %v", err)
		}
		start := time.Now()
		_, err = within(time.Minute, func() (int, error) { time.Sleep(time.Hour); return 1, nil })
		if err == nil || err.Error() != "did not end within 1m0s" || time.Since(start) != time.Minute {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		time.Sleep(time.Hour) // the one that was given up on ends by itself
	})
}

// badRule panics at every call expression.
type badRule struct{}

func (badRule) ID() string                                           { return "G999" }
func (badRule) Match(ast.Node, *gosec.Context) (*issue.Issue, error) { panic("bad rule") }

// A rule that panics or hangs is named, its controls cannot pass, and every
// other rule still reports.
func TestRuleFailuresAreContained(t *testing.T) {
	s := newSuite(code.With(code.Options{}))
	s.budget = 5 * time.Second
	s.gosec.rules["G999"] = func(string, gosec.Config) (gosec.Rule, []ast.Node) {
		return badRule{}, []ast.Node{(*ast.CallExpr)(nil)}
	}
	s.gosec.analyzers = append(s.gosec.analyzers, analyzers.AnalyzerDefinition{ID: "G998", Create: func(id, _ string) *analysis.Analyzer {
		return &analysis.Analyzer{Name: id, Doc: "panics", Run: func(*analysis.Pass) (any, error) { panic("bad analyzer") }}
	}})
	s.own = append(s.own,
		&code.Rule{Rule: rules.Rule{ID: "MKT997"}, Analyzer: &analysis.Analyzer{Name: "mkt997", Doc: "fails", ResultType: reflect.TypeFor[*code.Result](),
			Run: func(*analysis.Pass) (any, error) { return nil, errors.New("no luck") }}},
		&code.Rule{Rule: rules.Rule{ID: "MKT996"}, Analyzer: &analysis.Analyzer{Name: "mkt996", Doc: "panics", ResultType: reflect.TypeFor[*code.Result](),
			Run: func(*analysis.Pass) (any, error) { panic("bad own rule") }}})

	tree, u, env, list := listFirst(t, layOut(t, weak))
	l := newLoader(tree.root, u, list, env, 1, func(p *listed) bool { return isMain(u, p) })
	if err := l.parse(t.Context()); err != nil {
		t.Fatal(err)
	}
	var main *packageResult
	if err := l.check(t.Context(), func(p *pkg) {
		if r := s.analyse(l, p); p.Name == "main" {
			main = r
		}
	}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"G999": "bad rule", "G998": "bad analyzer", "MKT997": "no luck", "MKT996": "bad own rule"} {
		if !strings.Contains(main.Failed[id], want) {
			t.Errorf("%s: %q, want %q", id, main.Failed[id], want)
		}
	}
	if len(main.Failed) != 4 {
		t.Errorf("failed: %v", main.Failed)
	}
	if !slices.ContainsFunc(main.Hits, func(h hit) bool { return h.Rule == "G702" }) {
		t.Errorf("the other rules reported nothing: %v", main.Hits)
	}
}

func TestParseDirective(t *testing.T) {
	for _, tt := range []struct {
		comment string
		rules   string // joined; "-" for no directive
		reason  string
		until   string
		invalid string // part of it
	}{
		{"// #nosec G402 -- pinned below", "G402", "pinned below", "", ""},
		{"//#nosec G101 G402 -- both are public", "G101 G402", "both are public", "", ""},
		{"//gosec:disable G401 -- etags only", "G401", "etags only", "", ""},
		{"/* #nosec G401 -- etags only */", "G401", "etags only", "", ""},
		{"// #nosec", "", "", "", "names no rule"},
		{"// #nosec -- because", "", "because", "", "names no rule"},
		{"// #nosec MKT101 -- because", "", "because", "", "names no rule"},
		{"// #nosec G402", "G402", "", "", "gives no reason"},
		{"// #nosec G402 -- ok", "G402", "ok", "", "gives no reason"},
		{"// #nosec: G402 -- pinned below", "G402", "pinned below", "", ""},
		{"// #nosecurity here", "-", "", "", ""},
		{"// see #nosec", "-", "", "", ""},
		{"// a comment", "-", "", "", ""},
		{`//staylisted:ignore MKT102 reason="internal network" until=2027-01-31`, "MKT102", "internal network", "2027-01-31", ""},
		{`//staylisted:ignore MKT601/work-factor G401 reason=legacyhashes`, "MKT601/work-factor G401", "legacyhashes", "", ""},
		{`//staylisted:ignore reason="x"`, "", "x", "", "names no rule"},
		{`//staylisted:ignore MKT102`, "MKT102", "", "", "gives no reason"},
		{`//staylisted:ignore MKT102 reason="internal network" until=soon`, "MKT102", "internal network", "soon", "is not a date"},
		{`//staylisted:ignore MKT102 reason="internal network" owner=me`, "MKT102", "internal network", "", "no attribute"},
		{`//staylisted:ignore MKT102 because`, "MKT102", "", "", "neither a rule id"},
		{`//staylisted:ignored`, "", "", "", "is nothing this program reads"},
		{`//staylisted:ingore MKT102 reason="internal network"`, "MKT102", "", "", "\"staylisted:ingore\" is nothing"},
		{`//staylisted: ignore MKT102 reason="internal network"`, "MKT102", "", "", "is nothing this program reads"},
		{`//Staylisted:ignore MKT102 reason="internal network"`, "MKT102", "", "", "is nothing this program reads"},
		{`//staylisted: it checks repositories`, "-", "", "", ""},
		{`// staylisted:it checks repositories`, "-", "", "", ""},
		{`//staylisted:ignore MKT102,G402 reason="internal network"`, "MKT102 G402", "internal network", "", "separate ids with spaces"},
		{`//staylisted:ignore MKT102, G402 reason="internal network"`, "MKT102 G402", "internal network", "", "separate ids with spaces"},
		{`//staylisted:ignore mkt102 reason="internal network"`, "MKT102", "internal network", "", "did you mean MKT102?"},
		{`//staylisted:ignore mkt601/Work-factor reason="internal network"`, "MKT601/work-factor", "internal network", "", "did you mean MKT601/work-factor?"},
		{"// #nosec g402 -- pinned below", "", "pinned below", "", "did you mean G402?"},
		{`//staylisted:ignore MKT102 reason="the \"mesh\" encrypts it"`, "MKT102", `the "mesh" encrypts it`, "", ""},
		{`//staylisted:ignore MKT102 reason="files below C:\\dir\\"`, "MKT102", `files below C:\dir\`, "", ""},
		{`//staylisted:ignore MKT102 reason="the mesh" encrypts" it`, "MKT102", "the mesh", "", "neither a rule id"},
		{`//staylisted:ignore MKT102 reason="the mesh encrypts it`, "MKT102", "", "", "quotation marks of reason do not match"},
		{"//nolint", "", "", "", "golangci-lint only"},
		{"//nolint // legacy", "", "", "", "golangci-lint only"},
		{"//nolint:all", "", "", "", "golangci-lint only"},
		{"//nolint:errcheck", "-", "", "", ""},
		{"// nolint comments are not read", "-", "", "", ""},
	} {
		d, ok := parseDirective(tt.comment)
		if !ok {
			d.Rules = []string{"-"}
		}
		if strings.Join(d.Rules, " ") != tt.rules || d.Reason != tt.reason || d.Until != tt.until ||
			(d.Invalid == "") != (tt.invalid == "") || !strings.Contains(d.Invalid, tt.invalid) {
			t.Errorf("%s: %+v", tt.comment, d)
		}
	}
}

func FuzzParseDirective(f *testing.F) {
	f.Add("// #nosec G402 -- pinned")
	f.Add(`//staylisted:ignore MKT102 reason="x" until=2027-01-31`)
	f.Fuzz(func(t *testing.T, comment string) {
		d, ok := parseDirective(comment)
		if !ok {
			return
		}
		if d.Invalid == "" && (len(d.Rules) == 0 || d.Reason == "") {
			t.Errorf("%q excuses without a rule or a reason: %+v", comment, d)
		}
		if strings.ContainsFunc(d.Reason+d.Invalid, control) {
			t.Errorf("%q: control characters in %+v", comment, d)
		}
	})
}

// An own rule that panics and one that does not end within its budget are named
// in the report, no control that needs them passes, and everything else goes on.
func TestOwnRuleFailuresReachTheReport(t *testing.T) {
	hung := make(chan struct{})
	t.Cleanup(func() { close(hung) })
	failing := func(opts code.Options) []*code.Rule {
		list := code.With(opts)
		for _, r := range list {
			switch r.ID {
			case "MKT504":
				r.Analyzer.Run = func(*analysis.Pass) (any, error) { panic("bad own rule") }
			case "MKT707":
				r.Analyzer.Run = func(*analysis.Pass) (any, error) { <-hung; return &code.Result{}, nil }
			}
		}
		return list
	}
	root := layOut(t, `
-- go.mod --
module example.com/shop

go 1.26
-- main.go --
package main

import (
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
		log.Print("back to " + r.FormValue("to"))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: r.FormValue("id")})
		http.Redirect(w, r, r.FormValue("to"), http.StatusFound)
	})
	http.ListenAndServe(":80", nil)
}
`)
	s := newRun(t.Context(), testCatalogue(t), Options{Dir: root, Offline: true, Advisories: advisories}, testNow, failing)
	s.suite.budget = 3 * time.Second
	r, err := s.scan()
	if err != nil {
		t.Fatal(err)
	}
	rep, _ := report(t, r)
	for id, want := range map[string]string{"MKT504": "panicked: bad own rule", "MKT707": "did not end within 3s", staticVerifier: "2 rules did not run to the end: MKT504, MKT707"} {
		i := slices.IndexFunc(rep.Coverage.Runs, func(run rules.VerifierRun) bool { return run.Verifier == id })
		if i < 0 || rep.Coverage.Runs[i].State != rules.Broken || !strings.Contains(rep.Coverage.Runs[i].Reason, want) {
			t.Errorf("the report does not say of %s that it %s: %v", id, want, rep.Coverage.Runs)
		}
	}
	// Where only a failed rule could have found it, nobody knows.
	cat, unknown := testCatalogue(t), 0
	for _, a := range rep.Assessments {
		for _, c := range a.Controls {
			k, _ := cat.Control(c.Control)
			if !slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == "MKT504" || v.ID == "MKT707" || v.ID == staticVerifier }) {
				continue
			}
			if c.Verdict.Green() {
				t.Errorf("%s: %s is %s although a rule it needs did not end", a.Requirement, c.Control, c.Verdict)
			}
			if c.Verdict == rules.Unknown {
				unknown++
			}
		}
	}
	if unknown == 0 {
		t.Error("no control is unknown")
	}
	if !slices.ContainsFunc(rep.Findings, func(f rules.Finding) bool {
		return f.Rule == "MKT505" || slices.Contains(f.Also, "MKT505") || f.Rule == "G124" || slices.Contains(f.Also, "G124")
	}) {
		t.Error("the cookie was not found: the scan did not go on")
	}
}

// Values that are made from themselves and types that hold themselves must not
// send a rule round for ever: nothing could contain that.
func TestCyclesEnd(t *testing.T) {
	r := scanTree(t, layOut(t, `
-- go.mod --
module example.com/cycles

go 1.26
-- main.go --
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"os/exec"
)

type tree []tree

type doc map[string]doc

type node struct {
	next  *node
	text  string
	inner []node
}

type page struct {
	query string
	retry int
	err   error
}

func validatePath(s string) error {
	if s == "" {
		return errors.New("empty")
	}
	return nil
}

func (p *page) again(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	p.retry = p.retry*2 + p.retry
	p.query = p.query + r.FormValue("q") + p.query
	p.err = fmt.Errorf("again: %w", p.err)
	if p.query == "" {
		p.again(w, r, db)
	}
	http.SetCookie(w, &http.Cookie{Name: p.query, Value: p.query, MaxAge: p.retry * 60})
	db.Query(p.query)
	exec.Command("sh", "-c", p.query).Run()
	_ = template.HTML(p.query)
	http.Error(w, p.err.Error(), 500)
}

func even(s string, n int) string {
	if n == 0 {
		return s
	}
	return odd(s+"x", n-1)
}

func odd(s string, n int) string { return even("y"+s, n-1) }

func handle(w http.ResponseWriter, r *http.Request) {
	var err error
	name := r.FormValue("p")
	for i := 0; i < 10; i++ {
		if i == 3 {
			err = validatePath(name)
		}
		http.SetCookie(w, &http.Cookie{Name: "step", MaxAge: i * 10})
	}
	if err == nil {
		os.ReadFile(name)
	}
	a, b := name == "a", name == "b"
	for a {
		a, b = b, a
	}
	if a || b {
		http.Redirect(w, r, name, http.StatusFound)
	}
	var password tree
	var secret doc
	log.Println(password, secret, secret["token"])
	n := &node{text: name}
	for range 3 {
		n.next = n
		n = n.next
		n.inner = append(n.inner, *n)
	}
	fmt.Fprintln(w, n.text, even(name, 5))
	x, y := http.Cookie{Name: "x"}, http.Cookie{Name: "y"}
	for range 3 {
		z := x
		x = y
		y = z
		http.SetCookie(w, &x)
		http.SetCookie(w, &y)
	}
	s := http.Server{Addr: ":80"}
	s = s
	var self http.HandlerFunc
	self = func(w http.ResponseWriter, r *http.Request) { self(w, r) }
	var h http.Handler = self
	for range 3 {
		h = http.StripPrefix("/x", h)
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.Handle("/mux/", mux)
	s.Handler = mux
	s.ListenAndServe()
}

func main() {
	http.HandleFunc("/", handle)
	http.ListenAndServe(":80", nil)
}
`))
	for _, g := range r.Evidence.Coverage.Gaps {
		t.Errorf("not analysed: %s: %s", g.Subject, g.Reason)
	}
	for _, run := range r.Evidence.Runs {
		if run.State == rules.Broken {
			t.Errorf("%s: %s", run.Verifier, run.Reason)
		}
	}
	if !slices.ContainsFunc(r.Evidence.Findings, func(f rules.Finding) bool { return strings.HasPrefix(f.Rule, "MKT203") }) {
		t.Error("no rule of our own found anything")
	}
}

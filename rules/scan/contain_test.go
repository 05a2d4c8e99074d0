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
		{`//staylisted:ignored`, "-", "", "", ""},
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

package code

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	gocvss31 "github.com/pandatix/go-cvss/31"
	"golang.org/x/tools/go/analysis"

	"github.com/staylisted/staylisted/rules"
)

// classed wraps a rule's analyzer so that a test sees class and rule id
// in front of each message: "V MKT102: …".
func classed(r *Rule) *analysis.Analyzer {
	class := map[string]rules.Class{}
	for _, m := range r.Metadata() {
		class[m.ID] = m.Class
	}
	letter := map[rules.Class]string{rules.Violation: "V", rules.Review: "R", rules.Informational: "I"}
	a := *r.Analyzer
	a.Run = func(pass *analysis.Pass) (any, error) {
		quiet := *pass
		quiet.Report = func(analysis.Diagnostic) {}
		res, err := r.Analyzer.Run(&quiet)
		if err != nil {
			return nil, err
		}
		for _, h := range res.(*Result).Hits {
			c := h.Class
			if c == "" {
				c = class[h.Rule]
			}
			pass.Report(analysis.Diagnostic{Pos: h.Pos, End: h.End, Category: h.Rule, Message: letter[c] + " " + h.Rule + ": " + h.Message})
		}
		return res, nil
	}
	return &a
}

// TestRules runs every rule over its packages in testdata/src: mkt102, and
// further ones named mkt102 with a suffix.
func TestRules(t *testing.T) {
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			list := casesOf(t, func(name string) bool {
				return strings.HasPrefix(name, strings.ToLower(r.ID)) && !strings.Contains(name, "/")
			})
			if len(list) == 0 {
				t.Fatalf("%s has no package in testdata/src", r.ID)
			}
			expectIn(t, classed(r), list)
		})
	}
}

func TestMetadata(t *testing.T) {
	id := regexp.MustCompile(`^MKT[0-9]{3}(/[a-z0-9-]+)?$`)
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	var order []string
	for _, r := range All() {
		order = append(order, r.ID)
		if r.Analyzer == nil || r.Analyzer.Name != strings.ToLower(r.ID) {
			t.Errorf("%s: its analyzer must be named after it", r.ID)
		}
		if len(r.Analyzer.FactTypes) != 0 {
			t.Errorf("%s: analyzers of this package use no facts", r.ID)
		}
		for i, m := range r.Metadata() {
			switch {
			case !id.MatchString(m.ID):
				t.Errorf("%q is no rule id", m.ID)
			case seen[m.ID]:
				t.Errorf("%s is there twice", m.ID)
			case i > 0 && !strings.HasPrefix(m.ID, r.ID+"/"):
				t.Errorf("%s is no variant of %s", m.ID, r.ID)
			}
			seen[m.ID] = true
			if !name.MatchString(m.Name) {
				t.Errorf("%s: name %q is not in kebab case", m.ID, m.Name)
			}
			for what, text := range map[string]string{"title": m.Title, "flags": m.Flags, "safe": m.Safe, "remediation": m.Remediation, "wrong": m.Wrong, "right": m.Right, "tool": m.Tool} {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s has no %s text", m.ID, what)
				}
			}
			if strings.HasSuffix(m.Title, ".") || strings.Contains(m.Title, "\n") {
				t.Errorf("%s: a title is one line without a full stop: %q", m.ID, m.Title)
			}
			if !slices.Contains([]rules.Class{rules.Violation, rules.Review, rules.Informational}, m.Class) {
				t.Errorf("%s has no class", m.ID)
			}
			if len(m.Controls) == 0 {
				t.Errorf("%s has no control", m.ID)
			}
			switch m.ID {
			case "MKT306", "MKT801":
				if m.Vector != "" || len(m.CWE) != 0 {
					t.Errorf("%s is a policy violation and has no score", m.ID)
				}
				continue
			case "MKT211", "MKT305", "MKT307": // advice and policy: a weakness without a score
				if m.Vector != "" || len(m.CWE) == 0 {
					t.Errorf("%s has a CWE and no score", m.ID)
				}
				continue
			}
			if len(m.CWE) == 0 {
				t.Errorf("%s has no CWE", m.ID)
			}
			if _, err := gocvss31.ParseVector(m.Vector); err != nil {
				t.Errorf("%s: vector %q: %v", m.ID, m.Vector, err)
			}
		}
	}
	if !slices.IsSorted(order) {
		t.Errorf("rules are not in the order of their ids: %v", order)
	}
	if got := All(); len(got) != len(order) {
		t.Errorf("a second call of All returns %d rules, want %d", len(got), len(order))
	}
}

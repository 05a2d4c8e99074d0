package files

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// treeOf lays out an archive; missing names files that the commit has besides.
func treeOf(archive string, missing ...string) *tree.Tree {
	fsys := fstest.MapFS{}
	var names []string
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		names = append(names, f.Name)
	}
	return tree.New(fsys, names, missing)
}

// options are what most tests compare with. The model of names is a small one:
// the real one is tested where it stands.
func options() Options {
	return Options{Now: now, Repository: "acme/app", Services: []string{"api.partner.io", "*.sentry.io"}, Endpoints: []string{"https://app.acme.dev/"},
		Marketplace: func(host string) string {
			return map[string]string{"api.monday.com": "monday", "apis.druva.com": "druva", "api.apollo.io": "apollo"}[host]
		},
		Credential: func(name string) bool {
			name = strings.ToLower(name)
			for _, word := range []string{"password", "token", "secret", "apikey", "api_key"} {
				if strings.HasSuffix(name, word) {
					return true
				}
			}
			return false
		}}
}

func scanArchive(t *testing.T, archive string) rules.Gathered {
	t.Helper()
	return structured(t.Context(), treeOf(archive), options())
}

// hits shows findings of rules that begin with a prefix: "RULE class path:line".
func hits(g rules.Gathered, prefix string) []string {
	var out []string
	for _, f := range g.Findings {
		if variant, ok := strings.CutPrefix(f.Rule, prefix); ok {
			out = append(out, fmt.Sprintf("%s %s %s:%d", variant, f.Class, f.Location.Path, f.Location.Line))
		}
	}
	slices.Sort(out)
	return out
}

func runOf(t *testing.T, g rules.Gathered, verifier string) rules.VerifierRun {
	t.Helper()
	var found []rules.VerifierRun
	for _, r := range g.Runs {
		if r.Verifier == verifier {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d runs", verifier, len(found))
	}
	return found[0]
}

// proofOf returns what a verifier saw for a control, and what it missed.
func proofOf(g rules.Gathered, verifier, control string) (seen, missed string) {
	for _, o := range g.Observations {
		if o.Verifier == verifier && o.Control == control {
			seen += o.Text
		}
	}
	for _, s := range g.Shortfalls {
		if s.Verifier == verifier && s.Control == control {
			missed += s.Text
		}
	}
	return seen, missed
}

package scan

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
)

// layOut writes a txtar archive into a new folder and returns its path. A file
// whose content is "-> target" becomes a symbolic link.
func layOut(t *testing.T, archive string) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(strings.TrimSpace(string(f.Data)), "-> "); ok {
			if err := os.Symlink(target, name); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// testNow is an instant at which the project's own advisories are fresh.
var testNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// advisories is the project's own hand-written data.
var advisories = filepath.Join("..", "..", "testdata", "advisories")

// scanTree scans a folder without network and without cache.
func scanTree(t *testing.T, root string, change ...func(*Options)) *Result {
	t.Helper()
	opts := Options{Dir: root, Offline: true, Advisories: advisories}
	for _, f := range change {
		f(&opts)
	}
	r, err := Run(t.Context(), testCatalogue(t), opts, testNow)
	if err != nil {
		t.Fatalf("scanning: %v", err)
	}
	return r
}

func testCatalogue(t *testing.T) *rules.Catalogue {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// report judges a result and writes it down.
func report(t *testing.T, r *Result) (*rules.Report, []byte) {
	t.Helper()
	rep := rules.Assess(testCatalogue(t), &r.Evidence, testNow).Report(&r.Evidence, rules.Tool{Name: "staylisted"}, rules.CatalogueRef{}, testNow)
	data, err := json.MarshalIndent(rep, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return rep, data
}

// fact returns a fact by id.
func fact(t *testing.T, r *Result, id string) rules.Fact {
	t.Helper()
	for _, f := range r.Evidence.Facts {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no fact %s", id)
	return rules.Fact{}
}

// found lists findings as "RULE path:line".
func found(r *Result, families ...string) []string {
	var out []string
	for _, f := range r.Evidence.Findings {
		for _, family := range families {
			if rules.Family(f.Rule) == family {
				line := fmt.Sprintf("%s %s:%d", f.Rule, f.Location.Path, f.Location.Line)
				if len(f.Also) > 0 {
					line += " also " + strings.Join(f.Also, ", ")
				}
				out = append(out, line)
			}
		}
	}
	return out
}

// cancelled is a context that has ended.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// listFirst lists the packages of the first unit below root, offline.
func listFirst(t *testing.T, root string) (*walk, *unit, goEnv, []*listed) {
	t.Helper()
	tree, err := discover(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	u := tree.units[0]
	cmd, done, err := newGoCommand(tree.root, u, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(done)
	env, err := cmd.environment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := cmd.list(t.Context(), u, env, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree, u, env, list
}

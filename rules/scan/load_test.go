package scan

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is left of a dependency after cutting and pruning declares the same
// exported API as the whole package.
func TestPrunedDependenciesKeepTheirAPI(t *testing.T) {
	root := layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import (
	_ "archive/zip"
	_ "crypto/tls"
	_ "database/sql"
	_ "encoding/json"
	_ "go/types"
	_ "html/template"
	_ "log/slog"
	_ "net/http"
	_ "os/exec"
	_ "reflect"
	_ "slices"
	_ "time"
	_ "unicode"
)
`)
	tree, u, env, list := listFirst(t, root)
	load := func(full func(*listed) bool) *loader {
		l := newLoader(tree.root, u, list, env, 2, full)
		if err := l.parse(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.check(t.Context(), func(*pkg) {}); err != nil {
			t.Fatal(err)
		}
		return l
	}
	pruned := load(func(p *listed) bool { return isMain(u, p) })
	whole := load(func(p *listed) bool { return true })
	for path, p := range pruned.pkgs {
		if p.types == nil || p.full || path == "unsafe" {
			continue
		}
		if len(p.errs) > 0 {
			t.Errorf("%s: %v", path, p.errs)
		}
		got, want := api(p.types), api(whole.pkgs[path].types)
		for name, decl := range want {
			if got[name] != decl {
				t.Errorf("%s.%s\n got %s\nwant %s", path, name, got[name], decl)
			}
		}
	}
	loaded := 0
	for _, p := range pruned.order {
		if p.needs != nil {
			loaded++
		}
	}
	if loaded >= len(list) {
		t.Errorf("%d of %d packages were loaded; nothing was pruned", loaded, len(list))
	}
}

// api writes down the exported objects of a package with their types and
// methods.
func api(p *types.Package) map[string]string {
	out := map[string]string{}
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		var b strings.Builder
		b.WriteString(types.ObjectString(obj, nil))
		if tn, ok := obj.(*types.TypeName); ok {
			b.WriteString(" " + types.TypeString(tn.Type().Underlying(), nil))
			for _, t := range []types.Type{tn.Type(), types.NewPointer(tn.Type())} {
				set := types.NewMethodSet(t)
				for method := range set.Methods() {
					b.WriteString("; " + types.ObjectString(method.Obj(), nil))
				}
			}
		}
		if c, ok := obj.(*types.Const); ok {
			b.WriteString(" " + c.Val().ExactString())
		}
		out[name] = b.String()
	}
	return out
}

// TestGoModIsLeftAlone holds that a scan does not complete a go.mod, whatever
// the environment asks the go command for.
func TestGoModIsLeftAlone(t *testing.T) {
	for _, flags := range []string{"", "-mod=mod", "-mod=readonly"} {
		t.Setenv("GOFLAGS", flags)
		for _, header := range []string{"module example.com/old\n", "module example.com/old", "module   example.com/old\n\n\ngo 1.11\n", "module example.com/old\n\nrequire example.com/none v1.0.0\n"} {
			root := layOut(t, "-- main.go --\npackage main\n\nfunc main() {}\n")
			name := filepath.Join(root, "go.mod")
			if err := os.WriteFile(name, []byte(header), 0o644); err != nil {
				t.Fatal(err)
			}
			scanTree(t, root)
			got, err := os.ReadFile(name)
			if err != nil || string(got) != header {
				t.Errorf("with GOFLAGS=%s %q became %q (%v)", flags, header, got, err)
			}
			files, err := os.ReadDir(root)
			if err != nil || len(files) != 2 {
				t.Errorf("with GOFLAGS=%s the folder holds %v (%v)", flags, files, err)
			}
		}
	}
}

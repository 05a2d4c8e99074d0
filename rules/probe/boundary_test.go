package probe_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/probe"
)

const (
	wirePath = "github.com/staylisted/staylisted/rules/probe/internal/wire"
	testPath = "github.com/staylisted/staylisted/rules/probe/probetest"
	root     = "../.."
)

// TestNoWayToLoopback tries what an exported function of this package takes:
// nothing of it reaches this machine or its network.
func TestNoWayToLoopback(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, "http://127.0.0.1:9")
	}
	t.Setenv("NO_PROXY", "")
	t.Setenv("GODEBUG", "netdns=go")
	var probers []*probe.Prober
	for _, o := range []probe.Options{{}, {Repository: harbour}, {ObservedFrom: "bot"}} {
		probers = append(probers, probe.New(o), probe.Over(nil, o))
	}
	// Nobody outside can name the type that Over takes; its zero value, made by
	// reflection, is the public wire.
	over := reflect.ValueOf(probe.Over)
	zero := reflect.New(over.Type().In(0).Elem())
	probers = append(probers, over.Call([]reflect.Value{zero, reflect.ValueOf(probe.Options{})})[0].Interface().(*probe.Prober))

	var targets []probe.Target
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "[fd00:ec2::254]", "10.0.0.1", "192.168.0.1", "100.64.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"} {
		targets = append(targets, probe.Target{URL: "https://" + host + "/", Kind: "api", Private: []string{"/x"}})
	}
	for i, p := range probers {
		r := p.Probe(t.Context(), targets, now)
		if len(r.Hosts) != len(targets) || len(r.Endpoints) != 0 {
			t.Errorf("prober %d: %d hosts, %d endpoints", i, len(r.Hosts), len(r.Endpoints))
		}
		for _, h := range r.Hosts {
			refused := strings.Contains(h.Refused, "is not looked at")
			// Where the machine's own table of names is not read, localhost does not
			// resolve.
			if !refused && !(h.Name == "localhost" && h.Error != "") || len(h.TLS) > 0 || h.PlainHTTP != nil || h.Document != nil {
				t.Errorf("prober %d: %+v", i, h)
			}
		}
		g := probe.Judge(r, targets, "", now)
		if ids := found(g); len(g.Observations) > 0 || ids != "" && ids != "probe:domain" {
			t.Errorf("prober %d: %q, %+v", i, ids, g.Observations)
		}
	}
}

// TestOptionsCarryNoNetwork: whatever a caller can set is data; no function, no
// interface, no client that could be handed in leads elsewhere.
func TestOptionsCarryNoNetwork(t *testing.T) {
	for _, v := range []any{probe.Options{}, probe.Target{}} {
		var walk func(path string, of reflect.Type)
		walk = func(path string, of reflect.Type) {
			switch of.Kind() {
			case reflect.String, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Bool:
			case reflect.Slice:
				walk(path+"[]", of.Elem())
			case reflect.Struct:
				if of.PkgPath() == "net/netip" {
					return
				}
				for field := range of.Fields() {
					walk(path+"."+field.Name, field.Type)
				}
			default:
				t.Errorf("%s is a %s", path, of)
			}
		}
		walk(reflect.TypeOf(v).String(), reflect.TypeOf(v))
	}
}

// TestOnlyTestsReachLoopback reads the whole module: the test network is called
// from probetest alone, probetest is imported by tests alone, and whatever it
// exports begins with New, which asks for a testing.TB.
func TestOnlyTestsReachLoopback(t *testing.T) {
	callers, files := 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "vendor" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		for _, imported := range file.Imports {
			name, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				return err
			}
			if name == testPath {
				t.Errorf("%s imports probetest and is no test", rel)
			}
			if name == "testing" && !strings.HasPrefix(rel, "rules/probe/probetest/") && strings.HasPrefix(rel, "rules/probe/") {
				t.Errorf("%s imports testing", rel)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "Loopback" {
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "wire" {
					callers++
					if !strings.HasPrefix(rel, "rules/probe/probetest/") {
						t.Errorf("%s calls wire.Loopback", rel)
					}
				}
			}
			// Inside the package itself nothing but Loopback sets the test world.
			if lit, ok := n.(*ast.KeyValueExpr); ok && strings.HasPrefix(rel, "rules/probe/internal/wire/") {
				if key, ok := lit.Key.(*ast.Ident); ok && key.Name == "world" {
					callers++
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if callers != 2 || files < 100 {
		t.Errorf("%d places make a test network in %d files; one in wire and one in probetest should", callers, files)
	}

	set := token.NewFileSet()
	packages, err := filepath.Glob("probetest/*.go")
	if err != nil || len(packages) == 0 {
		t.Fatal(err, packages)
	}
	for _, path := range packages {
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			for _, result := range f.Type.Results.List {
				if star, ok := result.Type.(*ast.StarExpr); ok {
					first, ok := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
					if !ok || first.Sel.Name != "TB" {
						t.Errorf("%s returns %v and does not ask for a testing.TB first", f.Name.Name, star.X)
					}
				}
			}
		}
	}
	if wirePath != reflect.ValueOf(probe.Over).Type().In(0).Elem().PkgPath() {
		t.Error("Over takes a type that is not internal")
	}
}

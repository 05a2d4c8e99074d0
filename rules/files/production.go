package files

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Calls to the marketplaces' production from tests and pipelines

func productionRule() rules.Rule {
	return rules.Rule{ID: productionVerifier, Name: "production-call-in-test", Title: "Test or pipeline calls a marketplace's production API", Class: rules.Review, Controls: []string{"production-safety"},
		Flags: "A Go test that requests a production host of Druva, Apollo or monday.com, by a literal or a constant of the test file, and a workflow that calls one or hands its address to a program.",
		Safe: "A test server (`httptest`), a transport that answers itself (`RoundTrip`, httpmock, gock, go-vcr) in the test's package; a host that is only compared or printed; a sandbox host. " +
			"Files below testdata are not looked at.",
		Remediation: "Point the test at an `httptest.Server` or at a sandbox account's host, and keep the address in configuration that tests do not have.",
		Wrong:       "resp, err := http.Get(\"https://api.monday.com/v2\")",
		Right:       "srv := httptest.NewServer(handler)\nresp, err := http.Get(srv.URL + \"/v2\")"}
}

// maxTestFile is how much of a test file is read.
const maxTestFile = 2 << 20

// requestFuncs are functions and methods that request the address they are
// given, or build a request or client for it.
var requestFuncs = []string{"Get", "Post", "PostForm", "Head", "Put", "Patch", "Delete", "NewRequest", "NewRequestWithContext", "Dial", "DialContext", "NewClient", "SetBaseURL", "SetHostURL",
	"Query", "Mutate", "Do"}

// interceptors are packages that answer requests in tests themselves.
var interceptors = []string{"github.com/jarcoal/httpmock", "gopkg.in/h2non/gock", "github.com/h2non/gock", "github.com/dnaeon/go-vcr", "gopkg.in/dnaeon/go-vcr", "golang.org/x/oscar/internal/httprr", "rsc.io/httprr",
	"github.com/seborama/govcr", "github.com/maxatome/tdhttpmock", "github.com/walkerus/go-wiremock"}

// A testPackage is the test files of one folder.
type testPackage struct {
	files []*ast.File
	names []string
	fset  *token.FileSet
	mocks bool
}

// productionHost returns the production host of a marketplace that an address
// names, and the marketplace.
func productionHost(text string, marketplace func(string) string) (host, name string) {
	if !strings.Contains(text, "://") && !strings.Contains(text, ".") || len(text) > 4096 {
		return "", ""
	}
	host = strings.TrimSpace(text)
	if h, ok := hostOfURL(text); ok {
		host = h
	}
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	return host, marketplace(host)
}

// add parses one test file.
func (p *testPackage) add(name string, src []byte) error {
	file, err := parser.ParseFile(p.fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.files, p.names = append(p.files, file), append(p.names, name)
	for _, imp := range file.Imports {
		text, _ := strconv.Unquote(imp.Path.Value)
		if slices.ContainsFunc(interceptors, func(i string) bool { return text == i || strings.HasPrefix(text, i+"/") }) {
			p.mocks = true
		}
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "RoundTrip" {
			p.mocks = true
		}
	}
	return nil
}

// A productionCall is a request to production in a test.
type productionCall struct {
	host, marketplace string
	at                rules.Location
}

// calls lists the requests to production hosts of the package's tests.
func (p *testPackage) calls(marketplace func(string) string) []productionCall {
	if p.mocks {
		return nil
	}
	// Constants and variables of a package that hold such an address.
	named := map[string]*ast.BasicLit{}
	hold := func(names []*ast.Ident, values []ast.Expr) {
		for i, value := range values {
			if lit := firstLiteral(value); lit != nil && i < len(names) {
				if _, m := productionHost(unquoted(lit), marketplace); m != "" {
					named[names[i].Name] = lit
				}
			}
		}
	}
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.ValueSpec:
				hold(x.Names, x.Values)
			case *ast.AssignStmt:
				var names []*ast.Ident
				for _, l := range x.Lhs {
					id, ok := l.(*ast.Ident)
					if !ok {
						id = ast.NewIdent("_")
					}
					names = append(names, id)
				}
				hold(names, x.Rhs)
			}
			return true
		})
	}
	delete(named, "_")
	var out []productionCall
	for i, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !asksFor(call) {
				return true
			}
			for _, arg := range call.Args {
				lit := firstLiteral(arg)
				if id := firstIdent(arg); lit == nil && id != nil {
					lit = named[id.Name]
				}
				if lit == nil {
					continue
				}
				if host, m := productionHost(unquoted(lit), marketplace); m != "" {
					at := p.fset.PositionFor(call.Pos(), false) // where it is, whatever a line directive says
					out = append(out, productionCall{host, m, rules.Location{Path: p.names[i], Line: at.Line, Column: at.Column, Symbol: enclosing(f, call.Pos())}})
					break
				}
			}
			return true
		})
	}
	return out
}

// asksFor reports whether a call requests what it is given. Requests of
// httptest are made for a handler and go nowhere.
func asksFor(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && (x.Name == "httptest" || x.Name == "assert" || x.Name == "require" || x.Name == "strings" || x.Name == "t" || x.Name == "header") {
			return false
		}
		return slices.Contains(requestFuncs, fun.Sel.Name)
	case *ast.Ident:
		return fun.Name == "NewClient"
	}
	return false
}

// firstLiteral returns the text an expression begins with: "https://…" + path.
func firstLiteral(e ast.Expr) *ast.BasicLit {
	for range 100 {
		switch x := e.(type) {
		case *ast.BasicLit:
			if x.Kind == token.STRING {
				return x
			}
			return nil
		case *ast.BinaryExpr:
			if x.Op != token.ADD {
				return nil
			}
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.CallExpr: // fmt.Sprintf("https://…", …)
			if sel, ok := x.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Sprintf" || len(x.Args) == 0 {
				return nil
			}
			e = x.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// firstIdent returns the name an expression begins with: base + path.
func firstIdent(e ast.Expr) *ast.Ident {
	for range 100 {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.BinaryExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
	return nil
}

func unquoted(lit *ast.BasicLit) string {
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// enclosing names the function a place is in.
func enclosing(f *ast.File, pos token.Pos) string {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Pos() <= pos && pos < fn.End() {
			return fn.Name.Name
		}
	}
	return ""
}

// workflowCalls lists where a workflow calls production, or hands its address to
// a program.
func workflowCalls(w *workflow, marketplace func(string) string) []productionCall {
	var out []productionCall
	add := func(text string, at rules.Location) {
		if host, m := productionHost(text, marketplace); m != "" {
			out = append(out, productionCall{host, m, at})
		}
	}
	environment := func(n *yaml.Node, j *job) {
		for _, v := range pairs(n) {
			add(v.Value, w.place(v, j))
		}
	}
	environment(w.env, nil)
	for _, j := range w.jobs {
		environment(j.env, j)
		for _, st := range j.steps {
			environment(st.env, j)
			environment(st.with, j)
			for _, script := range st.scripts() {
				masked, _ := maskExprs(script.Value)
				for _, c := range commands(masked) {
					if name, _ := c.name(); name == "echo" || name == "printf" {
						continue
					}
					for _, word := range c.words {
						word = plain(word)
						if name, value, ok := strings.Cut(word, "="); ok && assignment(word) && name != "" {
							word = value
						}
						at := w.line(script, c.line)
						at.Symbol = w.place(script, j).Symbol
						add(word, at)
					}
				}
			}
		}
	}
	return out
}

// productionCalls runs the verifier of calls to production. It reads test files
// as text that parses, without types: what a test asks of the product's own code
// is not seen.
func (r *repository) productionCalls() (g rules.Gathered) {
	if r.opts.Marketplace == nil {
		g.Skipped("the hosts of the marketplaces are not known to this scan; run the whole scan", productionVerifier)
		return g
	}
	rd := r.reading()
	packages := map[string]*testPackage{}
	var folders []string
	rd.each(func(name string) bool {
		return strings.HasSuffix(name, "_test.go") && !inFolder(name, []string{"testdata"}, vendoredFolders)
	}, maxTestFile, func(name string, data []byte) {
		folder := path.Dir(name)
		p := packages[folder]
		if p == nil {
			p = &testPackage{fset: token.NewFileSet()}
			packages[folder] = p
			folders = append(folders, folder)
		}
		if err := p.add(name, data); err != nil {
			rd.problem("%s is no valid Go file: %v; correct it", name, err)
		}
	})
	var found []productionCall
	for _, folder := range folders {
		found = append(found, packages[folder].calls(r.opts.Marketplace)...)
	}
	rd.each(func(name string) bool { return workflowFile(name) || actionFile(name) }, maxWorkflow, func(name string, data []byte) {
		w, err := readWorkflow(name, data)
		if err != nil {
			rd.problem("%s is no valid workflow or action: %v; correct it", name, err)
			return
		}
		found = append(found, workflowCalls(w, r.opts.Marketplace)...)
	})
	for _, c := range found {
		where := "the test"
		if !strings.HasSuffix(c.at.Path, ".go") {
			where = "the pipeline"
		}
		g.Findings = append(g.Findings, finding(productionRule(), fmt.Sprintf("%s calls %s, which is the production API of %s", where, quote(c.host), c.marketplace), c.at, c.host))
	}
	rd.end(&g, productionVerifier)
	return g
}

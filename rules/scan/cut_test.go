package scan

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestCutBodies(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"empty", "package p\n", "package p\n"},
		{"body", "package p\nfunc f() int { return 1 }\n", "package p\nfunc f() int {}\n"},
		{"method", "package p\nfunc (t *T) F() { if x { y() } }\nvar z int", "package p\nfunc (t *T) F() {}\nvar z int"},
		{"no body", "package p\nfunc asm(x int) int\nfunc g() {}\n", "package p\nfunc asm(x int) int\nfunc g() {}\n"},
		{"brace in result", "package p\nfunc f() interface{ M() } { return nil }\n", "package p\nfunc f() interface{ M() } {}\n"},
		{"struct result", "package p\nfunc f() struct{ a int } { panic(1) }\n", "package p\nfunc f() struct{ a int } {}\n"},
		{"struct parameter", "package p\nfunc f(x struct{ a int }) { g() }\n", "package p\nfunc f(x struct{ a int }) {}\n"},
		{"type parameters", "package p\nfunc f[T interface{ ~int }](x T) { g() }\n", "package p\nfunc f[T interface{ ~int }](x T) {}\n"},
		{"braces in literals", "package p\nfunc f() { g(\"}\", '}', `}`, '\\'') }\nvar x = 1\n", "package p\nfunc f() {}\nvar x = 1\n"},
		{"comments", "// c\npackage p // d\n/* e */ func f() { /* } */ g() // }\n}\n", "\npackage p \n  func f() {}\n"},
		{"comment as line break", "package p\nvar x = 1 /* a\nb */ func f() { g() }\n", "package p\nvar x = 1 \n func f() {}\n"},
		{"function type", "package p\ntype F func(int) string\nvar f func()\nfunc g() { h() }\n", "package p\ntype F func(int) string\nvar f func()\nfunc g() {}\n"},
		{"function type on the next line", "package p\ntype F =\nfunc(int) string\nfunc g() { h() }\n", "package p\ntype F =\nfunc(int) string\nfunc g() {}\n"},
		{"function type in a literal", "package p\nvar m = map[string]func(int){\n\t\"a\": a,\n}\nfunc a(int) { h() }\n", "package p\nvar m = map[string]func(int){\n\t\"a\": a,\n}\nfunc a(int) {}\n"},
		{"literal in initialiser stays", "package p\nvar f = func() int { return 1 }\n", "package p\nvar f = func() int { return 1 }\n"},
		{"several lines", "package p\nfunc f(\n\ta int,\n) (\n\tb int,\n) {\n\treturn\n}\n", "package p\nfunc f(\n\ta int,\n) (\n\tb int,\n) {}\n"},
		{"unterminated string", "package p\nfunc f() { \"", "package p\nfunc f() { \""},
		{"unbalanced", "package p\nfunc f() { {", "package p\nfunc f() { {"},
		{"closing brace too many", "package p\n}\n", "package p\n}\n"},
		{"open comment", "package p\n/* x", "package p\n/* x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(cutBodies([]byte(tt.src))); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// declarations prints the declarations of src without function bodies and
// comments, the way cutBodies promises to keep them.
func declarations(src []byte) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			fn.Body = &ast.BlockStmt{}
		}
		var b bytes.Buffer
		if err := printer.Fprint(&b, fset, d); err != nil {
			return "", err
		}
		out.WriteString(strings.Join(strings.Fields(b.String()), " "))
		out.WriteByte('\n')
	}
	return out.String(), nil
}

// The standard library is the largest body of Go at hand: every file must
// declare the same after cutting.
func TestCutBodiesKeepsDeclarations(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	folders := []string{"net/http", "crypto/tls", "encoding/json", "runtime", "reflect", "go/types", "text/template", "slices", "syscall"}
	n := 0
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := declarations(src)
			if err != nil {
				continue
			}
			got, err := declarations(cutBodies(src))
			if err != nil {
				t.Errorf("%s does not parse after cutting: %v", name, err)
				continue
			}
			if got != want {
				t.Errorf("%s declares something else after cutting", name)
			}
			n++
		}
	}
	if n == 0 {
		t.Skip("the standard library's source is not installed")
	}
}

func FuzzCutBodies(f *testing.F) {
	f.Add([]byte("package p\nfunc f() interface{ M() } { return nil }\n"))
	f.Add([]byte("package p\ntype F =\nfunc(int) string\n/* a\n*/ func g() { `}` }\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got := cutBodies(src)
		want, err := declarations(src)
		if err != nil {
			return // not Go: any answer without a crash will do
		}
		if have, err := declarations(got); err != nil || have != want {
			t.Fatalf("declares something else after cutting: %v\n%s\n--- want\n%s", err, have, want)
		}
	})
}

package code

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestGodebugSettings(t *testing.T) {
	at := rules.Location{Path: "go.mod", Line: 5}
	for _, tt := range []struct {
		key, value string
		weak       bool
	}{
		{"tls10server", "1", true}, {"tlsrsakex", "1", true}, {"tls3des", "1", true}, {"x509sha1", "1", true},
		{"tls10server", "0", false}, {"tls10server", "", false}, {"http2client", "1", false}, {"default", "go1.21", false},
	} {
		hits := Godebug([]GodebugSetting{{tt.key, tt.value, at}})
		if got := len(hits) == 1; got != tt.weak {
			t.Errorf("%s=%s: weak %v, want %v", tt.key, tt.value, got, tt.weak)
		}
		if tt.weak && (hits[0].Rule != "MKT104/godebug" || hits[0].Setting.Location != at || hits[0].Message == "") {
			t.Errorf("%s: %+v", tt.key, hits[0])
		}
	}
}

func TestGoDebugLines(t *testing.T) {
	const src = `// Command x.

//go:debug tls10server=1
//go:debug tls3des=0
// a sentence about //go:debug tlsrsakex=1
//go:debug x509sha1=1
package main

//go:debug tlsrsakex=1

func main() {}
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]int{"main": {3, 6}, "lib": nil} {
		p := &pkg{fset: fset, files: []*ast.File{f}, types: types.NewPackage("x", name)}
		var lines []int
		for _, h := range p.goDebug() {
			lines = append(lines, fset.Position(h.Pos).Line)
		}
		if len(lines) != len(want) || len(want) == 2 && (lines[0] != want[0] || lines[1] != want[1]) {
			t.Errorf("package %s: lines %v, want %v", name, lines, want)
		}
	}
}

package scan

import (
	"fmt"
	"go/token"
	"go/types"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
)

// within runs f in a goroutine of its own and gives up on it after budget. A
// panic comes back as an error. Go cannot end a goroutine from outside: one that
// was given up on goes on until it ends by itself, and what it returns is
// dropped.
func within[T any](budget time.Duration, f func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a.err = fmt.Errorf("panicked: %v (%s)", r, panicSite(debug.Stack()))
			}
			done <- a
		}()
		a.value, a.err = f()
	}()
	timer := time.NewTimer(budget)
	defer timer.Stop()
	select {
	case a := <-done:
		return a.value, a.err
	case <-timer.C:
		var none T
		return none, fmt.Errorf("did not end within %s", budget)
	}
}

// panicSite names the function that panicked, which is what a bug report needs
// and no more than that.
func panicSite(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	after := false
	for _, line := range lines {
		if strings.HasPrefix(line, "panic(") {
			after = true
			continue
		}
		if after && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "runtime.") {
			name, _, _ := strings.Cut(line, "(0x")
			return "in " + strings.TrimSuffix(name, "(...)")
		}
	}
	return "place not known"
}

// newPass prepares a pass over one package for an analyzer that neither exports
// nor imports facts.
func newPass(a *analysis.Analyzer, p *packages.Package) *analysis.Pass {
	return &analysis.Pass{
		Analyzer:          a,
		Fset:              p.Fset,
		Files:             p.Syntax,
		Pkg:               p.Types,
		TypesInfo:         p.TypesInfo,
		TypesSizes:        p.TypesSizes,
		ResultOf:          map[*analysis.Analyzer]any{},
		Report:            func(analysis.Diagnostic) {},
		ReadFile:          func(name string) ([]byte, error) { return nil, fmt.Errorf("reading %s: analyzers read no files", name) },
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportObjectFact:  func(types.Object, analysis.Fact) {},
		ExportPackageFact: func(analysis.Fact) {},
		AllObjectFacts:    func() []analysis.ObjectFact { return nil },
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
	}
}

// position is a place inside one file as bytes see it.
func position(fset *token.FileSet, pos token.Pos) token.Position {
	return fset.PositionFor(pos, false) // //line directives name other files
}

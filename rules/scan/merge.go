package scan

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/staylisted/staylisted/rules"
)

// Several rules often see one weakness: gosec's older and newer rules for one
// call, gosec's rule and ours, the import of a broken primitive and its use.
// People should read it once. What is merged here is one weakness at one place;
// the strongest finding stays and names the others in Also.
//
// Merging never makes anything green. The finding that stays speaks for the
// controls of all that counted, has the highest class among them, and keeps the
// fingerprint it had. Whatever is suppressed, by a comment or by the policy, is
// neither merged nor merged into: an excuse for one rule says nothing about
// another. Findings judged on a number stay apart too, because each requirement
// compares the number with its own limit.

// mergeDuplicates returns the findings, in order, without those that repeat
// another one. excused tells of a finding that the policy excuses.
func mergeDuplicates(findings []rules.Finding, primitive func(*rules.Finding) string, excused func(*rules.Finding) bool) []rules.Finding {
	gone := make([]bool, len(findings))
	free := make([]bool, len(findings))
	for i := range findings {
		f := &findings[i]
		free[i] = f.Suppressed == nil && f.Measure == nil && len(f.CWE) > 0 && !excused(f)
	}
	mergeImports(findings, primitive, free, gone)
	mergePlaces(findings, free, gone)
	var out []rules.Finding
	for i, f := range findings {
		if !gone[i] {
			out = append(out, f)
		}
	}
	return out
}

// absorb lets keeper stand for other as well.
func absorb(keeper, other *rules.Finding) {
	for _, id := range append([]string{other.Rule}, other.Also...) {
		if id != keeper.Rule && !slices.Contains(keeper.Also, id) {
			keeper.Also = append(keeper.Also, id)
		}
	}
	slices.Sort(keeper.Also)
	keeper.Reported = earlier(keeper.Reported, other.Reported)
	if len(keeper.Steps) == 0 {
		keeper.Steps = other.Steps
	}
	// A note has no effect on any control, so nothing is lost with it.
	if other.Class == rules.Informational {
		return
	}
	for _, c := range other.Controls() {
		switch {
		case keeper.Control == "":
			keeper.Control = c
		case !slices.Contains(keeper.Controls(), c):
			keeper.MoreControls = append(keeper.MoreControls, c)
		}
	}
}

// mergeImports folds the import of a weak primitive into its first use in the
// same package, in the same file if there is one. Uses stay apart: each is
// mended, or excused, on its own. An import without a use that counts (a hash
// handed on as a function, or uses that are all excused) stays a finding.
func mergeImports(findings []rules.Finding, primitive func(*rules.Finding) string, free, gone []bool) {
	for i := range findings {
		f := &findings[i]
		if !free[i] || !importsPrimitive(f.Rule) {
			continue
		}
		what, best := primitive(f), -1
		for j := range findings {
			g := &findings[j]
			if what == "" || !free[j] || gone[j] || importsPrimitive(g.Rule) || path.Dir(g.Location.Path) != path.Dir(f.Location.Path) || primitive(g) != what {
				continue
			}
			if g.Class == rules.Informational && f.Class != rules.Informational {
				continue // a harmless use excuses no other use of the import
			}
			if best < 0 || findings[best].Location.Path != f.Location.Path && g.Location.Path == f.Location.Path {
				best = j
			}
		}
		if best >= 0 {
			absorb(&findings[best], f)
			gone[i] = true
		}
	}
}

// importsPrimitive reports whether a rule flags the import of a broken
// primitive; its use is flagged by G401, G405 and G406.
func importsPrimitive(rule string) bool {
	switch rules.Family(rule) {
	case "G501", "G502", "G503", "G505", "G506", "G507":
		return true
	}
	return false
}

// mergePlaces merges findings of different rules about one kind of weakness in
// one statement on one line. Two findings of one rule are two places, so each
// takes at most one of every other rule.
func mergePlaces(findings []rules.Finding, free, gone []bool) {
	order := make([]int, 0, len(findings))
	for i := range findings {
		if free[i] && !gone[i] && !importsPrimitive(findings[i].Rule) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return stronger(&findings[a], &findings[b]) })
	type line struct {
		path string
		line int
	}
	keepers := map[line][]int{}
	taken := map[int][]string{} // rule families that a keeper stands for
	for _, i := range order {
		f := &findings[i]
		at := line{f.Location.Path, f.Location.Line}
		best := -1
		for _, k := range keepers[at] {
			g := &findings[k]
			if !sameSymbol(f, g) || !sameWeakness(f.CWE, g.CWE) || slices.Contains(taken[k], rules.Family(f.Rule)) {
				continue
			}
			if best < 0 || distance(f, g) < distance(f, &findings[best]) {
				best = k
			}
		}
		if best < 0 {
			keepers[at] = append(keepers[at], i)
			taken[i] = []string{rules.Family(f.Rule)}
			continue
		}
		absorb(&findings[best], f)
		taken[best] = append(taken[best], rules.Family(f.Rule))
		gone[i] = true
	}
}

// sameSymbol reports whether two findings of a line lie in the same declaration.
// Rules over files of any kind do not know declarations.
func sameSymbol(a, b *rules.Finding) bool {
	return a.Location.Symbol == b.Location.Symbol || a.Source == "file" || b.Source == "file"
}

// stronger sorts the finding to keep first: by class, score, ours before
// gosec's (they say more), the longer path, then rule and place.
func stronger(a, b *rules.Finding) int {
	class := func(f *rules.Finding) int {
		return slices.Index([]rules.Class{rules.Violation, rules.Review, rules.Informational}, f.Class)
	}
	score := func(f *rules.Finding) float64 {
		if f.CVSS == nil {
			return 0
		}
		return f.CVSS.Score
	}
	foreign := func(f *rules.Finding) int {
		if f.Rule != "" && f.Rule[0] == 'G' {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(class(a), class(b)), cmp.Compare(score(b), score(a)), cmp.Compare(foreign(a), foreign(b)),
		cmp.Compare(len(b.Steps), len(a.Steps)), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Location.Column, b.Location.Column))
}

// distance is how far apart two findings on one line begin.
func distance(a, b *rules.Finding) int {
	return max(a.Location.Column-b.Location.Column, b.Location.Column-a.Location.Column)
}

// sameWeakness reports whether two lists of CWE ids share one, or a family.
func sameWeakness(a, b []int) bool {
	return slices.ContainsFunc(a, func(x int) bool {
		return slices.ContainsFunc(b, func(y int) bool { return cweFamily(x) == cweFamily(y) })
	})
}

// cweFamily names a family of weaknesses that rules tell apart and a person who
// mends the line does not: by its most common member. An id without a family is
// its own.
func cweFamily(id int) int {
	switch id {
	case 89, 564, 943: // SQL, ORM and document queries
		return 89
	case 77, 78, 88: // commands and their arguments
		return 78
	case 22, 23, 36, 73: // files named from outside
		return 22
	case 79, 80, 83, 116: // output that a browser runs
		return 79
	case 256, 327, 328, 759, 760, 916: // broken hashes, of passwords too
		return 327
	case 330, 338: // numbers that can be guessed
		return 338
	case 614, 1004, 1275: // attributes of cookies
		return 614
	case 259, 321, 798, 1188: // secrets in the source
		return 798
	}
	return id
}

// primitive names the package of cryptography that a hit of gosec's rules on
// weak primitives is about: what is imported or called there. It is empty when
// that is not known.
func (pl *placer) primitive(rule string, pos token.Pos) string {
	switch {
	case importsPrimitive(rule), rule == "G401", rule == "G405", rule == "G406":
	default:
		return ""
	}
	f := pl.files[position(pl.p.fset, pos).Filename]
	if f == nil {
		return ""
	}
	nodes, _ := astutil.PathEnclosingInterval(f, pos, pos)
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.ImportSpec:
			name, _ := strconv.Unquote(n.Path.Value)
			return name
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok {
					if name, ok := pl.p.info.Uses[x].(*types.PkgName); ok {
						return name.Imported().Path()
					}
				}
			}
			return ""
		}
	}
	return ""
}

package code

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// judgeJoin judges a path that is joined with a name from an archive (G305),
// where the join is, not where the path is used. It is a note when every way
// the path takes is seen and a check stands on each one to a function that
// creates files.
func (p *pkg) judgeJoin(pos token.Pos) *Judgement {
	var worst *Judgement
	for _, c := range p.inputs().calls("path/filepath", "path") {
		v, ok := c.instr.(*ssa.Call)
		if !ok || c.name != "Join" || !p.sameLine(v.Pos(), pos) {
			continue
		}
		j := p.judgeJoined(v)
		if j == nil {
			return nil
		}
		worst = worseOf(worst, j)
	}
	return worst
}

func (p *pkg) judgeJoined(joined *ssa.Call) *Judgement {
	if !p.seenToTheEnd(joined) {
		if p.checksNames(joined.Pos()) {
			return &Judgement{Class: rules.Review, Reason: "the function looks at a path, and where this one goes is not all seen"}
		}
		return nil
	}
	m := p.inputs()
	lost, why := false, ""
	for _, table := range []sinkTable{archiveSinks, fileSinks} {
		reached := false
		p.each(table, func(c *call, args []int) {
			for _, i := range args {
				if c.arg(i) == nil || reached {
					continue
				}
				t := &taint{m: m, need: need{use: usePath}, seen: map[visit]bool{}, left: maxTaintVisits}
				t.target = joined
				reached = t.trace(c.arg(i), nil, c.instr, nil, 0) != nil
				if t.cut { // a check ended the way; behind it nothing else is of interest
					why = t.why
					lost = lost || t.named || t.twice
				}
			}
		})
		if reached {
			return nil
		}
	}
	if lost || why == "" {
		return &Judgement{Class: rules.Review, Reason: "no way to a file is seen that goes round a check, but not every check is understood"}
	}
	return &Judgement{Class: rules.Informational, Reason: "the path cannot leave its directory: " + why}
}

// passesOn reports whether what is made of a text may be used as one. What an
// error says is shown, not opened.
func passesOn(made ssa.Value) bool {
	return carriesText(made.Type(), false, false) && made.Type().String() != "error"
}

// checksNames reports whether the function around a place checks a path, so that
// whether the check is a good one has to be read.
func (p *pkg) checksNames(pos token.Pos) bool {
	d := p.declAt(pos)
	if d == nil {
		return false
	}
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
				found = found || slices.Contains([]string{"HasPrefix", "IsLocal", "Localize", "Rel", "SecureJoin", "OpenRoot", "OpenInRoot"}, sel.Sel.Name)
			}
		}
		return !found
	})
	return found
}

// seenToTheEnd reports whether a text stays within this package and functions
// of the standard library, so that all its uses are seen.
func (p *pkg) seenToTheEnd(text ssa.Value) bool {
	p.index()
	m := p.inputs()
	seen := map[ssa.Value]bool{}
	work := []ssa.Value{text}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[v] {
			continue
		}
		if seen[v] = true; len(seen) > 300 || v.Referrers() == nil {
			return false
		}
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.DebugRef, *ssa.If:
			case *ssa.Phi, *ssa.BinOp, *ssa.Slice, *ssa.Extract, *ssa.ChangeType, *ssa.Convert, *ssa.MakeInterface, *ssa.Index, *ssa.Lookup:
				if made := x.(ssa.Value); passesOn(made) {
					work = append(work, made)
				}
			case *ssa.Store:
				site := variadicSite(x)
				if site == nil {
					return false
				}
				if c := m.p.asCall(site, nil); c == nil || !standardPath(c.path) {
					return false
				}
				if made := site.Value(); made != nil && passesOn(made) {
					work = append(work, made)
				}
			case ssa.CallInstruction:
				fns := m.callees(x)
				if len(fns) == 0 || x.Common().IsInvoke() {
					c := m.p.asCall(x, nil)
					if c == nil || !standardPath(c.path) {
						return false
					}
					if made := x.Value(); made != nil && keepers[c.path] && passesOn(made) {
						work = append(work, made)
					}
					continue
				}
				for _, fn := range fns {
					for i, param := range fn.Params {
						if argument(x, fn, i) == v {
							work = append(work, param)
						}
					}
				}
			case *ssa.Return:
				fn := x.Parent()
				if p.calledElsewhere(fn) || len(m.callSites(fn)) == 0 {
					return false
				}
				i := slices.Index(x.Results, v)
				for _, site := range m.callSites(fn) {
					made := site.Value()
					if made == nil {
						continue
					}
					if len(x.Results) == 1 {
						work = append(work, made)
						continue
					}
					for _, sr := range *made.Referrers() {
						if ex, ok := sr.(*ssa.Extract); ok && ex.Index == i {
							work = append(work, ex)
						}
					}
				}
			default:
				return false
			}
		}
	}
	return true
}

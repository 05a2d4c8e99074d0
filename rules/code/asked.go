package code

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// codeHosts serve modules of many owners: there a repository is the third part
// of an import path.
var codeHosts = setOf("github.com gitlab.com bitbucket.org codeberg.org git.sr.ht gitea.com dev.azure.com")

// ownTree reports whether an import path belongs to the repository of the
// package, going by the parts that tell repositories apart.
func (p *pkg) ownTree(path string) bool {
	tree := func(path string) string {
		parts := strings.SplitN(path, "/", 4)
		n := 1
		if codeHosts[parts[0]] {
			n = 3
		}
		return strings.Join(parts[:min(n, len(parts))], "/")
	}
	own := p.types.Path()
	return path != own && strings.Contains(tree(path), ".") && tree(path) == tree(own)
}

// onlyAsks reports whether a call of another package of the repository can do
// no more than tell who asks: it is given no way to answer, is not named like
// something that refuses, and its result is used without a look at it.
func (t *routeTable) onlyAsks(c *call) bool {
	x, ok := c.instr.(*ssa.Call)
	if !ok || c.fn.Pkg() == nil || !t.p.ownTree(c.fn.Pkg().Path()) || c.fn.Signature().Results().Len() == 0 {
		return false
	}
	if SplitName(c.name).Has("must", "require", "requires", "ensure", "check", "checks", "verify", "verifies", "assert", "enforce", "authorize", "authenticate", "validate", "guard", "protect", "allow", "allowed", "permit", "can", "deny", "only", "reject", "parse", "new", "middleware") {
		return false
	}
	for _, a := range x.Call.Args {
		n := namedType(a.Type())
		if n == nil || n.Obj().Pkg() == nil {
			continue
		}
		switch path := cleanPath(n.Obj().Pkg().Path()); {
		case path == netHTTP && n.Obj().Name() == "Request", path == "context", path == "net/url":
		case path == netHTTP, path == ginPath, path == echoPath, path == fiberPath:
			return false // it may answer
		}
	}
	return !decidedOn(x, 0)
}

// decidedOn reports whether a branch, a comparison, a return or something that
// is not followed depends on a value.
func decidedOn(v ssa.Value, depth int) bool {
	if depth > 6 || v.Referrers() == nil {
		return true
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.DebugRef:
		case *ssa.MapUpdate: // an argument by name
			if x.Value != v && x.Key != v {
				return true
			}
		case *ssa.Store:
			if _, element := x.Addr.(*ssa.IndexAddr); !element || x.Val != v {
				return true
			}
		case *ssa.Call:
			if bi, ok := x.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" {
				return true
			}
			// Own code that is given the answer may look at it.
			if fn := x.Call.StaticCallee(); fn != nil && len(fn.Blocks) > 0 || x.Call.Value == v || x.Call.IsInvoke() && x.Call.Value == v {
				return true
			}
		case *ssa.UnOp:
			if x.Op == token.NOT || decidedOn(x, depth+1) {
				return true
			}
		case *ssa.Extract, *ssa.TypeAssert, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.FieldAddr, *ssa.Field, *ssa.Slice:
			if decidedOn(x.(ssa.Value), depth+1) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

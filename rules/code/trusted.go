package code

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// trustedTypes are the types that html/template does not escape.
var trustedTypes = setOf("HTML HTMLAttr JS JSStr CSS URL Srcset")

// trustedHits judges conversions to types that html/template trusts. The place
// is the call that renders the value where the function holds one, so that it
// stands with the other writes of pages, and the conversion where not.
func (p *pkg) trustedHits() []Hit {
	if !importsAny(p.types, paths("html/template")) {
		return nil
	}
	n := pageNeed()
	var hits []Hit
	taken := map[token.Pos]bool{}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		x, name := trustedConversion(instr)
		if x == nil {
			return
		}
		if _, ok := x.(*ssa.Const); ok {
			return
		}
		in := p.inputs().find(x, instr, n)
		if in == nil {
			return
		}
		use := p.rendering(instr.(ssa.Value))
		if use.lost {
			return
		}
		h := Hit{Rule: "MKT208", Pos: instr.Pos(), Message: upper(in.what) + " is declared safe as template." + name + ", so that html/template does not escape it; pass it as a string"}
		if e := p.callAt(instr.Pos()); e != nil {
			h.Pos, h.End = e.Pos(), e.End()
		}
		h.Steps = append(append(h.Steps, in.steps...), Step{h.Pos, "declared safe as template." + name})
		if use.call != nil {
			at := p.hit("MKT208", use.call.instr, -1, h.Message)
			if !taken[at.Pos] {
				taken[at.Pos] = true
				h.Pos, h.End = at.Pos, at.End
				h.Steps = append(h.Steps, Step{at.Pos, "rendered by " + use.call.name})
			}
		}
		if !in.certain(n) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	})
	return hits
}

// A rendering is what a function does with a value that is declared safe.
type rendering struct {
	call *call // renders it, nil when that is not in the function
	lost bool  // nothing is done with it
}

// renderCalls take a template's data.
var renderCalls = sinkCalls(map[string]string{
	"html/template": `Template.Execute:1 Template.ExecuteTemplate:2`,
	pathGin:         `Context.HTML:2`,
	pathEcho:        `Context.Render:2`,
	pathFiber:       `Ctx.Render:1`,
})

// rendering follows a value forward through its function: into structs, maps and
// interfaces that a template is executed with.
func (p *pkg) rendering(v ssa.Value) rendering {
	out := rendering{lost: true}
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value)
	// put follows the object that an address is a part of.
	put := func(addr ssa.Value) {
		for {
			switch a := addr.(type) {
			case *ssa.FieldAddr:
				addr = a.X
				continue
			case *ssa.IndexAddr:
				addr = a.X
				continue
			}
			break
		}
		if _, ok := addr.(*ssa.Alloc); !ok {
			out.lost = false
		}
		visit(addr)
	}
	visit = func(v ssa.Value) {
		refs := v.Referrers()
		if seen[v] || refs == nil || len(seen) > 60 {
			return
		}
		seen[v] = true
		for _, r := range *refs {
			switch x := r.(type) {
			case *ssa.DebugRef:
			case *ssa.Store:
				if x.Val == v {
					put(x.Addr)
				}
			case *ssa.MapUpdate:
				if x.Value == v {
					out.lost = false
					visit(x.Map)
				}
			case ssa.CallInstruction:
				out.lost = false
				d := p.asCall(x, nil)
				if d == nil || out.call != nil {
					continue
				}
				for _, i := range renderCalls[d.path][d.callee()] {
					if d.arg(i) == v {
						out.call = d
					}
				}
			case *ssa.MakeInterface, *ssa.Phi, *ssa.ChangeInterface, *ssa.Slice, *ssa.ChangeType, *ssa.FieldAddr, *ssa.IndexAddr:
				visit(x.(ssa.Value))
			case *ssa.UnOp:
				visit(x)
			default:
				out.lost = false
			}
		}
	}
	visit(v)
	return out
}

// walked reports whether a parameter is the path that a walk over the file
// system hands out.
func (m *inputs) walked(x *ssa.Parameter) bool {
	fn := x.Parent()
	if len(fn.Params) != 3 || fn.Params[0] != x || x.Type() != types.Typ[types.String] || fn.Signature.Recv() != nil {
		return false
	}
	for _, c := range m.calls("path/filepath") {
		if c.name != "Walk" && c.name != "WalkDir" {
			continue
		}
		v := c.arg(1)
		if ct, ok := v.(*ssa.ChangeType); ok {
			v = ct.X
		}
		if mc, ok := v.(*ssa.MakeClosure); ok {
			v = mc.Fn
		}
		if v == ssa.Value(fn) {
			return true
		}
	}
	return false
}

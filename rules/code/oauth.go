package code

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

const xoauth2 = "golang.org/x/oauth2"

var oauthGate = func(path string) bool { return path == xoauth2 || strings.HasPrefix(path, xoauth2+"/") }

// oauthCalls visits the calls of a method of oauth2.Config.
func (p *pkg) oauthCalls(method string, do func(*call)) {
	p.eachCall(paths(xoauth2), func(c *call) {
		if c.callee() == "Config."+method {
			do(c)
		}
	})
}

// authOption is an option of AuthCodeURL or Exchange, by the function that made
// it and its constant arguments.
type authOption struct {
	name string
	args []string
}

// authOptions reads the options at the end of a call. known is false when they
// come from where they cannot be read.
func (p *pkg) authOptions(c *call) (opts []authOption, known bool) {
	if len(c.args) == 0 {
		return nil, true
	}
	elems, known := variadic(c.args[len(c.args)-1])
	for _, e := range elems {
		origins, more := p.origins(e)
		if more || len(origins) != 1 {
			known = false
			continue
		}
		switch x := origins[0].v.(type) {
		case *ssa.UnOp:
			g, ok := x.X.(*ssa.Global)
			if !ok || g.Pkg == nil || p.pathOf(g.Pkg.Pkg) != xoauth2 {
				known = false
				continue
			}
			opts = append(opts, authOption{name: g.Name()})
		case *ssa.Call:
			d := p.asCall(x, nil)
			if d == nil || d.path != xoauth2 && d.path != goOIDC+"/oidc" && d.path != goOIDC {
				known = false
				continue
			}
			o := authOption{name: d.name}
			for _, a := range d.args {
				ts, _ := p.texts(a)
				s := ""
				if len(ts) == 1 {
					s = ts[0].s
				}
				o.args = append(o.args, s)
			}
			opts = append(opts, o)
		default:
			known = false
		}
	}
	return opts, known
}

// challenges reports whether an option carries an S256 challenge; a verifier
// option of Exchange is its other half.
func (o authOption) challenges() bool {
	return o.name == "S256ChallengeOption" || o.name == "S256ChallengeFromVerifier" || o.name == "VerifierOption" ||
		o.name == "SetAuthURLParam" && len(o.args) == 2 && (o.args[0] == "code_challenge" || o.args[0] == "code_verifier")
}

// serves reports whether a function answers requests: it, or a function of this
// package that calls it, takes one.
func (p *pkg) serves(fn *ssa.Function) bool {
	seen := map[*ssa.Function]bool{}
	work := []*ssa.Function{fn}
	for len(work) > 0 && len(seen) < 64 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if fn == nil || seen[fn] {
			continue
		}
		seen[fn] = true
		for _, param := range fn.Params {
			n := namedType(param.Type())
			if n == nil || n.Obj().Pkg() == nil {
				continue
			}
			if p.isResponse(param.Type()) || requestTypes[p.pathOf(n.Obj().Pkg())+" "+n.Obj().Name()] && n.Obj().Name() != "Header" && n.Obj().Name() != "Cookie" {
				return true
			}
		}
		work = append(work, fn.Parent())
		for _, c := range p.callSites(fn) {
			work = append(work, c.Parent())
		}
	}
	return false
}

// reads visits the calls and lookups that take a value of that name out of a
// request: FormValue("state"), Query().Get("state"), c.Query("state"),
// values["state"].
func (p *pkg) reads(name string, do func(ssa.Value)) {
	is := func(v ssa.Value) bool {
		c, ok := unwrap(v).(*ssa.Const)
		return ok && c.Value != nil && isText(c.Type()) && c.Value.ExactString() == `"`+name+`"`
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.Call:
			if c := p.asCall(x, nil); c != nil && len(c.args) > 0 && is(c.args[0]) && isGetter(c.name) {
				do(x)
			}
		case *ssa.Lookup:
			if is(x.Index) {
				do(x)
			}
		}
	})
}

// isGetter reports whether a method of that name takes a parameter out of a
// request.
func isGetter(name string) bool {
	switch name {
	case "FormValue", "PostFormValue", "Get", "Query", "DefaultQuery", "GetQuery", "PostForm", "QueryParam", "Param", "Params", "URLParam", "PathValue", "QueryValue", "Peek", "GetString":
		return true
	}
	return false
}

// mentions reports whether the package speaks of a name: as a constant argument,
// a map key, or in the tag of a struct that is filled from outside.
func (p *pkg) mentions(name string) bool {
	return p.quotes(name) || slices.ContainsFunc(p.tagNames(), func(tag string) bool { return tag == name })
}

// quotes reports whether the package speaks of a name outside of tags.
func (p *pkg) quotes(name string) bool {
	found := false
	var ops []*ssa.Value
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if found {
			return
		}
		ops = instr.Operands(ops[:0])
		for _, op := range ops {
			if c, ok := (*op).(*ssa.Const); ok && c.Value != nil && isText(c.Type()) && c.Value.ExactString() == `"`+name+`"` {
				found = true
			}
		}
	})
	return found
}

// tagNames lists the names in the struct tags of the package.
func (p *pkg) tagNames() []string {
	var names []string
	p.eachTag(func(key, name string) { names = append(names, name) })
	return names
}

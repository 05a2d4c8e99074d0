package code

import (
	"go/constant"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Checks that are made and hold nobody up: the credential may be left out, or
// the way of a failure joins the good one again.

// An absence is a branch on whether a request carries a credential.
type absence struct {
	cond            *ssa.If
	absent, present *ssa.BasicBlock
	what            string
}

// absences lists the branches of a function on whether a credential was sent.
func (t *routeTable) absences(fn *ssa.Function) []absence {
	var out []absence
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cmp, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		k, ok := cmp.Y.(*ssa.Const)
		if !ok {
			continue
		}
		v := cmp.X
		if call, isCall := v.(*ssa.Call); isCall {
			if bi, isBuiltin := call.Call.Value.(*ssa.Builtin); isBuiltin && bi.Name() == "len" {
				v = call.Call.Args[0]
			}
		}
		what := t.credentialRead(v, 0)
		if what == "" {
			continue
		}
		yes, no := b.Succs[0], b.Succs[1]
		empty := k.Value != nil && (k.Value.Kind() == constant.String && constant.StringVal(k.Value) == "" || k.Value.Kind() == constant.Int && k.Value.ExactString() == "0")
		isError := k.IsNil() && v.Type().String() == "error"
		switch {
		case empty && cmp.Op == token.EQL, isError && cmp.Op == token.NEQ:
			out = append(out, absence{br, yes, no, what})
		case empty && (cmp.Op == token.NEQ || cmp.Op == token.GTR), isError && cmp.Op == token.EQL:
			out = append(out, absence{br, no, yes, what})
		}
	}
	return out
}

// credentialRead names the credential of the request that a value is, or the
// error of reading it; "" when it is none. Values that other headers carry, an
// origin or a tenant, are none.
func (t *routeTable) credentialRead(v ssa.Value, depth int) string {
	if depth > 5 {
		return ""
	}
	switch x := v.(type) {
	case *ssa.Extract:
		return t.credentialRead(x.Tuple, depth+1)
	case *ssa.Convert:
		return t.credentialRead(x.X, depth+1)
	case *ssa.UnOp: // cookie.Value
		if fa, ok := x.X.(*ssa.FieldAddr); ok && x.Op == token.MUL && t.p.isType(fa.X.Type(), netHTTP, "Cookie") {
			return t.credentialRead(fa.X, depth+1)
		}
	case *ssa.Call:
		c := t.p.asCall(x, nil)
		if c == nil || len(c.args) == 0 {
			return ""
		}
		if c.path == "strings" {
			return t.credentialRead(c.args[0], depth+1)
		}
		key, ok := constText(c.args[0])
		if !ok {
			return ""
		}
		n := SplitName(key)
		switch c.path + " " + c.callee() {
		case "net/http Header.Get", ginPath + " Context.GetHeader", fiberPath + " Ctx.Get":
			e := headerProof(key)
			if e&(proofBearer|proofSignature) != 0 || e&proofKey != 0 && n.Has("token", "key", "secret", "auth", "jwt", "apikey", "password", "credential") {
				return "the header " + key
			}
		case "net/http Request.Cookie", ginPath + " Context.Cookie", echoPath + " Context.Cookie", fiberPath + " Ctx.Cookies":
			if cookieProof(key) == proofCookie {
				return "the cookie " + key
			}
		}
	}
	return ""
}

// opens reports whether leaving the credential out leads where a checked one
// leads: to the same block with nothing kept, or to the next handler with the
// same request. What the present way does beside checking, as putting the user
// into the request, makes the check an optional one, which is no weakness.
func (p *pkg) opens(a absence, next bool) bool {
	fn := a.cond.Parent()
	if len(a.present.Preds) != 1 || a.absent == a.present {
		return false
	}
	join := a.absent
	var passed ssa.Value
	if len(a.absent.Preds) == 1 {
		last := a.absent.Instrs[len(a.absent.Instrs)-1]
		switch last.(type) {
		case *ssa.Jump:
			if p.tellsMore(a.absent) || p.stops(a.absent) {
				return false
			}
			join = a.absent.Succs[0]
		case *ssa.Return:
			if passed = p.nextIn(a.absent, 1); !next || passed == nil || p.refuses(a.absent) {
				return false
			}
		default:
			return false
		}
	}
	if _, kept := join.Instrs[0].(*ssa.Phi); kept {
		return false
	}
	refused, joined := false, false
	for _, b := range fn.Blocks {
		if !a.present.Dominates(b) {
			continue
		}
		if p.keeps(b) {
			return false
		}
		refused = refused || p.refuses(b)
		for _, s := range b.Succs {
			joined = joined || s == join
		}
		if passed != nil && !p.refuses(b) {
			if v := p.nextIn(b, 1); v != nil {
				if !sameValue(v, passed) {
					return false
				}
				joined = true
			}
		}
	}
	if !refused || !joined || p.refuses(join) {
		return false
	}
	return !next || passed != nil || p.nextIn(join, 2) != nil
}

// refuses reports whether a block ends the request with an error.
func (p *pkg) refuses(b *ssa.BasicBlock) bool {
	ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
	if !ok {
		return false
	}
	for _, v := range ret.Results {
		if k, isConst := v.(*ssa.Const); v.Type().String() == "error" && !(isConst && k.IsNil()) {
			return true
		}
	}
	for _, instr := range b.Instrs {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if c := p.asCall(ci, nil); c != nil && !isLogCall(c) && denies(c) {
				return true
			}
		}
	}
	return false
}

// keeps reports whether a block remembers something about the request.
func (p *pkg) keeps(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch x := instr.(type) {
		case *ssa.MapUpdate:
			return true
		case *ssa.Store:
			if _, element := x.Addr.(*ssa.IndexAddr); !element {
				return true
			}
		case ssa.CallInstruction:
			if c := p.asCall(x, nil); c != nil && (SplitName(c.name).Has("set", "locals", "with", "put", "add") && !isLogCall(c)) {
				return true
			}
		}
	}
	return false
}

// isLogCall reports whether a call writes to a log.
func isLogCall(c *call) bool {
	if c.path == "log" || c.path == "log/slog" || c.path == "fmt" || isLogPath(c.path) {
		return true
	}
	n := SplitName(c.recv)
	return n.Has("logger", "log", "slog")
}

// stops reports whether a block makes sure that nothing comes after it, though
// it does not return: gin skips what follows Abort, and a panic unwinds.
func (p *pkg) stops(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		c := p.asCall(ci, nil)
		if c == nil {
			continue
		}
		switch {
		case strings.HasPrefix(c.name, "Abort"), strings.HasPrefix(c.name, "Fatal"), strings.HasPrefix(c.name, "Panic"), c.name == "Exit", c.name == "Goexit", strings.HasPrefix(c.name, "Must"), SplitName(c.name).Has("abort", "panic", "die"):
			return true
		}
		if fn := ci.Common().StaticCallee(); fn != nil && len(fn.Blocks) > 0 && !returns(fn) {
			return true
		}
	}
	return false
}

// returns reports whether a function comes back to its caller at all.
func returns(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
	}
	return false
}

// joins reports whether the way of a failure comes back to the good one, and
// whether it has answered with an error before.
func (p *pkg) joins(failed, good *ssa.BasicBlock) (joined, answered bool) {
	if _, ok := failed.Instrs[len(failed.Instrs)-1].(*ssa.Jump); !ok || failed.Succs[0] != good || p.stops(failed) {
		return false, false
	}
	if _, kept := good.Instrs[0].(*ssa.Phi); kept {
		return false, false // what is kept tells the failure
	}
	for _, instr := range failed.Instrs {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if c := p.asCall(ci, nil); c != nil && !isLogCall(c) && denies(c) {
				answered = true
			}
		}
	}
	return true, answered
}

// hollow says why the signature checks of a webhook's handler hold nobody up;
// "" when there is none, or one that does.
func (t *routeTable) hollow(fn *ssa.Function) string {
	p := t.p
	why, sound := "", false
	within(fn, func(instr ssa.Instruction) {
		x, ok := instr.(*ssa.Call)
		if !ok || sound {
			return
		}
		c := p.asCall(x, nil)
		if c == nil {
			return
		}
		i, known := verifierCalls[c.path+" "+c.callee()]
		if !known {
			callee := x.Call.StaticCallee()
			if callee == nil || len(callee.Blocks) == 0 || t.effectsOf(callee, 1)&proofs == 0 {
				return
			}
			res := callee.Signature.Results()
			if res.Len() == 0 {
				sound = true // it may answer itself
				return
			}
			i = res.Len() - 1
			if s := res.At(i).Type().String(); s != "error" && s != "bool" {
				if t.effectsOf(callee, 1)&proofs&^(proofSignature|proofKey) != 0 {
					sound = true
				}
				return
			}
		}
		verdict, others := results(x, i)
		switch {
		case verdict == nil || !used(verdict):
			if anyUsed(others) || deniedAnyway(x) {
				sound = true
				return
			}
			why = "the answer of the check is thrown away"
		default:
			one := p.heldUp(verdict)
			if one == "" {
				for _, a := range t.absences(x.Parent()) {
					if a.present.Dominates(x.Block()) && p.opens(a, false) {
						one = "without " + a.what + " nothing is checked"
					}
				}
			}
			if one == "" {
				sound = true
				return
			}
			why = one
		}
	})
	if sound {
		return ""
	}
	return why
}

// heldUp says how a check's failure goes on as if it were none; "" when it does
// not, or when more is done with the verdict than to branch on it.
func (p *pkg) heldUp(verdict ssa.Value) string {
	why := ""
	for _, r := range *verdict.Referrers() {
		var failed, good *ssa.BasicBlock
		switch x := r.(type) {
		case *ssa.DebugRef:
			continue
		case *ssa.BinOp:
			br := onlyIf(x)
			if br == nil {
				return ""
			}
			failed, good = sides(x, br, verdict)
		case *ssa.If:
			good, failed = x.Block().Succs[0], x.Block().Succs[1]
		case *ssa.UnOp:
			br := onlyIf(x)
			if br == nil || x.Op != token.NOT {
				return ""
			}
			failed, good = br.Block().Succs[0], br.Block().Succs[1]
		default:
			switch v := r.(type) { // the error in a log line
			case *ssa.MakeInterface, *ssa.ChangeInterface:
				if onlyNoted(p, v.(ssa.Value), 0) {
					continue
				}
			}
			if ci, ok := r.(ssa.CallInstruction); ok { // err.Error()
				if v, isValue := ci.(*ssa.Call); isValue && ci.Common().IsInvoke() && onlyNoted(p, v, 0) {
					continue
				}
			}
			return ""
		}
		if failed == nil {
			return ""
		}
		joined, answered := p.joins(failed, good)
		switch {
		case !joined || p.tellsMore(failed) && !answered:
			return ""
		case answered:
			why = "an error is answered, and the handler goes on"
		default:
			why = "a failure is noted, and the handler goes on"
		}
	}
	return why
}

// onlyNoted reports whether all that becomes of a value is a line in a log, as
// it is or as its length.
func onlyNoted(p *pkg, v ssa.Value, depth int) bool {
	if depth > 8 || v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Convert, *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.Slice, *ssa.Extract:
			if !onlyNoted(p, x.(ssa.Value), depth+1) {
				return false
			}
		case *ssa.BinOp:
			if x.Op != token.ADD || !onlyNoted(p, x, depth+1) {
				return false
			}
		case *ssa.Store: // an argument of a log call
			ia, ok := x.Addr.(*ssa.IndexAddr)
			if !ok || x.Val != v || !onlyLogged(p, ia.X, depth+1) {
				return false
			}
		case *ssa.Call:
			if bi, ok := x.Call.Value.(*ssa.Builtin); ok {
				if bi.Name() != "len" || !onlyNoted(p, x, depth+1) {
					return false
				}
				continue
			}
			c := p.asCall(x, nil)
			switch {
			case c == nil:
				return false
			case isLogCall(c) && c.path != "fmt", c.path == "fmt" && strings.HasPrefix(c.name, "Print"):
			case c.path == "fmt" && strings.HasPrefix(c.name, "Sprint"), c.path == "strings" && c.name != "EqualFold" && c.name != "HasPrefix", c.path == "log/slog", isLogPath(c.path), c.name == "Error" && len(c.args) == 0:
				if !onlyNoted(p, x, depth+1) {
					return false
				}
			case isText(x.Type()) && !givenRequest(x.Call.Args):
				// Whatever makes a text of it, the text is all that comes of it.
				if !onlyNoted(p, x, depth+1) {
					return false
				}
			default:
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyLogged is onlyNoted for the array behind a variadic list.
func onlyLogged(p *pkg, array ssa.Value, depth int) bool {
	if _, ok := array.(*ssa.Alloc); !ok || depth > 8 {
		return false
	}
	for _, r := range *array.Referrers() {
		switch x := r.(type) {
		case *ssa.IndexAddr, *ssa.DebugRef:
		case *ssa.Slice:
			if !onlyNoted(p, x, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

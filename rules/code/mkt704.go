package code

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt704 flags checks whose failure changes nothing.
func mkt704() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT704",
		Name:     "fail-open",
		Title:    "Failed check lets the request through",
		Class:    rules.Violation,
		Controls: []string{"error-safe", "endpoint-auth"},
		CWE:      []int{636, 755},
		Vector:   v74,
		Flags: "A call that verifies a token, a signature, a MAC, a password or a certificate whose error or answer is thrown away; and one whose failure goes on to the next handler (an error that is answered without a return included), answers true, or returns no error from a function that returns nothing else or what was to be verified. " +
			"A middleware that lets requests without a credential through like checked ones; it is a violation where a route behind it asks for nothing else, else a review finding. " +
			"Where the failed and the good way differ in what they pass on, as with optional authentication, it is a review finding.",
		Safe:        "A failure that ends in an error answer, an error value or false. `token.Valid` read after a parse whose error is ignored.",
		Remediation: "Deny on every error: answer 401 or return the error, and only then go on.",
		Wrong:       "if _, err := verifier.Verify(ctx, raw); err != nil {\n\tlog.Println(err)\n}\nnext.ServeHTTP(w, r)",
		Right:       "if _, err := verifier.Verify(ctx, raw); err != nil {\n\thttp.Error(w, \"unauthorized\", http.StatusUnauthorized)\n\treturn\n}\nnext.ServeHTTP(w, r)",
		Frameworks:  []string{"golang-jwt/jwt", "go-oidc", "jwx", "securecookie", "bcrypt", "crypto/hmac", "crypto/subtle", "crypto/ed25519", "crypto/rsa", "crypto/x509", "stripe-go", "go-github", "net/http", "gin", "echo v4", "fiber v2"},
	}, nil, func(path string) bool { return verifierPackages[path] || httpGate(path) }, runMKT704)
}

var verifierPackages = func() map[string]bool {
	set := map[string]bool{}
	for name := range verifierCalls {
		path, _, _ := strings.Cut(name, " ")
		set[path] = true
	}
	return set
}()

// verifierCalls are calls that say whether something is genuine: by the index
// of the result that says so.
var verifierCalls = map[string]int{
	"github.com/golang-jwt/jwt Parse": 1, "github.com/golang-jwt/jwt ParseWithClaims": 1, "github.com/golang-jwt/jwt Parser.Parse": 1, "github.com/golang-jwt/jwt Parser.ParseWithClaims": 1,
	"github.com/dgrijalva/jwt-go Parse": 1, "github.com/dgrijalva/jwt-go ParseWithClaims": 1, "github.com/dgrijalva/jwt-go Parser.Parse": 1, "github.com/dgrijalva/jwt-go Parser.ParseWithClaims": 1,
	"github.com/coreos/go-oidc/oidc IDTokenVerifier.Verify": 1, "github.com/lestrrat-go/jwx/jwt Parse": 1, "github.com/lestrrat-go/jwx/jwt ParseRequest": 1, "github.com/lestrrat-go/jwx/jwt Validate": 0,
	"github.com/gorilla/securecookie SecureCookie.Decode": 0, "golang.org/x/crypto/bcrypt CompareHashAndPassword": 0,
	"crypto/hmac Equal": 0, "crypto/subtle ConstantTimeCompare": 0, "crypto/ed25519 Verify": 0, "crypto/rsa VerifyPKCS1v15": 0, "crypto/rsa VerifyPSS": 0, "crypto/ecdsa Verify": 0, "crypto/ecdsa VerifyASN1": 0,
	"crypto/x509 Certificate.Verify": 1, "crypto/x509 Certificate.CheckSignatureFrom": 0,
	"github.com/stripe/stripe-go/webhook ConstructEvent": 1, "github.com/google/go-github/github ValidatePayload": 1, "github.com/google/go-github/github ValidateSignature": 0,
}

func runMKT704(p *pkg) []Hit {
	var hits []Hit
	p.eachCall(func(path string) bool { return verifierPackages[path] }, func(c *call) {
		i, ok := verifierCalls[c.path+" "+c.callee()]
		if !ok {
			return
		}
		x, ok := c.instr.(*ssa.Call)
		if !ok {
			return
		}
		verdict, others := results(x, i)
		if verdict == nil || !used(verdict) {
			if len(others) > 0 && p.readsValid(others) || deniedAnyway(x) {
				return
			}
			h := p.hit("MKT704", c.instr, -1, "the answer of "+short(c)+" is thrown away: what it verifies is believed in any case")
			if !p.decides(x.Parent()) || jwtPackages(c.path) && !anyUsed(others) && len(c.args) > 1 && !p.claimsRead(c) {
				h.Class = rules.Review
			}
			hits = append(hits, h)
			return
		}
		hits = append(hits, p.failedBranch(c, verdict)...)
	})
	return append(hits, p.openWithout()...)
}

// openWithout are the middlewares that check a credential only if there is one.
// It is certain where a route behind such a middleware asks for nothing else.
func (p *pkg) openWithout() []Hit {
	if !importsAny(p.types, httpGate) {
		return nil
	}
	t := p.routeTable()
	var hits []Hit
	seen := map[*ssa.Function]bool{}
	p.eachInstr(func(fn *ssa.Function, instr ssa.Instruction) {
		if _, branches := instr.(*ssa.If); !branches || seen[fn] {
			return
		}
		seen[fn] = true
		for _, a := range t.absences(fn) {
			if !p.opens(a, true) {
				continue
			}
			h := Hit{Rule: "MKT704", Pos: a.cond.Cond.Pos(), Message: "a request without " + a.what + " passes to the next handler like one that was checked", Steps: []Step{{fn.Pos(), "the middleware"}}}
			h.End = h.Pos + 1
			if !t.onlyProof(fn) {
				h.Class = rules.Review
			}
			hits = append(hits, h)
			return
		}
	})
	return hits
}

// givesUnverified reports whether a return hands over what a verifier has read,
// its results or the claims it was to fill, and says with a nil error that all
// is well. Who gets the context back as it was is not signed in: that is a check
// of the optional kind.
func givesUnverified(c *call, ret *ssa.Return) bool {
	if len(ret.Results) < 2 {
		return false
	}
	last, ok := ret.Results[len(ret.Results)-1].(*ssa.Const)
	if !ok || !last.IsNil() || last.Type().String() != "error" {
		return false
	}
	return slices.ContainsFunc(ret.Results[:len(ret.Results)-1], func(v ssa.Value) bool {
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			v = load.X
		}
		if ex, ok := v.(*ssa.Extract); ok {
			made, ok := c.instr.(ssa.Value)
			return ok && ex.Tuple == made
		}
		return slices.ContainsFunc(c.args, func(arg ssa.Value) bool {
			return unwrap(arg) == v && isReference(v.Type()) && v.Type().String() != "context.Context"
		})
	})
}

// onlyProof reports whether some route, with all of its chain in sight, has
// nothing but a middleware to prove who asks.
func (t *routeTable) onlyProof(fn *ssa.Function) bool {
	for _, r := range t.routes {
		if len(r.open) > 0 || t.p.openByNature(r) {
			continue
		}
		behind := false
		var do effects
		for _, l := range r.layers {
			if l.fn != nil && outermost(l.fn) == outermost(fn) {
				behind = true
				continue
			}
			do |= t.layersDo([]layer{l})
		}
		for _, h := range r.handlers {
			do |= t.of(h)
		}
		if behind && do&(proofs|handsOn|startsLogin) == 0 {
			return true
		}
	}
	return false
}

func short(c *call) string { return c.fn.Pkg().Name() + "." + c.callee() }

// results splits the results of a call into the one at i and the others that
// are used.
func results(x *ssa.Call, i int) (ssa.Value, []ssa.Value) {
	if _, tuple := x.Type().(*types.Tuple); !tuple {
		return x, nil
	}
	var verdict ssa.Value
	var others []ssa.Value
	for _, r := range *x.Referrers() {
		if ex, ok := r.(*ssa.Extract); ok {
			if ex.Index == i {
				verdict = ex
			} else {
				others = append(others, ex)
			}
		}
	}
	return verdict, others
}

func used(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		if _, debug := r.(*ssa.DebugRef); !debug {
			return true
		}
	}
	return false
}

func anyUsed(vs []ssa.Value) bool {
	return slices.ContainsFunc(vs, used)
}

// readsValid reports whether a token's Valid field is read, or the token is
// given to other code that may.
func (p *pkg) readsValid(tokens []ssa.Value) bool {
	for _, v := range tokens {
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.FieldAddr:
				if f := fieldVar(x); f != nil && f.Name() == "Valid" {
					return true
				}
			case *ssa.Return, *ssa.Store, *ssa.Phi, *ssa.MakeInterface:
				return true
			case *ssa.Call:
				return true
			case *ssa.BinOp: // compared with nil
				return true
			}
		}
	}
	return false
}

// claimsRead reports whether the claims that a parse fills are used besides.
func (p *pkg) claimsRead(c *call) bool {
	if len(c.args) < 2 {
		return false
	}
	v := unwrap(c.args[1])
	return v.Referrers() != nil && len(p.usesOf(v, c.instr, 0)) > 0
}

// deniedAnyway reports whether the way of a call ends in a refusal whatever it
// says: a comparison for its time only, where there is no such user.
func deniedAnyway(x *ssa.Call) bool {
	ret, ok := x.Block().Instrs[len(x.Block().Instrs)-1].(*ssa.Return)
	if !ok {
		return false
	}
	for _, v := range ret.Results {
		t := types.TypeString(v.Type(), nil)
		k, isConst := v.(*ssa.Const)
		switch {
		case t == "error" && !(isConst && k.IsNil()):
			return true
		case isConst && k.Value != nil && k.Value.String() == "false":
			return true
		}
	}
	return false
}

// decides reports whether a function serves requests or says who may: only
// there a thrown-away answer lets somebody in.
func (p *pkg) decides(fn *ssa.Function) bool {
	fn = outermost(fn)
	for v := range fn.Signature.Params().Variables() {
		if isRequest(v.Type()) || isHandler(v.Type()) {
			return true
		}
	}
	found := false
	within(fn, func(instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok && !found {
			found = givenRequest(ci.Common().Args)
		}
	})
	return found || proofName(SplitName(fn.Name()))
}

// failedBranch looks at what happens when a check fails.
func (p *pkg) failedBranch(c *call, verdict ssa.Value) []Hit {
	for _, r := range *verdict.Referrers() {
		var failed, good *ssa.BasicBlock
		var cond *ssa.If
		switch x := r.(type) {
		case *ssa.BinOp: // err != nil, compare == 1
			br := onlyIf(x)
			if br == nil {
				continue
			}
			cond = br
			failed, good = sides(x, br, verdict)
		case *ssa.If: // if hmac.Equal(…)
			cond, good, failed = x, x.Block().Succs[0], x.Block().Succs[1]
		case *ssa.UnOp:
			if br := onlyIf(x); br != nil && x.Op.String() == "!" {
				cond, failed, good = br, br.Block().Succs[0], br.Block().Succs[1]
			}
		}
		if cond == nil || failed == nil {
			continue
		}
		if h, ok := p.lets(c, failed, good); ok {
			return []Hit{h}
		}
	}
	return nil
}

func onlyIf(v ssa.Value) *ssa.If {
	for _, r := range *v.Referrers() {
		if br, ok := r.(*ssa.If); ok {
			return br
		}
	}
	return nil
}

// sides tells the failed from the good way of a comparison of the verdict with
// nil or 1.
func sides(cmp *ssa.BinOp, br *ssa.If, verdict ssa.Value) (failed, good *ssa.BasicBlock) {
	k, ok := cmp.Y.(*ssa.Const)
	if !ok {
		if k, ok = cmp.X.(*ssa.Const); !ok {
			return nil, nil
		}
	}
	yes, no := br.Block().Succs[0], br.Block().Succs[1]
	equal := cmp.Op.String() == "=="
	if !equal && cmp.Op.String() != "!=" {
		return nil, nil
	}
	goodValue := k.IsNil() // err == nil is good
	if k.Value != nil {
		switch k.Value.String() {
		case "1", "true":
			goodValue = true
		case "0", "false":
			goodValue = false
		default:
			return nil, nil
		}
	}
	if equal == goodValue {
		return no, yes
	}
	return yes, no
}

// lets reports whether the failed way of a check lets the request pass. Only
// blocks that nothing but the failure leads to are looked at.
func (p *pkg) lets(c *call, failed, good *ssa.BasicBlock) (Hit, bool) {
	fn := failed.Parent()
	hit := func(at ssa.Instruction, what string) Hit {
		return p.hit("MKT704", c.instr, -1, fmt.Sprintf("when %s fails, %s", short(c), what), Step{at.Pos(), "here the failure goes on"})
	}
	if joined, answered := p.joins(failed, good); joined && answered && failed != good {
		if next := p.nextIn(good, 3); next != nil {
			h := hit(failed.Instrs[len(failed.Instrs)-1], "an error is answered and the next handler is called all the same")
			if p.tellsMoreThanAnswer(failed) {
				h.Class = rules.Review
			}
			return h, true
		}
	}
	if len(failed.Preds) != 1 {
		// "if err != nil { log }" ends where the good way begins: the failed side is
		// that block itself only when the branch is empty.
		return Hit{}, false
	}
	last := failed.Instrs[len(failed.Instrs)-1]
	for _, instr := range failed.Instrs {
		if x, ok := instr.(ssa.CallInstruction); ok {
			if next, passed := p.goesToNext(x); next {
				h := hit(x, "the next handler is called all the same")
				if other := p.nextIn(good, 4); other != nil && passedOther(other, passed) {
					h.Class = rules.Review
					h.Message = fmt.Sprintf("when %s fails, the next handler is called without what a good request carries; make sure that every route behind it asks for that", short(c))
				}
				return h, true
			}
			if d := p.asCall(x, nil); d != nil && denies(d) && !isLogCall(d) {
				return Hit{}, false
			}
		}
	}
	switch x := last.(type) {
	case *ssa.Return:
		what := openReturn(fn, x)
		if what == "" && givesUnverified(c, x) {
			what = "what it was to verify is returned without an error"
		}
		if what != "" && checksByName(SplitName(outermost(fn).Name())) {
			return hit(x, what), true
		}
	case *ssa.Jump:
		// The failure is noted, and the way joins the good one.
		join := failed.Succs[0]
		if join != good || len(failed.Instrs) == 1 {
			return Hit{}, false
		}
		if _, kept := good.Instrs[0].(*ssa.Phi); kept {
			return Hit{}, false // what is passed on tells the failure
		}
		if next := p.nextIn(good, 1); next != nil {
			h := hit(last, "the failure is noted and the next handler is called all the same")
			if p.tellsMore(failed) {
				h.Class = rules.Review
			}
			return h, true
		}
	}
	return Hit{}, false
}

// tellsMoreThanAnswer reports whether a block does more about a failure than
// answer it with net/http and log it.
func (p *pkg) tellsMoreThanAnswer(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		if c := p.asCall(ci, nil); c == nil || c.path != netHTTP && !isLogCall(c) && !(c.name == "Error" && len(c.args) == 0) {
			return true
		}
	}
	return false
}

// tellsMore reports whether a block does more about a failure than log it.
func (p *pkg) tellsMore(b *ssa.BasicBlock) bool {
	for _, instr := range b.Instrs {
		switch x := instr.(type) {
		case *ssa.Store:
			if _, element := x.Addr.(*ssa.IndexAddr); !element { // arguments of a log line
				return true
			}
		case *ssa.MapUpdate:
			return true
		case ssa.CallInstruction:
			c := p.asCall(x, nil)
			if c == nil {
				return true
			}
			if c.path == "log" || c.path == "fmt" || c.path == "log/slog" || c.name == "Error" && len(c.args) == 0 {
				continue
			}
			if !SplitName(c.name).Has("log", "logf", "print", "printf", "println", "debug", "info", "warn", "warnf", "error", "errorf", "debugf", "infof", "err", "msg", "msgf", "str", "send", "inc", "add") {
				return true
			}
		}
	}
	return false
}

// checksByName reports whether a function of that name says yes to what is
// right.
func checksByName(n Name) bool {
	return proofName(n) || n.Has("check", "verify", "valid", "validate", "match", "matches") && !n.Has("change", "changed", "changes", "differ", "differs", "different", "new", "mismatch", "stale", "outdated", "rehash")
}

// openReturn says how a return lets the caller go on.
func openReturn(fn *ssa.Function, ret *ssa.Return) string {
	if len(ret.Results) != 1 {
		return ""
	}
	k, ok := ret.Results[0].(*ssa.Const)
	if !ok {
		return ""
	}
	switch t := fn.Signature.Results().At(0).Type(); {
	case k.Value != nil && k.Value.String() == "true":
		if n := SplitName(outermost(fn).Name()); n.Has("invalid", "expired", "denied", "forbidden", "unauthorized", "revoked", "reject", "fail", "failed", "wrong", "bad", "skip", "need", "needs", "not", "without", "missing") {
			return ""
		}
		return "the answer is true"
	case k.IsNil() && types.TypeString(t, nil) == "error":
		return "no error is returned"
	}
	return ""
}

// goesToNext reports whether a call hands the request to the next handler, and
// the request it hands on.
func (p *pkg) goesToNext(x ssa.CallInstruction) (bool, ssa.Value) {
	args := x.Common().Args
	c := p.asCall(x, nil)
	if c == nil {
		if _, ok := x.Common().Value.(*ssa.Builtin); ok || !isHandler(x.Common().Value.Type()) || !givenRequest(args) {
			return false, nil
		}
		return isNext(x.Common().Value), args[len(args)-1]
	}
	switch {
	case c.name == "ServeHTTP" && len(c.args) == 2:
		return true, c.args[1]
	case c.name == "Next" && (c.path == ginPath || c.path == fiberPath) && c.on != nil:
		return true, nil
	}
	return false, nil
}

// nextIn looks for the call of the next handler from a block on.
func (p *pkg) nextIn(b *ssa.BasicBlock, depth int) ssa.Value {
	if depth == 0 {
		return nil
	}
	for _, instr := range b.Instrs {
		if x, ok := instr.(ssa.CallInstruction); ok {
			if next, passed := p.goesToNext(x); next {
				if passed == nil {
					passed = x.Common().Value
				}
				return passed
			}
			// c.Set("user", …) before c.Next() makes a good request another one.
			if c := p.asCall(x, nil); c != nil && (c.name == "Set" || c.name == "Locals" || c.name == "WithContext" || c.name == "WithValue") {
				return x.Common().Value
			}
		}
	}
	for _, s := range b.Succs {
		if s.Dominates(b) {
			continue
		}
		if v := p.nextIn(s, depth-1); v != nil {
			return v
		}
	}
	return nil
}

// passedOther reports whether the good way passes something else on.
func passedOther(good, failed ssa.Value) bool { return failed == nil || !sameValue(good, failed) }

// denies reports whether a call answers with an error.
func denies(c *call) bool {
	switch c.name {
	case "Error", "WriteHeader", "AbortWithStatus", "AbortWithStatusJSON", "AbortWithError", "Abort", "SendStatus", "NotFound", "Redirect", "Fatal", "Fatalf", "Panic", "Exit":
		return true
	}
	return SplitName(c.name).Has("unauthorized", "forbidden", "deny", "denied", "reject", "error", "fail", "abort")
}

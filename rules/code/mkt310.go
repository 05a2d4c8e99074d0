package code

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt310 flags comparisons of secrets that end at the first difference.
func mkt310() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT310",
		Name:     "timing-unsafe-compare",
		Title:    "Secret is compared in varying time",
		Class:    rules.Review,
		Controls: []string{"endpoint-auth"},
		CWE:      []int{208},
		Vector:   v37c,
		Flags: "`==`, `!=`, `bytes.Equal`, `bytes.Compare`, `strings.Compare`, `strings.EqualFold` or `reflect.DeepEqual` of a MAC, or of a token, key or signature from the request (or that the key middleware of echo and fiber hands to its validator) with a value that is not a constant known to all: how long it takes tells how much " +
			"of a guess was right.",
		Safe:        "`hmac.Equal`, `subtle.ConstantTimeCompare`; comparing hashes of both; comparing with the empty string or with a public constant such as `Bearer`; passwords (MKT601).",
		Remediation: "Compare MACs with `hmac.Equal`, and tokens with `subtle.ConstantTimeCompare` over their SHA-256 hashes, which also hides their length.",
		Wrong:       "if r.Header.Get(\"X-Api-Key\") == cfg.APIKey {",
		Right:       "if subtle.ConstantTimeCompare([]byte(r.Header.Get(\"X-Api-Key\")), []byte(cfg.APIKey)) == 1 {",
		Frameworks:  []string{"net/http", "gin", "echo v4", "fiber v2", "crypto/hmac"},
	}, nil, func(path string) bool { return httpGate(path) || path == "crypto/hmac" }, runMKT310)
}

func runMKT310(p *pkg) []Hit {
	var hits []Hit
	judge := func(instr ssa.Instruction, a, b ssa.Value, pos token.Pos) {
		if !isText(a.Type()) || !isText(b.Type()) {
			return
		}
		for _, v := range []ssa.Value{a, b} {
			if _, ok := unwrap(v).(*ssa.Const); ok {
				return
			}
		}
		what := ""
		switch {
		case p.isMAC(a) || p.isMAC(b):
			what = "a MAC"
		case p.secretRead(a) && !p.fromRequest(b), p.secretRead(b) && !p.fromRequest(a):
			what = "a secret from the request"
		default:
			return
		}
		if p.hashed(a) && p.hashed(b) && what != "a MAC" {
			return
		}
		h := Hit{Rule: "MKT310", Pos: pos, Message: what + " is compared in a time that depends on where it differs; use hmac.Equal or subtle.ConstantTimeCompare"}
		if ci, ok := instr.(ssa.CallInstruction); ok {
			h = p.hit("MKT310", ci, -1, h.Message)
		}
		hits = append(hits, h)
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.BinOp:
			if x.Op == token.EQL || x.Op == token.NEQ {
				if b, ok := x.X.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
					judge(x, x.X, x.Y, x.Pos())
				}
			}
		case *ssa.Call:
			c := p.asCall(x, paths("bytes", "strings", "reflect"))
			if c == nil || len(c.args) != 2 {
				return
			}
			switch c.path + "." + c.callee() {
			case "bytes.Equal", "bytes.Compare", "strings.EqualFold", "strings.Compare", "reflect.DeepEqual":
				judge(x, unwrap(c.args[0]), unwrap(c.args[1]), x.Pos())
			}
		}
	})
	return hits
}

// isMAC reports whether a value is the sum of an HMAC, possibly in text form.
func (p *pkg) isMAC(v ssa.Value) bool {
	return p.textForm(v, func(c *call) bool {
		if c.path != "hash" || c.name != "Sum" || c.on == nil {
			return false
		}
		origins, _ := p.origins(c.on)
		for _, o := range origins {
			if x, ok := o.v.(*ssa.Call); ok {
				if d := p.asCall(x, paths("crypto/hmac")); d != nil && d.name == "New" {
					return true
				}
			}
		}
		return false
	})
}

// hashed reports whether a value is a hash sum.
func (p *pkg) hashed(v ssa.Value) bool {
	if p.textForm(v, func(c *call) bool {
		return c.name == "Sum" || c.name == "Sum256" || c.name == "Sum512" || c.name == "Sum384"
	}) {
		return true
	}
	if s, ok := unwrap(v).(*ssa.Slice); ok {
		v = s.X
	}
	return p.derivesOnly(v)
}

// derivesOnly reports whether a local array was filled by a hash function.
func (p *pkg) derivesOnly(v ssa.Value) bool {
	al, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, r := range *al.Referrers() {
		if s, ok := r.(*ssa.Store); ok {
			if x, ok := s.Val.(*ssa.Call); ok {
				if c := p.asCall(x, nil); c != nil && SplitName(c.name).Has("sum") {
					return true
				}
			}
		}
	}
	return false
}

// textForm reports whether a value comes from a call that is accepts, through
// encodings and concatenation.
func (p *pkg) textForm(v ssa.Value, is func(*call) bool) bool {
	for range 6 {
		origins, more := p.origins(v)
		if more || len(origins) != 1 {
			return false
		}
		switch x := origins[0].v.(type) {
		case *ssa.Call:
			c := p.asCall(x, nil)
			if c == nil {
				return false
			}
			if is(c) {
				return true
			}
			switch {
			case (c.path == "encoding/hex" || c.path == "encoding/base64") && c.name == "EncodeToString" && len(c.args) > 0:
				v = c.args[len(c.args)-1]
			case c.path == "fmt" && c.name == "Sprintf" && len(c.args) == 2:
				elems, ok := variadic(c.args[1])
				if !ok || len(elems) != 1 {
					return false
				}
				v = elems[0]
			default:
				return false
			}
		case *ssa.BinOp:
			if x.Op != token.ADD {
				return false
			}
			v = x.Y
			if _, ok := x.Y.(*ssa.Const); ok {
				v = x.X
			}
		default:
			return false
		}
	}
	return false
}

// givenKey reports whether a parameter is the key that a framework's middleware
// hands to its validator: echo's func(key string, c echo.Context) (bool, error)
// and fiber's func(c *fiber.Ctx, key string) (bool, error).
func givenKey(param *ssa.Parameter) bool {
	sig := param.Parent().Signature
	if sig.Recv() != nil && len(param.Parent().Params) > 0 && param == param.Parent().Params[0] || sig.Params().Len() != 2 || sig.Results().Len() != 2 ||
		sig.Results().At(0).Type().String() != "bool" || sig.Results().At(1).Type().String() != "error" {
		return false
	}
	for v := range sig.Params().Variables() {
		n := namedType(v.Type())
		if n == nil || n.Obj().Pkg() == nil {
			continue
		}
		switch cleanPath(n.Obj().Pkg().Path()) {
		case echoPath, fiberPath:
			return param.Type().String() == "string"
		}
	}
	return false
}

// secretRead reports whether a value is a credential read from the request: an
// API key, a token, a signature by the name of its header, field or cookie.
func (p *pkg) secretRead(v ssa.Value) bool {
	origins, _ := p.origins(v)
	for _, o := range origins {
		if param, isParam := o.v.(*ssa.Parameter); isParam && givenKey(param) {
			return true
		}
		x, ok := o.v.(*ssa.Call)
		if !ok {
			if ex, isEx := o.v.(*ssa.Extract); isEx {
				x, ok = ex.Tuple.(*ssa.Call)
			}
			if !ok {
				continue
			}
		}
		c := p.asCall(x, nil)
		if c == nil || len(c.args) == 0 {
			continue
		}
		k, ok := constText(c.args[0])
		if !ok {
			continue
		}
		n := SplitName(k)
		switch c.path + " " + c.callee() {
		case "net/http Header.Get", ginPath + " Context.GetHeader", fiberPath + " Ctx.Get",
			"net/url Values.Get", "net/http Request.FormValue", "net/http Request.PostFormValue", ginPath + " Context.Query", ginPath + " Context.PostForm", echoPath + " Context.QueryParam", echoPath + " Context.FormValue",
			fiberPath + " Ctx.Query", fiberPath + " Ctx.FormValue":
			if n.Password() {
				continue // MKT601's matter
			}
			if k == "Authorization" || n.Secret() || n.Has("signature", "hmac", "apikey") || n.Token() && !guardName(n) && !n.Has("session", "state", "nonce") {
				return true
			}
		}
	}
	return false
}

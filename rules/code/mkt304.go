package code

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt304 flags OAuth flows whose state proves nothing: it is a constant, or the
// callback never looks at it.
func mkt304() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT304",
		Name:     "oauth-state",
		Title:    "OAuth state is constant or never compared",
		Class:    rules.Violation,
		Controls: []string{"delegated-access"},
		CWE:      []int{352},
		Vector:   v71o,
		Flags: "`AuthCodeURL` of x/oauth2 with a constant or empty state in code that answers requests, and a callback that passes the request's `code` to `Exchange` " +
			"in a package that never reads `state`. A state that is nothing but a parameter of the request that starts the flow, one that is read and only passed on, a flow protected by PKCE alone, a code from a JSON body, and a constant in a command-line program are review findings.",
		Safe: "A random state that is kept in a cookie or the session and compared in the callback or in middleware of the package; an OIDC nonce that is compared; " +
			"libraries that do it themselves (goth, gologin, zitadel/oidc).",
		Remediation: "Create the state with `rand.Text()`, keep it in a short-lived cookie (HttpOnly, Secure, SameSite=Lax) or the session, and refuse a callback whose state differs, before `Exchange`.",
		Wrong:       "url := conf.AuthCodeURL(\"state\")",
		Right:       "state := rand.Text()\nhttp.SetCookie(w, &http.Cookie{Name: \"oauth_state\", Value: state, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})\nurl := conf.AuthCodeURL(state)",
		Frameworks:  []string{"x/oauth2", "net/http", "gin", "echo", "fiber", "chi"},
	}, nil, paths(xoauth2), runMKT304)
}

func runMKT304(p *pkg) []Hit {
	var hits []Hit
	p.oauthCalls("AuthCodeURL", func(c *call) {
		if h, ok := p.constantState(c); ok {
			hits = append(hits, h)
		} else if h, ok := p.sentState(c); ok {
			hits = append(hits, h)
		}
	})
	p.oauthCalls("Exchange", func(c *call) {
		if h, ok := p.uncomparedState(c); ok {
			hits = append(hits, h)
		}
	})
	return hits
}

// constantState judges a call of AuthCodeURL.
func (p *pkg) constantState(c *call) (Hit, bool) {
	texts, open := p.texts(c.args[0])
	if open || len(texts) == 0 {
		return Hit{}, false
	}
	for _, t := range texts {
		if strings.Contains(t.s, hole) {
			return Hit{}, false
		}
	}
	msg := "the OAuth state is a constant that anyone can send; create a random one for each sign-in"
	if len(texts) == 1 && texts[0].s == "" {
		msg = "the OAuth state is empty; create a random one for each sign-in and compare it in the callback"
	}
	h := p.hit("MKT304", c.instr, 0, msg, texts[0].steps...)
	opts, known := p.authOptions(c)
	for _, o := range opts {
		if o.challenges() {
			h.Class = rules.Review
		}
	}
	if !known || !p.serves(c.instr.Parent()) || p.checksNonce() {
		h.Class = rules.Review
	}
	return h, true
}

// sentState judges a state that is nothing but a parameter of the request: who
// sends somebody here chooses it, and knows it at the callback. Whether a page of
// the app's own makes and compares it is not to be seen.
func (p *pkg) sentState(c *call) (Hit, bool) {
	m := p.inputs()
	m.prepare()
	taken := func(v ssa.Value) (sourceInfo, token.Pos, bool) {
		if x, ok := v.(*ssa.Call); ok {
			if d := p.asCall(x, paths("net/url")); d != nil && d.callee() == "Values.Get" && p.fromRequest(d.on) {
				return sourceInfo{what: fromForm.words(), medium: fromForm}, x.Pos(), true
			}
		}
		info, pos, ok := m.source(v)
		return info, pos, ok && info.medium&(fromQuery|fromForm) != 0 && info.medium&fromCookie == 0
	}
	origins, more := p.originsUntil(c.args[0], func(v ssa.Value) bool {
		_, _, ok := taken(v)
		return ok
	})
	if more || len(origins) == 0 || p.checksNonce() {
		return Hit{}, false
	}
	var steps []Step
	for _, o := range origins {
		info, pos, ok := taken(o.v)
		if !ok {
			return Hit{}, false
		}
		if pos == token.NoPos {
			pos = o.v.Pos()
		}
		if pos.IsValid() {
			steps = append([]Step{{pos, inputStep + info.what}}, o.steps...)
		}
	}
	opts, known := p.authOptions(c)
	if !known || slices.ContainsFunc(opts, authOption.challenges) {
		return Hit{}, false
	}
	h := p.hit("MKT304", c.instr, 0, "the OAuth state is a parameter of the request, so whoever links here knows it; create a random one and keep it in a cookie or the session", steps...)
	h.Class = rules.Review
	return h, true
}

// uncomparedState judges a call of Exchange.
func (p *pkg) uncomparedState(c *call) (Hit, bool) {
	if len(c.args) < 2 || !p.serves(c.instr.Parent()) || p.checksNonce() {
		return Hit{}, false
	}
	code := c.args[1]
	fromQuery := p.derives(code, func(v ssa.Value) bool {
		switch x := v.(type) {
		case *ssa.Call:
			d := p.asCall(x, nil)
			return d != nil && isGetter(d.name) && len(d.args) > 0 && isConstText(d.args[0], "code") && p.fromRequest(x)
		case *ssa.Lookup:
			return isConstText(x.Index, "code")
		}
		return false
	})
	if !fromQuery && !p.fromRequest(code) {
		return Hit{}, false
	}
	h := p.hit("MKT304", c.instr, -1, "the callback exchanges the code and the package never looks at state; compare it with the one the browser was given")
	if !fromQuery {
		h.Class = rules.Review // a page of one's own may have compared it
	}
	opts, known := p.authOptions(c)
	for _, o := range opts {
		if o.challenges() {
			known = false
		}
	}
	if !known {
		h.Class = rules.Review
	}
	switch {
	case !p.mentions("state"):
		return h, true
	case !p.quotes("state") && p.onlySent("state"):
		// What was kept for the comparison is there, and nobody compares.
		h.Class = rules.Review
		return h, true
	}
	read, compared := false, false
	p.reads("state", func(v ssa.Value) {
		if p.fromRequest(v) {
			read = true
			compared = compared || p.tested(v, 0)
		}
	})
	if !read || compared {
		return Hit{}, false // it is handled in a way that is not followed
	}
	h.Class = rules.Review
	h.Message = "the callback reads state and never compares it with the one the browser was given"
	return h, true
}

// onlySent reports whether the fields that carry a name in their tag are read for
// nothing but the address of the sign-in.
func (p *pkg) onlySent(name string) bool {
	only := true
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		var value ssa.Value
		switch x := instr.(type) {
		case *ssa.Field:
			if carriesTag(x.X.Type(), x.Field, name) {
				value = x
			}
		case *ssa.FieldAddr:
			if carriesTag(x.X.Type(), x.Field, name) {
				value = x
			}
		}
		if value != nil && only {
			only = p.sentOnly(value)
		}
	})
	return only
}

// sentOnly reports whether a field, or the place of one, is only written to or
// handed to AuthCodeURL.
func (p *pkg) sentOnly(v ssa.Value) bool {
	if v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if x.Addr != v {
				return false
			}
		case *ssa.UnOp:
			if !p.sentOnly(x) {
				return false
			}
		case *ssa.Call:
			if c := p.asCall(x, paths(xoauth2)); c == nil || c.callee() != "Config.AuthCodeURL" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// carriesTag reports whether the tag of a struct's field carries a name.
func carriesTag(typ types.Type, i int, name string) bool {
	if ptr, ok := typ.Underlying().(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	s, ok := typ.Underlying().(*types.Struct)
	return ok && i < s.NumFields() && slices.ContainsFunc(strings.Fields(strings.ReplaceAll(s.Tag(i), `"`, " ")), func(part string) bool {
		first, _, _ := strings.Cut(part, ",")
		return first == name
	})
}

func isConstText(v ssa.Value, s string) bool {
	c, ok := unwrap(v).(*ssa.Const)
	return ok && c.Value != nil && isText(c.Type()) && c.Value.ExactString() == `"`+s+`"`
}

// tested reports whether a value is compared with something that is not empty,
// or goes into a call or a place where that may happen.
func (p *pkg) tested(v ssa.Value, depth int) bool {
	if v.Referrers() == nil || depth > 6 {
		return true
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.BinOp:
			switch x.Op {
			case token.EQL, token.NEQ:
				if !isConstText(x.X, "") && !isConstText(x.Y, "") {
					return true
				}
			case token.ADD:
				if p.tested(x, depth+1) {
					return true
				}
			}
		case *ssa.DebugRef, *ssa.If:
		case *ssa.Extract, *ssa.Phi, *ssa.Convert, *ssa.ChangeType, *ssa.MakeInterface, *ssa.Slice, *ssa.UnOp:
			if p.tested(x.(ssa.Value), depth+1) {
				return true
			}
		case *ssa.Store:
			// An element of a variadic call's rest leads on to the call.
			if ia, ok := x.Addr.(*ssa.IndexAddr); ok && p.tested(ia.X, depth+1) {
				return true
			} else if !ok {
				return true
			}
		case *ssa.IndexAddr:
		case ssa.CallInstruction:
			if !p.onlyShows(x) {
				return true
			}
			if cv, ok := x.(*ssa.Call); ok && p.tested(cv, depth+1) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// onlyShows reports whether a call only prints, decodes or redirects to what it
// is given.
func (p *pkg) onlyShows(ci ssa.CallInstruction) bool {
	c := p.asCall(ci, nil)
	if c == nil {
		return false
	}
	switch c.path {
	case "fmt", "log", "log/slog", "net/url", "strings", "encoding/base64", "encoding/hex", "github.com/sirupsen/logrus", "go.uber.org/zap":
		return c.name != "EqualFold"
	}
	_, reply := replyCalls[c.path+" "+c.callee()]
	return reply || c.name == "Redirect"
}

// checksNonce reports whether the package reads the nonce of an ID token.
func (p *pkg) checksNonce() bool { return p.readsIDToken("Nonce") }

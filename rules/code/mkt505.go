package code

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt505 flags session cookies that lack what keeps them from scripts,
// cleartext and other sites.
func mkt505() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT505",
		Name:     "cookie-attributes-frameworks",
		Title:    "Cookie lacks security attributes",
		Class:    rules.Violation,
		Controls: []string{"cookie-attributes", "session-management"},
		CWE:      []int{614, 1004, 1275},
		Vector:   v42,
		Flags: "A session cookie, known by its name or because a session library sends it, without `Secure` or `HttpOnly`, or with `SameSite=None` but not `Secure`: gin's `SetCookie`, `fiber.Cookie`, `http.Cookie` as net/http and echo send it, " +
			"options of gorilla/sessions, gin-contrib/sessions, fiber's session middleware and scs. Only a missing `SameSite`, and a cookie whose name is not known, is a review finding.",
		Safe:        "Attributes that are true, or come from the configuration; cookies that are taken away; cookies that scripts must read (CSRF double submit, theme, language).",
		Remediation: "Set `Secure` and `HttpOnly`, and `SameSite` to Lax or Strict; None only with `Secure`, and only in an app that runs inside another site's page.",
		Wrong:       "c.SetCookie(\"session\", id, 3600, \"/\", \"\", false, true)",
		Right:       "c.SetSameSite(http.SameSiteLaxMode)\nc.SetCookie(\"session\", id, 3600, \"/\", \"\", true, true)",
		Frameworks:  []string{"net/http", "gin", "echo v4", "fiber v2", "gorilla/sessions", "gin-contrib/sessions", "scs"},
	}, []rules.Rule{
		{ID: cookieSecure, Name: "cookie-without-secure", Title: "Session cookie lacks Secure", CWE: []int{614}, Vector: v42},
		{ID: cookieHTTPOnly, Name: "cookie-without-httponly", Title: "Session cookie lacks HttpOnly", CWE: []int{1004}, Vector: v42},
		{ID: cookieSameSite, Name: "cookie-without-samesite", Title: "Session cookie lacks SameSite", Class: rules.Review, CWE: []int{1275}, Vector: v42},
	}, func(path string) bool { return cookieGate(path) || path == scsPath }, runMKT505)
}

// enumerated joins words as a sentence does: "a", "a and b", "a, b and c".
func enumerated(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// The variants of MKT505 for a cookie that lacks one attribute. A cookie that
// lacks Secure and HttpOnly both is one finding, of the rule itself.
const (
	cookieSecure   = "MKT505/secure"
	cookieHTTPOnly = "MKT505/http-only"
	cookieSameSite = "MKT505/same-site"
)

const scsPath = "github.com/alexedwards/scs"

func runMKT505(p *pkg) []Hit {
	var hits []Hit
	for _, u := range p.cookieUses() {
		if u.deletes || !u.session() && u.name != hole {
			continue
		}
		lacks := u.lacks()
		if len(lacks) == 0 {
			continue
		}
		certain := u.session() && lacks[0] != "SameSite"
		name := "a " + u.what
		switch {
		case u.name == hole || u.name == "" && !u.library:
			name += " whose name is not known"
		case u.name != "":
			name = "the " + u.what + " " + u.name
		}
		id := cookieSameSite
		switch secure, httpOnly := slices.Contains(lacks, "Secure"), slices.Contains(lacks, "HttpOnly"); {
		case secure && httpOnly:
			id = "MKT505"
		case secure:
			id = cookieSecure
		case httpOnly:
			id = cookieHTTPOnly
		}
		h := Hit{Rule: id, Pos: u.pos, End: u.end, Message: name + " lacks " + enumerated(lacks), Steps: u.steps}
		if !certain {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return append(append(hits, p.scsCookie()...), p.bareStores()...)
}

// lacks lists the attributes that a cookie does not have, gravest first. One
// that the configuration decides is not missing.
func (u *cookieUse) lacks() []string {
	var lacks []string
	if u.secure == off || u.secure == unset {
		lacks = append(lacks, "Secure")
	}
	if u.httpOnly == off || u.httpOnly == unset {
		lacks = append(lacks, "HttpOnly")
	}
	if u.sameSite == "" {
		lacks = append(lacks, "SameSite")
	}
	return lacks
}

// scsCookie judges scs, whose cookie is not Secure unless somebody says so.
func (p *pkg) scsCookie() []Hit {
	if !p.importsPath(scsPath) {
		return nil
	}
	var hits []Hit
	set, serves := false, false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		n := namedType(fa.X.Type())
		if n == nil || n.Obj().Name() != "SessionCookie" && !(n.Obj().Name() == "SessionManager" && fieldVar(fa).Name() == "Cookie") || p.pathOf(n.Obj().Pkg()) != scsPath {
			return
		}
		v := fieldVar(fa)
		switch v.Name() {
		case "Secure":
			set = true
		case "HttpOnly":
		case "Cookie":
			set = true
			return
		default:
			return
		}
		if p.setting(s.Val) == off {
			id := cookieSecure
			if v.Name() == "HttpOnly" {
				id = cookieHTTPOnly
			}
			hits = append(hits, Hit{Rule: id, Pos: s.Pos(), Message: "the session cookie of scs lacks " + v.Name()})
		}
	})
	var made ssa.CallInstruction
	p.eachCall(paths(scsPath), func(c *call) {
		switch c.callee() {
		case "New", "NewSession":
			made = c.instr
		case "SessionManager.LoadAndSave":
			serves = true
		}
	})
	if made != nil && !set {
		h := p.hit(cookieSecure, made, -1, "the session cookie of scs lacks Secure, which is off unless Cookie.Secure is set")
		if !serves {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return hits
}

// bareStores judges session stores that nobody gives options to: their
// libraries leave HttpOnly off. Options of a single session say nothing about
// the store's other sessions.
func (p *pkg) bareStores() []Hit {
	configured := false
	for _, u := range p.cookieUses() {
		configured = configured || u.library && !u.oneSession
	}
	saved := p.plainSaves()
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if fa, ok := instr.(*ssa.FieldAddr); ok && p.pathOfField(fa) == gorillaSessions {
			configured = configured || ofSession(fa.X) == nil // store.Options.Secure = …
		}
	})
	var hits []Hit
	p.eachCall(func(path string) bool {
		return path == gorillaSessions || strings.HasPrefix(path, ginSessions+"/") || path == fiberPath+"/middleware/session"
	}, func(c *call) {
		switch {
		case c.path == fiberPath+"/middleware/session":
			if c.callee() != "New" {
				return
			}
			if args, ok := variadic(c.args[0]); ok && len(args) == 0 {
				hits = append(hits, p.hit("MKT505", c.instr, -1, "the session cookie lacks Secure and HttpOnly, which are off unless session.Config sets them"))
			}
		case configured:
		case c.name == "NewCookieStore" || c.name == "NewFilesystemStore" || c.name == "NewStore":
			h := p.hit(cookieHTTPOnly, c.instr, -1, "the session store has no options: its cookie lacks HttpOnly unless another package sets it", saved...)
			h.Class = rules.Review
			if v, ok := c.instr.(ssa.Value); ok && c.path == gorillaSessions && len(saved) > 0 && p.onlyHere(v) {
				h.Class = ""
				h.Message = "the session store has no options: its cookie lacks HttpOnly, which is off unless Options set it"
			}
			hits = append(hits, h)
		}
	})
	return hits
}

// plainSaves returns the places that send sessions of gorilla/sessions whose
// options nobody changes in the function they are in.
func (p *pkg) plainSaves() []Step {
	if !p.importsPath(gorillaSessions) {
		return nil
	}
	changed := map[*ssa.Function]bool{}
	p.eachInstr(func(fn *ssa.Function, instr ssa.Instruction) {
		if fa, ok := instr.(*ssa.FieldAddr); ok && p.isType(fa.X.Type(), gorillaSessions, "Session") && fieldName(fa) == "Options" {
			changed[fn] = true
		}
	})
	var steps []Step
	p.eachCall(paths(gorillaSessions), func(c *call) {
		if c.name == "Save" && !changed[c.instr.Parent()] {
			steps = append(steps, Step{c.instr.Pos(), "a session is sent here"})
		}
	})
	if len(steps) > 1 {
		steps = steps[:1]
	}
	return steps
}

// onlyHere reports whether a store stays in this package: nobody else can give
// it options.
func (p *pkg) onlyHere(v ssa.Value) bool { return p.onlyHereBut(v, map[ssa.Value]bool{}) }

// onlyHereBut is onlyHere for what a store goes through, without what is being
// looked at already: stores may be copied back and forth.
func (p *pkg) onlyHereBut(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.Store:
			g, ok := x.Addr.(*ssa.Global)
			if !ok || x.Val != v || g.Object() == nil || g.Object().Exported() {
				return false
			}
			p.index()
			if p.flow.leaks[g] {
				return false
			}
			onlyUsed := true
			p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
				if u, ok := instr.(*ssa.UnOp); ok && u.X == ssa.Value(g) && !p.onlyHereBut(u, seen) {
					onlyUsed = false
				}
			})
			if !onlyUsed {
				return false
			}
		case ssa.CallInstruction:
			c := p.asCall(x, paths(gorillaSessions))
			if c == nil || c.on != v {
				return false
			}
		case *ssa.DebugRef:
		case *ssa.ChangeInterface:
			if !p.onlyHereBut(x, seen) {
				return false
			}
		case *ssa.MakeInterface:
			if !p.onlyHereBut(x, seen) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// pathOfField returns the clean path of the package of a session options field.
func (p *pkg) pathOfField(fa *ssa.FieldAddr) string {
	n := namedType(fa.X.Type())
	if n == nil || n.Obj().Name() != "Options" || n.Obj().Pkg() == nil {
		return ""
	}
	if _, local := fa.X.(*ssa.Alloc); local {
		return ""
	}
	return p.pathOf(n.Obj().Pkg())
}

// ofSession returns the session whose options a value is: s in s.Options; nil
// when it is something else's.
func ofSession(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	if n := namedType(fa.X.Type()); n == nil || n.Obj().Name() != "Session" {
		return nil
	}
	return fa.X
}

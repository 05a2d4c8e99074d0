package code

import (
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
		Title:    "Framework cookie lacks a security attribute",
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
	}, nil, func(path string) bool { return cookieGate(path) || path == scsPath }, runMKT505)
}

const scsPath = "github.com/alexedwards/scs"

func runMKT505(p *pkg) []Hit {
	var hits []Hit
	for _, u := range p.cookieUses() {
		if u.deletes || !u.session() && u.name != hole {
			continue
		}
		var lacks []string
		if u.secure == off || u.secure == unset {
			lacks = append(lacks, "Secure")
		}
		if u.httpOnly == off || u.httpOnly == unset {
			lacks = append(lacks, "HttpOnly")
		}
		certain := len(lacks) > 0 && u.session()
		if u.sameSite == "" {
			lacks = append(lacks, "SameSite")
		}
		if len(lacks) == 0 {
			continue
		}
		name := "a " + u.what
		switch {
		case u.name == hole || u.name == "" && !u.library:
			name += " whose name is not known"
		case u.name != "":
			name = "the " + u.what + " " + u.name
		}
		h := Hit{Rule: "MKT505", Pos: u.pos, End: u.end, Message: name + " lacks " + strings.Join(lacks, " and "), Steps: u.steps}
		if !certain {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return append(append(hits, p.scsCookie()...), p.bareStores()...)
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
			hits = append(hits, Hit{Rule: "MKT505", Pos: s.Pos(), Message: "the session cookie of scs lacks " + v.Name()})
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
		h := p.hit("MKT505", made, -1, "the session cookie of scs lacks Secure, which is off unless Cookie.Secure is set")
		if !serves {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return hits
}

// bareStores judges session stores that nobody gives options to: their
// libraries leave HttpOnly off.
func (p *pkg) bareStores() []Hit {
	configured := false
	for _, u := range p.cookieUses() {
		configured = configured || u.library
	}
	var hits []Hit
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if fa, ok := instr.(*ssa.FieldAddr); ok && p.pathOfField(fa) == "github.com/gorilla/sessions" {
			configured = true // store.Options.Secure = …
		}
	})
	p.eachCall(func(path string) bool {
		return path == "github.com/gorilla/sessions" || strings.HasPrefix(path, "github.com/gin-contrib/sessions/") || path == fiberPath+"/middleware/session"
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
			h := p.hit("MKT505", c.instr, -1, "the session store has no options: its cookie lacks HttpOnly unless another package sets it")
			h.Class = rules.Review
			hits = append(hits, h)
		}
	})
	return hits
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

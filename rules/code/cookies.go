package code

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A setting is what code says of an attribute.
type setting int

const (
	unset   setting = iota // left out: the library's default holds
	on                     // true, on every way
	off                    // false, on every way
	unknown                // computed, or one or the other
)

// A cookieUse is one place that decides what a cookie looks like: a cookie that
// is sent, or the options of a session library.
type cookieUse struct {
	what     string // "cookie", or the library's type: "gorilla/sessions Options"
	pos, end token.Pos
	steps    []Step
	name     string // hole when it is not known
	library  bool   // options of a session library: it is a session by nature
	// oneSession says that library options are those of a single session, not of
	// the store that makes all of them.
	oneSession bool
	secure     setting
	httpOnly   setting
	sameSite   string // "", "lax", "strict", "none", or "?" when not known
	maxAge     int64  // seconds; only when hasMaxAge
	hasMaxAge  bool
	expires    ssa.Value // what Expires is set to; nil when it is not
	ageSet     bool      // MaxAge or Expires is there, known or not
	deletes    bool      // takes the cookie away
	at         ssa.Instruction
}

// session reports whether the cookie says who asks, by its name.
func (c *cookieUse) session() bool {
	if c.library {
		return true
	}
	n := SplitName(c.name)
	if harmlessCookie(n) || guardName(n) || n.Has("state", "nonce", "verifier", "pkce", "device", "cart", "visitor", "analytics") {
		return false
	}
	return n.Has("session", "sess", "sid", "sessid", "token", "jwt", "auth", "login", "remember", "refresh", "user", "uid", "account", "identity", "credential", "phpsessid", "jsessionid")
}

// cookieUses returns every cookie and session option the package sets.
func (p *pkg) cookieUses() []*cookieUse {
	if p.cookies != nil {
		return *p.cookies
	}
	var out []*cookieUse
	p.cookies = &out
	defer p.building("cookies")()
	if !importsAny(p.types, cookieGate) {
		return out
	}
	sameSiteSet := map[*ssa.Function]string{} // gin: SetSameSite holds for what follows
	anySameSite := ""
	p.eachCall(paths(ginPath), func(c *call) {
		if c.callee() == "Context.SetSameSite" {
			s := sameSiteOf(c.args[0])
			sameSiteSet[outermost(c.instr.Parent())] = s
			anySameSite = s
		}
	})
	seen := map[*ssa.Alloc]bool{}
	p.eachCall(cookieGate, func(c *call) {
		var arg ssa.Value
		switch c.path + " " + c.callee() {
		case "net/http SetCookie":
			arg = c.args[1]
		case echoPath + " Context.SetCookie", fiberPath + " Ctx.Cookie":
			arg = c.args[0]
		case ginPath + " Context.SetCookie":
			if len(c.args) != 7 {
				return
			}
			u := &cookieUse{what: "cookie", name: p.oneText(c.args[0]), secure: p.setting(c.args[5]), httpOnly: p.setting(c.args[6]), at: c.instr}
			u.pos, u.end = p.region(c.instr, -1)
			u.age(p, c.args[2])
			u.sameSite = sameSiteSet[outermost(c.instr.Parent())]
			if u.sameSite == "" && anySameSite != "" {
				u.sameSite = "?" // set by a middleware of this package
			}
			if v, ok := constText(c.args[1]); ok && v == "" {
				u.deletes = u.deletes || u.hasMaxAge && u.maxAge <= 0
			}
			out = append(out, u)
			return
		default:
			return
		}
		origins, more := p.origins(arg)
		for _, o := range origins {
			v := o.v
			if l, ok := v.(*ssa.UnOp); ok {
				v = l.X
			}
			al, ok := v.(*ssa.Alloc)
			if !ok || seen[al] || more {
				continue
			}
			seen[al] = true
			n := namedType(al.Type())
			if n == nil || n.Obj().Name() != "Cookie" {
				continue
			}
			u := p.cookieLiteral(p.literal(al, n), "cookie")
			u.name = hole
			l := p.literal(al, n)
			if s := l.set["Name"]; len(s) == 1 {
				u.name = p.oneText(s[0].Val)
			}
			if c.path == fiberPath && u.sameSite == "" {
				u.sameSite = "lax" // fiber's default
			}
			for _, s := range l.set["Value"] {
				if v, ok := constText(s.Val); ok && v == "" && len(l.set["Value"]) == 1 && u.ageSet {
					u.deletes = true
				}
			}
			if len(l.set["Value"]) == 0 && !l.passed && u.ageSet {
				u.deletes = true
			}
			u.steps = []Step{{c.instr.Pos(), "sent here"}}
			out = append(out, u)
		}
	})
	p.literals(func(path, name string) bool { return sessionOptions[path+" "+name] != "" }, func(l *literal) {
		key := p.pathOf(l.typ.Obj().Pkg()) + " " + l.typ.Obj().Name()
		if copiedElsewhere(l.alloc) {
			return
		}
		u := p.cookieLiteral(l, sessionOptions[key])
		u.library = true
		u.deletes = u.deletes && !p.fillsSession(l.alloc.Parent())
		if s := p.givenSession(l.alloc); s != nil {
			u.oneSession = true
			u.steps = p.savedAfter(s, l.alloc.Parent())
		}
		if s := l.set["CookieName"]; len(s) == 1 {
			u.name = p.oneText(s[0].Val)
		}
		if key == fiberPath+"/middleware/session Config" && u.sameSite == "" {
			u.sameSite = "lax"
		}
		out = append(out, u)
	})
	p.cookies = &out
	return out
}

var cookieGate = paths(netHTTP, ginPath, echoPath, fiberPath, "github.com/gorilla/sessions", "github.com/gin-contrib/sessions", fiberPath+"/middleware/session")

// sessionOptions are the types by which session libraries are told what their
// cookie looks like.
var sessionOptions = map[string]string{
	"github.com/gorilla/sessions Options": "session cookie", "github.com/gin-contrib/sessions Options": "session cookie", fiberPath + "/middleware/session Config": "session cookie",
}

// givenSession returns the session of gorilla/sessions that options are given
// to, nil when they are for something else.
func (p *pkg) givenSession(al *ssa.Alloc) ssa.Value {
	for _, r := range *al.Referrers() {
		s, ok := r.(*ssa.Store)
		if !ok || s.Val != ssa.Value(al) {
			continue
		}
		if fa, ok := s.Addr.(*ssa.FieldAddr); ok && p.isType(fa.X.Type(), gorillaSessions, "Session") {
			return fa.X
		}
	}
	return nil
}

// savedAfter finds where a function sends a session: by its own Save or by its
// store's.
func (p *pkg) savedAfter(session ssa.Value, fn *ssa.Function) []Step {
	var steps []Step
	within(fn, func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || len(steps) > 0 {
			return
		}
		c := p.asCall(ci, paths(gorillaSessions))
		if c == nil || c.name != "Save" {
			return
		}
		if c.on == session || slices.Contains(c.args, session) {
			steps = append(steps, Step{c.instr.Pos(), "sent here"})
		}
	})
	return steps
}

// fillsSession reports whether a function puts something into a session, which
// a logout does not.
func (p *pkg) fillsSession(fn *ssa.Function) bool {
	fills := false
	within(fn, func(instr ssa.Instruction) {
		m, ok := instr.(*ssa.MapUpdate)
		if !ok {
			return
		}
		load, ok := m.Map.(*ssa.UnOp)
		if !ok {
			return
		}
		fa, ok := load.X.(*ssa.FieldAddr)
		if !ok || fieldVar(fa) == nil || fieldVar(fa).Name() != "Values" {
			return
		}
		if c, ok := unwrap(m.Value).(*ssa.Const); ok && (c.Value == nil || c.Value.String() == "false" || c.Value.String() == `""` || c.Value.String() == "0") {
			return
		}
		fills = true
	})
	return fills
}

// copiedElsewhere reports whether a literal is only the source of a copy into
// another local, which is looked at instead.
func copiedElsewhere(al *ssa.Alloc) bool {
	for _, r := range *al.Referrers() {
		u, ok := r.(*ssa.UnOp)
		if !ok || u.Referrers() == nil {
			continue
		}
		for _, ur := range *u.Referrers() {
			if s, ok := ur.(*ssa.Store); ok && s.Val == ssa.Value(u) {
				if _, local := s.Addr.(*ssa.Alloc); local {
					return true
				}
			}
		}
	}
	return false
}

// cookieLiteral reads the attributes of a literal.
func (p *pkg) cookieLiteral(l *literal, what string) *cookieUse {
	u := &cookieUse{what: what, pos: l.alloc.Pos(), at: l.alloc}
	attribute := func(names ...string) setting {
		for _, name := range names {
			stores := l.set[name]
			if len(stores) == 0 {
				continue
			}
			s := p.setting(stores[0].Val)
			for _, more := range stores[1:] {
				if p.setting(more.Val) != s {
					return unknown
				}
			}
			return s
		}
		if l.passed {
			return unknown
		}
		return unset
	}
	u.secure = attribute("Secure", "CookieSecure")
	u.httpOnly = attribute("HttpOnly", "HTTPOnly", "CookieHTTPOnly")
	for _, name := range []string{"SameSite", "CookieSameSite"} {
		for _, s := range l.set[name] {
			u.sameSite = sameSiteOf(s.Val)
		}
	}
	if u.sameSite == "" && l.passed {
		u.sameSite = "?"
	}
	for _, name := range []string{"MaxAge"} {
		for _, s := range l.set[name] {
			u.age(p, s.Val)
		}
	}
	if len(l.set["Expires"]) > 0 || len(l.set["Expiration"]) > 0 {
		u.ageSet = true
		for _, s := range l.set["Expires"] {
			u.expires = s.Val
			if p.pastTime(s.Val) {
				u.deletes = true
			}
		}
	}
	if l.passed {
		u.ageSet = true
	}
	return u
}

// pastTime reports whether a time is written down as one long gone, which is
// how cookies are taken away.
func (p *pkg) pastTime(v ssa.Value) bool {
	origins, _ := p.origins(v)
	for _, o := range origins {
		x, ok := o.v.(*ssa.Call)
		if !ok {
			continue
		}
		c := p.asCall(x, paths("time"))
		if c == nil {
			continue
		}
		switch c.callee() {
		case "Unix", "Date":
			return true
		case "Time.Add", "Time.AddDate":
			for _, a := range c.args {
				if ns, open := p.ints(a); !open && len(ns) == 1 && ns[0].n < 0 {
					return true
				}
			}
		}
	}
	return false
}

func (u *cookieUse) age(p *pkg, v ssa.Value) {
	u.ageSet = true
	if ns, open := p.ints(v); !open && len(ns) == 1 {
		u.maxAge, u.hasMaxAge = ns[0].n, true
		if ns[0].n < 0 {
			u.deletes = true
		}
	}
}

// setting reads a boolean.
func (p *pkg) setting(v ssa.Value) setting {
	origins, more := p.origins(v)
	out := unset
	for _, o := range origins {
		c, ok := o.v.(*ssa.Const)
		if !ok || more {
			return unknown
		}
		s := off
		if c.Value != nil && c.Value.String() == "true" {
			s = on
		}
		if out != unset && out != s {
			return unknown
		}
		out = s
	}
	if out == unset {
		return unknown
	}
	return out
}

// sameSiteOf reads net/http's constants and fiber's strings.
func sameSiteOf(v ssa.Value) string {
	if k, ok := constText(v); ok {
		switch k = strings.ToLower(k); k {
		case "lax", "strict", "none":
			return k
		case "":
			return ""
		}
		return "?"
	}
	c, ok := unwrap(v).(*ssa.Const)
	if !ok || c.Value == nil {
		return "?"
	}
	switch c.Int64() {
	case 2:
		return "lax"
	case 3:
		return "strict"
	case 4:
		return "none"
	}
	return ""
}

// oneText returns the text a value is, or a hole.
func (p *pkg) oneText(v ssa.Value) string {
	texts, open := p.texts(v)
	if open || len(texts) != 1 {
		return hole
	}
	return texts[0].s
}

// sessionSameSite says how far browsers are told to keep the package's session
// cookies from other sites: "lax" when all are lax or strict, "open" when one
// is not, "?" when none is set here or one is not known.
func (p *pkg) sessionSameSite() string {
	var all []string
	for _, u := range p.cookieUses() {
		if u.deletes || !u.session() && u.name != hole {
			continue
		}
		switch u.sameSite {
		case "lax", "strict":
			all = append(all, "lax")
		case "", "none":
			if u.session() {
				all = append(all, "open")
			} else {
				all = append(all, "?")
			}
		default:
			all = append(all, "?")
		}
	}
	if p.importsPath("github.com/alexedwards/scs") {
		all = append(all, "lax") // its default, which nobody loosens by mistake
	}
	switch {
	case len(all) == 0, slices.Contains(all, "?"):
		return "?"
	case slices.Contains(all, "open"):
		return "open"
	}
	return "lax"
}

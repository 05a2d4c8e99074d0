package code

import (
	"fmt"
	"go/types"
	"strings"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt309 flags sessions and self-issued tokens that live too long, cannot be
// ended, survive a login, or are signed with a key that stands in the code.
func mkt309() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT309",
		Name:     "session-weakness",
		Title:    "Session lives too long or cannot be ended",
		Class:    rules.Violation,
		Controls: []string{"session-management"},
		CWE:      []int{613, 384},
		Vector:   v48,
		Flags: "A JWT that is issued without `exp`; a token, session cookie or session store that lives longer than the limit (24 hours unless `limits: session-absolute` in the policy file says otherwise; 30 days for what is named refresh or remember); " +
			"options of gorilla/sessions or gin-contrib/sessions without `MaxAge`; a login that puts the user into a server-side session (scs, fiber) without renewing its id. A package that signs people in and never ends a session is a review finding, " +
			"and so are tokens for machines (an audience is set, or the name says api, service, invite).",
		Safe:        "An expiry within the limit; one that comes from the configuration; `RenewToken` or `Regenerate` at login; `Destroy`, `Clear` or a cookie with a negative age at logout.",
		Remediation: "Let tokens and sessions end within a day, renew the session id at login, and destroy the session at logout. Longer stays need a refresh token that is rotated.",
		Wrong:       "jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{\"sub\": user})",
		Right:       "jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{\"sub\": user, \"exp\": time.Now().Add(time.Hour).Unix()})",
		Frameworks:  []string{"golang-jwt/jwt v3-v5", "dgrijalva/jwt-go", "gorilla/sessions", "gorilla/securecookie", "gin-contrib/sessions", "scs", "fiber session", "net/http", "echo v4"},
	}, []rules.Rule{{
		ID:          "MKT309/literal-key",
		Name:        "session-literal-key",
		Title:       "Sessions are signed with a key that stands in the code",
		CWE:         []int{321},
		Vector:      v91,
		Flags:       "The key of a session store, of securecookie or of a token's HMAC signature that is a literal or a constant: whoever reads the code signs sessions as anybody.",
		Safe:        "A key from the environment, a file or a secret store; a key made by `securecookie.GenerateRandomKey` or crypto/rand.",
		Remediation: "Load the key from the environment or a secret store, refuse to start without it, and replace the one that stood in the code.",
		Wrong:       "var store = sessions.NewCookieStore([]byte(\"change-me\"))",
		Right:       "var store = sessions.NewCookieStore(mustKey(os.Getenv(\"SESSION_KEY\")))",
	}}, sessionGate, runMKT309)
}

const (
	gorillaSessions = "github.com/gorilla/sessions"
	ginSessions     = "github.com/gin-contrib/sessions"
	fiberSession    = fiberPath + "/middleware/session"
	secureCookie    = "github.com/gorilla/securecookie"
)

func sessionGate(path string) bool {
	return cookieGate(path) || jwtPackages(path) || path == scsPath || path == secureCookie || strings.HasPrefix(path, ginSessions+"/")
}

func runMKT309(p *pkg) []Hit {
	hits := p.sessionAges()
	if importsAny(p.types, jwtPackages) {
		p.eachCall(jwtPackages, func(c *call) {
			switch c.callee() {
			case "NewWithClaims":
				if len(c.args) >= 2 {
					hits = append(hits, p.claimsExpiry(c)...)
				}
			case "Token.SignedString":
				hits = append(hits, p.literalKey(c, c.args[0], "the token is signed with a key that stands in the code")...)
			}
		})
	}
	p.eachCall(func(path string) bool {
		return path == gorillaSessions || path == secureCookie || strings.HasPrefix(path, ginSessions+"/")
	}, func(c *call) {
		switch c.name {
		case "NewCookieStore", "NewStore", "NewFilesystemStore", "CodecsFromPairs":
			if keys, ok := variadic(c.args[len(c.args)-1]); ok {
				for _, k := range keys {
					hits = append(hits, p.literalKey(c, k, "sessions are signed with a key that stands in the code")...)
				}
			}
		case "New":
			if c.path == secureCookie && len(c.args) == 2 {
				hits = append(hits, p.literalKey(c, c.args[0], "cookies are signed with a key that stands in the code")...)
			}
		}
	})
	return append(hits, p.sessionLife()...)
}

// literalKey flags a key whose every byte is known here.
func (p *pkg) literalKey(c *call, key ssa.Value, message string) []Hit {
	key = unwrap(key)
	if !isText(key.Type()) {
		return nil
	}
	origins, more := p.origins(key)
	if more || len(origins) == 0 {
		return nil
	}
	var steps []Step
	for _, o := range origins {
		k, ok := constText(o.v)
		if !ok || k == "" {
			return nil // unset, computed or loaded somewhere: not this rule's literal
		}
		steps = o.steps
	}
	return []Hit{p.hit("MKT309/literal-key", c.instr, -1, message+"; load it from the environment or a secret store", steps...)}
}

// limit returns how long something of that name may live.
func (p *pkg) limit(name string) time.Duration {
	limit := p.opts.SessionAbsolute
	if limit <= 0 {
		limit = defaultSessionAbsolute
	}
	if SplitName(name).Has("refresh", "remember", "rememberme", "persistent") {
		limit = max(limit, 30*24*time.Hour)
	}
	return limit
}

func span(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
	}
	return fmt.Sprintf("%g hours", d.Hours())
}

// sessionAges judges the ages that cookies and stores are given.
func (p *pkg) sessionAges() []Hit {
	var hits []Hit
	for _, u := range p.cookieUses() {
		if u.deletes || !u.session() {
			continue
		}
		name := outermost(u.at.Parent()).Name() + " " + u.name
		age, limit := time.Duration(u.maxAge)*time.Second, p.limit(name)
		switch {
		case u.hasMaxAge && u.maxAge > 0 && u.maxAge < 1<<33 && age > limit:
			hits = append(hits, Hit{Rule: "MKT309", Pos: u.pos, End: u.end, Message: fmt.Sprintf("the session lives %s, the limit is %s", span(age), span(limit))})
		case !u.hasMaxAge && u.expires != nil:
			if life, ok := p.lifetime(u.expires); ok && life > limit {
				hits = append(hits, Hit{Rule: "MKT309", Pos: u.pos, End: u.end, Message: fmt.Sprintf("the session lives %s, the limit is %s", span(life), span(limit))})
			}
		case u.library && p.optionsType(u) && (!u.ageSet || u.hasMaxAge && u.maxAge == 0):
			hits = append(hits, Hit{Rule: "MKT309", Pos: u.pos, End: u.end, Message: "the session has no MaxAge: nothing but the browser ends it"})
		}
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		v := fieldVar(fa)
		if v == nil || v.Name() != "Lifetime" && v.Name() != "Expiration" {
			return
		}
		n := namedType(fa.X.Type())
		if n == nil || n.Obj().Pkg() == nil {
			return
		}
		switch p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() + "." + v.Name() {
		case scsPath + " SessionManager.Lifetime", fiberSession + " Config.Expiration":
		default:
			return
		}
		ns, open := p.ints(s.Val)
		if limit := p.limit(""); !open && len(ns) == 1 && time.Duration(ns[0].n) > limit {
			hits = append(hits, Hit{Rule: "MKT309", Pos: s.Pos(), Message: fmt.Sprintf("sessions live %s, the limit is %s", span(time.Duration(ns[0].n)), span(limit)), Steps: ns[0].steps})
		}
	})
	return hits
}

// optionsType reports whether a library's options have a MaxAge.
func (p *pkg) optionsType(u *cookieUse) bool {
	al, ok := u.at.(*ssa.Alloc)
	if !ok {
		return false
	}
	n := namedType(al.Type())
	return n != nil && n.Obj().Name() == "Options"
}

// claimsExpiry judges the claims of a token that is issued here.
func (p *pkg) claimsExpiry(c *call) []Hit {
	origins, more := p.origins(c.args[1])
	if more || len(origins) != 1 {
		return nil
	}
	exp, machine, known := p.expiryOf(origins[0].v)
	if !known {
		return nil
	}
	name := outermost(c.instr.Parent()).Name()
	soft := machine || SplitName(name).Has("api", "service", "machine", "webhook", "invite", "invitation", "unsubscribe", "client", "app", "personal", "access", "internal")
	var h Hit
	if exp == nil {
		h = p.hit("MKT309", c.instr, -1, "the token is issued without an expiry; it is good for ever")
	} else {
		life, ok := p.lifetime(exp)
		limit := p.limit(name)
		if !ok || life <= limit {
			return nil
		}
		h = p.hit("MKT309", c.instr, -1, fmt.Sprintf("the token lives %s, the limit is %s", span(life), span(limit)), Step{exp.Pos(), "its expiry is set here"})
	}
	if soft {
		h.Class = rules.Review
	}
	return []Hit{h}
}

// expiryOf looks for the expiry among claims that are built here. known is
// false when others may be added elsewhere.
func (p *pkg) expiryOf(v ssa.Value) (exp ssa.Value, machine, known bool) {
	if u, ok := v.(*ssa.UnOp); ok {
		v = u.X
	}
	switch x := v.(type) {
	case *ssa.MakeMap:
		return p.mapExpiry(x)
	case *ssa.Alloc:
		if _, ok := x.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			found := map[string]ssa.Value{}
			if !p.claimFields(x, found, 0) || found["*"] != nil {
				return nil, false, false
			}
			if !p.registered(x.Type(), 0) {
				return nil, false, false // no field could carry an expiry in a way that is known here
			}
			return found["ExpiresAt"], found["Audience"] != nil, true
		}
	}
	return nil, false, false
}

// registered reports whether claims are or embed the library's registered ones.
func (p *pkg) registered(t types.Type, depth int) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil || depth > 4 {
		return false
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	if jwtPackages(p.pathOf(n.Obj().Pkg())) {
		return strings.HasSuffix(n.Obj().Name(), "Claims")
	}
	for v := range s.Fields() {
		if v.Embedded() && p.registered(v.Type(), depth+1) {
			return true
		}
	}
	return false
}

func (p *pkg) mapExpiry(m *ssa.MakeMap) (exp ssa.Value, machine, known bool) {
	known = true
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.MapUpdate:
				if x.Map != v {
					known = false
					continue
				}
				k, ok := constText(x.Key)
				switch {
				case !ok:
					known = false
				case k == "exp":
					exp = x.Value
				case k == "aud":
					machine = true
				}
			case *ssa.ChangeType:
				follow(x)
			case *ssa.MakeInterface:
				follow(x)
			case *ssa.Lookup, *ssa.DebugRef, *ssa.Range:
			case *ssa.Call:
				if c := p.asCall(x, nil); c == nil || !jwtPackages(c.path) {
					known = false
				}
			default:
				known = false
			}
		}
	}
	follow(m)
	return exp, machine, known
}

// claimFields collects what is stored into the fields of claims, through
// embedded claims of the library. It returns false when claims come from
// elsewhere.
func (p *pkg) claimFields(al *ssa.Alloc, found map[string]ssa.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	return p.claimStores(al, al, found, depth)
}

func (p *pkg) claimStores(al *ssa.Alloc, addr ssa.Value, found map[string]ssa.Value, depth int) bool {
	for _, r := range *addr.Referrers() {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			v := fieldVar(x)
			if v == nil {
				return false
			}
			if n := namedType(v.Type()); v.Embedded() && n != nil && n.Obj().Pkg() != nil && (jwtPackages(p.pathOf(n.Obj().Pkg())) || n.Obj().Pkg() == p.types) {
				if !p.claimStores(al, x, found, depth) {
					return false
				}
				continue
			}
			for _, fr := range *x.Referrers() {
				switch s := fr.(type) {
				case *ssa.Store:
					if s.Addr == ssa.Value(x) {
						found[v.Name()] = s.Val
					}
				case *ssa.UnOp, *ssa.DebugRef:
				default:
					if v.Name() == "ExpiresAt" {
						return false
					}
				}
			}
		case *ssa.Store:
			if x.Addr != addr {
				continue
			}
			from := copied(x.Val)
			if from == nil || !p.claimFields(from, found, depth+1) {
				return false
			}
		case *ssa.Call:
			// Claims that are given to a function may be completed there.
			if c := p.asCall(x, nil); c == nil || !jwtPackages(c.path) {
				return false
			}
		case *ssa.MakeInterface:
			for _, ir := range *x.Referrers() {
				if call, ok := ir.(*ssa.Call); ok {
					if c := p.asCall(call, nil); c == nil || !jwtPackages(c.path) {
						return false
					}
				}
			}
		}
	}
	return true
}

// lifetime reads how far after now an expiry lies.
func (p *pkg) lifetime(v ssa.Value) (time.Duration, bool) {
	for range 8 {
		origins, more := p.origins(v)
		if more || len(origins) != 1 {
			return 0, false
		}
		x, ok := origins[0].v.(*ssa.Call)
		if !ok {
			return 0, false
		}
		c := p.asCall(x, nil)
		if c == nil {
			return 0, false
		}
		switch {
		case c.path == "time" && (c.callee() == "Time.Unix" || c.callee() == "Time.UTC" || c.callee() == "Time.Round" || c.callee() == "Time.Truncate" || c.callee() == "Time.Local"):
			v = c.on
		case jwtPackages(c.path) && (c.name == "NewNumericDate" || c.name == "At" || c.name == "NewTime"):
			v = c.args[0]
		case c.path == "time" && c.callee() == "Time.Add":
			ns, open := p.ints(c.args[0])
			if open || len(ns) != 1 {
				return 0, false
			}
			return time.Duration(ns[0].n), true
		case c.path == "time" && c.callee() == "Time.AddDate":
			var part [3]int64
			for i, a := range c.args {
				ns, open := p.ints(a)
				if open || len(ns) != 1 || ns[0].n < 0 || ns[0].n > 1000 {
					return 0, false
				}
				part[i] = ns[0].n
			}
			return time.Duration(part[0]*365+part[1]*30+part[2]) * 24 * time.Hour, true
		default:
			return 0, false
		}
	}
	return 0, false
}

// sessionLife looks at what logins and logouts do to sessions.
func (p *pkg) sessionLife() []Hit {
	var entered []*call // the user is put into a session
	ends := false
	renewing := map[*ssa.Function]bool{} // outermost functions that renew a session's id
	p.eachCall(func(path string) bool {
		return path == scsPath || path == fiberSession || path == ginSessions || path == gorillaSessions
	}, func(c *call) {
		switch c.callee() {
		case "SessionManager.Put":
			if len(c.args) == 3 && p.userKey(c.args[1]) {
				entered = append(entered, c)
			}
		case "Session.Set":
			if len(c.args) == 2 && p.userKey(c.args[0]) {
				entered = append(entered, c)
			}
		case "SessionManager.RenewToken", "Session.Regenerate", "Session.Reset":
			renewing[outermost(c.instr.Parent())] = true
		case "SessionManager.Destroy", "SessionManager.Remove", "SessionManager.Clear", "SessionManager.Pop", "SessionManager.PopString", "SessionManager.PopInt", "Session.Destroy", "Session.Clear", "Session.Delete":
			ends = true
		}
	})
	if len(entered) == 0 {
		return nil
	}
	if p.importsPath(gorillaSessions) {
		p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
			if s, ok := instr.(*ssa.Store); ok {
				if fa, ok := s.Addr.(*ssa.FieldAddr); ok && fieldVar(fa) != nil && fieldVar(fa).Name() == "MaxAge" {
					ends = true
				}
			}
		})
	}
	for _, u := range p.cookieUses() {
		ends = ends || u.deletes
	}
	for _, fn := range p.funcs() {
		if n := SplitName(fn.Name()); n.Has("logout", "signout") || n.HasPair("log", "out") || n.HasPair("sign", "out") {
			ends = true
		}
	}
	var hits []Hit
	for _, c := range entered {
		server := c.path == scsPath || c.path == fiberSession
		login := outermost(c.instr.Parent())
		if !server || !loginFunction(login) || p.reachesAny(login, renewing, 3) || p.calledByAny(login, renewing) {
			continue
		}
		how := "RenewToken"
		if c.path == fiberSession {
			how = "Regenerate"
		}
		h := p.hit("MKT309", c.instr, -1, "the login keeps the session id that the visitor came with; call "+how+" before the user is put in")
		if len(renewing) > 0 {
			h.Class = rules.Review // a way that is not followed may lead there
		}
		hits = append(hits, h)
	}
	if len(entered) > 0 && !ends {
		h := p.hit("MKT309", entered[0].instr, -1, "users are put into a session here, and nothing in this package ends one at logout")
		h.Class = rules.Review
		if len(hits) == 0 || hits[0].Pos != h.Pos {
			hits = append(hits, h)
		}
	}
	return hits
}

// reachesAny reports whether a function is in a set, or calls one of it, a few
// calls deep in this package.
func (p *pkg) reachesAny(fn *ssa.Function, set map[*ssa.Function]bool, depth int) bool {
	if len(set) == 0 {
		return false
	}
	if set[fn] {
		return true
	}
	found := false
	within(fn, func(instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok && !found && depth > 0 {
			if callee := ci.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg && outermost(callee) != outermost(fn) {
				found = p.reachesAny(outermost(callee), set, depth-1)
			}
		}
	})
	return found
}

// calledByAny reports whether a function of a set calls fn.
func (p *pkg) calledByAny(fn *ssa.Function, set map[*ssa.Function]bool) bool {
	for caller := range set {
		if p.reachesAny(caller, map[*ssa.Function]bool{fn: true}, 2) {
			return true
		}
	}
	return false
}

// userKey reports whether a session key names who is signed in.
func (p *pkg) userKey(v ssa.Value) bool {
	k, ok := constText(v)
	if !ok {
		return false
	}
	return SplitName(k).Has("user", "uid", "account", "auth", "authenticated", "login", "userid", "identity", "principal", "member", "email", "username")
}

// loginFunction reports whether a function signs people in, by its name.
func loginFunction(fn *ssa.Function) bool {
	n := SplitName(fn.Name())
	return n.Has("login", "signin", "authenticate", "callback", "signup", "register") || n.HasPair("log", "in") || n.HasPair("sign", "in") || n.HasPair("sign", "up")
}

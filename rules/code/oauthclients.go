package code

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// How the code is authorised at a marketplace (the verifier run:oauth-clients).
//
//	a call that asks for a token, or shows one        its host             what it proves
//	oauth2.Config.Exchange, AuthCodeURL, Client …     Endpoint's URLs      apollo:oauth2-code
//	clientcredentials.Config.Token, Client …          TokenURL             druva:oauth2-client-credentials
//	jwt.Config.Client …, DeviceAccessToken            TokenURL             …:oauth2-jwt-bearer, …:oauth2-device
//	Exchange at the endpoint of an OIDC provider      the issuer           …:oauth2-code and …:oidc
//	a request with a grant_type, written by hand      the request's URL    by the grant
//	a request with a Bearer token or an API key,      the request's URL    …:api-token
//	or by the client of a StaticTokenSource
//
// Only what is called counts: a configuration that nobody uses proves nothing.
// The host must be a marketplace's, and be written in the repository: one that
// only the configuration knows could be anybody's, and proves nothing either. Of
// several hosts that a value may have each is used in some run, so each proves.
//
// A package that uses a configuration of another one keeps its name (a function,
// a variable, a field); the other keeps the hosts behind that name. They meet in
// [Facts.Authorisations], over all packages.

// Grants as the tags of [Facts.OAuth] name them after the marketplace.
const (
	grantCode   = "oauth2-code"
	grantClient = "oauth2-client-credentials"
	grantDevice = "oauth2-device"
	grantJWT    = "oauth2-jwt-bearer"
	grantOIDC   = "oidc"
	grantToken  = "api-token"
)

// grantTypes are the values of the grant_type parameter. A refreshed token does
// not say how the first one was got.
var grantTypes = map[string]string{
	"authorization_code":                           grantCode,
	"client_credentials":                           grantClient,
	"urn:ietf:params:oauth:grant-type:device_code": grantDevice,
	"urn:ietf:params:oauth:grant-type:jwt-bearer":  grantJWT,
}

// tokenCalls are the methods of OAuth clients by the grant they run, and the
// field whose URL they go to.
var tokenCalls = symbols(map[string][2]string{
	xoauth2 + " Config.Exchange":                      {grantCode, "Endpoint.TokenURL"},
	xoauth2 + " Config.AuthCodeURL":                   {grantCode, "Endpoint.AuthURL"},
	xoauth2 + " Config.Client":                        {grantCode, "Endpoint.TokenURL"},
	xoauth2 + " Config.TokenSource":                   {grantCode, "Endpoint.TokenURL"},
	xoauth2 + " Config.DeviceAccessToken":             {grantDevice, "Endpoint.TokenURL"},
	xoauth2 + "/clientcredentials Config.Token":       {grantClient, "TokenURL"},
	xoauth2 + "/clientcredentials Config.Client":      {grantClient, "TokenURL"},
	xoauth2 + "/clientcredentials Config.TokenSource": {grantClient, "TokenURL"},
	xoauth2 + "/jwt Config.Client":                    {grantJWT, "TokenURL"},
	xoauth2 + "/jwt Config.TokenSource":               {grantJWT, "TokenURL"},
})

// oauthClients fills in how the package is authorised at marketplaces, and what
// other packages must know to tell how they are.
func (p *pkg) oauthClients(f *Facts, locate func(token.Pos) rules.Location) {
	library := importsAny(p.types, oauthGate)
	if !library && !p.mentionsMarketplace() {
		return
	}
	add := func(grant, host string, at ssa.CallInstruction) {
		// An API key is no way to be authorised where OAuth is the only one.
		m := MarketplaceOf(host)
		if m == "" || grant == grantToken && oauthOnly(host) {
			return
		}
		pos, _ := p.region(at, -1)
		f.OAuth = append(f.OAuth, rules.Item{Name: m + ":" + grant, Detail: host, Location: locate(pos)})
	}
	if library {
		m := p.oauthConfigs()
		p.libraryClients(m, add, func(grant, ref string, at ssa.CallInstruction) {
			pos, _ := p.region(at, -1)
			f.OAuthUses = append(f.OAuthUses, rules.Item{Name: grant, Detail: ref, Location: locate(pos)})
		})
		m.exported(func(ref, behind string) {
			f.OAuthMade = append(f.OAuthMade, rules.Item{Name: ref, Detail: behind})
		})
	}
	if importsAny(p.types, outboundGate) {
		p.handmadeClients(add)
	}
	f.OAuth, f.OAuthUses, f.OAuthMade = sortItems(f.OAuth), sortItems(f.OAuthUses), sortItems(f.OAuthMade)
}

// Authorisations lists the calls by which the code is authorised at
// marketplaces: [Facts.OAuth], and those whose host another package of the same
// repository writes. Ask it of the facts of all packages.
func (f Facts) Authorisations() []rules.Item {
	made := map[string][]string{}
	for _, it := range f.OAuthMade {
		made[it.Name] = append(made[it.Name], it.Detail)
	}
	items := slices.Clone(f.OAuth)
	for _, use := range f.OAuthUses {
		seen := map[string]bool{}
		work := []string{use.Detail}
		for len(work) > 0 && len(seen) < maxOrigins {
			ref := work[len(work)-1]
			work = work[:len(work)-1]
			if seen[ref] {
				continue
			}
			seen[ref] = true
			if m := MarketplaceOf(ref); m != "" {
				items = append(items, rules.Item{Name: m + ":" + use.Name, Detail: ref, Location: use.Location})
			}
			work = append(work, made[ref]...)
		}
	}
	return sortItems(items)
}

// libraryClients visits the calls of x/oauth2 that get a token.
func (p *pkg) libraryClients(m *oauthConfigs, add, open func(grant, at string, by ssa.CallInstruction)) {
	p.eachCall(oauthGate, func(c *call) {
		does, ok := tokenCalls[c.symbol()]
		if !ok || c.on == nil || c.path == xoauth2 && (c.name == "Client" || c.name == "TokenSource") && p.givenToken(c) {
			return
		}
		for _, base := range m.bases(c.on, 0) {
			for _, u := range m.urls(base, does[1], 0) {
				if u.ref != "" {
					open(does[0], u.ref, c.instr)
					continue
				}
				add(does[0], u.host, c.instr)
				if u.issuer && does[0] == grantCode {
					add(grantOIDC, u.host, c.instr)
				}
			}
		}
	})
}

// givenToken reports whether a client of x/oauth2 is made for a token that was
// put together here without a refresh token: one that configuration holds.
func (p *pkg) givenToken(c *call) bool {
	if len(c.args) < 2 {
		return false
	}
	origins, _ := p.origins(c.args[1])
	return slices.ContainsFunc(origins, func(o origin) bool {
		al, ok := o.v.(*ssa.Alloc)
		if !ok || !p.isType(al.Type(), xoauth2, "Token") {
			return false
		}
		l := p.literal(al, namedType(al.Type()))
		return !l.passed && len(l.set["RefreshToken"]) == 0
	})
}

// An oauthBase is where a configuration of x/oauth2 lives: a local, a package
// variable, or a field of the package's own types, which stands for that field
// of every value; or a name that another package declares. Path leads to a field
// inside it: "", "Endpoint", "Endpoint.TokenURL".
type oauthBase struct {
	root any // *ssa.Alloc, *ssa.Global, *types.Var, or string for a name
	path string
}

func (b oauthBase) field(name string) oauthBase {
	if b.path != "" {
		name = b.path + "." + name
	}
	return oauthBase{b.root, name}
}

// oauthConfigs are the stores to configurations of x/oauth2 in one package.
type oauthConfigs struct {
	p   *pkg
	set map[oauthBase][]ssa.Value
}

// An oauthURL is a host that a configuration signs in to.
type oauthURL struct {
	host   string
	issuer bool   // of an OIDC provider
	ref    string // instead of a host: a name of another package and the field behind it
}

const oauthDepth = 8 // configurations that are copied from one another

func (p *pkg) oauthConfigs() *oauthConfigs {
	m := &oauthConfigs{p: p, set: map[oauthBase][]ssa.Value{}}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok || !isText(s.Val.Type()) && !m.isConfig(s.Val.Type()) {
			return
		}
		if fa, ok := s.Addr.(*ssa.FieldAddr); ok && isText(s.Val.Type()) && !m.isConfig(fa.X.Type()) {
			return
		} else if !ok && isText(s.Val.Type()) {
			return
		}
		for _, b := range m.bases(s.Addr, 0) {
			m.set[b] = append(m.set[b], s.Val)
		}
	})
	return m
}

// isConfig reports whether a type, behind pointers, is one of x/oauth2's that
// hold a URL.
func (m *oauthConfigs) isConfig(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Pkg() != nil && oauthGate(m.p.pathOf(n.Obj().Pkg())) && (n.Obj().Name() == "Config" || n.Obj().Name() == "Endpoint")
}

// bases returns what an address may be of.
func (m *oauthConfigs) bases(addr ssa.Value, depth int) []oauthBase {
	if depth > oauthDepth {
		return nil
	}
	switch x := addr.(type) {
	case *ssa.Alloc:
		return []oauthBase{{x, ""}}
	case *ssa.Global:
		if x.Pkg != m.p.ssa.Pkg {
			return []oauthBase{{x.Pkg.Pkg.Path() + "." + x.Name(), ""}}
		}
		return []oauthBase{{x, ""}}
	case *ssa.FieldAddr:
		v := fieldVar(x)
		switch {
		case v == nil:
			return nil
		case m.isConfig(x.X.Type()):
		case v.Pkg() != m.p.types:
			if n := namedType(x.X.Type()); n != nil && v.Pkg() != nil {
				return []oauthBase{{fieldRef(n, v), ""}}
			}
			return nil
		default:
			return []oauthBase{{v, ""}}
		}
		var out []oauthBase
		for _, b := range m.bases(x.X, depth+1) {
			out = append(out, b.field(v.Name()))
		}
		return out
	case *ssa.Lookup:
		return m.looked(x, depth)
	}
	origins, _ := m.p.origins(addr)
	var out []oauthBase
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Alloc, *ssa.Global, *ssa.FieldAddr, *ssa.Lookup:
			out = append(out, m.bases(o.v, depth+1)...)
		case *ssa.UnOp: // a pointer that another package sets
			if b := m.bases(x.X, depth+1); x.Op == token.MUL && len(b) == 1 && b[0].foreign() {
				out = append(out, b[0])
			}
		case *ssa.Extract: // conf, ok := providers[name]
			if l, ok := x.Tuple.(*ssa.Lookup); ok {
				out = append(out, m.looked(l, depth)...)
			} else {
				out = append(out, m.made(x.Tuple, x.Index)...)
			}
		default:
			out = append(out, m.made(o.v, 0)...)
		}
	}
	return out
}

func (b oauthBase) foreign() bool {
	_, name := b.root.(string)
	return name
}

// made returns the name of a function of another package whose result a value
// is, or of the field that was read from one.
func (m *oauthConfigs) made(v ssa.Value, result int) []oauthBase {
	switch x := v.(type) {
	case *ssa.Call:
		if fn := x.Call.StaticCallee(); fn != nil && fn.Pkg != m.p.ssa.Pkg {
			if obj, ok := fn.Object().(*types.Func); ok {
				return []oauthBase{{functionRef(obj, result), ""}}
			}
		}
	case *ssa.Field:
		if f, n := structField(x.X.Type(), x.Field), namedType(x.X.Type()); f != nil && n != nil && f.Pkg() != nil && f.Pkg() != m.p.types {
			return []oauthBase{{fieldRef(n, f), ""}}
		}
	}
	return nil
}

func functionRef(fn *types.Func, result int) string {
	return fmt.Sprintf("%s#%d", fn.FullName(), result)
}

func fieldRef(n *types.Named, f *types.Var) string {
	return f.Pkg().Path() + "." + n.Obj().Name() + "." + f.Name()
}

// exported visits the names through which other packages get a configuration,
// with a marketplace's host behind each, or the name of a third package.
func (m *oauthConfigs) exported(do func(ref, behind string)) {
	tell := func(ref string, t types.Type, bases []oauthBase) {
		fields := []string{"TokenURL", "AuthURL"}
		if n := namedType(t); n.Obj().Name() == "Config" && m.p.pathOf(n.Obj().Pkg()) == xoauth2 {
			fields = []string{"Endpoint.TokenURL", "Endpoint.AuthURL"}
		}
		for _, b := range bases {
			for _, field := range fields {
				for _, u := range m.urls(b, field, 0) {
					if u.ref != "" || MarketplaceOf(u.host) != "" {
						do(ref+" "+field, cmp.Or(u.ref, u.host))
					}
				}
			}
		}
	}
	for b := range m.set { // a field of another package's type that is set here
		if name, ok := b.root.(string); ok {
			for _, field := range []string{"Endpoint.TokenURL", "Endpoint.AuthURL", "TokenURL", "AuthURL"} {
				for _, u := range m.urls(oauthBase{name, ""}, field, 0) {
					if ref := name + " " + field; u.ref != ref && (u.ref != "" || MarketplaceOf(u.host) != "") {
						do(ref, cmp.Or(u.ref, u.host))
					}
				}
			}
		}
	}
	scope := m.p.types.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Var:
			if g := m.p.ssa.Pkg.Var(name); obj.Exported() && m.isConfig(obj.Type()) && g != nil {
				tell(m.p.types.Path()+"."+name, obj.Type(), []oauthBase{{g, ""}})
			}
		case *types.TypeName:
			n, _ := types.Unalias(obj.Type()).(*types.Named)
			st, ok := obj.Type().Underlying().(*types.Struct)
			if n == nil || !ok || m.isConfig(n) {
				continue
			}
			for f := range st.Fields() {
				if f.Exported() && f.Pkg() == m.p.types && m.isConfig(f.Type()) {
					tell(fieldRef(n, f), f.Type(), []oauthBase{{f.Origin(), ""}})
				}
			}
		}
	}
	for _, fn := range m.p.funcs() {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() {
			continue
		}
		for i := range fn.Signature.Results().Len() {
			t := fn.Signature.Results().At(i).Type()
			if !m.isConfig(t) {
				continue
			}
			for _, b := range fn.Blocks {
				if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
					tell(functionRef(obj, i), t, m.of(ret.Results[i], 0))
				}
			}
		}
	}
}

// of returns what a configuration is, or was copied from.
func (m *oauthConfigs) of(v ssa.Value, depth int) []oauthBase {
	if _, ptr := v.Type().Underlying().(*types.Pointer); ptr {
		return m.bases(v, depth)
	}
	return m.values(v, depth)
}

// looked returns the configurations that are put into a map.
func (m *oauthConfigs) looked(l *ssa.Lookup, depth int) (out []oauthBase) {
	maps, _ := m.p.origins(l.X)
	m.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		put, ok := instr.(*ssa.MapUpdate)
		if !ok || !m.isConfig(put.Value.Type()) {
			return
		}
		into, _ := m.p.origins(put.Map)
		if !slices.ContainsFunc(into, func(a origin) bool { return slices.ContainsFunc(maps, func(b origin) bool { return a.v == b.v }) }) {
			return
		}
		out = append(out, m.of(put.Value, depth+1)...)
	})
	return out
}

// values returns what a configuration that is copied as a whole was read from.
func (m *oauthConfigs) values(v ssa.Value, depth int) (out []oauthBase) {
	origins, _ := m.p.origins(v)
	for _, o := range origins {
		if u, ok := o.v.(*ssa.UnOp); ok && u.Op == token.MUL {
			out = append(out, m.bases(u.X, depth+1)...)
			continue
		}
		i, v := 0, o.v
		if ex, ok := v.(*ssa.Extract); ok {
			i, v = ex.Index, ex.Tuple
		}
		out = append(out, m.made(v, i)...)
	}
	return out
}

// urls returns the hosts of the URL in a field of a configuration.
func (m *oauthConfigs) urls(b oauthBase, path string, depth int) (out []oauthURL) {
	if depth > oauthDepth {
		return nil
	}
	if name, ok := b.root.(string); ok {
		out = append(out, oauthURL{ref: name + " " + b.field(path).path})
	}
	for _, v := range m.set[b.field(path)] {
		texts, _ := m.p.texts(v)
		for _, t := range texts {
			// A host that ends where the known text does is followed by a path in
			// practice: base + path.
			if _, host, _ := urlHost(t); host != "" {
				out = append(out, oauthURL{host: host})
			}
		}
	}
	copies := func(at oauthBase, rest string) {
		for _, v := range m.set[at] {
			if host := m.issuer(v); host != "" {
				out = append(out, oauthURL{host: host, issuer: true})
			}
			for _, from := range m.of(v, depth) {
				if from != at {
					out = append(out, m.urls(from, rest, depth+1)...)
				}
			}
		}
	}
	copies(b, path)
	if rest, ok := strings.CutPrefix(path, "Endpoint."); ok {
		copies(b.field("Endpoint"), rest)
	}
	return out
}

// issuer returns the host of the OIDC provider whose endpoint a value is.
func (m *oauthConfigs) issuer(v ssa.Value) string {
	origins, _ := m.p.origins(v)
	for _, o := range origins {
		x, ok := o.v.(*ssa.Call)
		if !ok {
			continue
		}
		c := m.p.asCall(x, paths(goOIDC+"/oidc", goOIDC))
		if c == nil || c.callee() != "Provider.Endpoint" {
			continue
		}
		providers, _ := m.p.origins(c.on)
		for _, from := range providers {
			ex, ok := from.v.(*ssa.Extract)
			if !ok {
				continue
			}
			made, ok := ex.Tuple.(*ssa.Call)
			if !ok {
				continue
			}
			if d := m.p.asCall(made, paths(goOIDC+"/oidc", goOIDC)); d != nil && d.name == "NewProvider" && len(d.args) == 2 {
				texts, _ := m.p.texts(d.args[1])
				for _, t := range texts {
					if _, host, _ := urlHost(t); MarketplaceOf(host) != "" {
						return host
					}
				}
			}
		}
	}
	return ""
}

// handmadeClients visits the requests to marketplaces that ask for a token, or
// show one.
func (p *pkg) handmadeClients(add func(grant, host string, at ssa.CallInstruction)) {
	hosts := map[ssa.CallInstruction][]string{}
	for _, u := range p.marketplaceCalls() {
		_, host, _ := urlHost(u.text)
		hosts[u.at] = append(hosts[u.at], host)
		for _, grant := range p.grants(u) {
			add(grant, host, u.at)
		}
		if p.fixedToken(u) {
			add(grantToken, host, u.at)
		}
	}
	if len(hosts) == 0 {
		return
	}
	p.eachCall(nil, func(c *call) {
		var at []string
		switch c.path + " " + c.callee() {
		case "net/http Header.Set", "net/http Header.Add":
			if len(c.args) == 2 {
				at = p.hostsOfHeader(c.on, hosts)
			}
		case "github.com/go-resty/resty Request.SetHeader", "github.com/go-resty/resty Request.SetAuthToken", "github.com/go-resty/resty Client.SetAuthToken":
			at = p.hostsOfChain(c, hosts)
		}
		for _, host := range at {
			if p.showsToken(c, host) {
				add(grantToken, host, c.instr)
			}
		}
	})
}

// fixedToken reports whether a request is sent by a client of x/oauth2 that adds
// one token to all of them: oauth2.NewClient over a StaticTokenSource.
func (p *pkg) fixedToken(u outboundURL) bool {
	clients := []ssa.Value{}
	switch {
	case u.call.path != "net/http":
	case u.call.recv == "Client":
		clients = append(clients, u.call.on)
	default:
		for _, do := range p.requestUses(u.at) {
			clients = append(clients, do.on)
		}
	}
	made := func(v ssa.Value, name string, do func(*call) bool) bool {
		origins, _ := p.origins(v)
		return slices.ContainsFunc(origins, func(o origin) bool {
			x, ok := o.v.(*ssa.Call)
			if !ok {
				return false
			}
			c := p.asCall(x, paths(xoauth2))
			return c != nil && c.callee() == name && do(c)
		})
	}
	return slices.ContainsFunc(clients, func(v ssa.Value) bool {
		return made(v, "NewClient", func(c *call) bool {
			return len(c.args) == 2 && made(c.args[1], "StaticTokenSource", func(src *call) bool {
				return len(src.args) == 1 && !p.writtenToken(src.args[0])
			})
		})
	})
}

// writtenToken reports whether a token may be a constant.
func (p *pkg) writtenToken(v ssa.Value) bool {
	origins, _ := p.origins(v)
	return slices.ContainsFunc(origins, func(o origin) bool {
		al, ok := o.v.(*ssa.Alloc)
		if !ok || !p.isType(al.Type(), xoauth2, "Token") {
			return false
		}
		return slices.ContainsFunc(p.literal(al, namedType(al.Type())).set["AccessToken"], func(s *ssa.Store) bool {
			_, constant := constText(s.Val)
			return constant
		})
	})
}

// showsToken reports whether a call puts a token or an API key into a request.
// One that is written here as a constant is a leaked secret, not a way to be
// authorised; Basic and other schemes are something else.
func (p *pkg) showsToken(c *call, host string) bool {
	value := c.args[len(c.args)-1]
	texts, open := p.texts(value)
	variable := open || len(texts) == 0
	for _, t := range texts {
		variable = variable || strings.Contains(t.s, hole)
	}
	if !variable {
		return false
	}
	if c.name == "SetAuthToken" {
		return true
	}
	if isKeyName(c.args[0]) {
		return true
	}
	if name, ok := constText(c.args[0]); !ok || !strings.EqualFold(name, "Authorization") {
		return false
	}
	for _, t := range texts {
		if scheme, rest, _ := strings.Cut(t.s, " "); strings.EqualFold(scheme, "Bearer") && strings.Contains(rest, hole) {
			return true
		}
	}
	// monday.com takes the token alone.
	return MarketplaceOf(host) == "monday" && len(texts) == 0
}

// hostsOfHeader returns the hosts of marketplaces that requests with the given
// header go to.
func (p *pkg) hostsOfHeader(header ssa.Value, hosts map[ssa.CallInstruction][]string) (out []string) {
	load, ok := unwrap(header).(*ssa.UnOp)
	if !ok {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || !p.isType(fa.X.Type(), "net/http", "Request") {
		return nil
	}
	origins, _ := p.origins(fa.X)
	for _, o := range origins {
		if ex, ok := o.v.(*ssa.Extract); ok {
			if made, ok := ex.Tuple.(*ssa.Call); ok {
				out = append(out, hosts[made]...)
			}
		}
	}
	return out
}

// hostsOfChain returns the hosts of marketplaces that a chain of calls speaks
// of, before or after the given one.
func (p *pkg) hostsOfChain(c *call, hosts map[ssa.CallInstruction][]string) []string {
	on := c.on
	for range 16 {
		before, ok := on.(*ssa.Call)
		if !ok {
			break
		}
		if found := hosts[before]; len(found) > 0 {
			return found
		}
		d := p.asCall(before, nil)
		if d == nil {
			break
		}
		on = d.on
	}
	one := map[ssa.Instruction]string{}
	for at, found := range hosts {
		one[at] = found[0]
	}
	if host, known := p.chainHost(c.instr, one); known {
		return []string{host}
	}
	return nil
}

// grants returns the grants that a request asks a token for: by the grant_type
// in its form, in its JSON, or in its URL.
func (p *pkg) grants(u outboundURL) (out []string) {
	see := func(s string) {
		if g := grantTypes[s]; g != "" && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	inQuery := func(s string) {
		for pair := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '&' || r == '?' }) {
			if v, ok := strings.CutPrefix(pair, "grant_type="); ok {
				see(strings.ReplaceAll(v, "%3A", ":"))
			}
		}
	}
	inQuery(u.text.s)
	var look func(v ssa.Value) bool
	look = func(v ssa.Value) bool {
		p.grantIn(v, see, inQuery)
		for _, encoded := range p.encodedInto(v) {
			p.derives(encoded, look)
		}
		return false
	}
	for i, a := range u.call.args {
		if i != u.arg {
			p.derives(a, look)
		}
	}
	if strings.HasSuffix(u.call.path, "/resty") {
		p.derives(u.call.on, look)
	}
	return out
}

// encodedInto returns what is written as JSON into a buffer:
// json.NewEncoder(&buf).Encode(x).
func (p *pkg) encodedInto(v ssa.Value) (out []ssa.Value) {
	al, ok := v.(*ssa.Alloc)
	if !ok || !p.isType(al.Type(), "bytes", "Buffer") {
		return nil
	}
	for _, r := range *al.Referrers() {
		writer, ok := r.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		for _, wr := range *writer.Referrers() {
			encoder, ok := wr.(*ssa.Call)
			if !ok {
				continue
			}
			if c := p.asCall(encoder, paths("encoding/json")); c == nil || c.name != "NewEncoder" {
				continue
			}
			for _, er := range *encoder.Referrers() {
				if ci, ok := er.(ssa.CallInstruction); ok {
					if c := p.asCall(ci, paths("encoding/json")); c != nil && c.callee() == "Encoder.Encode" {
						out = append(out, c.args[0])
					}
				}
			}
		}
	}
	return out
}

// grantIn reads the grant type out of one value that a request's body is made
// from.
func (p *pkg) grantIn(v ssa.Value, see, inQuery func(string)) {
	text := func(v ssa.Value) {
		if elems, ok := variadic(v); ok && len(elems) == 1 { // url.Values{"grant_type": {"…"}}
			v = elems[0]
		}
		texts, _ := p.texts(v)
		for _, t := range texts {
			see(t.s)
		}
	}
	named := func(key ssa.Value) bool { return isConstText(unwrap(key), "grant_type") }
	switch x := v.(type) {
	case *ssa.Call:
		for _, a := range x.Call.Args {
			if isText(a.Type()) {
				texts, _ := p.texts(a)
				for _, t := range texts {
					inQuery(t.s)
				}
			}
		}
	case *ssa.Alloc:
		for _, r := range *x.Referrers() {
			fa, ok := r.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			st, ok := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
			if !ok || !tagged(st.Tag(fa.Field), "grant_type") {
				continue
			}
			for _, fr := range *fa.Referrers() {
				if s, ok := fr.(*ssa.Store); ok && s.Addr == ssa.Value(fa) {
					text(s.Val)
				}
			}
		}
	}
	if _, isMap := v.Type().Underlying().(*types.Map); !isMap || v.Referrers() == nil {
		return
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.MapUpdate:
			if named(x.Key) {
				text(unwrap(x.Value))
			}
		case ssa.CallInstruction:
			c := p.asCall(x, paths("net/url"))
			if c != nil && (c.callee() == "Values.Set" || c.callee() == "Values.Add") && named(c.args[0]) {
				text(c.args[1])
			}
		}
	}
}

// tagged reports whether a struct tag gives its field that name.
func tagged(tag, name string) bool {
	for _, key := range []string{"json", "form", "url", "schema"} {
		if got, _, _ := strings.Cut(reflect.StructTag(tag).Get(key), ","); got == name {
			return true
		}
	}
	return false
}

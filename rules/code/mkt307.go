package code

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// DeclaredScopes are the OAuth scopes a policy file declares for one service or
// marketplace.
type DeclaredScopes struct {
	Hosts       []string // hosts of the service; "*.example.com" stands for every name below it
	Marketplace string   // "druva", "apollo", "monday"; empty for a service
	Scopes      []string
}

// mkt307 compares the OAuth scopes the code asks for with those the policy
// declares.
func mkt307() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT307",
		Name:     "scope-drift",
		Title:    "Requested and declared scopes differ",
		Class:    rules.Review,
		Controls: []string{"least-privilege-scopes"},
		CWE:      []int{272},
		Flags: "A scope in `oauth2.Config`, `clientcredentials.Config` or a `scope` parameter that the policy declares for no service; one it declares for the service the configuration signs in to " +
			"and that is not requested there; a broad scope (`*`, admin).",
		Safe: "Equal sets: each requested scope stands in `scopes` of the service or marketplace, with the reason in `why`. `openid`, `profile` and `email` only say who signs in. " +
			"Scopes that come from configuration are not compared.",
		Remediation: "Ask for the scopes that calls of the app need, and list the same under `services` or `marketplaces` in `.github/staylisted.yml`.",
		Wrong:       "Scopes: []string{\"contacts_read\", \"admin\"}  // declared: scopes: [contacts_read]",
		Right:       "Scopes: []string{\"contacts_read\"}           // declared: scopes: [contacts_read]",
		Frameworks:  []string{"x/oauth2"},
	}, nil, func(path string) bool { return oauthGate(path) }, runMKT307)
}

// A scopeRequest is one place that asks for scopes.
type scopeRequest struct {
	hit    Hit
	scopes []string
	open   bool     // there may be others
	hosts  []string // of the authorisation server, as far as they are known
}

func runMKT307(p *pkg) []Hit {
	var hits []Hit
	requests := p.scopeRequests()
	for _, r := range requests {
		var said []string
		if broad := slices.DeleteFunc(slices.Clone(r.scopes), func(s string) bool { return !broadScope(s) }); len(broad) > 0 {
			said = append(said, list(broad)+" is broader than one task needs")
		}
		declared, matched := p.declaredFor(r.hosts)
		missing := slices.DeleteFunc(slices.Clone(r.scopes), func(s string) bool { return slices.Contains(declared, s) || identityScope(s) })
		if len(missing) > 0 {
			said = append(said, list(missing)+" is requested and not declared in the policy")
		}
		if matched && !r.open && len(requests) == 1 {
			unused := slices.DeleteFunc(slices.Clone(declared), func(s string) bool { return slices.Contains(r.scopes, s) || identityScope(s) })
			if len(unused) > 0 {
				said = append(said, list(unused)+" is declared in the policy and not requested here")
			}
		}
		if len(said) == 0 {
			continue
		}
		h := r.hit
		h.Rule, h.Message = "MKT307", fmt.Sprintf("OAuth scopes: %s", strings.Join(said, "; "))
		hits = append(hits, h)
	}
	return hits
}

// list shows scopes, the first few by name.
func list(scopes []string) string {
	if len(scopes) > 6 {
		return fmt.Sprintf("%s and %d more", strings.Join(scopes[:5], ", "), len(scopes)-5)
	}
	return strings.Join(scopes, ", ")
}

// declaredFor returns the scopes declared for the service behind one of the
// hosts; without such a service all declared scopes, and matched is false.
func (p *pkg) declaredFor(hosts []string) (scopes []string, matched bool) {
	var all []string
	for _, d := range p.opts.Scopes {
		all = append(all, d.Scopes...)
		for _, host := range hosts {
			if d.Marketplace != "" && MarketplaceOf(host) == d.Marketplace || slices.ContainsFunc(d.Hosts, func(h string) bool { return covers(h, host) }) {
				scopes, matched = append(scopes, d.Scopes...), true
				break
			}
		}
	}
	if !matched {
		scopes = all
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), matched
}

// broadScope reports whether a scope grants everything or administration.
func broadScope(s string) bool {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(":./", r) }) {
		if part == "*" {
			return true
		}
	}
	return SplitName(s).Has("admin", "administrator", "superuser")
}

// identityScope reports whether a scope only says who signs in.
func identityScope(s string) bool { return s == "openid" || s == "profile" || s == "email" }

// scopeRequests lists where the package asks for scopes.
func (p *pkg) scopeRequests() []scopeRequest {
	var out []scopeRequest
	p.literals(func(path, name string) bool {
		return name == "Config" && (path == xoauth2 || path == xoauth2+"/clientcredentials")
	}, func(l *literal) {
		for _, s := range l.set["Scopes"] {
			r := scopeRequest{hosts: p.endpointHosts(l)}
			r.hit.Pos, r.hit.End = p.valueRegion(s)
			r.scopes, r.open = p.scopeList(s.Val)
			out = append(out, r)
		}
	})
	p.eachCall(paths(xoauth2, "net/url"), func(c *call) {
		switch c.path + " " + c.callee() {
		case xoauth2 + " SetAuthURLParam", "net/url Values.Set", "net/url Values.Add":
		default:
			return
		}
		if len(c.args) != 2 || !isConstText(c.args[0], "scope") {
			return
		}
		r := scopeRequest{hit: p.hit("MKT307", c.instr, 1, "")}
		texts, open := p.texts(c.args[1])
		r.open = open
		for _, t := range texts {
			if strings.Contains(t.s, hole) {
				r.open = true
				continue
			}
			r.scopes = append(r.scopes, strings.FieldsFunc(t.s, func(r rune) bool { return r == ' ' || r == ',' })...)
		}
		out = append(out, r)
	})
	return out
}

// scopeList reads a slice of scopes.
func (p *pkg) scopeList(v ssa.Value) (scopes []string, open bool) {
	origins, open := p.origins(v)
	for _, o := range origins {
		elems, ok := variadic(o.v)
		if !ok {
			open = true
			continue
		}
		for _, e := range elems {
			texts, more := p.texts(e)
			open = open || more
			for _, t := range texts {
				if strings.Contains(t.s, hole) {
					open = true
					continue
				}
				if strings.TrimSpace(t.s) != "" {
					scopes = append(scopes, t.s)
				}
			}
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), open
}

// endpointHosts returns the hosts a configuration signs in to.
func (p *pkg) endpointHosts(l *literal) []string {
	var hosts []string
	add := func(v ssa.Value) {
		texts, _ := p.texts(v)
		for _, t := range texts {
			if _, host, complete := urlHost(t); complete {
				hosts = append(hosts, host)
			}
		}
	}
	for _, s := range l.set["TokenURL"] { // clientcredentials
		add(s.Val)
	}
	for _, r := range *l.alloc.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok || fieldVar(fa) == nil || fieldVar(fa).Name() != "Endpoint" {
			continue
		}
		for _, er := range *fa.Referrers() {
			inner, ok := er.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			for _, ir := range *inner.Referrers() {
				if s, ok := ir.(*ssa.Store); ok && s.Addr == ssa.Value(inner) && isText(s.Val.Type()) {
					add(s.Val)
				}
			}
		}
	}
	for _, s := range l.set["Endpoint"] {
		origins, _ := p.origins(s.Val)
		for _, o := range origins {
			switch x := o.v.(type) {
			case *ssa.UnOp:
				if g, ok := x.X.(*ssa.Global); ok && g.Pkg != nil {
					if host := sdkHost(p.pathOf(g.Pkg.Pkg)); host != "" {
						hosts = append(hosts, host)
					}
				}
				if al, ok := x.X.(*ssa.Alloc); ok {
					if n := namedType(al.Type()); n != nil {
						lit := p.literal(al, n)
						for _, field := range []string{"AuthURL", "TokenURL"} {
							for _, fs := range lit.set[field] {
								add(fs.Val)
							}
						}
					}
				}
			}
		}
	}
	return hosts
}

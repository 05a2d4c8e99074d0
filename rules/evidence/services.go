package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// covered reports whether a declared host covers a used one; both may be
// patterns "*.example.com".
func covered(declared, used string) bool {
	declared, used = strings.ToLower(declared), strings.ToLower(strings.TrimSuffix(used, "."))
	suffix, pattern := strings.CutPrefix(declared, "*")
	return declared == used || pattern && strings.HasSuffix(used, suffix)
}

// serves returns the marketplaces whose API the service is.
func (s *Service) serves() []string {
	var out []string
	for _, h := range s.Hosts {
		out = append(out, rules.MarketplacesBelow(h)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// services weighs the declared services for the three controls they speak to.
func (d *declared) services() {
	d.servicesDeclared()
	d.delegatedAccess()
	d.scopes()
}

// usedHosts returns the hosts the code speaks to, and whether there may be more.
func (d *declared) usedHosts() (hosts []string, more bool) {
	fact := d.facts["hosts"]
	hosts = itemNames(fact, func(it rules.Item) bool { return !unresolved(it) && it.Name != "" })
	return hosts, fact.State == rules.Undecided
}

// servicesDeclared proves that every service is declared when each host the
// code is seen to speak to is covered by an entry and each entry says how the
// app signs in and why. The tags name the marketplaces whose API is both
// declared and called ("api-apollo").
func (d *declared) servicesDeclared() {
	const control = "services-declared"
	hosts, more := d.usedHosts()
	var missing, bare, tags []string
	for _, host := range hosts {
		i := slices.IndexFunc(d.f.Services, func(s Service) bool {
			return slices.ContainsFunc(s.Hosts, func(h string) bool { return covered(h, host) })
		})
		if i < 0 {
			missing = append(missing, host)
		} else if m := rules.MarketplaceOf(host); m != "" {
			tags = append(tags, "api-"+m)
		}
	}
	for _, s := range d.f.Services {
		if s.Auth == "" || s.Why == "" || placeholder(s.Why) {
			bare = append(bare, s.Name)
		}
	}
	switch {
	case len(missing) > 0:
		d.lack(servicesVerifier, control, nil, fmt.Sprintf("The code speaks to %s, which no entry of services lists.", named(missing)), servicesSnippet(missing))
	case len(d.f.Services) == 0 && (more || d.facts["hosts"].State != rules.False):
		d.lack(servicesVerifier, control, nil, "The policy file lists no service, and the scan could not show that the code calls none.", servicesSnippet(nil))
	case len(d.f.Services) == 0 && d.absent:
		// Requirements that ask for a call to some API are told that none was seen.
		var only []string
		for _, u := range d.uses(control) {
			if len(u.Accept) == 0 {
				only = append(only, u.ID)
			}
		}
		if len(only) > 0 {
			d.lack(servicesVerifier, control, only, "The scan saw no call to an outside service, and there is no policy file to say so. If the app calls none, write one with an empty list.", "services: []")
		}
	}
	if len(bare) > 0 {
		d.lack(servicesVerifier, control, nil, fmt.Sprintf("The services %s do not say how the app signs in (`auth`) and why it needs them (`why`).", named(bare)),
			"services:\n  - {name: "+scalar(bare[0])+", hosts: [api.service.example], auth: \"<how the app signs in, as in oauth2-code>\", why: \"<what the app does with it>\"}")
	}
	if len(missing) > 0 || len(bare) > 0 || len(d.f.Services) == 0 && d.facts["hosts"].State != rules.False {
		return
	}
	text := fmt.Sprintf("%d services are declared and cover the %d hosts that were seen in the code", len(d.f.Services), len(hosts))
	if len(d.f.Services) == 0 {
		text = "no service is declared and none was seen in the code"
	}
	slices.Sort(tags)
	d.prove(rules.Observation{Verifier: servicesVerifier, Control: control, Text: text, Link: d.f.Name, Tags: slices.Compact(tags)})
}

// servicesSnippet proposes entries for hosts.
func servicesSnippet(hosts []string) string {
	var b strings.Builder
	b.WriteString("services:")
	hosts = slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return !validHost(strings.TrimPrefix(h, "*.")) })
	if len(hosts) == 0 {
		hosts = []string{"api.service.example"}
	}
	for _, h := range hosts[:min(len(hosts), 3*maxNamed)] {
		name, auth := strings.TrimPrefix(h, "*."), "other"
		switch rules.MarketplaceOf(h) {
		case "apollo":
			name, auth = "Apollo", "oauth2-code"
		case "druva":
			name, auth = "Druva", "oauth2-client-credentials"
		case "monday":
			name, auth = "monday", "oauth2-code"
		}
		fmt.Fprintf(&b, "\n  - {name: %s, hosts: [%s], auth: %s, why: \"<what the app does with it>\"}", scalar(name), scalar(h), auth)
	}
	return b.String()
}

// delegatedAccess proves for each marketplace how the app is authorised there,
// when all entries of that marketplace say the same. The tag is the marketplace
// and the grant ("apollo:oauth2-code").
func (d *declared) delegatedAccess() {
	const control = "delegated-access"
	grants := map[string][]string{}
	silent := map[string]bool{}
	for _, s := range d.f.Services {
		for _, m := range s.serves() {
			if s.Auth == "" {
				silent[m] = true
				continue
			}
			grants[m] = append(grants[m], s.Auth)
			if m == "apollo" && s.Auth != "oauth2-code" {
				d.flag("policy:services/api-key", fmt.Sprintf("%s is declared to be called with %s; Apollo accepts the OAuth 2.0 code flow alone", quoted(s.Name), s.Auth), s.Pos, nil, s.Name, s.Auth)
			}
		}
	}
	for _, m := range d.selected() {
		list := slices.Compact(slices.Sorted(slices.Values(grants[m])))
		var only []string
		for _, u := range d.uses(control) {
			if u.Marketplace == m {
				only = append(only, u.ID)
			}
		}
		switch {
		case len(only) == 0:
		case len(list) == 0 || silent[m]:
			d.lack(servicesVerifier, control, only, fmt.Sprintf("No entry of services says how the app is authorised at %s. Declare it, and write the marketplace's token URL as a constant beside the client that uses it, so that the code shows it too.", m), servicesSnippet([]string{hostOf[m]}))
		case len(list) > 1:
			d.lack(servicesVerifier, control, only, fmt.Sprintf("The entries of services name several ways to be authorised at %s: %s. Declare the one that is used.", m, strings.Join(list, ", ")), servicesSnippet([]string{hostOf[m]}))
		case list[0] == "none" || list[0] == "other" || list[0] == "basic" || list[0] == "mtls" || list[0] == "signature":
			d.lack(servicesVerifier, control, only, fmt.Sprintf("%s is declared as the way to be authorised at %s, which is no delegated access.", list[0], m), servicesSnippet([]string{hostOf[m]}))
		case len(d.otherGrants(m, list[0])) > 0:
			other := d.otherGrants(m, list[0])
			at := ""
			if other[0].Location.Path != "" {
				at = fmt.Sprintf(" at %s:%d", printable(other[0].Location.Path), other[0].Location.Line)
			}
			_, grant, _ := strings.Cut(other[0].Name, ":")
			d.lack(servicesVerifier, control, only, fmt.Sprintf("%s is declared as the way to be authorised at %s, and the code uses %s%s. Declare what the code does, or change the code.", list[0], m, printable(grant), at),
				servicesSnippet([]string{hostOf[m]}))
		default:
			d.prove(rules.Observation{Verifier: servicesVerifier, Control: control, Link: d.f.Name, Tags: []string{m + ":" + list[0]},
				Text: fmt.Sprintf("%s is declared as the only way the app is authorised at %s", list[0], m)})
		}
	}
}

// otherGrants returns where the code is authorised at a marketplace by another
// grant than the declared one: the declaration is then not true, whatever else
// the code does. A bearer token in a request (api-token) is how every grant ends
// and contradicts none; OpenID Connect runs the code flow.
func (d *declared) otherGrants(market, declared string) []rules.Item {
	var out []rules.Item
	for _, it := range d.in.Authorised {
		m, grant, _ := strings.Cut(it.Name, ":")
		if m != market || grant == declared || grant == "api-token" || grant == "oidc" || declared == "oidc" && grant == "oauth2-code" {
			continue
		}
		out = append(out, it)
	}
	return out
}

// hostOf is the API host a snippet proposes for a marketplace.
var hostOf = map[string]string{"apollo": "api.apollo.io", "druva": "apis.druva.com", "monday": "api.monday.com"}

// selected returns the marketplaces of the policy file; all without one.
func (d *declared) selected() []string {
	var out []string
	for _, m := range d.f.Marketplaces {
		out = append(out, m.ID)
	}
	if d.absent && d.in.Catalogue != nil {
		for _, m := range d.in.Catalogue.Marketplaces {
			out = append(out, m.ID)
		}
	}
	return out
}

// scopes proves for each requirement that the app asks for what it needs and no
// more, as far as a declaration can: the scopes are listed and their service
// says what they are for. MKT307 compares them with the code.
func (d *declared) scopes() {
	const control = "least-privilege-scopes"
	scopes := map[string][]string{}
	why := map[string]bool{}
	entry := map[string]bool{}
	grant := map[string]string{}
	broad := map[string]bool{}
	check := func(list []string, at Pos, where string, markets []string) {
		for _, s := range list {
			if broadScope(s) {
				d.flag("policy:services/broad-scope", fmt.Sprintf("%s asks for %s, which is more than single tasks need", quoted(where), quoted(s)), at, nil, where, s)
				for _, m := range markets {
					broad[m] = true
				}
			}
		}
	}
	for _, s := range d.f.Services {
		markets := s.serves()
		check(s.Scopes, s.Pos, s.Name, markets)
		for _, m := range markets {
			entry[m] = true
			scopes[m] = append(scopes[m], s.Scopes...)
			grant[m] = s.Auth
			if reason, given := why[m]; !given || reason {
				why[m] = s.Why != "" && !placeholder(s.Why)
			}
		}
	}
	for _, m := range d.f.Marketplaces {
		check(m.Scopes, m.Pos, m.ID, []string{m.ID})
		scopes[m.ID] = append(scopes[m.ID], m.Scopes...)
	}
	for _, u := range d.uses(control) {
		m := u.Marketplace
		snippet := fmt.Sprintf("services:\n  - {name: %s, hosts: [%s], auth: oauth2-code, scopes: [\"<scope the app asks for>\"], why: \"<which call needs which scope>\"}", m, scalar(hostOf[m]))
		list := slices.Compact(slices.Sorted(slices.Values(scopes[m])))
		switch {
		case broad[m]: // said as a finding
		case !entry[m]:
			d.lack(servicesVerifier, control, []string{u.ID}, fmt.Sprintf("No entry of services is the API of %s, so nothing says which scopes the app needs there.", m), snippet)
		case len(list) == 0:
			d.lack(servicesVerifier, control, []string{u.ID}, fmt.Sprintf("The entry of services for %s lists no scopes.", m), snippet)
		case !why[m]:
			d.lack(servicesVerifier, control, []string{u.ID}, fmt.Sprintf("The entry of services for %s does not say why the app needs its scopes (`why`).", m), snippet)
		default:
			d.prove(rules.Observation{Verifier: servicesVerifier, Control: control, For: []string{u.ID}, Link: d.f.Name,
				Text: fmt.Sprintf("%d scopes are declared for %s with what they are for: %s", len(list), m, named(list))})
		}
	}
}

// broadScope reports whether a scope grants everything or administration. The
// words inside longer names are left to MKT307, which asks for a review, and so
// is "all" beside the name of a resource: Files.Read.All is how Microsoft calls
// the files of all users.
func broadScope(s string) bool {
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(":./", r) })
	if slices.Contains(parts, "all") {
		verbs := []string{"all", "read", "write", "readwrite", "access", "api", "full", "manage"}
		return !slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(verbs, p) })
	}
	return slices.ContainsFunc(parts, func(p string) bool { return slices.Contains([]string{"*", "admin", "administrator", "superuser"}, p) })
}

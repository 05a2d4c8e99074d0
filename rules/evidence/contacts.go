package evidence

import (
	"fmt"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// placeholderDomains are the domains of RFC 2606 that documentation uses: mail
// to them reaches nobody, so an address there was copied and never filled in.
var placeholderDomains = []string{"example.com", "example.net", "example.org"}

// placeholderHost reports whether a host is, or lies below, such a domain, or
// has one of the endings that never exist.
func placeholderHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, d := range placeholderDomains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	for _, end := range []string{".invalid", ".test", ".localhost"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// contacts proves that somebody can be reached when a security and a technical
// contact are named and neither is known to be gone.
func (d *declared) contacts() {
	const control = "contacts-declared"
	byRole := map[string]Contact{}
	for _, c := range d.f.Contacts {
		byRole[c.Role] = c
	}
	snippet := "contacts:\n" +
		"  security: {email: \"<address for reports of vulnerabilities>\", github: \"<@login or @org/team>\"}\n" +
		"  technical: {email: \"<address of whoever runs the app>\"}"
	var missing []string
	var reach []string
	for _, role := range []string{"security", "technical"} {
		c, ok := byRole[role]
		if !ok {
			missing = append(missing, role)
			continue
		}
		ways, why := d.ways(c)
		if len(ways) == 0 {
			d.lack(contactsVerifier, control, nil, fmt.Sprintf("The %s contact in %s cannot be reached: %s.", role, printable(d.f.Where(c.Pos)), why), snippet)
		}
		reach = append(reach, ways...)
	}
	if len(missing) > 0 {
		d.lack(contactsVerifier, control, nil, fmt.Sprintf("The policy file names no %s contact.", strings.Join(missing, " and no ")), snippet)
	}
	if len(missing) > 0 || len(d.g.Shortfalls) > 0 && d.g.Shortfalls[len(d.g.Shortfalls)-1].Verifier == contactsVerifier {
		return
	}
	d.prove(rules.Observation{Verifier: contactsVerifier, Control: control, Link: d.f.Name,
		Text: fmt.Sprintf("a security and a technical contact are declared, reachable by %s", strings.Join(reach, ", "))})
}

// ways tells how a contact can be reached, or why it cannot. Addresses are not
// repeated: the report may be read by more people than the file.
func (d *declared) ways(c Contact) (ways []string, why string) {
	if c.Email != "" {
		_, host, _ := strings.Cut(c.Email, "@")
		if placeholderHost(host) {
			why = "the e-mail address is one of documentation, to which no mail is delivered"
		} else {
			ways = append(ways, "e-mail")
		}
	}
	if c.GitHub != "" {
		if d.in.access(c.GitHub) == rules.False {
			why = quoted(c.GitHub) + " has no access to the repository (any more)"
		} else {
			ways = append(ways, "GitHub")
		}
	}
	return ways, why
}

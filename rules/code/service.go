package code

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// A Service is an outside service the code speaks to.
type Service struct {
	// Host is a host name in lower case without port, or "*.example.net" for an
	// SDK that picks a host below a domain by region or account.
	Host string
	// Via says how it is known: "literal", "data source name" or the SDK's
	// import path.
	Via string
}

// An UndeclaredService is a service that is used and not declared.
type UndeclaredService struct {
	Item    rules.Item // its first use: Name is the host, Detail says how it is known
	Uses    int        // how many places use it
	Message string
}

// Undeclared compares the services a repository uses (items of [FactHosts], or
// hits of MKT801 turned into items: Name the host, Detail how it is known) with
// the hosts its policy declares. A declared "*.example.net" or ".example.net"
// covers every host below example.net; a declared "example.net" covers itself
// only. Each undeclared host comes once, ordered by name, with its first place.
func Undeclared(items []rules.Item, declared []string) []UndeclaredService {
	byHost := map[string]*UndeclaredService{}
	for _, it := range sortItems(items) {
		host := normalHost(it.Name)
		if host == "" || slices.ContainsFunc(declared, func(d string) bool { return covers(d, host) }) {
			continue
		}
		if u := byHost[host]; u != nil {
			u.Uses++
			continue
		}
		it.Name = host
		byHost[host] = &UndeclaredService{Item: it, Uses: 1}
	}
	out := make([]UndeclaredService, 0, len(byHost))
	for host, u := range byHost {
		u.Message = fmt.Sprintf("the code speaks to %s (%s), which the policy file does not list under services", host, cmp.Or(u.Item.Detail, "literal"))
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b UndeclaredService) int { return cmp.Compare(a.Item.Name, b.Item.Name) })
	return out
}

// covers reports whether a declared host covers a used one. Both may be
// patterns: an SDK's "*.example.net" is covered by a declaration of the same
// pattern or of a wider one.
func covers(declared, used string) bool {
	declared = normalHost(declared)
	if declared == "" {
		return false
	}
	if declared == used {
		return true
	}
	suffix, ok := strings.CutPrefix(declared, "*.")
	if !ok {
		suffix, ok = strings.CutPrefix(declared, ".")
	}
	return ok && suffix != "" && strings.HasSuffix(used, "."+suffix)
}

// normalHost lowers a host and cuts scheme, path, port and the root dot, so
// that people may write what they have at hand.
func normalHost(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	s, _, _ = strings.Cut(s, "/")
	if _, rest, ok := strings.Cut(s, "@"); ok {
		s = rest
	}
	if h, ok := strings.CutPrefix(s, "["); ok {
		h, _, _ = strings.Cut(h, "]")
		return h
	}
	if strings.Count(s, ":") == 1 {
		s, _, _ = strings.Cut(s, ":")
	}
	return strings.TrimSuffix(s, ".")
}

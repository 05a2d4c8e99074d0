package files

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A hostReach says how far a host name lies, as rules/code judges it for Go.
type hostReach int

const (
	unknownHost hostReach = iota // a placeholder, or no host at all
	nearHost                     // this machine, a private network, a cluster, or a name reserved for examples
	publicHost
)

// reachOf classifies a host without port. Names of RFC 2606 and RFC 6761,
// loopback, private and link-local addresses, cluster names and bare names stay
// near.
func reachOf(host string) hostReach {
	host = strings.ToLower(strings.Trim(strings.TrimSuffix(host, "."), "[]"))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		if ip.IsLoopback() || ip.IsUnspecified() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || documentation(ip) {
			return nearHost
		}
		return publicHost
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return unknownHost
		}
	}
	last := labels[len(labels)-1]
	if len(labels) == 1 {
		return nearHost
	}
	switch last {
	case "localhost", "local", "test", "example", "invalid", "onion", "internal", "lan", "intranet", "corp", "home", "svc", "localdomain", "arpa":
		return nearHost
	}
	if strings.Trim(last, "0123456789") == "" {
		return unknownHost // no top-level domain is a number
	}
	switch labels[len(labels)-2] + "." + last {
	case "example.com", "example.net", "example.org", "example.edu", "cluster.local", "yourdomain.com", "your-domain.com", "mydomain.com", "yourcompany.com", "mycompany.com", "domain.com", "domain.tld", "company.com", "acme.com", "foo.com", "foo.bar",
		"localtest.me", "lvh.me", "nip.io", "sslip.io", "xip.io":
		return nearHost
	}
	for _, l := range labels {
		if l == "example" || l == "placeholder" || l == "changeme" || l == "xxx" || l == "your" || strings.HasPrefix(l, "your-") || strings.HasPrefix(l, "your_") || strings.HasPrefix(l, "my-") {
			return unknownHost // somebody fills it in
		}
	}
	return publicHost
}

// documentation reports addresses of RFC 5737 and RFC 3849.
func documentation(ip netip.Addr) bool {
	for _, p := range [...]string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"} {
		if netip.MustParsePrefix(p).Contains(ip) {
			return true
		}
	}
	return false
}

// hostOfURL returns the host of an address that is written down up to its path.
func hostOfURL(address string) (string, bool) {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(address), "://")
	if !ok || scheme == "" || strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789+.-") != "" {
		return "", false
	}
	end := strings.IndexAny(rest, "/?#")
	authority := rest
	if end >= 0 {
		authority = rest[:end]
	}
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	if strings.ContainsAny(authority, "${}<>%*|\\ \x01[") || strings.Contains(authority, "__") {
		return "", false
	}
	u, err := url.Parse("https://" + authority)
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), true
}

// ownHosts returns whether a host is one of the product's declared endpoints.
func ownHosts(endpoints []string) func(string) bool {
	var hosts []string
	for _, e := range endpoints {
		if host, ok := hostOfURL(e); ok {
			hosts = append(hosts, host)
		}
	}
	return func(host string) bool { return slices.Contains(hosts, host) }
}

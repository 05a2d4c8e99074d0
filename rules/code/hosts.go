package code

import (
	"net"
	"net/netip"
	"strings"
)

// A reach says how far a host name lies.
type reach int

const (
	hostUnknown reach = iota // not written down, or only in part
	hostSafe                 // never leaves the machine, or never exists
	hostPrivate              // a private address or a bare name: someone's own network
	hostPublic               // anything else
)

// reachOf classifies a host without port. Safe are loopback, link-local
// (cloud metadata services speak no TLS), mDNS and cluster names, and the
// reserved names of RFC 2606 and RFC 6761.
func reachOf(host string) reach {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "" {
		return hostUnknown
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		switch {
		case ip.IsLoopback(), ip.IsUnspecified(), ip.IsLinkLocalUnicast(), ip.IsMulticast(), documentation(ip):
			return hostSafe
		case ip.IsPrivate():
			return hostPrivate
		}
		return hostPublic
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !isLabel(l) {
			return hostUnknown // a placeholder or a format verb
		}
	}
	last := labels[len(labels)-1]
	switch last {
	case "localhost", "local", "test", "example", "invalid", "onion":
		return hostSafe
	}
	if len(labels) == 1 {
		switch last {
		case "unix", "docker", "socket", "sock", "unused", "dummy", "fake", "bufnet", "bufconn":
			return hostSafe // placeholder hosts of clients that dial a socket
		}
		return hostPrivate
	}
	two := labels[len(labels)-2] + "." + last
	switch two {
	case "example.com", "example.net", "example.org", "docker.internal", "google.internal":
		return hostSafe
	}
	if last == "svc" || strings.HasSuffix(host, ".svc.cluster.local") {
		return hostSafe
	}
	if last == "internal" || last == "lan" || last == "intranet" || last == "corp" || last == "home" {
		return hostPrivate
	}
	return hostPublic
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

func isLabel(l string) bool {
	if l == "" || len(l) > 63 {
		return false
	}
	for i := range len(l) {
		c := l[i]
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// urlHost returns the host of a URL text. complete is false when the text ends
// inside the host, so that more could follow.
func urlHost(t text) (scheme, host string, complete bool) {
	known, whole := t.prefix()
	scheme, rest, ok := strings.Cut(known, "://")
	if !ok {
		return "", "", false
	}
	end := strings.IndexAny(rest, "/?#")
	complete = whole || end >= 0
	if end >= 0 {
		rest = rest[:end]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	host, hadPort := hostOnly(rest)
	return strings.ToLower(scheme), strings.ToLower(host), complete || hadPort
}

// hostOnly cuts the port from "host:port"; hadPort says that a colon ended the
// host.
func hostOnly(s string) (host string, hadPort bool) {
	if strings.HasPrefix(s, "[") {
		h, rest, ok := strings.Cut(s[1:], "]")
		return h, ok && strings.HasPrefix(rest, ":")
	}
	if ip := net.ParseIP(s); ip != nil {
		return s, false
	}
	host, _, hadPort = strings.Cut(s, ":")
	return host, hadPort
}

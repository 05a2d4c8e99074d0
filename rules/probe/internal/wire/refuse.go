package wire

import (
	"fmt"
	"net/netip"
)

// A RefusedError says that an address must not be reached.
type RefusedError struct {
	To  netip.AddrPort
	Why string
}

func (e *RefusedError) Error() string {
	if !e.To.IsValid() {
		return "refused: " + e.Why
	}
	return fmt.Sprintf("%s is refused: %s", e.To, e.Why)
}

// A special range is one of the IANA registries of special-purpose addresses
// (RFC 6890 and its updates).
type special struct {
	prefix netip.Prefix
	why    string
}

var specials = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "it means this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "it is private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "it is shared address space of a carrier"},
	{netip.MustParsePrefix("127.0.0.0/8"), "it is this machine"},
	{netip.MustParsePrefix("169.254.0.0/16"), "it is link-local, where clouds keep their metadata"},
	{netip.MustParsePrefix("172.16.0.0/12"), "it is private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "it is reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("192.31.196.0/24"), "it is reserved for AS112"},
	{netip.MustParsePrefix("192.52.193.0/24"), "it is reserved for multicast tunnels"},
	{netip.MustParsePrefix("192.88.99.0/24"), "it is a relay of 6to4"},
	{netip.MustParsePrefix("192.168.0.0/16"), "it is private"},
	{netip.MustParsePrefix("192.175.48.0/24"), "it is reserved for AS112"},
	{netip.MustParsePrefix("198.18.0.0/15"), "it is for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "it is multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "it is reserved"},
	// Whole 2001::/23 is for protocols: Teredo, benchmarks, ORCHID, …
	{netip.MustParsePrefix("2001::/23"), "it is reserved for protocols such as Teredo"},
	{netip.MustParsePrefix("2001:db8::/32"), "it is for documentation"},
	{netip.MustParsePrefix("2002::/16"), "it is 6to4 and stands for another address"},
	{netip.MustParsePrefix("3fff::/20"), "it is for documentation"},
	{netip.MustParsePrefix("64:ff9b::/96"), "it is NAT64 and stands for another address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "it is NAT64 and stands for another address"},
	{netip.MustParsePrefix("fc00::/7"), "it is private"},
	{netip.MustParsePrefix("fe80::/10"), "it is link-local"},
	{netip.MustParsePrefix("::/128"), "it means no address"},
	{netip.MustParsePrefix("::1/128"), "it is this machine"},
	{netip.MustParsePrefix("::/96"), "it stands for another address"},
	{netip.MustParsePrefix("ff00::/8"), "it is multicast"},
}

// global is all of IPv6 that has been given out as global unicast (RFC 4291
// §2.4 and the IANA registry).
var global = netip.MustParsePrefix("2000::/3")

// Refused says why an address is not one of the public internet, or "". An
// IPv4 address written as IPv6 counts as what it stands for.
func Refused(addr netip.Addr) string {
	if !addr.IsValid() {
		return "it is no address"
	}
	if addr.Zone() != "" {
		return "it is bound to one network card"
	}
	addr = addr.Unmap()
	for _, s := range specials {
		if s.prefix.Contains(addr) {
			return s.why
		}
	}
	if addr.Is6() && !global.Contains(addr) || !addr.IsGlobalUnicast() {
		return "it is not global unicast"
	}
	return ""
}

// Check returns a [*RefusedError] for whatever this wire must not reach: see
// [Refused], the networks it was given, ports other than 80 and 443.
func (w *Wire) Check(to netip.AddrPort) error {
	if why := w.refused(to.Addr()); why != "" {
		return &RefusedError{To: to, Why: why}
	}
	if port := to.Port(); port != 80 && port != 443 {
		return &RefusedError{To: to, Why: "only the ports 80 and 443 are looked at"}
	}
	return nil
}

// CheckAddr is Check for an address whose port is not known yet.
func (w *Wire) CheckAddr(addr netip.Addr) error {
	return w.Check(netip.AddrPortFrom(addr, 443))
}

func (w *Wire) refused(addr netip.Addr) string {
	if why := Refused(addr); why != "" {
		return why
	}
	addr = addr.Unmap()
	for _, own := range w.own {
		// A prefix written in the mapped form means the IPv4 network.
		if bits := own.Bits() - 96; own.Addr().Is4In6() && bits >= 0 {
			own = netip.PrefixFrom(own.Addr().Unmap(), bits)
		}
		if own.Contains(addr) {
			return "it belongs to the network of the machine that looks"
		}
	}
	return ""
}

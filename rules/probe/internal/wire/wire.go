// Package wire is the way the probe reaches the network, and the boundary that
// keeps it from reaching anything but the public internet (catalogue §2.8).
//
// # Contract
//
//		Resolve ─► addresses ─► Dial (Check, then Control at connect) ─► Offer   one TLS version at a time
//		                                                              └► Client  GET only, pinned, capped
//
//	  - A name is resolved by the caller once, and what is dialled is the address
//	    that came out: a second answer of the name server changes nothing.
//	  - [Wire.Check] refuses every address that is not global unicast, the
//	    networks the caller names, and every port but 80 and 443. It is asked
//	    before the dial and once more, by the socket's control function, with the
//	    address the system is about to connect to.
//	  - No proxy is taken from the environment, nothing is sent but GET, no
//	    cookie, no credential, no Referer; bodies are cut at [MaxBody] bytes after
//	    decompression, headers at 64 KiB, a connect ends after 5 seconds and a
//	    request after 15.
//
// The zero Wire is the public one. The only other one, [Loopback], is for tests:
// the package is internal, and the one package that calls it, probetest, asks
// for a testing.TB; a test holds both.
package wire

import (
	"context"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Limits of catalogue §2.8.
const (
	MaxBody    = 256 << 10 // bytes of a body that are read
	maxHeader  = 64 << 10  // bytes of a response's header
	connectFor = 5 * time.Second
	requestFor = 15 * time.Second
)

// A Wire reaches public addresses. The zero value refuses everything
// [Refused] names; it is safe for concurrent use.
type Wire struct {
	agent string
	own   []netip.Prefix
	world *world // set in tests only
}

// Public returns the wire to the public internet. agent is sent as User-Agent;
// own names further networks that are refused, those of the machine that probes.
func Public(agent string, own []netip.Prefix) *Wire {
	return &Wire{agent: agent, own: slices.Clone(own)}
}

// A World is what a test puts in the place of the internet.
type World struct {
	Nameserver netip.AddrPort // asked for every name
	// Routes say which listener on loopback answers for a public address. What
	// has no route refuses the connection: a test never leaves the machine.
	Routes           map[netip.AddrPort]netip.AddrPort
	Roots            *x509.CertPool // believed instead of the system's
	Connect, Request time.Duration  // the two time limits; zero takes the real ones
}

// world is a World a Wire was made of. dial is set by tests of this package to
// answer from memory.
type world struct {
	World
	dial func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
}

// Loopback returns a wire that ends at listeners on this machine. The rules for
// addresses stay in force: names of the world resolve to public addresses, and
// only the last step, the connect, goes to the listener. It panics when a route
// or the name server is not on loopback.
func Loopback(agent string, own []netip.Prefix, w World) *Wire {
	w.Routes = maps.Clone(w.Routes)
	for from, to := range w.Routes {
		if !to.Addr().IsLoopback() {
			panic(fmt.Sprintf("route from %s leads to %s, which is not on loopback", from, to))
		}
	}
	if !w.Nameserver.Addr().IsLoopback() {
		panic(fmt.Sprintf("name server %s is not on loopback", w.Nameserver))
	}
	return &Wire{agent: agent, own: slices.Clone(own), world: &world{World: w}}
}

// Dial connects to an address, or returns a [*RefusedError] when it must not.
func (w *Wire) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if err := w.Check(to); err != nil {
		return nil, err
	}
	at := to
	if w.world != nil {
		if w.world.dial != nil {
			return w.world.dial(ctx, to)
		}
		via, routed := w.world.Routes[to]
		if !routed {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: syscall.ECONNREFUSED}
		}
		at = via
	}
	network := "tcp6"
	if at.Addr().Is4() {
		network = "tcp4"
	}
	d := net.Dialer{Timeout: w.connect(), KeepAlive: -1, ControlContext: w.control}
	return d.DialContext(ctx, network, at.String())
}

// control is asked by the dialler with the address it is about to connect to.
func (w *Wire) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &RefusedError{Why: "its address cannot be read"}
	}
	if w.world != nil {
		for _, listener := range w.world.Routes {
			if to == listener {
				return nil
			}
		}
	}
	if network != "tcp4" && network != "tcp6" && network != "udp4" && network != "udp6" {
		return &RefusedError{To: to, Why: "it is not reached by TCP"}
	}
	return w.Check(to)
}

// Routed reports whether this machine has a way to the address at all: without
// IPv6, as on many build machines, half of the internet's addresses have none.
// Nothing is sent.
func (w *Wire) Routed(ctx context.Context, addr netip.Addr) bool {
	if w.world != nil {
		for from := range w.world.Routes {
			if from.Addr() == addr {
				return true
			}
		}
		return addr.Is4()
	}
	d := net.Dialer{Timeout: w.connect(), ControlContext: w.control}
	// "Connecting" a UDP socket looks the route up and sends no packet.
	conn, err := d.DialContext(ctx, "udp", netip.AddrPortFrom(addr, 443).String())
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func (w *Wire) connect() time.Duration {
	if w.world != nil && w.world.Connect > 0 {
		return w.world.Connect
	}
	return connectFor
}

func (w *Wire) request() time.Duration {
	if w.world != nil && w.world.Request > 0 {
		return w.world.Request
	}
	return requestFor
}

// roots are the certification authorities believed; nil means the system's.
func (w *Wire) roots() *x509.CertPool {
	if w.world != nil {
		return w.world.Roots
	}
	return nil
}

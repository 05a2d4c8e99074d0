package wire

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// maxTXT bounds how many TXT records of a name are looked at.
const maxTXT = 20

// typeCAA is the record of RFC 8659.
const typeCAA dnsmessage.Type = 257

// ErrNoName says that the name servers know no such name.
var ErrNoName = errors.New("there is no such name")

// Resolve returns the addresses of a host name, IPv4 first, or of an address
// written as text. It checks nothing. A name that does not exist, or has no
// address, gives [ErrNoName].
func (w *Wire) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, w.connect())
	defer cancel()
	// The final dot keeps the machine's search domains out.
	found, err := w.resolver().LookupNetIP(ctx, "ip", strings.TrimSuffix(host, ".")+".")
	if err != nil {
		return nil, lookupError(err)
	}
	for i, addr := range found {
		found[i] = addr.Unmap()
	}
	slices.SortFunc(found, netip.Addr.Compare) // IPv4 sorts before IPv6
	return slices.Compact(found), nil
}

// TXT returns the text records of a name; none is not an error.
func (w *Wire) TXT(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, w.connect())
	defer cancel()
	found, err := w.resolver().LookupTXT(ctx, strings.TrimSuffix(name, ".")+".")
	if err = lookupError(err); errors.Is(err, ErrNoName) {
		return nil, nil
	}
	return found[:min(len(found), maxTXT)], err
}

func lookupError(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return fmt.Errorf("%w: %s", ErrNoName, dns.Name)
	}
	return err
}

func (w *Wire) resolver() *net.Resolver {
	r := &net.Resolver{PreferGo: true}
	if w.world != nil {
		r.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) { return w.ask(ctx, network, "") }
	}
	return r
}

// ask connects to a name server. Name servers are the machine's own settings and
// stand outside the rules for addresses: nothing a policy says chooses one.
func (w *Wire) ask(ctx context.Context, network, server string) (net.Conn, error) {
	if w.world != nil {
		server = w.world.Nameserver.String()
	}
	d := net.Dialer{Timeout: w.connect()}
	return d.DialContext(ctx, network, server)
}

// Chain follows a name's aliases and returns what they lead to, the last one
// last. missing is true when the last name, or without aliases the name itself,
// does not exist (NXDOMAIN); names that exist without an address are not missing.
func (w *Wire) Chain(ctx context.Context, host string) (aliases []string, missing bool, err error) {
	m, err := w.query(ctx, host, dnsmessage.TypeA)
	if err != nil {
		return nil, false, err
	}
	at := strings.ToLower(strings.TrimSuffix(host, ".") + ".")
	next := map[string]string{}
	for _, r := range m.Answers {
		if alias, ok := r.Body.(*dnsmessage.CNAMEResource); ok {
			next[strings.ToLower(r.Header.Name.String())] = strings.ToLower(alias.CNAME.String())
		}
	}
	for range 16 {
		to, ok := next[at]
		if !ok {
			break
		}
		aliases = append(aliases, strings.TrimSuffix(to, "."))
		at = to
	}
	return aliases, m.RCode == dnsmessage.RCodeNameError, nil
}

// CAA reports whether the name or one above it says who may issue certificates
// for it (RFC 8659 §3).
func (w *Wire) CAA(ctx context.Context, host string) (bool, error) {
	for name := strings.TrimSuffix(host, "."); strings.Contains(name, "."); _, name, _ = strings.Cut(name, ".") {
		m, err := w.query(ctx, name, typeCAA)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(m.Answers, func(r dnsmessage.Resource) bool { return r.Header.Type == typeCAA }) {
			return true, nil
		}
	}
	return false, nil
}

// query asks the machine's name servers one question and returns the whole
// answer, which the standard library's resolver does not show.
func (w *Wire) query(ctx context.Context, host string, kind dnsmessage.Type) (*dnsmessage.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, w.connect())
	defer cancel()
	name, err := dnsmessage.NewName(strings.TrimSuffix(host, ".") + ".")
	if err != nil {
		return nil, fmt.Errorf("ask for %q: %w", host, err)
	}
	question := dnsmessage.Question{Name: name, Type: kind, Class: dnsmessage.ClassINET}
	var last error = errors.New("this machine has no name server")
	for _, server := range w.servers(ctx) {
		m, err := w.exchange(ctx, "udp", server, question)
		if err == nil && m.Truncated {
			m, err = w.exchange(ctx, "tcp", server, question)
		}
		if err == nil && (m.RCode == dnsmessage.RCodeSuccess || m.RCode == dnsmessage.RCodeNameError) {
			return m, nil
		}
		if err == nil {
			err = fmt.Errorf("the name server answers %s", m.RCode)
		}
		last = err
	}
	return nil, fmt.Errorf("ask for %s: %w", host, last)
}

// servers returns the name servers of the machine's configuration, which the
// standard library reads and only shows to whoever dials for it.
func (w *Wire) servers(ctx context.Context) []string {
	if w.world != nil {
		return []string{w.world.Nameserver.String()}
	}
	var lock sync.Mutex
	var seen []string
	r := net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		lock.Lock()
		defer lock.Unlock()
		if !slices.Contains(seen, address) {
			seen = append(seen, address)
		}
		return nil, errors.New("only looking for the address")
	}}
	_, _ = r.LookupTXT(ctx, "staylisted.invalid.") // fails by design
	lock.Lock()
	defer lock.Unlock()
	return slices.Clone(seen)
}

// exchange sends a question and reads its answer. An answer to another question
// is not one.
func (w *Wire) exchange(ctx context.Context, network, server string, q dnsmessage.Question) (*dnsmessage.Message, error) {
	var id [2]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, err
	}
	ask := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: binary.BigEndian.Uint16(id[:]), RecursionDesired: true},
		Questions: []dnsmessage.Question{q},
	}
	packed, err := ask.Pack()
	if err != nil {
		return nil, err
	}
	conn, err := w.ask(ctx, network, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	if network == "tcp" {
		packed = append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)
	}
	if _, err := conn.Write(packed); err != nil {
		return nil, err
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := readDNS(conn, network, buf)
		if err != nil {
			return nil, err
		}
		var m dnsmessage.Message
		if err := m.Unpack(buf[:n]); err != nil {
			if network == "tcp" {
				return nil, err
			}
			continue // a stray datagram; the deadline ends the wait
		}
		if m.Response && m.ID == ask.ID && len(m.Questions) == 1 && m.Questions[0].Type == q.Type && strings.EqualFold(m.Questions[0].Name.String(), q.Name.String()) {
			return &m, nil
		}
		if network == "tcp" {
			return nil, errors.New("the name server answers another question")
		}
	}
}

func readDNS(conn net.Conn, network string, buf []byte) (int, error) {
	if network != "tcp" {
		return conn.Read(buf)
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return 0, err
	}
	return io.ReadFull(conn, buf[:binary.BigEndian.Uint16(length[:])])
}

// deadline is when a connection of ctx must be done, at most d from now.
func deadline(ctx context.Context, d time.Duration) time.Time {
	at := time.Now().Add(d)
	if other, ok := ctx.Deadline(); ok && other.Before(at) {
		return other
	}
	return at
}

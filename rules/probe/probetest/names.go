package probetest

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// typeCAA is the record of RFC 8659.
const typeCAA dnsmessage.Type = 257

// A nameserver answers for the names of a world, by UDP and TCP.
type nameserver struct {
	addr  netip.AddrPort
	sites []Site

	mu    sync.Mutex
	asked map[string]int
}

func startNames(t testing.TB, sites []Site) *nameserver {
	t.Helper()
	conn, l, err := listenBoth()
	if err != nil {
		t.Fatalf("listen on loopback: %v", err)
	}
	n := &nameserver{addr: conn.LocalAddr().(*net.UDPAddr).AddrPort(), sites: sites, asked: map[string]int{}}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			size, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := n.answer(buf[:size]); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	go serveRaw(l, n.stream)
	return n
}

// listenBoth finds a port that is free for UDP and TCP.
func listenBoth() (net.PacketConn, net.Listener, error) {
	var failed error
	for range 50 {
		conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		l, err := net.Listen("tcp4", conn.LocalAddr().String())
		if err == nil {
			return conn, l, nil
		}
		failed = errors.Join(err, conn.Close())
	}
	return nil, nil, failed
}

// stream answers one question over TCP.
func (n *nameserver) stream(conn net.Conn) {
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	buf := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, buf); err != nil {
		return
	}
	if reply := n.answer(buf); reply != nil {
		_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	}
}

func (n *nameserver) count(host string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[host]
}

// site returns the site of a name.
func (n *nameserver) site(name string) *Site {
	i := slices.IndexFunc(n.sites, func(s Site) bool { return s.Host == name })
	if i < 0 {
		return nil
	}
	return &n.sites[i]
}

// answer answers one question; nil for what is none.
func (n *nameserver) answer(question []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: m.ID, Response: true, RecursionDesired: true, RecursionAvailable: true},
		Questions: m.Questions,
	}
	reply.Answers, reply.RCode = n.records(q)
	packed, err := reply.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// records follows aliases and returns what the question asks for.
func (n *nameserver) records(q dnsmessage.Question) ([]dnsmessage.Resource, dnsmessage.RCode) {
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	header := func(of string) dnsmessage.ResourceHeader {
		return dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(of + "."), Class: dnsmessage.ClassINET, TTL: 1}
	}
	if host, found := strings.CutPrefix(name, "_staylisted."); found {
		s := n.site(host)
		if s == nil || len(s.TXT) == 0 {
			return nil, dnsmessage.RCodeNameError
		}
		var out []dnsmessage.Resource
		for _, text := range s.TXT {
			out = append(out, dnsmessage.Resource{Header: header(name), Body: &dnsmessage.TXTResource{TXT: []string{text}}})
		}
		return out, dnsmessage.RCodeSuccess
	}
	var out []dnsmessage.Resource
	for range 8 {
		s := n.site(name)
		if s == nil {
			if n.above(name) {
				return out, dnsmessage.RCodeSuccess
			}
			return out, dnsmessage.RCodeNameError
		}
		if s.Alias != "" {
			out = append(out, dnsmessage.Resource{Header: header(name), Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(s.Alias + ".")}})
			name = s.Alias
			continue
		}
		switch q.Type {
		case dnsmessage.TypeA, dnsmessage.TypeAAAA:
			for _, addr := range n.addresses(s, q.Type) {
				switch {
				case q.Type == dnsmessage.TypeA && addr.Is4():
					out = append(out, dnsmessage.Resource{Header: header(name), Body: &dnsmessage.AResource{A: addr.As4()}})
				case q.Type == dnsmessage.TypeAAAA && addr.Is6():
					out = append(out, dnsmessage.Resource{Header: header(name), Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
				}
			}
		case typeCAA:
			if s.CAA {
				out = append(out, dnsmessage.Resource{Header: header(name), Body: &dnsmessage.UnknownResource{Type: typeCAA, Data: []byte("\x00\x05issueca.example")}})
			}
		}
		return out, dnsmessage.RCodeSuccess
	}
	return out, dnsmessage.RCodeServerFailure
}

// above reports whether a name is a parent of a site's name: it exists then.
func (n *nameserver) above(name string) bool {
	return slices.ContainsFunc(n.sites, func(s Site) bool { return strings.HasSuffix(s.Host, "."+name) })
}

// addresses are what the site's name resolves to now. Questions are counted by
// those for IPv4.
func (n *nameserver) addresses(s *Site, kind dnsmessage.Type) []netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	asked := n.asked[s.Host]
	if kind == dnsmessage.TypeA {
		n.asked[s.Host]++
	}
	if s.Resolve != nil {
		return s.Resolve(asked)
	}
	return s.Addresses
}

package wire

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// names starts a name server that answers by UDP alone.
func names(t *testing.T, answer func(q dnsmessage.Question, m *dnsmessage.Message)) *Wire {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			answer(m.Questions[0], &m)
			if packed, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, from)
			}
		}
	}()
	return Loopback("test", nil, World{Nameserver: conn.LocalAddr().(*net.UDPAddr).AddrPort(), Connect: time.Second})
}

func cname(from, to string) dnsmessage.Resource {
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(from), Class: dnsmessage.ClassINET},
		Body:   &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(to)},
	}
}

func TestChain(t *testing.T) {
	tests := []struct {
		host    string
		answers []dnsmessage.Resource
		code    dnsmessage.RCode
		aliases []string
		missing bool
		fails   bool
	}{
		{"gone.example", nil, dnsmessage.RCodeNameError, nil, true, false},
		{"empty.example", nil, dnsmessage.RCodeSuccess, nil, false, false},
		{"app.example", []dnsmessage.Resource{cname("app.example.", "Old.Cloud.example.")}, dnsmessage.RCodeNameError, []string{"old.cloud.example"}, true, false},
		{"app.example", []dnsmessage.Resource{cname("b.example.", "c.example."), cname("APP.example.", "b.example.")}, dnsmessage.RCodeSuccess, []string{"b.example", "c.example"}, false, false},
		{"loop.example", []dnsmessage.Resource{cname("loop.example.", "loop.example.")}, dnsmessage.RCodeSuccess, slices.Repeat([]string{"loop.example"}, 16), false, false},
		{"app.example", []dnsmessage.Resource{cname("other.example.", "evil.example.")}, dnsmessage.RCodeSuccess, nil, false, false},
		{"app.example", nil, dnsmessage.RCodeServerFailure, nil, false, true},
		{"app.example", nil, dnsmessage.RCodeRefused, nil, false, true},
	}
	for _, test := range tests {
		w := names(t, func(_ dnsmessage.Question, m *dnsmessage.Message) { m.Answers, m.RCode = test.answers, test.code })
		aliases, missing, err := w.Chain(t.Context(), test.host)
		if !slices.Equal(aliases, test.aliases) || missing != test.missing || (err != nil) != test.fails {
			t.Errorf("%s: %v, missing %t, %v", test.host, aliases, missing, err)
		}
	}
}

// TestChainIgnoresStrangers takes no answer that does not fit the question.
func TestChainIgnoresStrangers(t *testing.T) {
	for name, spoil := range map[string]func(m *dnsmessage.Message){
		"another id":       func(m *dnsmessage.Message) { m.ID++ },
		"another name":     func(m *dnsmessage.Message) { m.Questions[0].Name = dnsmessage.MustNewName("evil.example.") },
		"another type":     func(m *dnsmessage.Message) { m.Questions[0].Type = dnsmessage.TypeMX },
		"no response":      func(m *dnsmessage.Message) { m.Response = false },
		"cut, without TCP": func(m *dnsmessage.Message) { m.Truncated = true },
	} {
		w := names(t, func(_ dnsmessage.Question, m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeNameError; spoil(m) })
		w.world.Connect = 100 * time.Millisecond
		if _, missing, err := w.Chain(t.Context(), "app.example"); err == nil || missing {
			t.Errorf("%s: missing %t, %v", name, missing, err)
		}
	}
}

func TestResolve(t *testing.T) {
	w := names(t, func(q dnsmessage.Question, m *dnsmessage.Message) {
		header := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET}
		switch {
		case q.Name.String() == "gone.example.":
			m.RCode = dnsmessage.RCodeNameError
		case q.Type == dnsmessage.TypeA:
			m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: [4]byte{52, 0, 1, 2}}}, {Header: header, Body: &dnsmessage.AResource{A: [4]byte{52, 0, 1, 1}}}}
		case q.Type == dnsmessage.TypeAAAA:
			m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr("2600::1").As16()}}}
		case q.Type == dnsmessage.TypeTXT:
			m.Answers = slices.Repeat([]dnsmessage.Resource{{Header: header, Body: &dnsmessage.TXTResource{TXT: []string{"repository=", "a/b"}}}}, 30)
		}
	})
	got, err := w.Resolve(t.Context(), "App.example")
	want := []netip.Addr{netip.MustParseAddr("52.0.1.1"), netip.MustParseAddr("52.0.1.2"), netip.MustParseAddr("2600::1")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Resolve = %v, %v", got, err)
	}
	if got, err := w.Resolve(t.Context(), "::ffff:10.0.0.1"); err != nil || len(got) != 1 || got[0].String() != "10.0.0.1" {
		t.Errorf("an address: %v, %v", got, err)
	}
	if _, err := w.Resolve(t.Context(), "gone.example"); !errors.Is(err, ErrNoName) {
		t.Errorf("gone: %v", err)
	}
	if got, err := w.TXT(t.Context(), "_staylisted.app.example"); err != nil || len(got) != maxTXT || got[0] != "repository=a/b" {
		t.Errorf("TXT = %v, %v", got, err)
	}
	if got, err := w.TXT(t.Context(), "gone.example"); err != nil || got != nil {
		t.Errorf("no TXT: %v, %v", got, err)
	}
	dead := Loopback("test", nil, World{Nameserver: netip.MustParseAddrPort("127.0.0.1:1"), Connect: 200 * time.Millisecond})
	if _, err := dead.Resolve(t.Context(), "app.example"); err == nil || errors.Is(err, ErrNoName) {
		t.Errorf("a dead name server: %v", err)
	}
}

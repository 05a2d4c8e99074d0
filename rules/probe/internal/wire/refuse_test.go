package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

var addresses = []struct {
	addr   string
	public bool
}{
	// public
	{"1.1.1.1", true}, {"8.8.8.8", true}, {"9.255.255.255", true}, {"11.0.0.0", true}, {"52.0.1.1", true},
	{"100.63.255.255", true}, {"100.128.0.0", true}, {"126.255.255.255", true}, {"128.0.0.1", true},
	{"169.253.255.255", true}, {"169.255.0.0", true}, {"172.15.255.255", true}, {"172.32.0.0", true},
	{"191.255.255.255", true}, {"192.0.1.0", true}, {"192.0.3.0", true}, {"192.88.98.255", true}, {"192.167.255.255", true}, {"192.169.0.0", true},
	{"198.17.255.255", true}, {"198.20.0.0", true}, {"198.51.99.255", true}, {"198.51.101.0", true},
	{"203.0.112.255", true}, {"203.0.114.0", true}, {"223.255.255.255", true},
	{"::ffff:8.8.8.8", true}, {"2600::1", true}, {"2001:4860:4860::8888", true}, {"2606:4700:4700::1111", true}, {"2a00:1450::1", true}, {"3ffe::1", true},

	// IPv4
	{"0.0.0.0", false}, {"0.1.2.3", false}, {"10.0.0.0", false}, {"10.255.255.255", false},
	{"100.64.0.0", false}, {"100.100.100.200", false}, {"100.127.255.255", false},
	{"127.0.0.1", false}, {"127.255.255.255", false}, {"169.254.0.1", false}, {"169.254.169.254", false}, {"169.254.170.2", false},
	{"172.16.0.0", false}, {"172.17.0.1", false}, {"172.31.255.255", false}, {"192.0.0.0", false}, {"192.0.0.192", false}, {"192.0.0.170", false},
	{"192.0.2.1", false}, {"192.31.196.1", false}, {"192.52.193.1", false}, {"192.88.99.1", false}, {"192.168.0.0", false}, {"192.168.255.255", false}, {"192.175.48.1", false},
	{"198.18.0.0", false}, {"198.19.255.255", false}, {"198.51.100.1", false}, {"203.0.113.255", false},
	{"224.0.0.1", false}, {"239.255.255.255", false}, {"240.0.0.1", false}, {"255.255.255.255", false},

	// IPv6
	{"::", false}, {"::1", false}, {"::2", false}, {"::127.0.0.1", false}, {"::8.8.8.8", false},
	{"::ffff:127.0.0.1", false}, {"::ffff:10.0.0.1", false}, {"::ffff:169.254.169.254", false}, {"::ffff:0.0.0.0", false}, {"::ffff:192.168.1.1", false},
	{"::ffff:0:127.0.0.1", false}, {"64:ff9b::7f00:1", false}, {"64:ff9b::a9fe:a9fe", false}, {"64:ff9b::808:808", false}, {"64:ff9b:1::1", false}, {"64:ff9b:1:ffff::a00:1", false},
	{"100::1", false}, {"100:0:0:1::1", false}, {"2001::1", false}, {"2001:0:7f00:1::1", false}, {"2001:2::1", false}, {"2001:10::1", false}, {"2001:20::1", false}, {"2001:1ff::1", false},
	{"2001:db8::1", false}, {"2002:7f00:1::", false}, {"2002:a9fe:a9fe::1", false}, {"2002:808:808::1", false}, {"3fff::1", false}, {"3fff:fff::1", false},
	{"4000::1", false}, {"5f00::1", false}, {"fc00::1", false}, {"fd00:ec2::254", false}, {"fd20:ce::254", false}, {"fdff:ffff::1", false}, {"fe80::1", false}, {"fe80::a9fe:a9fe", false}, {"febf::1", false},
	{"fec0::1", false}, {"ff02::1", false}, {"ffff::1", false}, {"2600::1%eth0", false}, {"fe80::1%lo", false},
}

func TestRefused(t *testing.T) {
	if len(addresses) < 60 {
		t.Fatalf("only %d addresses", len(addresses))
	}
	for _, test := range addresses {
		addr := netip.MustParseAddr(test.addr)
		why := Refused(addr)
		if (why == "") != test.public {
			t.Errorf("Refused(%s) = %q", test.addr, why)
		}
		var w Wire
		for _, port := range []uint16{80, 443} {
			err := w.Check(netip.AddrPortFrom(addr, port))
			if (err == nil) != test.public {
				t.Errorf("Check(%s, %d) = %v", test.addr, port, err)
			}
		}
		for _, port := range []uint16{0, 22, 25, 53, 8080, 8443, 6379} {
			if w.Check(netip.AddrPortFrom(addr, port)) == nil {
				t.Errorf("Check(%s, %d) lets through", test.addr, port)
			}
		}
		// What the socket is about to connect to is checked as well.
		at := net.JoinHostPort(test.addr, "443")
		if err := w.control(t.Context(), "tcp4", at, nil); (err == nil) != test.public {
			t.Errorf("control(%s) = %v", at, err)
		}
	}
	if Refused(netip.Addr{}) == "" {
		t.Error("no address at all is let through")
	}
}

func TestOwnNetworks(t *testing.T) {
	w := Public("test", []netip.Prefix{netip.MustParsePrefix("52.0.0.0/16"), netip.MustParsePrefix("2600:1f00::/24"), netip.MustParsePrefix("::ffff:3.0.0.0/104")})
	for addr, public := range map[string]bool{
		"52.0.1.1": false, "52.1.0.0": true, "2600:1f18::1": false, "2600:2000::1": true, "3.9.9.9": false, "4.0.0.1": true, "::ffff:52.0.1.1": false,
	} {
		if err := w.CheckAddr(netip.MustParseAddr(addr)); (err == nil) != public {
			t.Errorf("CheckAddr(%s) = %v", addr, err)
		}
	}
}

// TestDialRefuses dials real listeners on this machine: nothing arrives.
func TestDialRefuses(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	arrived := make(chan struct{}, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
			arrived <- struct{}{}
		}
	}()
	here := l.Addr().(*net.TCPAddr).AddrPort()
	for _, w := range []*Wire{{}, Public("test", nil), Loopback("test", nil, World{Nameserver: here})} {
		conn, err := w.Dial(t.Context(), here)
		if _, ok := errors.AsType[*RefusedError](err); !ok {
			t.Errorf("Dial(%s) = %v", here, err)
		}
		if conn != nil {
			t.Error("a connection")
		}
		// The socket's own check, should the first one ever be passed by.
		d := net.Dialer{ControlContext: w.control}
		if _, err := d.DialContext(t.Context(), "tcp4", here.String()); err == nil {
			t.Error("the control function lets loopback through")
		}
	}
	select {
	case <-arrived:
		t.Error("a connection arrived")
	case <-time.After(50 * time.Millisecond):
	}
}

func TestLoopbackIsLoopback(t *testing.T) {
	here, out := netip.MustParseAddrPort("127.0.0.1:1"), netip.MustParseAddrPort("52.0.1.1:443")
	for name, w := range map[string]World{
		"a route that leads out":        {Nameserver: here, Routes: map[netip.AddrPort]netip.AddrPort{out: out}},
		"a name server that is outside": {Nameserver: out},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is accepted", name)
				}
			}()
			Loopback("test", nil, w)
		}()
	}
	w := Loopback("test", nil, World{Nameserver: here, Routes: map[netip.AddrPort]netip.AddrPort{}})
	if _, err := w.Dial(context.Background(), out); err == nil || Explain(err) != "the connection is refused" {
		t.Errorf("an address without a route: %v", err)
	}
}

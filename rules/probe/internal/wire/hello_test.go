package wire

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func record(kind byte, minor byte, body ...byte) []byte {
	return append([]byte{kind, 3, minor, byte(len(body) >> 8), byte(len(body))}, body...)
}

func TestReadServerHello(t *testing.T) {
	hello := func(minor byte) []byte { return record(22, minor, 2, 0, 0, 38, 3, minor, 1, 2, 3) }
	tests := []struct {
		name    string
		reply   []byte
		version uint16
		refuses bool
	}{
		{"SSL 3.0", hello(0), SSL30, false},
		{"TLS 1.0", hello(1), TLS10, false},
		{"TLS 1.1", hello(2), TLS11, false},
		{"in two records", append(record(22, 1, 2, 0, 0), record(22, 1, 38, 3, 1, 9)...), TLS10, false},
		{"after a warning", append(record(21, 1, 1, 112), hello(1)...), TLS10, false},
		{"protocol_version", record(21, 1, 2, 70), 0, true},
		{"handshake_failure", record(21, 0, 2, 40), 0, true},
		{"close_notify", record(21, 1, 1, 0), 0, true},
		{"nothing", nil, 0, true},
		{"half a header", []byte{22, 3}, 0, true},
		{"half a record", []byte{22, 3, 1, 0, 9, 2}, 0, true},
		{"plain http", []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), 0, false},
		{"ssh", []byte("SSH-2.0-OpenSSH_9.6\r\n"), 0, false},
		{"another message", record(22, 1, 11, 0, 0, 0), 0, false},
		{"an empty record", record(22, 1), 0, false},
		{"a huge record", []byte{22, 3, 1, 0xff, 0xff}, 0, false},
		{"a short alert", record(21, 1, 2), 0, false},
		{"application data", record(23, 1, 1, 2, 3), 0, false},
		{"an unknown version", record(22, 1, 2, 0, 0, 38, 9, 9, 1), 0, false},
		{"warnings without end", bytes.Repeat(record(21, 1, 1, 112), 100), 0, false},
	}
	for _, test := range tests {
		version, err := readServerHello(bytes.NewReader(test.reply))
		if version != test.version || (err == nil) != (test.version != 0) {
			t.Errorf("%s: %#x, %v", test.name, version, err)
		}
		if err != nil {
			want := Unclear
			if test.refuses {
				want = Refuses
			}
			if got := refusal(err); got.Result != want {
				t.Errorf("%s: %v is %s, want %s", test.name, err, got.Result, want)
			}
		}
	}
}

func FuzzReadServerHello(f *testing.F) {
	f.Add(record(22, 1, 2, 0, 0, 38, 3, 1, 1, 2, 3))
	f.Add(append(record(21, 1, 1, 112), record(22, 0, 2, 0, 0, 38, 3, 0, 0)...))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Fuzz(func(t *testing.T, reply []byte) {
		version, err := readServerHello(bytes.NewReader(reply))
		if err == nil && version>>8 != 3 {
			t.Errorf("version %#x", version)
		}
		if err != nil {
			refusal(err)
		}
	})
}

// identity makes a self-signed certificate.
func identity(t *testing.T, old bool) tls.Certificate {
	t.Helper()
	var private, public any
	if old {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		private, public = key, key.Public()
	} else {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		private, public = key, key.Public()
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"app.example"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}

// served returns a wire at whose one address handle is served.
func served(t *testing.T, handle func(net.Conn)) (*Wire, netip.AddrPort) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	here, to := l.Addr().(*net.TCPAddr).AddrPort(), netip.MustParseAddrPort("52.0.1.1:443")
	return Loopback("test", nil, World{Nameserver: here, Routes: map[netip.AddrPort]netip.AddrPort{to: here}, Connect: 2 * time.Second}), to
}

// TestOffer offers every version to servers that take some of them.
func TestOffer(t *testing.T) {
	modern, old := identity(t, false), identity(t, true)
	const yes, no = Accepted, Refuses
	tests := []struct {
		name   string
		config *tls.Config
		want   [4]string // 1.0 to 1.3
	}{
		{"1.2 and 1.3", &tls.Config{Certificates: []tls.Certificate{modern}}, [4]string{no, no, yes, yes}},
		{"1.3 alone", &tls.Config{Certificates: []tls.Certificate{modern}, MinVersion: tls.VersionTLS13}, [4]string{no, no, no, yes}},
		{"1.2 alone", &tls.Config{Certificates: []tls.Certificate{modern}, MaxVersion: tls.VersionTLS12}, [4]string{no, no, yes, no}},
		{"everything", &tls.Config{Certificates: []tls.Certificate{old}, MinVersion: tls.VersionTLS10}, [4]string{yes, yes, yes, yes}},
		{"1.0 with ECDSA", &tls.Config{Certificates: []tls.Certificate{modern}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, [4]string{yes, no, no, no}},
		{"1.1 alone", &tls.Config{Certificates: []tls.Certificate{old}, MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11}, [4]string{no, yes, no, no}},
		// With the suites that the standard library's client offers by itself this
		// server looks closed.
		{"1.0 with RSA key exchange alone", &tls.Config{Certificates: []tls.Certificate{old}, MinVersion: tls.VersionTLS10,
			CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}, [4]string{yes, yes, yes, yes}},
		{"1.0 with RC4 alone", &tls.Config{Certificates: []tls.Certificate{old}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12,
			CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}, [4]string{yes, yes, yes, no}},
		{"1.0 with 3DES alone", &tls.Config{Certificates: []tls.Certificate{old}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12,
			CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}}, [4]string{yes, yes, yes, no}},
	}
	for _, test := range tests {
		w, to := served(t, func(conn net.Conn) { _ = tls.Server(conn, test.config).Handshake() })
		if got := w.Offer(t.Context(), to, "app.example", SSL30, time.Now()); got.Result != Refuses {
			t.Errorf("%s: SSL 3.0 is %+v", test.name, got)
		}
		for i, version := range []uint16{TLS10, TLS11, TLS12, TLS13} {
			got := w.Offer(t.Context(), to, "app.example", version, time.Now())
			if got.Result != test.want[i] {
				t.Errorf("%s: %#x is %s (%s), want %s", test.name, version, got.Result, got.Detail, test.want[i])
			}
			if (len(got.Chain) > 0) != (got.Result == Accepted && version >= TLS12) {
				t.Errorf("%s: %#x has a chain of %d", test.name, version, len(got.Chain))
			}
		}
	}
}

// TestOfferAsked makes sure that the server sees one version, all the suites and
// the name.
func TestOfferAsked(t *testing.T) {
	cert := identity(t, true)
	asked := make(chan tls.ClientHelloInfo, 10)
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		asked <- *h
		return nil, nil
	}}
	w, to := served(t, func(conn net.Conn) { _ = tls.Server(conn, config).Handshake() })
	for _, version := range []uint16{TLS10, TLS11, TLS12, TLS13} {
		w.Offer(t.Context(), to, "app.example", version, time.Now())
		h := <-asked
		if len(h.SupportedVersions) == 0 || h.SupportedVersions[0] != version || h.ServerName != "app.example" {
			t.Errorf("%#x: asked for %#x at %q", version, h.SupportedVersions, h.ServerName)
		}
		if version <= TLS12 && len(h.CipherSuites) < 15 {
			t.Errorf("%#x: only %d suites", version, len(h.CipherSuites))
		}
	}
}

// TestOfferFaults tells refusals from silence.
func TestOfferFaults(t *testing.T) {
	read := func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }
	tests := []struct {
		name   string
		handle func(net.Conn)
		want   string
	}{
		{"closes at once", func(net.Conn) {}, Refuses},
		{"reads and closes", read, Refuses},
		{"resets", func(conn net.Conn) {
			read(conn)
			_ = conn.(*net.TCPConn).SetLinger(0)
		}, Refuses},
		{"alert", func(conn net.Conn) { read(conn); _, _ = conn.Write(record(21, 1, 2, 70)) }, Refuses},
		{"speaks http", func(conn net.Conn) { read(conn); _, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n") }, Unclear},
	}
	for _, test := range tests {
		w, to := served(t, test.handle)
		for _, version := range []uint16{SSL30, TLS10, TLS11, TLS12, TLS13} {
			if got := w.Offer(t.Context(), to, "app.example", version, time.Now()); got.Result != test.want {
				t.Errorf("%s: %#x is %s (%s), want %s", test.name, version, got.Result, got.Detail, test.want)
			}
		}
	}
	w, _ := served(t, read)
	if got := w.Offer(t.Context(), netip.MustParseAddrPort("52.9.9.9:443"), "app.example", TLS12, time.Now()); got.Result != Unclear {
		t.Errorf("no listener: %+v", got)
	}
	// A server that speaks SSL 3.0, which the standard library does not.
	w, to := served(t, func(conn net.Conn) {
		hello := make([]byte, 11)
		if _, err := io.ReadFull(conn, hello); err != nil {
			return
		}
		if hello[9] == 3 && hello[10] == 0 {
			_, _ = conn.Write(record(22, 0, 2, 0, 0, 38, 3, 0, 1, 2, 3))
		} else {
			_, _ = conn.Write(record(21, 1, 2, 70))
		}
	})
	if got := w.Offer(t.Context(), to, "app.example", SSL30, time.Now()); got.Result != Accepted {
		t.Errorf("SSL 3.0: %+v", got)
	}
	if got := w.Offer(t.Context(), to, "app.example", TLS10, time.Now()); got.Result != Refuses {
		t.Errorf("TLS 1.0: %+v", got)
	}
}

// TestOfferSilent waits, in the time of the test, for servers that say nothing
// or one byte now and then.
func TestOfferSilent(t *testing.T) {
	for name, handle := range map[string]func(net.Conn){
		"silent": func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) },
		"a byte a second": func(conn net.Conn) {
			go func() { _, _ = io.Copy(io.Discard, conn) }()
			for _, b := range record(22, 1, make([]byte, 200)...) {
				if _, err := conn.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		},
	} {
		for _, version := range []uint16{SSL30, TLS10, TLS12} {
			synctest.Test(t, func(t *testing.T) {
				w := fromMemory(handle)
				start := time.Now()
				got := w.Offer(t.Context(), netip.MustParseAddrPort("52.0.1.1:443"), "app.example", version, start)
				if took := time.Since(start); got.Result != Unclear || took != connectFor {
					t.Errorf("%s: %+v after %s", name, got, took)
				}
				time.Sleep(2 * time.Second) // the server notices
			})
		}
	}
}

// fromMemory is a wire whose every address is handle.
func fromMemory(handle func(net.Conn)) *Wire {
	return &Wire{agent: "test", world: &world{dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			handle(there)
		}()
		return here, nil
	}}}
}

func TestExplain(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{context.DeadlineExceeded, "no answer came in time"},
		{context.Canceled, "the probe was cancelled"},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "the connection is refused"},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "the connection is reset"},
		{io.ErrUnexpectedEOF, "the connection ends before the answer"},
		{ErrNoName, "the name has no address"},
		{&net.OpError{Op: "dial", Source: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3)}, Err: errors.New("no route")}, "no route"},
	} {
		if got := Explain(test.err); got != test.want {
			t.Errorf("Explain(%v) = %q, want %q", test.err, got, test.want)
		}
	}
}

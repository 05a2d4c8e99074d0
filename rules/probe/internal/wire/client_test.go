package wire

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func pinnedTo(addr string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr(addr)}, nil
	}
}

// deploy serves h at https://app.example.com/ and http://app.example.com/.
func deploy(t *testing.T, h http.Handler) *Client {
	t.Helper()
	secure, plain := httptest.NewUnstartedServer(h), httptest.NewServer(h)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	roots := secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	at := func(s *httptest.Server) netip.AddrPort { return s.Listener.Addr().(*net.TCPAddr).AddrPort() }
	w := Loopback("staylisted-test", nil, World{Nameserver: at(plain), Roots: roots, Request: 2 * time.Second, Routes: map[netip.AddrPort]netip.AddrPort{
		netip.MustParseAddrPort("52.0.1.1:443"): at(secure), netip.MustParseAddrPort("52.0.1.1:80"): at(plain),
	}})
	c := w.Client(pinnedTo("52.0.1.1"), time.Now())
	t.Cleanup(c.Close)
	return c
}

func zipped(t *testing.T, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGet(t *testing.T) {
	mux := http.NewServeMux()
	seen := make(chan *http.Request, 50)
	mux.HandleFunc("/small", func(w http.ResponseWriter, r *http.Request) {
		seen <- r
		w.Header().Add("Set-Cookie", "session=1")
		fmt.Fprint(w, "hello")
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, MaxBody+1)) })
	mux.HandleFunc("/just", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, MaxBody)) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	bomb := zipped(t, 50<<20)
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zipped(t, 1000))
	})
	mux.HandleFunc("/deflate", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "deflate")
		z := zlib.NewWriter(w)
		_, _ = io.WriteString(z, "hello")
		_ = z.Close()
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, "this is no gzip")
	})
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		fmt.Fprint(w, "whatever")
	})
	mux.HandleFunc("/headers", func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100 {
			w.Header().Add("X-Many", fmt.Sprint(i)+strings.Repeat("x", 2000))
		}
	})
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/small", http.StatusFound) })
	c := deploy(t, mux)
	tests := []struct {
		path              string
		status, size      int
		truncated, opaque bool
	}{
		{"/small", 200, 5, false, false},
		{"/small", 200, 5, false, false}, // no cookie comes back
		{"/just", 200, MaxBody, false, false},
		{"/large", 200, MaxBody, true, false},
		{"/endless", 200, MaxBody, true, false},
		{"/bomb", 200, MaxBody, true, false},
		{"/gzip", 200, 1000, false, false},
		{"/deflate", 200, 5, false, false},
		{"/broken", 200, 0, false, true},
		{"/brotli", 200, 0, false, true},
		{"/redirect", 302, 0, false, false},
	}
	for _, scheme := range []string{"https", "http"} {
		for _, test := range tests {
			r, err := c.Get(t.Context(), address(t, scheme+"://app.example.com"+test.path), "text/html")
			if err != nil {
				t.Errorf("%s %s: %v", scheme, test.path, err)
				continue
			}
			if r.Status != test.status || test.path != "/redirect" && len(r.Body) != test.size || r.Truncated != test.truncated || r.Opaque != test.opaque || r.Address.String() != "52.0.1.1" {
				t.Errorf("%s %s: %d, %d bytes, truncated %t, opaque %t, %s", scheme, test.path, r.Status, len(r.Body), r.Truncated, r.Opaque, r.Address)
			}
			if want := map[string]string{"https": "HTTP/2.0", "http": "HTTP/1.1"}[scheme]; r.Proto != want {
				t.Errorf("%s: %s", scheme, r.Proto)
			}
		}
		if r, err := c.Get(t.Context(), address(t, scheme+"://app.example.com/headers"), "*/*"); err == nil {
			t.Errorf("200 kB of headers are read: %d", r.Status)
		}
	}
	close(seen)
	for r := range seen {
		if r.Method != "GET" || r.UserAgent() != "staylisted-test" || len(r.Header["Cookie"])+len(r.Header["Authorization"])+len(r.Header["Referer"]) != 0 {
			t.Errorf("%s with %v", r.Method, r.Header)
		}
	}
}

func TestGetRefuses(t *testing.T) {
	c := deploy(t, http.NotFoundHandler())
	for _, text := range []string{"https://user:pass@app.example.com/", "ftp://app.example.com/", "file:///etc/passwd", "https:///", "gopher://app.example.com:80/"} {
		if _, err := c.Get(t.Context(), address(t, text), "*/*"); err == nil {
			t.Errorf("%s is asked", text)
		}
	}
	for _, test := range []struct{ text, addr string }{
		{"https://app.example.com:8443/", "52.0.1.1"},
		{"http://app.example.com:22/", "52.0.1.1"},
		{"https://app.example.com/", "127.0.0.1"},
		{"http://app.example.com/", "169.254.169.254"},
		{"http://app.example.com/", "::ffff:10.0.0.1"},
	} {
		c := (&Wire{}).Client(pinnedTo(test.addr), time.Now())
		_, err := c.Get(t.Context(), address(t, test.text), "*/*")
		if _, ok := errors.AsType[*RefusedError](err); !ok {
			t.Errorf("%s at %s: %v", test.text, test.addr, err)
		}
	}
	none := (&Wire{}).Client(func(context.Context, string) ([]netip.Addr, error) { return nil, nil }, time.Now())
	if _, err := none.Get(t.Context(), address(t, "https://app.example.com/"), "*/*"); !errors.Is(err, ErrNoName) {
		t.Errorf("no address: %v", err)
	}
}

// TestGetSlow waits, in the time of the test, for answers that trickle.
func TestGetSlow(t *testing.T) {
	trickle := func(conn net.Conn, text string) {
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		for i := range len(text) {
			if _, err := conn.Write([]byte{text[i]}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
		_, _ = io.Copy(io.Discard, conn)
	}
	for name, handle := range map[string]func(net.Conn){
		"no answer":   func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) },
		"a slow head": func(conn net.Conn) { trickle(conn, "HTTP/1.1 200 OK\r\nX-Slow: "+strings.Repeat("x", 100)) },
		"a slow body": func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
			trickle(conn, strings.Repeat("x", 100))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := fromMemory(handle).Client(pinnedTo("52.0.1.1"), time.Now())
			defer c.Close()
			start := time.Now()
			_, err := c.Get(t.Context(), address(t, "http://app.example.com/"), "*/*")
			if took := time.Since(start); err == nil || Explain(err) != "no answer came in time" || took != requestFor {
				t.Errorf("%s: %v after %s", name, err, took)
			}
			time.Sleep(2 * time.Second) // the server notices
		})
	}
}

package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Response is an answer, its body cut at [MaxBody] bytes.
type Response struct {
	Status    int
	Proto     string // "HTTP/1.1", "HTTP/2.0"
	Header    http.Header
	Body      []byte
	Truncated bool       // the body is longer, or ended early
	Opaque    bool       // the body is compressed in a way that is not read
	Address   netip.Addr // that answered
}

// A Client gets addresses of hosts whose names were resolved before. It keeps
// connections between requests, and nothing else.
type Client struct {
	wire      *Wire
	transport *http.Transport
	pin       func(ctx context.Context, host string) ([]netip.Addr, error)

	mu   sync.Mutex
	used map[string]netip.Addr // by "host:port", the address last connected to
}

// Client returns a client. pin says which addresses a host has; it must answer
// alike for as long as the client lives. now is the time certificates are
// checked at. Close it after use.
func (w *Wire) Client(pin func(ctx context.Context, host string) ([]netip.Addr, error), now time.Time) *Client {
	c := &Client{wire: w, pin: pin, used: map[string]netip.Addr{}}
	c.transport = &http.Transport{
		Proxy:       nil,
		DialContext: c.dial,
		TLSClientConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: w.roots(), Time: func() time.Time { return now },
		},
		TLSHandshakeTimeout:    w.connect(),
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxConnsPerHost:        2,
		IdleConnTimeout:        w.request(),
	}
	return c
}

// Close ends the kept connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// dial connects to the first address of the host that can be connected to.
func (c *Client) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, err
	}
	addrs, err := c.pin(ctx, host)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, addr := range addrs {
		conn, err := c.wire.Dial(ctx, netip.AddrPortFrom(addr, uint16(port)))
		if err == nil {
			c.mu.Lock()
			c.used[strings.ToLower(address)] = addr
			c.mu.Unlock()
			return conn, nil
		}
		failed = append(failed, err)
	}
	if len(failed) == 0 {
		return nil, ErrNoName
	}
	return nil, errors.Join(failed...)
}

// Get asks for one address and follows nothing.
func (c *Client) Get(ctx context.Context, u *url.URL, accept string) (*Response, error) {
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%s is not an address that is looked at", u.Redacted())
	}
	ctx, cancel := context.WithTimeout(ctx, c.wire.request())
	defer cancel()
	at := *u
	at.Fragment, at.RawFragment = "", ""
	req := (&http.Request{Method: http.MethodGet, URL: &at, Host: at.Host, Header: http.Header{
		"User-Agent": {c.wire.agent}, "Accept": {accept}, "Accept-Encoding": {"identity"},
	}}).WithContext(ctx)
	got, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	body, truncated, err := c.read(got)
	if err != nil {
		return nil, err
	}
	r := &Response{Status: got.StatusCode, Proto: got.Proto, Header: got.Header, Body: body, Truncated: truncated, Address: c.answered(&at)}
	r.decompress(got.Header.Get("Content-Encoding"))
	return r, nil
}

// read reads the body up to its limit.
func (c *Client) read(got *http.Response) ([]byte, bool, error) {
	body, err := io.ReadAll(io.LimitReader(got.Body, MaxBody+1))
	if len(body) > MaxBody {
		return body[:MaxBody], true, nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return body, true, nil
	}
	return body, false, err
}

// answered is the address the host was last connected to at.
func (c *Client) answered(u *url.URL) netip.Addr {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used[strings.ToLower(net.JoinHostPort(u.Hostname(), port))]
}

// decompress reads a body that came compressed although nobody asked for it,
// to the same limit.
func (r *Response) decompress(encoding string) {
	var reader io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return
	case "gzip", "x-gzip":
		reader, err = gzip.NewReader(bytes.NewReader(r.Body))
	case "deflate":
		if reader, err = zlib.NewReader(bytes.NewReader(r.Body)); err != nil {
			reader, err = flate.NewReader(bytes.NewReader(r.Body)), nil
		}
	default:
		err = errors.New("unknown encoding")
	}
	if err != nil {
		r.Body, r.Opaque = nil, true
		return
	}
	body, err := io.ReadAll(io.LimitReader(reader, MaxBody+1))
	switch {
	case len(body) > MaxBody:
		r.Body, r.Truncated = body[:MaxBody], true
	case err != nil:
		r.Body, r.Truncated = body, true
	default:
		r.Body = body
	}
}

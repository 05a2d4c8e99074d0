package githubtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// NewPiped is [New] without a network: requests travel over pipes in memory, so
// that in a bubble of testing/synctest time passes while they wait. Its URL can
// be reached through its [Server.Client] only.
func NewPiped(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, api: describe(t), state: newState()}
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s.http = &httptest.Server{Listener: p, Config: &http.Server{Handler: http.HandlerFunc(s.serve)}}
	s.http.Start()
	s.URL = s.http.URL
	transport := &http.Transport{DialContext: p.dial}
	s.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.http.Close()
	})
	return s
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

// dial connects to the listener.
func (p *pipes) dial(ctx context.Context, _, address string) (net.Conn, error) {
	if address != p.Addr().String() {
		return nil, fmt.Errorf("githubtest: dialling %s, which is not this server", address)
	}
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Accept waits for the next dial.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is a name, with the port that HTTP would add.
func (*pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "github.invalid:80" }

package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"
)

// How a server took an offer.
const (
	Accepted = "accepted"
	Refuses  = "refused"
	Unclear  = "unknown" // no connection, no answer in time, no TLS
)

// An Offered is how a server took the offer of one version.
type Offered struct {
	Result string
	Detail string              // why it is refused or unknown
	Chain  []*x509.Certificate // of TLS 1.2 and 1.3 when accepted, as sent, not verified
}

// Offer makes one handshake that offers one version alone. An alert and a reset
// both refuse; silence is unknown, and so is a server that cannot be connected
// to at all.
func (w *Wire) Offer(ctx context.Context, to netip.AddrPort, host string, version uint16, now time.Time) Offered {
	conn, err := w.Dial(ctx, to)
	if err != nil {
		return Offered{Result: Unclear, Detail: Explain(err)}
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline(ctx, w.connect())); err != nil {
		return Offered{Result: Unclear, Detail: Explain(err)}
	}
	if version <= TLS11 {
		return offerOld(conn, host, version)
	}
	var all []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all = append(all, suite.ID)
	}
	config := &tls.Config{
		MinVersion: version, MaxVersion: version, CipherSuites: all, ServerName: host,
		// The chain is judged by Verify, so that a bad one can be told from a
		// server that refuses; nothing is sent over this connection.
		InsecureSkipVerify: true,
		Time:               func() time.Time { return now },
	}
	client := tls.Client(conn, config)
	if err := client.HandshakeContext(ctx); err != nil {
		return refusal(err)
	}
	return Offered{Result: Accepted, Chain: client.ConnectionState().PeerCertificates}
}

// offerOld offers SSL 3.0, TLS 1.0 or 1.1 and looks at nothing but which version
// the server chooses.
func offerOld(conn net.Conn, host string, version uint16) Offered {
	hello, err := clientHello(version, host)
	if err != nil {
		return Offered{Result: Unclear, Detail: Explain(err)}
	}
	if _, err := conn.Write(hello); err != nil {
		return refusal(err)
	}
	chosen, err := readServerHello(conn)
	switch {
	case err != nil:
		return refusal(err)
	case chosen != version && chosen != SSL30:
		// It does not speak the version. One that chose a lower one speaks that,
		// which is offered by itself.
		return Offered{Result: Refuses, Detail: fmt.Sprintf("the server answers with version %#04x", chosen)}
	}
	return Offered{Result: Accepted}
}

// refusal reads the error of a handshake on an open connection.
func refusal(err error) Offered {
	var timeout net.Error
	_, alerted := errors.AsType[tls.AlertError](err)
	_, raw := errors.AsType[alert](err)
	op, remote := errors.AsType[*net.OpError](err)
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Offered{Result: Unclear, Detail: Explain(err)}
	case alerted, raw, remote && op.Op == "remote error",
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return Offered{Result: Refuses, Detail: Explain(err)}
	case strings.Contains(err.Error(), "selected unsupported protocol version"):
		return Offered{Result: Refuses, Detail: Explain(err)}
	}
	return Offered{Result: Unclear, Detail: Explain(err)}
}

// Verify checks a chain as sent against the name and the authorities believed,
// at now.
func (w *Wire) Verify(chain []*x509.Certificate, host string, now time.Time) error {
	if len(chain) == 0 {
		return errors.New("there is no certificate")
	}
	pool := x509.NewCertPool()
	for _, c := range chain[1:] {
		pool.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: w.roots(), Intermediates: pool, CurrentTime: now})
	return err
}

// Explain puts a network error into words that name no local address.
func Explain(err error) string {
	var timeout net.Error
	var refused *RefusedError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Error()
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer came in time"
	case errors.Is(err, context.Canceled):
		return "the probe was cancelled"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return "the connection is reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ends before the answer"
	case errors.Is(err, ErrNoName):
		return "the name has no address"
	}
	if cert, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate does not verify: " + cert.Err.Error()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Err != nil {
		return op.Err.Error() // without the addresses of this machine
	}
	return err.Error()
}

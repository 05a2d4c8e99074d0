package wire

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// Versions of the protocol as they stand on the wire.
const (
	SSL30 uint16 = 0x0300
	TLS10 uint16 = 0x0301
	TLS11 uint16 = 0x0302
	TLS12 uint16 = 0x0303
	TLS13 uint16 = 0x0304
)

// oldSuites are the cipher suites (IANA registry) that a server might still
// speak before TLS 1.2: the standard library's client knows few of them, and a
// server that offers only others would look closed.
var oldSuites = []uint16{
	0xc00a, 0xc014, 0xc009, 0xc013, 0xc008, 0xc012, 0xc007, 0xc011, // ECDHE with AES, 3DES, RC4
	0x0039, 0x0038, 0x0033, 0x0032, 0x0088, 0x0087, 0x0045, 0x0044, 0x009a, 0x0099, 0x0016, 0x0013, 0x0015, 0x0012, 0x0014, 0x0011, // DHE
	0xc00f, 0xc005, 0xc00e, 0xc004, 0xc00d, 0xc003, // static ECDH
	0x0035, 0x002f, 0x0084, 0x0041, 0x0096, 0x000a, 0x0007, 0x0005, 0x0004, 0x0009, 0x0006, 0x0008, 0x0003, // RSA, export too
	0x00ff, // renegotiation, RFC 5746; never the fallback signal 0x5600, which would be refused for its own sake
}

// clientHello writes the first message of a handshake that offers one version
// and nothing newer: SSL 3.0 (RFC 6101), TLS 1.0 or 1.1 (RFC 4346). host is the
// server name to ask for; an address or nothing sends none.
func clientHello(version uint16, host string) ([]byte, error) {
	body := binary.BigEndian.AppendUint16(nil, version)
	var random [32]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	body = append(body, random[:]...)
	body = append(body, 0) // no session to resume
	body = binary.BigEndian.AppendUint16(body, uint16(2*len(oldSuites)))
	for _, suite := range oldSuites {
		body = binary.BigEndian.AppendUint16(body, suite)
	}
	body = append(body, 1, 0) // no compression
	if version != SSL30 {     // which knows no extensions
		var ext []byte
		if _, err := netip.ParseAddr(host); err != nil && host != "" && len(host) < 256 {
			name := binary.BigEndian.AppendUint16([]byte{0}, uint16(len(host)))
			name = append(name, host...)
			ext = extension(ext, 0, binary.BigEndian.AppendUint16(nil, uint16(len(name))), name)
		}
		ext = extension(ext, 10, []byte{0, 8, 0x00, 0x1d, 0x00, 0x17, 0x00, 0x18, 0x00, 0x19}) // x25519, P-256, P-384, P-521
		ext = extension(ext, 11, []byte{1, 0})                                                 // uncompressed points
		body = binary.BigEndian.AppendUint16(body, uint16(len(ext)))
		body = append(body, ext...)
	}
	record := []byte{22}
	record = binary.BigEndian.AppendUint16(record, min(version, TLS10))
	record = binary.BigEndian.AppendUint16(record, uint16(len(body)+4))
	record = append(record, 1, byte(len(body)>>16), byte(len(body)>>8), byte(len(body)))
	return append(record, body...), nil
}

func extension(to []byte, kind uint16, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	to = binary.BigEndian.AppendUint16(to, kind)
	to = binary.BigEndian.AppendUint16(to, uint16(n))
	for _, p := range parts {
		to = append(to, p...)
	}
	return to
}

// An alert is a server's refusal.
type alert byte

func (a alert) Error() string { return fmt.Sprintf("the server sends alert %d", byte(a)) }

// errNotTLS says that what answers does not speak the protocol.
var errNotTLS = errors.New("what answers does not speak TLS")

// readServerHello reads a server's first message and returns the version it
// chose. A refusal is an [alert]; a connection that ends gives its error.
// Warnings may come before the message, a message may be spread over records.
func readServerHello(r io.Reader) (uint16, error) {
	var message []byte
	for range 8 {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return 0, err
		}
		length := int(binary.BigEndian.Uint16(head[3:]))
		if head[1] != 3 || length == 0 || length > 1<<14+2048 {
			return 0, errNotTLS
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return 0, err
		}
		switch head[0] {
		case 21:
			if length != 2 {
				return 0, errNotTLS
			}
			if body[0] == 1 && body[1] != 0 { // a warning that does not close
				continue
			}
			return 0, alert(body[1])
		case 22:
			message = append(message, body...)
			if message[0] != 2 {
				return 0, errNotTLS
			}
			if len(message) < 6 {
				continue
			}
			version := binary.BigEndian.Uint16(message[4:])
			if version>>8 != 3 {
				return 0, errNotTLS
			}
			return version, nil
		default:
			return 0, errNotTLS
		}
	}
	return 0, errNotTLS
}

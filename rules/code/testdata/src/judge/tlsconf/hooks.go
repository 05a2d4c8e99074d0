package tlsconf

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
)

func logsOnly(pool *x509.CertPool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 as is`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if _, err := cs.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: pool}); err != nil {
				log.Println("unverified server", err)
			}
			return nil
		},
	}
}

func forgets(pool *x509.CertPool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 as is`
		VerifyConnection: func(cs tls.ConnectionState) error {
			_, err := cs.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: pool})
			_ = err
			return nil
		},
	}
}

func comparesForTheLog(want []byte) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if !bytes.Equal(raw[0], want) {
				log.Println("a new certificate")
			}
			if len(raw) == 0 {
				return errors.New("no certificate")
			}
			return nil
		},
	}
}

func nameOnly(host string) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if err := cs.PeerCertificates[0].VerifyHostname(host); err != nil {
				return fmt.Errorf("wrong host: %w", err)
			}
			return nil
		},
	}
}

func sameSubject(want []byte) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if !bytes.Equal(cs.PeerCertificates[0].RawSubject, want) {
				return errors.New("another subject")
			}
			return nil
		},
	}
}

func sometimes(strict bool, pool *x509.CertPool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if !strict {
				return nil
			}
			return verifyChain(cs, pool)
		},
	}
}

func ofAnother(pool *x509.CertPool) (*tls.Config, *tls.Config) {
	open := &tls.Config{InsecureSkipVerify: true} // want `G402 as is`
	checked := &tls.Config{MinVersion: tls.VersionTLS13}
	checked.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, pool) }
	return open, checked
}

func setOfAnother(cfg, other *tls.Config, pool *x509.CertPool) {
	cfg.InsecureSkipVerify = true // want `G402 as is`
	other.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, pool) }
}

func setLater(pool *x509.CertPool) *tls.Config {
	cfg := &tls.Config{InsecureSkipVerify: true} // want `G402 informational`
	cfg.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, pool) }
	return cfg
}

func takenBack(pool *x509.CertPool) *tls.Config {
	cfg := &tls.Config{InsecureSkipVerify: true} // want `G402 as is`
	cfg.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, pool) }
	cfg.VerifyConnection = nil
	return cfg
}

func handedIn(check func(tls.ConnectionState) error) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, VerifyConnection: check} // want `G402 review`
}

type verifier struct {
	roots *x509.CertPool
	pins  map[string]bool
	key   []byte
}

func (v *verifier) config() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: v.chain} // want `G402 informational`
}

func (v *verifier) chain(raw [][]byte, _ [][]*x509.Certificate) error {
	certs := make([]*x509.Certificate, len(raw))
	between := x509.NewCertPool()
	for i, der := range raw {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("certificate %d: %w", i, err)
		}
		certs[i] = c
		if i > 0 {
			between.AddCert(c)
		}
	}
	if _, err := certs[0].Verify(x509.VerifyOptions{Roots: v.roots, Intermediates: between}); err != nil {
		return fmt.Errorf("the server's chain: %w", err)
	}
	return nil
}

func (v *verifier) oneOf() *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 informational`
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			for _, der := range raw {
				sum := sha256.Sum256(der)
				if v.pins[hex.EncodeToString(sum[:])] {
					return nil
				}
			}
			return errors.New("not a pinned certificate")
		},
	}
}

func (v *verifier) publicKey() *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 informational`
		VerifyConnection: func(cs tls.ConnectionState) error {
			h := sha256.New()
			h.Write(cs.PeerCertificates[0].RawSubjectPublicKeyInfo)
			if subtle.ConstantTimeCompare(h.Sum(nil), v.key) != 1 {
				return errors.New("not the pinned key")
			}
			return nil
		},
	}
}

func fingerprinted(fingerprint string) *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, VerifyConnection: matching(fingerprint)} // want `G402 informational`
}

func matching(fingerprint string) func(tls.ConnectionState) error {
	return func(cs tls.ConnectionState) error {
		ok := false
		for _, c := range cs.PeerCertificates {
			if hexSum(c) == fingerprint {
				ok = true
			}
		}
		if !ok {
			return errors.New("unknown certificate")
		}
		return nil
	}
}

func hexSum(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func provesItself() *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyConnection: func(cs tls.ConnectionState) error {
			roots := x509.NewCertPool()
			for _, c := range cs.PeerCertificates {
				roots.AddCert(c)
			}
			_, err := cs.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots})
			return err
		},
	}
}

func withoutName(roots *x509.CertPool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 informational`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if len(cs.PeerCertificates) == 0 {
				return errors.New("no certificate")
			}
			opts := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), DNSName: cs.ServerName}
			for _, c := range cs.PeerCertificates[1:] {
				opts.Intermediates.AddCert(c)
			}
			_, err := cs.PeerCertificates[0].Verify(opts)
			return err
		},
	}
}

func onlyParses() *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			_, err := x509.ParseCertificate(raw[0])
			return err
		},
	}
}

func counts(cfg *tls.Config) {
	cfg.InsecureSkipVerify = true // want `G402 review`
	cfg.VerifyPeerCertificate = func(raw [][]byte, _ [][]*x509.Certificate) error {
		if len(raw) != 1 || bytes.Equal(raw[0], raw[0]) == false {
			return errors.New("more than one certificate")
		}
		return nil
	}
}

func anyOfTheTwo(pin []byte, lenient bool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 review`
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if bytes.Equal(raw[0], pin) || lenient {
				return nil
			}
			return errors.New("not the pinned certificate")
		},
	}
}

func bothNeeded(pin []byte, open bool) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 informational`
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if ok := bytes.Equal(raw[0], pin) && open; !ok {
				return errors.New("not the pinned certificate")
			}
			return nil
		},
	}
}

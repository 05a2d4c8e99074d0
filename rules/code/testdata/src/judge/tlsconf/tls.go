package tlsconf

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
)

func client() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // want `G402 as is`
}

func set(cfg *tls.Config) { cfg.InsecureSkipVerify = true } // want `G402 as is`

type options struct {
	TLS      bool
	Insecure bool
	Env      string
	Hosts    []string
}

func whenTLS(o options) *tls.Config {
	if o.TLS {
		return &tls.Config{InsecureSkipVerify: true} // want `G402 as is`
	}
	return nil
}

func noHosts(o options, cfg *tls.Config) {
	if len(o.Hosts) == 0 {
		cfg.InsecureSkipVerify = true // want `G402 as is`
	}
}

func wrongWay(o options, cfg *tls.Config) {
	if !o.Insecure {
		cfg.InsecureSkipVerify = true // want `G402 as is`
	}
}

func optIn(o options, cfg *tls.Config) {
	if o.Insecure {
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

func early(o options) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if !o.Insecure {
		return cfg
	}
	cfg.InsecureSkipVerify = true // want `G402 review`
	return cfg
}

func fromEnv(cfg *tls.Config) {
	if os.Getenv("TLS_SKIP_VERIFY") == "true" {
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

func mode(sslmode string, cfg *tls.Config) {
	switch sslmode {
	case "skip-verify":
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

func verifyOff(verifyCertificates bool) *tls.Config {
	if verifyCertificates {
		return nil
	}
	return &tls.Config{InsecureSkipVerify: true} // want `G402 review`
}

func development(o options, cfg *tls.Config) {
	if o.Env == "development" {
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

func newInsecureClient() *tls.Config { return &tls.Config{InsecureSkipVerify: true} } // want `G402 review`

func configured(o options) *tls.Config {
	return &tls.Config{InsecureSkipVerify: o.Insecure} // want `G402 as is`
}

func pinned(want [32]byte) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 informational`
		VerifyConnection: func(cs tls.ConnectionState) error {
			if got := sha256.Sum256(cs.PeerCertificates[0].Raw); !bytes.Equal(got[:], want[:]) {
				return errors.New("not the pinned certificate")
			}
			return nil
		},
	}
}

func chain(pool *x509.CertPool) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	cfg.InsecureSkipVerify = true // want `G402 informational`
	cfg.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, pool) }
	return cfg
}

func verifyChain(cs tls.ConnectionState, pool *x509.CertPool) error {
	_, err := cs.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: pool})
	return err
}

func named() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, VerifyConnection: hostOnly} // want `G402 review`
}

func hostOnly(cs tls.ConnectionState) error {
	return cs.PeerCertificates[0].VerifyHostname("db.example.com")
}

func pretends() *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // want `G402 as is`
		VerifyConnection:   func(tls.ConnectionState) error { return nil },
	}
}

func or(b *bool, fallback bool) bool {
	if b == nil {
		return fallback
	}
	return *b
}

func optional(skipTLSVerify *bool, cfg *tls.Config) {
	if or(skipTLSVerify, false) {
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

func within(o options) func(*tls.Config) {
	if !o.Insecure {
		return nil
	}
	return func(cfg *tls.Config) {
		cfg.InsecureSkipVerify = true // want `G402 review`
	}
}

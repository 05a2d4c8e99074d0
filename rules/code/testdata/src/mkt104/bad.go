// Package mkt104 exercises rule MKT104.
package mkt104

import (
	"crypto/tls"
	"os"
	"strconv"
)

type settings struct {
	MinVersion uint16
	Old        bool
}

func fromField(s settings) *tls.Config {
	return &tls.Config{MinVersion: s.MinVersion} // want `R MKT104: the minimum TLS version cannot be read`
}

func parse() uint16 {
	n, _ := strconv.Atoi(os.Getenv("MIN"))
	return uint16(n)
}

func fromCall() *tls.Config {
	c := &tls.Config{}
	c.MinVersion = parse() // want `R MKT104: the minimum TLS version cannot be read`
	return c
}

func pick(old bool) uint16 {
	if old {
		return tls.VersionTLS10
	}
	return tls.VersionTLS12
}

func fromHelper(s settings) *tls.Config {
	return &tls.Config{MinVersion: pick(s.Old)} // want `R MKT104: the minimum TLS version may be TLS 1.0`
}

var versions = map[string]uint16{
	"1.1": tls.VersionTLS11,
	"1.2": tls.VersionTLS12,
}

func fromTable(name string) *tls.Config {
	return &tls.Config{MinVersion: versions[name]} // want `R MKT104: the minimum TLS version may be TLS 1.1`
}

func fromTableOK(name string) *tls.Config {
	v, ok := versions[name]
	if !ok {
		v = tls.VersionTLS13
	}
	return &tls.Config{MinVersion: v} // want `R MKT104: the minimum TLS version may be TLS 1.1`
}

func wrongClamp(v uint16) *tls.Config {
	return &tls.Config{MinVersion: max(v, tls.VersionTLS11)} // want `R MKT104: the minimum TLS version cannot be read`
}

func suites(names map[string]bool) *tls.Config {
	var ids []uint16
	for _, s := range tls.InsecureCipherSuites() { // want `R MKT104: insecure cipher suites can be chosen`
		if names[s.Name] {
			ids = append(ids, s.ID)
		}
	}
	return &tls.Config{CipherSuites: ids}
}

// Package mkt104names only prints cipher suites.
package mkt104names

import (
	"crypto/tls"
	"fmt"
)

func print() {
	for _, s := range tls.InsecureCipherSuites() { // ok: their names are printed
		fmt.Println(s.Name)
	}
}

// Package targets is another package of the same application.
package targets

import (
	"errors"
	"net/netip"
	"syscall"
)

// Of returns where a request for a name goes.
func Of(name string) string { return "https://" + name }

// PublicOnly refuses addresses that are not public.
func PublicOnly(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || ap.Addr().IsPrivate() || ap.Addr().IsLoopback() {
		return errors.New("no public address")
	}
	return nil
}

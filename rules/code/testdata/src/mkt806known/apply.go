// Package mkt806known updates itself with go-update.
package mkt806known

import (
	"crypto"
	"net/http"

	"github.com/inconshreveable/go-update"
)

func apply(resp *http.Response) error {
	return update.Apply(resp.Body, update.Options{}) // want `^V MKT806: the update is applied without a signature check`
}

func summed(resp *http.Response, sum []byte) error {
	return update.Apply(resp.Body, update.Options{Checksum: sum}) // want `^R MKT806: the update is checked by a checksum alone`
}

func signed(resp *http.Response, sum, sig []byte, key crypto.PublicKey) error {
	return update.Apply(resp.Body, update.Options{Checksum: sum, Signature: sig, PublicKey: key, Verifier: update.NewECDSAVerifier()}) // ok: a signature is checked
}

func keyed(resp *http.Response, sig, pem []byte) error {
	o := update.Options{Signature: sig}
	if err := o.SetPublicKeyPEM(pem); err != nil {
		return err
	}
	return update.Apply(resp.Body, o) // ok: a signature is checked
}

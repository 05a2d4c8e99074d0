// Package mkt704fw verifies with other libraries.
package mkt704fw

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"io"
	"net/http"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwt"
	"github.com/stripe/stripe-go/v76/webhook"
)

var secret = []byte{1}

func jwx(w http.ResponseWriter, r *http.Request) {
	t, err := jwt.ParseInsecure([]byte(r.FormValue("token")))
	if err != nil {
		return
	}
	jwt.Validate(t) // want `^V MKT704: the answer of jwt.Validate is thrown away`
	w.Write([]byte(t.Subject()))
}

func jwxChecked(w http.ResponseWriter, r *http.Request) {
	t, err := jwt.ParseRequest(r, jwt.WithKey(jwa.HS256, secret)) // ok: the answer is looked at
	if err != nil {
		w.WriteHeader(401)
		return
	}
	w.Write([]byte(t.Subject()))
}

func stripe(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	webhook.ConstructEvent(body, r.Header.Get("Stripe-Signature"), "whsec") // want `^V MKT704: the answer of webhook.ConstructEvent is thrown away`
	w.Write(body)
}

func stripeChecked(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e, err := webhook.ConstructEvent(body, r.Header.Get("Stripe-Signature"), "whsec") // ok: the answer is looked at
	if err != nil {
		w.WriteHeader(400)
		return
	}
	w.Write([]byte(e.ID))
}

func signature(key *rsa.PublicKey, sum, sig []byte) {
	rsa.VerifyPKCS1v15(key, crypto.SHA256, sum, sig) // want `^V MKT704: the answer of rsa.VerifyPKCS1v15 is thrown away`
}

func signatureChecked(key *rsa.PublicKey, sum, sig []byte) bool {
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum, sig) == nil // ok: the caller learns it
}

func chain(c *x509.Certificate, o x509.VerifyOptions) {
	c.Verify(o) // want `^R MKT704: the answer of x509.Certificate.Verify is thrown away`
}

func chainChecked(c *x509.Certificate, o x509.VerifyOptions) error {
	_, err := c.Verify(o) // ok: the caller learns it
	return err
}

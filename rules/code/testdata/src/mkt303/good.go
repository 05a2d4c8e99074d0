package mkt303

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"time"

	old "github.com/dgrijalva/jwt-go"
	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v2/jwa"
	jwx "github.com/lestrrat-go/jwx/v2/jwt"
)

func checkedKey(t *jwt.Token) (any, error) {
	if _, ok := t.Method.(*jwt.SigningMethodHMAC); !ok {
		return nil, fmt.Errorf("method %v", t.Header["alg"])
	}
	return secret, nil
}

func checkedOldKey(t *old.Token) (any, error) {
	if t.Header["alg"] != "HS256" {
		return nil, errors.New("method")
	}
	return secret, nil
}

func verified(raw string) (*jwt.Token, error) { return jwt.Parse(raw, checkedKey) } // ok: the key function checks the method

func verifiedByOption(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, key, jwt.WithValidMethods([]string{"HS256"})) // ok: the methods are listed
}

func verifiedByParser(raw string) (*jwt.Token, error) {
	p := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}))
	return p.Parse(raw, key) // ok: the parser lists the methods
}

func verifiedByField(raw string) (*old.Token, error) {
	p := old.Parser{ValidMethods: []string{"HS256"}}
	return p.Parse(raw, func(*old.Token) (any, error) { return secret, nil }) // ok: the field lists the methods
}

func checkedAfter(raw string) error {
	t, err := jwt.Parse(raw, key) // ok: the method is checked after parsing
	if err != nil {
		return err
	}
	if t.Method.Alg() != jwt.SigningMethodHS256.Alg() {
		return errors.New("method")
	}
	return nil
}

// rsaKey can only verify RSA signatures: its type pins the method.
func rsaKey(raw string, pub *rsa.PublicKey) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return pub, nil }) // ok: an RSA key fits no other kind of signature
}

func delegated(raw string, k jwt.Keyfunc) (*jwt.Token, error) { return jwt.Parse(raw, k) } // ok: the caller gives the key function

// keyID reads the header only, to pick a key.
func keyID(r *http.Request) (string, error) {
	t, _, err := jwt.NewParser().ParseUnverified(bearer(r), jwt.MapClaims{}) // ok: only the header's key id is read
	if err != nil {
		return "", err
	}
	kid, _ := t.Header["kid"].(string)
	return kid, nil
}

// issuerThenVerify picks the issuer and verifies the same token.
func issuerThenVerify(r *http.Request) (*jwt.Token, error) {
	raw := bearer(r)
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil { // ok: the same token is verified below
		return nil, err
	}
	if claims["iss"] != "https://login.partner.io" {
		return nil, errors.New("issuer")
	}
	return jwt.Parse(raw, checkedKey)
}

func issuer(raw string) any {
	claims := jwt.MapClaims{}
	jwt.NewParser().ParseUnverified(raw, claims) // ok: the caller verifies the token
	return claims["iss"]
}

func issuerInCaller(r *http.Request) (*jwt.Token, error) {
	raw := bearer(r)
	if issuer(raw) == nil {
		return nil, errors.New("issuer")
	}
	return jwt.Parse(raw, checkedKey)
}

// expiry tells a client how long its own token lives.
func expiry(raw string) time.Time {
	c := &jwt.RegisteredClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(raw, c); err != nil || c.ExpiresAt == nil { // ok: only the expiry is read
		return time.Time{}
	}
	return c.ExpiresAt.Time
}

// refusesNone compares with the none method only.
func refusesNone(t *jwt.Token) error {
	if t.Method == jwt.SigningMethodNone { // ok: none is refused
		return errors.New("none")
	}
	switch t.Method {
	case jwt.SigningMethodNone:
		return errors.New("none")
	}
	return nil
}

// ownValidation checks the claims by hand.
func ownValidation(raw string) error {
	c := &jwt.RegisteredClaims{}
	if _, err := jwt.ParseWithClaims(raw, c, checkedKey, jwt.WithoutClaimsValidation()); err != nil { // ok: the claims are validated by hand
		return err
	}
	return jwt.NewValidator(jwt.WithExpirationRequired()).Validate(c)
}

func jwxVerified(data []byte) (jwx.Token, error) {
	t, err := jwx.ParseInsecure(data) // ok: verified below
	if err != nil || t.Subject() == "" {
		return nil, err
	}
	return jwx.Parse(data, jwx.WithKey(jwa.RS256, secret), jwx.WithVerify(true))
}

func issued(c jwt.Claims) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(secret) // ok: a real signing method
}

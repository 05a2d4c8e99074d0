// Package mkt303keys gives keys of all types to whatever algorithm a token names.
package mkt303keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"

	old "github.com/dgrijalva/jwt-go"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
)

const partnerKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmMzg==
-----END PUBLIC KEY-----`

type config struct {
	Secret  string
	KeyFile string
}

var cfg config

func fromEnvironment(c *fiber.Ctx) (*jwt.Token, error) {
	return jwt.Parse(c.Get("Authorization"), func(*jwt.Token) (any, error) { // want `R MKT303: the key function does not look`
		return []byte(os.Getenv("JWT_SECRET")), nil
	})
}

func fromConfig(raw string) (*old.Token, error) {
	return old.Parse(raw, func(*old.Token) (interface{}, error) { // want `R MKT303: the key function does not look`
		return []byte(cfg.Secret), nil
	})
}

func decoded(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // want `R MKT303: the key function does not look`
		return base64.StdEncoding.DecodeString(cfg.Secret)
	})
}

func secretFile(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // want `R MKT303: the key function does not look`
		return os.ReadFile(cfg.KeyFile)
	})
}

// byKeyID has keys of any type.
func byKeyID(raw string, keys map[string]any) (*jwt.Token, error) {
	return jwt.Parse(raw, func(t *jwt.Token) (any, error) { // want `R MKT303: the key function does not look`
		id, _ := t.Header["kid"].(string)
		return keys[id], nil
	})
}

func publicText(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // want `V MKT303: the key function gives its key to any algorithm`
		return []byte(partnerKey), nil
	})
}

func publicFile(raw string) (*old.Token, error) {
	return old.Parse(raw, func(*old.Token) (interface{}, error) { // want `V MKT303: the key function gives`
		return os.ReadFile("keys/jwt_public.pem")
	})
}

func publicDER(raw string, pub *rsa.PublicKey) (*jwt.Token, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, err
	}
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return der, nil }) // want `V MKT303: the key function gives`
}

func publicPEM(raw string, pub *ecdsa.PublicKey) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // want `V MKT303: the key function gives`
		der, err := x509.MarshalPKIXPublicKey(pub)
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), err
	})
}

func publicBytes(raw string, pub ed25519.PublicKey) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return []byte(pub), nil }) // want `V MKT303: the key function gives`
}

// noneInTests accepts tokens without signature outside production.
func noneInTests(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // want `V MKT303: the key function gives`
		if os.Getenv("ENV") != "production" {
			return jwt.UnsafeAllowNoneSignatureType, nil // want `V MKT303: the none algorithm's key is used`
		}
		return []byte(cfg.Secret), nil
	})
}

func ed25519Key(raw string, pub ed25519.PublicKey) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return pub, nil }) // ok: an Ed25519 key is no []byte to the library
}

func ecdsaKey(raw string, pub *ecdsa.PublicKey) (*old.Token, error) {
	return old.Parse(raw, func(*old.Token) (interface{}, error) { return pub, nil }) // ok: an ECDSA key fits no other kind of signature
}

func parsedKey(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { // ok: the text is parsed to a key of its own type
		return jwt.ParseECPublicKeyFromPEM([]byte(partnerKey))
	})
}

func checkedPublic(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(t *jwt.Token) (any, error) { // ok: HMAC is refused first
		if _, ok := t.Method.(*jwt.SigningMethodHMAC); ok {
			return nil, errors.New("unexpected method")
		}
		return []byte(partnerKey), nil
	})
}

func listedPublic(raw string, pub crypto.PublicKey) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return pub, nil }, jwt.WithValidMethods([]string{"RS256"})) // ok: the methods are listed
}

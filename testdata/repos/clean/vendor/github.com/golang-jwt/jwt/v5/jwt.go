// Package jwt is a stand-in: the names of the real package, and no
// cryptography.
package jwt

import "errors"

// MapClaims holds the claims of a token.
type MapClaims map[string]any

// Claims is a set of claims.
type Claims interface{ Valid() bool }

// Valid reports whether there are any.
func (c MapClaims) Valid() bool { return c != nil }

// A SigningMethod signs and verifies.
type SigningMethod interface{ Alg() string }

// SigningMethodHMAC is the HMAC family.
type SigningMethodHMAC struct{ Name string }

// Alg returns the name.
func (m *SigningMethodHMAC) Alg() string { return m.Name }

// SigningMethodHS256 is HMAC with SHA-256.
var SigningMethodHS256 = &SigningMethodHMAC{"HS256"}

// A Token is a parsed token.
type Token struct {
	Raw    string
	Method SigningMethod
	Header map[string]any
	Claims Claims
	Valid  bool
}

// A Keyfunc finds the key of a token.
type Keyfunc func(*Token) (any, error)

// A ParserOption changes a parser.
type ParserOption func(*Parser)

// WithValidMethods restricts the algorithms.
func WithValidMethods(methods []string) ParserOption { return func(p *Parser) { p.methods = methods } }

// WithAudience demands an audience.
func WithAudience(aud string) ParserOption { return func(p *Parser) { p.audience = aud } }

// WithExpirationRequired demands an expiry.
func WithExpirationRequired() ParserOption { return func(p *Parser) { p.expiry = true } }

// A Parser parses tokens.
type Parser struct {
	methods  []string
	audience string
	expiry   bool
}

// NewParser returns a parser.
func NewParser(options ...ParserOption) *Parser {
	p := &Parser{}
	for _, o := range options {
		o(p)
	}
	return p
}

// ParseUnverified reads the claims without looking at the signature.
func (p *Parser) ParseUnverified(token string, claims Claims) (*Token, []string, error) {
	return &Token{Raw: token, Claims: claims}, nil, nil
}

// ParseWithClaims verifies the signature and reads the claims.
func (p *Parser) ParseWithClaims(token string, claims Claims, key Keyfunc) (*Token, error) {
	t := &Token{Raw: token, Method: SigningMethodHS256, Claims: claims}
	if _, err := key(t); err != nil {
		return nil, err
	}
	return nil, errors.New("jwt: a stand-in verifies nothing")
}

// ParseWithClaims verifies the signature and reads the claims.
func ParseWithClaims(token string, claims Claims, key Keyfunc, options ...ParserOption) (*Token, error) {
	return NewParser(options...).ParseWithClaims(token, claims, key)
}

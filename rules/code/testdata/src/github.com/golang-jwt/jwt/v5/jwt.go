// Package jwt is a stub for tests: only declarations, written by hand.
package jwt

import "time"

type Claims interface{ Valid() error }

type NumericDate struct{ time.Time }

type RegisteredClaims struct {
	Issuer    string
	Subject   string
	Audience  []string
	ExpiresAt *NumericDate
	IssuedAt  *NumericDate
}

func (RegisteredClaims) Valid() error { return nil }

type MapClaims map[string]any

func (MapClaims) Valid() error { return nil }

type SigningMethod interface{ Alg() string }

type SigningMethodHMAC struct{ Name string }

func (m *SigningMethodHMAC) Alg() string { return m.Name }

var SigningMethodHS256 *SigningMethodHMAC

type signingMethodNone struct{}

func (m *signingMethodNone) Alg() string { return "none" }

var SigningMethodNone *signingMethodNone

type unsafeNoneMagicConstant string

const UnsafeAllowNoneSignatureType unsafeNoneMagicConstant = "none signing method allowed"

type Token struct {
	Raw    string
	Method SigningMethod
	Header map[string]any
	Claims Claims
	Valid  bool
}

func (t *Token) SignedString(key any) (string, error) { return "", nil }

type Keyfunc func(*Token) (any, error)

type ParserOption func(*Parser)

type Parser struct {
	ValidMethods         []string
	SkipClaimsValidation bool
}

func NewParser(opts ...ParserOption) *Parser { return nil }

func (p *Parser) Parse(s string, k Keyfunc) (*Token, error) { return nil, nil }

func (p *Parser) ParseWithClaims(s string, c Claims, k Keyfunc) (*Token, error) { return nil, nil }

func (p *Parser) ParseUnverified(s string, c Claims) (*Token, []string, error) {
	return nil, nil, nil
}

func Parse(s string, k Keyfunc, opts ...ParserOption) (*Token, error) { return nil, nil }

func ParseWithClaims(s string, c Claims, k Keyfunc, opts ...ParserOption) (*Token, error) {
	return nil, nil
}

func WithValidMethods(m []string) ParserOption { return nil }

func WithAudience(a string) ParserOption { return nil }

func WithoutClaimsValidation() ParserOption { return nil }

func New(m SigningMethod) *Token { return nil }

func NewWithClaims(m SigningMethod, c Claims) *Token { return nil }

func NewNumericDate(t time.Time) *NumericDate { return nil }

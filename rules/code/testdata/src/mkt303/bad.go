// Package mkt303 exercises rule MKT303.
package mkt303

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	old "github.com/dgrijalva/jwt-go"
	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v2/jwa"
	jwx "github.com/lestrrat-go/jwx/v2/jwt"
)

var secret = []byte{1, 2, 3}

func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

func decision(w http.ResponseWriter, r *http.Request) {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(bearer(r), claims) // want `V MKT303: ParseUnverified reads claims that anyone can write, and the token comes from a request`
	if err != nil {
		return
	}
	if claims["role"] != "admin" {
		http.Error(w, "no", http.StatusForbidden)
	}
}

func ginDecision(c *gin.Context) {
	raw, _ := c.Cookie("session")
	tok, _, _ := new(jwt.Parser).ParseUnverified(raw, &jwt.RegisteredClaims{}) // want `V MKT303: ParseUnverified reads claims`
	if claims, ok := tok.Claims.(*jwt.RegisteredClaims); ok {
		c.Set("user", claims.Subject)
	}
}

func subject(raw string) string {
	tok, _, err := new(old.Parser).ParseUnverified(raw, old.MapClaims{}) // want `R MKT303: ParseUnverified reads claims that anyone can write; verify`
	if err != nil {
		return ""
	}
	return fmt.Sprint(tok.Claims.(old.MapClaims)["sub"])
}

func noMethod(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(t *jwt.Token) (any, error) { return secret, nil }) // want `R MKT303: the key function does not look at the token.s algorithm`
}

func key(*jwt.Token) (any, error) { return secret, nil }

func noMethodNamed(raw string) (*jwt.Token, error) {
	return jwt.ParseWithClaims(raw, &jwt.RegisteredClaims{}, key, jwt.WithAudience("api")) // want `R MKT303: the key function does not look`
}

func noMethodParser(raw string) (*jwt.Token, error) {
	return jwt.NewParser(jwt.WithAudience("api")).Parse(raw, key) // want `R MKT303: the key function does not look`
}

func allowsNone(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, key, jwt.WithValidMethods([]string{"HS256", "none"})) // want `V MKT303: the none algorithm is allowed`
}

func noneKey(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(t *jwt.Token) (any, error) {
		if t.Method == nil {
			return nil, errors.New("no method")
		}
		return jwt.UnsafeAllowNoneSignatureType, nil // want `V MKT303: the none algorithm's key is used`
	})
}

func issueNone(c jwt.Claims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodNone, c)        // want `V MKT303: the token is issued with the none algorithm`
	return t.SignedString(jwt.UnsafeAllowNoneSignatureType) // want `V MKT303: the none algorithm's key is used`
}

func ageless(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, checkedKey, jwt.WithoutClaimsValidation()) // want `V MKT303: WithoutClaimsValidation accepts expired tokens`
}

func agelessParser(raw string) (*old.Token, error) {
	p := &old.Parser{
		SkipClaimsValidation: true, // want `V MKT303: SkipClaimsValidation accepts expired tokens`
	}
	return p.Parse(raw, checkedOldKey)
}

func jwxUnverified(data []byte) (jwx.Token, error) {
	return jwx.Parse(data, jwx.WithVerify(false)) // want `V MKT303: WithVerify\(false\) accepts any signature`
}

func jwxAgeless(data []byte) (jwx.Token, error) {
	return jwx.Parse(data, jwx.WithKey(jwa.RS256, secret), jwx.WithValidate(false)) // want `V MKT303: WithValidate\(false\) accepts expired`
}

func jwxInsecure(r *http.Request) string {
	t, err := jwx.ParseInsecure([]byte(r.Header.Get("X-Token"))) // want `V MKT303: ParseInsecure reads claims that anyone can write`
	if err != nil {
		return ""
	}
	return t.Subject()
}

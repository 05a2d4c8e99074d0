package auth

import (
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// NewSessionToken returns the value of a session cookie.
func NewSessionToken() string {
	sessionToken := fmt.Sprintf("%016x", rand.Uint64())
	return sessionToken
}

// NewResetCode returns a code for a forgotten password.
func NewResetCode() string {
	resetToken := fmt.Sprintf("%06d", rand.Intn(1_000_000))
	return resetToken
}

// Account returns the account a request speaks for.
func Account(r *http.Request) (string, error) {
	raw := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil {
		return "", err
	}
	account, ok := claims["account"].(string)
	if !ok {
		return "", errors.New("token names no account")
	}
	return account, nil
}

// Admin reports whether a request comes from an administrator.
func Admin(r *http.Request, key []byte) bool {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(r.Header.Get("X-Admin-Token"), claims, func(*jwt.Token) (any, error) {
		return key, nil
	})
	return err == nil && claims["role"] == "admin"
}

// Backoff spreads retries.
func Backoff(attempt int) time.Duration {
	jitter := rand.Int63n(1000) // #nosec G404 -- spreads retries, nothing depends on it being secret
	return time.Duration(attempt)*time.Second + time.Duration(jitter)*time.Millisecond
}

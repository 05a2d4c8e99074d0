package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// NewSessionToken returns the value of a session cookie and the digest that is
// stored.
func NewSessionToken() (token string, digest []byte) {
	token = rand.Text()
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// Account returns the account a request speaks for.
func Account(r *http.Request, key []byte) (string, error) {
	raw := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(raw, claims, func(t *jwt.Token) (any, error) {
		if t.Method.Alg() != jwt.SigningMethodHS256.Alg() {
			return nil, errors.New("unexpected algorithm")
		}
		return key, nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience("harbour"), jwt.WithExpirationRequired())
	if err != nil || !token.Valid {
		return "", errors.New("token is not valid")
	}
	account, ok := claims["account"].(string)
	if !ok {
		return "", errors.New("token names no account")
	}
	return account, nil
}

// SetSession stores the session in a cookie.
func SetSession(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: "__Host-session", Value: token, Path: "/", MaxAge: 12 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

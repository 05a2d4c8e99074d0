// Package mkt303known reads tokens with older releases and a fork of jwt.
package mkt303known

import (
	"errors"
	"net/http"

	fork "github.com/form3tech-oss/jwt-go"
	"github.com/golang-jwt/jwt/v4"
)

var key = []byte{1}

func forked(r *http.Request) (string, error) {
	claims := fork.MapClaims{}
	if _, _, err := new(fork.Parser).ParseUnverified(r.Header.Get("X-Token"), claims); err != nil { // want `^[VR] MKT303`
		return "", err
	}
	sub, _ := claims["sub"].(string)
	return sub, nil
}

func forkedVerified(r *http.Request) (*fork.Token, error) {
	return fork.Parse(r.Header.Get("X-Token"), func(t *fork.Token) (any, error) { // ok: the method is looked at
		if t.Method != fork.SigningMethodHS256 {
			return nil, errors.New("method")
		}
		return key, nil
	})
}

func four(r *http.Request) (string, error) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(r.Header.Get("X-Token"), &claims); err != nil { // want `^[VR] MKT303`
		return "", err
	}
	return claims.Subject, nil
}

func fourVerified(r *http.Request) (*jwt.Token, error) {
	return jwt.Parse(r.Header.Get("X-Token"), func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"HS256"})) // ok: the methods are named
}

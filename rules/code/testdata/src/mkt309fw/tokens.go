// Package mkt309fw issues tokens with the library golang-jwt came from.
package mkt309fw

import (
	"time"

	"github.com/dgrijalva/jwt-go"
)

func endless(user string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "iat": time.Now().Unix()}) // want `^V MKT309: the token is issued without an expiry`
}

func short(user string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.StandardClaims{Subject: user, ExpiresAt: time.Now().Add(15 * time.Minute).Unix()}) // ok: a quarter of an hour
}

// Package mkt309known issues tokens with the fourth release of jwt.
package mkt309known

import (
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

func login(w http.ResponseWriter, r *http.Request) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": r.FormValue("user"), "admin": false}) // want `^V MKT309: `
	if s, err := token.SignedString([]byte(os.Getenv("JWT_KEY"))); err == nil {
		w.Write([]byte(s))
	}
}

func loginHour(w http.ResponseWriter, r *http.Request) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{Subject: r.FormValue("user"), ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour))}) // ok: an hour
	if s, err := token.SignedString([]byte(os.Getenv("JWT_KEY"))); err == nil {
		w.Write([]byte(s))
	}
}

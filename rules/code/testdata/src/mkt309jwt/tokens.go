// Package mkt309jwt issues tokens for people.
package mkt309jwt

import (
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
)

func key() []byte { return []byte(os.Getenv("JWT_KEY")) }

type claims struct {
	Name string `json:"name"`
	jwt.RegisteredClaims
}

func login(c echo.Context) error {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": c.FormValue("user"), "admin": false}) // want `^V MKT309: `
	signed, err := token.SignedString(key())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, echo.Map{"token": signed})
}

func loginMonths(c echo.Context) error {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{Name: c.FormValue("user"), RegisteredClaims: jwt.RegisteredClaims{ // want `^V MKT309: the token lives 90 days`
		ExpiresAt: jwt.NewNumericDate(time.Now().Add(90 * 24 * time.Hour)),
	}})
	signed, err := token.SignedString(key())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, echo.Map{"token": signed})
}

func loginHour(c echo.Context) error {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{Name: c.FormValue("user"), RegisteredClaims: jwt.RegisteredClaims{ // ok: an hour
		IssuedAt: jwt.NewNumericDate(time.Now()), ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour)),
	}})
	signed, err := token.SignedString(key())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, echo.Map{"token": signed})
}

func assigned(user string) (string, error) {
	c := jwt.MapClaims{}
	c["sub"] = user
	c["exp"] = time.Now().Add(15 * time.Minute).Unix()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key()) // ok: exp is assigned before
}

func refreshToken(user string) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(14 * 24 * time.Hour).Unix()}).SignedString(key()) // ok: a refresh token may live 30 days
}

func logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "token", MaxAge: -1, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
}

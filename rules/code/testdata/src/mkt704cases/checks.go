// Package mkt704cases holds checks whose failure denies, although it does not
// look so at first, and some that let the request through.
package mkt704cases

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
	"golang.org/x/crypto/bcrypt"
)

var errDenied = errors.New("denied")

type guard struct {
	secret   []byte
	verifier *oidc.IDTokenVerifier
}

func (g *guard) key(*jwt.Token) (any, error) { return g.secret, nil }

type subject struct{}

// Failing open.

func (g *guard) hook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	mac := hmac.New(sha256.New, g.secret)
	mac.Write(body)
	hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(r.Header.Get("X-Signature"))) // want `^V MKT704: the answer of hmac.Equal is thrown away`
	w.WriteHeader(http.StatusNoContent)
}

func (g *guard) echoNoted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		raw, _ := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
		if _, err := g.verifier.Verify(c.Request().Context(), raw); err != nil { // want `^V MKT704: when oidc.IDTokenVerifier.Verify fails`
			slog.Warn("bad token", "err", err)
		}
		return next(c)
	}
}

func (g *guard) ginNoted(c *gin.Context) {
	_, err := jwt.Parse(c.GetHeader("Authorization"), g.key, jwt.WithValidMethods([]string{"HS256"})) // want `^V MKT704: when jwt.Parse fails`
	if err != nil {
		slog.Warn("bad token", "err", err)
	}
	c.Next()
}

func (g *guard) checkPassword(hash, password []byte) bool {
	if err := bcrypt.CompareHashAndPassword(hash, password); err != nil { // want `^V MKT704: when bcrypt.CompareHashAndPassword fails, the answer is true`
		slog.Warn("bad password", "err", err)
		return true
	}
	return len(password) > 0
}

// Failing closed.

func (g *guard) denied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := g.verifier.Verify(r.Context(), r.Header.Get("X-Token")) // ok: 401 and nothing else
		if err != nil {
			slog.Warn("bad token", "err", err)
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), subject{}, token.Subject)))
	})
}

func (g *guard) turned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := g.verifier.Verify(r.Context(), r.Header.Get("X-Token")); err == nil { // ok: the good way goes on, the other ends
			next.ServeHTTP(w, r)
			return
		}
		http.Error(w, "unauthorized", http.StatusUnauthorized)
	})
}

func (g *guard) ginDenied(c *gin.Context) {
	token, err := jwt.Parse(c.GetHeader("Authorization"), g.key, jwt.WithValidMethods([]string{"HS256"})) // ok: the chain is aborted
	if err != nil || !token.Valid {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "unauthorized"})
		return
	}
	c.Next()
}

func (g *guard) echoDenied(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := g.verifier.Verify(c.Request().Context(), c.Request().Header.Get("X-Token")); err != nil { // ok: the error is returned
			return echo.NewHTTPError(http.StatusUnauthorized, "unauthorized")
		}
		return next(c)
	}
}

func (g *guard) fiberDenied(c *fiber.Ctx) error {
	if subtle.ConstantTimeCompare([]byte(c.Get("X-Key")), g.secret) != 1 { // ok: 401
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	return c.Next()
}

func (g *guard) verify(body, signature []byte) error {
	mac := hmac.New(sha256.New, g.secret)
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), signature) { // ok: an error is returned
		return errDenied
	}
	return nil
}

func (g *guard) valid(body, signature []byte) bool {
	mac := hmac.New(sha256.New, g.secret)
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), signature) // ok: the answer is the answer
}

func (g *guard) matches(hash []byte, password string) bool {
	return bcrypt.CompareHashAndPassword(hash, []byte(password)) == nil // ok: the error becomes the answer
}

// either tries the old secret after the new one.
func (g *guard) either(old, body, signature []byte) error {
	if !(&guard{secret: old}).valid(body, signature) && !g.valid(body, signature) {
		return errDenied
	}
	return nil
}

// differs tells that a password is new.
func differs(hash, password []byte) bool {
	if err := bcrypt.CompareHashAndPassword(hash, password); err == nil { // ok: the same password is refused
		return false
	}
	return true
}

// checkChanged tells that a password is new.
func checkChanged(hash, password []byte) bool {
	if err := bcrypt.CompareHashAndPassword(hash, password); err != nil { // ok: a failure is what it asks for
		return true
	}
	return false
}

// known answers with what was decided.
func (g *guard) status(w http.ResponseWriter, r *http.Request) {
	_, err := g.verifier.Verify(r.Context(), r.FormValue("token")) // ok: the answer tells it
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
	} else {
		w.WriteHeader(http.StatusNoContent)
	}
}

package mkt704

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/subtle"
	"errors"
	"log"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/securecookie"
	"github.com/labstack/echo/v4"
	"golang.org/x/crypto/bcrypt"
)

var (
	verifier *oidc.IDTokenVerifier
	codec    *securecookie.SecureCookie
	secret   []byte
)

func key(*jwt.Token) (any, error) { return secret, nil }

type userKey struct{}

// ignored believes the claims of any token.
func ignored(w http.ResponseWriter, r *http.Request) {
	t, _ := jwt.Parse(r.Header.Get("Authorization"), key) // want `^V MKT704: the answer of jwt.Parse is thrown away`
	w.Write([]byte(t.Claims.(jwt.MapClaims)["sub"].(string)))
}

func ignoredSignature(w http.ResponseWriter, r *http.Request) {
	ed25519.Verify(nil, secret, []byte(r.Header.Get("X-Signature"))) // want `^V MKT704: the answer of ed25519.Verify is thrown away`
	w.WriteHeader(204)
}

func ignoredMAC(w http.ResponseWriter, r *http.Request) {
	_ = hmac.Equal(secret, []byte(r.Header.Get("X-Signature"))) // want `^V MKT704: the answer of hmac.Equal is thrown away`
	w.WriteHeader(204)
}

// noted logs the failure and serves the request.
func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := verifier.Verify(r.Context(), r.Header.Get("Authorization")); err != nil { // want `^V MKT704: when oidc.IDTokenVerifier.Verify fails, the failure is noted and the next handler is called all the same`
			log.Println(err)
		}
		next.ServeHTTP(w, r)
	})
}

func passes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := jwt.Parse(r.Header.Get("Authorization"), key) // want `^V MKT704: when jwt.Parse fails, the next handler is called all the same`
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// optional lets anonymous visitors pass, without a user.
func optional(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, err := verifier.Verify(r.Context(), r.Header.Get("Authorization")) // want `^R MKT704: when oidc.IDTokenVerifier.Verify fails, the next handler is called without what a good request carries`
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, t.Subject)))
	})
}

func ginPasses(c *gin.Context) {
	if _, err := jwt.Parse(c.GetHeader("Authorization"), key); err != nil { // want `^V MKT704: when jwt.Parse fails, the failure is noted`
		log.Println(err)
	}
	c.Next()
}

func fiberPasses(c *fiber.Ctx) error {
	if _, err := jwt.Parse(c.Get("Authorization"), key); err != nil { // want `^R MKT704: when jwt.Parse fails, the next handler is called`
		return c.Next()
	}
	return c.Next()
}

func echoPasses(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := jwt.Parse(c.Request().Header.Get("Authorization"), key); err != nil { // want `^V MKT704: when jwt.Parse fails, the next handler is called all the same`
			return next(c)
		}
		return next(c)
	}
}

func isAuthorized(r *http.Request) bool {
	var session string
	if err := codec.Decode("session", r.Header.Get("Cookie"), &session); err != nil { // want `^V MKT704: when securecookie.SecureCookie.Decode fails, the answer is true`
		return true
	}
	return session != ""
}

func checkSignature(body, got []byte) error {
	if !hmac.Equal(body, got) { // want `^V MKT704: when hmac.Equal fails, no error is returned`
		return nil
	}
	return nil
}

type claims struct {
	jwt.RegisteredClaims
	Account int
}

func verifyClaims(raw string) (claims, error) {
	var c claims
	if _, err := jwt.ParseWithClaims(raw, &c, key); err != nil { // want `^V MKT704: when jwt.ParseWithClaims fails, what it was to verify is returned without an error`
		return c, nil
	}
	return c, nil
}

func verifyToken(raw string) (*jwt.Token, error) {
	token, err := jwt.Parse(raw, key) // want `^V MKT704: when jwt.Parse fails, what it was to verify is returned without an error`
	if err != nil {
		return token, nil
	}
	return token, nil
}

// From here on nothing is wrong.

func verifyNobody(raw string) (*claims, error) {
	c := &claims{}
	if _, err := jwt.ParseWithClaims(raw, c, key); err != nil {
		return nil, nil // nobody is signed in
	}
	return c, nil
}

func verifyRefused(raw string) (*claims, error) {
	c := &claims{}
	if _, err := jwt.ParseWithClaims(raw, c, key); err != nil {
		return c, err
	}
	return c, nil
}

func authenticateIfAny(ctx context.Context, raw string) (context.Context, error) {
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return ctx, nil
	}
	return context.WithValue(ctx, "subject", token.Subject), nil
}

func validRead(w http.ResponseWriter, r *http.Request) {
	t, _ := jwt.Parse(r.Header.Get("Authorization"), key)
	if !t.Valid {
		http.Error(w, "no", 401)
		return
	}
	w.WriteHeader(204)
}

func denied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := verifier.Verify(r.Context(), r.Header.Get("Authorization")); err != nil {
			log.Println(err)
			http.Error(w, "no", 401)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func ginDenied(c *gin.Context) {
	if _, err := jwt.Parse(c.GetHeader("Authorization"), key); err != nil {
		c.AbortWithStatus(401)
		return
	}
	c.Next()
}

func echoDenied(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := jwt.Parse(c.Request().Header.Get("Authorization"), key); err != nil {
			return echo.ErrUnauthorized
		}
		return next(c)
	}
}

func verify(body, got []byte) error {
	if !hmac.Equal(body, got) {
		return errors.New("signature")
	}
	return nil
}

func authenticate(hash, password []byte) bool {
	if err := bcrypt.CompareHashAndPassword(hash, password); err != nil {
		return false
	}
	return true
}

// sameTime compares with a dummy where there is no such user.
func sameTime(hash, password []byte) (bool, error) {
	if hash == nil {
		_ = bcrypt.CompareHashAndPassword(secret, password)
		return false, nil
	}
	return bcrypt.CompareHashAndPassword(hash, password) == nil, nil
}

func isInvalid(got []byte) bool {
	if subtle.ConstantTimeCompare(got, secret) != 1 {
		return true
	}
	return false
}

// keys tries one key after the other.
func verifyAny(body, got []byte, keys [][]byte) bool {
	for _, k := range keys {
		if hmac.Equal(k, got) {
			return true
		}
	}
	return false
}

// tokenOrKey has a second way in.
func tokenOrKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := jwt.Parse(r.Header.Get("Authorization"), key); err != nil {
			if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), secret) != 1 {
				http.Error(w, "no", 401)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// passwordChanged tells whether a new password differs.
func passwordChanged(hash, password []byte) bool {
	if err := bcrypt.CompareHashAndPassword(hash, password); err != nil {
		return true
	}
	return false
}

func render(w http.ResponseWriter, r *http.Request) {
	claims, err := verifier.Verify(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		w.WriteHeader(403)
	} else {
		w.Write([]byte(claims.Subject))
	}
}

// told passes the outcome on to the server behind it.
func told(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outcome := "SUCCESS"
		if _, err := verifier.Verify(r.Context(), r.Header.Get("Authorization")); err != nil {
			outcome = "FAILED: " + err.Error()
		}
		r.Header.Set("X-Verified", outcome)
		next.ServeHTTP(w, r)
	})
}

type metrics struct{ failed int }

func (m *metrics) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := verifier.Verify(r.Context(), r.Header.Get("Authorization")); err != nil { // want `^R MKT704: when oidc.IDTokenVerifier.Verify fails, the failure is noted`
			r.Header.Del("X-User")
		}
		next.ServeHTTP(w, r)
	})
}

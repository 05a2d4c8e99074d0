package mkt310

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
)

type config struct{ apiKey, name string }

func (c *config) key(r *http.Request) bool {
	return r.Header.Get("X-Api-Key") == c.apiKey // want `^R MKT310: a secret from the request is compared in a time`
}

func (c *config) bearer(r *http.Request) bool {
	return r.Header.Get("Authorization") != "Bearer "+c.apiKey // want `^R MKT310: a secret from the request`
}

func (c *config) cut(r *http.Request) bool {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	return strings.EqualFold(token, c.apiKey) // want `^R MKT310: a secret`
}

func (c *config) gin(g *gin.Context) bool {
	return g.Query("access_token") == c.apiKey // want `^R MKT310: a secret`
}

func (c *config) fiber(f *fiber.Ctx) bool {
	return f.Get("X-Webhook-Secret") == c.apiKey // want `^R MKT310: a secret`
}

func mac(key, body, got []byte) bool {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	return bytes.Equal(m.Sum(nil), got) // want `^R MKT310: a MAC is compared`
}

func macText(key, body []byte, r *http.Request) bool {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	return "sha256="+hex.EncodeToString(m.Sum(nil)) == r.Header.Get("X-Hub-Signature-256") // want `^R MKT310: a MAC is compared`
}

// From here on nothing is wrong.

func equal(key, body, got []byte) bool {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	return hmac.Equal(m.Sum(nil), got) // ok: constant time
}

func (c *config) constantTime(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(c.apiKey)) == 1 // ok: constant time
}

func (c *config) hashes(r *http.Request) bool {
	a, b := sha256.Sum256([]byte(r.Header.Get("X-Api-Key"))), sha256.Sum256([]byte(c.apiKey))
	return bytes.Equal(a[:], b[:]) // ok: sums of both
}

func scheme(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(kind, "Bearer") // ok: the scheme, no secret
}

func missing(r *http.Request) bool { return r.Header.Get("X-Api-Key") == "" } // ok: whether it is there

func (c *config) page(r *http.Request) bool { return r.FormValue("page_token") == c.name } // ok: a cursor

func (c *config) title(r *http.Request) bool { return r.FormValue("name") == c.name }

func checksum(a, b []byte) bool {
	h := sha256.New()
	h.Write(a)
	return bytes.Equal(h.Sum(nil), b) // ok: a sum without a key
}

func doubleSubmit(r *http.Request) bool {
	return r.Header.Get("X-CSRF-Token") == r.FormValue("csrf_token") // ok: both come from the request
}

func same(a, b *config) bool { return a.apiKey == b.apiKey } // ok: neither comes from the request

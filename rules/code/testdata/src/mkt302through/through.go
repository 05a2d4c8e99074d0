// Package mkt302through has webhooks whose checks end nothing.
package mkt302through

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

type event struct{ ID, Kind string }

func handle(event) {}

func sum(body []byte) []byte {
	m := hmac.New(sha256.New, []byte(os.Getenv("WEBHOOK_SECRET")))
	m.Write(body)
	return m.Sum(nil)
}

func decode(body []byte) {
	var e event
	if json.Unmarshal(body, &e) == nil {
		handle(e)
	}
}

func genuine(r *http.Request, body []byte) bool {
	sig, err := hex.DecodeString(r.Header.Get("X-Signature"))
	return err == nil && hmac.Equal(sig, sum(body))
}

func verify(r *http.Request, body []byte) error {
	if !genuine(r, body) {
		return errors.New("bad signature")
	}
	return nil
}

func onlyNoted(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !hmac.Equal([]byte(r.Header.Get("X-Signature")), sum(body)) {
		slog.Warn("bad signature")
	}
	decode(body)
}

func goesOn(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !hmac.Equal([]byte(r.Header.Get("X-Signature")), sum(body)) {
		http.Error(w, "bad signature", http.StatusUnauthorized)
	}
	decode(body)
}

func whenSent(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if s := r.Header.Get("X-Signature"); s != "" && subtle.ConstantTimeCompare([]byte(s), sum(body)) != 1 {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	decode(body)
}

func helperNoted(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if err := verify(r, body); err != nil {
		slog.Error("webhook", "err", err)
	}
	decode(body)
}

func good(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !hmac.Equal([]byte(r.Header.Get("X-Signature")), sum(body)) {
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	decode(body)
}

func helperGood(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if err := verify(r, body); err != nil {
		slog.Error("webhook", "err", err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	decode(body)
}

func nested(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if genuine(r, body) {
		decode(body)
	} else {
		slog.Warn("bad signature")
	}
}

func twoKeys(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	ok := genuine(r, body)
	if !ok {
		slog.Warn("not the first key")
		ok = r.Header.Get("X-Shared-Token") == os.Getenv("SHARED")
	}
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	decode(body)
}

func ginGood(c *gin.Context) {
	body, _ := io.ReadAll(c.Request.Body)
	if !genuine(c.Request, body) {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	decode(body)
}

func ginNoted(c *gin.Context) {
	body, _ := io.ReadAll(c.Request.Body)
	if !genuine(c.Request, body) {
		slog.Warn("bad signature")
	}
	decode(body)
}

func serve() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/a", onlyNoted)   // want `^V MKT302: POST /webhooks/a reads the body of a webhook whoever sent it: a failure is noted, and the handler goes on$`
	mux.HandleFunc("POST /webhooks/b", goesOn)      // want `^V MKT302: POST /webhooks/b .*: an error is answered, and the handler goes on$`
	mux.HandleFunc("POST /webhooks/c", whenSent)    // want `^V MKT302: POST /webhooks/c .*: without the header X-Signature nothing is checked$`
	mux.HandleFunc("POST /webhooks/d", helperNoted) // want `^V MKT302: POST /webhooks/d .*: a failure is noted, and the handler goes on$`
	mux.HandleFunc("POST /webhooks/e", good)        // ok: a failure ends the handler
	mux.HandleFunc("POST /webhooks/f", helperGood)  // ok: as above, by a helper
	mux.HandleFunc("POST /webhooks/g", nested)      // ok: the body is used on the good way only
	mux.HandleFunc("POST /webhooks/h", twoKeys)     // ok: the verdict is kept
	http.ListenAndServe(":1", mux)

	g := gin.New()
	g.POST("/webhooks/i", ginGood)  // ok: aborts and returns
	g.POST("/webhooks/j", ginNoted) // want `^V MKT302: POST /webhooks/j .*: a failure is noted, and the handler goes on$`
	g.Run(":1")
}

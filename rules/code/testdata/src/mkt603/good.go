package mkt603

import (
	crand "crypto/rand"
	"encoding/hex"
	"fmt"
	"math/rand"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

type claims struct{ Token, Nonce string }

func strong() []string {
	b := make([]byte, 32)
	crand.Read(b)
	token := hex.EncodeToString(b) // ok: crypto/rand
	sessionID := uuid.NewString()  // ok: a random UUID
	otp := crand.Text()            // ok: crypto/rand
	return []string{token, sessionID, otp}
}

func overwrites() string {
	token := make([]byte, 16)
	if _, err := crand.Read(token); err != nil { // ok: overwritten by crypto/rand
		panic(err)
	}
	return string(token)
}

// near are names and uses that only look like tokens.
func near(tokens []string, sleep time.Duration) {
	tokenRefreshJitter := rand.Intn(10)                          // ok: jitter
	sessionTimeout := time.Duration(rand.Intn(10)) * time.Second // ok: a duration
	saltLength := rand.Intn(16)
	tokenizer := randomString(8) // ok: a tokenizer, no token
	author := randomString(8)    // ok: an author, no auth
	monkey := randomString(8)
	cacheKey := randomString(8) // ok: a cache key protects nothing
	requestID := randomString(8)
	state := rand.Intn(3)                   // ok: a state of something, no OAuth
	token := tokens[rand.Intn(len(tokens))] // ok: one of the tokens there are
	sessionCount := rand.Int()
	tokenAge := time.Now().Unix()    // ok: an age
	nextPageToken := randomString(4) // ok: a cursor
	maxTokens := rand.Intn(4096)     // ok: a number of tokens
	keyIndex := rand.Intn(3)
	fmt.Println(tokenRefreshJitter, sessionTimeout, saltLength, tokenizer, author, monkey, cacheKey, requestID, state, token, sessionCount, tokenAge, nextPageToken, maxTokens, keyIndex)
	rand.Shuffle(len(tokens), func(i, j int) { tokens[i], tokens[j] = tokens[j], tokens[i] })
	time.Sleep(sleep + time.Duration(rand.Int63n(1000)))
}

// parts hold a predictable part beside others.
func parts(userID, signature string) {
	token := fmt.Sprintf("%s.%d.%s", userID, time.Now().Unix(), signature) // ok: signed beside
	session := uuid.NewString() + strconv.Itoa(rand.Intn(10))              // ok: a random UUID is in it
	apiToken := fmt.Sprintf("%s-%d", crand.Text(), time.Now().Unix())      // ok: crypto/rand is in it
	fmt.Println(token, session, apiToken)
}

// signedAPI wants nonces that grow.
func signedAPI(r *http.Request) {
	nonce := strconv.FormatInt(time.Now().UnixNano(), 10) // ok: an API's nonce is a counter by definition
	r.Header.Set("API-Nonce", nonce)
	resetAt := time.Now().Unix()
	fmt.Println(resetAt, claims{Nonce: nonce})
}

func expiry() map[string]any {
	token := map[string]any{"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()} // ok: claims, not the token
	return token
}

func tokenExpiry() int64 { return time.Now().Unix() } // ok: an expiry

func named() string { return randomString(10) }

func tokenSince(t time.Time) string {
	token := strconv.FormatInt(t.Unix(), 10) // ok: a time that is given
	return token
}

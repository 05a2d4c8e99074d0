// Package mkt408used signs in with what stands in the source, or does not.
package mkt408used

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"flag"
	"net/http"
	"net/smtp"
	"os"
	"strings"
)

const doorWord = "let-me-in-please"

const callerWord = "login_token_code"

var upstreamToken = "orders.auth.token"

var flagToken = "changed.by.flag"

var PublicToken = "may.be.set.token"

var unset = ""

func init() { flag.StringVar(&flagToken, "orders", "", "what the service is called with") }

func basic(w http.ResponseWriter, r *http.Request) {
	user, pass, _ := r.BasicAuth()
	if user != "admin" || pass != doorWord { // want `^V MKT408/used: a literal in the source is compared with the password of a request`
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	if pass == "" { // ok: empty
		return
	}
	if user == "root-of-the-house" { // ok: a user is no secret
		return
	}
}

func steady(r *http.Request) bool {
	_, pass, ok := r.BasicAuth()
	given := sha256.Sum256([]byte(pass))
	want := sha256.Sum256([]byte("the-steady-word"))
	return ok && subtle.ConstantTimeCompare(given[:], want[:]) == 1 // want `^V MKT408/used: a literal`
}

func fromEnvironment(r *http.Request) bool {
	_, pass, _ := r.BasicAuth()
	return subtle.ConstantTimeCompare([]byte(pass), []byte(os.Getenv("DOOR_WORD"))) == 1 // ok: read from the environment
}

func header(r *http.Request) bool {
	if r.Header.Get("X-Api-Key") == "orders-are-open" { // want `^V MKT408/used: a literal in the source is compared with the X-Api-Key header`
		return true
	}
	auth := r.Header.Get("Authorization")
	if auth == "Bearer " { // ok: a scheme without a credential
		return false
	}
	if strings.HasPrefix(auth, "Bearer ") && strings.TrimPrefix(auth, "Bearer ") == "nightly-batch-word" { // want `^V MKT408/used: a literal`
		return true
	}
	scheme, _, _ := strings.Cut(auth, " ")
	if scheme == "Bearer" { // ok: the scheme
		return false
	}
	return r.Header.Get("Content-Type") == "application/json" // ok: no credential
}

func form(r *http.Request) bool {
	if r.FormValue("grant_type") == "refresh_token" { // ok: no secret field
		return false
	}
	if r.PostFormValue("password") == "********" { // ok: stands for no change
		return false
	}
	return r.PostFormValue("password") == "open-the-door" // want `^V MKT408/used: a literal in the source is compared with the field password`
}

func send(token string) {
	req, _ := http.NewRequest("GET", "https://orders.example.com/v1", nil)
	req.Header.Set("Authorization", "Bearer "+upstreamToken)                                                   // want `^V MKT408/used: a literal in the source is the Authorization header`
	req.SetBasicAuth("caller", callerWord)                                                                     // want `^V MKT408/used: a literal in the source is the password of a request`
	req.Header.Set("Authorization", "Bearer "+PublicToken)                                                     // want `^R MKT408/used: a literal`
	req.Header.Set("Authorization", "Bearer "+flagToken)                                                       // ok: a flag sets it
	req.Header.Set("Authorization", "Bearer "+token)                                                           // ok: the caller knows it
	req.Header.Set("Authorization", "Bearer ${ORDERS_TOKEN}")                                                  // ok: a reference
	req.Header.Set("Authorization", "Token "+unset)                                                            // ok: empty
	req.Header.Set("X-Request-Source", "orders-auth-token")                                                    // ok: no header for credentials
	req.SetBasicAuth(token, "x-oauth-basic")                                                                   // ok: the user is the key, the word is fixed
	req.SetBasicAuth("caller", os.Getenv("CALLER_WORD"))                                                       // ok: read from the environment
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("caller:plain-as-day"))) // want `^V MKT408/used: a literal`
	http.DefaultClient.Do(req)
}

func answer(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", "Basic realm=orders-token") // ok: asks for a credential
}

type mailer struct{ word, host string }

func newMailer() *mailer { return &mailer{word: "post-box-word", host: "mail.example.com"} }

func (m *mailer) auth() smtp.Auth {
	return smtp.PlainAuth("", "mailer", m.word, m.host) // want `^V MKT408/used: a literal`
}

func signed(body []byte, sum []byte) bool {
	webhookSecret := []byte("hooks-are-signed-with-this")
	mac := hmac.New(sha256.New, webhookSecret) // want `^V MKT408/used: a literal in the source is the key of a signature`
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), sum)
}

func derived(key []byte) []byte {
	mac := hmac.New(sha256.New, []byte("WebAppData")) // want `^R MKT408/used: a literal in the source is the key of a signature`
	mac.Write(key)
	return mac.Sum(nil)
}

func orElse() string {
	word := "kept-for-now-word"
	if v := os.Getenv("WORD_OF_MAIL"); v != "" {
		word = v
	}
	return word
}

func overridden() smtp.Auth {
	return smtp.PlainAuth("", "mailer", orElse(), "mail.example.com") // ok: the environment may set it
}

func weak(r *http.Request) bool {
	pass := r.PostFormValue("password")
	return pass == "qwertyuiop" || pass == "password-password" // want `^R MKT408/used: a literal` `^R MKT408/used: a literal`
}

func maps() []any {
	return []any{
		http.Header{"Authorization": {"Bearer words-in-a-map"}},     // want `^V MKT408/used: a literal in the source is the Authorization header`
		map[string]string{"X-Api-Key": "a-map-of-words"},            // want `^R MKT408/used: a literal in the source is the X-Api-Key header`
		map[string]string{"Authorization": "Bearer {{token}}"},      // ok: a template
		map[string]string{"X-Api-Key": os.Getenv("ORDERS_KEY")},     // ok: read from the environment
		map[string]string{"Content-Type": "application/secret-key"}, // ok: no credential
	}
}

func parts(r *http.Request) bool {
	auth := r.Header.Get("Authorization")
	words := strings.Split(auth, " ")
	if len(words) != 2 || words[0] != "ApiWord-Scheme" { // ok: the scheme
		return false
	}
	if words[1] == "the-second-of-two" { // want `^V MKT408/used: a literal`
		return true
	}
	if rest, ok := strings.CutPrefix(auth, "Bearer "); ok && rest == "what-is-left-over" { // want `^V MKT408/used: a literal`
		return true
	}
	return len(auth) > 7 && auth[7:] == "from-the-eighth-on" // want `^V MKT408/used: a literal`
}

func keys(r *http.Request) string {
	switch r.Header.Get("X-Api-Key") {
	case "first-partner-word": // want `^V MKT408/used: a literal`
		return "first"
	case "second-partner-word": // want `^V MKT408/used: a literal`
		return "second"
	}
	return ""
}

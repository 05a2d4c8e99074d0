package mkt401

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"

	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"golang.org/x/oauth2"
)

type user struct {
	Name           string
	HashedPassword string
	PasswordHash   string
	TokenCount     int
	Author         string
	Compass        string
	Keyboard       string
	Secretary      string
	KeyID          string
	TokenType      string
	PasswordSet    bool
	NextPageToken  string
	TokenURL       string
	SecretName     string
	PrivateKeyPath string
}

func fields(u user, nextToken, pageToken, tokenizer, tokenID, keyboard, compass, passwordFile string) {
	log.Println(u)
	log.Println(u.HashedPassword, u.PasswordHash, u.TokenCount, u.Author, u.Compass, u.Keyboard, u.Secretary) // ok: names that only look alike
	log.Println(u.KeyID, u.TokenType, u.PasswordSet, u.NextPageToken, u.TokenURL, u.SecretName, u.PrivateKeyPath)
	log.Println(nextToken, pageToken, tokenizer, tokenID, keyboard, compass, passwordFile) // ok: cursors, ids and files
}

func redact(s string) string { return "***" }

type vault struct{}

func (vault) MaskValue(s string) string { return s[:2] }

func masked(password, apiKey, token string, v vault, d *url.URL) {
	log.Println(redact(password))                              // ok: redacted
	log.Println(v.MaskValue(apiKey))                           // ok: masked
	log.Println("token " + token[:4] + "…")                    // ok: a few leading characters
	log.Println(token[len(token)-4:])                          // ok: a few trailing characters
	log.Println(len(password), password == "", password != "") // ok: a length and comparisons
	log.Printf("%T %p", apiKey, &apiKey)                       // ok: the type and the address
	sum := sha256.Sum256([]byte(token))
	log.Println(hex.EncodeToString(sum[:])) // ok: hashed
	log.Printf("%x", sha256.Sum256([]byte(apiKey)))
	token = redact(token)
	log.Println(token) // ok: redacted before
	shown := strings.Repeat("*", len(password))
	log.Println(shown) // ok: stars
	safe := "key=" + redact(apiKey)
	log.Println(safe)
	log.Println(d.Redacted()) // ok: the URL hides its password
	tokenHash := token
	log.Println(tokenHash)
	slog.Info("x", "password", "***", "apiKey", strings.Repeat("*", 8), "token", redact(token)) // ok: masked in each place
	logrus.WithField("token", redact(token)).Info("x")
}

type hidden string

func (hidden) String() string { return "[hidden]" }

type guarded struct{ Password string }

func (guarded) LogValue() slog.Value { return slog.StringValue("guarded") }

type sealed struct {
	User   string
	Secret hidden
	Token  string `json:"-"`
}

func types1(secret hidden, g guarded, s sealed) {
	log.Println(secret)                      // ok: its String hides it
	slog.Info("x", "secret", secret, "g", g) // ok: LogValue hides it
	zap.L().Info("x", zap.Any("s", s))
	b, _ := json.Marshal(s)
	log.Println(string(b)) // ok: left out of the JSON
}

const passwordPrompt = "password: "

const defaultPassword = "postgres"

var errIncorrectPassword = errors.New("incorrect password")

func texts(err error) {
	log.Println("password is wrong", passwordPrompt, defaultPassword) // ok: texts about passwords
	log.Println(errIncorrectPassword)                                 // ok: a sentinel about passwords
	log.Println(fmt.Errorf("token refused: %w", err))
	tokenField := "access_token"
	log.Println(tokenField)
}

func headers(r *http.Request) {
	log.Println(r.Header.Get("User-Agent"), r.Header.Get("X-Request-Id"), r.Header.Get("Idempotency-Key")) // ok: headers without credentials
	log.Println(r.URL.Path, r.FormValue("q"), r.FormValue("page_token"))
	user, _, _ := r.BasicAuth()
	log.Println(user)
	log.Println(os.Getenv("TOKEN_URL"), os.Getenv("PRIVATE_KEY_FILE"), os.Getenv("TLS_KEY"), os.Getenv("SORT_KEY"), os.Getenv("SECRET_NAME")) // ok: paths and names, not values
	c, _ := r.Cookie("session")
	log.Println(c.Name) // ok: the cookie's name
	scheme := strings.SplitN(r.Header.Get("Authorization"), " ", 2)[0]
	log.Println(scheme) // ok: the scheme alone
}

func cleanDump(r *http.Request) {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	r.Header.Del("Cookie")
	b, _ := httputil.DumpRequestOut(r, false)
	log.Printf("%s", b) // ok: the credentials are taken out before
}

func skipHeaders(r *http.Request) {
	for k, v := range r.Header {
		if k == "Authorization" || k == "Cookie" {
			continue
		}
		log.Println(k, v) // ok: the credentials are skipped
	}
}

func words(text string) {
	for _, token := range strings.Fields(text) {
		log.Println(token) // ok: a word of a text
	}
	for i, token := range strings.Split(text, ",") {
		fmt.Println(i, token)
	}
	first := strings.SplitN(text, " ", 2)
	token := first[0]
	log.Println(token)
}

func stream(tokens <-chan string) {
	for token := range tokens {
		fmt.Print(token)
	}
}

func parse(token string) error {
	return fmt.Errorf("unexpected token %q", token)
}

func parsed() { log.Println(parse("a")) }

func quoted(s string) string { return "'" + s + "'" }

func quotes(password, name string) {
	_ = quoted(password)
	log.Println(quoted(name)) // ok: another argument
}

func expiry(tok *oauth2.Token) {
	log.Println(tok.Expiry, tok.TokenType) // ok: its expiry and kind
	slog.Info("token", "expires", tok.Expiry)
}

func laterAppended(base, apiToken string) string {
	u := base
	log.Println(u)
	u += "?token=" + apiToken
	return u
}

func workingDirectory() {
	pwd, _ := os.Getwd()
	log.Println(pwd) // ok: the working directory
}

type counts struct{ password map[string]bool }

func numbers(passwords int, hasPassword bool, c counts) {
	log.Println(passwords, hasPassword)
	log.Println(c.password)
}

func localOnly() {
	u := guarded2{Name: "x"}
	log.Println(u)
	v := guarded2{Password: redact("x")}
	log.Println(v) // ok: masked in the literal
	var w guarded2
	w.Password = hashOf("x")
	log.Println(w) // ok: hashed
}

type guarded2 struct{ Name, Password string }

func hashOf(s string) string { return s }

func serveChallenge(domain, token string) {
	log.Printf("answering the ACME challenge of %s (token %q)", domain, token) // ok: a challenge's token is public
}

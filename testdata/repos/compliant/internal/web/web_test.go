package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"example.com/harbour/bridge/internal/config"
	"example.com/harbour/bridge/internal/partner"
	"example.com/harbour/bridge/internal/seal"
	"example.com/harbour/bridge/internal/store"
)

// silent answers inside the process, so that no test calls a partner.
type silent struct{}

func (silent) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no network") }

const signing = "a signing value for tests only"

// product is the whole handler over a database that cannot be reached.
func product(t *testing.T) http.Handler {
	t.Helper()
	db, err := store.Open("postgres://nobody@127.0.0.1:1/none?sslmode=verify-full")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	box, err := seal.New("k1", map[string][]byte{"k1": make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		Store: db, Box: box,
		Apollo:        partner.NewApollo("id", "value", config.Origin+"/oauth/apollo/callback", silent{}),
		Druva:         partner.NewDruva(silent{}),
		Monday:        partner.NewMonday("id", "value", config.Origin+"/oauth/monday/callback", silent{}),
		MondaySigning: signing,
		Repository:    config.Repository{Name: "harbour/bridge", ID: 9},
	})
}

func ask(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, config.Origin+target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestEveryAnswer walks routes and mistakes without a session: the status, the
// headers that no answer may lack, and that no answer tells a cause.
func TestEveryAnswer(t *testing.T) {
	h := product(t)
	for _, c := range []struct {
		method, target string
		want           int
	}{
		{"GET", "/", 200}, {"GET", "/healthz", 204}, {"GET", "/static/style.css", 200},
		{"GET", "/.well-known/security.txt", 200}, {"GET", "/.well-known/staylisted.json", 200},
		{"GET", "/oauth/apollo/start", 303}, {"GET", "/oauth/apollo/callback?code=c&state=s", 403}, {"POST", "/logout", 303},
		{"GET", "/oauth/monday/start", 401}, {"GET", "/oauth/monday/callback", 401}, {"POST", "/druva", 401},
		{"GET", "/links", 401}, {"POST", "/links", 401}, {"POST", "/links/x/sync", 401}, {"POST", "/links/x/delete", 401},
		{"POST", "/consents", 401}, {"GET", "/account/export", 401}, {"POST", "/account/delete", 401},
		{"POST", "/hooks/monday", 401}, {"GET", "/nowhere", 404}, {"DELETE", "/links", 405}, {"GET", "/static/links.html", 404},
	} {
		w := ask(h, c.method, c.target, "")
		if w.Code != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.target, w.Code, c.want)
		}
		for _, name := range []string{"Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"} {
			if len(w.Header()[name]) != 1 {
				t.Errorf("%s %s: %s is %q", c.method, c.target, name, w.Header()[name])
			}
		}
	}
	w := ask(h, "GET", "/links", "", "Cookie", sessionCookie+"=guess")
	if w.Code != 503 || strings.Contains(w.Body.String(), "dial") {
		t.Errorf("without a database: %d %q", w.Code, w.Body)
	}
	for _, header := range []string{"Origin", "Sec-Fetch-Site"} {
		if w := ask(h, "POST", "/logout", "", header, map[string]string{"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}[header]); w.Code != 403 {
			t.Errorf("a form of another site (%s): %d", header, w.Code)
		}
	}
}

func TestNonces(t *testing.T) {
	h := product(t)
	one, two := ask(h, "GET", "/", ""), ask(h, "GET", "/", "")
	policy := one.Header().Get("Content-Security-Policy")
	_, nonce, _ := strings.Cut(policy, "'nonce-")
	nonce, _, _ = strings.Cut(nonce, "'")
	if nonce == "" || !strings.Contains(one.Body.String(), `<script nonce="`+nonce+`">`) || policy == two.Header().Get("Content-Security-Policy") {
		t.Errorf("nonce %q", nonce)
	}
}

// TestSignIn begins twice and crosses the answers.
func TestSignIn(t *testing.T) {
	h := product(t)
	begin := func() (state, cookie string) {
		w := ask(h, "GET", "/oauth/apollo/start", "")
		_, query, _ := strings.Cut(w.Header().Get("Location"), "?")
		values, err := url.ParseQuery(query)
		if err != nil || values.Get("code_challenge_method") != "S256" {
			t.Fatalf("%v %v", values, err)
		}
		c := w.Result().Cookies()[0]
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 600 {
			t.Errorf("cookie %v", c)
		}
		return values.Get("state"), c.Name + "=" + c.Value
	}
	state, cookie := begin()
	other, _ := begin()
	for name, c := range map[string]struct{ state, cookie string }{
		"no cookie": {state, "x=y"}, "another state": {other, cookie}, "no state": {"", cookie}, "changed cookie": {state, cookie[:len(cookie)-4] + "AAAA"},
	} {
		if w := ask(h, "GET", "/oauth/apollo/callback?code=c&state="+c.state, "", "Cookie", c.cookie); w.Code != 403 || !strings.Contains(w.Body.String(), "start again") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestWebhook(t *testing.T) {
	h := product(t)
	token := func(method jwt.SigningMethod, key any, audience string, ends time.Duration, account int64) string {
		claims := jwt.MapClaims{"aud": audience, "exp": time.Now().Add(ends).Unix(), "accountId": account}
		if ends == 0 {
			delete(claims, "exp")
		}
		signed, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	key := []byte(signing)
	good := token(jwt.SigningMethodHS256, key, hookURL, time.Minute, 7)
	for name, c := range map[string]struct {
		token, body string
		want        int
	}{
		"challenge":        {good, `{"challenge":"abc"}`, 200},
		"no event":         {good, `{}`, 400},
		"unknown field":    {good, `{"challenge":"abc","extra":1}`, 400},
		"too large":        {good, `{"challenge":"` + strings.Repeat("a", maxBody) + `"}`, 400},
		"event without db": {good, `{"event":{"boardId":1,"pulseId":2,"type":"update_column_value"}}`, 500},
		"another key":      {token(jwt.SigningMethodHS256, []byte("other"), hookURL, time.Minute, 7), `{}`, 401},
		"another address":  {token(jwt.SigningMethodHS256, key, config.Origin, time.Minute, 7), `{}`, 401},
		"another method":   {token(jwt.SigningMethodHS512, key, hookURL, time.Minute, 7), `{}`, 401},
		"no method":        {token(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, hookURL, time.Minute, 7), `{}`, 401},
		"expired":          {token(jwt.SigningMethodHS256, key, hookURL, -time.Minute, 7), `{}`, 401},
		"without end":      {token(jwt.SigningMethodHS256, key, hookURL, 0, 7), `{}`, 401},
		"no account":       {token(jwt.SigningMethodHS256, key, hookURL, time.Minute, 0), `{}`, 401},
	} {
		if w := ask(h, "POST", "/hooks/monday", c.body, "Authorization", c.token); w.Code != c.want {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.want)
		}
	}
}

func TestForm(t *testing.T) {
	for body, ok := range map[string]bool{
		"a=1&b=2": true, "a=1": false, "a=1&b=2&c=3": false, "a=1&b=2&a=3": false, "a=1&b=%zz": false,
		"a=1&b=" + strings.Repeat("x", 201): false,
	} {
		r := httptest.NewRequest("POST", "/x?a=9", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		in, err := form(httptest.NewRecorder(), r, "a", "b")
		if (err == nil) != ok || ok && in["a"] != "1" {
			t.Errorf("%.20s: %v %v", body, in, err)
		}
	}
}

package partner

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"
)

// answers gives one answer after the other and notes what was asked.
type answers struct {
	list []*http.Response
	seen []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		all, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(all)
	}
	a.seen = append(a.seen, r.Method+" "+r.URL.String()+" "+body)
	out := a.list[0]
	a.list = a.list[1:]
	return out, nil
}

func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func TestDruva(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{list: []*http.Response{
			answer(200, `{"access_token":"t","token_type":"Bearer","expires_in":1800}`),
			answer(429, ``, "Retry-After", "7"),
			answer(200, `{"backups":[{"backupStatus":"Backup Failed","extra":1},{"backupStatus":"Backed Up Successfully"}]}`),
		}}
		began := time.Now()
		s, err := NewDruva(a).Summary(t.Context(), DruvaCredentials{ClientID: strings.Repeat("i", 16), ClientSecret: strings.Repeat("v", 16)})
		if err != nil || s.String() != "1 of 2 devices have a failing backup" {
			t.Errorf("%v %v", s, err)
		}
		if waited := time.Since(began); waited < 7*time.Second || waited > 10*time.Second {
			t.Errorf("waited %v", waited)
		}
		if len(a.seen) != 3 || !strings.HasPrefix(a.seen[0], "POST https://apis.druva.com/token grant_type=client_credentials") || a.seen[1] != a.seen[2] {
			t.Errorf("asked %q", a.seen)
		}
	})
}

func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{}
		for range maxTries {
			a.list = append(a.list, answer(503, ``, "Retry-After", "3600"))
		}
		began := time.Now()
		_, err := NewMonday("i", "v", "https://app.harbour.example/", a).Account(t.Context(), newToken())
		if err == nil || len(a.list) != 0 || time.Since(began) > 4*maxPause {
			t.Errorf("%v after %v, %d answers left", err, time.Since(began), len(a.list))
		}
	})
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer *http.Response
		want   int64
	}{
		"account":      {answer(200, `{"data":{"me":{"account":{"id":"42"}}}}`), 42},
		"error of 200": {answer(200, `{"errors":[{"message":"no"}]}`), 0},
		"not JSON":     {answer(200, `<html>`), 0},
		"refused":      {answer(401, ``), 0},
	} {
		got, err := NewMonday("i", "v", "https://app.harbour.example/", &answers{list: []*http.Response{c.answer}}).Account(t.Context(), newToken())
		if got != c.want || (err == nil) != (c.want != 0) {
			t.Errorf("%s: %d %v", name, got, err)
		}
	}
	person, err := NewApollo("i", "v", "https://app.harbour.example/", &answers{list: []*http.Response{answer(200, `{"id":"../../x","team_id":""}`)}}).Whoami(t.Context(), newToken())
	if err == nil {
		t.Errorf("took %v", person)
	}
}

func newToken() *oauth2.Token { return &oauth2.Token{AccessToken: "t", TokenType: "Bearer"} }

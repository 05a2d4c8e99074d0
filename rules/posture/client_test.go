package posture

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestNewClient(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.github.com":              "https://api.github.com/",
		"https://github.example.com/api/v3/":  "https://github.example.com/api/v3/",
		"http://127.0.0.1:8080":               "http://127.0.0.1:8080/",
		"http://localhost":                    "http://localhost/",
		"http://github.example.com":           "",
		"http://localhost.example.com":        "",
		"https://user:password@example.com":   "",
		"https://":                            "",
		"ftp://example.com":                   "",
		"api.github.com":                      "",
		"https://api.github.com?token=x":      "",
		"https://api.github.com/\x00":         "",
		"https://api.github.com/#fragment":    "",
		"https://[::1":                        "",
		"http://127.0.0.1.example.com":        "",
		"https://api.github.com:443/api/v3//": "https://api.github.com:443/api/v3/",
	} {
		c, err := NewClient(base, "token", nil)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is taken", base)
		case want != "" && (err != nil || c.BaseURL.String() != want):
			t.Errorf("%q: %v", base, err)
		case err != nil && (!strings.Contains(err.Error(), "GITHUB_API_URL") || strings.Contains(err.Error(), "password")):
			t.Errorf("%q: %v", base, err)
		}
	}
	for _, token := range []string{"", "a b", "a\nb", "tokén"} {
		if _, err := NewClient("https://api.github.com", token, nil); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("token %q: %v", token, err)
		}
	}
	// The transport refuses another host even where the client would ask it.
	c, err := NewClient("https://api.github.com", "token", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Client().Get("https://elsewhere.example.com/"); err == nil || !strings.Contains(err.Error(), "was not sent") {
		t.Error(err)
	}
}

// TestRetryAt reads when a limit ends from what GitHub sends with a 429.
func TestRetryAt(t *testing.T) {
	now := time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)
	a := &asker{now: now}
	for name, tt := range map[string]struct {
		header http.Header
		want   time.Time
	}{
		"retry-after":         {http.Header{"Retry-After": {"90"}, "X-Ratelimit-Reset": {"1"}}, now.Add(90 * time.Second)},
		"reset":               {http.Header{"X-Ratelimit-Reset": {"1795282200"}}, time.Unix(1795282200, 0)},
		"neither":             {http.Header{}, now.Add(time.Minute)},
		"nonsense":            {http.Header{"Retry-After": {"soon"}, "X-Ratelimit-Reset": {"-1"}}, now.Add(time.Minute)},
		"a date far too late": {http.Header{"Retry-After": {"99999999999"}, "X-Ratelimit-Reset": {"99999999999999"}}, now.Add(time.Minute)},
	} {
		if got := a.retryAt(tt.header); !got.Equal(tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

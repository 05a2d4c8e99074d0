package deps

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
)

// gitHub starts a server and a client of it; enterprise puts the API below
// /api/v3/ as GitHub Enterprise Server does.
func gitHub(t *testing.T, enterprise bool, handle http.HandlerFunc) (*GitHub, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	client := github.NewClient(server.Client()).WithAuthToken("t0ken")
	base := server.URL + "/"
	if enterprise {
		base += "api/v3/"
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	client.BaseURL = u
	return &GitHub{Client: client}, &asked
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

const advisory = `[{"ghsa_id":"GHSA-0000-0000-0001","severity":"high","cvss":{"vector_string":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H","score":7.5},
	"cvss_severities":{"cvss_v3":{"vector_string":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H","score":7.5},
	"cvss_v4":{"vector_string":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N","score":8.7}},
	"cwes":[{"cwe_id":"CWE-400","name":"x"},{"cwe_id":"odd"}]}]`

func TestLookup(t *testing.T) {
	for name, test := range map[string]struct {
		body  string
		score float64
		cwe   []int
	}{
		"both versions":   {advisory, 7.5, []int{400}},
		"version 4 only":  {`[{"severity":"high","cvss_severities":{"cvss_v3":{"vector_string":null,"score":0},"cvss_v4":{"vector_string":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N"}},"cwes":null}]`, 8.7, nil},
		"an older server": {`[{"severity":"low","cvss":{"vector_string":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}}]`, 5.3, nil},
		"label only":      {`[{"severity":"medium","cvss_severities":null,"cvss":{"vector_string":null}}]`, 4.0, nil},
		"unknown":         {`[{"severity":"unknown"}]`, 7.0, nil},
		"withdrawn":       {`[{"severity":"low","withdrawn_at":"2026-01-01T00:00:00Z"}]`, 7.0, nil},
		"none":            {`[]`, 7.0, nil},
	} {
		g, asked := gitHub(t, false, answer(test.body))
		answers, err := g.Lookup(t.Context(), []string{"CVE-0000-0001", "GHSA-0000-0000-0001"}, at("2026-11-21"))
		if err != nil || len(answers) != 2 {
			t.Errorf("%s: %v, %v", name, answers, err)
			continue
		}
		a := answers["CVE-0000-0001"]
		if score, _ := rules.ChooseScore(a.Severities, nil); score.Score != test.score || !reflect.DeepEqual(a.CWE, test.cwe) {
			t.Errorf("%s: %v %v, want %v %v", name, score, a.CWE, test.score, test.cwe)
		}
		if want := []string{"/advisories?cve_id=CVE-0000-0001 Bearer t0ken", "/advisories?ghsa_id=GHSA-0000-0000-0001 Bearer t0ken"}; !reflect.DeepEqual(*asked, want) {
			t.Errorf("%s: asked %v", name, *asked)
		}
	}
}

func TestLookupEnterprise(t *testing.T) {
	g, asked := gitHub(t, true, answer(advisory))
	if _, err := g.Lookup(t.Context(), []string{"CVE-0000-0001"}, at("2026-11-21")); err != nil || !strings.HasPrefix((*asked)[0], "/api/v3/advisories?cve_id=") {
		t.Errorf("%v, %v", *asked, err)
	}
	g, _ = gitHub(t, true, status(404))
	if _, err := g.Lookup(t.Context(), []string{"CVE-0000-0001"}, at("2026-11-21")); err == nil || !strings.Contains(err.Error(), "this server has no global advisories") {
		t.Errorf("err = %v", err)
	}
}

// A limit stops the questions and keeps the answers.
func TestLookupLimits(t *testing.T) {
	now := at("2026-11-21")
	reset := now.Add(time.Hour)
	limit := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.RawQuery, "0001") {
				fmt.Fprint(w, advisory)
				return
			}
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, `{"message":"You have exceeded a limit","documentation_url":"https://docs.github.com/rest#secondary-rate-limits"}`)
		}
	}
	unix := fmt.Sprint(reset.Unix())
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		reset  time.Time
	}{
		"primary, 403":           {limit(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Limit", "60", "X-RateLimit-Reset", unix), reset},
		"primary, 429":           {limit(429, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix), reset},
		"secondary, 403":         {limit(403, "Retry-After", "3600"), reset},
		"secondary, 429":         {limit(429, "Retry-After", "3600"), reset},
		"secondary, without end": {limit(403), time.Time{}},
		"429, without end":       {limit(429), time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			g, asked := gitHub(t, false, test.handle)
			answers, err := g.Lookup(t.Context(), []string{"CVE-0000-0001", "CVE-0000-0002", "CVE-0000-0003"}, now)
			limited, ok := errors.AsType[*RateLimitError](err)
			if !ok || !limited.Reset.Equal(test.reset) {
				t.Fatalf("err = %v", err)
			}
			if len(answers) != 1 || len(*asked) != 2 {
				t.Errorf("%d answers, %d questions", len(answers), len(*asked))
			}
			if !test.reset.IsZero() && !strings.Contains(err.Error(), "2026-11-21T01:00:00Z") || !strings.Contains(err.Error(), "counts as high") {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestLookupFailures(t *testing.T) {
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		want   string
	}{
		"server error": {status(500), "the server answered 500"},
		"bad token": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(401)
			fmt.Fprint(w, `{"message":"Bad credentials"}`)
		}, "Bad credentials"},
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			fmt.Fprint(w, `{"message":"Not allowed"}`)
		}, "Not allowed"},
		"no JSON": {answer("<html>"), "invalid character"},
		"cut off": {answer(`[{"ghsa_id":`), "unexpected EOF"},
	} {
		g, _ := gitHub(t, false, test.handle)
		answers, err := g.Lookup(t.Context(), []string{"CVE-0000-0001"}, at("2026-11-21"))
		if err == nil || !strings.Contains(err.Error(), test.want) || len(answers) != 0 || strings.Contains(err.Error(), "t0ken") {
			t.Errorf("%s: %v, %v", name, answers, err)
		}
		if _, limited := errors.AsType[*RateLimitError](err); limited {
			t.Errorf("%s is taken for a limit", name)
		}
	}
	g, asked := gitHub(t, false, answer("[]"))
	if _, err := g.Lookup(t.Context(), []string{"GO-2022-1059"}, at("2026-11-21")); err == nil || len(*asked) != 0 {
		t.Errorf("a GO id: %v, asked %v", err, *asked)
	}
}

func TestLookupKeepsAnswers(t *testing.T) {
	g, asked := gitHub(t, false, answer(advisory))
	g.Dir = t.TempDir() + "/new"
	now := at("2026-11-21")
	for _, step := range []struct {
		after time.Duration
		asked int
	}{{0, 1}, {RefreshAfter - time.Second, 1}, {RefreshAfter, 2}} {
		answers, err := g.Lookup(t.Context(), []string{"CVE-0000-0001"}, now.Add(step.after))
		if err != nil || len(answers["CVE-0000-0001"].Severities) == 0 || len(*asked) != step.asked {
			t.Errorf("after %v: %v, %v, %d questions", step.after, answers, err, len(*asked))
		}
	}
	if err := os.WriteFile(g.file("CVE-0000-0001"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Lookup(t.Context(), []string{"CVE-0000-0001"}, now); err != nil || len(*asked) != 3 {
		t.Errorf("a damaged answer: %v, %d questions", err, len(*asked))
	}
}

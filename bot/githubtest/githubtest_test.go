package githubtest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-github/v66/github"
)

var now = time.Date(2026, 11, 21, 17, 24, 0, 0, time.UTC)

// A recorder is a test that fails on paper.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) told() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.errors, "\n")
}

func partner(t testing.TB) *Server {
	s := New(t)
	s.Update(func(state *State) { state.Partner(now) })
	return s
}

func get(t *testing.T, s *Server, path string) (int, string) {
	t.Helper()
	resp, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestBites makes sure that what does not fit fails the test that made it.
func TestBites(t *testing.T) {
	for name, tt := range map[string]struct {
		path   string
		change func(*State)
		want   string
	}{
		"no such route":           {"/repos/partner/app/settings", nil, "has no GET /repos/partner/app/settings"},
		"no such query":           {"/repos/partner/app/pulls?colour=red", nil, `no query parameter "colour"`},
		"a value out of its list": {"/repos/partner/app/pulls?state=merged", nil, "does not fit"},
		"a number that is none":   {"/repos/partner/app/pulls?per_page=many", nil, "does not fit"},
		"no handler yet":          {"/repos/partner/app/topics", nil, "no handler for GET /repos/{owner}/{repo}/topics"},
		"a reply that is wrong": {"/repos/partner/app/actions/permissions/workflow", func(s *State) {
			s.Repositories["partner/app"].WorkflowPermissions = "everything"
		}, "the reply to GET /repos/partner/app/actions/permissions/workflow does not fit"},
	} {
		r := &recorder{TB: t}
		s := partner(r)
		if tt.change != nil {
			s.Update(tt.change)
		}
		get(t, s, tt.path)
		if !strings.Contains(r.told(), tt.want) {
			t.Errorf("%s: told %q, want %q", name, r.told(), tt.want)
		}
	}
	r := &recorder{TB: t}
	s := partner(r)
	if status, body := get(t, s, "/repos/partner/app"); status != 200 || r.told() != "" || !strings.Contains(body, `"clone_url"`) {
		t.Errorf("%d %q %.200s", status, r.told(), body)
	}
}

func TestRoutes(t *testing.T) {
	d := describe(t)
	for path, want := range map[string]string{
		"/repos/a/b/contents/x/y/z.go":           "GET /repos/{owner}/{repo}/contents/{path} path=x/y/z.go",
		"/repos/a/b/contents/":                   "GET /repos/{owner}/{repo}/contents/{path} path=/",
		"/repos/a/b/contents/x%2Fy":              "GET /repos/{owner}/{repo}/contents/{path} path=x/y",
		"/repos/a/b/releases/latest":             "GET /repos/{owner}/{repo}/releases/latest",
		"/repos/a/b/commits/abc/pulls":           "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls commit_sha=abc",
		"/repos/a/b/branches/feature%2Fx":        "GET /repos/{owner}/{repo}/branches/{branch} branch=feature/x",
		"/repos/a/b/git/matching-refs/heads/x/y": "GET /repos/{owner}/{repo}/git/matching-refs/{ref} ref=heads/x/y",
		"/repos/a":                               "",
		"/repos/a/b/branches/x/y":                "",
		"/repos//b":                              "",
	} {
		r, params := d.find("GET", path)
		got := ""
		if r != nil {
			got = r.name
			for _, name := range []string{"path", "branch", "commit_sha", "ref"} {
				if v, found := params[name]; found {
					got += " " + name + "=" + v
				}
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestPages(t *testing.T) {
	s := partner(t)
	s.Update(func(state *State) {
		for i := range 45 {
			state.Repositories["partner/app"].DepAlerts = append(state.Repositories["partner/app"].DepAlerts, &DepAlert{Number: i + 1, GHSA: "GHSA-a", Ecosystem: "go", Package: "p", Severity: "low", Created: now})
		}
	})
	c := s.Client("t")
	numbers := map[int]bool{}
	opts := &github.PullRequestListOptions{State: "closed", ListOptions: github.ListOptions{PerPage: 7}}
	for {
		page, resp, err := c.PullRequests.List(t.Context(), "partner", "app", opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			numbers[p.GetNumber()] = true
		}
		if resp.NextPage == 0 {
			break
		}
		opts.Page = resp.NextPage
	}
	alerts := map[int]bool{}
	cursor := &github.ListAlertsOptions{ListCursorOptions: github.ListCursorOptions{PerPage: 10}}
	for range 10 {
		page, resp, err := c.Dependabot.ListRepoAlerts(t.Context(), "partner", "app", cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page {
			alerts[a.GetNumber()] = true
		}
		if resp.After == "" {
			break
		}
		cursor.After = resp.After
	}
	if len(numbers) != 40 || len(alerts) != 45 {
		t.Errorf("%d pull requests and %d alerts, want 40 and 45", len(numbers), len(alerts))
	}
}

// TestFaults sees each misbehaviour as go-github does.
func TestFaults(t *testing.T) {
	const route = "GET /repos/{owner}/{repo}"
	ask := func(s *Server) error {
		_, _, err := s.Client("t").Repositories.Get(t.Context(), "partner", "app")
		return err
	}
	status := func(want int, message string) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*github.ErrorResponse](err)
			return ok && e.Response.StatusCode == want && strings.Contains(e.Message, message)
		}
	}
	for name, tt := range map[string]struct {
		fault Fault
		check func(error) bool
	}{
		"not accessible": {NotAccessible(), status(403, "not accessible")},
		"hidden":         {Hidden(), status(404, "Not Found")},
		"refused":        {Refused(), status(401, "Bad credentials")},
		"no product":     {CodeSecurityOff(), status(403, "Code Security must be enabled")},
		"no plan":        {NoPlan(), status(403, "Upgrade to GitHub Pro")},
		"limited": {Limited(time.Now().Add(time.Hour)), func(err error) bool {
			_, ok := errors.AsType[*github.RateLimitError](err)
			return ok
		}},
		"secondary": {SecondaryLimit(time.Minute), func(err error) bool {
			e, ok := errors.AsType[*github.AbuseRateLimitError](err)
			return ok && e.RetryAfter != nil && *e.RetryAfter == time.Minute
		}},
		"too many":    {TooMany(time.Minute), status(429, "rate limit")},
		"bad gateway": {BadGateway(), status(502, "")},
		"lost":        {LostReply(), status(502, "")},
		"cut":         {Cut(), func(err error) bool { return err != nil && !status(502, "")(err) }},
		"malformed":   {Malformed("{"), func(err error) bool { return err != nil }},
		"slow":        {Slow(time.Millisecond), func(err error) bool { return err == nil }},
	} {
		s := partner(t)
		f := tt.fault
		f.Times = 1
		s.Fail(route, f)
		if err := ask(s); !tt.check(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := ask(s); err != nil {
			t.Errorf("%s: it happens again: %v", name, err)
		}
	}
	s := partner(t)
	s.Fail("", BadGateway())
	if ask(s) == nil {
		t.Error("a fault of every route does not strike")
	}
	s.Heal()
	if err := ask(s); err != nil {
		t.Error(err)
	}
}

// TestPermissions gives a token without a permission GitHub's 403.
func TestPermissions(t *testing.T) {
	s := partner(t)
	s.Update(func(state *State) { state.Token.Missing = []string{"administration"} })
	c := s.Client("t")
	if _, _, err := c.Repositories.GetBranchProtection(t.Context(), "partner", "app", "main"); err == nil || !strings.Contains(err.Error(), "not accessible by integration") {
		t.Error(err)
	}
	repo, _, err := c.Repositories.Get(t.Context(), "partner", "app")
	if err != nil || repo.SecurityAndAnalysis != nil {
		t.Errorf("%v %v", repo.GetSecurityAndAnalysis(), err)
	}
}

// BenchmarkStart measures what a test pays for its server once the description is
// read.
func BenchmarkStart(b *testing.B) {
	describe(b)
	for b.Loop() {
		s := partner(b)
		s.http.Close()
	}
}

// BenchmarkCall measures one checked request and reply.
func BenchmarkCall(b *testing.B) {
	s := partner(b)
	c := s.Client("t")
	for b.Loop() {
		if _, _, err := c.Repositories.Get(b.Context(), "partner", "app"); err != nil {
			b.Fatal(err)
		}
	}
}

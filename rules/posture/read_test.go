package posture_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/posture"
)

var now = time.Date(2026, 11, 21, 17, 24, 0, 0, time.UTC)

const (
	policy = ".github/staylisted.yml"
	repo   = "GET /repos/{owner}/{repo}"
)

// question asks what a scan of the partner's repository would.
func question() posture.Question {
	return posture.Question{PolicyPath: policy, Owned: []string{"docs/architecture.md"},
		People: []string{"@ann", "Jane Doe, CISO", "@bad handle"}, Contacts: []string{"@partner/security"}}
}

// A spoil changes the partner's repository, the rest of the state, or the server.
type spoil func(*githubtest.Server, *githubtest.State, *githubtest.Repository)

// start runs a fake GitHub with the partner's repository and few pull requests.
func start(t *testing.T, spoils ...spoil) *githubtest.Server {
	t.Helper()
	server := githubtest.New(t)
	server.Update(func(s *githubtest.State) {
		r := s.Partner(now)
		r.Pulls = slices.Concat(r.Pulls[2:4], r.Pulls[39:])
		for _, spoil := range spoils {
			spoil(server, s, r)
		}
	})
	return server
}

// fails makes routes misbehave once the server is up.
func fails(t *testing.T, server *githubtest.Server, f githubtest.Fault, routes ...string) *posture.Settings {
	t.Helper()
	for _, route := range routes {
		server.Fail(route, f)
	}
	return read(t, server)
}

// read asks for the settings, and hands back what is left of them after they were
// written down and read again.
func read(t *testing.T, server *githubtest.Server) *posture.Settings {
	t.Helper()
	settings, err := posture.Read(t.Context(), client(t, server), "partner/app", question(), now)
	if err != nil {
		t.Fatal(err)
	}
	return recorded(t, settings)
}

func recorded(t *testing.T, settings *posture.Settings) *posture.Settings {
	t.Helper()
	data, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	again, err := posture.Decode(data)
	if err != nil {
		t.Fatalf("what was read is not read back: %v\n%s", err, data)
	}
	second, err := json.Marshal(again)
	if err != nil || string(second) != string(data) {
		t.Fatalf("recording changes the settings (%v):\n%s\n%s", err, data, second)
	}
	return again
}

// client returns what the command line asks with.
func client(t *testing.T, server *githubtest.Server) *github.Client {
	t.Helper()
	c, err := posture.NewClient(server.URL, "token", nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// runs returns the runs by verifier.
func runs(g rules.Gathered) map[string]rules.VerifierRun {
	out := map[string]rules.VerifierRun{}
	for _, r := range g.Runs {
		out[r.Verifier] = r
	}
	return out
}

// routes names, for each verifier, the calls it cannot do without.
var routes = map[string][]string{
	"settings:branch-rules":      {repo + "/rules/branches/{branch}"},
	"settings:review-sample":     {repo + "/pulls", repo + "/pulls/{pull_number}/reviews"},
	"settings:required-check":    {repo + "/rules/branches/{branch}"},
	"settings:private-reporting": {repo + "/private-vulnerability-reporting"},
	"settings:people":            {"GET /orgs/{org}/teams/{team_slug}"},
	"settings:code-scanning":     {repo + "/code-scanning/analyses"},
	"settings:dependabot":        {repo + "/vulnerability-alerts", repo + "/dependabot/alerts"},
	"settings:dependency-graph":  {repo + "/dependency-graph/sbom"},
	"settings:alerts":            {repo + "/secret-scanning/alerts", repo + "/dependabot/alerts", repo + "/code-scanning/alerts"},
	"settings:advisories":        {repo + "/security-advisories"},
	"settings:secret-scanning":   nil, // below: it comes with the repository
	"settings:workflow-token":    {repo + "/actions/permissions/workflow"},
	"settings:codeowners":        {repo + "/contents/{path}", repo + "/codeowners/errors"},
	"settings:releases":          {repo + "/releases", repo + "/immutable-releases"},
	"settings:two-factor":        {"GET /orgs/{org}"},
}

// together are verifiers that need all of their routes to fail at once: one
// route can stand in for another.
var together = []string{"settings:dependabot"}

// affected names the verifiers that a failing route takes along.
func affected(route string) []string {
	var out []string
	for v, list := range routes {
		if slices.Contains(list, route) {
			out = append(out, v)
		}
	}
	return out
}

func TestEveryRowInOrder(t *testing.T) {
	server := start(t)
	g := posture.Judge(read(t, server), "", now)
	if got := slices.Sorted(maps.Keys(runs(g))); !slices.Equal(got, slices.Sorted(slices.Values(posture.Verifiers()))) {
		t.Errorf("runs of %v, want %v", got, posture.Verifiers())
	}
	for _, r := range g.Runs {
		if r.State != rules.Complete || !r.At.Equal(now) {
			t.Errorf("%s: %s %s (%s)", r.Verifier, r.State, r.Reason, r.At)
		}
	}
	if len(g.Findings) > 0 || len(g.Shortfalls) > 0 || len(g.Notes) > 0 {
		t.Errorf("findings %+v\nshortfalls %+v\nnotes %q", g.Findings, g.Shortfalls, g.Notes)
	}
	seen := map[string]bool{}
	for _, o := range g.Observations {
		seen[o.Verifier+" "+o.Control] = true
	}
	for _, want := range []string{
		"settings:branch-rules code-review-enforced", "settings:review-sample code-review-enforced", "settings:required-check ci-security-gates",
		"settings:private-reporting repo-hardening", "settings:people contacts-declared", "settings:code-scanning sast-run", "settings:dependabot sca-run",
		"settings:dependency-graph sbom-licences", "settings:secret-scanning repo-hardening", "settings:workflow-token repo-hardening",
		"settings:codeowners repo-hardening", "settings:releases signed-updates", "settings:two-factor staff-mfa",
	} {
		if !seen[want] {
			t.Errorf("no observation of %s", want)
		}
	}
	if n := len(server.Requests()); n > 60 {
		t.Errorf("%d requests for three pull requests and two policy commits", n)
	}
	for _, r := range server.Requests() {
		if r.Method != "GET" || r.Header.Get("Authorization") != "Bearer token" {
			t.Errorf("%s %s with %q", r.Method, r.Path, r.Header.Get("Authorization"))
		}
	}
}

// TestNoAnswerIsNoFinding walks every verifier through everything GitHub can do
// but answer: the verifier did not run to its end, nothing is found or seen, and
// the other verifiers are not disturbed.
func TestNoAnswerIsNoFinding(t *testing.T) {
	kinds := []struct {
		name   string
		fault  githubtest.Fault
		state  rules.RunState
		reason string
		stops  bool // no more is asked
	}{
		{"permission missing", githubtest.NotAccessible(), rules.NotRun, ": read", false},
		{"hidden", githubtest.Hidden(), rules.NotRun, ": read", false},
		{"bad gateway", githubtest.BadGateway(), rules.Broken, "502", false},
		{"malformed", githubtest.Malformed("<html>"), rules.Broken, "scan again", false},
		{"another shape", githubtest.Malformed(`{"login":7,"packages":"x","sbom":1,"enabled":"yes","default_workflow_permissions":"all","errors":3}`), rules.Broken, "", false},
		{"cut", githubtest.Cut(), rules.Broken, "scan again", false},
		{"primary limit", githubtest.Limited(now.Add(time.Hour)), rules.Broken, "scan again after 2026-11-21 18:24:00Z", true},
		{"secondary limit", githubtest.SecondaryLimit(90 * time.Second), rules.Broken, "scan again after 2026-11-21 17:25:30Z", true},
		{"too many", githubtest.TooMany(2 * time.Minute), rules.Broken, "scan again after 2026-11-21 17:26:00Z", true},
	}
	for verifier, list := range routes {
		if verifier == "settings:secret-scanning" {
			continue
		}
		groups := [][]string{}
		if slices.Contains(together, verifier) {
			groups = append(groups, list)
		} else {
			for _, route := range list {
				groups = append(groups, []string{route})
			}
		}
		for _, group := range groups {
			for _, kind := range kinds {
				if kind.stops && !slices.Contains([]string{"settings:branch-rules", "settings:alerts", "settings:two-factor"}, verifier) {
					continue // a limit is the same wherever it strikes
				}
				t.Run(verifier+"/"+strings.NewReplacer("/", "_", repo, "").Replace(group[0])+"/"+kind.name, func(t *testing.T) {
					t.Parallel()
					server := start(t)
					g := posture.Judge(fails(t, server, kind.fault, group...), "", now)
					run := runs(g)[verifier]
					switch {
					case verifier == "settings:dependabot" && kind.name == "hidden":
						// The token sees the settings, so 404 is GitHub's word for off,
						// which has no effect.
						for _, f := range g.Findings {
							if f.Class != rules.Informational {
								t.Errorf("%+v", f)
							}
						}
						return
					case verifier == "settings:two-factor" && kind.name == "another shape":
						kind.state = rules.NotRun // a field that is left out is hidden
					}
					if run.State != kind.state || !strings.Contains(run.Reason, kind.reason) {
						t.Errorf("run is %s %q, want %s with %q", run.State, run.Reason, kind.state, kind.reason)
					}
					if len(g.Findings) > 0 {
						t.Errorf("findings without an answer: %+v", g.Findings)
					}
					for _, o := range g.Observations {
						if o.Verifier == verifier {
							t.Errorf("an observation without an answer: %+v", o)
						}
					}
					if kind.stops {
						return
					}
					touched := []string{}
					for _, route := range group {
						touched = append(touched, affected(route)...)
					}
					for other, r := range runs(g) {
						if r.State != rules.Complete && !slices.Contains(touched, other) {
							t.Errorf("%s is hidden as well: %s", other, r.Reason)
						}
					}
				})
			}
		}
	}
}

// TestNothingAtAll takes every permission away: every verifier says what it
// lacks, none finds anything.
func TestNothingAtAll(t *testing.T) {
	settings := read(t, start(t, func(_ *githubtest.Server, s *githubtest.State, r *githubtest.Repository) {
		s.Token.Missing = []string{"administration", "contents", "pull_requests", "security_events", "secret_scanning_alerts", "vulnerability_alerts",
			"repository_advisories", "members", "collaborators", "organization_administration"}
		r.Rulesets = nil
		r.Protections["main"] = map[string]any{}
	}))
	g := posture.Judge(settings, "", now)
	for v, r := range runs(g) {
		if r.State != rules.NotRun || !strings.Contains(r.Reason, "permission") {
			t.Errorf("%s: %s %q", v, r.State, r.Reason)
		}
	}
	if len(g.Findings)+len(g.Observations) > 0 {
		t.Errorf("%+v %+v", g.Findings, g.Observations)
	}
	// What an attestation can replace comes with the attestation.
	for _, want := range []string{"settings:branch-rules", "settings:review-sample", "settings:required-check", "settings:secret-scanning",
		"settings:workflow-token", "settings:codeowners", "settings:private-reporting", "settings:two-factor"} {
		if !slices.ContainsFunc(g.Shortfalls, func(s rules.Shortfall) bool {
			return s.Verifier == want && strings.HasPrefix(s.Snippet, "attestations:\n  - {for: [") && s.In == policy
		}) {
			t.Errorf("%s offers no attestation", want)
		}
	}
	if n := len(settings.Problems()); n < 15 {
		t.Errorf("%d problems are told", n)
	}
}

func TestNotRead(t *testing.T) {
	old := recorded(t, &posture.Settings{Version: 1, Repository: "partner/app", ReadAt: now.AddDate(0, 0, -7)})
	future := recorded(t, &posture.Settings{Version: 1, Repository: "partner/app", ReadAt: now.AddDate(0, 0, 2)})
	for name, tt := range map[string]struct {
		settings *posture.Settings
		reason   string
		want     string
	}{
		"not asked":          {nil, "give the scan a token", "give the scan a token"},
		"not asked, no word": {nil, "", "GitHub was not asked"},
		"a week old":         {old, "", "count for 7 days"},
		"from the future":    {future, "", "which cannot be"},
	} {
		g := posture.Judge(tt.settings, tt.reason, now)
		if len(g.Runs) != len(posture.Verifiers()) || len(g.Findings)+len(g.Observations) > 0 {
			t.Errorf("%s: %d runs, %+v %+v", name, len(g.Runs), g.Findings, g.Observations)
		}
		for _, r := range g.Runs {
			if r.State != rules.NotRun || !strings.Contains(r.Reason, tt.want) {
				t.Errorf("%s: %s %s %q", name, r.Verifier, r.State, r.Reason)
			}
		}
	}
}

func TestReadErrors(t *testing.T) {
	server := start(t)
	for name, tt := range map[string]struct {
		repository string
		fault      *githubtest.Fault
		want       string
	}{
		"no name":       {"app", nil, "write OWNER/NAME"},
		"a path":        {"partner/app/../..", nil, "write OWNER/NAME"},
		"an escape":     {"partner/app\x1b[2J", nil, "write OWNER/NAME"},
		"not there":     {"partner/other", nil, "shows this token no repository partner/other"},
		"token refused": {"partner/app", new(githubtest.Refused()), "GitHub refused the token (401)"},
	} {
		server.Heal()
		if tt.fault != nil {
			server.Fail("", *tt.fault)
		}
		_, err := posture.Read(t.Context(), client(t, server), tt.repository, posture.Question{}, now)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := posture.Read(t.Context(), nil, "partner/app", posture.Question{}, now); err == nil {
		t.Error("no client and no error")
	}
}

// TestStops makes sure that nothing more is asked once a limit is hit, and that
// the repository itself failing leaves the rows that need no branch.
func TestStops(t *testing.T) {
	server := start(t)
	server.Fail("", githubtest.TooMany(time.Minute))
	read(t, server)
	if n := len(server.Requests()); n != 1 {
		t.Errorf("%d requests after the limit was hit", n)
	}
	server = start(t)
	g := posture.Judge(fails(t, server, githubtest.BadGateway(), repo), "", now)
	got := runs(g)
	for _, v := range []string{"settings:private-reporting", "settings:workflow-token", "settings:advisories", "settings:releases", "settings:people"} {
		if got[v].State != rules.Complete {
			t.Errorf("%s: %s %s", v, got[v].State, got[v].Reason)
		}
	}
	for _, v := range []string{"settings:branch-rules", "settings:review-sample", "settings:secret-scanning", "settings:two-factor"} {
		if got[v].State != rules.Broken || !strings.Contains(got[v].Reason, "502") {
			t.Errorf("%s: %s %s", v, got[v].State, got[v].Reason)
		}
	}
	if len(g.Findings) > 0 {
		t.Errorf("%+v", g.Findings)
	}
}

// TestTokenStays makes sure that a redirect to another host does not take the
// token along.
func TestTokenStays(t *testing.T) {
	other := start(t)
	server := start(t)
	server.Fail(repo, githubtest.Fault{Status: 307, Body: "moved", Header: map[string][]string{"Location": {strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + "/repos/partner/app"}}})
	settings, err := posture.Read(t.Context(), client(t, server), "partner/app", posture.Question{}, now)
	if err != nil || settings.About.State != posture.Failed || !strings.Contains(settings.About.Reason, "another host") {
		t.Errorf("%v %+v", err, settings)
	}
	if n := len(other.Requests()); n > 0 {
		t.Errorf("%d requests went to another host", n)
	}
	for _, r := range other.Requests() {
		if r.Header.Get("Authorization") != "" {
			t.Errorf("another host was sent %q", r.Header.Get("Authorization"))
		}
	}
}

// TestNoSecretIsKept hands over an alert with its secret, as servers do that do
// not know how to hide it.
func TestNoSecretIsKept(t *testing.T) {
	const secret = "planted-secret-value-0123456789"
	server := start(t)
	server.Fail(repo+"/secret-scanning/alerts", githubtest.Malformed(fmt.Sprintf(
		`[{"number":3,"created_at":"2026-06-01T00:00:00Z","secret_type":"x_token","secret":%q,"first_location_detected":{"path":"a.txt","start_line":2}}]`, secret)))
	server.Update(func(s *githubtest.State) {
		r := s.Repositories["partner/app"]
		r.Advisories = []*githubtest.Advisory{{GHSA: "GHSA-aaaa-bbbb-cccc", State: "draft", Summary: secret, Created: now.AddDate(0, 0, -3)}}
	})
	settings := read(t, server)
	data, _ := json.Marshal(settings)
	judged, _ := json.Marshal(posture.Judge(settings, "", now))
	if strings.Contains(string(data)+string(judged), secret) {
		t.Error("the secret, or the text of a private advisory, is kept")
	}
	if len(settings.SecretAlerts.Value) != 1 {
		t.Errorf("%+v", settings.SecretAlerts)
	}
	hidden := false
	for _, r := range server.Requests() {
		hidden = hidden || strings.Contains(r.Path, "/secret-scanning/alerts?") && strings.Contains(r.Path, "hide_secret=true")
	}
	if !hidden {
		t.Error("the list was asked for with its secrets")
	}
}

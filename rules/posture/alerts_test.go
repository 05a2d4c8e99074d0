package posture_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/posture"
)

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

// TestAlerts turns open alerts and private advisories into findings that carry
// the day GitHub had them first (catalogue §4, vectors 36 and 38).
func TestAlerts(t *testing.T) {
	settings := read(t, start(t, repository(func(r *githubtest.Repository) {
		r.SecretAlerts = []*githubtest.SecretAlert{
			{Number: 3, Type: "github_personal_access_token", Secret: "planted", Created: on("2026-06-01"), Path: "deploy/app.env", Line: 4},
			{Number: 4, Type: "slack_token", Created: on("2026-06-02"), Path: "old/config.yml", Line: 9, PlaceApart: true},
			{Number: 5, Type: "slack_token", Created: on("2026-06-03")},
			{Number: 6, Type: "slack_token", Created: on("2026-06-03"), Closed: true},
		}
		r.DepAlerts = []*githubtest.DepAlert{
			{Number: 1, GHSA: "GHSA-aaaa-bbbb-cccc", CVE: "CVE-2026-1", Ecosystem: "go", Package: "golang.org/x/net", Manifest: "go.mod", Severity: "high", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", CWE: []string{"CWE-400"}, Fixed: "0.38.0", Created: on("2026-10-01")},
			{Number: 2, GHSA: "GHSA-dddd-eeee-ffff", Ecosystem: "npm", Package: "left", Manifest: "web/package-lock.json", Severity: "medium", VectorV4: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", Created: on("2026-10-02")},
			{Number: 3, GHSA: "GHSA-gggg-hhhh-jjjj", Ecosystem: "pip", Package: "tool", Scope: "development", Severity: "low", Created: on("2026-10-03")},
		}
		r.CodeAlerts = []*githubtest.CodeAlert{
			{Number: 1, Tool: "CodeQL", Rule: "go/path-injection", Severity: "high", Tags: []string{"security", "external/cwe/cwe-022"}, Path: "main.go", Line: 7, Created: on("2026-09-01")},
			{Number: 2, Tool: "CodeQL", Rule: "go/useless-assignment", Path: "main.go", Line: 8, Created: on("2026-09-01")},
			{Number: 3, Tool: posture.OwnTool, Rule: "MKT103", Severity: "medium", Path: "db.go", Line: 3, Created: on("2026-09-02")},
			{Number: 4, Tool: "CodeQL", Rule: "go/x", Severity: "high", Path: "../../etc/passwd", Line: 1, Created: on("2026-09-01")},
		}
		r.Advisories = []*githubtest.Advisory{
			{GHSA: "GHSA-kkkk-llll-mmmm", State: "draft", Severity: "high", Summary: "private words", Created: on("2026-05-04")},
			{GHSA: "GHSA-nnnn-pppp-qqqq", State: "triage", Summary: "private words", Created: on("2026-11-20")},
			{GHSA: "GHSA-rrrr-ssss-tttt", State: "published", Severity: "high", Created: on("2026-01-01")},
			{GHSA: "GHSA-vvvv-wwww-xxxx", State: "closed", Severity: "high", Created: on("2026-01-01")},
		}
	})))
	g := posture.Judge(settings, "", now)
	var got []string
	for i, f := range g.Findings {
		g.Findings[i].Fingerprint = f.Tokens + f.Fingerprint
		if strings.Contains(f.Message, "private words") || f.Source != "settings" {
			t.Errorf("%+v", f)
		}
	}
	e := &rules.Evidence{ObservedAt: now, Findings: g.Findings}
	for _, f := range rules.Assess(&rules.Catalogue{}, e, now).Findings {
		due := "no date"
		if f.Due != nil {
			due = f.Due.On + " " + string(f.CVSS.Band)
			if f.Due.Basis != rules.BasisHistory {
				t.Errorf("%s: the date is by %s", f.Rule, f.Due.Basis)
			}
		}
		got = append(got, strings.Join([]string{f.Rule, string(f.Class), strings.TrimSuffix(f.Location.Path, ""), f.Control, due}, " | "))
	}
	slices.Sort(got)
	want := []string{
		"GHSA-aaaa-bbbb-cccc | violation | go.mod | dep-no-known-high | 2026-11-12 high",
		"GHSA-dddd-eeee-ffff | violation | web/package-lock.json | dep-no-known-high | 2026-11-13 high",
		"GHSA-gggg-hhhh-jjjj | informational |  | dep-no-known-high | no date",
		"settings:advisories | violation |  | vuln-sla | 2026-06-15 high",
		"settings:advisories/triage | review |  | vuln-sla | 2027-01-01 high",
		"settings:alerts/code | violation |  |  | 2026-10-13 high",
		"settings:alerts/code | violation | main.go |  | 2026-10-13 high",
		"settings:alerts/secret | violation |  | no-secrets-in-repo | 2026-07-01 critical",
		"settings:alerts/secret | violation | deploy/app.env | no-secrets-in-repo | 2026-06-29 critical",
		"settings:alerts/secret | violation | old/config.yml | no-secrets-in-repo | 2026-06-30 critical",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if own := settings.OwnAlerts(); len(own) != 1 || own[0].Rule != "MKT103" || !own[0].Created.Equal(on("2026-09-02")) {
		t.Errorf("own alerts %+v", own)
	}
	for _, id := range []string{"GHSA-aaaa-bbbb-cccc", "GHSA-dddd-eeee-ffff", "GHSA-gggg-hhhh-jjjj"} {
		if n := len(slices.Collect(func(yield func(rules.Rule) bool) {
			for _, r := range g.Rules {
				if r.ID == id && !yield(r) {
					return
				}
			}
		})); n != 1 {
			t.Errorf("%s is described %d times", id, n)
		}
	}
	for _, f := range g.Findings {
		if f.Rule == "GHSA-aaaa-bbbb-cccc" {
			ids := []string{"CVE-2026-1", "GHSA-aaaa-bbbb-cccc"}
			if !slices.Equal(f.Advisory.IDs, ids) || f.Advisory.Ecosystem != "Go" || f.Advisory.Fixed != "0.38.0" || !strings.HasSuffix(f.Fingerprint, rules.AdvisoryKey(ids, "golang.org/x/net")) {
				t.Errorf("%+v %s", f.Advisory, f.Fingerprint)
			}
		}
	}
}

// TestTriageBecomesDraft keeps the identity of a report whose state changes.
func TestTriageBecomesDraft(t *testing.T) {
	tokens := map[string]bool{}
	for _, state := range []string{"triage", "draft"} {
		g := posture.Judge(recorded(t, &posture.Settings{Version: 1, Repository: "partner/app", ReadAt: now,
			Advisories: posture.Answer[[]posture.Advisory]{Asked: posture.Asked{State: posture.Answered}, Value: []posture.Advisory{{ID: "GHSA-aaaa-bbbb-cccc", State: state, Created: on("2026-11-01")}}}}), "", now)
		if len(g.Findings) != 1 {
			t.Fatalf("%+v", g.Findings)
		}
		tokens[rules.Family(g.Findings[0].Rule)+g.Findings[0].Tokens] = true
	}
	if len(tokens) != 1 {
		t.Errorf("two identities: %v", tokens)
	}
}

// TestManyAlerts makes sure that a list which was cut is no answer.
func TestManyAlerts(t *testing.T) {
	for n, want := range map[int]rules.RunState{250: rules.Complete, 1001: rules.Broken} {
		g := posture.Judge(read(t, start(t, repository(func(r *githubtest.Repository) {
			for i := range n {
				r.DepAlerts = append(r.DepAlerts, &githubtest.DepAlert{Number: i + 1, GHSA: "GHSA-aaaa-bbbb-cccc", Ecosystem: "go", Package: "p", Severity: "low", Created: on("2026-10-01")})
			}
		}))), "", now)
		run := runs(g)["settings:alerts"]
		if run.State != want || want == rules.Complete && len(g.Findings) != n || want == rules.Broken && !strings.Contains(run.Reason, "more than 1000") {
			t.Errorf("%d alerts: %s %q, %d findings", n, run.State, run.Reason, len(g.Findings))
		}
	}
}

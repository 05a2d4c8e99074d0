package scan

import (
	"slices"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/posture"
)

func may(day int) time.Time { return time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC) }

func vulnerable(source, ecosystem, pkg string, reported time.Time, ids ...string) rules.Finding {
	return rules.Finding{ID: ids[0] + "@" + pkg, Rule: ids[0], Class: rules.Violation, Source: source, Fingerprint: rules.AdvisoryKey(ids, pkg), Reported: reported,
		Advisory: &rules.AdvisoryHit{IDs: ids, Ecosystem: ecosystem, Package: pkg, Reach: "required"}}
}

// TestMergeAdvisories joins what is one by catalogue §4: a common id and the same
// package.
func TestMergeAdvisories(t *testing.T) {
	own := []rules.Finding{
		vulnerable("dependency", "Go", "golang.org/x/net", time.Time{}, "CVE-1", "GHSA-1", "GO-1"),
		vulnerable("dependency", "PyPI", "Flask_Login", may(3), "GHSA-2"),
	}
	own[0].Class, own[0].Advisory.Version = rules.Review, "v0.1.0"
	got := mergeAdvisories(own, []rules.Finding{
		vulnerable("settings", "Go", "golang.org/x/net", may(1), "GHSA-1"),
		vulnerable("settings", "PyPI", "flask-login", may(4), "CVE-2", "GHSA-2"),
		vulnerable("settings", "npm", "golang.org/x/net", may(2), "GHSA-1"),
		vulnerable("settings", "Go", "golang.org/x/crypto", may(5), "GHSA-1"),
		vulnerable("settings", "Go", "golang.org/x/crypto", may(4), "GHSA-1"),
		vulnerable("settings", "Go", "golang.org/x/net", may(6), "GHSA-9"),
	})
	type short struct {
		source, ecosystem, pkg string
		reported               time.Time
		ids                    int
	}
	var brief []short
	for _, f := range got {
		brief = append(brief, short{f.Source, f.Advisory.Ecosystem, f.Advisory.Package, f.Reported, len(f.Advisory.IDs)})
	}
	want := []short{
		{"dependency", "Go", "golang.org/x/net", may(1), 3},
		{"dependency", "PyPI", "Flask_Login", may(3), 2},
		{"settings", "npm", "golang.org/x/net", may(2), 1},
		{"settings", "Go", "golang.org/x/crypto", may(4), 1},
		{"settings", "Go", "golang.org/x/net", may(6), 1},
	}
	if !slices.Equal(brief, want) {
		t.Errorf("got  %v\nwant %v", brief, want)
	}
	if got[0].Class != rules.Review || got[0].Advisory.Version != "v0.1.0" {
		t.Errorf("the scan's own finding lost what it knew: %+v", got[0])
	}
}

// TestSecretAlertMerges makes one finding of a secret that the scan and GitHub
// see at the same line, with GitHub's older date (vector 38).
func TestSecretAlertMerges(t *testing.T) {
	settings := &posture.Settings{Version: 1, Repository: "partner/app", ReadAt: may(30)}
	settings.SecretAlerts = posture.Answer[[]posture.SecretAlert]{Asked: posture.Asked{State: posture.Answered}, Value: []posture.SecretAlert{
		{Number: 3, Type: "github_personal_access_token", Created: may(1), Path: "deploy/app.env", Line: 4},
		{Number: 4, Type: "github_personal_access_token", Created: may(2), Path: "deploy/app.env", Line: 9},
	}}
	score, err := rules.Score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", rules.FromRule)
	if err != nil {
		t.Fatal(err)
	}
	findings := append(posture.Judge(settings, "", may(30)).Findings, rules.Finding{Rule: "MKT405", Class: rules.Violation, CWE: []int{798}, CVSS: &score,
		Control: "no-secrets-in-repo", Source: "file", Location: rules.Location{Path: "deploy/app.env", Line: 4, Column: 7}, Tokens: "t"})
	number(findings)
	got := mergeDuplicates(findings, func(*rules.Finding) string { return "" }, func(*rules.Finding) bool { return false })
	if len(got) != 2 {
		t.Fatalf("%d findings, want 2: %+v", len(got), got)
	}
	for _, f := range got {
		switch f.Location.Line {
		case 4:
			if f.Rule != "MKT405" || !f.Reported.Equal(may(1)) || !slices.Equal(f.Also, []string{"settings:alerts/secret"}) {
				t.Errorf("%+v", f)
			}
		case 9:
			if f.Rule != "settings:alerts/secret" || !f.Reported.Equal(may(2)) {
				t.Errorf("%+v", f)
			}
		}
	}
}

// TestAdoptDates gives findings the date of the alert their earlier upload made.
func TestAdoptDates(t *testing.T) {
	settings := &posture.Settings{}
	settings.CodeAlerts = posture.Answer[[]posture.CodeAlert]{Asked: posture.Asked{State: posture.Answered}, Value: []posture.CodeAlert{
		{Number: 1, Tool: posture.OwnTool, Rule: "G402/skip-verify", Path: "a.go", Line: 3, Created: may(5)},
		{Number: 2, Tool: posture.OwnTool, Rule: "G402", Path: "a.go", Line: 3, Created: may(4)},
		{Number: 3, Tool: "CodeQL", Rule: "G402", Path: "a.go", Line: 3, Created: may(1)},
		{Number: 4, Tool: posture.OwnTool, Rule: "MKT103", Path: "b.go", Created: may(1)},
	}}
	findings := []rules.Finding{
		{Rule: "G402/skip-verify", Location: rules.Location{Path: "a.go", Line: 3}},
		{Rule: "G402/skip-verify", Location: rules.Location{Path: "a.go", Line: 4}},
		{Rule: "G402/skip-verify", Location: rules.Location{Path: "a.go", Line: 3}, Reported: may(2)},
		{Rule: "MKT103", Location: rules.Location{Path: "b.go"}},
	}
	adoptDates(findings, nil)
	adoptDates(findings, settings)
	for i, want := range []time.Time{may(4), {}, may(2), {}} {
		if !findings[i].Reported.Equal(want) {
			t.Errorf("%d: %s, want %s", i, findings[i].Reported, want)
		}
	}
}

// TestControlsOfAlerts finds what another tool's alert speaks for by its weakness.
func TestControlsOfAlerts(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &run{catalogue: cat}
	findings := []rules.Finding{
		{Rule: "settings:alerts/code", Source: "settings", CWE: []int{601}},
		{Rule: "settings:alerts/code", Source: "settings", CWE: []int{99999}},
		{Rule: "settings:alerts/secret", Source: "settings", CWE: []int{798}, Control: "no-secrets-in-repo"},
		{Rule: "MKT1", Source: "file", CWE: []int{601}},
	}
	s.controlsOf(findings)
	if !slices.Contains(findings[0].Controls(), "no-open-redirect") {
		t.Errorf("an open redirect speaks for %q", findings[0].Controls())
	}
	for _, i := range []int{1, 3} {
		if findings[i].Control != "" {
			t.Errorf("%d speaks for %q", i, findings[i].Controls())
		}
	}
	if len(findings[2].Controls()) != 1 {
		t.Errorf("%q", findings[2].Controls())
	}
}

// TestRecordedSettingsOfAnother refuses settings that were recorded elsewhere.
func TestRecordedSettingsOfAnother(t *testing.T) {
	for name, tt := range map[string]struct {
		option, git, recorded string
		taken                 bool
	}{
		"the origin's":           {"", "partner/app", "Partner/App", true},
		"another's":              {"", "partner/app", "partner/other", false},
		"the command line's":     {"partner/other", "partner/app", "partner/other", true},
		"nobody knows the name":  {"", "", "partner/app", true},
		"not the command line's": {"partner/other", "", "partner/app", false},
	} {
		s := &run{now: may(9), git: &gitTree{repository: tt.git}, opts: Options{Repository: tt.option, Settings: &posture.Settings{Repository: tt.recorded, ReadAt: may(8)}}}
		settings, reason := s.readSettings()
		if (settings != nil) != tt.taken || (reason == "") != tt.taken {
			t.Errorf("%s: %v %q", name, settings, reason)
		}
		s.now = may(15)
		if settings, reason := s.readSettings(); settings != nil || reason == "" {
			t.Errorf("%s: settings of last week are taken", name)
		}
	}
}

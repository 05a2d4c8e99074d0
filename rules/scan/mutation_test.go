package scan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/probe"
)

// breaks returns the requirements a mutation breaks.
func (m *mutation) breaks(c *rules.Catalogue) map[string]bool {
	out := map[string]bool{}
	for _, market := range c.Marketplaces {
		for _, r := range market.Requirements {
			for _, use := range r.Controls {
				if r.Category == rules.Mandatory && slices.Contains(m.controls, use.Control) && !slices.Contains(m.except, r.ID) {
					out[r.ID] = true
				}
			}
		}
	}
	for _, id := range m.also {
		out[id] = true
	}
	return out
}

// Every MANDATORY requirement has a mutation that takes its green away, and a
// mutation names only what the catalogue has.
func TestMutationsReachEveryRequirement(t *testing.T) {
	c := testCatalogue(t)
	reached, known := map[string]bool{}, map[string]bool{}
	for _, ctl := range c.Controls {
		known[ctl.ID] = true
	}
	names := map[string]bool{}
	for _, m := range mutations {
		maps.Copy(reached, m.breaks(c))
		if names[m.name] {
			t.Errorf("two mutations have the name %q", m.name)
		}
		names[m.name] = true
		for _, id := range m.controls {
			if !known[id] {
				t.Errorf("%s: there is no control %s", m.name, id)
			}
		}
		kinds := 0
		for _, is := range []bool{len(m.edits) > 0, m.settings != "", m.live != nil, m.report != "", m.advisory != "", m.later != 0} {
			if is {
				kinds++
			}
		}
		if kinds != 1 || len(m.controls)+len(m.also) == 0 {
			t.Errorf("%s: changes %d things and names %d", m.name, kinds, len(m.controls)+len(m.also))
		}
	}
	for _, market := range c.Marketplaces {
		for _, r := range market.Requirements {
			if r.Category == rules.Mandatory && !reached[r.ID] {
				t.Errorf("no mutation takes the green of %s (%s) away", r.ID, r.Title)
			}
			delete(reached, r.ID)
		}
	}
	for id := range reached {
		t.Errorf("a mutation breaks %s, which the catalogue does not have", id)
	}
}

// apply carries out edits in a folder.
func apply(t testing.TB, root string, edits []edit) {
	t.Helper()
	for _, e := range edits {
		name := filepath.Join(root, filepath.FromSlash(e.file))
		var err error
		switch {
		case e.new == gone:
			err = os.Remove(name)
		case e.old == "":
			if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
				err = os.WriteFile(name, []byte(e.new), 0o644)
			}
		default:
			var src []byte
			if src, err = os.ReadFile(name); err == nil {
				if n := strings.Count(string(src), e.old); n != 1 {
					t.Fatalf("%s holds the text to replace %d times: %q", e.file, n, e.old)
				}
				err = os.WriteFile(name, []byte(strings.Replace(string(src), e.old, e.new, 1)), 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// An advisory of the mutations is about the driver of the database.
func advisoryOf(published, vector, severity string) string {
	record := map[string]any{
		"schema_version": "1.7.0", "id": "GHSA-0000-0000-0009", "published": published, "modified": published,
		"summary": "A driver of the database answers with somebody else's row", "details": "Invented for a test.",
		"affected": []any{map[string]any{
			"package": map[string]string{"ecosystem": "Go", "name": "github.com/lib/pq"},
			"ranges":  []any{map[string]any{"type": "SEMVER", "events": []any{map[string]string{"introduced": "0"}, map[string]string{"fixed": "1.12.4"}}}},
		}},
		"severity":          []any{map[string]string{"type": "CVSS_V3", "score": vector}},
		"database_specific": map[string]any{"severity": severity, "github_reviewed": true, "cwe_ids": []string{"CWE-200"}},
	}
	data, err := json.Marshal(record)
	if err != nil {
		panic(err) // constants
	}
	return string(data)
}

// brokenAdvisories are files beside the advisories of the tests.
var brokenAdvisories = map[string]map[string]string{
	"stale":            {"db.json": `{"modified": "2026-10-20T00:00:00Z"}`},
	"high-new":         {"GHSA-0000-0000-0009.json": advisoryOf("2026-10-14T08:00:00Z", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "HIGH")},
	"critical-overdue": {"GHSA-0000-0000-0009.json": advisoryOf("2026-10-01T08:00:00Z", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CRITICAL")},
	"high-overdue":     {"GHSA-0000-0000-0009.json": advisoryOf("2026-09-01T08:00:00Z", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "HIGH")},
	"medium-overdue":   {"GHSA-0000-0000-0009.json": advisoryOf("2026-09-01T08:00:00Z", "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", "MODERATE")},
	"low-overdue":      {"GHSA-0000-0000-0009.json": advisoryOf("2026-05-01T08:00:00Z", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N", "LOW")},
}

// advisoriesWith returns a folder of the tests' advisories and one change.
func advisoriesWith(t testing.TB, change string) string {
	t.Helper()
	if change == "none" {
		return ""
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(advisories)); err != nil {
		t.Fatal(err)
	}
	files, ok := brokenAdvisories[change]
	if !ok {
		t.Fatalf("there are no advisories %q", change)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// green judges evidence and returns the MANDATORY requirements that are met.
func green(t *testing.T, r *Result, now time.Time) (met map[string]bool, why map[string]string) {
	t.Helper()
	rep := rules.Assess(testCatalogue(t), &r.Evidence, now).Report(&r.Evidence, rules.Tool{Name: "staylisted"}, rules.CatalogueRef{}, now)
	met, why = map[string]bool{}, map[string]string{}
	for _, a := range rep.Assessments {
		if a.Category == rules.Mandatory {
			met[a.Requirement] = a.Verdict.Green()
			why[a.Requirement] = fmt.Sprint(a.Verdict, " ", a.Reasons)
		}
	}
	return met, why
}

// A harbour is the compliant repository with all its surroundings.
type harbour struct {
	app    http.Handler
	record *probe.Record // what a probe of the deployment saw
	zap    []reports.Input
	cache  string
}

// scan scans a state of the repository; change is made to the options last.
func (h *harbour) scan(t *testing.T, edits []edit, change ...func(*Options)) *Result {
	t.Helper()
	root, commits := harbourClone(t, edits...)
	return scanTree(t, root, append([]func(*Options){func(o *Options) {
		o.CacheDir, o.CI, o.History = h.cache, true, true
		o.Settings, o.Reports, o.ProbeRecord = harbourSettings(commits), h.zap, h.record
	}}, change...)...)
}

// options returns what a mutation changes of the options of a scan.
func (m *mutation) options(t *testing.T, h *harbour) func(*Options) {
	return func(o *Options) {
		switch {
		case m.settings != "":
			patch, ok := brokenSettings[m.settings]
			if !ok {
				t.Fatalf("there are no settings %q", m.settings)
			}
			o.Settings = patched(t, o.Settings, patch)
		case m.live != nil:
			o.ProbeRecord, o.Prober = nil, proberOf(t, h.app, m.live)
		case m.report != "":
			report, ok := brokenReports(t)[m.report]
			if !ok {
				t.Fatalf("there are no reports %q", m.report)
			}
			o.Reports = report
		case m.advisory != "":
			o.Advisories = advisoriesWith(t, m.advisory)
		}
	}
}

// brokenSettings are merge patches of [harbourSettings].
var brokenSettings = map[string]string{
	"branch-without-approval": `{"rules": {"value": [{"type": "pull_request", "ruleset": 71}, {"type": "required_status_checks", "ruleset": 71, "checks": ["staylisted"]}]}}`,
	"unreviewed-merge":        `{"reviews": {"value": [{"number": 231, "author": "harbour-lena", "merged_at": "2026-11-17T10:00:00Z"}]}}`,
	"plain-commits":           `{"policy_commits": {"*": {"verified": "false", "owner_approved": "false", "approvers": null}}}`,
}

// brokenReports are reports of ZAP with something wrong about them.
func brokenReports(t testing.TB) map[string][]reports.Input {
	return map[string][]reports.Input{
		"none": nil,
		"old":  zapReport(t, "2026-04-18T05:12:44Z"),
		"high": zapReport(t, zapScanned, zapAlert("40012", "Cross Site Scripting (Reflected)", "3", "2", "79", "/")),
	}
}

// TestCompliant scans the partner's app that does everything right: all that is
// MANDATORY is met. Then it makes every mutation, each of which takes the green
// of what it names away and of nothing else. What the scan keeps of a package is
// shared, so a mutation costs the packages it changes.
func TestCompliant(t *testing.T) {
	c := testCatalogue(t)
	h := &harbour{app: deploy(t), zap: zapReport(t, zapScanned), cache: t.TempDir()}
	root, commits := harbourClone(t)
	first := newRun(t.Context(), c, Options{Dir: root, Offline: true, Advisories: advisories, CacheDir: h.cache, CI: true, History: true,
		Settings: harbourSettings(commits), Reports: h.zap, Prober: proberOf(t, h.app, nil)}, testNow, code.With)
	base, err := first.scan()
	if err != nil {
		t.Fatalf("scanning: %v", err)
	}
	h.record = first.gathering.seen
	t.Run("IsGreen", func(t *testing.T) { isGreen(t, base) })
	t.Run("EveryVerifierRan", func(t *testing.T) { everyVerifierRan(t, c, base) })
	met, _ := green(t, base, testNow)
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			r, now := h.scan(t, m.edits, m.options(t, h)), testNow.AddDate(0, 0, m.later)
			if m.later == 0 {
				remember(r, now)
			}
			m.compare(t, c, met, r, now)
		})
	}
}

// remember dates the findings that are new as the bot does: a complete run has
// just seen them, or, of a published advisory, it could be seen from then on.
func remember(r *Result, now time.Time) {
	r.Evidence.History = map[string]rules.History{}
	for _, f := range r.Evidence.Findings {
		seen := now.Add(-time.Hour)
		if f.Advisory != nil && f.Advisory.Published.Before(seen) {
			seen = f.Advisory.Published
		}
		r.Evidence.History[f.Fingerprint] = rules.History{FirstSeen: seen, LastSeen: now}
	}
}

// compare holds what a mutation broke against what it says.
func (m *mutation) compare(t *testing.T, c *rules.Catalogue, ready map[string]bool, r *Result, now time.Time) {
	t.Helper()
	met, why := green(t, r, now)
	want := m.breaks(c)
	reached := 0
	for _, id := range slices.SortedFunc(maps.Keys(ready), cmp.Compare[string]) {
		switch {
		case want[id] && met[id]:
			t.Errorf("%s is still met: %s", id, why[id])
		case want[id]:
			reached++
		case !met[id] && m.spreads == "":
			t.Errorf("%s is not met any more: %s", id, why[id])
		}
	}
	if t.Failed() {
		for _, f := range r.Evidence.Findings {
			if f.Class == rules.Informational {
				continue
			}
			t.Logf("%s %s %s:%d %s", f.Rule, f.Class, f.Location.Path, f.Location.Line, f.Message)
		}
		for _, g := range r.Evidence.Coverage.Gaps {
			t.Logf("gap: %s: %s", g.Subject, g.Reason)
		}
	}
	t.Logf("%d of %d requirements reached", reached, len(want))
}

// isGreen holds that every MANDATORY requirement of the three marketplaces is
// met, and lists the others that are not.
func isGreen(t *testing.T, r *Result) {
	rep := rules.Assess(testCatalogue(t), &r.Evidence, testNow).Report(&r.Evidence, rules.Tool{Name: "staylisted"}, rules.CatalogueRef{}, testNow)
	mandatory := map[string]int{}
	for _, a := range rep.Assessments {
		if a.Category == rules.Mandatory {
			mandatory[a.Marketplace]++
		}
		switch {
		case a.Verdict.Green():
		case a.Category == rules.Mandatory:
			t.Errorf("%s is %s:", a.Requirement, a.Verdict)
			for _, reason := range a.Reasons {
				t.Errorf("\t%s", reason)
			}
			for _, k := range a.Controls {
				t.Logf("\t%s %s", k.Control, k.Verdict)
			}
		default:
			t.Logf("%s (%s) is %s: %s", a.Requirement, a.Category, a.Verdict, a.Reasons)
		}
	}
	for _, market := range testCatalogue(t).Marketplaces {
		want := 0
		for _, req := range market.Requirements {
			if req.Category == rules.Mandatory {
				want++
			}
		}
		if want == 0 || mandatory[market.ID] != want {
			t.Errorf("%s: %d mandatory requirements were judged, there are %d", market.ID, mandatory[market.ID], want)
		}
	}
	for _, f := range r.Evidence.Findings {
		if f.Class != rules.Informational {
			t.Errorf("%s %s %s:%d %s", f.Rule, f.Class, f.Location.Path, f.Location.Line, f.Message)
		}
	}
	for _, g := range r.Evidence.Coverage.Gaps {
		t.Errorf("gap: %s: %s", g.Subject, g.Reason)
	}
	for _, n := range r.Notes {
		t.Logf("note: %s", n)
	}
	t.Logf("mandatory: %v", mandatory)
}

// everyVerifierRan holds that what the catalogue calls built leaves a run.
func everyVerifierRan(t *testing.T, c *rules.Catalogue, r *Result) {
	ran := map[string]rules.VerifierRun{}
	for _, run := range r.Evidence.Runs {
		ran[run.Verifier] = run
	}
	for _, k := range c.Controls {
		for _, v := range k.Verifiers {
			run, ok := ran[v.ID]
			switch {
			case v.Planned || v.ID == "findings:violations": // that one is the judgement itself
			case !ok:
				t.Errorf("%s asks for %s, which left no run", k.ID, v.ID)
			case run.State != rules.Complete:
				t.Logf("%s: %s %s: %s", k.ID, v.ID, run.State, run.Reason)
			}
		}
	}
}

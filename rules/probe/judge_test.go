package probe_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/probe/probetest"
)

// built is the catalogue with the probe's verifiers in place and everything
// else that is not built yet out of the way.
func built(t *testing.T) *rules.Catalogue {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	copied := *c
	copied.Controls = slices.Clone(c.Controls)
	for i := range copied.Controls {
		k := &copied.Controls[i]
		k.Verifiers = slices.DeleteFunc(slices.Clone(k.Verifiers), func(v rules.Verifier) bool {
			return v.Planned && !slices.Contains(probe.Verifiers(), v.ID) && v.ID != "statement:attestation"
		})
		for n := range k.Verifiers {
			k.Verifiers[n].Planned = false
		}
	}
	return &copied
}

// judged returns the verdicts of the controls of a Go program whose code was
// found clean, with what the probe brings, by requirement and control.
func judged(t *testing.T, g rules.Gathered, add ...rules.Observation) map[string]rules.ControlResult {
	t.Helper()
	c := built(t)
	e := &rules.Evidence{Repository: "harbour/sync", Commit: strings.Repeat("a", 40), ObservedAt: now, Findings: g.Findings, Runs: g.Runs,
		Observations: append(slices.Clone(g.Observations), add...), Shortfalls: g.Shortfalls}
	for _, fact := range []string{"http-server", "browser-ui", "html-output", "js", "cookies-set", "sessions", "outbound", "data-store"} {
		e.Facts = append(e.Facts, rules.Fact{ID: fact, State: rules.True})
	}
	e.Facts = append(e.Facts, rules.Fact{ID: "uncovered-language", State: rules.False})
	seen := map[string]bool{}
	for _, k := range c.Controls {
		for _, v := range k.Verifiers {
			if !slices.Contains(probe.Verifiers(), v.ID) && !seen[v.ID] {
				seen[v.ID] = true
				e.Runs = append(e.Runs, rules.VerifierRun{Verifier: v.ID, State: rules.Complete})
			}
		}
	}
	for i := range e.Findings {
		e.Findings[i].Fingerprint = fmt.Sprint(i)
	}
	out := map[string]rules.ControlResult{}
	for _, a := range rules.Assess(c, e, now.Add(time.Hour)).Assessments {
		for _, r := range a.Controls {
			out[a.Requirement+" "+r.Control] = r
		}
	}
	return out
}

// ours are the requirements and controls that a probe is needed for.
var ours = []string{
	"DRUVA-AP-02 tls-1.2-or-higher", "APOLLO-DATA-03 tls-1.2-or-higher", "MONDAY-Q-06 tls-1.2-or-higher",
	"DRUVA-NC-02 hsts-one-year", "APOLLO-DATA-04 hsts-one-year", "DRUVA-NC-01 csp", "DRUVA-NC-02 security-headers", "APOLLO-APPSEC-04 security-headers",
	"APOLLO-DATA-08 no-secrets-in-referrer", "DRUVA-SC-16 cookie-attributes", "APOLLO-APPSEC-05 cookie-attributes", "DRUVA-SC-08 sri-static-client", "APOLLO-APPSEC-03 domain-config",
}

// check compares verdicts; those not named in want are want[""].
func checkVerdicts(t *testing.T, name string, got map[string]rules.ControlResult, want map[string]rules.Verdict) {
	t.Helper()
	for _, key := range ours {
		r, found := got[key]
		if !found {
			t.Fatalf("%s: no verdict on %s", name, key)
		}
		_, control, _ := strings.Cut(key, " ")
		expected, ok := want[key]
		if !ok {
			if expected, ok = want[control]; !ok {
				expected = want[""]
			}
		}
		if r.Verdict != expected {
			t.Errorf("%s: %s is %s, want %s: %q", name, key, r.Verdict, expected, r.Reasons)
		}
	}
}

// TestVerdicts follows what the probe saw to what the requirements say.
func TestVerdicts(t *testing.T) {
	const pass, fail, needs, unknown = rules.Pass, rules.Fail, rules.NeedsEvidence, rules.Unknown
	unowned := compliant()
	unowned.HTTPS = deployment(nil)
	unownedBad := compliant()
	unownedBad.HTTPS = without("Content-Security-Policy")
	short := deployed(set("Strict-Transport-Security", "max-age=15552000"))
	apiOnly := map[string]rules.Verdict{"": pass, "csp": needs, "no-secrets-in-referrer": unknown, "sri-static-client": unknown}
	tests := []struct {
		name string
		site probetest.Site
		kind string
		want map[string]rules.Verdict
	}{
		{"compliant", compliant(), "browser", map[string]rules.Verdict{"": pass}},
		{"API", compliant(), "api", apiOnly},
		{"HSTS of half a year", short, "browser", map[string]rules.Verdict{"": pass, "APOLLO-DATA-04 hsts-one-year": fail}},
		{"no HSTS", deployed(without("Strict-Transport-Security")), "browser", map[string]rules.Verdict{"": pass, "hsts-one-year": fail, "security-headers": fail}},
		{"no CSP", deployed(without("Content-Security-Policy")), "browser", map[string]rules.Verdict{"": pass, "csp": fail}},
		{"no nosniff", deployed(without("X-Content-Type-Options")), "browser", map[string]rules.Verdict{"": pass, "security-headers": fail}},
		{"no referrer policy", deployed(without("Referrer-Policy")), "browser", map[string]rules.Verdict{"": pass, "security-headers": fail, "no-secrets-in-referrer": fail}},
		{"bare cookie", deployed(cookie("session=1")), "browser", map[string]rules.Verdict{"": pass, "cookie-attributes": fail}},
		{"script without a hash", deployed(html("<script src=//cdn.example/x.js></script>")), "browser", map[string]rules.Verdict{"": pass, "sri-static-client": needs}},
		{"not owned", unowned, "browser", map[string]rules.Verdict{"": needs, "no-secrets-in-referrer": unknown, "cookie-attributes": unknown, "sri-static-client": unknown}},
		{"not owned, no CSP", unownedBad, "browser", map[string]rules.Verdict{"": needs, "no-secrets-in-referrer": unknown, "cookie-attributes": unknown, "sri-static-client": unknown}},
	}
	for _, test := range tests {
		_, g := look(t, probetest.New(t, now, test.site), target(test.kind, "/account"))
		checkVerdicts(t, test.name, judged(t, g), test.want)
	}
}

// TestHalfAYear: what fails Apollo is advice to Druva.
func TestHalfAYear(t *testing.T) {
	_, g := look(t, probetest.New(t, now, deployed(set("Strict-Transport-Security", "max-age=15552000"))), target("browser"))
	if r := judged(t, g)["DRUVA-NC-02 hsts-one-year"]; r.Verdict != rules.Pass || !slices.Contains(r.Flags, rules.AtRisk) {
		t.Errorf("%+v", r)
	}
}

// TestWithoutEndpoints: nothing is green for want of something to look at, and
// an attestation counts where the control takes one.
func TestWithoutEndpoints(t *testing.T) {
	attested := rules.Observation{Verifier: "statement:attestation", Control: "tls-1.2-or-higher", Text: "all traffic is internal", At: now, Grade: "A1", Letter: "A"}
	unknown := map[string]rules.Verdict{"": rules.NeedsEvidence, "no-secrets-in-referrer": rules.Unknown, "cookie-attributes": rules.Unknown, "sri-static-client": rules.Unknown}
	for name, r := range map[string]*probe.Record{"no record": nil, "a record": {Version: 1, At: now, ObservedFrom: "runner"}} {
		g := probe.Judge(r, nil, "the network is off", now)
		checkVerdicts(t, name, judged(t, g), unknown)
		with := map[string]rules.Verdict{"tls-1.2-or-higher": rules.Pass}
		maps.Copy(with, unknown)
		checkVerdicts(t, name+", attested", judged(t, g, attested), with)
		if len(g.Runs) != len(probe.Verifiers()) || len(g.Shortfalls) != len(probe.Verifiers()) {
			t.Errorf("%s: %d runs, %d shortfalls", name, len(g.Runs), len(g.Shortfalls))
		}
		for _, short := range g.Shortfalls {
			if !strings.HasPrefix(short.Snippet, "endpoints:\n") || short.In != ".github/staylisted.yml" {
				t.Errorf("%s: %+v", name, short)
			}
		}
	}
}

// TestNotLooked: endpoints that nobody looked at are unknown, for the reason
// given.
func TestNotLooked(t *testing.T) {
	g := probe.Judge(nil, []probe.Target{target("browser")}, "the network is off", now)
	checkVerdicts(t, "no record", judged(t, g), map[string]rules.Verdict{"": rules.Unknown})
	for _, r := range g.Runs {
		if r.State != rules.NotRun || r.Reason != "the network is off" {
			t.Errorf("%+v", r)
		}
	}
	// A record of other endpoints.
	r, _ := look(t, probetest.New(t, now, compliant()), target("browser"))
	for _, url := range []string{"https://else.example/", "https://" + app + "/else", "http://" + app + "/", "https://" + app + ":8443/", "::", "https://u:p@" + app + "/"} {
		g := probe.Judge(r, []probe.Target{{URL: url}}, "", now)
		checkVerdicts(t, url, judged(t, g), map[string]rules.Verdict{"": rules.Unknown})
	}
	// What was seen more than seven days ago counts no more.
	g = probe.Judge(r, []probe.Target{target("browser")}, "", now)
	for i := range g.Runs {
		g.Runs[i].At = now.AddDate(0, 0, -8)
	}
	checkVerdicts(t, "an old record", judged(t, g), map[string]rules.Verdict{"": rules.Unknown})
}

// TestSuppressed: an excused finding leaves a pass with an exception.
func TestSuppressed(t *testing.T) {
	_, g := look(t, probetest.New(t, now, deployed(set("Content-Security-Policy", "default-src 'self' 'unsafe-eval'"))), target("browser"))
	if len(g.Findings) != 1 {
		t.Fatalf("%+v", g.Findings)
	}
	g.Findings[0].Suppressed = &rules.Suppression{Kind: "false-positive", Reason: "the page is a sandbox of its own", Where: "policy"}
	if r := judged(t, g)["DRUVA-NC-01 csp"]; r.Verdict != rules.Pass || !slices.Contains(r.Flags, rules.Exception) {
		t.Errorf("%+v", r)
	}
}

// TestControls holds the catalogue and this package together: every verifier of
// the probe that the catalogue knows is one of ours, and the rules name controls
// that exist and ask for the verifier.
func TestControls(t *testing.T) {
	c := built(t)
	ids := probe.Verifiers()
	named := map[string]bool{}
	for _, k := range c.Controls {
		for _, v := range k.Verifiers {
			if slices.Contains(ids, v.ID) {
				named[v.ID] = true
			}
		}
	}
	for _, id := range ids {
		if !named[id] {
			t.Errorf("no control asks for %s", id)
		}
	}
	seen := map[string]bool{}
	for _, r := range probe.Judge(nil, nil, "", now).Rules {
		if seen[r.ID] || r.Title == "" || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Tool != "staylisted" || len(r.Controls) == 0 || !slices.Contains(ids, rules.Family(r.ID)) {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
		if r.Vector != "" {
			if _, err := rules.Score(r.Vector, rules.FromRule); err != nil {
				t.Errorf("%s: %v", r.ID, err)
			}
		}
		for _, control := range r.Controls {
			if _, found := c.Control(control); !found {
				t.Errorf("%s names %s, which does not exist", r.ID, control)
			}
		}
	}
}

// TestDeterministic: equal answers give equal evidence; a later time and another
// address change no finding's identity.
func TestDeterministic(t *testing.T) {
	var tokens [][]string
	for _, day := range []int{0, 1} {
		s := deployed(header(func(h http.Header) { clear(h) }))
		w := probetest.New(t, now, s)
		targets := []probe.Target{target("browser", "/account"), {URL: "https://" + app + "/account", Kind: "api"}}
		r := w.Prober(probe.Options{Repository: harbour}).Probe(t.Context(), targets, now.AddDate(0, 0, day))
		first, second := probe.Judge(r, targets, "", now), probe.Judge(r, targets, "", now)
		if !reflect.DeepEqual(first, second) {
			t.Error("two judgements of one record differ")
		}
		var list []string
		for _, f := range first.Findings {
			list = append(list, f.Rule+" "+f.Tokens)
		}
		if slices.Sort(list); len(slices.Compact(slices.Clone(list))) != len(list) || len(list) < 6 {
			t.Errorf("findings %q", list)
		}
		tokens = append(tokens, list)
	}
	if !slices.Equal(tokens[0], tokens[1]) {
		t.Errorf("%q\n%q", tokens[0], tokens[1])
	}
}

// TestHostileText: what a server says drives no terminal.
func TestHostileText(t *testing.T) {
	s := deployed(header(func(h http.Header) {
		h["Content-Security-Policy"] = []string{"script-src data: \x1b]0;owned\x07 *"}
		h["Set-Cookie"] = []string{"sess\u202eion=1"}
		h["Referrer-Policy"] = []string{"\u009b31m"}
	}))
	s.HTTP = redirect("https://evil.example/\u202e%1b[31m")
	r, g := look(t, probetest.New(t, now, s), target("browser"))
	if len(g.Findings) < 3 {
		t.Errorf("%+v\n%s", g.Findings, runs(g))
	}
	var texts []string
	for _, f := range g.Findings {
		texts = append(texts, f.Message)
	}
	for _, o := range g.Observations {
		texts = append(texts, o.Text)
	}
	for _, run := range g.Runs {
		texts = append(texts, run.Reason)
	}
	texts = append(texts, g.Notes...)
	for _, text := range texts {
		if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e }) {
			t.Errorf("%q", text)
		}
	}
	if _, err := r.Encode(); err != nil {
		t.Error(err)
	}
}

func TestDecode(t *testing.T) {
	r, _ := look(t, probetest.New(t, now, compliant()), target("browser", "/account"))
	text, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := probe.Decode(text)
	if err != nil || !reflect.DeepEqual(r, again) {
		t.Errorf("%v\n%+v\n%+v", err, r, again)
	}
	for name, bad := range map[string]string{
		"nothing":         "",
		"a list":          "[]",
		"unknown field":   strings.Replace(string(text), `"version"`, `"versions"`, 1),
		"another version": strings.Replace(string(text), `"version": 1`, `"version": 2`, 1),
		"no time":         strings.Replace(string(text), `"2026-11-21T12:00:00Z"`, `"0001-01-01T00:00:00Z"`, 1),
		"from nowhere":    strings.Replace(string(text), `"runner"`, `"moon"`, 1),
		"bad address":     strings.Replace(string(text), `"52.0.1.1"`, `"52.0.1"`, 1),
		"two records":     string(text) + string(text),
		"cut":             string(text[:len(text)/2]),
		"huge":            strings.Repeat(" ", 9<<20) + string(text),
	} {
		if r, err := probe.Decode([]byte(bad)); err == nil || r != nil {
			t.Errorf("%s is read", name)
		}
	}
}

package reports

import (
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// TestScansThatProveNothing: reports of nothing, of something else than the
// deployed endpoint, or of which a part would be lost.
func TestScansThatProveNothing(t *testing.T) {
	opts := Options{Now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Endpoints: []Endpoint{{URL: "https://app.partner.dev/", Owned: rules.True}}}
	json := func(name, alerts string) string {
		return `{"@version":"2.14","@generated":"Fri, 20 Nov 2026 10:00:00","site":[{"@name":"` + name + `"` + alerts + `}]}`
	}
	xml := func(inside, after string) string {
		return `<?xml version="1.0"?><OWASPZAPReport version="2.14" generated="Fri, 20 Nov 2026 10:00:00"><site name="https://app.partner.dev">` + inside + `</site></OWASPZAPReport>` + after
	}
	for _, c := range []struct{ name, data, says string }{
		{"a scan", json("https://app.partner.dev", `,"alerts":[]`), ""},
		{"its port is named", json("https://app.partner.dev:443", `,"alerts":[]`), ""},
		{"no list", json("https://app.partner.dev", ""), "another shape"},
		{"null", json("https://app.partner.dev", `,"alerts":null`), "another shape"},
		{"no list but an object", json("https://app.partner.dev", `,"alerts":{"alertitem":[{"riskcode":"3"}]}`), "another shape"},
		{"another port", json("https://app.partner.dev:8443", `,"alerts":[]`), "another port"},
		{"plain http", json("http://app.partner.dev", `,"alerts":[]`), "another port"},
		{"XML", xml("<alerts></alerts>", "\n<!-- end -->\n"), ""},
		{"XML without a list", xml("", ""), "no list of alerts"},
		{"two reports in a file", xml("<alerts></alerts>", xml("<alerts></alerts>", "")[21:]), "a file of its own"},
		{"text at the end", xml("<alerts></alerts>", "x"), "a file of its own"},
	} {
		r := Read([]Input{{Name: "report", Data: []byte(c.data)}}, opts)
		var said []string
		for _, s := range r.Shortfalls {
			said = append(said, s.Text)
		}
		for _, run := range r.Runs {
			said = append(said, run.Reason)
		}
		if proved := len(r.Observations) > 0; proved != (c.says == "") || !strings.Contains(strings.Join(said, "\n"), c.says) {
			t.Errorf("%s: proved %t, %q", c.name, proved, said)
		}
	}
}

// TestNoResults: a run without a list of results vouches for nothing.
func TestNoResults(t *testing.T) {
	commit := strings.Repeat("a", 40)
	for results, vouches := range map[string]bool{`,"results":[]`: true, "": false, `,"results":null`: false, `,"results":{}`: false} {
		data := `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"CodeQL","rules":[{"id":"js/xss","properties":{"tags":["external/cwe/cwe-079"]}}]}}` + results + `}]}`
		r := Read([]Input{{Name: "a.sarif", Data: []byte(data), Commit: commit}}, Options{Commit: commit})
		if got := len(r.Analysed) > 0; got != vouches {
			t.Errorf("%q: %v, %q", results, r.Analysed, r.Notes)
		}
	}
}

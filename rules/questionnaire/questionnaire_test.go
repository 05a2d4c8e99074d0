package questionnaire

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
)

func load(t testing.TB) *rules.Catalogue {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// reportOf judges all ten topics, each control of each with the verdict.
func reportOf(c *rules.Catalogue, verdict rules.Verdict) *rules.Report {
	r := &rules.Report{Schema: rules.ReportSchema, Repository: "harbour/sync", Commit: strings.Repeat("a", 40), GeneratedAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		Catalogue: rules.CatalogueRef{Version: c.Version}}
	for _, m := range c.Marketplaces {
		for _, q := range m.Requirements {
			if !strings.HasPrefix(q.ID, topics) {
				continue
			}
			a := rules.Assessment{Requirement: q.ID, Marketplace: m.ID, Category: q.Category, Title: q.Title, Verdict: verdict}
			for _, u := range q.Controls {
				a.Controls = append(a.Controls, rules.ControlResult{Control: u.Control, Verdict: verdict, Reasons: []string{"Reason of " + u.Control + "."}})
			}
			r.Assessments = append(r.Assessments, a)
		}
	}
	return r
}

// topicOf returns the section of one topic.
func topicOf(t *testing.T, page, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "\n## "+id+": ")
	if !ok {
		t.Fatalf("no section for %s", id)
	}
	section, _, _ := strings.Cut(rest, "\n<a id=")
	return section
}

func TestTenTopics(t *testing.T) {
	c := load(t)
	page, err := Sheet(reportOf(c, rules.Pass), c)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		id := fmt.Sprintf("MONDAY-Q-%02d", i+1)
		section := topicOf(t, page, id)
		if !strings.Contains(section, "✅ shown") || !strings.Contains(section, "Reason of ") || !strings.Contains(section, "### Open\n\nNothing.") {
			t.Errorf("%s:\n%s", id, section)
		}
		if !strings.Contains(page, "| ["+id+"](#"+strings.ToLower(id)+") |") {
			t.Errorf("the table lacks %s", id)
		}
	}
	if !strings.Contains(page, "10 of 10 topics") {
		t.Errorf("head:\n%s", page[:600])
	}
}

// TestClaimsNothing: what is not green is neither ready nor claimed.
func TestClaimsNothing(t *testing.T) {
	c := load(t)
	for _, v := range []rules.Verdict{rules.Unknown, rules.Fail, rules.Expired, rules.NeedsEvidence, rules.NotYet} {
		page, err := Sheet(reportOf(c, v), c)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page, "✅") || !strings.Contains(page, "0 of 10 topics") {
			t.Errorf("%s is green:\n%s", v, page[:1000])
		}
		for i := range 10 {
			section := topicOf(t, page, fmt.Sprintf("MONDAY-Q-%02d", i+1))
			answer, open, _ := strings.Cut(section, "### Open")
			if !strings.Contains(answer, "Not ready") || strings.Contains(answer, "Reason of") || !strings.Contains(open, v.String()+": Reason of") {
				t.Errorf("%s:\n%s", v, section)
			}
		}
	}
}

func TestEvidenceAndOpen(t *testing.T) {
	c := load(t)
	r := reportOf(c, rules.Pass)
	a := &r.Assessments[6] // MONDAY-Q-07
	a.Flags = []rules.Flag{rules.AtRisk, rules.Exception}
	a.Evidence = []rules.Observation{
		{Verifier: "statement:attestation", Text: "signed", Grade: "A2", Link: ".github/staylisted.yml:12", Expires: time.Date(2027, 11, 11, 0, 0, 0, 0, time.UTC)},
		{Verifier: "policy:x", Text: "page", Link: "https://harbour.dev/mfa?a=(b)"},
	}
	b := &r.Assessments[5] // MONDAY-Q-06
	b.Verdict, b.Controls[0].Verdict = rules.NeedsEvidence, rules.NeedsEvidence
	b.Findings = []string{"MKT101-1"}
	b.Missing = []rules.Shortfall{{Snippet: "stores:\n  db: {encryption: aes-256}", In: ".github/staylisted.yml"}, {Snippet: "stores:\n  db: {encryption: aes-256}"}}
	r.Findings = []rules.Finding{{ID: "MKT101-1", Message: "plain http", Location: rules.Location{Path: "a b/main.go", Line: 7}, Due: &rules.Due{On: "2026-12-24"}}}
	page, err := Sheet(r, c)
	if err != nil {
		t.Fatal(err)
	}
	seven, six := topicOf(t, page, "MONDAY-Q-07"), topicOf(t, page, "MONDAY-Q-06")
	for section, want := range map[string][]string{
		seven: {"✅ shown, at risk, with an exception", "(grade A2), until 2027-11-11", "https://github.com/harbour/sync/blob/" + strings.Repeat("a", 40) + "/.github/staylisted.yml#L12", "https://harbour.dev/mfa?a=%28b%29"},
		six:   {"/a%20b/main.go#L7)", "due on 2026-12-24", "```yaml\nstores:\n  db: {encryption: aes-256}\n```"},
	} {
		for _, w := range want {
			if !strings.Contains(section, w) {
				t.Errorf("no %q in\n%s", w, section)
			}
		}
	}
	if strings.Count(six, "```yaml") != 1 {
		t.Errorf("a snippet is told twice:\n%s", six)
	}
	// One control of the topic is met and may be claimed.
	if !strings.Contains(six, "cannot be claimed yet") || !strings.Contains(six, "Reason of "+b.Controls[1].Control) {
		t.Errorf("partly met:\n%s", six)
	}
}

func TestNotJudged(t *testing.T) {
	c := load(t)
	r := reportOf(c, rules.Pass)
	short := *r
	short.Assessments = r.Assessments[1:]
	for want, report := range map[string]*rules.Report{"does not judge monday": {}, "lacks MONDAY-Q-01": &short} {
		if _, err := Sheet(report, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := Sheet(r, &rules.Catalogue{}); err == nil {
		t.Error("a catalogue without a questionnaire")
	}
}

// markup is what text of a repository must not become.
var markup = regexp.MustCompile(`<(script|img|a href)|[^\\]\]\((javascript|http:)|(^|[^&])@evil|(?m)^# evil|\x1b|\x{202e}`)

// FuzzSheet: no text of a report becomes markup, whatever it holds.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{"<script>x</script>", "](javascript:x)", "\n# evil", "@evil", "`````", "\x1b[31m", "a\u202eb", "https://u:p@h/", "https://h/)(`|<img>", "../x", "x\n```\n<img>", "|", "https://h/\">\n<script>"} {
		f.Add(s)
	}
	c := load(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := reportOf(c, rules.NeedsEvidence)
		r.Repository, r.Commit = s, s
		for i := range r.Assessments {
			a := &r.Assessments[i]
			a.Controls[0].Reasons = []string{s}
			a.Evidence = []rules.Observation{{Verifier: s, Text: s, Link: s, Grade: s}}
			a.Missing = []rules.Shortfall{{Snippet: s, In: s}}
			a.Findings = []string{"x"}
		}
		r.Findings = []rules.Finding{{ID: "x", Message: s, Location: rules.Location{Path: s, Line: 1}}}
		page, err := Sheet(r, c)
		if err != nil {
			t.Fatal(err)
		}
		// What stands in fenced blocks and code spans is shown as it is.
		var lines []string
		fence := ""
		for line := range strings.SplitSeq(page, "\n") {
			run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
			switch {
			case fence == "" && len(run) >= 3 && strings.HasSuffix(line, "yaml"):
				fence = run
			case fence != "":
				if line == fence {
					fence = ""
				}
			default:
				lines = append(lines, withoutSpans(line))
			}
		}
		if fence != "" {
			t.Fatal("a block is not closed")
		}
		if hit := markup.FindString(strings.Join(lines, "\n")); hit != "" {
			t.Fatalf("%q became %q", s, hit)
		}
		headings := slices.DeleteFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "## ") })
		if len(headings) != 10 {
			t.Fatalf("%q makes %d sections", s, len(headings))
		}
	})
}

// withoutSpans takes the code spans out of a line (CommonMark 6.1): they end at
// the next run of as many back quotes, and a backslash only counts before one.
func withoutSpans(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		if line[i] == '\\' && i+1 < len(line) {
			b.WriteString(line[i : i+2])
			i += 2
			continue
		}
		n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		if n == 0 {
			b.WriteByte(line[i])
			i++
			continue
		}
		end := -1
		for j := i + n; j < len(line); {
			m := len(line[j:]) - len(strings.TrimLeft(line[j:], "`"))
			if m == n {
				end = j + m
				break
			}
			j += max(m, 1)
		}
		if end < 0 {
			b.WriteString(line[i : i+n])
			i += n
			continue
		}
		i = end
	}
	return b.String()
}

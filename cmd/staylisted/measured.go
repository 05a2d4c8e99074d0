package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// What the rules find on code that other people annotated is measured by
// rules/scan/oracle/score, which writes measured.json; this file only shows it.
// Nothing here decides anything.

//go:embed measured.json
var measuredJSON []byte

// casesJSON counts the rules' own test cases; a test writes it.
//
//go:embed cases.json
var casesJSON []byte

// measuredCases is the content of cases.json.
type measuredCases []ownCases

// ownCases counts the cases of one rule or variant in this repository.
type ownCases struct {
	Rule       string `json:"rule"`
	Violations int    `json:"violations"`  // places that must be a violation
	Others     int    `json:"others"`      // places that must be found in another class
	NearMisses int    `json:"near_misses"` // places that look like the rule's flaws and must not be found
}

// measuredData is the content of measured.json.
type measuredData struct {
	Topics []measuredTopic `json:"topics"`
	Rules  []measuredRule  `json:"rules"`
	// Disputed are annotations that were reviewed and found wrong.
	Disputed []measuredDispute `json:"disputed,omitempty"`
}

// A measuredDispute is a group of annotations that count in the figures, but not
// against class V.
type measuredDispute struct {
	File   string `json:"file"`
	Lines  []int  `json:"lines"`
	Topic  string `json:"topic"`
	Reason string `json:"reason"`
}

// rule returns the figures of a rule, zero without any.
func (m *measuredData) rule(id string) measuredRule {
	for _, r := range m.Rules {
		if r.Rule == id {
			return r
		}
	}
	return measuredRule{Rule: id}
}

// A measuredTopic counts the annotated places of one kind of flaw.
type measuredTopic struct {
	Topic     string `json:"topic"`
	Positives int    `json:"positives"` // places with the flaw
	Negatives int    `json:"negatives"` // places that only look like it
	// Before is gosec alone, After what a scan reports as violation or for review,
	// Violation the violations among that.
	Before    measuredTally `json:"before"`
	After     measuredTally `json:"after"`
	Violation measuredTally `json:"violation"`
	Outside   string        `json:"outside,omitempty"` // why no control asks for it
}

// A measuredTally counts places at which something was reported.
type measuredTally struct {
	Found int `json:"found"` // of the flawed ones
	False int `json:"false"` // of the others
}

// A measuredRule is the share of one rule, in whatever class it reports.
type measuredRule struct {
	Rule      string `json:"rule"`
	Positives int    `json:"positives"` // of the kinds of flaw it speaks to
	Negatives int    `json:"negatives"`
	measuredTally
	// Violation is what of it was reported as a violation.
	Violation measuredTally `json:"violation"`
	// Disputed counts the false ones whose annotation is wrong, ViolationDisputed
	// those of them that were reported as violations.
	Disputed          int `json:"disputed,omitempty"`
	ViolationDisputed int `json:"violation_disputed,omitempty"`
}

// all returns how many places of what the rule reports on annotated code are
// flawed, without disputed annotations. Its own near misses would count among the
// reported ones, but a test holds that it reports none; its own positives are
// found because the rule was written with them, so they measure nothing.
func (r measuredRule) all() (flawed, reported int) {
	return r.Found, r.Found + r.False - r.Disputed
}

// violations is all for what the rule reports as a violation.
func (r measuredRule) violations() (flawed, reported int) {
	return r.Violation.Found, r.Violation.Found + r.Violation.False - r.ViolationDisputed
}

// readMeasured reads measured.json.
func readMeasured(data []byte) (measuredData, error) {
	var m measuredData
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return measuredData{}, fmt.Errorf("reading measured.json (rules/scan/oracle/score writes it): %w", err)
	}
	return m, nil
}

// measuredMarkdown is the section of docs/rules.md with the figures.
func measuredMarkdown(set *ruleset, m measuredData, cases measuredCases) string {
	var b strings.Builder
	b.WriteString("\n## Measured\n\nOn Go code that other people annotated (the test files of semgrep-rules and codeql-go, and four small applications that\n" +
		"are vulnerable on purpose), in files that type-check. A place is flawed or only looks so; recall is the share of flawed\n" +
		"places that are found, precision the share of found places that are flawed. gosec is gosec alone, with every finding it\n" +
		"prints; staylisted is what a scan reports as violation or for review. Some annotations are narrower than our rules: a\n" +
		"cookie that is safe for a rule on HttpOnly may still lack Secure. `rules/scan/oracle/score` measures this again.\n\n")
	b.WriteString("| Kind of flaw | Flawed | Safe | gosec: found | false | recall | precision | staylisted: found | false | recall | precision | violations: found | false |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, t := range m.Topics {
		if t.Outside != "" {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %s | %d | %d |\n", t.Topic, t.Positives, t.Negatives, t.Before.cells(t.Positives), t.After.cells(t.Positives), t.Violation.Found, t.Violation.False)
	}
	measuredRules(&b, set, m, cases)
	return b.String()
}

// measuredRules is the table of figures per rule: every rule of our own, and
// those of gosec that the annotated code speaks of.
func measuredRules(b *strings.Builder, set *ruleset, m measuredData, cases measuredCases) {
	b.WriteString("\nPer rule, in whatever class it reports, over the places of the kinds of flaw it speaks to, and over the cases of its own\n" +
		"tests: places it must find, and near misses, which look like them and must stay silent (the tests fail otherwise; those of\n" +
		"a variant are its rule's). Precision is the flawed share of what is reported on the annotated code and on the near\n" +
		"misses, of which none is reported, without disputed annotations; places of its own that a rule must find are left out.\n" +
		"`own` means that no annotated code holds what the rule reports: it does what its own cases say, and its precision on\n" +
		"other people's code is not known. The last column is the precision of violations. A rule of class V needs at least\n" +
		"eight near misses, and 0.95 there where it is known.\n\n")
	b.WriteString("| Rule | Class | Flawed | found | recall | Safe | false | disputed | Own cases | near misses | Precision | as violation |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range set.rules {
		row, own := m.rule(r.ID), ownCases{}
		i := slices.IndexFunc(cases, func(c ownCases) bool { return c.Rule == r.ID })
		if i >= 0 {
			own = cases[i]
		} else if row.Positives+row.Negatives == 0 {
			continue
		}
		flawed, reported := row.all()
		sure, violations := row.violations()
		near := "–"
		if i >= 0 {
			near = decimal(own.NearMisses)
		}
		fmt.Fprintf(b, "| [%s](#%s) | %s | %d | %d | %s | %d | %d | %d | %d | %s | %s | %s |\n", r.ID, anchor(r.ID), classLetter(r.Class), row.Positives, row.Found, share(row.Found, row.Positives),
			row.Negatives, row.False, row.Disputed, own.Violations+own.Others, near,
			precision(flawed, reported, own.Violations+own.Others), precision(sure, violations, own.Violations))
	}
	if len(m.Disputed) == 0 {
		return
	}
	b.WriteString("\nDisputed annotations, each reviewed; they count in the tables above and not against the precision of a rule:\n\n| File | Lines | Kind of flaw | Why |\n|---|--:|---|---|\n")
	for _, d := range m.Disputed {
		fmt.Fprintf(b, "| %s | %d | %s | %s |\n", mdCode(d.File), len(d.Lines), mdText(d.Topic), d.Reason)
	}
}

// readCases reads cases.json.
func readCases(data []byte) (measuredCases, error) {
	var c measuredCases
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("reading cases.json (go test ./cmd/staylisted -update writes it): %w", err)
	}
	return c, nil
}

// cells are four columns of a table.
func (t measuredTally) cells(positives int) string {
	return fmt.Sprintf("%d | %d | %s | %s", t.Found, t.False, share(t.Found, positives), share(t.Found, t.Found+t.False))
}

// precision prints the share of flawed places, or "own" where only the rule's own
// cases hold any.
func precision(flawed, reported, own int) string {
	if reported == 0 && own > 0 {
		return "own"
	}
	return share(flawed, reported)
}

// share prints a ratio with two decimals; nothing of nothing is a dash.
func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}

package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// What the rules find on code that other people annotated is measured by
// rules/scan/oracle/score, which writes measured.json; this file only shows it.
// Nothing here decides anything.

//go:embed measured.json
var measuredJSON []byte

// measuredData is the content of measured.json.
type measuredData struct {
	Topics []measuredTopic `json:"topics"`
	Rules  []measuredRule  `json:"rules"`
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
func measuredMarkdown(m measuredData) string {
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
	b.WriteString("\nPer rule, in whatever class it reports, over the places of the kinds of flaw it speaks to; a rule that is missing here\nhas no such place.\n\n")
	b.WriteString("| Rule | Flawed | found | Safe | false | precision |\n|---|--:|--:|--:|--:|--:|\n")
	for _, r := range m.Rules {
		fmt.Fprintf(&b, "| [%s](#%s) | %d | %d | %d | %d | %s |\n", r.Rule, anchor(r.Rule), r.Positives, r.Found, r.Negatives, r.False, share(r.Found, r.Found+r.False))
	}
	return b.String()
}

// cells are four columns of a table.
func (t measuredTally) cells(positives int) string {
	return fmt.Sprintf("%d | %d | %s | %s", t.Found, t.False, share(t.Found, positives), share(t.Found, t.Found+t.False))
}

// share prints a ratio with two decimals; nothing of nothing is a dash.
func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}

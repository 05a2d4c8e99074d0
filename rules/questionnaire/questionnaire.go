// Package questionnaire drafts the answers to monday.com's security
// questionnaire from a report.
//
//	rules.Report + rules.Catalogue ─► Sheet ─► Markdown, one section a topic
//
// Each of the ten topics (MONDAY-Q-01 to -10) has the verdict, a draft of the
// answer made of what the controls show, what that rests on with links, and what
// is open. The draft claims what a control shows and no more: where a topic is
// not met it says so first.
//
// The package is pure: it reads no file, no clock and no network. Text of the
// report comes from a repository, so all of it is made inert.
package questionnaire

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/internal/markdown"
	"github.com/staylisted/staylisted/rules"
)

// marketplace is whose questionnaire it is; topics are its requirements of that
// prefix (monday.com's marketplace security program, 002:21-39).
const (
	marketplace = "monday"
	topics      = "MONDAY-Q-"
)

// maxItems is how many findings, observations or shortfalls one list shows.
const maxItems = 20

// Sheet returns the draft as a page of Markdown. It is an error when the report
// does not judge the marketplace, or lacks a topic of the catalogue.
func Sheet(report *rules.Report, catalogue *rules.Catalogue) (string, error) {
	judged := map[string]*rules.Assessment{}
	for i := range report.Assessments {
		judged[report.Assessments[i].Requirement] = &report.Assessments[i]
	}
	var rows []rules.Requirement
	for _, m := range catalogue.Marketplaces {
		if m.ID != marketplace {
			continue
		}
		for _, r := range m.Requirements {
			if strings.HasPrefix(r.ID, topics) {
				rows = append(rows, r)
			}
		}
	}
	if len(rows) == 0 {
		return "", errors.New("the catalogue has no questionnaire; this is a defect of staylisted, please report it")
	}
	var missing []string
	for _, r := range rows {
		if judged[r.ID] == nil {
			missing = append(missing, r.ID)
		}
	}
	switch {
	case len(missing) == len(rows):
		return "", errors.New("the report does not judge monday; add it under marketplaces in the policy file and scan again")
	case len(missing) > 0:
		return "", fmt.Errorf("the report lacks %s; scan again with this version", strings.Join(missing, ", "))
	}
	s := sheet{report: report, catalogue: catalogue, findings: map[string]*rules.Finding{}}
	for i := range report.Findings {
		s.findings[report.Findings[i].ID] = &report.Findings[i]
	}
	s.head(rows, judged)
	for _, r := range rows {
		s.topic(r, judged[r.ID])
	}
	return s.b.String(), nil
}

type sheet struct {
	report    *rules.Report
	catalogue *rules.Catalogue
	findings  map[string]*rules.Finding
	b         strings.Builder
}

func (s *sheet) printf(format string, args ...any) { fmt.Fprintf(&s.b, format, args...) }

// head says what was judged and how each topic stands.
func (s *sheet) head(rows []rules.Requirement, judged map[string]*rules.Assessment) {
	ready := 0
	for _, r := range rows {
		if judged[r.ID].Verdict.Green() {
			ready++
		}
	}
	s.printf("# Security questionnaire of monday.com: draft\n\n")
	s.printf("%s", cmp.Or(markdown.Code(s.report.Repository), "This repository"))
	if c := s.report.Commit; c != "" {
		s.printf(" at commit %s", markdown.Code(c[:min(12, len(c))]))
	}
	s.printf(", judged %s with catalogue %s. %d of %d topics can be answered with what the scan shows.\n\n",
		s.report.GeneratedAt.UTC().Format("2006-01-02 15:04 UTC"), markdown.Code(s.report.Catalogue.Version), ready, len(rows))
	s.printf("A draft for a person to check, complete and send. It claims what the scan shows and no more. ")
	s.printf("Write the days of submission and approval into the policy file under `marketplaces`.\n\n")
	s.printf("| Topic | Question | State |\n|---|---|---|\n")
	for _, r := range rows {
		s.printf("| [%s](#%s) | %s | %s |\n", r.ID, strings.ToLower(r.ID), markdown.Text(r.Title), state(judged[r.ID]))
	}
	s.printf("\n")
}

// state is a verdict for people, with its flags.
func state(a *rules.Assessment) string {
	word := map[rules.Verdict]string{
		rules.Pass: "✅ shown", rules.NotApplicable: "✅ does not apply", rules.Fail: "❌ not met", rules.Expired: "🟠 proof expired",
		rules.NeedsEvidence: "🟠 needs evidence", rules.NotYet: "⏳ not asked yet",
	}[a.Verdict]
	word = cmp.Or(word, "❔ not verified")
	for _, f := range a.Flags {
		switch f {
		case rules.AtRisk:
			word += ", at risk"
		case rules.Exception:
			word += ", with an exception"
		case rules.InSLA:
			word += ", findings in time"
		}
	}
	return word
}

// topic writes the section of one question.
func (s *sheet) topic(r rules.Requirement, a *rules.Assessment) {
	// An anchor of our own: heading anchors change with the text.
	s.printf("<a id=%q></a>\n\n## %s: %s\n\n**%s**\n\n", strings.ToLower(r.ID), r.ID, markdown.Text(r.Title), state(a))
	s.printf("### Draft answer\n\n")
	if !a.Verdict.Green() {
		s.printf("Not ready: what is open below has to be closed first. What can be said today:\n\n")
	}
	for _, c := range a.Controls {
		title := c.Control
		if k, ok := s.catalogue.Control(c.Control); ok {
			title = k.Title
		}
		reasons := strings.Join(c.Reasons, " ")
		switch c.Verdict {
		case rules.Pass:
			s.printf("- %s. %s\n", markdown.Text(title), markdown.Text(reasons))
		case rules.NotApplicable:
			s.printf("- %s: does not apply. %s\n", markdown.Text(title), markdown.Text(reasons))
		default:
			s.printf("- %s: cannot be claimed yet.\n", markdown.Text(title))
		}
	}
	s.printf("\n")
	s.evidence(a)
	s.open(a)
}

// evidence lists what the answer rests on.
func (s *sheet) evidence(a *rules.Assessment) {
	if len(a.Evidence) == 0 {
		return
	}
	s.printf("### Evidence\n\n")
	for i, o := range a.Evidence {
		if i == maxItems {
			s.printf("- and %d more in the report\n", len(a.Evidence)-i)
			break
		}
		s.printf("- %s: %s", markdown.Code(o.Verifier), markdown.Text(o.Text))
		if o.Grade != "" {
			s.printf(" (grade %s)", markdown.Text(o.Grade))
		}
		if !o.Expires.IsZero() {
			s.printf(", until %s", o.Expires.UTC().Format("2006-01-02"))
		}
		if o.Link != "" {
			s.printf(": %s", s.link(o.Link))
		}
		s.printf("\n")
	}
	s.printf("\n")
}

// open lists what stands in the way of an answer, and exceptions to it.
func (s *sheet) open(a *rules.Assessment) {
	var lines []string
	for _, c := range a.Controls {
		if c.Verdict.Green() {
			continue
		}
		for _, reason := range c.Reasons {
			lines = append(lines, fmt.Sprintf("- %s: %s", c.Verdict, markdown.Text(reason)))
		}
	}
	for _, id := range a.Findings {
		f := s.findings[id]
		if f == nil {
			continue
		}
		line := fmt.Sprintf("- finding %s: %s", markdown.Code(f.ID), markdown.Text(f.Message))
		if f.Location.Path != "" {
			at := f.Location.Path
			if f.Location.Line > 0 {
				at = fmt.Sprintf("%s:%d", at, f.Location.Line)
			}
			line += ": " + s.link(at)
		}
		if f.Due != nil && f.Due.On != "" {
			line += ", due on " + markdown.Text(f.Due.On)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		s.printf("### Open\n\nNothing.\n\n")
		return
	}
	s.printf("### Open\n\n")
	for i, line := range lines {
		if i == maxItems {
			s.printf("- and %d more in the report\n", len(lines)-i)
			break
		}
		s.printf("%s\n", line)
	}
	s.printf("\n")
	if !a.Verdict.Green() {
		s.snippets(a)
	}
}

// snippets shows what would satisfy what is missing.
func (s *sheet) snippets(a *rules.Assessment) {
	var told []string
	for _, lack := range a.Missing {
		if lack.Snippet == "" || slices.Contains(told, lack.Snippet) || len(told) == maxItems {
			continue
		}
		told = append(told, lack.Snippet)
		s.printf("Into %s:\n\n%s\n", markdown.Code(cmp.Or(lack.In, "the policy file")), markdown.Block("yaml", lack.Snippet))
	}
}

var lineOf = regexp.MustCompile(`^(.+):([0-9]+)$`)

// link turns a repository path, which may end in a line, or an https address
// into a link; a path without a known repository and commit is shown as it is.
func (s *sheet) link(to string) string {
	if u, err := url.Parse(to); err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil {
		return fmt.Sprintf("[%s](%s)", markdown.Text(u.Hostname()), target(u.String()))
	}
	if strings.Contains(to, "://") || strings.HasPrefix(to, "/") || slices.Contains(strings.Split(to, "/"), "..") || s.report.Repository == "" || s.report.Commit == "" {
		return markdown.Code(to)
	}
	path, anchor := to, ""
	if m := lineOf.FindStringSubmatch(to); m != nil {
		path, anchor = m[1], "#L"+m[2]
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return fmt.Sprintf("[%s](https://github.com/%s/blob/%s/%s%s)", markdown.Text(to), target(s.report.Repository), target(s.report.Commit), target(strings.Join(parts, "/")), anchor)
}

// target escapes what could end the target of a Markdown link, or mean
// something in a table.
func target(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>()[]{}"'\|^*@`+"`", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/scan"
)

// A ruleset is the catalogue with everything that is known of rules.
type ruleset struct {
	catalogue *rules.Catalogue
	ref       rules.CatalogueRef
	rules     []rules.Rule      // every rule this program can run, by id
	planned   []catalog.Planned // our own rules that are not built yet
}

// loadRuleset reads the embedded catalogue and collects the rules.
func loadRuleset() (*ruleset, error) {
	pack, err := catalog.LoadPack()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded catalogue: %w", err)
	}
	set := &ruleset{
		catalogue: &pack.Catalogue,
		ref:       rules.CatalogueRef{Version: pack.Catalogue.Version, SHA256: pack.Digest},
		planned:   pack.Planned,
	}
	for _, e := range pack.Gosec.Entries {
		set.rules = append(set.rules, e.Rule)
	}
	for _, r := range code.All() {
		set.rules = append(set.rules, r.Metadata()...)
	}
	set.rules = slices.Concat(set.rules, scan.DirectiveRules(), scan.GatheredRules())
	slices.SortFunc(set.rules, func(a, b rules.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return set, nil
}

func rulesCommand() command {
	return command{
		name:  "rules",
		short: "list the rules with what they flag and which controls they serve",
		long:  "Lists every rule a scan runs. V is a violation: the requirement fails. R is for review: the requirement needs evidence until the finding is fixed, excused or proved harmless. I is a note without effect.",
		examples: [][2]string{
			{"staylisted rules", ""},
			{"staylisted rules --format markdown", "the whole documentation, as in docs/rules.md"},
		},
		setup: func(fs *flag.FlagSet) action {
			format := choiceFlag(fs, "format", "form of the list", "text", "json", "markdown")
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) > 0 {
					return &usageError{text: "rules takes no operand; explain describes one rule"}
				}
				set, err := loadRuleset()
				if err != nil {
					return err
				}
				switch format.value {
				case "json":
					return p.printJSON(set.rules)
				case "markdown":
					m, err := readMeasured(measuredJSON)
					if err != nil {
						return err
					}
					c, err := readCases(casesJSON)
					if err != nil {
						return err
					}
					return p.print(rulesMarkdown(set, m, c))
				}
				width, _ := p.terminal(p.stdout)
				return p.print(rulesText(set, width))
			}
		},
	}
}

// rulesText lists rules one a line.
func rulesText(set *ruleset, width int) string {
	out := newPrinter(width, false)
	all := set.rules
	ids := 0
	for _, r := range all {
		ids = max(ids, len(r.ID))
	}
	for _, r := range all {
		severity := "-"
		if c, err := rules.ParseVector(r.Vector); err == nil {
			severity = scoreText(c.Score)
		}
		out.wrap([]span{{plain, fmt.Sprintf("%s  %s  %4s  ", pad(r.ID, ids), classLetter(r.Class), severity)}}, ids+11, span{plain, r.Title})
	}
	out.blank()
	out.wrap(nil, 0, span{plain, fmt.Sprintf("%s, %s planned. staylisted explain ID says more.", count(len(all), "rule"), count(len(set.planned), "rule"))})
	return out.String()
}

// classLetter is the letter tables use for a class.
func classLetter(c rules.Class) string {
	switch c {
	case rules.Violation:
		return "V"
	case rules.Review:
		return "R"
	default:
		return "I"
	}
}

// rulesMarkdown is the page docs/rules.md.
func rulesMarkdown(set *ruleset, m measuredData, cases measuredCases) string {
	all := set.rules
	var b strings.Builder
	b.WriteString("# Rules\n\nWritten by `staylisted rules --format markdown`; a test compares the two.\n\n")
	b.WriteString("Class V is a violation: the requirement fails. R is for review: the requirement needs evidence until the finding is\nfixed, excused or proved harmless. I is a note without effect. The score is the default CVSS 3.1 base score, from which\nthe due date follows; the policy file may replace it with a reason.\n\n")
	b.WriteString("| Rule | Class | Score | CWE | Controls | Flags |\n|---|---|--:|---|---|---|\n")
	for _, r := range all {
		score := "–"
		if c, err := rules.ParseVector(r.Vector); err == nil {
			score = scoreText(c.Score)
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %s | %s |\n", r.ID, anchor(r.ID), classLetter(r.Class), score, cweList(r.CWE), strings.Join(r.Controls, ", "), mdText(r.Title))
	}
	b.WriteString("\nNot built yet; the controls that need them are unknown until they are:\n\n| Rule | Class | Controls | Will flag |\n|---|---|---|---|\n")
	for _, r := range set.planned {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, classLetter(r.Class), strings.Join(r.Controls, ", "), mdText(r.Title))
	}
	b.WriteString(measuredMarkdown(set, m, cases))
	for _, r := range all {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** (%s, by %s)\n", r.ID, mdText(r.Title), r.Class, r.Tool)
		if r.Vector != "" {
			fmt.Fprintf(&b, "\n`%s`\n", r.Vector)
		}
		for _, part := range [][2]string{{"Flags", r.Flags}, {"Safe", r.Safe}, {"How to fix", r.Remediation}} {
			if part[1] != "" {
				fmt.Fprintf(&b, "\n%s: %s\n", part[0], strings.TrimSpace(part[1]))
			}
		}
		for _, part := range [][2]string{{"Wrong", r.Wrong}, {"Right", r.Right}} {
			if part[1] != "" {
				fmt.Fprintf(&b, "\n%s:\n\n```%s\n%s\n```\n", part[0], language(r.ID), strings.Trim(part[1], "\n"))
			}
		}
		if len(r.Frameworks) > 0 {
			fmt.Fprintf(&b, "\nKnows: %s.\n", strings.Join(r.Frameworks, ", "))
		}
	}
	return b.String()
}

// notGo are the rules over files that are not Go, by the beginning of their ids.
var notGo = []string{"MKT405", "MKT408/file", "MKT506", "MKT507", "MKT9"}

// language names the language of a rule's examples for a code block.
func language(id string) string {
	if strings.Contains(id, ":") || slices.ContainsFunc(notGo, func(p string) bool { return strings.HasPrefix(id, p) }) {
		return ""
	}
	return "go"
}

// anchor is how GitHub links to a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, strings.ToLower(heading))
}

func cweList(cwe []int) string {
	parts := make([]string, len(cwe))
	for i, n := range cwe {
		parts[i] = decimal(n)
	}
	return strings.Join(parts, ", ")
}

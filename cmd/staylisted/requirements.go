package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

func requirementsCommand() command {
	return command{
		name:  "requirements",
		short: "list what the marketplaces ask, and how much of it is verified today",
		long:  "Lists the requirements of all marketplaces with the controls behind them. \"Verified\" says how much this version looks at: yes when every control has all it needs, in part when some of it is built, not yet when nothing is; what is not looked at is never met.",
		examples: [][2]string{
			{"staylisted requirements", ""},
			{"staylisted requirements --marketplace druva --format json", ""},
		},
		setup: func(fs *flag.FlagSet) action {
			markets := listFlag(fs, "marketplace", "`ID[,ID]`: only these marketplaces; repeatable")
			format := choiceFlag(fs, "format", "form of the list", "text", "json", "markdown")
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) > 0 {
					return &usageError{text: "requirements takes no operand; explain describes one requirement"}
				}
				set, err := loadRuleset()
				if err != nil {
					return err
				}
				o := scanOptions{marketplaces: markets}
				cat, err := o.narrow(set.catalogue)
				if err != nil {
					return err
				}
				switch format.value {
				case "json":
					return p.printJSON(requirementRows(cat))
				case "markdown":
					return p.print(requirementsMarkdown(cat))
				}
				width, _ := p.terminal(p.stdout)
				return p.print(requirementsText(cat, width))
			}
		},
	}
}

// A requirementRow is one requirement as the JSON list has it.
type requirementRow struct {
	rules.Requirement
	Verified string `json:"verified"` // "yes", "in part", "not yet"
}

func requirementRows(cat *rules.Catalogue) []requirementRow {
	var rows []requirementRow
	for _, m := range cat.Marketplaces {
		for _, r := range m.Requirements {
			rows = append(rows, requirementRow{r, verified(cat, r)})
		}
	}
	return rows
}

// verified says how much of a requirement this version looks at.
func verified(cat *rules.Catalogue, r rules.Requirement) string {
	built, missing := 0, 0
	for _, use := range r.Controls {
		c, ok := cat.Control(use.Control)
		if !ok {
			missing++
			continue
		}
		for _, v := range c.Verifiers {
			switch {
			case !v.Planned:
				built++
			case v.First:
				missing++
			}
		}
		for _, group := range c.Proof {
			if !slices.ContainsFunc(group, func(id string) bool { return builtVerifier(c, id) }) {
				missing++
			}
		}
	}
	switch {
	case built == 0:
		return "not yet"
	case missing > 0:
		return "in part"
	default:
		return "yes"
	}
}

func builtVerifier(c rules.Control, id string) bool {
	return slices.ContainsFunc(c.Verifiers, func(v rules.Verifier) bool { return v.ID == id && !v.Planned })
}

func requirementsText(cat *rules.Catalogue, width int) string {
	out := newPrinter(width, false)
	for i, m := range cat.Marketplaces {
		if i > 0 {
			out.blank()
		}
		out.line(span{bold, m.Name})
		out.blank()
		ids := 0
		for _, r := range m.Requirements {
			ids = max(ids, len(r.ID))
		}
		for _, r := range m.Requirements {
			out.wrap([]span{{plain, fmt.Sprintf("%s  %s  %s  ", pad(r.ID, ids), pad(string(r.Category), 11), pad(verified(cat, r), 7))}}, ids+24, span{plain, r.Title})
		}
	}
	return out.String()
}

// requirementsMarkdown is the page docs/requirements.md.
func requirementsMarkdown(cat *rules.Catalogue) string {
	var b strings.Builder
	b.WriteString("# Requirements\n\nWritten by `staylisted requirements --format markdown`; a test compares the two.\n\n")
	b.WriteString("\"Verified\" says how much this version looks at: *yes* when every control has all it needs, *in part* when some of it is\nbuilt, *not yet* when nothing is. What is not looked at is never met. Titles are our own words; the column \"Source\" leads\nto the line of the marketplace's document.\n")
	for _, m := range cat.Marketplaces {
		fmt.Fprintf(&b, "\n## %s\n\n%s, read %s, SHA-256 `%s`.\n\n", m.Name, mdText(m.Source.Title), m.Source.Read, m.Source.SHA256)
		b.WriteString("| Requirement | Category | What it asks | Controls | Verified | Source |\n|---|---|---|---|---|---|\n")
		for _, r := range m.Requirements {
			var controls []string
			for _, use := range r.Controls {
				controls = append(controls, use.Control)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, r.Category, mdText(r.Title), strings.Join(controls, ", "), verified(cat, r), r.Source)
		}
	}
	return b.String()
}

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A tally counts rows.
type tally struct {
	Found int `json:"found"` // of the flawed ones
	False int `json:"false"` // of those that only look so
}

func (t *tally) add(r row, hit bool) {
	switch {
	case hit && r.positive():
		t.Found++
	case hit:
		t.False++
	}
}

// ratio prints a share with two decimals; nothing of nothing is a dash.
func ratio(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}

func (t tally) cells(positives int) string {
	return fmt.Sprintf("%d | %d | %s | %s", t.Found, t.False, ratio(t.Found, positives), ratio(t.Found, t.Found+t.False))
}

// A topicScore is one line of the table.
type topicScore struct {
	Topic     string `json:"topic"`
	Positives int    `json:"positives"`
	Negatives int    `json:"negatives"`
	Before    tally  `json:"before"`
	After     tally  `json:"after"`
	Violation tally  `json:"violation"`
	Outside   string `json:"outside,omitempty"`
}

func byTopic(marks []*mark) []topicScore {
	at := map[string]*topicScore{}
	for _, m := range marks {
		s := at[m.Topic]
		if s == nil {
			s = &topicScore{Topic: m.Topic, Outside: topicNamed(m.Topic).outside}
			at[m.Topic] = s
		}
		if m.positive() {
			s.Positives++
		} else {
			s.Negatives++
		}
		s.Before.add(m.row, len(m.before) > 0)
		s.After.add(m.row, len(m.after) > 0)
		s.Violation.add(m.row, len(m.violation) > 0)
	}
	var out []topicScore
	for _, s := range at {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b topicScore) int {
		return cmp.Or(cmp.Compare(len(a.Outside), len(b.Outside)), cmp.Compare(b.Positives, a.Positives), cmp.Compare(a.Topic, b.Topic))
	})
	return out
}

// A ruleScore is what one rule contributes over the rows of its topics.
type ruleScore struct {
	Rule      string `json:"rule"`
	Positives int    `json:"positives"` // of the topics it speaks to
	Negatives int    `json:"negatives"`
	tally
	// Violation is what of it was reported as a violation.
	Violation tally `json:"violation"`
	// Disputed counts, among the false ones, those whose annotation is wrong;
	// ViolationDisputed those of them that were reported as violations.
	Disputed          int `json:"disputed"`
	ViolationDisputed int `json:"violation_disputed"`
}

// byRule scores every rule that was reported at a row of its topics, by family
// and variant. A rule counts in whatever class it reports.
func byRule(marks []*mark, disputes []dispute) []ruleScore {
	at := map[string]*ruleScore{}
	for _, m := range marks {
		for _, rule := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.before, m.after)))) {
			s := at[rule]
			if s == nil {
				s = &ruleScore{Rule: rule}
				at[rule] = s
			}
			s.add(m.row, true)
			violation := slices.Contains(m.violation, rule)
			s.Violation.add(m.row, violation)
			if !m.positive() && slices.ContainsFunc(disputes, func(d dispute) bool { return d.about(m.row) }) {
				s.Disputed++
				if violation {
					s.ViolationDisputed++
				}
			}
		}
	}
	var out []ruleScore
	for rule, s := range at {
		for _, m := range marks {
			if !speaks(m.Topic, rule) || m.elsewhere(rule) {
				continue
			}
			if m.positive() {
				s.Positives++
			} else {
				s.Negatives++
			}
		}
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b ruleScore) int { return cmp.Compare(a.Rule, b.Rule) })
	return out
}

const topicHead = `| Topic | Flawed | Safe | gosec: found | false | recall | precision | staylisted: found | false | recall | precision | as violation: found | false |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

func topicTable(marks []*mark) string {
	var b strings.Builder
	b.WriteString(topicHead)
	var sum topicScore
	for _, s := range byTopic(marks) {
		name := s.Topic
		if s.Outside != "" {
			name += " (" + s.Outside + ")"
		} else {
			sum.Positives += s.Positives
			sum.Negatives += s.Negatives
			for _, p := range []struct{ to, from *tally }{{&sum.Before, &s.Before}, {&sum.After, &s.After}, {&sum.Violation, &s.Violation}} {
				p.to.Found += p.from.Found
				p.to.False += p.from.False
			}
		}
		s.line(&b, name)
	}
	sum.line(&b, "**all that a control asks for**")
	return b.String()
}

func (s *topicScore) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %d | %d |\n", name, s.Positives, s.Negatives,
		s.Before.cells(s.Positives), s.After.cells(s.Positives), s.Violation.Found, s.Violation.False)
}

// syntaxTable shows what syntax alone finds where nothing was analysed.
func syntaxTable(marks []*mark) string {
	var b strings.Builder
	b.WriteString("| Topic | Flawed | Safe | syntax rules: found | false | recall | precision |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range byTopic(marks) {
		fmt.Fprintf(&b, "| %s | %d | %d | %s |\n", s.Topic, s.Positives, s.Negatives, s.Before.cells(s.Positives))
	}
	return b.String()
}

// sampleTable shows how each rule of gosec does on its own samples, and how many
// of its findings count as violation or for review.
func sampleTable(marks []*mark) string {
	var b strings.Builder
	b.WriteString("| Rule | Flawed | Safe | found | false | recall | precision | counted | false |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range byTopic(marks) {
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %d | %d |\n", s.Topic, s.Positives, s.Negatives, s.Before.cells(s.Positives), s.After.Found, s.After.False)
	}
	return b.String()
}

func ruleTable(scores []ruleScore) string {
	var b strings.Builder
	b.WriteString("| Rule | Flawed rows of its topics | found | Safe rows | false | precision |\n|---|--:|--:|--:|--:|--:|\n")
	for _, s := range scores {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %s |\n", s.Rule, s.Positives, s.Found, s.Negatives, s.False, ratio(s.Found, s.Found+s.False))
	}
	return b.String()
}

// misses lists, topic by topic, the flawed rows nothing that counts was found at
// and the safe rows something was.
func misses(marks []*mark, hit func(*mark) []string) string {
	var b strings.Builder
	for _, s := range byTopic(marks) {
		head := fmt.Sprintf("\n## %s: %d flawed, %d safe\n", s.Topic, s.Positives, s.Negatives)
		if s.Outside != "" {
			head = fmt.Sprintf("\n## %s (%s)\n", s.Topic, s.Outside)
		}
		for _, m := range marks {
			if m.Topic != s.Topic {
				continue
			}
			rules := hit(m)
			switch {
			case m.positive() && len(rules) == 0:
				before := ""
				if len(m.before) > 0 {
					before = " (only as a note: " + strings.Join(m.before, ", ") + ")"
				}
				b.WriteString(head + "missed " + m.place() + "  " + m.Rule + before + "\n")
				head = ""
			case !m.positive() && len(rules) > 0:
				class := ""
				switch {
				case len(m.violation) > 0:
					class = " VIOLATION"
				case len(m.after) > 0:
					class = " review"
				}
				b.WriteString(head + "false  " + m.place() + "  " + strings.Join(rules, ", ") + class + "\n")
				head = ""
			}
		}
	}
	return b.String()
}

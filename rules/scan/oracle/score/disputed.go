package main

import (
	"fmt"
	"slices"
	"strings"
)

// A dispute is a group of annotations that we hold for wrong. They stay in every
// table and count against us there; one table more says what they cost.
type dispute struct {
	file  string
	lines []int
	why   string
}

// disputes are checked against the Go release or the library that each names.
func disputes() []dispute {
	log := "codeql/query-tests/Security/CWE-117/LogInjection.go"
	return []dispute{
		{log, []int{389, 394, 485, 486, 487, 488, 489, 493, 494, 499, 501, 502, 503, 504, 508, 509, 510, 511, 512, 513, 514, 515, 516, 520, 521, 522, 523, 524, 525, 526, 527, 528, 529,
			532, 533, 534, 535, 536, 537, 538, 539, 540, 541, 545, 546, 547, 553, 554, 555, 557, 559, 561, 563},
			"`%#q` keeps backquotes only for text without control characters (`strconv.CanBackquote`); a line break is quoted as with `%q`"},
		{log, []int{211, 212, 323, 324, 361}, "fields: the encoders of logrus and zap quote them"},
		{log, []int{298, 303}, "`spew.Dump` quotes strings"},
		{log, []int{299, 304, 305, 306}, "an error that nothing logs, and writers that are nil"},
		{"codeql/query-tests/Security/CWE-089/mongoDB.go", []int{57, 61, 63, 64, 66, 69, 70, 71, 72, 73, 78, 79, 80, 81},
			"a string as the value of a field is encoded as a BSON string, which cannot hold an operator"},
		{"semgrep/go/lang/security/audit/net/wip-xss-using-responsewriter-and-printf.go", []int{42}, "the mark is on the source; the response is written, and reported, at line 58"},
	}
}

// disputedTable lists the disputes that marks have, and the recall over the
// other rows of their topics.
func disputedTable(marks []*mark) string {
	var b strings.Builder
	disputed := map[*mark]bool{}
	for _, d := range disputes() {
		rows, found := 0, 0
		topic := ""
		for _, m := range marks {
			if m.File == d.file && slices.Contains(d.lines, m.Line) && m.positive() {
				disputed[m] = true
				topic = m.Topic
				rows++
				if len(m.after) > 0 {
					found++
				}
			}
		}
		if rows > 0 {
			fmt.Fprintf(&b, "| %s | %d | %d | %s | %s |\n", topic, rows, found, d.file, d.why)
		}
	}
	if b.Len() == 0 {
		return "None.\n"
	}
	out := "| Topic | Rows | Found | File | Why |\n|---|--:|--:|---|---|\n" + b.String() + "\n| Topic | Flawed, not disputed | found | recall |\n|---|--:|--:|--:|\n"
	topics := map[string]bool{}
	for m := range disputed {
		topics[m.Topic] = true
	}
	for _, s := range byTopic(slices.DeleteFunc(slices.Clone(marks), func(m *mark) bool { return disputed[m] || !topics[m.Topic] })) {
		out += fmt.Sprintf("| %s | %d | %d | %s |\n", s.Topic, s.Positives, s.After.Found, ratio(s.After.Found, s.Positives))
	}
	return out
}

package main

import (
	"fmt"
	"slices"
	"strings"
)

// disputedTable lists the disputes that marks have, and what recall and
// precision are over the other rows of their topics.
func disputedTable(marks []*mark, disputes []dispute) string {
	var b strings.Builder
	disputed := map[*mark]bool{}
	topics := map[string]bool{}
	for _, d := range disputes {
		rows, found := 0, 0
		for _, m := range marks {
			if !d.about(m.row) {
				continue
			}
			disputed[m] = true
			topics[m.Topic] = true
			rows++
			if len(m.after) > 0 {
				found++
			}
		}
		if rows > 0 {
			fmt.Fprintf(&b, "| %s | %d | %d | %s | %s |\n", d.Topic, rows, found, d.File, d.Reason)
		}
	}
	if b.Len() == 0 {
		return "None.\n"
	}
	rest := slices.DeleteFunc(slices.Clone(marks), func(m *mark) bool { return disputed[m] || !topics[m.Topic] })
	return "| Topic | Rows | Found | File | Why |\n|---|--:|--:|---|---|\n" + b.String() + "\nWithout them:\n\n" + topicTable(rest)
}

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
)

// A row is one expectation at a place.
type row struct {
	File   string `json:"file"` // slash-separated, below the corpora folder
	Line   int    `json:"line"` // 1-based; 0 is the whole file or folder
	Topic  string `json:"topic"`
	CWE    []int  `json:"cwe"`
	Expect string `json:"expect"` // "positive" or "negative" once read
	Source string `json:"source"`
	Rule   string `json:"rule"` // of the source
	Lang   string `json:"lang"`
}

func (r row) positive() bool { return r.Expect == "positive" }

// place is how a row is printed.
func (r row) place() string {
	if r.Line == 0 {
		return r.File
	}
	return fmt.Sprintf("%s:%d", r.File, r.Line)
}

// A dispute is an annotation that somebody has reviewed and found wrong.
type dispute struct {
	Place  string `json:"place"` // as row.place prints it
	Topic  string `json:"topic"`
	Reason string `json:"reason"`
}

// readDisputes reads the disputed annotations. Each must name a row.
func readDisputes(file string, rows []row) ([]dispute, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the disputed annotations: %w", err)
	}
	all := []dispute{}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("reading the disputed annotations %s: %w", file, err)
	}
	for _, d := range all {
		if d.Reason == "" {
			return nil, fmt.Errorf("%s: %s is disputed without a reason", file, d.Place)
		}
		if !slices.ContainsFunc(rows, d.about) {
			return nil, fmt.Errorf("%s: there is no row at %s of topic %s", file, d.Place, d.Topic)
		}
	}
	return all, nil
}

// about reports whether the dispute is about a row.
func (d dispute) about(r row) bool { return d.Place == r.place() && d.Topic == r.Topic }

// readRows returns the Go rows of a manifest in order, and how many of them
// were left out because their own source gets them wrong.
func readRows(file string) (rows []row, left int, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the manifest: %w", err)
	}
	var all []row
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, 0, fmt.Errorf("reading the manifest %s: %w", file, err)
	}
	for _, r := range all {
		switch {
		case r.Lang != "go":
		case strings.HasPrefix(r.Expect, "todo-"):
			left++
		case r.Expect != "positive" && r.Expect != "negative":
			return nil, 0, fmt.Errorf("the manifest %s expects %q at %s; only positive, negative and todo-* are known", file, r.Expect, r.place())
		default:
			r.File = path.Clean(r.File)
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Topic, b.Topic))
	})
	// Two checks of one source may mark one place; it is one expectation.
	rows = slices.CompactFunc(rows, func(a, b row) bool {
		return a.File == b.File && a.Line == b.Line && a.Topic == b.Topic && a.Expect == b.Expect
	})
	return rows, left, nil
}

package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxFront is how large front matter may be, in bytes.
const maxFront = 16 << 10

// A front is what a document says about itself, in the YAML between two lines
// of dashes at its top:
//
//	---
//	compliance: architecture    # or a list of kinds
//	owner: "@login"
//	reviewed: 2026-10-04        # the day somebody last read all of it
//	next-review: 2027-04-04     # optional
//	---
//
// Keys that are not ours belong to whatever builds a site of the files and are
// left alone, unless they look like ours misspelt.
type front struct {
	present    bool
	kinds      []string // known kinds named under compliance
	claimed    bool     // compliance is there, whatever it says
	owner      string
	reviewed   time.Time
	nextReview time.Time
	problems   []string // what is wrong, with what to write instead
}

func (f *front) problem(format string, args ...any) {
	f.problems = append(f.problems, fmt.Sprintf(format, args...))
}

// cutFront splits a text into its front matter, the body below, and the number
// of lines above the body. Without front matter all is body.
func cutFront(src []byte) (yaml, body []byte, above int) {
	line, rest, _ := bytes.Cut(src, []byte("\n"))
	if string(bytes.TrimRight(line, " \t")) != "---" {
		return nil, src, 0
	}
	from := len(src) - len(rest)
	above = 1
	for at := from; at < len(src) && at-from <= maxFront; {
		line, _, _ := bytes.Cut(src[at:], []byte("\n"))
		end := min(len(src), at+len(line)+1)
		above++
		if l := string(bytes.TrimRight(line, " \t")); l == "---" || l == "..." {
			return src[from:at:at], src[end:], above
		}
		at = end
	}
	return nil, src, 0
}

var frontKeys = []string{"compliance", "owner", "reviewed", "next-review"}

// readFront reads front matter strictly where it is ours.
func readFront(src []byte) front {
	if src == nil {
		return front{}
	}
	f := front{present: true}
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(src))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return f
	case err != nil:
		f.guess(src)
		return f
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		f.problem("the front matter is no mapping; write key: value")
		return f
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if !slices.Contains(frontKeys, key.Value) {
			if near, ok := nearest(key.Value, frontKeys); ok && key.Kind == yaml.ScalarNode {
				f.problem("the front matter has the key %s; did you mean %s?", quoted(key.Value), near)
			}
			continue
		}
		if seen[key.Value] {
			f.problem("the front matter has %s twice; keep one", key.Value)
			continue
		}
		seen[key.Value] = true
		f.key(key.Value, value)
	}
	return f
}

// guess looks for what broken front matter was meant to be: the most common
// slip is an unquoted @login, which YAML refuses.
func (f *front) guess(src []byte) {
	why := "it is not YAML"
	for line := range strings.Lines(string(src)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch {
		case !ok:
		case key == "compliance":
			f.claimed = true
			if slices.Contains(documentKinds, value) {
				f.kinds = append(f.kinds, value)
			}
		case key == "owner" && strings.HasPrefix(value, "@"):
			why = `put the owner in double quotes: owner: "@login"`
		}
	}
	f.problem("the front matter cannot be read; %s", why)
}

func (f *front) key(key string, n *yaml.Node) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		f.claimed = f.claimed || key == "compliance"
		f.problem("%s in the front matter uses an anchor, an alias or a tag; write the value out", key)
		return
	}
	if key == "compliance" {
		f.claimed = true
		values := []*yaml.Node{n}
		if n.Kind == yaml.SequenceNode {
			values = n.Content
		}
		for _, v := range values {
			switch {
			case v.Kind != yaml.ScalarNode || isNull(v):
				f.problem("compliance in the front matter names no kind of document; %s", suggest("", documentKinds))
			case !slices.Contains(documentKinds, v.Value):
				f.problem("there is no kind of document %s; %s", quoted(v.Value), suggest(v.Value, documentKinds))
				if near, ok := nearest(v.Value, documentKinds); ok {
					f.kinds = append(f.kinds, near)
				}
			case !slices.Contains(f.kinds, v.Value):
				f.kinds = append(f.kinds, v.Value)
			}
		}
		return
	}
	if n.Kind != yaml.ScalarNode {
		f.problem("%s in the front matter is %s; write one value", key, describe(n))
		return
	}
	if isNull(n) || strings.TrimSpace(n.Value) == "" {
		return // as good as absent, which is said where it matters
	}
	switch key {
	case "owner":
		switch {
		case slices.Contains(exampleOwners, n.Value):
			f.problem("owner in the front matter is the example; write your own")
		case !handleShape.MatchString(n.Value) && !validEmail(n.Value):
			f.problem(`owner in the front matter names nobody; write "@login", "@org/team" or an e-mail address`)
		default:
			f.owner = n.Value
		}
	default:
		on, ok := parseDate(n.Value)
		if !ok {
			f.problem("%s in the front matter is not a date that exists; write it as YYYY-MM-DD", key)
			return
		}
		if key == "reviewed" {
			f.reviewed = on
		} else {
			f.nextReview = on
		}
	}
}

// exampleOwners stand in documentation and skeletons.
var exampleOwners = []string{"@login", "@owner-login", "@your-login", "@org/team"}

// reviewDays is how long a review of a document holds (catalogue §2.9).
const reviewDays = 365

// check returns what is wrong or missing, each with what to write.
func (f *front) check(now time.Time) []string {
	if !f.present {
		return []string{"the front matter is missing"}
	}
	all := slices.Clone(f.problems)
	told := strings.Join(all, "\n")
	if f.owner == "" && !strings.Contains(told, "owner") && !strings.Contains(told, "cannot be read") {
		all = append(all, "owner is missing in the front matter")
	}
	switch {
	case f.reviewed.IsZero():
		if !strings.Contains(told, "reviewed") && !strings.Contains(told, "cannot be read") {
			all = append(all, "reviewed is missing in the front matter: write the day somebody last read all of it, as YYYY-MM-DD")
		}
	case f.reviewed.After(now.Add(eastmost)):
		all = append(all, "reviewed is in the future; write the day it happened")
	case !f.nextReview.IsZero() && f.nextReview.Before(f.reviewed):
		all = append(all, "next-review lies before reviewed; check both dates")
	}
	return all
}

// expires is the first instant at which the review no longer holds: the last
// day is the earlier of next-review and 365 days after the review, in UTC.
func (f *front) expires() time.Time {
	last := f.reviewed.AddDate(0, 0, reviewDays)
	if !f.nextReview.IsZero() && f.nextReview.Before(last) {
		last = f.nextReview
	}
	return dayAfter(last)
}

// dayAfter is the instant at which a UTC day is over.
func dayAfter(last time.Time) time.Time { return last.AddDate(0, 0, 1) }

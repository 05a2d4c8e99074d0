package touch

import (
	"path"
	"strings"
)

// pair matches the units of both sides by name and keeps those of one side for
// [computation.moved].
func (c *computation) pair(f *File, l *language, before, after []*unit) {
	old := map[string]*unit{}
	for _, u := range before {
		if have := old[u.symbol]; have != nil {
			have.after = append(have.after, u.after...)
			continue
		}
		old[u.symbol] = u
	}
	news := map[string]*unit{}
	put := func(u *unit) {
		u.path, u.old, u.lang, u.patch = f.Path(), f.OldPath, l, f.patch
		c.units = append(c.units, u)
	}
	var order []*unit
	for _, u := range after {
		if have := news[u.symbol]; have != nil {
			have.after = append(have.after, u.after...)
			continue
		}
		news[u.symbol] = u
		order = append(order, u)
	}
	for _, u := range order {
		if o := old[u.symbol]; o != nil {
			u.before, u.oldNames = o.after, o.newNames
		} else {
			u.added = true
		}
		put(u)
	}
	for _, u := range before {
		if news[u.symbol] == nil && old[u.symbol] == u {
			u.before, u.after = u.after, nil
			u.oldNames, u.newNames = u.newNames, nil
			u.gone = true
			put(u)
		}
	}
}

// moved takes away what was only moved or renamed, and marks what changed in the
// rest. A function or declaration that is gone in one place and has come in another
// with the same statements was moved; if its name differs it was renamed, and its
// callers are compared with the new name.
func (c *computation) moved() {
	gone := map[string][]*unit{}
	for _, u := range c.units {
		if u.gone && u.symbol != "" && !isRouteMethod(u) && u.symbol != "import" {
			k := body(u, u.before, u.oldNames)
			gone[k] = append(gone[k], u)
		}
	}
	renamed, away := map[string]string{}, map[*unit]bool{}
	for _, u := range c.units {
		if !u.added || u.symbol == "" || isRouteMethod(u) || u.symbol == "import" || len(gone) == 0 {
			continue
		}
		k := body(u, u.after, u.newNames)
		list := gone[k]
		if len(list) == 0 || len(u.after) < 2 && list[0].symbol != u.symbol {
			continue
		}
		o := list[0]
		gone[k] = list[1:]
		away[o], away[u] = true, true
		if from, to := lastName(o.symbol), lastName(u.symbol); from != to {
			renamed[from] = to
		}
	}
	kept := c.units[:0]
	for _, u := range c.units {
		if away[u] {
			continue
		}
		u.compare(renamed)
		if u.changes() {
			kept = append(kept, u)
		}
	}
	c.units = kept
	c.movedLines()
}

// body is what two units have in common if one is the other moved or renamed.
func body(u *unit, list []entry, own map[string]bool) string {
	names := map[string]bool{}
	for n := range own {
		names[n] = true
	}
	for n := range strings.SplitSeq(strings.TrimSpace(u.symbol), ".") {
		names[n] = true
	}
	return u.lang.name + "\x00" + abstract(list, names)
}

// movedRun is how many changed lines in a row have to stand elsewhere, unchanged,
// to count as moved. A single line that moves is a change of order.
const movedRun = 4

// movedLines takes away runs of lines that left one unit and came into another.
// Statements of Go functions that were parsed are not moved about like that: what
// moves between functions is behaviour there.
func (c *computation) movedLines() {
	type place struct {
		u *unit
		i int
	}
	came := map[string][]place{}
	run := func(list []entry, i int) string {
		var b strings.Builder
		for k := i; k < i+movedRun; k++ {
			if k >= len(list) || !list[k].changed {
				return ""
			}
			b.WriteString(list[k].key)
			b.WriteByte('\n')
		}
		return b.String()
	}
	for _, u := range c.units {
		if u.lang.name == "go" && !u.patch {
			continue
		}
		for i := range u.after {
			if k := run(u.after, i); k != "" {
				came[k] = append(came[k], place{u, i})
			}
		}
	}
	for _, u := range c.units {
		if u.lang.name == "go" && !u.patch {
			continue
		}
		for i := 0; i < len(u.before); i++ {
			k := run(u.before, i)
			list := came[k]
			if k == "" || len(list) == 0 || list[0].u == u && u.function {
				continue
			}
			p := list[0]
			came[k] = list[1:]
			for n := 0; i+n < len(u.before) && p.i+n < len(p.u.after); n++ {
				a, b := &u.before[i+n], &p.u.after[p.i+n]
				if n >= movedRun && (!a.changed || !b.changed || a.key != b.key) {
					break
				}
				a.changed, b.changed = false, false
			}
		}
	}
}

// importLine reports whether a line imports something, and follows imports over
// several lines.
func importLine(line []tok, l *language, open *bool) bool {
	first := line[0].text
	last := line[len(line)-1]
	has := func(s string) bool {
		for _, t := range line {
			if t.kind != text && t.text == s {
				return true
			}
		}
		return false
	}
	if *open {
		if l.name == "js" && (has("from") || last.kind == text) || l.name != "js" && has(")") || l.name == "js" && (has("=") || has("(")) {
			*open = false
		}
		return true
	}
	if line[0].kind == text {
		// A line of Go's import block in a patch: nothing but a path.
		return l.name == "go" && len(line) == 1 && importPath(first)
	}
	switch l.name {
	case "js":
		switch {
		case first == "import" && len(line) > 1 && line[1].text != "(" && line[1].text != ".":
			*open = !has("from") && last.kind != text && !(last.text == ";" && line[len(line)-2].kind == text)
			return true
		case first == "export" && has("from"):
			return true
		case has("require") && (first == "const" || first == "let" || first == "var"):
			return true
		}
	case "python":
		if first == "import" || first == "from" && has("import") {
			*open = last.text == "("
			return true
		}
	case "go":
		if first == "import" {
			return true
		}
		return len(line) == 2 && line[1].kind == text && importPath(line[1].text) && line[0].kind == word && first != "return" && first != "case" && first != "package"
	case "c", "script":
		return first == "use" || first == "import" || first == "using" || first == "require" || first == "#" && len(line) > 1 && line[1].text == "include"
	}
	return false
}

// importPath reports whether a string can be a Go import path: in a patch it is all
// there is to go by.
func importPath(s string) bool {
	if s == "" || strings.ContainsAny(s, " :%?&=<>\\") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, ".") || strings.HasSuffix(s, "/") {
		return false
	}
	head, _, deeper := strings.Cut(s, "/")
	return deeper && (strings.Contains(head, ".") || head == "crypto" || head == "net" || head == "golang.org")
}

// isInterface reports whether a file is about what people see: there, words name
// labels and fields more often than decisions.
func isInterface(name string) bool {
	lower := strings.ToLower(name)
	if strings.Contains(lower, "pages/api/") || strings.Contains(lower, "/app/api/") {
		return false
	}
	switch path.Ext(lower) {
	case ".tsx", ".jsx", ".vue", ".svelte", ".html", ".tmpl", ".gohtml":
		return true
	}
	if path.Ext(lower) == ".go" {
		return false
	}
	for dir := range strings.SplitSeq(path.Dir(lower), "/") {
		switch dir {
		case "components", "ui", "views", "static":
			return true
		}
	}
	return false
}

// queues keep, by a key, the indices of what waits for its counterpart.
type queues[K comparable] map[K][]int

func (q queues[K]) put(k K, i int) { q[k] = append(q[k], i) }

// take returns the first index of a key that is not used yet, or -1.
func (q queues[K]) take(k K, used []bool) int {
	for len(q[k]) > 0 {
		i := q[k][0]
		q[k] = q[k][1:]
		if !used[i] {
			return i
		}
	}
	return -1
}

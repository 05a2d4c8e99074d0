package touch

import (
	"slices"
	"strings"
)

// judge gives the signals of one unit's changed entries: T1 to T5 and T10.
func (c *computation) judge(u *unit) {
	for _, side := range []struct {
		list []entry
		came bool
	}{{u.before, false}, {u.after, true}} {
		for i := range side.list {
			if e := &side.list[i]; e.changed && e.imports {
				c.noteImport(u, e, side.came)
			}
		}
	}
	if u.lang.name == "go" && u.symbol == "import" {
		return
	}
	c.routes(u)
	option := c.optionsOf(u)
	checked := c.checks(u)
	logic := logicOf(u)
	if len(logic) == 0 {
		c.words(u, nil) // what is logged may still speak of secrets
		return
	}
	classed := false
	if (u.function || u.lang.name == "js" && u.symbol == "") && !isInterface(u.path) {
		if k, ok := c.classOf(u); ok {
			classed = true
			if !checked && !option {
				s := at(u, logic[0])
				s.ID, s.Level, s.Topic, s.What = T2, High, k.topic, "statement changed in a "+k.why
				if u.added {
					s.What = strings.TrimPrefix(s.What, "statement changed in a ")
					s.What = "new " + s.What
				} else if u.gone {
					s.What = "removed: a " + k.why
				}
				c.add(s)
			}
		}
	}
	if !classed && !checked && !option {
		c.words(u, logic)
	}
}

// A changedEntry is one changed entry and its side.
type changedEntry struct {
	e     *entry
	added bool
}

// at starts a signal at an entry.
func at(u *unit, x changedEntry) Signal {
	s := Signal{Path: u.path, Symbol: strings.TrimSpace(u.symbol)}
	if x.added {
		s.Line = x.e.line
	} else {
		s.OldLine = x.e.line
	}
	return s
}

// logicOf returns the changed entries that do something: no imports, no tags, no
// lines of a log, no brackets. Added ones come first.
func logicOf(u *unit) []changedEntry {
	var out []changedEntry
	for _, side := range []struct {
		list  []entry
		added bool
	}{{u.after, true}, {u.before, false}} {
		for i := range side.list {
			e := &side.list[i]
			if e.changed && !e.imports && !isTag(e, u.lang) && !logs(e) && slices.ContainsFunc(e.toks, func(t tok) bool { return t.kind != sign }) {
				out = append(out, changedEntry{e, side.added})
			}
		}
	}
	return out
}

// isTag reports whether a line is markup: a tag, or the attributes and text of one.
func isTag(e *entry, l *language) bool {
	if !l.markup {
		return false
	}
	t := e.toks
	return t[0].text == "<" || t[0].text == "/" || len(t) > 1 && t[0].text == "{" && t[len(t)-1].text == "}" && t[1].kind == word && len(t) < 6 ||
		len(t) > 2 && t[0].kind == word && t[1].text == "=" && (t[2].kind == text || t[2].text == "{") && t[0].text != "const" || t[0].text == "className"
}

// logs reports whether an entry does nothing but write a log line.
func logs(e *entry) bool {
	for i, t := range e.toks[:min(8, len(e.toks))] {
		if t.kind != word {
			if t.text == "(" || t.text == "=" || t.text == ":=" {
				return false
			}
			continue
		}
		switch strings.ToLower(t.text) {
		case "log", "logger", "slog", "logging", "logrus", "zap", "zerolog", "console", "klog", "glog":
			return i+1 < len(e.toks) && (e.toks[i+1].text == "." || e.toks[i+1].text == "(")
		}
	}
	return false
}

// checks gives T5 for checks that are gone and T2 for those that came or changed. It
// returns whether there were any.
func (c *computation) checks(u *unit) bool {
	type found struct {
		x changedEntry
		k check
	}
	collect := func(list []entry, added bool) (out []found) {
		for i := range list {
			if !list[i].changed || list[i].imports || logs(&list[i]) || isTag(&list[i], u.lang) {
				continue
			}
			if k, ok := c.checkAt(u, list, i); ok {
				out = append(out, found{changedEntry{&list[i], added}, k})
			}
		}
		return out
	}
	gone, came := collect(u.before, false), collect(u.after, true)
	if isInterface(u.path) {
		// What the browser hides or shows is no check; it is told by words.
		return false
	}
	// A condition may have stayed in words while its branch changed, or the other way
	// around: what came is compared with what is gone by name.
	used := make([]bool, len(came))
	waiting := queues[string]{}
	kind := func(name string) string {
		if strings.HasPrefix(name, "if ") {
			return "any condition"
		}
		return "any call"
	}
	for i, x := range came {
		waiting.put(x.k.name, i)
		waiting.put(kind(x.k.name), i)
	}
	for _, g := range gone {
		s := at(u, g.x)
		s.Level, s.Topic = High, g.k.topic
		i := waiting.take(g.k.name, used)
		if i < 0 {
			i = waiting.take(kind(g.k.name), used)
		}
		if i < 0 {
			s.ID, s.What = T5, g.k.what+" removed"
			c.add(s)
			continue
		}
		used[i] = true
		if came[i].x.e.key == g.x.e.key {
			s.ID, s.What = T2, g.k.what+" moved"
		} else {
			s.ID, s.What = T2, came[i].k.what+" changed"
		}
		s.Line = came[i].x.e.line
		c.add(s)
	}
	for i, x := range came {
		if !used[i] {
			s := at(u, x.x)
			s.ID, s.Level, s.Topic, s.What = T2, High, x.k.topic, x.k.what+" added"
			c.add(s)
		}
	}
	return len(gone)+len(came) > 0
}

// interfaceMark starts what is said of files that people look at. All of it counts
// once in [Result.Comment]: the forms of a login page decide nothing.
const interfaceMark = "interface "

// words gives T10: the notions that changed entries speak of.
func (c *computation) words(u *unit, logic []changedEntry) {
	var found []*family
	var first changedEntry
	logging := false
	if isInterface(u.path) && len(logic) > 0 {
		// A form's name says what it is for as much as its statements do.
		if f := strongest(notions(lastName(u.symbol))); f != nil && f.strong {
			found, first = append(found, f), logic[0]
		}
	}
	for _, x := range logic {
		for _, f := range notionsOf(x.e, isInterface(u.path)) {
			if len(found) == 0 {
				first = x
			}
			if !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	for _, list := range [][]entry{u.after, u.before} {
		for i := range list {
			if e := &list[i]; e.changed && logs(e) {
				for _, f := range notionsOf(e, true) {
					if f.topic == Password || f.topic == Secrets || f.topic == Token || f.name == "cookie" {
						if len(found) == 0 {
							first = changedEntry{e, len(u.after) > 0 && &list[0] == &u.after[0]}
						}
						logging = true
						if !slices.Contains(found, f) {
							found = append(found, f)
						}
					}
				}
			}
		}
	}
	if len(found) == 0 {
		return
	}
	s := at(u, first)
	s.ID, s.Level, s.Topic = T10, Medium, found[0].topic
	names := make([]string, len(found))
	strong := false
	for i, f := range found {
		names[i] = f.label()
		strong = strong || f.strong
	}
	slices.Sort(names)
	names = slices.Compact(names)
	s.What = "speaks of " + strings.Join(names, ", ")
	if isInterface(u.path) {
		s.What = interfaceMark + s.What
	}
	if f := strongest(found); f != nil {
		s.Topic = f.topic
	}
	if len(found) >= 2 && strong && !isInterface(u.path) && u.function {
		s.Level = High
	}
	if logging {
		s.Topic = Logging
	}
	c.add(s)
}

// notionsOf returns the notions of an entry's names, and of its strings where they
// are names themselves: keys, columns, headers.
func notionsOf(e *entry, namesOnly bool) []*family {
	var out []*family
	put := func(id string) {
		for _, f := range notions(id) {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	for i, t := range e.toks {
		switch {
		case t.kind == word:
			put(t.text)
		case t.kind == text && !namesOnly && !prose(t.text) && len(t.text) <= 200:
			// A translation's key names a text.
			if i > 1 && e.toks[i-1].text == "(" && (e.toks[i-2].text == "t" || e.toks[i-2].text == "Tr" || e.toks[i-2].text == "_") {
				continue
			}
			for w := range strings.FieldsFuncSeq(t.text, func(r rune) bool {
				return !(r == '_' || r == '-' || r < 128 && (isLetter(byte(r)) || isDigit(byte(r))))
			}) {
				put(w)
			}
		}
	}
	return out
}

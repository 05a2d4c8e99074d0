package touch

import (
	"strings"
)

// lineUnits cuts both sides of a file into functions and the rest, with an entry a
// line. The entries of each unit stand in its after.
func lineUnits(f *File, l *language) (before, after []*unit) {
	old, now := lineCutter{lang: l, byName: map[string]*unit{}}, lineCutter{lang: l, byName: map[string]*unit{}}
	if !f.patch {
		old.cut(string(f.Before), "", 1)
		now.cut(string(f.After), "", 1)
		return old.units, now.units
	}
	for _, h := range f.hunks {
		above := heads(tokens(h.heading, l), l)
		old.cut(strings.Join(h.before, "\n"), above, h.oldLine)
		now.cut(strings.Join(h.after, "\n"), above, h.newLine)
	}
	before, after = old.units, now.units
	for _, list := range [][]*unit{before, after} {
		for _, u := range list {
			u.patch = true
		}
	}
	return before, after
}

// A lineCutter gathers the units of one side.
type lineCutter struct {
	lang   *language
	units  []*unit
	byName map[string]*unit
}

// cut cuts text into units and puts them to those of earlier hunks. above is the
// function the text starts in, by its hunk's heading; first is the number of its
// first line.
func (c *lineCutter) cut(src, above string, first int) {
	l := c.lang
	type open struct {
		name  string
		depth int
	}
	types := map[string]bool{} // classes and the like: their own lines are no function's
	isType := func(name string) bool { return types[name] }
	var stack []open
	if above != "" {
		stack = append(stack, open{above, -1 << 20})
	}
	depth := 0
	toks := tokens(src, l)
	inImport := false
	columns := indents(src, l)
	for i := 0; i < len(toks); {
		j := i
		for j < len(toks) && toks[j].line == toks[i].line {
			j++
		}
		line := toks[i:j]
		i = j
		if l.indent {
			column := columns[line[0].line]
			for len(stack) > 0 && stack[len(stack)-1].depth >= column && line[0].text != ")" {
				stack = stack[:len(stack)-1]
			}
			if name := heads(line, l); name != "" {
				stack = append(stack, open{name, column})
				types[name] = headsType(line)
			}
		} else if name := heads(line, l); name != "" && !(l.name == "go" && columns[line[0].line] > 0) {
			// A function of the file's outermost level ends what a hunk's heading opened.
			if columns[line[0].line] == 0 {
				stack = stack[:0]
				depth = 0
			}
			stack = append(stack, open{name, depth})
			types[name] = headsType(line)
		}
		symbol := ""
		if len(stack) > 0 {
			symbol = stack[len(stack)-1].name
			if n := len(stack); n > 1 && stack[n-2].name != symbol {
				symbol = lastName(stack[n-2].name) + "." + symbol
			}
		}
		u := c.byName[symbol]
		if u == nil {
			u = &unit{symbol: symbol, function: symbol != "" && !isType(stack[len(stack)-1].name)}
			c.byName[symbol] = u
			c.units = append(c.units, u)
		}
		at := line[0].line + first - 1
		copied := make([]tok, len(line))
		for k, t := range line {
			t.line = at
			copied[k] = t
		}
		e := entry{line: at, toks: copied, key: joined(copied)}
		e.imports = importLine(copied, l, &inImport)
		u.after = append(u.after, e)
		if !l.indent {
			for _, t := range line {
				if t.kind != sign {
					continue
				}
				switch t.text {
				case "{", "(", "[":
					depth++
				case "}", ")", "]":
					depth--
				}
			}
			for len(stack) > 0 && depth <= stack[len(stack)-1].depth {
				stack = stack[:len(stack)-1]
			}
			// A bracket that closes at the left margin ends whatever was open, also what
			// began above a hunk.
			if columns[line[0].line] == 0 && strings.Trim(line[0].text, "})]") == "" && line[0].kind == sign && line[len(line)-1].text != "{" {
				stack = stack[:0]
				depth = 0
			}
		}
	}
}

func lastName(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

// indents returns the column of the first character of each line, counted from 1.
func indents(src string, l *language) map[int]int {
	out := map[int]int{}
	n := 0
	for line := range strings.Lines(src) {
		n++
		if c := len(line) - len(strings.TrimLeft(line, " \t")); c > 0 || l.indent {
			out[n] = c
		}
	}
	return out
}

// Words that are followed by a bracket and are no function's name.
var notNames = map[string]bool{
	"if": true, "for": true, "while": true, "switch": true, "catch": true, "return": true, "else": true, "do": true, "await": true, "new": true, "typeof": true,
	"function": true, "func": true, "super": true, "import": true, "export": true, "match": true, "when": true, "with": true, "throw": true, "yield": true, "in": true, "of": true, "case": true, "go": true, "defer": true, "select": true,
}

// headsType reports whether a line that heads something heads a type or a list, not a
// function.
func headsType(line []tok) bool {
	for _, t := range line[:min(4, len(line))] {
		switch t.text {
		case "class", "interface", "struct", "enum", "model", "trait", "module", "type":
			return t.kind == word
		case "(", "func", "function", "def":
			return false
		}
	}
	// const publicRoutes = [
	list := line[0].text == "var"
	for _, t := range line {
		switch t.text {
		case "=>", "function", "(":
			return false
		case "=":
			list = true
		}
	}
	return list
}

// heads returns the name of the function, method or class a line starts, or "".
func heads(line []tok, l *language) string {
	if len(line) < 2 {
		return ""
	}
	at := func(i int) string {
		if i >= 0 && i < len(line) && line[i].kind != text {
			return line[i].text
		}
		return ""
	}
	i := 0
	for i < len(line) && line[i].kind == word {
		switch line[i].text {
		case "export", "default", "async", "public", "private", "protected", "static", "final", "override", "readonly", "pub", "abstract", "internal", "suspend", "open":
			i++
			continue
		}
		break
	}
	switch at(i) {
	case "func": // Go, also Swift
		if l.name == "go" && i == 0 && at(1) == "(" {
			recv := ""
			for k := 2; k < len(line) && line[k].text != ")"; k++ {
				if line[k].kind == word && line[k].text != "" {
					recv = line[k].text
					if at(k+1) == "[" {
						break
					}
				}
			}
			for k := 2; k+1 < len(line); k++ {
				if line[k].text == ")" && line[k+1].kind == word && at(k+2) != "." {
					if recv != "" {
						return recv + "." + line[k+1].text
					}
					return line[k+1].text
				}
			}
			return ""
		}
		if i+1 < len(line) && line[i+1].kind == word {
			return line[i+1].text
		}
		return ""
	case "def", "class", "function", "fn", "fun", "interface", "module", "trait", "struct", "enum", "model":
		k := i + 1
		if at(k) == "*" {
			k++
		}
		if k < len(line) && line[k].kind == word {
			name := line[k].text
			if at(k+1) == "." && k+2 < len(line) && line[k+2].kind == word {
				name = line[k+2].text // Ruby's def self.name
			}
			return name
		}
		if at(0) == "export" && at(1) == "default" {
			return "default" // export default function (req, res) {
		}
		return ""
	case "type":
		if l.name == "go" && i+1 < len(line) && line[i+1].kind == word {
			return line[i+1].text
		}
		return ""
	case "var":
		if l.name == "go" {
			if i+1 < len(line) && line[i+1].kind == word {
				return line[i+1].text
			}
			return ""
		}
	}
	if l.indent {
		return ""
	}
	if l.name == "js" && at(0) == "export" && at(1) == "default" || at(0) == "module" && at(2) == "exports" {
		// A handler without a name: export default async (req, res) => {
		if k := i; at(0) == "module" || at(k) == "(" || at(k+1) == "=>" {
			for ; k < len(line); k++ {
				if at(k) == "(" || at(k) == "=>" || at(k) == "function" {
					return "default"
				}
			}
		}
		return ""
	}
	switch at(i) {
	case "const", "let", "var", "val":
		// const name = async (…) =>, const name = function, const name = useCallback(…
		if i+2 < len(line) && line[i+1].kind == word {
			for k := i + 2; k < len(line); k++ {
				switch at(k) {
				case "=>", "function":
					return line[i+1].text
				case "async":
					return line[i+1].text
				}
			}
			last := at(len(line) - 1)
			if last == "(" && at(len(line)-2) == "=" || last == "[" || last == "{" && at(len(line)-2) == "=" {
				return line[i+1].text
			}
		}
		return ""
	}
	if l.name == "script" || l.markup && l.name == "markup" || l.name == "go" {
		return ""
	}
	// A method: name(…) { with nothing before it but words.
	if at(len(line)-1) != "{" {
		return ""
	}
	for k := i; k < len(line); k++ {
		if line[k].kind != word {
			if at(k) == "(" && k > i && !notNames[at(k-1)] {
				for _, t := range line[i : k-1] {
					if t.kind == word && notNames[t.text] {
						return ""
					}
				}
				return at(k - 1)
			}
			return ""
		}
	}
	return ""
}

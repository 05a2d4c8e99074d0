package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A mark says what was found at a row.
type mark struct {
	row
	before    []string // gosec's rules, of whatever class
	after     []string // rules that count: violation or review
	violation []string // the violations among them
}

// spans maps each line of a file to the lines of the innermost simple statement
// (or declaration, or header of a compound one) that it belongs to: a call over
// several lines is one place.
func spans(file string) func(line int) (from, to int) {
	type span struct{ from, to int }
	var all []span
	fset := token.NewFileSet()
	if f, _ := parser.ParseFile(fset, file, nil, parser.AllErrors|parser.SkipObjectResolution); f != nil {
		line := func(p token.Pos) int { return fset.Position(p).Line }
		add := func(n ast.Node, end token.Pos) { all = append(all, span{line(n.Pos()), line(end)}) }
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.IncDecStmt, *ast.GoStmt, *ast.DeferStmt, *ast.ValueSpec, *ast.ImportSpec, *ast.Field:
				add(n, n.End())
			case *ast.IfStmt:
				add(n, n.Body.Lbrace)
			case *ast.ForStmt:
				add(n, n.Body.Lbrace)
			case *ast.RangeStmt:
				add(n, n.Body.Lbrace)
			case *ast.SwitchStmt:
				add(n, n.Body.Lbrace)
			case *ast.FuncLit:
				// A statement that holds a function is the place up to its body.
				add(n, n.Body.Lbrace)
			case *ast.FuncDecl:
				if n.Body != nil {
					add(n, n.Body.Lbrace)
				}
			}
			return true
		})
	}
	return func(line int) (from, to int) {
		from, to = line, line
		best := -1
		for _, s := range all {
			if s.from <= line && line <= s.to && (best < 0 || s.to-s.from < best) {
				best, from, to = s.to-s.from, s.from, s.to
			}
		}
		return from, to
	}
}

// match lays findings over rows. A finding belongs to the rows of its topic at
// its line, or at the line where its path ends; failing that, to the rows within
// its region or its statement, flawed ones first, because the same statement may
// hold a safe argument beside the flawed one. A row without a line takes what
// nothing else explains in its file, or anything in its folder.
func match(rows []row, findings []found, statement func(file string) func(int) (int, int)) []*mark {
	marks := make([]*mark, len(rows))
	byFile := map[string][]*mark{}
	var folders []*mark
	for i, r := range rows {
		marks[i] = &mark{row: r}
		if strings.HasSuffix(r.File, ".go") {
			byFile[r.File] = append(byFile[r.File], marks[i])
		} else {
			folders = append(folders, marks[i])
		}
	}
	for _, f := range findings {
		for _, m := range folders {
			if strings.HasPrefix(f.file, m.File+"/") && m.covered(f) {
				m.note(f)
			}
		}
		at := byFile[f.file]
		if len(at) == 0 {
			continue
		}
		var names []string
		for _, m := range at {
			names = append(names, m.Topic)
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			var of []*mark
			for _, m := range at {
				if m.Topic == name && m.covered(f) {
					of = append(of, m)
				}
			}
			for _, m := range choose(of, f, statement(f.file)) {
				m.note(f)
			}
		}
	}
	for _, m := range marks {
		for _, s := range []*[]string{&m.before, &m.after, &m.violation} {
			slices.Sort(*s)
			*s = slices.Compact(*s)
		}
	}
	return marks
}

// choose picks the rows of one topic in one file that a finding speaks of.
func choose(of []*mark, f found, statement func(int) (int, int)) []*mark {
	pick := func(in func(m *mark) bool) []*mark {
		var out []*mark
		for _, m := range of {
			if m.Line > 0 && in(m) {
				out = append(out, m)
			}
		}
		return out
	}
	if exact := pick(func(m *mark) bool { return m.Line == f.line || m.Line == f.end }); len(exact) > 0 {
		return exact
	}
	from, to := statement(f.line)
	near := pick(func(m *mark) bool {
		return m.Line >= from && m.Line <= to || m.Line >= f.line && m.Line <= f.endLine
	})
	if len(near) == 0 && f.end > 0 {
		from, to := statement(f.end)
		near = pick(func(m *mark) bool { return m.Line >= from && m.Line <= to })
	}
	if flawed := slices.DeleteFunc(slices.Clone(near), func(m *mark) bool { return !m.positive() }); len(flawed) > 0 {
		return flawed
	}
	if len(near) > 0 {
		return near
	}
	var whole []*mark
	for _, m := range of {
		if m.Line == 0 {
			whole = append(whole, m)
		}
	}
	return whole
}

// covered reports whether the finding speaks of the row's topic, and of the side
// of it that the row's CWE names, if it names one. A topic named
// like a rule of gosec (its samples) takes that rule alone.
func (m *mark) covered(f found) bool {
	return slices.ContainsFunc(f.rules, func(rule string) bool { return speaks(m.Topic, rule) && !m.elsewhere(rule) })
}

func speaks(name, rule string) bool {
	if len(name) == 4 && name[0] == 'G' {
		return family(rule) == name
	}
	t := topicNamed(name)
	return t.covers(rule)
}

func (m *mark) note(f found) {
	for _, rule := range f.rules {
		if !speaks(m.Topic, rule) || m.elsewhere(rule) {
			continue
		}
		if rule[0] == 'G' {
			m.before = append(m.before, rule)
		}
		if f.suppressed {
			continue
		}
		switch f.class {
		case "violation":
			m.violation = append(m.violation, rule)
			m.after = append(m.after, rule)
		case "review":
			m.after = append(m.after, rule)
		}
	}
}

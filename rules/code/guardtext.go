package code

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// proof is how far a check goes.
type proof int

const (
	noProof proof = iota
	half          // something is checked, not everything
	whole
)

// patternOf returns the text of the regular expression that a call matches.
func (t *taint) patternOf(d *call) (string, bool) {
	if d.recv == "" {
		return constText(d.args[0])
	}
	return t.compiled(d.on)
}

func (t *taint) compiled(v ssa.Value) (string, bool) {
	origins, more := t.m.p.origins(v)
	if more || len(origins) != 1 {
		return "", false
	}
	made := origins[0].v
	if ex, ok := made.(*ssa.Extract); ok {
		made = ex.Tuple
	}
	c, ok := made.(*ssa.Call)
	if !ok {
		return "", false
	}
	d := t.m.p.asCall(c, paths("regexp"))
	if d == nil || d.name != "MustCompile" && d.name != "Compile" {
		return "", false
	}
	return constText(d.args[0])
}

// matched says what it proves for a use that a text matches a pattern, or that
// it does not.
func matched(use purpose, pattern string, outcome, below bool) proof {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return half
	}
	tried := regexp.MustCompile(pattern)
	if !outcome {
		return refused(use, tried, below)
	}
	re = re.Simplify()
	begins, ends := anchoredAt(re, syntax.OpBeginText, true), anchoredAt(re, syntax.OpEndText, false)
	if use&(useLog|useMail) != 0 && begins && ends && !reaches(re, func(r rune) bool { return r == '\n' || r == '\r' && use == useMail }) {
		return whole
	}
	if use&(useHost|useJump) != 0 && begins {
		if hostEnds(re) {
			return whole
		}
		if !ends {
			return half
		}
	}
	if !begins || !ends {
		return noProof
	}
	if slices.ContainsFunc(probes(use, below), tried.MatchString) {
		return noProof
	}
	if harmless(use, re) {
		return whole
	}
	return half
}

// leaves reports whether what a pattern finds in a text is harmless.
func leaves(use purpose, pattern string, below bool) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return true
	}
	re = re.Simplify()
	if use == usePath && reaches(re, func(r rune) bool { return r == '/' }) && (!below || reaches(re, func(r rune) bool { return r == '.' })) {
		return false
	}
	return use&(useHost|useJump) != 0 && !reaches(re, func(r rune) bool { return r == '/' }) || harmless(use, re)
}

// refused judges a pattern whose match refuses the text.
func refused(use purpose, re *regexp.Regexp, below bool) proof {
	all := func(texts ...string) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return !re.MatchString(s) })
	}
	switch use {
	case useLog:
		if all("a\nb", "\n", "a\n") {
			return whole
		}
	case useMail:
		if all("a\nb", "\n", "a\r\nb", "a\rb") {
			return whole
		}
	case usePath:
		if below && all("../a", "a/../b", "..", "a/..") {
			return whole
		}
	}
	return half
}

// probes are texts that no proof for the use lets through.
func probes(use purpose, below bool) []string {
	switch use {
	case usePath:
		list := []string{"../a", "..", "a/../../b", "../../a", "../../a.txt", `..\a`, "./../a"}
		if !below {
			list = append(list, "/etc/passwd", "/a/b", "/a")
		}
		return list
	case useEndpoint:
		return []string{"../a", "..", "a/../b"}
	case useJump:
		return []string{"//a", "//a.b", `/\a`, "//a.b/c", "https://a.b", "https://a.b/", "https://a.b/c", "http://a.b", "javascript:a", "https:a"}
	case useOption:
		return []string{"-a", "--a", "-"}
	case useSQL:
		return []string{"a'b", `a"b`, "'", "1 or 1=1", "a;b", "a--b'", "a(b)"}
	}
	return nil
}

// harmless reports whether the characters that a pattern leaves open cannot do
// harm at the use. Literal text is the author's.
func harmless(use purpose, re *syntax.Regexp) bool {
	var bad func(rune) bool
	switch use {
	case useSQL:
		bad = func(r rune) bool { return !plain(r) && !strings.ContainsRune(".:@+/ ,=~", r) }
	case usePath, useEndpoint:
		bad = func(r rune) bool { return r == '\\' || r == 0 || r == '%' && use == useEndpoint }
	case useHTML:
		bad = func(r rune) bool { return strings.ContainsRune(`<>&"'`+"`", r) }
	case useHost:
		bad = func(r rune) bool { return !plain(r) && r != '.' }
	case useJump:
		bad = func(r rune) bool { return r == '\\' || r < ' ' }
	case useCommand, useOption:
		bad = func(r rune) bool { return !plain(r) && !strings.ContainsRune("./:,@+=%", r) }
	default:
		bad = func(r rune) bool { return !plain(r) && r != '.' }
	}
	if use == useHost && reaches(re, func(r rune) bool { return r == '.' }) {
		return false
	}
	return !reaches(re, bad)
}

func plain(r rune) bool {
	return r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f
}

// reaches reports whether a class of a pattern holds a character. Of large
// classes the first 256 characters are looked at: no other does harm.
func reaches(re *syntax.Regexp, bad func(rune) bool) bool {
	switch re.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpAnyCharNotNL:
		for r := range rune(256) {
			if r != '\n' && bad(r) {
				return true
			}
		}
		return false
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= min(re.Rune[i+1], 255); r++ {
				if bad(r) {
					return true
				}
			}
		}
		return false
	}
	return slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return reaches(sub, bad) })
}

// anchoredAt reports whether a pattern begins or ends with an anchor, whatever
// way through it a match takes.
func anchoredAt(re *syntax.Regexp, op syntax.Op, first bool) bool {
	switch re.Op {
	case op:
		return true
	case syntax.OpCapture:
		return anchoredAt(re.Sub[0], op, first)
	case syntax.OpConcat:
		if len(re.Sub) == 0 {
			return false
		}
		if first {
			return anchoredAt(re.Sub[0], op, first)
		}
		return anchoredAt(re.Sub[len(re.Sub)-1], op, first)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !anchoredAt(sub, op, first) })
	}
	return false
}

// hostEnds reports whether a pattern for a whole URL, anchored at its beginning,
// fixes the end of the host: a literal with a dot in it stands before the path,
// the port or the end.
func hostEnds(re *syntax.Regexp) bool {
	if re.Op == syntax.OpCapture {
		return hostEnds(re.Sub[0])
	}
	if re.Op != syntax.OpConcat {
		return false
	}
	rest, scheme := "", false
	for _, sub := range re.Sub[1:] {
		for sub.Op == syntax.OpCapture {
			sub = sub.Sub[0]
		}
		switch sub.Op {
		case syntax.OpEndText:
			return scheme && strings.Contains(strings.TrimPrefix(rest, "."), ".")
		case syntax.OpLiteral:
			text := string(sub.Rune)
			if !scheme {
				_, after, ok := strings.Cut(text, "://")
				if !ok {
					continue
				}
				scheme, text = true, after
			}
			host, _, path := strings.Cut(text, "/")
			rest += host
			if path {
				return strings.Contains(strings.TrimPrefix(rest, "."), ".")
			}
		case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpCharClass, syntax.OpAlternate:
			if !scheme {
				continue // https?
			}
			if lead := leading(sub); lead == "/" || lead == ":" {
				if lead == "/" && sub.Op == syntax.OpPlus {
					return strings.Contains(strings.TrimPrefix(rest, "."), ".")
				}
				continue // optional: what follows is the path, or the end
			}
			if reaches(sub, func(r rune) bool { return strings.ContainsRune(`/\?#@:`, r) }) {
				return false
			}
			rest = ""
		default:
			return false
		}
	}
	return false
}

// leading returns the literal character that a repeated group begins with.
func leading(re *syntax.Regexp) string {
	for len(re.Sub) > 0 && re.Op != syntax.OpAlternate {
		re = re.Sub[0]
	}
	if re.Op == syntax.OpLiteral && len(re.Rune) > 0 {
		return string(re.Rune[:1])
	}
	return ""
}

// replaced judges a replacement of everything that a pattern matches: a negated
// class leaves what it names.
func replaced(use purpose, pattern, by string, below bool) proof {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return half
	}
	re = re.Simplify()
	for re.Op == syntax.OpCapture || re.Op == syntax.OpPlus {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpCharClass {
		return half
	}
	// What remains is the complement.
	rest := &syntax.Regexp{Op: syntax.OpCharClass}
	next := rune(0)
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if re.Rune[i] > next {
			rest.Rune = append(rest.Rune, next, re.Rune[i]-1)
		}
		next = re.Rune[i+1] + 1
	}
	if next <= 0x10ffff {
		rest.Rune = append(rest.Rune, next, 0x10ffff)
	}
	for _, r := range by {
		if r != '$' {
			rest.Rune = append(rest.Rune, r, r)
		}
	}
	has := func(c rune) bool { return reaches(rest, func(r rune) bool { return r == c }) }
	switch use {
	case useLog:
		if !has('\n') {
			return whole
		}
		return half
	case useMail:
		if !has('\n') && !has('\r') {
			return whole
		}
		return half
	case usePath:
		if has('/') && has('.') || has('/') && !below {
			return half
		}
	case useJump:
		if has('/') || has(':') {
			return half
		}
	case useOption:
		if has('-') {
			return half
		}
	}
	if harmless(use, rest) {
		return whole
	}
	return half
}

package main

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain text, ünïcödé 日本 ✓", "plain text, ünïcödé 日本 ✓"},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"a\rb\x00c\x7f", `a\x0db\x00c\x7f`},
		{"title\x1b]0;owned\x07", `title\x1b]0;owned\x07`},
		{"one\ntwo\tthree", `one\ntwo\tthree`},
		{"c1\u009b31m", `c1\x9b31m`},
		{"user\u202etxt.exe", `user\u{202e}txt.exe`},
		{"iso\u2066late\u2069", `iso\u{2066}late\u{2069}`},
		{"zero\u200bwidth\ufeff", `zero\u{200b}width\u{feff}`},
		{"line\u2028sep", `line\u{2028}sep`},
		{"tag\U000e0041", `tag\u{e0041}`},
		{"latin1 \xe9\xff", `latin1 \xe9\xff`},
	} {
		if got := clean(test.in); got != test.want {
			t.Errorf("clean(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x1b[2Jb", "\u202e", "\xff\xfe", "日本"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := clean(s)
		if !utf8.ValidString(out) || strings.ContainsFunc(out, hostile) {
			t.Fatalf("clean(%q) = %q still acts on a terminal", s, out)
		}
		if clean(out) != out {
			t.Fatalf("clean is not settled: %q", out)
		}
		md := mdText(s)
		for _, bad := range []string{"<", "\n", "@a", "#1", "://"} {
			if strings.Contains(md, bad) {
				t.Fatalf("mdText(%q) = %q holds %q", s, md, bad)
			}
		}
		code := mdCode(s)
		if strings.Contains(code, "\n") {
			t.Fatalf("mdCode(%q) = %q leaves its line", s, code)
		}
	})
}

// runnerCommand reports whether GitHub's runner would take a line for a
// command, as it decides that itself.
func runnerCommand(line string) bool {
	return strings.Contains(line, "##[") || strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
}

func TestInert(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain a::b std::string #[x] # #[\n", "plain a::b std::string #[x] # #[\n"},
		{"::error::x\n", "\\::error::x\n"},
		{"ok\n  ::add-mask::x\n\n::set-output name=a::b\n", "ok\n  \\::add-mask::x\n\n\\::set-output name=a::b\n"},
		{"a\n\n \t\u00a0\u3000::x", "a\n\n \t\u00a0\u3000\\::x"},
		{"text ##[error]x ###[y", "text #\\#[error]x ##\\#[y"},
		{"\x1b[1m::error::x\x1b[0m", "\x1b[1m\\::error::x\x1b[0m"},
		{":::", "\\:::"},
		{"\x1b[m:\x1b[0m:x #\x1b[1m#\x1b[0m[y", "\x1b[m\\:\x1b[0m:x #\x1b[1m\\#\x1b[0m[y"},
	} {
		if got := inert(test.in); got != test.want {
			t.Errorf("inert(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzInert(f *testing.F) {
	for _, s := range []string{"", "::a::b", " \u00a0::", "##[x]", "####[[", "a\n::b\r::c", "\x1b[1m \x1b[0m::", "\v::", "\u0085::", "\x1b[m:\x1b[0m:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := inert(s)
		for line := range strings.SplitSeq(out, "\n") {
			if runnerCommand(line) || runnerCommand(colourCode.ReplaceAllString(line, "")) {
				t.Fatalf("inert(%q) = %q is a command", s, out)
			}
		}
		if inert(out) != out {
			t.Fatalf("inert is not settled: %q, %q", out, inert(out))
		}
	})
}

func TestWrap(t *testing.T) {
	p := newPrinter(40, false)
	p.wrap([]span{{plain, "- "}}, 2, span{plain, "some words that do not fit on one line, and a/very/long/path/that/is/never/broken.go:12:3"})
	want := "- some words that do not fit on one\n  line, and\n  a/very/long/path/that/is/never/broken.go:12:3\n"
	if got := p.String(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestColor(t *testing.T) {
	p := newPrinter(80, true)
	p.line(span{red, "bad\x1b[32m"}, span{plain, " and "}, span{green, "good"})
	want := "\x1b[1;31mbad\\x1b[32m\x1b[0m and \x1b[1;32mgood\x1b[0m\n"
	if got := p.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p = newPrinter(80, false)
	p.line(span{red, "bad"})
	if got := p.String(); got != "bad\n" {
		t.Errorf("without colours: %q", got)
	}
}

func TestCount(t *testing.T) {
	for _, test := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "finding", "0 findings"}, {1, "finding", "1 finding"}, {2, "advisory", "2 advisories"},
		{1234567, "line", "1,234,567 lines"}, {999, "day", "999 days"},
	} {
		if got := count(test.n, test.noun); got != test.want {
			t.Errorf("count(%d, %q) = %q, want %q", test.n, test.noun, got, test.want)
		}
	}
}

func TestMarkdownEscapes(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"@octocat closes #12", "@&#8203;octocat closes #&#8203;12"},
		{"https://evil.example/?a=<b>", "https:&#8203;//evil.example/?a=&lt;b&gt;"},
		{"www.evil.example GH-7", "www&#8203;.evil.example GH&#8203;-7"},
		{"[x](y) ![i](j) `c` *b* _i_ | ~~s~~ $m$", "\\[x\\](y) !\\[i\\](j) \\`c\\` \\*b\\* \\_i\\_ \\| \\~\\~s\\~\\~ \\$m\\$"},
		{"a\nb&amp;", `a\\nb&amp;amp;`},
		{`back\slash`, `back\\slash`},
	} {
		if got := mdText(test.in); got != test.want {
			t.Errorf("mdText(%q) = %q, want %q", test.in, got, test.want)
		}
	}
	for _, test := range []struct{ in, want string }{
		{"a.go:1:2", "`a.go:1:2`"},
		{"a`b``c", "``` a`b``c ```"},
		{"a|b\n", "`a&#124;b\\n`"},
		{"", ""},
	} {
		if got := mdCode(test.in); got != test.want {
			t.Errorf("mdCode(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

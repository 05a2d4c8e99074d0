package sarif

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  one\n\ttwo \r\n three  ", "one two three"},
		{"bell\a and \x1b[31mred\x1b[0m", "bell and [31mred[0m"},
		{"right\u202Eot-left\u2066 \uFEFFmark", "rightot-left mark"},
		{"bad \xFF byte", "bad \uFFFD byte"},
		{"a[i] = b(c)", "a[i] = b(c)"}, // no link possible: as it is
		{`handlers[name](w, r)`, `handlers\[name\](w, r)`},
		{`see [here](https://evil.example)`, `see \[here\](https://evil.example)`},
		{`\](x)`, `\\\](x)`},
		{"[a\n](1)", `\[a \](1)`},
	} {
		if got := plain(c.in, 200); got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "lo…"},
		{"日本語日本語", 10, "日本…"},
		{"🦊🦊🦊", 8, "🦊…"},
		{"ab cdef", 6, "ab…"},
	} {
		got := clip(c.in, c.limit)
		if got != c.want || len(got) > c.limit || !utf8.ValidString(got) {
			t.Errorf("clip(%q, %d) = %q (%d bytes), want %q", c.in, c.limit, got, len(got), c.want)
		}
	}
}

func TestMarkdownQuoting(t *testing.T) {
	if got, want := markdownText("a*b_c`d <i>\n[x](y)|"), "a\\*b\\_c\\`d \\<i\\> \\[x\\](y)\\|"; got != want {
		t.Errorf("markdownText: got %q, want %q", got, want)
	}
	for in, want := range map[string]string{
		"v1.2.3":   "`v1.2.3`",
		"a`b``c":   "``` a`b``c ```",
		"`":        "`` ` ``",
		"x\n`y` z": "`` x `y` z ``",
	} {
		if got := codeSpan(in); got != want {
			t.Errorf("codeSpan(%q) = %q, want %q", in, got, want)
		}
	}
	if got, want := codeBlock("\na\n````\nb\n"), "`````\na\n````\nb\n`````"; got != want {
		t.Errorf("codeBlock: got %q, want %q", got, want)
	}
}

// embeddedLink is the plain-text link of SARIF §3.11.6 up to its destination.
var embeddedLink = regexp.MustCompile(`\[(?:[^\\\[\]]|\\[\\\[\]])*\]\(`)

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "[a](b)", `\[a\](b)`, `[\\](x)`, "a\x00b\xFFc", "[[]](()", "\u202E\u2028]\u200B("} {
		f.Add(s, 60)
	}
	f.Fuzz(func(t *testing.T, in string, limit int) {
		limit = 8 + (limit&0xFFFF)%5000
		got := plain(in, limit)
		if len(got) > limit {
			t.Fatalf("%d bytes, limit %d", len(got), limit)
		}
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }); i >= 0 {
			t.Fatalf("control character at %d of %q", i, got)
		}
		if link := embeddedLink.FindString(got); link != "" {
			t.Fatalf("%q became %q, which links %q", in, got, link)
		}
	})
}

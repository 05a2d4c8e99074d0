package sarif

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	gosarif "github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/staylisted/staylisted/rules"
)

func TestColumn(t *testing.T) {
	for _, c := range []struct {
		name       string
		src        string
		line, byte int
		want       int // 0: no column
	}{
		{"ASCII", "abc\ndef\n", 2, 2, 2},
		{"a tab is one column", "\t\tx", 1, 3, 3},
		{"two-byte letter", "aéb", 1, 4, 3},
		{"three-byte letter", "日本x", 1, 7, 3},
		{"emoji is two units", "🦊x", 1, 5, 3},
		{"inside an emoji", "🦊x", 1, 3, 1},
		{"CR LF is no part of the line", "ab\r\ncd\r\n", 1, 9, 3},
		{"lone CR is", "ab\rcd", 1, 4, 4},
		{"byte order mark is not counted", "\uFEFFpackage p", 1, 4, 1},
		{"nor when pointed at", "\uFEFFpackage p", 1, 1, 1},
		{"later lines do not care", "\uFEFFa\nbc", 2, 2, 2},
		{"broken byte is one unit", "a\xFFb", 1, 3, 3},
		{"broken sequence is one unit", "\xE2\x82b", 1, 3, 2},
		{"past the end", "abc", 1, 99, 4},
		{"empty line", "a\n\nb", 2, 1, 1},
		{"empty last line", "a\n", 2, 1, 1},
		{"no such line", "a\n", 3, 1, 0},
		{"line zero", "a\n", 0, 1, 0},
		{"endless line", strings.Repeat("x", maxLine+1), 1, 5, 0},
		{"empty file", "", 1, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := newText([]byte(c.src)).column(c.line, c.byte)
			if ok != (c.want != 0) || got != c.want {
				t.Errorf("got %d, %v, want %d", got, ok, c.want)
			}
		})
	}
}

func TestComplete(t *testing.T) {
	src := "package p\n\nvar 🦊 = \"x\" // end\n\tcall(\n\t\targ)\n"
	for _, c := range []struct {
		name string
		at   rules.Location
		want [4]int // start line, start column, end line, end column; 0 absent
	}{
		{"whole file", rules.Location{}, [4]int{1, 1, 1, 10}},
		{"whole line", rules.Location{Line: 3}, [4]int{3, 1, 3, 20}},
		{"column only", rules.Location{Line: 3, Column: 12}, [4]int{3, 10, 3, 20}},
		{"exact", rules.Location{Line: 3, Column: 12, EndLine: 3, EndColumn: 15}, [4]int{3, 10, 3, 13}},
		{"several lines", rules.Location{Line: 4, Column: 2, EndLine: 5, EndColumn: 7}, [4]int{4, 2, 5, 7}},
		{"end line without column", rules.Location{Line: 4, Column: 2, EndLine: 5}, [4]int{4, 2, 5, 7}},
		{"end before start", rules.Location{Line: 3, Column: 12, EndLine: 3, EndColumn: 2}, [4]int{3, 10, 3, 20}},
		{"end line before start", rules.Location{Line: 3, Column: 12, EndLine: 1, EndColumn: 2}, [4]int{3, 10, 3, 20}},
		{"end outside the file", rules.Location{Line: 3, Column: 12, EndLine: 99, EndColumn: 2}, [4]int{3, 10, 3, 20}},
		{"line outside the file", rules.Location{Line: 50, Column: 2}, [4]int{50, 0, 50, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			region := gosarif.NewRegion().WithStartLine(max(1, c.at.Line))
			complete(region, c.at, newText([]byte(src)))
			var got [4]int
			for i, p := range []*int{region.StartLine, region.StartColumn, region.EndLine, region.EndColumn} {
				if p != nil {
					got[i] = *p
				}
			}
			if got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func FuzzColumn(f *testing.F) {
	f.Add("a🦊\xFF\r\nb", 1, 3)
	f.Fuzz(func(t *testing.T, src string, line, col int) {
		got, ok := newText([]byte(src)).column(line, col)
		if ok && got < 1 {
			t.Fatalf("column %d", got)
		}
		lines := strings.Split(src, "\n")
		if line < 1 || line > len(lines) || !utf8.ValidString(src) || len(src) > maxLine {
			return
		}
		text := strings.TrimSuffix(lines[line-1], "\r")
		if line == 1 && strings.HasPrefix(src, byteOrderMark) || col < 1 || col-1 > len(text) {
			return
		}
		if prefix := text[:col-1]; utf8.ValidString(prefix) && got != len(utf16.Encode([]rune(prefix)))+1 {
			t.Fatalf("byte column %d of %q is %d", col, text, got)
		}
	})
}

func TestRelativeURI(t *testing.T) {
	for path, want := range map[string]string{
		"cmd/main.go":         "cmd/main.go",
		"a b/c%d#e?f.go":      "a%20b/c%25d%23e%3Ff.go",
		"größe/日本.go":         "gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC.go",
		"c:/x.go":             "c%3A/x.go",
		`back\slash`:          "back%5Cslash",
		"[id]/(group)/@x.tsx": "%5Bid%5D/(group)/@x.tsx",
		"bad\xFFname.go":      "bad%EF%BF%BDname.go",
		"quote\"<>.go":        "quote%22%3C%3E.go",
	} {
		if got := relativeURI(path); got != want {
			t.Errorf("relativeURI(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestRepositoryPath(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.go": "a/b.go", "./a.go": "a.go", "a//b/../c": "a/c",
		"": "", "/etc/passwd": "", "../x": "", "a/../../x": "", ".": "", "a\x00b": "",
	} {
		if got, ok := repositoryPath(in); got != want || ok != (want != "") {
			t.Errorf("repositoryPath(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzRelativeURI(f *testing.F) {
	f.Add("a b/c:d")
	f.Fuzz(func(t *testing.T, raw string) {
		path, ok := repositoryPath(raw)
		if !ok {
			return // never written; a path that begins with two slashes would name a host
		}
		uri := relativeURI(path)
		u, err := url.Parse(uri)
		if err != nil || u.Scheme != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("%q: %v, %+v", uri, err, u)
		}
		if u.Path != strings.ToValidUTF8(path, "\uFFFD") {
			t.Fatalf("%q comes back as %q", path, u.Path)
		}
	})
}

package markdown

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"a *b* [c](d) `e`": "a \\*b\\* \\[c\\](d) \\`e\\`",
		"<img>":            "&lt;img&gt;",
		"@anna #12":        "@&#8203;anna #&#8203;12",
		"https://x":        "https:&#8203;//x",
		"a\x1b[31m\nb":     "a\\\\x1b\\[31m\\\\nb",
		"a\xff":            "a\\\\xff",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "`a`", "a`b": "`` a`b ``", "a|b": "`a&#124;b`", "\n": "`\\n`"} {
		if got := Code(in); got != want {
			t.Errorf("Code(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	for in, want := range map[string]string{
		"a: b\n":          "```yaml\na: b\n```\n",
		"a\n```\n# x":     "````yaml\na\n```\n# x\n````\n",
		"`````":           "``````yaml\n`````\n``````\n",
		"a\x1b[2Jb\u2028": "```yaml\na\\x1b[2Jb\\u{2028}\n```\n",
	} {
		if got := Block("yaml", in); got != want {
			t.Errorf("Block(%q) is %q, want %q", in, got, want)
		}
	}
}

func FuzzBlock(f *testing.F) {
	f.Add("a\n```\nb")
	f.Add("~~~\n`` ` ```````")
	f.Fuzz(func(t *testing.T, s string) {
		block := Block("yaml", s)
		fence := block[:strings.Index(block, "yaml")]
		for i, line := range strings.Split(strings.TrimSuffix(block, "\n"), "\n")[1:] {
			last := i == strings.Count(block, "\n")-2
			if strings.Contains(line, fence) != last {
				t.Fatalf("line %d of %q", i, block)
			}
		}
	})
}

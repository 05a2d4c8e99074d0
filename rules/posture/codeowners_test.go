package posture

import (
	"slices"
	"strings"
	"testing"
)

// TestCodeowners follows GitHub's documentation, "About code owners", with
// patterns of our own.
func TestCodeowners(t *testing.T) {
	for _, tt := range []struct {
		file, path, owners string
	}{
		{"* @all", "a/b/c.go", "@all"},
		{"* @all\n*.js @js", "web/app.js", "@js"},
		{"* @all\n*.js @js", "web/app.go", "@all"},
		{"/build/logs/ @logs", "build/logs/x/y.txt", "@logs"},
		{"/build/logs/ @logs", "a/build/logs/x.txt", ""},
		{"build/logs/ @logs", "a/build/logs/x.txt", ""}, // a slash inside anchors
		{"docs/* @docs", "docs/start.md", "@docs"},
		{"docs/* @docs", "docs/build/start.md", ""},
		{"apps/ @apps", "x/apps/y/z", "@apps"},
		{"apps/ @apps", "apps", ""},
		{"/docs/ @docs", "docs/a/b", "@docs"},
		{"/scripts @s", "scripts/a/b", "@s"},
		{"**/logs @logs", "deep/er/logs/x", "@logs"},
		{"/a/**/z @z", "a/b/c/z/x", "@z"},
		{"/a/**/z @z", "a/z", "@z"},
		{"/apps/ @a\n/apps/github", "apps/github", ""},
		{"/apps/ @a\n/apps/github @b # why", "apps/github/x.go", "@b"},
		{"a\\ b.txt @space", "a b.txt", "@space"},
		{"\\#file @hash", "#file", "@hash"},
		{"# comment\n\n  \n/x @o @p team@example.com", "x", "@o @p team@example.com"},
		{"!x @no", "x", ""},
		{"[ab].go @no", "a.go", ""},
		{"file?.go @q", "file1.go", "@q"},
		{"*.go @g", ".github/staylisted.yml", ""},
		{"/.github/ @sec", ".github/staylisted.yml", "@sec"},
		{".github @sec", ".github/staylisted.yml", "@sec"},
		{"x*y*z @w", "xaaybbz", "@w"},
		{"x*y*z @w", "xaaybb", ""},
		{"/ @root", "a/b", "@root"},
		{"", "a", ""},
	} {
		list, err := parseOwners([]byte(tt.file))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(list.of(tt.path), " "); got != tt.owners {
			t.Errorf("%q: %s is owned by %q, want %q", tt.file, tt.path, got, tt.owners)
		}
	}
	if _, err := parseOwners(make([]byte, maxCodeowners+1)); err == nil {
		t.Error("a file that GitHub does not read is read")
	}
}

// FuzzCodeowners asks for the owners of any path by any file: nothing panics,
// takes long, or names an owner that is not in the file.
func FuzzCodeowners(f *testing.F) {
	f.Add("* @all\n/docs/** @docs\n", "docs/a/b")
	f.Add("a\\ b @x # c\n**/**/** @y", "///")
	f.Add(strings.Repeat("*a", 50)+" @z", strings.Repeat("a", 100))
	f.Fuzz(func(t *testing.T, file, path string) {
		if len(file) > 1<<14 || len(path) > 1<<10 {
			return
		}
		list, err := parseOwners([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		bare := strings.ReplaceAll(file, "\\", "")
		for _, owner := range list.of(path) {
			if !strings.Contains(bare, strings.ReplaceAll(owner, "\\", "")) {
				t.Errorf("%q is in no line of %q", owner, file)
			}
		}
		if got, again := list.of(path), list.of(path); !slices.Equal(got, again) {
			t.Errorf("%q, then %q", got, again)
		}
	})
}

package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// A repository is what the verifiers of one scan share.
type repository struct {
	ctx  context.Context
	tree *tree.Tree
	opts Options
}

// A reading collects what verifiers could not see of the files they need.
type reading struct {
	repo     *repository
	problems []string
}

func (r *repository) reading() *reading { return &reading{repo: r} }

// problem notes what a person must do something about.
func (rd *reading) problem(format string, args ...any) {
	rd.problems = append(rd.problems, cut(printable(fmt.Sprintf(format, args...)), 300))
}

// each hands over the text files whose names match, in order of their names.
// What cannot be read, and what the commit has and the folder does not, is a
// problem.
func (rd *reading) each(match func(name string) bool, limit int64, do func(name string, data []byte)) {
	for _, name := range rd.repo.tree.Missing() {
		if match(name) {
			rd.problem("%s is in the commit and not in the scanned folder; check it out", name)
		}
	}
	for _, name := range rd.repo.tree.Names() {
		if !match(name) {
			continue
		}
		if rd.repo.ctx.Err() != nil {
			rd.problem("the scan was stopped before %s was read; scan again", name)
			return
		}
		if data, ok := rd.file(name, limit); ok {
			do(name, data)
		}
	}
}

// file reads one text file of the tree.
func (rd *reading) file(name string, limit int64) ([]byte, bool) {
	data, err := rd.repo.tree.Read(name, limit)
	switch {
	case errors.Is(err, tree.ErrTooLarge):
		rd.problem("%s is larger than the %d KiB that are read of such a file; make it smaller", name, limit>>10)
		return nil, false
	case errors.Is(err, fs.ErrNotExist):
		rd.problem("%s is not there any more; scan again", name)
		return nil, false
	case err != nil:
		rd.problem("%s cannot be read: %v; give the scan read access", name, err)
		return nil, false
	case tree.Binary(data):
		rd.problem("%s is no UTF-8 text; save it as such", name)
		return nil, false
	}
	return data, true
}

// end says how the verifiers' run ended.
func (rd *reading) end(g *rules.Gathered, verifiers ...string) {
	if len(rd.problems) == 0 {
		g.Complete(verifiers...)
		return
	}
	shown := rd.problems[:min(len(rd.problems), 3)]
	text := strings.Join(shown, "; ")
	if n := len(rd.problems) - len(shown); n > 0 {
		text += fmt.Sprintf("; and %d more", n)
	}
	g.Broken(text, verifiers...)
}

// Places

// textFolders hold documentation, examples and tests: what stands there is
// neither served nor run by the product. vendoredFolders hold code of others.
var (
	textFolders = []string{"test", "tests", "testdata", "__tests__", "__mocks__", "spec", "specs", "e2e", "fixtures", "examples", "example",
		"samples", "sample", "demo", "demos", "docs", "doc", "documentation", "mocks", "stub", "stubs", "integrationtest", "integrationtests", "integration_test", "integration-test", "benchmark", "benchmarks"}
	// toolFolders hold what people and pipelines run, not the product.
	toolFolders     = []string{"scripts", "script", "tools", "tool", "hack", "ci", ".ci", "contrib", "misc", "dev", "local", ".devcontainer", "packaging"}
	vendoredFolders = []string{"vendor", "node_modules", "third_party", "bower_components"}
)

// inFolder reports whether some folder of a path has one of the names.
func inFolder(name string, folders ...[]string) bool {
	for elem := range strings.SplitSeq(strings.ToLower(path.Dir(name)), "/") {
		for _, list := range folders {
			if slices.Contains(list, elem) {
				return true
			}
		}
	}
	return false
}

// shipped reports whether a file may be part of the product by its place.
func shipped(name string) bool { return !inFolder(name, textFolders, vendoredFolders) }

// generated reports names of files that tools write from others.
func generated(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.Contains(base, ".min.") || strings.Contains(base, ".bundle.") || strings.HasSuffix(base, ".d.ts") || strings.HasSuffix(base, ".map")
}

// testFile reports names of test files in scripts' languages.
func testFile(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.Contains(base, ".test.") || strings.Contains(base, ".spec.") || strings.Contains(base, ".stories.") || strings.Contains(base, ".cy.") || strings.HasSuffix(base, "_test.js")
}

// Text

// printable makes text of the repository safe to keep: valid UTF-8 without
// characters that drive a terminal or reorder text.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, control) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func control(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f
}

// cut shortens text to at most n bytes, at a rune's boundary.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// quote shows a piece of the repository's text on one line.
func quote(s string) string { return cut(printable(strings.Join(strings.Fields(s), " ")), 120) }

// list joins names for a sentence, at most three of them.
func list(names []string) string {
	if len(names) <= 3 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
}

// finding makes a finding of a rule in a file. tokens tell it apart from others
// of its rule in the same file and symbol.
func finding(rule rules.Rule, message string, at rules.Location, tokens ...string) rules.Finding {
	at.Path, at.Symbol = printable(at.Path), printable(at.Symbol)
	f := rule.Finding("file", cut(printable(message), 1000), at)
	f.Tokens = rules.TokenDigest(append([]string{rule.ID}, tokens...)...)
	return f
}

// attestationSnippet is a statement in the policy file's form (catalogue §2.9)
// for somebody to correct and sign.
func attestationSnippet(requirement, statement string, now time.Time, days int) string {
	const day = "2006-01-02"
	return fmt.Sprintf("attestations:\n  - for: [%s]\n    statement: %s\n    owner: \"@login\"\n    date: %s\n    expires: %s\n    evidence: [docs/evidence.md]\n",
		requirement, statement, now.UTC().Format(day), now.UTC().AddDate(0, 0, days).Format(day))
}

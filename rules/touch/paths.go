package touch

import (
	"bytes"
	"path"
	"strings"
)

// notCounted says why a file does not count, or "". Secrets (T12) are looked for in
// it all the same, and policy files (T8) never come here.
func notCounted(f *File, generated []pattern) string {
	name := f.Path()
	lower := strings.ToLower(name)
	base := path.Base(lower)
	for dir := range strings.SplitSeq(path.Dir(lower), "/") {
		switch dir {
		case "vendor", "node_modules", "third_party", "bower_components":
			return "code of others"
		case "testdata", "e2e", "cypress", "spec":
			return "tests"
		case "docs", "doc", "issue_template":
			return "documentation"
		case "locales", "locale", "i18n", "lang", "langs", "translations":
			if !isCode(base) {
				return "translations"
			}
		case "dist", "generated", "__generated__":
			// A Go file says so itself, or it counts.
			if !strings.HasSuffix(base, ".go") {
				return "generated"
			}
		}
		if holds(split(dir), "test", "tests", "fixture", "fixtures", "mock", "mocks") {
			return "tests"
		}
	}
	switch {
	case strings.HasSuffix(base, "_test.go"), strings.Contains(base, ".test."), strings.Contains(base, ".spec."),
		strings.HasPrefix(base, "test_") && strings.HasSuffix(base, ".py"), strings.HasSuffix(base, "_test.py"), base == "conftest.py":
		return "tests"
	case hasSuffix(base, ".md", ".mdx", ".rst", ".adoc", ".txt") && !strings.HasPrefix(base, "requirements"):
		return "documentation"
	case lockfiles[base]:
		return "a lockfile"
	case hasSuffix(base, ".pb.go", ".pb.gw.go", "_pb2.py", "_pb.ts", "_pb.js", ".min.js", ".min.css", ".map"):
		return "generated"
	}
	for _, p := range generated {
		if p.matches(name) {
			return "generated (linguist-generated)"
		}
	}
	// A change must not hide a file that was written by hand before.
	if (f.OldPath == "" || isGenerated(base, f.Before)) && (f.NewPath == "" || isGenerated(base, f.After)) {
		return "generated"
	}
	return ""
}

var lockfiles = map[string]bool{
	"go.sum": true, "go.work.sum": true, "package-lock.json": true, "npm-shrinkwrap.json": true, "yarn.lock": true, "pnpm-lock.yaml": true, "bun.lock": true,
	"poetry.lock": true, "pipfile.lock": true, "uv.lock": true, "pdm.lock": true, "cargo.lock": true, "gemfile.lock": true, "composer.lock": true, ".terraform.lock.hcl": true,
}

// isGenerated reports Go's own mark of generated code (go.dev/s/generatedcode), and
// text that no person writes by hand: very long lines of script.
func isGenerated(base string, text []byte) bool {
	if len(text) == 0 {
		return false
	}
	if strings.HasSuffix(base, ".go") {
		for line := range bytes.Lines(text) {
			line = bytes.TrimRight(line, "\r\n")
			if bytes.HasPrefix(line, []byte("// Code generated ")) && bytes.HasSuffix(line, []byte(" DO NOT EDIT.")) {
				return true
			}
			if bytes.HasPrefix(line, []byte("package ")) {
				break
			}
		}
		return false
	}
	if hasSuffix(base, ".js", ".mjs", ".cjs", ".css") {
		return len(text) > 5000 && len(text)/(bytes.Count(text, []byte("\n"))+1) > 400
	}
	return false
}

func hasSuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

func isCode(base string) bool {
	l := languageOf(base)
	return l != nil && l.config == ""
}

// A pattern is a line of .gitattributes that sets or unsets linguist-generated.
type pattern struct {
	glob  string
	whole bool // the glob is matched against the whole path
}

// attributes reads the patterns that mark files as generated. Only the plain forms
// are understood: names, paths, "*" and a trailing "/**". Lines that take the mark
// away end what stands above them only for the same pattern.
func attributes(text string) []pattern {
	set := map[string]bool{}
	var order []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") || len(order) >= 1000 {
			continue
		}
		for _, a := range fields[1:] {
			switch a {
			case "linguist-generated", "linguist-generated=true":
				if _, ok := set[fields[0]]; !ok {
					order = append(order, fields[0])
				}
				set[fields[0]] = true
			case "-linguist-generated", "linguist-generated=false", "!linguist-generated":
				set[fields[0]] = false
			}
		}
	}
	var patterns []pattern
	for _, glob := range order {
		if set[glob] {
			patterns = append(patterns, pattern{strings.TrimPrefix(glob, "/"), strings.Contains(glob, "/")})
		}
	}
	return patterns
}

func (p pattern) matches(name string) bool {
	if dir, ok := strings.CutSuffix(p.glob, "/**"); ok {
		return strings.HasPrefix(name, dir+"/")
	}
	if !p.whole {
		name = path.Base(name)
	}
	ok, err := path.Match(p.glob, name)
	return ok && err == nil
}

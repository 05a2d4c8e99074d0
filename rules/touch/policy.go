package touch

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// policyNames are files that say who answers for the repository and what is let
// through. They count wherever GitHub or the tools look for them.
var policyNames = map[string]string{
	".github/staylisted.yml": "policy file", ".github/staylisted.yaml": "policy file", "staylisted.yml": "policy file", "staylisted.yaml": "policy file",
	"CODEOWNERS": "code owners", ".github/CODEOWNERS": "code owners", "docs/CODEOWNERS": "code owners",
	"SECURITY.md": "security policy", ".github/SECURITY.md": "security policy", "docs/SECURITY.md": "security policy",
	"security-insights.yml": "Security Insights", ".github/security-insights.yml": "Security Insights", "SECURITY-INSIGHTS.yml": "Security Insights",
	".gitleaksignore": "ignored secrets", ".gitleaks.toml": "rules for secrets", ".gosec.json": "rules of gosec",
}

// policyFile gives T8 for a file of policy; its contents are then judged no further,
// but for secrets.
func (c *computation) policyFile(f *File) bool {
	what := ""
	for _, name := range []string{f.NewPath, f.OldPath} {
		if w := policyNames[name]; w != "" {
			what = w
		} else if base := path.Base(name); base == ".gitleaksignore" || base == ".gitleaks.toml" || base == "staylisted.yml" && strings.HasSuffix(path.Dir(name), ".github") {
			what = cmpOr(policyNames[base], "policy file")
		}
	}
	if what == "" {
		return false
	}
	verb := " changed"
	switch {
	case f.OldPath == "":
		verb = " added"
	case f.NewPath == "":
		verb = " removed"
	case f.OldPath != f.NewPath:
		verb = " moved"
	}
	s := Signal{ID: T8, Level: High, Path: f.Path(), What: what + verb, Topic: Policy}
	for _, l := range changedLines(f) {
		if l.added && s.Line == 0 {
			s.Line = l.line
		} else if !l.added && s.OldLine == 0 {
			s.OldLine = l.line
		}
		s.Requirements = append(s.Requirements, requirement.FindAllString(l.text, 20)...)
	}
	slices.Sort(s.Requirements)
	s.Requirements = slices.Compact(s.Requirements)
	c.add(s)
	return true
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// requirement is the form of the catalogue's identifiers.
var requirement = regexp.MustCompile(`\b(?:DRUVA|APOLLO|MONDAY)-[A-Z]{1,8}-[0-9]{2}\b`)

// suppression are the comments that tell a tool to look away.
var suppression = regexp.MustCompile(`(#nosec\b|//\s*nolint:[a-z,]*\bgosec\b|//nolint\s*$|\bstaylisted:ignore\b|#\s*nosec\b|\bgitleaks:allow\b|\bpragma:\s*allowlist\s+secret\b)`)

// directives gives T8 for suppressions that came or went.
func (c *computation) directives(f *File, lines []rawLine) {
	gone := map[string]int{}
	for _, l := range lines {
		if !l.added {
			if m := suppression.FindString(l.text); m != "" {
				gone[strings.TrimSpace(l.text)]++
			}
		}
	}
	for _, l := range lines {
		m := suppression.FindString(l.text)
		if m == "" {
			continue
		}
		s := Signal{ID: T8, Level: High, Path: f.Path(), Topic: Policy, Requirements: requirement.FindAllString(l.text, 20)}
		if l.added {
			if k := strings.TrimSpace(l.text); gone[k] > 0 {
				gone[k]-- // only moved
				continue
			}
			s.Line, s.What = l.line, "suppression "+strings.TrimSpace(m)+" added"
			c.add(s)
		}
	}
	for _, l := range lines {
		if k := strings.TrimSpace(l.text); !l.added && gone[k] > 0 && suppression.MatchString(l.text) {
			gone[k]--
			c.add(Signal{ID: T8, Level: Medium, Path: f.Path(), OldLine: l.line, Topic: Policy, What: "suppression removed", Requirements: requirement.FindAllString(l.text, 20)})
		}
	}
}

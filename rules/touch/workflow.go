package touch

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// isWorkflow reports whether a file is a workflow or an action of GitHub.
func isWorkflow(name string) bool {
	dir, base := path.Split(name)
	if !hasSuffix(base, ".yml", ".yaml") {
		return false
	}
	return strings.HasPrefix(name, ".github/workflows/") || strings.HasPrefix(dir, ".github/actions/") || base == "action.yml" || base == "action.yaml"
}

var (
	usesLine   = regexp.MustCompile(`^\s*(?:-\s+)?uses:\s*["']?([A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+|docker://[^\s"'@]+)@([^\s"'#]+)`)
	secretUse  = regexp.MustCompile(`\bsecrets(?:\.([A-Za-z_][A-Za-z0-9_]*)|\[|:\s*inherit)`)
	commitSHA  = regexp.MustCompile(`^[0-9a-f]{40}$`)
	permission = regexp.MustCompile(`^\s*(actions|attestations|checks|contents|deployments|discussions|id-token|issues|models|packages|pages|pull-requests|repository-projects|security-events|statuses)\s*:\s*(read|write|none)\s*$`)
	permsLine  = regexp.MustCompile(`^\s*permissions\s*:`)
	prTarget   = regexp.MustCompile(`\b(pull_request_target|workflow_run)\b`)
	envLine    = regexp.MustCompile(`^\s*environment\s*:`)
)

// workflow gives T6. What a workflow may do is compared as sets: permissions, secrets
// used, triggers, environments, and which action runs at which commit.
func (c *computation) workflow(f *File, l *language) {
	type facts struct {
		lines map[string]int    // fact: first line
		uses  map[string]string // action: version, or "several"
	}
	read := func(list []configLine) facts {
		out := facts{map[string]int{}, map[string]string{}}
		put := func(fact string, line int) {
			if _, ok := out.lines[fact]; !ok {
				out.lines[fact] = line
			}
		}
		for _, x := range list {
			job := ""
			if len(x.parents) > 1 && x.parents[0] == "jobs" {
				job = x.parents[1]
			}
			switch {
			case permission.MatchString(x.text):
				m := permission.FindStringSubmatch(x.text)
				put("permission "+m[1]+": "+m[2]+"\x00"+job, x.line)
			case permsLine.MatchString(x.text):
				put("permissions "+strings.Join(strings.Fields(x.text), " ")+"\x00"+job, x.line)
			case envLine.MatchString(x.text):
				put("environment "+strings.Join(strings.Fields(x.text), " ")+"\x00"+job, x.line)
			}
			if m := secretUse.FindAllStringSubmatch(x.text, 20); m != nil {
				for _, s := range m {
					// GITHUB_TOKEN is what permissions speak of.
					if s[1] != "GITHUB_TOKEN" {
						put("secret "+s[1], x.line)
					}
				}
			}
			if (len(x.parents) == 0 || x.parents[len(x.parents)-1] == "on" || f.patch) && prTarget.MatchString(x.text) && !strings.Contains(x.text, "github.event") {
				put("trigger "+prTarget.FindString(x.text), x.line)
			}
			if m := usesLine.FindStringSubmatch(x.text); m != nil {
				put("uses "+m[1]+"@"+m[2], x.line)
				if have, ok := out.uses[m[1]]; ok && have != m[2] {
					out.uses[m[1]] = "several"
				} else {
					out.uses[m[1]] = m[2]
				}
			}
		}
		return out
	}
	before, after := read(configLines(f, l, false)), read(configLines(f, l, true))
	signal := func(level Level, line int, added bool, what string, topic Topic) {
		s := Signal{ID: T6, Level: level, Path: f.Path(), What: what, Topic: topic}
		if added {
			s.Line = line
		} else {
			s.OldLine = line
		}
		c.add(s)
	}
	for _, fact := range slices.Sorted(maps.Keys(after.lines)) {
		line := after.lines[fact]
		if _, ok := before.lines[fact]; ok {
			continue
		}
		kind, rest, _ := strings.Cut(fact, " ")
		rest, _, _ = strings.Cut(rest, "\x00")
		switch kind {
		case "permission":
			if strings.HasSuffix(rest, "write") || strings.HasPrefix(rest, "id-token") {
				signal(High, line, true, "permission "+rest+" given", Workflow)
			} else {
				signal(Medium, line, true, "permission "+rest+" given", Workflow)
			}
		case "permissions":
			signal(High, line, true, "permissions changed", Workflow)
		case "environment":
			signal(High, line, true, "environment changed", Workflow)
		case "secret":
			signal(High, line, true, strings.TrimSpace("secret "+rest)+" used", Secrets)
		case "trigger":
			signal(High, line, true, "trigger "+rest+" added: it runs with secrets on changes of others", Workflow)
		case "uses":
			i := strings.LastIndexByte(rest, '@')
			name, version := rest[:i], rest[i+1:]
			old, had := before.uses[name]
			pinned := commitSHA.MatchString(version)
			switch {
			case !had && pinned:
				signal(Medium, line, true, "action "+name+" added, pinned", Workflow)
			case !had && f.OldPath == "" && trusted(name):
				// A new workflow that checks out and sets up is no news by itself.
			case !had:
				signal(High, line, true, "action "+name+" added, not pinned to a commit", Workflow)
			case commitSHA.MatchString(old) && pinned:
				signal(High, line, true, "action "+name+" pinned to another commit", Workflow)
			case commitSHA.MatchString(old):
				signal(High, line, true, "action "+name+" no longer pinned to a commit", Workflow)
			case pinned:
				// From a tag to a commit: the trust got narrower.
				signal(Medium, line, true, "actions pinned to commits", Workflow)
			default:
				signal(Medium, line, true, "version of unpinned actions changed", Workflow)
			}
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(before.lines)) {
		line := before.lines[fact]
		if _, ok := after.lines[fact]; ok {
			continue
		}
		kind, _, _ := strings.Cut(fact, " ")
		switch kind {
		case "permission", "permissions":
			signal(Medium, line, false, "permissions changed", Workflow)
		case "environment":
			signal(Medium, line, false, "environment changed", Workflow)
		}
	}
}

// trusted are the actions that GitHub keeps itself.
func trusted(name string) bool {
	return strings.HasPrefix(name, "actions/") || strings.HasPrefix(name, "github/")
}

package touch

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	goRequire  = regexp.MustCompile(`^\s*(?:require\s+)?([A-Za-z0-9][A-Za-z0-9._~/-]*\.[A-Za-z0-9._~/-]+)\s+(v[0-9][^\s/]*)\s*(//.*)?$`)
	goVersion  = regexp.MustCompile(`^go\s+([0-9]+)\.([0-9]+)(?:\.([0-9]+))?`)
	goReplace  = regexp.MustCompile(`^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)`)
	nodePkg    = regexp.MustCompile(`^\s*"((?:@[a-z0-9._-]+/)?[A-Za-z0-9._-]+)"\s*:\s*"([~^><=*v0-9a-z:@./|\s#+-]*)"\s*,?\s*$`)
	pythonPkg  = regexp.MustCompile(`^\s*["']?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[a-z0-9,._-]+\])?\s*(?:[=~!<>]=?=?|@)\s*["']?[^\s;]+`)
	nodeFields = map[string]bool{"name": true, "version": true, "description": true, "license": true, "author": true, "main": true, "type": true, "types": true, "homepage": true, "module": true, "packageManager": true, "node": true, "npm": true}
)

// manifest gives T9: direct dependencies on libraries of authentication and
// cryptography that came, went or changed their version, and a lower Go version.
func (c *computation) manifest(f *File) {
	base := strings.ToLower(path.Base(f.Path()))
	lang := "js"
	switch {
	case base == "go.mod":
		lang = "go"
	case base != "package.json":
		lang = "python"
	}
	type version struct {
		text string
		line int
	}
	before, after := map[string]version{}, map[string]version{}
	oldGo, newGo, goLine := 0, 0, 0
	for _, l := range changedLines(f) {
		to := before
		if l.added {
			to = after
		}
		var name, v string
		switch lang {
		case "go":
			if m := goVersion.FindStringSubmatch(strings.TrimSpace(l.text)); m != nil {
				n := number3(m[1:])
				if l.added {
					newGo, goLine = n, l.line
				} else {
					oldGo = n
				}
				continue
			}
			if m := goReplace.FindStringSubmatch(l.text); m != nil {
				name, v = m[1], m[2]
				break
			}
			m := goRequire.FindStringSubmatch(l.text)
			if m == nil || strings.Contains(m[3], "indirect") {
				continue
			}
			name, v = m[1], m[2]
		case "js":
			m := nodePkg.FindStringSubmatch(l.text)
			if m == nil || nodeFields[m[1]] || strings.HasPrefix(m[1], "@types/") {
				continue
			}
			if strings.ContainsAny(m[2], " ") && !strings.ContainsAny(m[2], "0123456789*") {
				continue // a script
			}
			name, v = m[1], m[2]
		case "python":
			m := pythonPkg.FindStringSubmatch(strings.TrimSpace(l.text))
			if m == nil {
				continue
			}
			name, v = strings.ToLower(m[1]), l.text
		}
		to[name] = version{v, l.line}
	}
	if oldGo > 0 && newGo > 0 && newGo < oldGo {
		c.add(Signal{ID: T9, Level: High, Path: f.Path(), Line: goLine, Symbol: "go", What: "Go version lowered", Topic: Password})
	}
	topicOf := func(name string) (Topic, bool) {
		if t, ok := library(name, lang); ok {
			return t, true
		}
		// jsonwebtoken-like names: words inside the last element.
		for _, n := range notions(strings.ReplaceAll(path.Base(majorVersion.ReplaceAllString(name, "$1")), ".", "-")) {
			if n.strong && n.name != "login" {
				return n.topic, true
			}
		}
		return "", false
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		v := after[name]
		t, ok := topicOf(name)
		if !ok {
			continue
		}
		s := Signal{ID: T9, Level: High, Path: f.Path(), Line: v.line, Symbol: name, What: "dependency " + name + " added", Topic: t}
		if b, had := before[name]; had {
			if b.text == v.text {
				continue
			}
			s.OldLine, s.What = b.line, "version of "+name+" changed"
		}
		c.add(s)
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		v := before[name]
		if t, ok := topicOf(name); ok {
			if _, has := after[name]; !has {
				c.add(Signal{ID: T9, Level: High, Path: f.Path(), OldLine: v.line, Symbol: name, What: "dependency " + name + " removed", Topic: t})
			}
		}
	}
}

// number3 makes a number of a Go version, so that versions can be compared.
func number3(parts []string) int {
	n := 0
	for _, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil && p != "" {
			return 0
		}
		n = n*1000 + min(v, 999)
	}
	return n
}

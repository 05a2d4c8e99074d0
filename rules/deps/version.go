package deps

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// canonical returns a version of pkg in the form golang.org/x/mod/semver
// compares ("v1.2.3"). The standard library and the toolchain have Go versions
// ("go1.21rc2", "go1.26.8"); advisories give their borders as semantic versions
// ("1.21.0-0", "1.27.0-rc.3").
func canonical(pkg, v string) (string, bool) {
	v = strings.TrimSpace(v)
	if pkg != Stdlib && pkg != Toolchain {
		v = "v" + strings.TrimPrefix(v, "v")
		return v, semver.IsValid(v)
	}
	if s := "v" + strings.TrimPrefix(v, "v"); semver.IsValid(s) {
		return s, true
	}
	return goSemver(v)
}

// goSemver turns a Go version into a semantic version: "go1.21rc2" is
// v1.21.0-rc.2, "go1.20" is v1.20.0. What follows a space (experiments) or a
// hyphen (a vendor's suffix) is dropped, as the go command does; development
// versions ("devel go1.27-…") are none.
func goSemver(v string) (string, bool) {
	v, _, _ = strings.Cut(v, " ")
	v = "go" + strings.TrimPrefix(v, "go")
	if !version.IsValid(v) {
		return "", false
	}
	v, _, _ = strings.Cut(v[len("go"):], "-")
	numbers, pre := v, ""
	if i := strings.IndexFunc(v, func(r rune) bool { return 'a' <= r && r <= 'z' }); i >= 0 {
		numbers = v[:i]
		digits := strings.TrimLeft(v[i:], "abcdefghijklmnopqrstuvwxyz")
		pre = "-" + strings.TrimSuffix(v[i:], digits) + "." + digits
	}
	for strings.Count(numbers, ".") < 2 {
		numbers += ".0"
	}
	s := "v" + numbers + pre
	return s, semver.IsValid(s)
}

// display spells a version of an advisory the way the package's users do:
// "v0.3.7", "go1.21.5". A bound before all pre-releases ("1.21.0-0") is shown
// as the release.
func display(pkg, v string) string {
	if pkg != Stdlib && pkg != Toolchain {
		return "v" + strings.TrimPrefix(v, "v")
	}
	c, ok := canonical(pkg, v)
	if !ok {
		return v
	}
	base, pre, _ := strings.Cut(c, "-")
	if pre == "0" {
		pre = ""
	}
	// Until Go 1.20 the first release of a line had no third number, and
	// pre-releases never have one.
	if pre != "" || semver.Compare(base, "v1.21.0") < 0 {
		base = strings.TrimSuffix(base, ".0")
	}
	return "go" + strings.TrimPrefix(base, "v") + strings.ReplaceAll(pre, ".", "")
}

// affects reports whether a statement about pkg covers the version, given in
// canonical form. Without any range that speaks of versions every version is
// covered. An error means that it cannot be decided.
func (a *Affected) affects(v string) (bool, error) {
	how := spelling{a.Ecosystem, a.Package}
	for _, listed := range a.Versions {
		if listed == v {
			return true, nil
		}
		if c, ok := how.canonical(listed); ok && how.compare(c, v) == 0 {
			return true, nil
		}
	}
	ranged := false
	var undecided error
	for _, r := range a.Ranges {
		if r.Type != "SEMVER" && r.Type != "ECOSYSTEM" {
			continue // GIT speaks of commits
		}
		ranged = true
		in, err := r.contains(how, v)
		if in {
			return true, nil
		}
		if err != nil {
			undecided = err
		}
	}
	if undecided != nil {
		return false, undecided
	}
	return !ranged && len(a.Versions) == 0, nil
}

// An edge is one event with its version made comparable.
type edge struct {
	kind    edgeKind
	version string // canonical; empty is before everything
}

// At one version what closes a range comes before what opens one, so that
// "fixed 1.2.0, introduced 1.2.0" leaves 1.2.0 affected.
type edgeKind int

const (
	fixed edgeKind = iota
	introduced
	lastAffected
)

// contains follows the evaluation algorithm of the OSV schema; events may come
// in any order.
func (r *Range) contains(how spelling, v string) (bool, error) {
	var edges []edge
	var limits []string
	opened := false
	for _, e := range r.Events {
		if e == (Event{}) {
			return false, fmt.Errorf("a range has an event that is neither introduced, fixed, last_affected nor limit")
		}
		for _, border := range []struct {
			kind edgeKind
			text string
		}{{introduced, e.Introduced}, {fixed, e.Fixed}, {lastAffected, e.LastAffected}} {
			if border.text == "" {
				continue
			}
			opened = opened || border.kind == introduced
			c := ""
			if border.text != "0" {
				var ok bool
				if c, ok = how.canonical(border.text); !ok {
					return false, fmt.Errorf("%q in a range is no version", clip(border.text, 60))
				}
			}
			edges = append(edges, edge{border.kind, c})
		}
		if e.Limit != "" && e.Limit != "*" {
			c, ok := how.canonical(e.Limit)
			if !ok {
				return false, fmt.Errorf("%q in a range is no version", clip(e.Limit, 60))
			}
			limits = append(limits, c)
		}
	}
	if !opened {
		return false, fmt.Errorf("a range says nowhere which version introduced the vulnerability")
	}
	if len(limits) > 0 && !slices.ContainsFunc(limits, func(l string) bool { return how.compare(v, l) < 0 }) {
		return false, nil
	}
	slices.SortStableFunc(edges, func(a, b edge) int {
		if c := how.edges(a.version, b.version); c != 0 {
			return c
		}
		return int(a.kind) - int(b.kind)
	})
	in := false
	for _, e := range edges {
		at := how.edges(v, e.version)
		switch e.kind {
		case introduced:
			in = in || at >= 0
		case fixed:
			in = in && at < 0
		case lastAffected:
			in = in && at <= 0
		}
	}
	return in, nil
}

// edges compares two versions of which either may be empty: before everything.
func (s spelling) edges(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return -1
	case b == "":
		return 1
	}
	return s.compare(a, b)
}

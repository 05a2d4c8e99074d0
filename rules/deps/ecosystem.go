package deps

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/google/osv-scalibr/semantic"
	"golang.org/x/mod/semver"
)

// The ecosystems whose packages are known by more than their name, as OSV
// spells them (https://ossf.github.io/osv-schema/#defined-ecosystems).
const (
	Go        = "Go"
	Npm       = "npm"
	PyPI      = "PyPI"
	Maven     = "Maven"
	Crates    = "crates.io"
	RubyGems  = "RubyGems"
	Packagist = "Packagist"
	NuGet     = "NuGet"
)

// Ecosystems lists every ecosystem that can be audited, sorted.
func Ecosystems() []string {
	return []string{Go, Maven, NuGet, Packagist, PyPI, RubyGems, Crates, Npm}
}

var nameSeparators = regexp.MustCompile(`[-_.]+`)

// NormalName returns the one spelling of a package's name that its ecosystem
// holds to be the same: PyPI ignores case and the kind of separator
// (https://packaging.python.org/en/latest/specifications/name-normalization/),
// NuGet and Packagist ignore case. Other names are returned as they are.
func NormalName(ecosystem, name string) string {
	switch ecosystem {
	case PyPI:
		return strings.ToLower(nameSeparators.ReplaceAllString(name, "-"))
	case NuGet, Packagist:
		return strings.ToLower(name)
	}
	return name
}

// plainEcosystem takes the suffix off an OSV ecosystem name ("Maven:https://…",
// "Packagist:https://…"): packages of another registry are held against those
// of the same name all the same.
func plainEcosystem(name string) string {
	plain, _, found := strings.Cut(name, ":")
	if found && slices.Contains(Ecosystems(), plain) {
		return plain
	}
	return name
}

// A spelling says how the versions of one package are written and ordered.
type spelling struct{ ecosystem, pkg string }

// maxVersion bounds a version in bytes; the numbers in it are not bounded.
const maxVersion = 128

// What a released version looks like, by ecosystem. The comparing library takes
// any text, and would order what is no version somewhere.
var versionShapes = map[string]*regexp.Regexp{
	// PEP 440, with the spellings it tells readers to accept.
	PyPI: regexp.MustCompile(`(?i)^v?([0-9]+!)?[0-9]+(\.[0-9]+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?` +
		`(-[0-9]+|[-_.]?(post|rev|r)[-_.]?[0-9]*)?([-_.]?dev[-_.]?[0-9]*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?$`),
	Maven:     regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._+~-]*$`),
	RubyGems:  regexp.MustCompile(`^[0-9]+(\.[0-9A-Za-z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`),
	Packagist: regexp.MustCompile(`(?i)^v?[0-9]+(\.[0-9x]+)*([-_.+]?[0-9a-z]+([-_.+][0-9a-z]+)*)?$`),
	NuGet:     regexp.MustCompile(`^[0-9]+(\.[0-9]+){0,3}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`),
}

// canonical returns a version in the form that compare takes, and whether it is
// a released version at all.
func (s spelling) canonical(v string) (string, bool) {
	if s.isGo() {
		return canonical(s.pkg, v)
	}
	v = strings.TrimSpace(v)
	if v == "" || len(v) > maxVersion {
		return v, false
	}
	switch s.ecosystem {
	case Npm, Crates:
		v = strings.TrimPrefix(strings.TrimPrefix(v, "="), "v")
		return v, semver.IsValid("v" + v)
	}
	shape := versionShapes[s.ecosystem]
	if shape == nil || !shape.MatchString(v) {
		return v, false
	}
	if s.ecosystem == Maven {
		// A Maven version may be any word; what Maven itself puts in place of
		// one is none.
		switch strings.ToUpper(v) {
		case "LATEST", "RELEASE":
			return v, false
		}
	}
	_, err := semantic.Parse(v, s.ecosystem)
	return v, err == nil
}

// compare orders two versions that canonical accepted, as the ecosystem's own
// tools do.
func (s spelling) compare(a, b string) int {
	if s.isGo() {
		return semver.Compare(a, b)
	}
	v, err := semantic.Parse(a, s.ecosystem)
	if err == nil {
		var order int
		if order, err = v.CompareStr(b); err == nil {
			return order
		}
	}
	return cmp.Compare(a, b) // unreachable: canonical accepts what can be compared
}

// display spells a version of an advisory as the package's users do.
func (s spelling) display(v string) string {
	if s.isGo() {
		return display(s.pkg, v)
	}
	return v
}

func (s spelling) isGo() bool { return s.ecosystem == Go || s.ecosystem == "" }

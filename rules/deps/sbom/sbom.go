// Package sbom writes the components of a report as a bill of materials:
// CycloneDX 1.6 and SPDX 2.3, both as JSON.
//
// # Contract
//
//	report's components, commit, instant ─► Input ─┬─► CycloneDX
//	                                               └─► SPDX
//
// Each component appears once, however many manifests name it, with its package
// URL, its licence and its scope. What ships is "required" in CycloneDX and what
// the main component depends on in SPDX; what only tests or tools need is
// "excluded" there and a test dependency or development tool here.
//
// # Promises
//
//   - Equal inputs give equal bytes: no clock, no random number. The serial
//     number is made of what the document says.
//   - CycloneDX documents pass the strict validator of the npm package
//     @cyclonedx/cyclonedx-library, SPDX documents are read back by
//     spdx/tools-golang to what was written; tests hold both.
//   - A licence nobody knows is left out of CycloneDX and NOASSERTION in SPDX,
//     never guessed.
//
// # What it never does
//
// It adds nothing that the report does not say: no checksum, no supplier, no
// edges between components.
package sbom

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/package-url/packageurl-go"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// Input is what a bill of materials says.
type Input struct {
	// Name is what the components make up: "owner/name", or the main module's
	// path, or the folder's name.
	Name string
	// Repository is "owner/name" on GitHub, or empty.
	Repository string
	// Commit is 40 or 64 hex digits, or empty outside git.
	Commit string
	// Created is when the components were listed.
	Created time.Time
	// Tool made the list.
	Tool rules.Tool
	// Components as the report has them, in any order.
	Components []rules.Component
}

// A part is one component with all places that name it.
type part struct {
	rules.Component
	purl      string
	manifests []string
}

// parts merges components that are the same, ordered by ecosystem, name and
// version. What ships somewhere ships.
func (in *Input) parts() []part {
	byKey := map[[3]string]*part{}
	sorted := slices.SortedFunc(slices.Values(in.Components), func(a, b rules.Component) int {
		return cmp.Or(cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Manifest, b.Manifest))
	})
	for _, c := range sorted {
		purl := PURL(c)
		key := [3]string{c.Ecosystem, c.Name, c.Version}
		if purl != "" {
			key = [3]string{purl} // of two spellings of a name the first counts
		}
		p := byKey[key]
		if p == nil {
			p = &part{Component: c, purl: purl}
			byKey[key] = p
		}
		p.manifests = append(p.manifests, c.Manifest)
		p.Direct = p.Direct || c.Direct
		if rank(c.Scope) < rank(p.Scope) {
			p.Scope = c.Scope
		}
		if p.Licence == "" || p.Licence == deps.NoAssertion {
			p.Licence = c.Licence
		}
	}
	var out []part
	for _, p := range byKey {
		slices.Sort(p.manifests)
		p.manifests = slices.Compact(p.manifests)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	return out
}

func rank(scope string) int { return slices.Index([]string{"production", "test", "tool"}, scope) }

// licence returns a part's licence, or "" when it is not known.
func (p *part) licence() string {
	if p.Licence == deps.NoAssertion {
		return ""
	}
	return p.Licence
}

// purlTypes maps ecosystems to the types of package URLs
// (https://github.com/package-url/purl-spec).
var purlTypes = map[string]string{
	deps.Go: "golang", deps.Npm: "npm", deps.PyPI: "pypi", deps.Maven: "maven", deps.Crates: "cargo", deps.RubyGems: "gem",
	deps.Packagist: "composer", deps.NuGet: "nuget",
}

// PURL returns a component's package URL, or "" for one that has none: of an
// ecosystem without a type, or replaced by a folder.
func PURL(c rules.Component) string {
	kind, ok := purlTypes[c.Ecosystem]
	if !ok || c.Name == "" || c.Version == "" {
		return ""
	}
	name, version, namespace := c.Name, c.Version, ""
	switch c.Ecosystem {
	case deps.Maven:
		namespace, name, ok = strings.Cut(c.Name, ":")
		if !ok {
			return ""
		}
	case deps.PyPI:
		name = deps.NormalName(deps.PyPI, name)
	case deps.Go:
		if name == deps.Stdlib || name == deps.Toolchain {
			version = strings.TrimPrefix(version, "go")
			break
		}
		fallthrough
	default:
		if dir := path.Dir(name); dir != "." {
			namespace, name = dir, path.Base(name)
		}
	}
	return packageurl.NewPackageURL(kind, namespace, name, version, nil, "").ToString()
}

// digest identifies what the document says, without when it was said.
func (in *Input) digest(parts []part) (uuid.UUID, error) {
	type said struct {
		Name, Repository, Commit string
		Tool                     rules.Tool
		Parts                    []rules.Component
	}
	s := said{in.Name, in.Repository, in.Commit, in.Tool, nil}
	for _, p := range parts {
		s.Parts = append(s.Parts, p.Component)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return uuid.UUID{}, fmt.Errorf("identifying the bill of materials: %w", err)
	}
	sum := sha256.Sum256(text)
	return uuid.NewSHA1(uuid.NameSpaceURL, append([]byte("https://staylisted.github.io/sbom/"), sum[:]...)), nil
}

// mainPURL is the package URL of what the components make up.
func (in *Input) mainPURL() string {
	owner, name, ok := strings.Cut(in.Repository, "/")
	if !ok {
		return ""
	}
	return packageurl.NewPackageURL("github", strings.ToLower(owner), strings.ToLower(name), in.Commit, nil, "").ToString()
}

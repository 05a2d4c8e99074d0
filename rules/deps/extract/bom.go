package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/staylisted/staylisted/rules/deps"
)

// An sbom is what a committed CycloneDX file says of packages.
type sbom struct {
	modules []deps.Module
	odd     int // components with a package URL that could not be read
}

// isBOM reports CycloneDX files by the names that its tools give them.
func isBOM(name string) bool {
	base := path.Base(name)
	return base == "bom.json" || strings.HasSuffix(base, ".cdx.json")
}

// maxNesting bounds how deep components may hold components.
const maxNesting = 20

// A bomComponent is the part of a component that is read.
type bomComponent struct {
	Name, Group, Version, Scope string
	PURL                        string `json:"purl"`
	Licenses                    []struct {
		License struct {
			ID, Name string
		}
		Expression string
	}
	Components []bomComponent
}

// parseBOM reads a CycloneDX file, or returns nil for JSON that is none.
func parseBOM(data []byte) (*sbom, error) {
	var file struct {
		BOMFormat  string `json:"bomFormat"`
		Components []bomComponent
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.BOMFormat != "CycloneDX" {
		return nil, nil
	}
	b := &sbom{}
	var walk func(list []bomComponent, depth int) error
	walk = func(list []bomComponent, depth int) error {
		if depth > maxNesting {
			return fmt.Errorf("its components are nested deeper than %d levels", maxNesting)
		}
		for _, c := range list {
			if err := walk(c.Components, depth+1); err != nil {
				return err
			}
			if c.PURL == "" {
				continue
			}
			m, ok := ofPURL(c.PURL)
			if !ok {
				b.odd++
				continue
			}
			if m.Ecosystem == "" {
				continue
			}
			if len(b.modules) >= maxPackages {
				return errors.New("it lists too many components")
			}
			m.Licence = c.licence()
			if c.Scope == "excluded" {
				m.Scope = "test"
			}
			b.modules = append(b.modules, m)
		}
		return nil
	}
	if err := walk(file.Components, 0); err != nil {
		return nil, err
	}
	return b, nil
}

// licence joins what a component says: several licences all apply.
func (c *bomComponent) licence() string {
	var parts []string
	for _, l := range c.Licenses {
		text := l.Expression
		if text == "" {
			text = l.License.ID
		}
		if text == "" {
			text = l.License.Name // an SPDX id at times
		}
		part := deps.LicenceExpression(text)
		if part == deps.NoAssertion {
			return part
		}
		parts = append(parts, part)
	}
	return deps.AllOf(parts)
}

// purlTypes maps the types of package URLs to ecosystems.
var purlTypes = map[string]string{
	"npm": deps.Npm, "pypi": deps.PyPI, "maven": deps.Maven, "cargo": deps.Crates, "gem": deps.RubyGems,
	"composer": deps.Packagist, "nuget": deps.NuGet,
}

// ofPURL returns the package that a package URL names. The ecosystem is empty
// for a type that is not audited.
func ofPURL(text string) (deps.Module, bool) {
	p, err := packageurl.FromString(text)
	if err != nil || p.Name == "" {
		return deps.Module{}, false
	}
	m := deps.Module{Ecosystem: purlTypes[p.Type], Path: p.Name, Version: p.Version}
	if p.Namespace != "" {
		namespace, err := url.PathUnescape(p.Namespace)
		if err != nil {
			return deps.Module{}, false
		}
		separator := "/"
		if p.Type == "maven" {
			separator = ":"
		}
		m.Path = namespace + separator + p.Name
	}
	return m, true
}

// readBOM lists the Java artifacts of an SBOM beside a pom.xml. What other SBOM
// files list is a lockfile's to say; they fill in licences.
func readBOM(r *reader, f *file) ([]deps.Module, error) {
	b, err := r.bom(f.name)
	if err != nil {
		return nil, err
	}
	if b == nil || path.Base(f.name) != "bom.json" || !r.has[f.beside("pom.xml")] {
		return nil, nil
	}
	if b.odd > 0 {
		r.gap(f.name, 0, fmt.Sprintf("%d of its components have a package URL that cannot be read", b.odd))
	}
	var out []deps.Module
	for _, m := range b.modules {
		if m.Ecosystem == deps.Maven && !r.pomNames()[m.Path] {
			out = append(out, m)
		}
	}
	return out, nil
}

// bom reads an SBOM once; nil without an error is JSON of another format.
func (r *reader) bom(name string) (*sbom, error) {
	if b, ok := r.boms[name]; ok {
		return b, nil
	}
	if r.boms == nil {
		r.boms = map[string]*sbom{}
	}
	data, err := r.tree.Read(name, maxLockfile)
	if err != nil {
		return nil, err
	}
	b, err := parseBOM(data)
	if err == nil {
		r.boms[name] = b
	}
	return b, err
}

// bomBeside returns the versions that the SBOM beside a pom.xml lists by
// artifact, or nil without one.
func (r *reader) bomBeside(dir string) map[string][]string {
	name := path.Join(dir, "bom.json")
	if !r.has[name] {
		return nil
	}
	b, err := r.bom(name)
	if err != nil || b == nil {
		return nil
	}
	versions := map[string][]string{}
	for _, m := range b.modules {
		if m.Ecosystem == deps.Maven {
			versions[m.Path] = append(versions[m.Path], m.Version)
		}
	}
	return versions
}

// fillLicences takes the licences that no lockfile says from the SBOM files of
// the repository.
func (r *reader) fillLicences() {
	type key struct{ ecosystem, name, version string }
	known := map[key]string{}
	for _, b := range r.boms {
		if b == nil {
			continue
		}
		for _, m := range b.modules {
			k := key{m.Ecosystem, deps.NormalName(m.Ecosystem, m.Path), m.Version}
			if before, twice := known[k]; twice && before != m.Licence {
				known[k] = deps.NoAssertion // two files differ: neither is believed
				continue
			}
			known[k] = m.Licence
		}
	}
	for i := range r.inv.Modules {
		m := &r.inv.Modules[i]
		if m.Licence != deps.NoAssertion {
			continue
		}
		if licence := known[key{m.Ecosystem, deps.NormalName(m.Ecosystem, m.Path), m.Version}]; licence != "" {
			m.Licence = licence
		}
	}
}

package sbom

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

func input() Input {
	return Input{
		Name: "Example/app", Repository: "Example/app", Commit: strings.Repeat("ab", 20),
		Created: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Tool: rules.Tool{Name: "staylisted", Version: "v1.2.3"},
		Components: []rules.Component{
			{Ecosystem: deps.Go, Name: "stdlib", Version: "go1.26.8", Scope: "production", Manifest: "go.mod", Licence: "BSD-3-Clause"},
			{Ecosystem: deps.Go, Name: "example.com/a/v2", Version: "v2.0.0+incompatible", Scope: "test", Manifest: "tools/go.mod", Licence: deps.NoAssertion},
			{Ecosystem: deps.Go, Name: "example.com/a/v2", Version: "v2.0.0+incompatible", Scope: "production", Direct: true, Manifest: "go.mod", Licence: "MIT"},
			{Ecosystem: deps.Go, Name: "example.com/folder", Version: "", Scope: "production", Manifest: "go.mod", Replaces: "example.com/folder@v1.0.0"},
			{Ecosystem: deps.Npm, Name: "@scope/name", Version: "1.0.0", Scope: "production", Direct: true, Manifest: "package-lock.json", Licence: "(MIT OR Apache-2.0) AND ISC"},
			{Ecosystem: deps.Npm, Name: "<b>odd & long</b>", Version: "1.0.0", Scope: "tool", Manifest: "package-lock.json"},
			{Ecosystem: deps.PyPI, Name: "Flask_Thing", Version: "3.0", Scope: "production", Manifest: "poetry.lock", Licence: deps.NoAssertion},
			{Ecosystem: deps.PyPI, Name: "flask-thing", Version: "3.0", Scope: "production", Manifest: "b/poetry.lock", Licence: "GPL-2.0-only WITH Classpath-exception-2.0"},
			{Ecosystem: deps.Maven, Name: "org.example:deep", Version: "1.0", Scope: "production", Manifest: "bom.json", Licence: "LicenseRef-own"},
			{Ecosystem: deps.Packagist, Name: "vendor/pkg", Version: "1.0.0", Scope: "test", Manifest: "composer.lock", Licence: "Apache-2.0+"},
			{Ecosystem: deps.Crates, Name: "serde", Version: "1.0.0", Scope: "production", Manifest: "Cargo.lock"},
			{Ecosystem: deps.RubyGems, Name: "rack", Version: "3.0.8", Scope: "production", Manifest: "Gemfile.lock"},
			{Ecosystem: deps.NuGet, Name: "Newtonsoft.Json", Version: "13.0.1", Scope: "production", Manifest: "packages.lock.json"},
		},
	}
}

func TestPURL(t *testing.T) {
	for _, test := range []struct{ ecosystem, name, version, want string }{
		{deps.Go, "github.com/a/b/v2", "v2.0.0", "pkg:golang/github.com/a/b/v2@v2.0.0"},
		{deps.Go, "stdlib", "go1.26.8", "pkg:golang/stdlib@1.26.8"},
		{deps.Npm, "@scope/name", "1.0.0", "pkg:npm/%40scope/name@1.0.0"},
		{deps.Npm, "name", "1.0.0", "pkg:npm/name@1.0.0"},
		{deps.PyPI, "Flask_Thing", "3.0", "pkg:pypi/flask-thing@3.0"},
		{deps.Maven, "org.example:deep", "1.0", "pkg:maven/org.example/deep@1.0"},
		{deps.Packagist, "vendor/pkg", "1.0", "pkg:composer/vendor/pkg@1.0"},
		{deps.Crates, "serde", "1.0.0", "pkg:cargo/serde@1.0.0"},
		{deps.RubyGems, "rack", "3.0.8", "pkg:gem/rack@3.0.8"},
		{deps.NuGet, "Newtonsoft.Json", "13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1"},
		{deps.Go, "example.com/folder", "", ""},
		{"Hex", "x", "1", ""},
	} {
		if got := PURL(rules.Component{Ecosystem: test.ecosystem, Name: test.name, Version: test.version}); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.ecosystem, test.name, got, test.want)
		}
	}
}

func TestCycloneDX(t *testing.T) {
	data, err := CycloneDX(input())
	if err != nil {
		t.Fatal(err)
	}
	var bom cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(data), cyclonedx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	byRef := map[string]cyclonedx.Component{}
	for _, c := range *bom.Components {
		if _, twice := byRef[c.BOMRef]; twice {
			t.Errorf("%s is there twice", c.BOMRef)
		}
		byRef[c.BOMRef] = c
	}
	if len(byRef) != 11 {
		t.Errorf("%d components", len(byRef))
	}
	a := byRef["pkg:golang/example.com/a/v2@v2.0.0%2Bincompatible"]
	if a.Scope != cyclonedx.ScopeRequired || a.Licenses == nil || (*a.Licenses)[0].License.ID != "MIT" || len(*a.Properties) != 3 {
		t.Errorf("a component of two manifests: %+v", a)
	}
	if c := byRef["pkg:composer/vendor/pkg@1.0.0"]; c.Scope != cyclonedx.ScopeExcluded || c.Group != "vendor" || (*c.Licenses)[0].Expression != "Apache-2.0+" {
		t.Errorf("a component for tests: %+v", c)
	}
	if c := byRef["pkg:cargo/serde@1.0.0"]; c.Licenses != nil {
		t.Errorf("a licence was guessed: %+v", c.Licenses)
	}
	if !slices.Contains(*(*bom.Dependencies)[0].Dependencies, "pkg:npm/%40scope/name@1.0.0") || bom.SpecVersion != cyclonedx.SpecVersion1_6 ||
		bom.Metadata.Timestamp != "2026-11-21T12:00:00Z" || bom.Metadata.Component.Version != strings.Repeat("ab", 20) {
		t.Errorf("document: %+v", bom.Metadata)
	}
}

func TestSPDX(t *testing.T) {
	data, err := SPDX(input())
	if err != nil {
		t.Fatal(err)
	}
	var doc v2_3.Document
	if err := spdxjson.ReadInto(bytes.NewReader(data), &doc); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := spdxjson.Write(&doc, &again, spdxjson.Indent("  "), spdxjson.EscapeHTML(false)); err != nil {
		t.Fatal(err)
	}
	if again.String() != string(data) {
		t.Error("read back and written again it is another document")
	}
	if len(doc.Packages) != 12 || len(doc.Relationships) != 12 || len(doc.OtherLicenses) != 1 {
		t.Errorf("%d packages, %d relationships, %d licences", len(doc.Packages), len(doc.Relationships), len(doc.OtherLicenses))
	}
	ids := map[string]bool{}
	kinds := map[string]int{}
	for _, p := range doc.Packages {
		if ids[string(p.PackageSPDXIdentifier)] {
			t.Errorf("%s is there twice", p.PackageSPDXIdentifier)
		}
		ids[string(p.PackageSPDXIdentifier)] = true
		if p.PackageLicenseDeclared == "" {
			t.Errorf("%s has no licence, not even NOASSERTION", p.PackageName)
		}
	}
	for _, r := range doc.Relationships {
		kinds[r.Relationship]++
		for _, ref := range []string{string(r.RefA.ElementRefID), string(r.RefB.ElementRefID)} {
			if ref != "DOCUMENT" && !ids[ref] {
				t.Errorf("a relationship names %s, which is not there", ref)
			}
		}
	}
	if kinds["DESCRIBES"] != 1 || kinds["DEPENDS_ON"] != 9 || kinds["TEST_DEPENDENCY_OF"] != 1 || kinds["DEV_TOOL_OF"] != 1 {
		t.Errorf("relationships: %v", kinds)
	}
}

// TestSameBytes is promise 3 of the architecture.
func TestSameBytes(t *testing.T) {
	for name, write := range map[string]func(Input) ([]byte, error){"CycloneDX": CycloneDX, "SPDX": SPDX} {
		first, err := write(input())
		if err != nil {
			t.Fatal(err)
		}
		shuffled := input()
		slices.Reverse(shuffled.Components)
		second, err := write(shuffled)
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s: another order of components gave other bytes (%v)", name, err)
		}
		if !json.Valid(first) {
			t.Errorf("%s: no JSON", name)
		}
		other := input()
		other.Components[0].Version = "go1.26.9"
		third, err := write(other)
		if err != nil || bytes.Equal(first, third) {
			t.Errorf("%s: other components gave the same document (%v)", name, err)
		}
		if _, err := write(Input{}); err != nil {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
}

// TestStrictValidator hands CycloneDX documents to the validator of the format's
// authors. STAYLISTED_CYCLONEDX_VALIDATOR is the folder in which
// `npm install @cyclonedx/cyclonedx-library ajv ajv-formats ajv-formats-draft2019`
// was run.
func TestStrictValidator(t *testing.T) {
	dir := os.Getenv("STAYLISTED_CYCLONEDX_VALIDATOR")
	_, err := exec.LookPath("node")
	if dir == "" || err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("STAYLISTED_CYCLONEDX_VALIDATOR is %q, node: %v", dir, err)
		}
		t.Skip("STAYLISTED_CYCLONEDX_VALIDATOR names no folder with @cyclonedx/cyclonedx-library, or node is not installed")
	}
	validate := func(data []byte) (string, error) {
		cmd := exec.Command("node", filepath.Join("testdata", "validate.cjs"), dir)
		cmd.Stdin = bytes.NewReader(data)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	// Every licence that goes out as an id must be one of the schema's.
	every := input()
	for _, id := range deps.LicenceIDs() {
		every.Components = append(every.Components, rules.Component{Ecosystem: deps.Npm, Name: "under-" + strings.ToLower(id), Version: "1.0.0", Scope: "production",
			Manifest: "package-lock.json", Licence: id})
	}
	for name, in := range map[string]Input{"every licence": every, "nothing": {}} {
		data, err := CycloneDX(in)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := validate(data); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	data, err := CycloneDX(input())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := validate(bytes.Replace(data, []byte(`"scope": "required"`), []byte(`"scope": "wanted"`), 1)); err == nil {
		t.Error("the validator accepts a scope that there is not")
	}
}

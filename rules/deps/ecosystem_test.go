package deps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

func TestNormalName(t *testing.T) {
	for _, test := range []struct{ ecosystem, name, want string }{
		{PyPI, "Zope.Interface__x", "zope-interface-x"},
		{NuGet, "Newtonsoft.Json", "newtonsoft.json"},
		{Packagist, "Symfony/HTTP-Kernel", "symfony/http-kernel"},
		{Npm, "JSONStream", "JSONStream"},
		{Maven, "org.Example:A_b", "org.Example:A_b"},
		{Go, "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"},
	} {
		if got := NormalName(test.ecosystem, test.name); got != test.want {
			t.Errorf("NormalName(%s, %s) = %s, want %s", test.ecosystem, test.name, got, test.want)
		}
	}
}

// TestVersionOrder holds what each ecosystem's documentation says about its
// versions, in ascending order.
func TestVersionOrder(t *testing.T) {
	for ecosystem, ascending := range map[string][]string{
		Npm:       {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.9", "1.2.10", "10.0.0"},
		Crates:    {"0.9.0", "1.0.0-pre", "1.0.0", "1.0.1"},
		PyPI:      {"1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.10", "2!0.1"},
		Maven:     {"1.0-alpha-1", "1.0-beta-1", "1.0-rc1", "1.0-SNAPSHOT", "1.0", "1.0-sp1", "1.0.1", "1.10"},
		RubyGems:  {"1.0.0.pre1", "1.0.0", "1.0.1", "1.0.10", "2.0.0.beta", "2.0.0"},
		Packagist: {"1.0.0-alpha1", "1.0.0-beta2", "1.0.0-RC1", "1.0.0", "1.0.1", "v1.1.0"},
		NuGet:     {"1.0.0-alpha", "1.0.0", "1.0.0.1", "1.0.1"},
	} {
		how := spelling{ecosystem, "p"}
		for i, a := range ascending {
			ca, ok := how.canonical(a)
			if !ok {
				t.Errorf("%s: %s is no version", ecosystem, a)
				continue
			}
			for j, b := range ascending {
				cb, _ := how.canonical(b)
				want := 0
				switch {
				case i < j:
					want = -1
				case i > j:
					want = 1
				}
				if got := how.compare(ca, cb); got != want {
					t.Errorf("%s: compare(%s, %s) = %d, want %d", ecosystem, a, b, got, want)
				}
			}
		}
	}
}

func TestNoVersions(t *testing.T) {
	for ecosystem, texts := range map[string][]string{
		Npm:       {"", "latest", "git+ssh://git@example.com/a.git#1f2e", "workspace:*", "^1.0.0", "file:../a"},
		Crates:    {"", "*", "1.x"},
		PyPI:      {"", "main", "1.0.*", ">=1.0", "2004d-unknown thing"},
		Maven:     {"", "${revision}", "[1.0,2.0)", "LATEST", "RELEASE", "1.0 beta"},
		RubyGems:  {"", "~> 1.0", "main"},
		Packagist: {"", "dev-main", "^1.0"},
		NuGet:     {"", "1.*", "[1.0.0, )", "$(Version)"},
		"Hex":     {"1.0.0"},
	} {
		for _, text := range texts {
			if got, ok := (spelling{ecosystem, "p"}).canonical(text); ok {
				t.Errorf("%s: %q counts as the version %q", ecosystem, text, got)
			}
		}
		if _, ok := (spelling{ecosystem, "p"}).canonical(strings.Repeat("1", maxVersion+1)); ok {
			t.Errorf("%s: a version of more than %d bytes counts", ecosystem, maxVersion)
		}
	}
}

// locked is a query as a repository with lockfiles leads to.
func locked() Query {
	return Query{Modules: []Module{
		{Ecosystem: Npm, Path: "@example/legacy-template", Version: "2.4.0", Direct: true, Manifest: "package-lock.json",
			Location: rules.Location{Path: "package-lock.json", Line: 20}},
		{Ecosystem: PyPI, Path: "Example_Legacy.Loader", Version: "5.4b2", Manifest: "poetry.lock", Location: rules.Location{Path: "poetry.lock", Line: 3}},
		{Ecosystem: Npm, Path: "example-clean", Version: "1.0.0", Scope: "test", Manifest: "package-lock.json"},
	}}
}

func TestOtherEcosystems(t *testing.T) {
	db, err := Open("../../testdata/advisories")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := Audit(db, locked(), at("2026-11-21"))
	if run := r.Run(); run.State != rules.Complete {
		t.Fatalf("run: %+v", run)
	}
	if got, want := hits(r), "GHSA-0000-0000-0005@@example/legacy-template GHSA-0000-0000-0006@Example_Legacy.Loader"; got != want {
		t.Fatalf("hits = %s, want %s", got, want)
	}
	f := r.Findings(nil)
	if len(f) != 2 {
		t.Fatalf("%d findings", len(f))
	}
	template, loader := f[0], f[1]
	if template.Class != rules.Violation || template.Advisory.Reach != Required || template.Advisory.Ecosystem != Npm || template.Location.Line != 20 ||
		template.Message != "@example/legacy-template 2.4.0: Regular expression of unbounded cost in the template parser; fixed in 2.4.1; the package is required" {
		t.Errorf("npm: %+v\n%+v", template, template.Advisory)
	}
	if loader.CVSS == nil || loader.CVSS.Score != 9.8 || loader.Advisory.Fixed != "5.4rc2" ||
		strings.Join(loader.Advisory.IDs, " ") != "CVE-0000-0006 GHSA-0000-0000-0006 PYSEC-0000-6" {
		t.Errorf("PyPI: %+v\n%+v", loader, loader.Advisory)
	}
	// One name in two ecosystems is two things.
	if npm, pypi := (&Module{Ecosystem: Npm, Path: "a"}).identity(), (&Module{Ecosystem: PyPI, Path: "a"}).identity(); npm == pypi {
		t.Error("packages of two ecosystems have one identity")
	}

	q := locked()
	q.Modules[0].Version, q.Modules[1].Version = "2.4.1", "5.4rc2"
	if r := Audit(db, q, at("2026-11-21")); len(r.Hits) != 0 || len(r.Gaps) != 0 {
		t.Errorf("fixed versions: %s\n%s", hits(r), reasons(r.Gaps))
	}
	q.Modules[0].Scope, q.Modules[0].Version = "test", "2.0.0"
	if f := Audit(db, q, at("2026-11-21")).Findings(nil); len(f) != 1 || f[0].Class != rules.Informational ||
		!strings.HasSuffix(f[0].Message, "the package is required by test code only") {
		t.Errorf("test scope: %+v", f)
	}
	q.Modules[0].Version = "git+https://example.com/a.git#1f2e"
	if r := Audit(db, q, at("2026-11-21")); r.Run().State != rules.Broken || !strings.Contains(reasons(r.Gaps), "is no released version") {
		t.Errorf("no version: %s", reasons(r.Gaps))
	}
}

// TestEcosystemWithoutData is the rule that silence needs data: what the
// database does not speak of, and what is too old, is named.
func TestEcosystemWithoutData(t *testing.T) {
	db, err := Open("../../testdata/advisories")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	q := locked()
	q.Modules = append(q.Modules, Module{Ecosystem: RubyGems, Path: "rack", Version: "3.0.0", Manifest: "Gemfile.lock"})
	r := Audit(db, q, at("2026-11-21"))
	if r.Run().State != rules.Broken || !strings.Contains(reasons(r.Gaps), "advisory data for RubyGems: there is none") || len(r.Hits) != 2 {
		t.Errorf("without data: %v\n%s", r.Run(), reasons(r.Gaps))
	}
	r = Audit(db, locked(), at("2026-11-27"))
	for _, want := range []string{"advisory data for npm: it is of 2026-11-20", "advisory data for PyPI: it is of 2026-11-20"} {
		if r.Run().State != rules.Broken || !strings.Contains(reasons(r.Gaps), want) {
			t.Errorf("stale: %v\n%s", r.Run(), reasons(r.Gaps))
		}
	}
	// Of joined data only the stale part is named.
	dir := t.TempDir()
	for name, text := range map[string]string{
		"db.json": `{"modified": "2026-11-26T00:00:00Z"}`,
		"a.json":  `{"id": "GHSA-0000-0000-0009", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "RubyGems", "name": "x"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fresh, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	q = Query{Modules: []Module{{Ecosystem: RubyGems, Path: "rack", Version: "3.0.0"}}}
	if r := Audit(Join(db, fresh), q, at("2026-11-28")); len(r.Gaps) != 0 {
		t.Errorf("fresh part: %s", reasons(r.Gaps))
	}
	q.Modules = append(q.Modules, locked().Modules...)
	if got := reasons(Audit(Join(db, fresh), q, at("2026-11-28")).Gaps); !strings.Contains(got, "advisory data for npm: it is of") || strings.Contains(got, "RubyGems") {
		t.Errorf("stale part: %s", got)
	}
}

func TestURLs(t *testing.T) {
	if got := URLs(Go); len(got) != 2 || got[0] != GoURL || got[1] != OSVGoURL {
		t.Errorf("Go: %v", got)
	}
	if got := URLs(Crates); len(got) != 1 || got[0] != "https://osv-vulnerabilities.storage.googleapis.com/crates.io/all.zip" {
		t.Errorf("crates.io: %v", got)
	}
}

// TestIndex holds a zip opened over its index against the same zip read whole.
func TestIndex(t *testing.T) {
	dir := t.TempDir()
	place := filepath.Join(dir, "data.zip")
	data := zipOf(t, "../../testdata/advisories")
	if err := os.WriteFile(place, data, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := openIndexed(place)
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	info, err := os.Stat(place + indexSuffix)
	if err != nil {
		t.Fatal(err)
	}
	again, err := openIndexed(place)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if whole.Source() != again.Source() {
		t.Errorf("source = %+v, want %+v", again.Source(), whole.Source())
	}
	for _, now := range []time.Time{at("2026-11-21"), at("2027-01-01")} {
		for _, q := range []Query{broken(), locked()} {
			a, b := Audit(whole, q, now), Audit(again, q, now)
			if hits(a) != hits(b) || reasons(a.Gaps) != reasons(b.Gaps) {
				t.Errorf("over the index: %s\n%s", hits(b), reasons(b.Gaps))
			}
		}
	}
	// One that is damaged or about other data is made again.
	for name, text := range map[string]string{"damaged": "no gzip", "empty": ""} {
		if err := os.WriteFile(place+indexSuffix, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := openIndexed(place)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := hits(Audit(db, locked(), at("2026-11-21"))); got != hits(Audit(whole, locked(), at("2026-11-21"))) {
			t.Errorf("%s: %s", name, got)
		}
		db.Close()
		if now, err := os.Stat(place + indexSuffix); err != nil || now.Size() != info.Size() {
			t.Errorf("%s index was not made again: %v", name, err)
		}
	}
	other := filepath.Join(dir, "other.zip")
	if err := os.WriteFile(other, zipOf(t, filepath.Dir(writeRecord(t))), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(place + indexSuffix)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other+indexSuffix, text, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := openIndexed(other)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if db.Source().Entries != 1 {
		t.Errorf("an index of other data was believed: %+v", db.Source())
	}
}

func writeRecord(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.json")
	text := `{"id": "GHSA-0000-0000-0009", "modified": "2026-01-01T00:00:00Z", "affected": []}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func FuzzVersions(f *testing.F) {
	for i := range Ecosystems() {
		f.Add(byte(i), "1.0.0-rc.1", "v2.0")
	}
	f.Add(byte(4), "1!1.0.post1.dev2+l.1", "1.0-1")
	f.Fuzz(func(t *testing.T, which byte, a, b string) {
		all := Ecosystems()
		how := spelling{all[int(which)%len(all)], "p"}
		ca, ok := how.canonical(a)
		if !ok {
			return
		}
		if how.compare(ca, ca) != 0 {
			t.Errorf("%s: %q differs from itself", how.ecosystem, ca)
		}
		if cb, ok := how.canonical(b); ok {
			if x, y := how.compare(ca, cb), how.compare(cb, ca); x != -y {
				t.Errorf("%s: compare(%q, %q) = %d, the other way %d", how.ecosystem, ca, cb, x, y)
			}
		}
		how.display(a)
	})
}

// zipOf packs the JSON files of a folder.
func zipOf(t *testing.T, dir string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s holds no records: %v", dir, err)
	}
	files := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(text)
	}
	return zipBytes(t, files)
}

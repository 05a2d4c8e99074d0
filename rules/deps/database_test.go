package deps

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

const handWritten = "../../testdata/advisories"

// record writes an OSV record about one module.
func record(id, module, events string, aliases ...string) string {
	r := struct {
		Type   string              `json:"type"`
		Events []map[string]string `json:"events"`
	}{Type: "SEMVER"}
	for part := range strings.SplitSeq(events, ", ") {
		kind, version, _ := strings.Cut(part, " ")
		r.Events = append(r.Events, map[string]string{kind: version})
	}
	text, err := json.Marshal(map[string]any{"id": id, "modified": "2026-11-01T00:00:00Z", "aliases": aliases,
		"affected": []any{map[string]any{"package": map[string]any{"ecosystem": "Go", "name": module}, "ranges": []any{r}}}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// goDatabase lays records out as the Go vulnerability database does.
func goDatabase(t *testing.T, modified string, records ...string) map[string]string {
	t.Helper()
	files := map[string]string{"index/db.json": fmt.Sprintf(`{"modified":%q}`, modified)}
	type vuln struct {
		ID string `json:"id"`
	}
	modules := map[string][]vuln{}
	vulns := []map[string]any{}
	for _, text := range records {
		a, err := ParseAdvisory([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files["ID/"+a.ID+".json"] = text
		vulns = append(vulns, map[string]any{"id": a.ID, "aliases": a.Aliases})
		for _, f := range a.Affected {
			modules[f.Package] = append(modules[f.Package], vuln{a.ID})
		}
	}
	list := []map[string]any{}
	for path, v := range modules {
		list = append(list, map[string]any{"path": path, "vulns": v})
	}
	for name, v := range map[string]any{"index/modules.json": list, "index/vulns.json": vulns} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return files
}

func writeFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func zipBytes(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeZip(t *testing.T, files map[string]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "data.zip")
	if err := os.WriteFile(name, zipBytes(t, files), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func open(t testing.TB, place string) *Database {
	t.Helper()
	db, err := Open(place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func idsOf(records []*Advisory) string {
	var ids []string
	for _, a := range records {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ")
}

func gapsOf(db *Database) string {
	var lines []string
	for _, g := range db.Gaps() {
		lines = append(lines, g.Subject+": "+g.Reason)
	}
	return strings.Join(lines, "\n")
}

// Every layout answers the same questions alike.
func TestOpenLayouts(t *testing.T) {
	one := record("GO-0000-0001", "example.com/m", "introduced 0, fixed 1.2.0", "CVE-0000-0001")
	two := record("GO-0000-0002", "example.com/n", "introduced 0", "CVE-0000-0002", "CVE-0000-0001")
	database := goDatabase(t, "2026-11-02T00:00:00Z", one, two)
	packed := map[string]string{}
	for name, text := range database {
		packed["vulndb/"+name] = text
	}
	plain := map[string]string{"db.json": `{"modified":"2026-11-02T00:00:00Z"}`, "deep/er/a.json": one, "b.json": two,
		"README.md": "not a record", ".git/c.json": "{"}
	for name, place := range map[string]string{
		"Go database, folder":            writeFolder(t, database),
		"Go database, zip":               writeZip(t, database),
		"Go database, zip with a folder": writeZip(t, packed),
		"records, folder":                writeFolder(t, plain),
		"records, zip as osv.dev has it": writeZip(t, plain),
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, place)
			source := db.Source()
			if source.Entries != 2 || !source.Modified.Equal(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)) || len(source.SHA256) != 64 {
				t.Errorf("source = %+v", source)
			}
			if gaps := gapsOf(db); gaps != "" {
				t.Errorf("gaps:\n%s", gaps)
			}
			records, gaps := db.Naming(Go, "example.com/m")
			if idsOf(records) != "GO-0000-0001" || gaps != nil {
				t.Errorf("naming m: %s, %v", idsOf(records), gaps)
			}
			records, _ = db.Mentioning("CVE-0000-0001")
			if idsOf(records) != "GO-0000-0001 GO-0000-0002" {
				t.Errorf("mentioning: %s", idsOf(records))
			}
			if records, _ := db.Naming("PyPI", "example.com/m"); records != nil {
				t.Errorf("another ecosystem: %s", idsOf(records))
			}
		})
	}
}

// The digest depends on names and contents and on nothing else.
func TestDigest(t *testing.T) {
	one := record("GO-0000-0001", "example.com/m", "introduced 0")
	two := record("GO-0000-0002", "example.com/m", "introduced 0")
	digest := func(files map[string]string) string { return open(t, writeFolder(t, files)).Source().SHA256 }
	base := digest(map[string]string{"a.json": one, "b.json": two})
	if same := digest(map[string]string{"b.json": two, "a.json": one, "notes.txt": "x"}); same != base {
		t.Error("a file that is no record changes the digest")
	}
	if renamed := digest(map[string]string{"a.json": one, "c.json": two}); renamed == base {
		t.Error("a name does not count")
	}
	if edited := digest(map[string]string{"a.json": one, "b.json": two + " "}); edited == base {
		t.Error("a content does not count")
	}
	indexed := goDatabase(t, "2026-11-02T00:00:00Z", one)
	before := digest(indexed)
	indexed["ID/GO-0000-0001.json"] += " "
	if digest(indexed) == before {
		t.Error("an entry of a Go database does not count")
	}
}

func TestNewestModifiedDatesRecords(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{"a.json": record("GO-0000-0001", "example.com/m", "introduced 0")}))
	if got := db.Source().Modified; !got.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("modified = %v", got)
	}
}

// What cannot be read is named; the rest stays usable.
func TestMalformedRecords(t *testing.T) {
	good := record("GO-0000-0001", "example.com/m", "introduced 0")
	for name, test := range map[string]struct{ text, gap string }{
		"no JSON":         {"{", "unexpected end"},
		"a list":          {"[]", "cannot unmarshal array"},
		"no id":           {`{"aliases":[]}`, "it has no id"},
		"id as a path":    {`{"id":"../../etc/passwd"}`, "is no advisory id"},
		"alias as a path": {`{"id":"GO-1","aliases":["a/b"]}`, "is no advisory id"},
		"bad date":        {`{"id":"GO-1","modified":"yesterday"}`, "parsing time"},
		"bad events":      {`{"id":"GO-1","affected":[{"ranges":[{"events":{}}]}]}`, "cannot unmarshal"},
		"bad imports":     {`{"id":"GO-1","affected":[{"package":{"ecosystem":"Go"},"ecosystem_specific":{"imports":"x"}}]}`, "ecosystem_specific"},
		"two values":      {good + good, "after top-level value"},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, writeFolder(t, map[string]string{"good.json": good, "bad.json": test.text}))
			if gaps := gapsOf(db); !strings.HasPrefix(gaps, "bad.json: ") || !strings.Contains(gaps, test.gap) {
				t.Errorf("gaps = %q, want one about %q", gaps, test.gap)
			}
			if records, _ := db.Naming(Go, "example.com/m"); len(records) != 1 {
				t.Error("the good record is lost")
			}
		})
	}
}

// What each database may shape as it likes does not make a record malformed.
func TestForgivingParts(t *testing.T) {
	a, err := ParseAdvisory([]byte(`{"id":"X-1","database_specific":{"severity":7,"cwe_ids":{"a":1}},"affected":[{"package":{"ecosystem":"npm","name":"x"},"ecosystem_specific":[1]}]}`))
	if err != nil || a.Label != "" || a.CWE != nil {
		t.Errorf("%+v, %v", a, err)
	}
	a, err = ParseAdvisory([]byte(`{"id":"X-1","database_specific":{"severity":"HIGH","cwe_ids":["CWE-22","CWE-","NVD-CWE-noinfo"]},"withdrawn":null,"published":"0001-01-01T00:00:00Z"}`))
	if err != nil || a.Label != "HIGH" || !slices.Equal(a.CWE, []int{22}) || !a.Published.IsZero() || !a.Withdrawn.IsZero() {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestGoDatabaseMustFit(t *testing.T) {
	whole := func() map[string]string {
		return goDatabase(t, "2026-11-02T00:00:00Z", record("GO-0000-0001", "example.com/m", "introduced 0"), record("GO-0000-0002", "example.com/m", "introduced 0"))
	}
	files := whole()
	delete(files, "ID/GO-0000-0002.json")
	if gaps := gapsOf(open(t, writeFolder(t, files))); gaps != "ID/GO-0000-0002.json: is in the index and not in the data" {
		t.Errorf("a missing entry: %q", gaps)
	}
	files = whole()
	files["ID/GO-0000-0003.json"] = record("GO-0000-0003", "example.com/m", "introduced 0")
	if gaps := gapsOf(open(t, writeZip(t, files))); gaps != "ID/GO-0000-0003.json: is in the data and not in the index" {
		t.Errorf("an entry without index: %q", gaps)
	}
	files = whole()
	files["ID/GO-0000-0001.json"] = record("GO-0000-0009", "example.com/m", "introduced 0")
	files["ID/GO-0000-0002.json"] = "{"
	_, gaps := open(t, writeZip(t, files)).Naming(Go, "example.com/m")
	if len(gaps) != 2 || !strings.Contains(gaps[0].Reason, "holds the record GO-0000-0009") || gaps[1].Subject != "ID/GO-0000-0002.json" {
		t.Errorf("wrong entries: %v", gaps)
	}
	for _, name := range []string{"index/modules.json", "index/vulns.json", "index/db.json"} {
		files = whole()
		if name == "index/db.json" {
			files[name] = "no JSON"
		} else {
			delete(files, name)
		}
		if _, err := Open(writeFolder(t, files)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestNothingUsable(t *testing.T) {
	text := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(text, []byte("<html>sign in</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, place := range map[string]string{
		"absent":           filepath.Join(t.TempDir(), "absent"),
		"empty folder":     t.TempDir(),
		"only notes":       writeFolder(t, map[string]string{"README.md": ""}),
		"only a date":      writeFolder(t, map[string]string{"db.json": `{"modified":"2026-11-02T00:00:00Z"}`}),
		"nothing readable": writeFolder(t, map[string]string{"a.json": "{"}),
		"no zip":           text,
		"empty zip":        writeZip(t, nil),
		"no entries":       writeZip(t, goDatabase(t, "2026-11-02T00:00:00Z")),
	} {
		if db, err := Open(place); err == nil {
			t.Errorf("%s: opened with %d entries", name, db.Source().Entries)
		} else if !strings.Contains(err.Error(), place) {
			t.Errorf("%s: %v does not name the place", name, err)
		}
	}
}

// Hostile archives cost nothing and give nothing away.
func TestHostileZip(t *testing.T) {
	good := record("GO-0000-0001", "example.com/m", "introduced 0")
	for _, name := range []string{"../evil.json", "/etc/evil.json", `..\evil.json`, "a/../../evil.json", "a//evil.json"} {
		db := open(t, writeZip(t, map[string]string{"good.json": good, name: good}))
		if gaps := gapsOf(db); !strings.Contains(gaps, "leads out of the archive") {
			t.Errorf("%s: gaps = %q", name, gaps)
		}
	}

	var twice bytes.Buffer
	w := zip.NewWriter(&twice)
	for range 2 {
		f, _ := w.Create("a.json")
		_, _ = f.Write([]byte(good))
	}
	link := &zip.FileHeader{Name: "link.json"}
	link.SetMode(os.ModeSymlink | 0o777)
	f, _ := w.CreateHeader(link)
	_, _ = f.Write([]byte("/etc/passwd"))
	_ = w.Close()
	place := filepath.Join(t.TempDir(), "twice.zip")
	if err := os.WriteFile(place, twice.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if gaps := gapsOf(open(t, place)); gaps != "a.json: is in the archive twice\nlink.json: is not a regular file" {
		t.Errorf("gaps = %q", gaps)
	}
}

func TestZipBomb(t *testing.T) {
	good := record("GO-0000-0001", "example.com/m", "introduced 0")
	big := strings.Repeat(" ", maxFile+1)
	place := writeZip(t, map[string]string{"good.json": good, "big.json": big})
	if gaps := gapsOf(open(t, place)); !strings.Contains(gaps, "big.json: is larger than") {
		t.Errorf("gaps = %q", gaps)
	}
	// The same with a header that lies about the size.
	data, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	honest := []byte{0x01, 0x00, 0x00, 0x01} // maxFile+1, little endian
	data = bytes.ReplaceAll(data, honest, []byte{0x10, 0x00, 0x00, 0x00})
	if err := os.WriteFile(place, data, 0o644); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	gaps := gapsOf(open(t, place))
	runtime.ReadMemStats(&after)
	if !strings.Contains(gaps, "big.json: cannot be read") {
		t.Errorf("gaps = %q", gaps)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
		t.Errorf("a lying header cost %d bytes", used)
	}
	// Many files that are each small enough; what they claim is believed.
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	for i := range maxTotal/maxFile + 1 {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.json", i), UncompressedSize64: maxFile}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, bomb.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(place); err == nil || !strings.Contains(err.Error(), "unpacks to more than") {
		t.Errorf("a bomb: %v", err)
	}
}

func TestFolderLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links needs a privilege there")
	}
	good := record("GO-0000-0001", "example.com/m", "introduced 0")
	outside := writeFolder(t, map[string]string{"secret.json": record("GO-0000-0002", "example.com/m", "introduced 0")})
	dir := writeFolder(t, map[string]string{"real/good.json": good})
	for from, to := range map[string]string{
		"inside.json":  "real/good.json",
		"outside.json": filepath.Join(outside, "secret.json"),
		"folder":       outside,
		"loop":         ".",
		"self.json":    "self.json",
		"notes.md":     "gone",
	} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, dir)
	if records, _ := db.Naming(Go, "example.com/m"); idsOf(records) != "GO-0000-0001" {
		t.Errorf("records = %s", idsOf(records))
	}
	gaps := gapsOf(db)
	for _, name := range []string{"outside.json: cannot be read", "loop: is a symbolic link", "self.json: cannot be read"} {
		if !strings.Contains(gaps, name) {
			t.Errorf("no gap %q in\n%s", name, gaps)
		}
	}
	if strings.Contains(gaps, "notes.md") {
		t.Errorf("a file that is no record is a gap:\n%s", gaps)
	}
}

func TestJoin(t *testing.T) {
	newer := strings.Replace(record("GO-0000-0001", "example.com/m", "introduced 0, fixed 2.0.0"), "2026-11-01", "2026-11-05", 1)
	first := open(t, writeFolder(t, map[string]string{"a.json": record("GO-0000-0001", "example.com/m", "introduced 0")}))
	second := open(t, writeFolder(t, map[string]string{"a.json": newer, "b.json": record("GHSA-0000-0000-0001", "example.com/m", "introduced 0", "GO-0000-0001")}))
	for _, db := range []*Database{Join(first, second), Join(second, first)} {
		records, _ := db.Naming(Go, "example.com/m")
		if idsOf(records) != "GHSA-0000-0000-0001 GO-0000-0001" || len(records[1].Affected[0].Ranges[0].Events) != 2 {
			t.Errorf("records = %s, not the newest", idsOf(records))
		}
		if s := db.Source(); s.Entries != 2 || !s.Modified.Equal(first.Source().Modified) || !strings.Contains(s.Source, ", ") {
			t.Errorf("source = %+v", s)
		}
	}
	if Join(first) != first {
		t.Error("a single database is not itself")
	}
}

func TestHandWritten(t *testing.T) {
	db := open(t, handWritten)
	if gaps := gapsOf(db); gaps != "" {
		t.Errorf("gaps:\n%s", gaps)
	}
	s := db.Source()
	if s.Entries != 13 || s.Modified.Format(time.RFC3339) != "2026-11-20T00:00:00Z" {
		t.Errorf("source = %+v", s)
	}
}

func FuzzParseAdvisory(f *testing.F) {
	files, err := filepath.Glob(handWritten + "/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no seed", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAdvisory(data)
		if (a == nil) == (err == nil) {
			t.Fatalf("%v, %v", a, err)
		}
		if a == nil {
			return
		}
		if !validID(a.ID) {
			t.Errorf("id %q", a.ID)
		}
		for i := range a.Affected {
			in, err := a.Affected[i].affects("v1.2.3")
			if in && err != nil {
				t.Errorf("affected and undecided at once: %v", err)
			}
		}
	})
}

func FuzzOpenZip(f *testing.F) {
	f.Add(zipBytes(f, map[string]string{"a.json": record("GO-0000-0001", "example.com/m", "introduced 0")}))
	f.Add(zipBytes(f, map[string]string{"index/db.json": `{"modified":"2026-11-02T00:00:00Z"}`, "index/modules.json": `[{"path":"example.com/m","vulns":[{"id":"GO-0000-0001"}]}]`, "index/vulns.json": `[]`, "ID/GO-0000-0001.json": `{"id":"GO-0000-0001"}`}))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := listZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		db, err := read(s, rules.AdvisorySource{})
		if err != nil {
			return
		}
		if db.Source().Entries == 0 {
			t.Error("opened without any entry")
		}
		records, gaps := db.Naming(Go, "example.com/m")
		for _, a := range records {
			if !a.names(Go, "example.com/m") {
				t.Errorf("%s does not name the package", a.ID)
			}
		}
		if len(records)+len(gaps)+len(db.Gaps()) == 0 && db.parts[0].packages[packageKey{Go, "example.com/m"}] != nil {
			t.Error("a record vanished without a gap")
		}
	})
}

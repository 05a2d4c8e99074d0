package deps

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A Database is advisory data that can be asked about packages. It is safe for
// concurrent use. Entries are read when they are needed; [Database.Close] must
// not be called before.
type Database struct {
	source rules.AdvisorySource
	parts  []*part
	gaps   []rules.Gap // what should be here and is not
}

// A part is the data of one folder or zip.
type part struct {
	store  *store
	source rules.AdvisorySource // of the part alone; set when it is joined to others
	// ecosystems are those that some record speaks of.
	ecosystems map[string]bool
	packages   map[packageKey][]string // ids of the records that name a package
	files      map[string]string       // record id -> file
	mentions   map[string][]string     // id -> ids of the records that have it as an alias
	gaps       []rules.Gap
	kept       []entry // of records that were read one by one, for an index

	mu    sync.Mutex
	cache map[string]*Advisory
}

// A packageKey is an ecosystem and a name in its normal form.
type packageKey struct{ ecosystem, name string }

func keyOf(ecosystem, name string) packageKey {
	return packageKey{ecosystem, NormalName(ecosystem, name)}
}

// Open opens advisory data and says what it is by looking at it:
//
//   - a Go vulnerability database (index/db.json, index/modules.json, ID/*.json),
//     as a folder or a zip: only the index and, later, the entries asked for are
//     parsed;
//   - any other folder or zip: every .json file in it, at any depth, is an OSV
//     record, except a db.json at its root with {"modified": "<RFC 3339>"}, the
//     date of the data. Without it the newest record dates the data.
//
// Files whose name or folder begins with a dot are left out. An error means
// that there is no usable data at all; an entry that cannot be read is a gap
// of [Database.Gaps].
func Open(place string) (*Database, error) {
	s, err := openStore(place)
	if err != nil {
		return nil, fmt.Errorf("advisory data %s: %w", place, err)
	}
	db, err := read(s, rules.AdvisorySource{Source: filepath.ToSlash(filepath.Clean(place)), SHA256: s.digest})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("advisory data %s: %w", place, err), s.close())
	}
	db.parts[0].kept = nil
	return db, nil
}

// read reads what must be known of a store before it can be asked.
func read(s *store, source rules.AdvisorySource) (*Database, error) {
	p := newPart(s)
	how := p.readRecords
	if s.has("index/db.json") || s.has("index/modules.json") {
		how = p.readIndex
	}
	if err := how(&source); err != nil {
		return nil, err
	}
	return p.database(source), nil
}

func newPart(s *store) *part {
	return &part{store: s, packages: map[packageKey][]string{}, files: map[string]string{},
		ecosystems: map[string]bool{}, mentions: map[string][]string{}, cache: map[string]*Advisory{}}
}

// database makes a database of a part that was read.
func (p *part) database(source rules.AdvisorySource) *Database {
	p.gaps = slices.Concat(p.store.gaps, p.gaps)
	for key := range p.packages {
		p.ecosystems[key.ecosystem] = true
	}
	source.Entries = len(p.files)
	return &Database{source: source, parts: []*part{p}}
}

// Join makes one database of several. A record that several of them hold
// counts in its newest form. The joined data is as old as its oldest part.
func Join(databases ...*Database) *Database {
	if len(databases) == 1 {
		return databases[0]
	}
	joined := &Database{}
	sum := sha256.New()
	ids := map[string]bool{}
	var names []string
	for i, d := range databases {
		s := d.source
		names = append(names, s.Source)
		fmt.Fprintln(sum, s.SHA256)
		if i == 0 || s.Modified.Before(joined.source.Modified) {
			joined.source.Modified = s.Modified
		}
		if i == 0 || s.Checked.Before(joined.source.Checked) {
			joined.source.Checked = s.Checked
		}
		if len(d.parts) == 1 {
			d.parts[0].source = s
		}
		joined.parts = append(joined.parts, d.parts...)
		joined.gaps = append(joined.gaps, d.gaps...)
		for _, p := range d.parts {
			for id := range p.files {
				ids[id] = true
			}
		}
	}
	joined.source.Source = strings.Join(names, ", ")
	joined.source.SHA256 = hex.EncodeToString(sum.Sum(nil))
	joined.source.Entries = len(ids)
	return joined
}

// Close releases the files behind the database.
func (d *Database) Close() error {
	var errs []error
	for _, p := range d.parts {
		errs = append(errs, p.store.close())
	}
	return errors.Join(errs...)
}

// Source says what the data is: where from, how old, how many entries and the
// digest of what was read (of the zip's bytes; of a folder's names and
// contents in sorted order).
func (d *Database) Source() rules.AdvisorySource { return d.source }

// Gaps returns what was missing or unreadable when the data was opened.
func (d *Database) Gaps() []rules.Gap {
	gaps := slices.Clone(d.gaps)
	for _, p := range d.parts {
		gaps = append(gaps, p.gaps...)
	}
	return gaps
}

// lacking says of which ecosystems the database has no data, or data that can
// no longer be relied on.
func (d *Database) lacking(ecosystems []string, now time.Time) []rules.Gap {
	var gaps []rules.Gap
	if len(ecosystems) == 0 {
		if reason := stale(d.source, now); reason != "" {
			gaps = append(gaps, rules.Gap{Subject: "advisory data", Reason: reason})
		}
	}
	for _, ecosystem := range ecosystems {
		subject := "advisory data"
		if ecosystem != Go {
			subject += " for " + ecosystem
		}
		found := false
		for _, p := range d.parts {
			if !p.ecosystems[ecosystem] {
				continue
			}
			found = true
			source := d.source
			if len(d.parts) > 1 {
				source = p.source
			}
			if reason := stale(source, now); reason != "" {
				gaps = append(gaps, rules.Gap{Subject: subject, Reason: reason})
			}
		}
		if !found {
			gaps = append(gaps, rules.Gap{Subject: subject, Reason: fmt.Sprintf(
				"there is none: no record of %s speaks of a package of %s; give it OSV records of that ecosystem, or allow the download",
				cmp.Or(clip(d.source.Source, 200), "the data"), ecosystem)})
		}
	}
	return gaps
}

// Naming returns the records that speak of a package, ordered by id, withdrawn
// ones included, and a gap for each that cannot be read.
func (d *Database) Naming(ecosystem, pkg string) ([]*Advisory, []rules.Gap) {
	pkg = NormalName(ecosystem, pkg)
	var ids []string
	var gaps []rules.Gap
	for _, p := range d.parts {
		for _, id := range p.packages[packageKey{ecosystem, pkg}] {
			ids = append(ids, id)
			if a, err := p.record(id); err == nil && a != nil && !a.names(ecosystem, pkg) {
				gaps = append(gaps, rules.Gap{Subject: p.files[id], Reason: "does not speak of " + clip(pkg, 200) + ", as the index says"})
			}
		}
	}
	records, more := d.records(ids, func(a *Advisory) bool { return a.names(ecosystem, pkg) })
	return records, append(gaps, more...)
}

// Mentioning returns the records that have id as their own id or as an alias,
// ordered by id, withdrawn ones included, and a gap for each that cannot be
// read.
func (d *Database) Mentioning(id string) ([]*Advisory, []rules.Gap) {
	ids := []string{id}
	for _, p := range d.parts {
		ids = append(ids, p.mentions[id]...)
	}
	return d.records(ids, func(a *Advisory) bool { return a.ID == id || slices.Contains(a.Aliases, id) })
}

// within returns the ecosystem's packages whose name begins with prefix.
func (d *Database) within(ecosystem, prefix string) []string {
	var found []string
	for _, p := range d.parts {
		for key := range p.packages {
			if key.ecosystem == ecosystem && strings.HasPrefix(key.name, prefix) {
				found = append(found, key.name)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// records reads the newest form of each record that keep accepts.
func (d *Database) records(ids []string, keep func(*Advisory) bool) ([]*Advisory, []rules.Gap) {
	slices.Sort(ids)
	var found []*Advisory
	var gaps []rules.Gap
	for _, id := range slices.Compact(ids) {
		var newest *Advisory
		for _, p := range d.parts {
			a, err := p.record(id)
			switch {
			case err != nil:
				gaps = append(gaps, rules.Gap{Subject: p.files[id], Reason: err.Error()})
			case a != nil && (newest == nil || a.Modified.After(newest.Modified)):
				newest = a
			}
		}
		if newest != nil && keep(newest) {
			found = append(found, newest)
		}
	}
	return found, gaps
}

// record reads one record; nil when the part has none with this id.
func (p *part) record(id string) (*Advisory, error) {
	file, ok := p.files[id]
	if !ok {
		return nil, nil
	}
	p.mu.Lock()
	a, ok := p.cache[id]
	p.mu.Unlock()
	if ok {
		return a, nil
	}
	a, err := p.parse(id, file)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.cache[id] = a
	p.mu.Unlock()
	return a, nil
}

// parse reads the record that a file holds.
func (p *part) parse(id, file string) (*Advisory, error) {
	data, err := p.store.read(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	a, err := ParseAdvisory(data)
	if err != nil {
		return nil, err
	}
	if a.ID != id {
		return nil, fmt.Errorf("holds the record %s and not %s", a.ID, id)
	}
	return a, nil
}

// readIndex reads the index of a Go vulnerability database. It is believed
// about which entries name a module and nothing else; that it and the entries
// belong together is checked both ways.
func (p *part) readIndex(source *rules.AdvisorySource) error {
	var db struct {
		Modified time.Time `json:"modified"`
	}
	var modules []struct {
		Path  string `json:"path"`
		Vulns []struct {
			ID string `json:"id"`
		} `json:"vulns"`
	}
	var vulns []struct {
		ID      string   `json:"id"`
		Aliases []string `json:"aliases"`
	}
	for _, file := range []struct {
		name string
		into any
	}{{"index/db.json", &db}, {"index/modules.json", &modules}, {"index/vulns.json", &vulns}} {
		data, err := p.store.read(file.name)
		if err == nil {
			err = json.Unmarshal(data, file.into)
		}
		if err != nil {
			return fmt.Errorf("%s, a part of a Go vulnerability database, cannot be read: %w", file.name, err)
		}
	}
	source.Modified = date(&db.Modified)
	for _, name := range p.store.names {
		if id, ok := strings.CutPrefix(name, "ID/"); ok && !strings.Contains(id, "/") {
			p.files[strings.TrimSuffix(id, ".json")] = name
		}
	}
	listed := make(map[string]bool, len(vulns))
	miss := func(id string) {
		if !listed[id] && p.files[id] == "" {
			p.gaps = append(p.gaps, rules.Gap{Subject: "ID/" + clip(id, 80) + ".json", Reason: "is in the index and not in the data"})
		}
		listed[id] = true
	}
	for _, v := range vulns {
		miss(v.ID)
		for _, alias := range v.Aliases {
			p.mentions[alias] = append(p.mentions[alias], v.ID)
		}
	}
	for _, m := range modules {
		key := keyOf(Go, m.Path)
		for _, v := range m.Vulns {
			miss(v.ID)
			p.packages[key] = append(p.packages[key], v.ID)
		}
	}
	for id, name := range p.files {
		if !listed[id] {
			p.gaps = append(p.gaps, rules.Gap{Subject: name, Reason: "is in the data and not in the index"})
		}
	}
	slices.SortFunc(p.gaps, func(a, b rules.Gap) int { return cmp.Compare(a.Subject, b.Subject) })
	if len(p.files) == 0 {
		return errors.New("it has no entries")
	}
	if source.SHA256 != "" {
		return nil
	}
	return p.each(p.store.names, source, func(int, []byte) {})
}

// readRecords reads every file as an OSV record.
func (p *part) readRecords(source *rules.AdvisorySource) error {
	names := p.store.names
	entries := make([]entry, len(names))
	malformed := make([]error, len(names))
	var db struct {
		Modified *time.Time `json:"modified"`
	}
	err := p.each(names, source, func(i int, data []byte) {
		if names[i] == "db.json" {
			malformed[i] = json.Unmarshal(data, &db)
			return
		}
		a, err := ParseAdvisory(data)
		if malformed[i] = err; err == nil {
			entries[i] = entryOf(names[i], a)
		}
	})
	if err != nil {
		return err
	}
	for i, err := range malformed {
		if err != nil {
			p.gaps = append(p.gaps, rules.Gap{Subject: names[i], Reason: err.Error()})
		}
	}
	entries = slices.DeleteFunc(entries, func(e entry) bool { return e.ID == "" })
	source.Modified = p.take(entries)
	p.kept = entries
	if len(p.files) == 0 {
		return errors.Join(errors.New("no OSV record in it"), errors.Join(malformed...))
	}
	if db.Modified != nil {
		source.Modified = date(db.Modified)
	}
	return nil
}

// An entry is what must be known of a record to find it. The record itself is
// read when it is asked for: there are hundreds of thousands for npm.
type entry struct {
	File     string       `json:"f"`
	ID       string       `json:"i"`
	Aliases  []string     `json:"a,omitempty"`
	Packages []packageKey `json:"-"`
	Names    []string     `json:"p,omitempty"` // ecosystem and name, one after the other
	Modified time.Time    `json:"m"`
}

func entryOf(file string, a *Advisory) entry {
	e := entry{File: file, ID: a.ID, Aliases: a.Aliases, Modified: a.Modified}
	for _, f := range a.Affected {
		if key := keyOf(f.Ecosystem, f.Package); !slices.Contains(e.Packages, key) {
			e.Packages = append(e.Packages, key)
		}
	}
	return e
}

// take makes the part's index of its entries and returns when the newest was
// changed.
func (p *part) take(entries []entry) (newest time.Time) {
	modified := map[string]time.Time{}
	for i := range entries {
		e := &entries[i]
		if e.Modified.After(newest) {
			newest = e.Modified
		}
		// Of two files with one record the newer counts.
		if before, twice := modified[e.ID]; !twice || e.Modified.After(before) {
			modified[e.ID], p.files[e.ID] = e.Modified, e.File
		}
	}
	for i := range entries {
		e := &entries[i]
		if p.files[e.ID] != e.File {
			continue
		}
		for _, key := range e.Packages {
			p.packages[key] = append(p.packages[key], e.ID)
		}
		for _, alias := range e.Aliases {
			p.mentions[alias] = append(p.mentions[alias], e.ID)
		}
	}
	return newest
}

// each reads the named files, as many at a time as there are processors, hands
// each to use and, where the store has no digest, computes it from all of them.
// A file that cannot be read is a gap.
func (p *part) each(names []string, source *rules.AdvisorySource, use func(i int, data []byte)) error {
	sums := make([][sha256.Size]byte, len(names))
	failed := make([]error, len(names))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 8) {
		workers.Go(func() {
			for i := range next {
				data, err := p.store.read(names[i])
				if err != nil {
					failed[i] = err
					continue
				}
				if source.SHA256 == "" {
					sums[i] = sha256.Sum256(data)
				}
				use(i, data)
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	workers.Wait()
	whole := sha256.New()
	for i, name := range names {
		if failed[i] != nil {
			p.gaps = append(p.gaps, rules.Gap{Subject: name, Reason: "cannot be read: " + failed[i].Error()})
		}
		fmt.Fprintf(whole, "%d %s %x\n", len(name), name, sums[i])
	}
	if source.SHA256 == "" {
		source.SHA256 = hex.EncodeToString(whole.Sum(nil))
	}
	return nil
}

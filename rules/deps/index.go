package deps

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// indexSuffix is what the name of a data file's index ends in.
const indexSuffix = ".index.gz"

// maxIndex bounds an index in bytes, unpacked.
const maxIndex = 512 << 20

// An index is what reading every record of a zip leads to, kept beside the
// zip: osv.dev's data about npm takes tens of seconds to read whole and a scan
// asks for a few records of it. It is made by this program from data that was
// proved sound and names that data's digest; one that is missing, of another
// form or about other data is made again.
type index struct {
	Form     int       `json:"form"`
	SHA256   string    `json:"sha256"` // of the zip
	Modified time.Time `json:"modified"`
	Entries  []entry   `json:"entries"`
}

// indexForm changes whenever what an index means does.
const indexForm = 1

// openIndexed opens a zip over its index, which is made when it is missing. A
// Go vulnerability database has an index of its own.
func openIndexed(place string) (*Database, error) {
	s, err := openStore(place)
	if err != nil {
		return nil, fmt.Errorf("advisory data %s: %w", place, err)
	}
	source := rules.AdvisorySource{Source: filepath.ToSlash(filepath.Clean(place)), SHA256: s.digest}
	if db := indexed(s, source, place); db != nil {
		return db, nil
	}
	db, err := read(s, source)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("advisory data %s: %w", place, err), s.close())
	}
	// Without an index the next scan is slower, nothing else.
	_ = db.parts[0].writeIndex(place, db.source)
	return db, nil
}

// indexed returns the database that a sound index describes, or nil.
func indexed(s *store, source rules.AdvisorySource, place string) *Database {
	if s.digest == "" || s.has("index/db.json") {
		return nil
	}
	f, err := os.Open(place + indexSuffix)
	if err != nil {
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil
	}
	var x index
	if json.NewDecoder(io.LimitReader(z, maxIndex)).Decode(&x) != nil || x.Form != indexForm || x.SHA256 != s.digest || len(x.Entries) == 0 {
		return nil
	}
	for i := range x.Entries {
		e := &x.Entries[i]
		if !s.has(e.File) || e.ID == "" || len(e.Names)%2 != 0 {
			return nil
		}
		for j := 0; j < len(e.Names); j += 2 {
			e.Packages = append(e.Packages, packageKey{e.Names[j], e.Names[j+1]})
		}
	}
	p := newPart(s)
	p.take(x.Entries)
	source.Modified = x.Modified
	return p.database(source)
}

// writeIndex keeps the part's index beside its zip. A part with gaps keeps none:
// they are found by reading.
func (p *part) writeIndex(place string, source rules.AdvisorySource) (err error) {
	defer func() { p.kept = nil }()
	if p.store.digest == "" || p.store.has("index/db.json") || len(p.gaps) > 0 {
		return nil
	}
	x := index{Form: indexForm, SHA256: source.SHA256, Modified: source.Modified, Entries: p.kept}
	for i := range x.Entries {
		e := &x.Entries[i]
		for _, key := range e.Packages {
			e.Names = append(e.Names, key.ecosystem, key.name)
		}
	}
	temp, err := os.CreateTemp(filepath.Dir(place), ".write-*")
	if err != nil {
		return err
	}
	z := gzip.NewWriter(temp)
	err = errors.Join(json.NewEncoder(z).Encode(&x), z.Close(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), place+indexSuffix)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
	}
	return nil
}

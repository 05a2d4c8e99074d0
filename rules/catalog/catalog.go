// Package catalog holds the requirements of the marketplaces and the controls
// they share, as YAML files inside the program.
//
// # Contract
//
// [Load] returns the catalogue of this build; [LoadPack] adds what is known of
// gosec's rules, of our own rules to come and of the base vectors. [Parse]
// reads the same files from any file system and accepts nothing that does not
// hold together: unknown keys, unknown controls, verifiers or facts, ids used
// twice or used again after they were retired, rules and controls that do not
// name each other. It reports every fault it finds, each with file and line.
//
//	catalogue.yml  version, retired ids, our rules that are not built yet
//	controls.yml   the controls with their verifiers
//	gosec.yml      our judgement on gosec's rules
//	vectors.yml    base vectors by alias
//	<id>.yml       one marketplace a file; every other *.yml is one
//
// So adding a marketplace is adding one file. Marketplaces come in the order
// of their source codes.
//
// # Tags
//
// Requirements accept observations by tag (catalogue §2.1.1). Gatherers use
// these: a requirement's id on a statement made for it; "marketplace:phase" on
// the listing phase ("druva:approved"); "questionnaire:approved"; "api-apollo"
// and its like on a service; "apollo:oauth2-code" and its like on a way to be
// authorised, which is one of "oauth2-code", "oauth2-client-credentials",
// "oauth2-device", "oauth2-jwt-bearer", "oidc" and "api-token" after the
// marketplace it is used at, so that what is right for one never proves another;
// "aes-256" and "full-disk" on a store; "ci" on a scan that a pipeline ran.
// Measurements are called "hsts-max-age-seconds", "secret-age-days", "dast-age-days" and
// "tls-version".
//
// # What it never does
//
// It judges nothing, touches no network and no disk, and does not know gosec
// beyond the ids and messages its data names.
package catalog

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

//go:embed *.yml
var embedded embed.FS

// The files that are not marketplaces.
const (
	catalogueFile = "catalogue.yml"
	controlsFile  = "controls.yml"
	gosecFile     = "gosec.yml"
	vectorsFile   = "vectors.yml"
)

// A Pack is everything one set of catalogue files says.
type Pack struct {
	Catalogue rules.Catalogue
	Gosec     Gosec
	Planned   []Planned         // our own rules that are not built yet, by id
	Vectors   map[string]Vector // by alias
	Retired   []string          // ids that may never be used again
	Digest    string            // of the files, lower-case hex
}

// Load returns the catalogue of this build. An error means that the build is
// broken; every fault is listed.
func Load() (*rules.Catalogue, error) {
	p, err := LoadPack()
	if err != nil {
		return nil, err
	}
	return &p.Catalogue, nil
}

// LoadPack is [Load] with the data around the catalogue.
func LoadPack() (*Pack, error) { return Parse(embedded) }

// Digest returns the digest of the embedded files, the same that [LoadPack]
// reports, without parsing them.
func Digest() string {
	files, err := read(embedded)
	if err != nil {
		return "" // unreachable: embedded files can be read
	}
	return digest(files)
}

// FactIDs returns the ids of the computed facts that the catalogue's
// not-applicable conditions may name, sorted. Whoever computes facts can hold
// its own list against it.
func FactIDs() []string { return slices.Clone(facts) }

// A file is one YAML file of the catalogue.
type file struct {
	name string
	data []byte
}

// read returns the YAML files at the top of fsys, sorted by name.
func read(fsys fs.FS) ([]file, error) {
	names, err := fs.Glob(fsys, "*.yml")
	if err != nil {
		return nil, fmt.Errorf("listing the catalogue: %w", err)
	}
	slices.Sort(names)
	files := make([]file, 0, len(names))
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		files = append(files, file{name, data})
	}
	return files, nil
}

// digest returns the SHA-256 over names, lengths and contents, so that no two
// sets of files share one by moving a border.
func digest(files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s\x00%d\x00", f.name, len(f.data))
		h.Write(f.data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Parse reads a catalogue from the YAML files at the top of fsys and checks
// that it holds together. All faults come back at once, joined, each as
// "file:line: what is wrong".
func Parse(fsys fs.FS) (*Pack, error) {
	files, err := read(fsys)
	if err != nil {
		return nil, err
	}
	p := newParser()
	p.pack.Digest = digest(files)
	special := map[string]func(file){
		catalogueFile: p.readCatalogue,
		vectorsFile:   p.readVectors,
		controlsFile:  p.readControls,
		gosecFile:     p.readGosec,
	}
	for _, name := range []string{catalogueFile, vectorsFile, controlsFile, gosecFile} {
		i := slices.IndexFunc(files, func(f file) bool { return f.name == name })
		if i < 0 {
			p.faultf(place{name, 0}, "the file is missing")
			continue
		}
		special[name](files[i])
	}
	if len(p.faults) == 0 {
		p.checkRules()
	}
	if len(p.controls) == 0 {
		return nil, p.err() // everything below would only say that no control exists
	}
	for _, f := range files {
		if special[f.name] == nil {
			p.readMarketplace(f)
		}
	}
	if len(p.pack.Catalogue.Marketplaces) == 0 {
		p.faultf(place{"*.yml", 0}, "there is no marketplace")
	}
	p.checkRetired()
	slices.SortStableFunc(p.pack.Catalogue.Marketplaces, func(a, b rules.Marketplace) int {
		return cmp.Or(cmp.Compare(a.Source.Code, b.Source.Code), cmp.Compare(a.ID, b.ID))
	})
	if len(p.faults) > 0 {
		return nil, p.err()
	}
	return &p.pack, nil
}

// A parser gathers a pack and its faults.
type parser struct {
	pack     Pack
	faults   []fault
	ids      map[string]place // where each id was defined
	controls map[string]int   // index of each control in the catalogue
}

func newParser() *parser {
	return &parser{
		pack:     Pack{Vectors: map[string]Vector{}},
		ids:      map[string]place{},
		controls: map[string]int{},
	}
}

// A place is where in the catalogue something stands; line 0 is the whole file.
type place struct {
	file string
	line int
}

func (p place) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

// A fault is something wrong at a place.
type fault struct {
	at   place
	text string
}

// faultf notes a fault.
func (p *parser) faultf(at place, format string, args ...any) {
	p.faults = append(p.faults, fault{at, fmt.Sprintf(format, args...)})
}

// err joins the faults in reading order.
func (p *parser) err() error {
	slices.SortStableFunc(p.faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line))
	})
	errs := make([]error, 0, len(p.faults))
	for _, f := range p.faults {
		errs = append(errs, fmt.Errorf("%s: %s", f.at, f.text))
	}
	return errors.Join(errs...)
}

// define notes an id and refuses one that is taken.
func (p *parser) define(id string, at place) bool {
	if before, taken := p.ids[id]; taken {
		p.faultf(at, "id %q is already used at %s", id, before)
		return false
	}
	p.ids[id] = at
	return true
}

// control returns a control that has been read.
func (p *parser) control(id string) (*rules.Control, bool) {
	i, ok := p.controls[id]
	if !ok {
		return nil, false
	}
	return &p.pack.Catalogue.Controls[i], true
}

// checkRetired refuses ids that were given up.
func (p *parser) checkRetired() {
	for _, id := range p.pack.Retired {
		if at, used := p.ids[id]; used {
			p.faultf(at, "id %q was retired and may not be used again", id)
		}
	}
}

// text refuses a field that is empty, and one whose line ends are not meant.
func (p *parser) text(at place, key, value string) {
	switch {
	case strings.TrimSpace(value) == "":
		p.faultf(at, "%s is missing", key)
	case strings.TrimSpace(value) != value:
		p.faultf(at, "%s begins or ends with white space", key)
	}
}

// title refuses titles that are not one short line without a full stop.
func (p *parser) title(at place, value string) {
	p.text(at, "title", value)
	if strings.ContainsAny(value, "\n\r") || strings.HasSuffix(value, ".") {
		p.faultf(at, "title is not one line without a full stop")
	}
}

package deps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// RefreshAfter is how old a downloaded database may be before it is asked for
// again (catalogue §2.7).
const RefreshAfter = 24 * time.Hour

// Where the two published databases about Go are. Both are under CC-BY-4.0.
const (
	// GoURL is the Go vulnerability database: packages and symbols, no scores.
	GoURL = "https://vuln.go.dev/vulndb.zip"
	// OSVGoURL is every record osv.dev has about Go modules, GitHub's with
	// their CVSS vectors and weaknesses among them.
	OSVGoURL = osvBase + "Go/all.zip"

	osvBase = "https://osv-vulnerabilities.storage.googleapis.com/"
)

// URLs returns where the published data about an ecosystem is: every record
// osv.dev has about it, and for Go the Go vulnerability database as well.
func URLs(ecosystem string) []string {
	if ecosystem == Go {
		return []string{GoURL, OSVGoURL}
	}
	return []string{osvBase + ecosystem + "/all.zip"}
}

// maxDownload bounds a download in bytes. The data about Go is far below 50 MB,
// that about npm may be some hundred.
const maxDownload = maxArchive

// A Fetcher downloads advisory data and keeps it in a folder.
//
// Each URL has a state file naming the content-addressed data file it stands
// for. Both are written aside and renamed into place, data first, so that a
// process that dies, a full disk or another process at the same work leave the
// old state or the new one. Data replaces older data only after it was opened
// and every record in it could be read.
type Fetcher struct {
	Client *http.Client // its Timeout bounds each download; nil means http.DefaultClient
	Dir    string       // cache folder, created when needed
	// URLs to fetch; nil means those of Ecosystems.
	URLs []string
	// Ecosystems to fetch the published data about; nil means [Go].
	Ecosystems []string
	// Offline uses what is in the folder and never connects.
	Offline bool
	// Limit is the largest download in bytes; 0 means 1 GB.
	Limit int64
}

// cached is the state file of one URL.
type cached struct {
	URL          string    `json:"url"` // without credentials
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Checked      time.Time `json:"checked"` // when the server last said that this is the newest
	SHA256       string    `json:"sha256"`
}

// Fetch returns the joined databases. What is younger than RefreshAfter is not
// asked for again. When a URL cannot be refreshed, what the folder holds of it
// is used and a note says so; the age of the data then decides what an audit
// may say. A URL without any usable data is a gap of the database, and an error
// when there is no other.
func (f *Fetcher) Fetch(ctx context.Context, now time.Time) (db *Database, notes []string, err error) {
	urls := f.URLs
	if urls == nil {
		ecosystems := f.Ecosystems
		if ecosystems == nil {
			ecosystems = []string{Go}
		}
		for _, ecosystem := range ecosystems {
			urls = append(urls, URLs(ecosystem)...)
		}
	}
	var all []*Database
	var failed []error
	for _, address := range urls {
		d, note, err := f.one(ctx, address, now)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if note != "" {
			notes = append(notes, note)
		}
		all = append(all, d)
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("no advisory data could be had: %w", errors.Join(failed...))
	}
	db = Join(all...)
	for _, err := range failed {
		db.gaps = append(db.gaps, rules.Gap{Subject: "advisory data", Reason: err.Error()})
	}
	return db, notes, nil
}

// one returns the data of one URL.
func (f *Fetcher) one(ctx context.Context, address string, now time.Time) (*Database, string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, "", fmt.Errorf("%q is no web address", clip(address, 200))
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	shown := u.String()
	state, have, broken := f.load(shown)
	if have != nil && (f.Offline || !now.Before(state.Checked) && now.Sub(state.Checked) < RefreshAfter) {
		return have, "", nil
	}
	if f.Offline {
		return nil, "", errors.Join(fmt.Errorf("%s is not in the cache %s and --offline forbids to fetch it: run once without --offline, or name a local copy with --advisories", shown, f.Dir), broken)
	}
	fresh, err := f.refresh(ctx, address, shown, state, have, now)
	if err == nil {
		return fresh, "", nil
	}
	err = scrub(err, address, shown)
	if have == nil {
		return nil, "", fmt.Errorf("%w: try again, or name a local copy with --advisories", errors.Join(err, broken))
	}
	return have, fmt.Sprintf("advisory data of %s is used, because the newest could not be fetched: %v", state.Checked.UTC().Format(time.DateTime), err), nil
}

// scrub takes an address with credentials out of an error.
func scrub(err error, address, shown string) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("%s %s: %w", strings.ToUpper(failed.Op), shown, failed.Err)
	}
	if strings.Contains(err.Error(), address) {
		return errors.New(strings.ReplaceAll(err.Error(), address, shown))
	}
	return err
}

// base returns the name both files of a URL begin with.
func (f *Fetcher) base(shown string) string {
	sum := sha256.Sum256([]byte(shown))
	readable := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(shown), "-")
	readable = strings.TrimPrefix(strings.TrimPrefix(readable, "https-"), "http-")
	return filepath.Join(f.Dir, clip(readable, 60)+"-"+hex.EncodeToString(sum[:4]))
}

func (f *Fetcher) data(shown, digest string) string {
	return f.base(shown) + "." + digest + ".zip"
}

// load opens what the folder holds of a URL. Without usable data the database
// is nil, and the error says what is wrong with what is there, if anything is.
func (f *Fetcher) load(shown string) (cached, *Database, error) {
	state, db, err := f.loadOnce(shown)
	if errors.Is(err, os.ErrNotExist) {
		// Between state and data another process may have replaced both.
		state, db, err = f.loadOnce(shown)
	}
	return state, db, err
}

func (f *Fetcher) loadOnce(shown string) (cached, *Database, error) {
	text, err := os.ReadFile(f.base(shown) + ".json")
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return cached{}, nil, err
	}
	var state cached
	if err := json.Unmarshal(text, &state); err != nil {
		return cached{}, nil, fmt.Errorf("%s.json: %w", f.base(shown), err)
	}
	if raw, err := hex.DecodeString(state.SHA256); err != nil || len(raw) != sha256.Size {
		return cached{}, nil, fmt.Errorf("%s.json: %q is no digest", f.base(shown), clip(state.SHA256, 80))
	}
	db, err := f.openCached(shown, state)
	if err != nil {
		return cached{}, nil, err
	}
	return state, db, nil
}

// openCached opens a data file and proves that it is the one its state names.
func (f *Fetcher) openCached(shown string, state cached) (*Database, error) {
	db, err := openIndexed(f.data(shown, state.SHA256))
	if err != nil {
		return nil, err
	}
	if db.source.SHA256 != state.SHA256 {
		return nil, errors.Join(fmt.Errorf("%s was changed since it was fetched", f.data(shown, state.SHA256)), db.Close())
	}
	db.source.Source, db.source.Checked = shown, state.Checked.UTC()
	return db, nil
}

// refresh asks the server for newer data and installs it.
func (f *Fetcher) refresh(ctx context.Context, address, shown string, state cached, have *Database, now time.Time) (*Database, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if have != nil {
		if state.ETag != "" {
			req.Header.Set("If-None-Match", state.ETag)
		}
		if state.LastModified != "" {
			req.Header.Set("If-Modified-Since", state.LastModified)
		}
	}
	client := f.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if req.URL.Scheme == "https" && resp.Request.URL.Scheme != "https" {
		return nil, fmt.Errorf("GET %s was sent on to an unencrypted address", shown)
	}
	switch {
	case resp.StatusCode == http.StatusNotModified && have != nil:
		state.Checked = now.UTC()
		if err := f.save(shown, state); err != nil {
			return nil, err
		}
		have.source.Checked = state.Checked
		return have, nil
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("GET %s: the server answered %s", shown, oneLine(resp.Status, 60))
	}
	next := cached{URL: shown, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Checked: now.UTC()}
	db, err := f.install(shown, next, resp)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", shown, err)
	}
	if have != nil {
		// The data that was superseded; nothing can be lost by failing to
		// close a file that was only read.
		_ = have.Close()
	}
	return db, nil
}

// install writes a download beside the old data, opens it, and makes it the
// data of its URL.
func (f *Fetcher) install(shown string, next cached, resp *http.Response) (_ *Database, err error) {
	limit := f.Limit
	if limit == 0 {
		limit = maxDownload
	}
	if resp.ContentLength > limit {
		return nil, fmt.Errorf("%d bytes are more than the %d that are allowed", resp.ContentLength, limit)
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(f.Dir, ".download-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(temp, sum), io.LimitReader(resp.Body, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("more than the %d bytes that are allowed", limit)
	}
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return nil, err
	}
	next.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := sound(temp.Name()); err != nil {
		return nil, fmt.Errorf("what was received is not usable: %w", err)
	}
	if err := os.Rename(temp.Name(), f.data(shown, next.SHA256)); err != nil {
		// Some systems refuse to replace a file that another process reads.
		// If it holds the same, nothing is missing.
		have, openErr := f.openCached(shown, next)
		if openErr != nil {
			return nil, err
		}
		if err := errors.Join(have.Close(), os.Remove(temp.Name())); err != nil {
			return nil, err
		}
	}
	if err := f.save(shown, next); err != nil {
		return nil, err
	}
	f.sweep(shown, next)
	return f.openCached(shown, next)
}

// sound opens data and reads every record once: a zip whose directory is whole
// may still hold a damaged entry.
func sound(place string) (err error) {
	db, err := Open(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, p := range db.parts {
		for id := range p.files {
			if _, err := p.parse(id, p.files[id]); err != nil {
				return fmt.Errorf("%s: %w", p.files[id], err)
			}
		}
	}
	if gaps := db.Gaps(); len(gaps) > 0 {
		return fmt.Errorf("%s: %s", gaps[0].Subject, gaps[0].Reason)
	}
	return nil
}

// save writes a state file.
func (f *Fetcher) save(shown string, state cached) error {
	text, err := json.MarshalIndent(state, "", "\t")
	if err != nil {
		return err
	}
	return writeFile(f.base(shown)+".json", text)
}

// writeFile writes a file aside and renames it into place.
func writeFile(name string, data []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(name), ".write-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// sweep removes data files of the URL that no state names any more and
// leftovers of processes that died. What is less than an hour older than the
// state just written may be another process's work and stays. Failing to tidy
// up is no failure.
func (f *Fetcher) sweep(shown string, state cached) {
	newest, err := os.Stat(f.base(shown) + ".json")
	if err != nil {
		return
	}
	old, _ := filepath.Glob(globEscape(f.base(shown)) + ".*.zip")
	left, _ := filepath.Glob(filepath.Join(globEscape(f.Dir), ".download-*"))
	lost, _ := filepath.Glob(filepath.Join(globEscape(f.Dir), ".write-*"))
	indexes, _ := filepath.Glob(globEscape(f.base(shown)) + ".*.zip" + indexSuffix)
	for _, name := range slices.Concat(old, indexes, left, lost) {
		info, err := os.Stat(name)
		if err == nil && strings.TrimSuffix(name, indexSuffix) != f.data(shown, state.SHA256) && newest.ModTime().Sub(info.ModTime()) > time.Hour {
			_ = os.Remove(name)
		}
	}
}

func globEscape(s string) string {
	return regexp.MustCompile(`[\\*?\[]`).ReplaceAllString(s, `\$0`)
}

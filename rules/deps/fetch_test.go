package deps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A publisher serves advisory data the way a test wants it.
type publisher struct {
	*httptest.Server
	mu       sync.Mutex
	handle   http.HandlerFunc
	requests []*http.Request
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.requests = append(p.requests, r)
		handle := p.handle
		p.mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) answer(h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handle = h
}

// serve answers with data under an ETag, and 304 to who has it.
func serve(data []byte, etag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT")
		_, _ = w.Write(data)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) }
}

// data is a zip with one record about example.com/m.
func data(t testing.TB, events string) []byte {
	return zipBytes(t, map[string]string{"GO-0000-0001.json": record("GO-0000-0001", "example.com/m", events)})
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, filepath.Ext(e.Name()))
	}
	return strings.Join(list, " ")
}

func fixedIn(t *testing.T, db *Database) string {
	t.Helper()
	t.Cleanup(func() { _ = db.Close() })
	records, gaps := db.Naming(Go, "example.com/m")
	if len(records) != 1 || len(gaps) != 0 {
		t.Fatalf("records = %v, %v", records, gaps)
	}
	return records[0].Affected[0].Ranges[0].Events[1].Fixed
}

func TestFetch(t *testing.T) {
	p := newPublisher(t)
	p.answer(serve(data(t, "introduced 0, fixed 1.0.0"), `"one"`))
	f := &Fetcher{Client: p.Client(), Dir: filepath.Join(t.TempDir(), "new", "folder"), URLs: []string{p.URL + "/all.zip"}}
	now := at("2026-11-21")
	fetch := func(want string, requests int) *Database {
		t.Helper()
		db, notes, err := f.Fetch(t.Context(), now)
		if err != nil || notes != nil {
			t.Fatalf("%v, %v", notes, err)
		}
		if got := fixedIn(t, db); got != want {
			t.Errorf("fixed in %s, want %s", got, want)
		}
		if len(p.requests) != requests {
			t.Errorf("%d requests, want %d", len(p.requests), requests)
		}
		return db
	}
	db := fetch("1.0.0", 1)
	if s := db.Source(); s.Source != p.URL+"/all.zip" || !s.Checked.Equal(now) || len(s.SHA256) != 64 || s.Entries != 1 {
		t.Errorf("source = %+v", s)
	}
	if got := names(t, f.Dir); got != ".zip .gz .json" {
		t.Errorf("the cache holds %s", got)
	}

	// A day's data is not asked for again, nor offline ever.
	now = now.Add(RefreshAfter - time.Second)
	fetch("1.0.0", 1)
	f.Offline = true
	now = at("2026-12-24")
	fetch("1.0.0", 1)
	f.Offline = false

	// Unchanged data is confirmed, not sent.
	db = fetch("1.0.0", 2)
	last := p.requests[1]
	if last.Header.Get("If-None-Match") != `"one"` || last.Header.Get("If-Modified-Since") == "" || !db.Source().Checked.Equal(now) {
		t.Errorf("asked with %v, checked %v", last.Header, db.Source().Checked)
	}
	if run := Audit(db, Query{}, now).Run(); run.State != rules.Complete {
		t.Errorf("confirmed data: %+v", run)
	}

	// Newer data replaces it.
	p.answer(serve(data(t, "introduced 0, fixed 2.0.0"), `"two"`))
	now = now.Add(RefreshAfter)
	fetch("2.0.0", 3)
	fetch("2.0.0", 3)
}

// A bad download never replaces good data.
func TestBadDownloads(t *testing.T) {
	good := data(t, "introduced 0, fixed 1.0.0")
	other := data(t, "introduced 0, fixed 2.0.0")
	damaged := append([]byte(nil), other...)
	copy(damaged[45:], "XXXXXXXXXXXX")
	half := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(other)))
		_, _ = w.Write(other[:len(other)/2])
	}
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		want   string
	}{
		"500":     {status(500), "the server answered 500"},
		"404":     {status(404), "the server answered 404"},
		"429":     {status(429), "the server answered 429"},
		"cut off": {half, "unexpected EOF"},
		"cut off, chunked": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(other[:len(other)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "EOF"},
		"half, as if whole":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(other[:len(other)/2]) }, "not usable"},
		"damaged entry":      {serve(damaged, `"x"`), "not usable"},
		"a sign-in page":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "not usable"},
		"an empty answer":    {func(http.ResponseWriter, *http.Request) {}, "not usable"},
		"a malformed record": {serve(zipBytes(t, map[string]string{"a.json": record("GO-0000-0001", "m", "introduced 0"), "b.json": "{"}), `"x"`), "b.json"},
		"too large, said so": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999")
		}, "more than the 100000 that are allowed"},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				_, _ = w.Write(make([]byte, 4096))
			}
		}, "more than the 100000 bytes that are allowed"},
		"silence": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "Client.Timeout"},
		"stops midway": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(other[:10])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "Client.Timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPublisher(t)
			client := p.Client()
			client.Timeout = 10 * time.Second
			if name == "silence" || name == "stops midway" {
				client.Timeout = 300 * time.Millisecond
			}
			f := &Fetcher{Client: client, Dir: t.TempDir(), URLs: []string{p.URL}, Limit: 100_000}

			p.answer(test.handle)
			db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
			if db != nil || err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--advisories") {
				t.Errorf("without a cache: %v, want %q", err, test.want)
			}
			if got := names(t, f.Dir); got != "" {
				t.Errorf("left behind: %s", got)
			}

			p.answer(serve(good, `"good"`))
			db, _, err = f.Fetch(t.Context(), at("2026-11-21"))
			if err != nil {
				t.Fatal(err)
			}
			_ = db.Close()
			p.answer(test.handle)
			db, notes, err := f.Fetch(t.Context(), at("2026-11-25"))
			if err != nil || len(notes) != 1 || !strings.Contains(notes[0], "data of 2026-11-21 00:00:00 is used") || !strings.Contains(notes[0], test.want) {
				t.Fatalf("with a cache: %v, %v", notes, err)
			}
			if got := fixedIn(t, db); got != "1.0.0" || !db.Source().Checked.Equal(at("2026-11-21")) {
				t.Errorf("fixed in %s, checked %v", got, db.Source().Checked)
			}
		})
	}
}

// Whatever a process that died left behind, the next one has good data.
func TestInterrupted(t *testing.T) {
	good := data(t, "introduced 0, fixed 1.0.0")
	for name, spoil := range map[string]func(t *testing.T, f *Fetcher, shown string){
		"state lost after the data was stored": func(t *testing.T, f *Fetcher, shown string) {
			if err := os.Remove(f.base(shown) + ".json"); err != nil {
				t.Fatal(err)
			}
		},
		"data lost": func(t *testing.T, f *Fetcher, shown string) {
			state, db, _ := f.load(shown)
			_ = db.Close()
			if err := os.Remove(f.data(shown, state.SHA256)); err != nil {
				t.Fatal(err)
			}
		},
		"data damaged": func(t *testing.T, f *Fetcher, shown string) {
			state, db, _ := f.load(shown)
			_ = db.Close()
			if err := os.WriteFile(f.data(shown, state.SHA256), data(t, "introduced 0, fixed 9.9.9"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"state cut short": func(t *testing.T, f *Fetcher, shown string) {
			if err := os.WriteFile(f.base(shown)+".json", []byte(`{"sha`), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"state names a path": func(t *testing.T, f *Fetcher, shown string) {
			if err := os.WriteFile(f.base(shown)+".json", []byte(`{"sha256":"../../etc/passwd"}`), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a download that was never finished": func(t *testing.T, f *Fetcher, _ string) {
			left := filepath.Join(f.Dir, ".download-1")
			if err := os.WriteFile(left, good[:20], 0o600); err != nil {
				t.Fatal(err)
			}
			long := time.Now().Add(-2 * time.Hour)
			if err := os.Chtimes(left, long, long); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t)
			p.answer(serve(good, `"good"`))
			f := &Fetcher{Client: p.Client(), Dir: t.TempDir(), URLs: []string{p.URL}}
			db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
			if err != nil {
				t.Fatal(err)
			}
			_ = db.Close()
			spoil(t, f, p.URL)
			whole := name == "a download that was never finished"

			f.Offline = true
			db, _, err = f.Fetch(t.Context(), at("2026-11-21"))
			if whole != (err == nil) {
				t.Errorf("offline: %v", err)
			}
			if err == nil {
				_ = db.Close()
			} else if !strings.Contains(err.Error(), "run once without --offline") {
				t.Errorf("offline: %v does not say what to do", err)
			}
			f.Offline = false

			now := at("2026-11-21")
			if whole {
				p.answer(serve(data(t, "introduced 0, fixed 2.0.0"), `"newer"`))
				now = at("2026-11-23")
			}
			db, notes, err := f.Fetch(t.Context(), now)
			if err != nil || notes != nil {
				t.Fatalf("%v, %v", notes, err)
			}
			want := "1.0.0"
			if whole {
				want = "2.0.0"
			}
			if got := fixedIn(t, db); got != want {
				t.Errorf("fixed in %s, want %s", got, want)
			}
			if last := p.requests[len(p.requests)-1]; !whole && last.Header.Get("If-None-Match") != "" {
				t.Error("asked for a change of data it does not have")
			}
			if whole && strings.Contains(names(t, f.Dir), "download") {
				t.Errorf("the leftover stays: %s", names(t, f.Dir))
			}
		})
	}
}

func TestFetchOfflineWithoutCache(t *testing.T) {
	f := &Fetcher{Dir: t.TempDir(), Offline: true}
	_, _, err := f.Fetch(t.Context(), at("2026-11-21"))
	for _, want := range []string{GoURL, OSVGoURL, "--offline", "--advisories"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not mention %s", err, want)
		}
	}
}

// One of two databases is better than none, and is not enough.
func TestFetchOneOfTwo(t *testing.T) {
	p := newPublisher(t)
	good := data(t, "introduced 0, fixed 1.0.0")
	p.answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a.zip" {
			serve(good, `"a"`)(w, r)
			return
		}
		status(503)(w, r)
	})
	f := &Fetcher{Client: p.Client(), Dir: t.TempDir(), URLs: []string{p.URL + "/a.zip", p.URL + "/b.zip"}}
	db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fixedIn(t, db); got != "1.0.0" {
		t.Errorf("fixed in %s", got)
	}
	if run := Audit(db, Query{}, at("2026-11-21")).Run(); run.State != rules.Broken || !strings.Contains(run.Reason, "/b.zip: the server answered 503") {
		t.Errorf("run = %+v", run)
	}
}

// Credentials in an address go to the server and nowhere else.
func TestFetchHidesCredentials(t *testing.T) {
	p := newPublisher(t)
	p.answer(serve(data(t, "introduced 0, fixed 1.0.0"), `"a"`))
	secret := strings.Replace(p.URL, "http://", "http://me:hunter2@", 1) + "/all.zip?token=hunter2"
	f := &Fetcher{Client: p.Client(), Dir: t.TempDir(), URLs: []string{secret}}
	db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
	if err != nil {
		t.Fatal(err)
	}
	fixedIn(t, db)
	if _, password, _ := p.requests[0].BasicAuth(); password != "hunter2" || p.requests[0].URL.RawQuery == "" {
		t.Error("the server did not get the credentials")
	}
	if s := db.Source().Source; s != p.URL+"/all.zip" {
		t.Errorf("source = %s", s)
	}
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(f.Dir, e.Name()))
		if err != nil || strings.Contains(e.Name()+string(text), "hunter2") {
			t.Errorf("%s holds the secret (%v)", e.Name(), err)
		}
	}
	p.Close()
	f.Dir = t.TempDir()
	if _, _, err := f.Fetch(t.Context(), at("2026-11-21")); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("err = %v", err)
	}
	if _, _, err := (&Fetcher{URLs: []string{"file:///etc/passwd"}}).Fetch(t.Context(), at("2026-11-21")); err == nil || !strings.Contains(err.Error(), "is no web address") {
		t.Errorf("err = %v", err)
	}
}

func TestFetchCancelled(t *testing.T) {
	p := newPublisher(t)
	p.answer(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	f := &Fetcher{Client: p.Client(), Dir: t.TempDir(), URLs: []string{p.URL}}
	if _, _, err := f.Fetch(ctx, at("2026-11-21")); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestFetchIntoReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	p := newPublisher(t)
	p.answer(serve(data(t, "introduced 0, fixed 1.0.0"), `"a"`))
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	f := &Fetcher{Client: p.Client(), Dir: dir, URLs: []string{p.URL}}
	if _, _, err := f.Fetch(t.Context(), at("2026-11-21")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("err = %v", err)
	}
}

// fetchProcess makes the test binary a process that fetches over and over:
// "url dir rounds".
const fetchProcess = "STAYLISTED_TEST_FETCH"

func TestFetchProcess(t *testing.T) {
	arguments := strings.Fields(os.Getenv(fetchProcess))
	if len(arguments) != 2 {
		t.Skip("only runs as a child of TestFetchTwoProcesses")
	}
	f := &Fetcher{Client: http.DefaultClient, Dir: arguments[1], URLs: []string{arguments[0]}}
	for i := range 25 {
		db, notes, err := f.Fetch(t.Context(), at("2026-11-21").Add(time.Duration(i)*RefreshAfter))
		if err != nil || notes != nil {
			t.Fatalf("round %d: %v, %v", i, notes, err)
		}
		records, gaps := db.Naming(Go, "example.com/m")
		if len(records) != 1 || len(gaps)+len(db.Gaps()) != 0 {
			t.Fatalf("round %d: %v, %v", i, records, gaps)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Two processes share a folder while the data changes with every request.
func TestFetchTwoProcesses(t *testing.T) {
	var n atomic.Int64
	p := newPublisher(t)
	p.answer(func(w http.ResponseWriter, r *http.Request) {
		version := n.Add(1)
		serve(data(t, fmt.Sprintf("introduced 0, fixed %d.0.0", version)), fmt.Sprintf(`"%d"`, version))(w, r)
	})
	dir := t.TempDir()
	var children sync.WaitGroup
	for range 2 {
		children.Go(func() {
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFetchProcess$")
			c.Env = append(os.Environ(), fetchProcess+"="+p.URL+" "+dir)
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	children.Wait()
	if n.Load() < 25 {
		t.Errorf("only %d requests", n.Load())
	}
	f := &Fetcher{Dir: dir, URLs: []string{p.URL}, Offline: true}
	db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
	if err != nil {
		t.Fatal(err)
	}
	fixedIn(t, db)
}

func TestStateFile(t *testing.T) {
	p := newPublisher(t)
	p.answer(serve(data(t, "introduced 0, fixed 1.0.0"), `"a"`))
	f := &Fetcher{Client: p.Client(), Dir: t.TempDir(), URLs: []string{p.URL + "/x/all.zip"}}
	db, _, err := f.Fetch(t.Context(), at("2026-11-21"))
	if err != nil {
		t.Fatal(err)
	}
	fixedIn(t, db)
	file, err := os.Open(f.base(p.URL+"/x/all.zip") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	var state cached
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	if state.ETag != `"a"` || state.LastModified == "" || state.SHA256 != db.Source().SHA256 || !state.Checked.Equal(at("2026-11-21")) {
		t.Errorf("state = %+v", state)
	}
}

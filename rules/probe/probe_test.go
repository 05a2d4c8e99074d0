package probe_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/probe/probetest"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

var harbour = probe.Repository{Name: "harbour/sync", ID: 4711}

const app = "app.harbour.example"

// deployment is a site on which nothing is wrong, but what change does to the
// header and answer, when it does, in the place of the site.
func deployment(change func(w http.ResponseWriter, r *http.Request) (answered bool)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		http.SetCookie(w, &http.Cookie{Name: "__Host-session", Value: "s3cr3t-value", Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		fmt.Fprint(w, `<!doctype html><title>Harbour</title><script src="/app.js"></script>
			<script src="https://cdn.example/lib.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC" crossorigin="anonymous"></script>`)
	})
	mux.HandleFunc("GET /account", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "log in", http.StatusUnauthorized) })
	return probetest.Secure(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if change == nil || !change(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
}

// header changes headers alone.
func header(change func(h http.Header)) http.Handler {
	return deployment(func(w http.ResponseWriter, _ *http.Request) bool {
		change(w.Header())
		return false
	})
}

// at answers one path.
func at(path string, h http.HandlerFunc) http.Handler {
	return deployment(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		h(w, r)
		return true
	})
}

func set(name, value string) http.Handler {
	return header(func(h http.Header) { h.Set(name, value) })
}

func without(name string) http.Handler {
	return header(func(h http.Header) { h.Del(name) })
}

// html answers the page with more markup.
func html(more string) http.Handler {
	return at("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html>"+more)
	})
}

func compliant() probetest.Site {
	return probetest.Site{Host: app, HTTPS: probetest.Owned(harbour, deployment(nil)), HTTP: probetest.ToHTTPS(), CAA: true}
}

// deployed is the compliant site with another app behind it.
func deployed(h http.Handler) probetest.Site {
	s := compliant()
	s.HTTPS = probetest.Owned(harbour, h)
	return s
}

func target(kind string, private ...string) probe.Target {
	return probe.Target{URL: "https://" + app + "/", Kind: kind, Private: private, Where: rules.Location{Path: ".github/staylisted.yml", Line: 4, Column: 5}}
}

// look probes a world and judges what comes of it, by way of JSON.
func look(t *testing.T, w *probetest.World, targets ...probe.Target) (*probe.Record, rules.Gathered) {
	t.Helper()
	return lookAs(t, w, probe.Options{Repository: harbour}, targets...)
}

func lookAs(t *testing.T, w *probetest.World, o probe.Options, targets ...probe.Target) (*probe.Record, rules.Gathered) {
	t.Helper()
	r := w.Prober(o).Probe(t.Context(), targets, now)
	text, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := probe.Decode(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return r, probe.Judge(again, targets, "", now)
}

func run(t *testing.T, g rules.Gathered, id string) rules.VerifierRun {
	t.Helper()
	i := slices.IndexFunc(g.Runs, func(r rules.VerifierRun) bool { return r.Verifier == id })
	if i < 0 {
		t.Fatalf("no run of %s", id)
	}
	return g.Runs[i]
}

func observation(g rules.Gathered, id string) *rules.Observation {
	i := slices.IndexFunc(g.Observations, func(o rules.Observation) bool { return o.Verifier == id })
	if i < 0 {
		return nil
	}
	return &g.Observations[i]
}

func found(g rules.Gathered) string {
	var ids []string
	for _, f := range g.Findings {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func runs(g rules.Gathered) string {
	var b strings.Builder
	for _, r := range g.Runs {
		fmt.Fprintf(&b, "%s %s: %s\n", r.Verifier, r.State, r.Reason)
	}
	return b.String()
}

func TestCompliant(t *testing.T) {
	w := probetest.New(t, now, compliant())
	r, g := look(t, w, target("browser", "/account"))
	if len(g.Findings) != 0 {
		t.Errorf("findings: %+v", g.Findings)
	}
	for _, id := range probe.Verifiers() {
		if id == "probe:undeclared-paths" {
			continue
		}
		if got := run(t, g, id); got.State != rules.Complete || !got.At.Equal(now) {
			t.Errorf("%s is %s: %s", id, got.State, got.Reason)
		}
		o := observation(g, id)
		if o == nil {
			t.Errorf("%s proves nothing", id)
			continue
		}
		if o.Letter != "L" || !strings.Contains(o.Text, "52.0.1.1") || !strings.Contains(o.Text, "2026-11-21 12:00 UTC") || !strings.Contains(o.Text, "own runner") {
			t.Errorf("%s: %+v", id, o)
		}
	}
	text, err := r.Encode()
	if err != nil || strings.Contains(string(text), "s3cr3t-value") {
		t.Errorf("the record holds a cookie's value (%v)", err)
	}
}

package code

import (
	"slices"
	"testing"
	"time"
)

// TestTeach holds that what the policy names counts, and only that.
func TestTeach(t *testing.T) {
	t.Parallel()
	opts := Options{
		Teach:     Teach{Auth: []string{"app.example.io/gatekeeper.Enter", "app.example.io/gatekeeper.Door.Pass", "app.example.io/taughtauth.ours"}},
		Anonymous: []string{"POST /open/{x}", "/below/*"},
	}
	list := With(opts)
	i := slices.IndexFunc(list, func(r *Rule) bool { return r.ID == "MKT301" })
	expect(t, classed(list[i]), "taughtauth")
}

func TestOptionsDefaults(t *testing.T) {
	t.Parallel()
	list := With(Options{})
	if len(list) != len(All()) {
		t.Errorf("With gives %d rules, All %d", len(list), len(All()))
	}
	shared := list[0].Analyzer.Requires[len(list[0].Analyzer.Requires)-1]
	for _, r := range list {
		if !slices.Contains(r.Analyzer.Requires, shared) {
			t.Errorf("%s does not share the package with the others", r.ID)
		}
	}
	if defaultSessionAbsolute != 24*time.Hour || defaultSessionIdle != 30*time.Minute {
		t.Error("the session limits are not the catalogue's")
	}
}

func TestMatchesRoute(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		declared, method, pattern string
		want                      bool
	}{
		{"GET /a", "GET", "/a", true},
		{"GET /a", "POST", "/a", false},
		{"/a", "POST", "/a", true},
		{"GET /a", "", "/a", false}, // the route takes more than is declared
		{"/a/{id}", "GET", "/a/:id", true},
		{"/a/b", "GET", "/a/:id", false}, // the route takes more than is declared
		{"/a/*", "GET", "/a/b/c", true},
		{"/a/", "GET", "/a/b", true},
		{"/a/*", "GET", "/ab", false},
		{"/", "GET", "/a", false},
		{"/a", "GET", hole + "/a", false},
	} {
		r := &route{method: c.method, pattern: c.pattern}
		if got := matchesRoute(c.declared, r); got != c.want {
			t.Errorf("%q covers %q: %t", c.declared, r.name(), got)
		}
	}
}

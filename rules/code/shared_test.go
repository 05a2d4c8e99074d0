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

// TestTeachKinds holds that each list of the policy's teach section is heard by
// the rule it is for, in each way a name may be written, and that without it
// the same code is reported.
func TestTeachKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, dir string
		teach     Teach
		found     int // hits without the section
	}{
		{"MKT203", "taughtguard", Teach{URLGuard: []string{"app.example.io/house.Look", "app.example.io/house.Web"}}, 3},
		{"MKT308", "taughttenant", Teach{TenantScope: []string{"app.example.io/house.Mine", "app.example.io/house.Place"}}, 3},
		{"MKT705", "taughtaudit", Teach{Audit: []string{"app.example.io/house.(*Clerk).Put"}}, 1},
		{"MKT705", "taughtaudit", Teach{Audit: []string{"app.example.io/house.Clerk"}}, 1},
		{"MKT401", "taught", Teach{Redact: []string{"app.example.io/taught.writer.Clip", "app.example.io/house.Blot"}}, 3},
	} {
		rule := func(opts Options) *Rule {
			list := With(opts)
			return list[slices.IndexFunc(list, func(r *Rule) bool { return r.ID == tt.rule })]
		}
		expect(t, classed(rule(Options{Teach: tt.teach})), tt.dir)
		list := casesOf(t, func(name string) bool { return name == tt.dir })
		_, result, err := analyse(rule(Options{}).Analyzer, list[0])
		if err != nil {
			t.Fatal(err)
		}
		if hits := result.(*Result).Hits; len(hits) != tt.found {
			t.Errorf("%s without the policy's names: %d hits in %s, want %d", tt.rule, len(hits), tt.dir, tt.found)
		}
	}
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

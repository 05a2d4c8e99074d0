package draft

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/tree"
)

func now() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func catalogue(t testing.TB) *rules.Catalogue {
	t.Helper()
	pack, err := catalog.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	return &pack.Catalogue
}

func parse(t testing.TB, c *rules.Catalogue, f File) *evidence.File {
	t.Helper()
	file, errs := evidence.Parse(f.Path, f.Content, evidence.KnownFrom(c, nil, now()))
	if len(errs) > 0 {
		t.Fatalf("%v\n%s", errs, f.Content)
	}
	return file
}

func seenFact(id string, names ...string) rules.Fact {
	f := rules.Fact{ID: id, State: rules.True}
	for _, n := range names {
		f.Items = append(f.Items, rules.Item{Name: n})
	}
	return f
}

func TestPolicyHasNoErrors(t *testing.T) {
	c := catalogue(t)
	for _, in := range []Input{
		{Name: "partner/app", Marketplaces: []string{"druva"}},
		{Name: `a/"quoted" #name: {x}`, Marketplaces: []string{"apollo", "monday"}, Endpoint: "https://app.harbour.example/", SecurityContact: "security@harbour.example"},
		{Name: "a/\x1b[31mred\u202e\n- x", Marketplaces: []string{"druva"}},
		{Name: "", Marketplaces: []string{"druva"}, Facts: []rules.Fact{seenFact("hosts", "api.apollo.io", "API.Apollo.io", "net/http.Client.Do", "localhost", "x: [y]\n", "*.amazonaws.com")}},
	} {
		in.Catalogue = c
		file := parse(t, c, Policy(in))
		if len(file.Marketplaces) != len(in.Marketplaces) {
			t.Errorf("%q: %d marketplaces", in.Name, len(file.Marketplaces))
		}
	}
	in := Input{Catalogue: c, Marketplaces: []string{"druva"}, Facts: []rules.Fact{seenFact("hosts", "api.apollo.io", "API.Apollo.io", "net/http.Client.Do", "a.example")}}
	file := parse(t, c, Policy(in))
	if len(file.Services) != 2 || file.Services[1].Hosts[0] != "api.apollo.io" || file.Services[0].Why != "" {
		t.Errorf("services %+v", file.Services)
	}
}

func TestMarketplaces(t *testing.T) {
	c := catalogue(t)
	if got := Marketplaces(Input{Catalogue: c}); len(got) != 3 {
		t.Errorf("nothing is known: %v", got)
	}
	if got := Marketplaces(Input{Catalogue: c, Facts: []rules.Fact{seenFact("api-apollo", "api.apollo.io"), {ID: "api-druva", State: rules.False}, {ID: "api-monday"}}}); len(got) != 1 || got[0] != "apollo" {
		t.Errorf("apollo is called: %v", got)
	}
}

// TestComplete: what is missing becomes comments; nothing is claimed before
// somebody takes the signs away, and then it is YAML of the right shape.
func TestComplete(t *testing.T) {
	c := catalogue(t)
	in := Input{Catalogue: c, Name: "partner/app", Marketplaces: []string{"druva", "apollo", "monday"}}
	policy := Policy(in)
	file := parse(t, c, policy)
	g := evidence.Gather(evidence.Input{Catalogue: c, File: file, Tree: tree.New(fstest.MapFS{}, nil, nil), Facts: []rules.Fact{seenFact("secrets-used", "API_KEY"), seenFact("sql", "database/sql"), seenFact("stores-data", "database/sql")}, Now: now()})
	g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: "policy:contacts", Control: "contacts-declared", In: policy.Path, Text: "hostile\x1b[31m\ntext", Snippet: "contacts:\n  security: {email: a@b.example}"})
	documents := Documents(in, g.Shortfalls)
	if len(documents) < 8 {
		t.Fatalf("%d documents", len(documents))
	}
	done := Complete(policy, g.Shortfalls, documents)
	again := parse(t, c, done)
	if len(again.Documents) != len(documents) || len(again.Attestations) != 0 || len(again.Secrets) != 0 || len(again.Stores) != 0 {
		t.Errorf("something is claimed: %+v", again)
	}
	if strings.ContainsRune(string(done.Content), '\x1b') {
		t.Error("an escape sequence came through")
	}
	_, comments, found := strings.Cut(string(done.Content), "where it is there already.\n")
	if !found {
		t.Fatalf("nothing is asked for:\n%s", done.Content)
	}
	var open strings.Builder
	for line := range strings.Lines(comments) {
		open.WriteString(strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	var keys map[string]any
	if err := yaml.Unmarshal([]byte(open.String()), &keys); err != nil {
		t.Fatalf("without the comment signs: %v\n%s", err, open.String())
	}
	for _, key := range []string{"attestations", "secrets", "stores", "contacts"} {
		if keys[key] == nil {
			t.Errorf("%s is not asked for", key)
		}
	}
	// The same input gives the same bytes.
	if string(Complete(policy, g.Shortfalls, documents).Content) != string(done.Content) {
		t.Error("two drafts differ")
	}
}

// TestWorkflow holds the workflow to the shape GitHub reads.
func TestWorkflow(t *testing.T) {
	var w struct {
		On          map[string]any    `yaml:"on"`
		Permissions map[string]string `yaml:"permissions"`
		Jobs        map[string]struct {
			Permissions map[string]string `yaml:"permissions"`
			Steps       []struct{ Uses, Run string }
		}
	}
	if err := yaml.Unmarshal(Workflow().Content, &w); err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"push", "pull_request", "merge_group", "schedule"} {
		if _, ok := w.On[event]; !ok {
			t.Errorf("it does not run on %s", event)
		}
	}
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		t.Errorf("permissions %v", w.Permissions)
	}
	for _, s := range w.Jobs["scan"].Steps {
		if _, ref, found := strings.Cut(s.Uses, "@"); s.Uses != "" && (!found || len(ref) != 40) {
			t.Errorf("%s is not pinned", s.Uses)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("an expression stands in a shell line: %s", s.Run)
		}
	}
}

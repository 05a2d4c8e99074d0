package evidence

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// fact is a fact that holds, with items "name|detail".
func fact(id string, items ...string) rules.Fact {
	f := rules.Fact{ID: id, State: rules.True}
	for i, it := range items {
		name, detail, _ := strings.Cut(it, "|")
		f.Items = append(f.Items, rules.Item{Name: name, Detail: detail, Location: rules.Location{Path: "main.go", Line: 10 + i}})
	}
	return f
}

// found lists the variants and messages of a verifier's findings.
func found(g rules.Gathered, verifier string) []string {
	var out []string
	for _, f := range g.Findings {
		if variant, ok := strings.CutPrefix(f.Rule, verifier+"/"); ok {
			out = append(out, variant+": "+f.Message)
		}
	}
	return out
}

// TestArchitectureDrift: what the code has must be named, and any common name
// will do.
func TestArchitectureDrift(t *testing.T) {
	good := goodDocument(documentKindOf("architecture"))
	policy := &File{Name: PolicyPath,
		Services: []Service{{Name: "Contact sync", Hosts: []string{"*.vendor.example.io"}}},
		Stores:   []Store{{Name: "main-db", Service: "rds"}, {Name: "sessions-cache", Service: "elasticache"}},
	}
	for _, test := range []struct {
		name string
		fact rules.Fact
		says string // what is added to the document
		want string // "" for nothing
	}{
		{"a store", fact("nosql", "github.com/redis/go-redis"), "", "store: the code uses Redis (main.go:10), which the document does not name; say under Components"},
		{"a store by name", fact("nosql", "github.com/redis/go-redis"), "Redis holds it.", ""},
		{"a store by a service's name", fact("nosql", "github.com/redis/go-redis"), "ElastiCache holds it.", ""},
		{"a store by the policy's name", fact("nosql", "github.com/redis/go-redis"), "It lies in sessions-cache.", ""},
		{"another store of the policy", fact("nosql", "github.com/redis/go-redis"), "It lies in main-db.", "store: the code uses Redis"},
		{"SQL", fact("sql", "database/sql", "database/sql"), "", "store: the code uses an SQL database (main.go:10 and 1 more)"},
		{"SQL by the policy's name", fact("sql", "database/sql"), "It lies in main-db.", ""},
		{"SQL by engine", fact("sql", "database/sql"), "A MySQL server.", ""},
		{"an engine and its interface", fact("sql", "database/sql", "github.com/jackc/pgx"), "", "store: the code uses PostgreSQL"},
		{"files", fact("stores-data", "os.WriteFile|file"), "", ""},
		{"a host", fact("hosts", "api.apollo.io|literal"), "", "service: the code speaks to api.apollo.io (main.go:10), which the document does not name; say under Integration points why"},
		{"a host as it is", fact("hosts", "api.apollo.io|literal"), "We call `api.apollo.io`.", ""},
		{"a host by its company", fact("hosts", "api.apollo.io|literal"), "Contacts come from Apollo.", ""},
		{"a host by the policy's name", fact("hosts", "eu.vendor.example.io|literal"), "The contact sync.", ""},
		{"a host in a longer one", fact("hosts", "x.io"), "We call fox.io", "service: the code speaks to x.io"},
		{"a cloud", fact("hosts", "*.amazonaws.com|github.com/aws/aws-sdk-go-v2"), "All of it runs on AWS.", ""},
		{"hosts of one company", fact("hosts", "api.apollo.io", "app.apollo.io"), "", "service: the code speaks to api.apollo.io (main.go:10 and 1 more)"},
		{"an address", fact("hosts", "203.0.113.7", "localhost"), "", ""},
		{"a route", fact("route-table", "GET /v1/contacts"), "", "route: the document names neither path nor prefix of GET /v1/contacts; add it under APIs"},
		{"a route as it is", fact("route-table", "GET /v1/contacts/{id}"), "`GET /v1/contacts/:id` returns one.", ""},
		{"a route by its prefix", fact("route-table", "GET /v1/contacts/{id}"), "Everything below /v1/ needs a token.", ""},
		{"a route by its full address", fact("route-table", "GET /v1/contacts"), "See https://app.example.com/v1/contacts.", ""},
		{"a route by a pattern", fact("route-table", "GET /v1/contacts"), "All of /v1/contacts/*.", ""},
		{"a sister", fact("route-table", "GET /v1/contacts", "GET /v1/deals"), "`/v1/contacts`", "route: the document names neither path nor prefix of GET /v1/deals;"},
		{"a longer word", fact("route-table", "GET /v1/deal"), "`/v1/deals`", "route: "},
		{"the root only", fact("route-table", "GET /v1/deal"), "Begin at `/`.", "route: "},
		{"a wildcard only", fact("route-table", "GET /v1/deal"), "`/{path}`", "route: "},
		{"a route with a host", fact("route-table", "app.example.com/v1/deals"), "`/v1/deals`", ""},
		{"routes that need not be named", fact("route-table", "GET /", "GET /healthz", "/static/*", "OPTIONS /v1", "GET /favicon.ico", "GET /debug/pprof/heap", "GET /.well-known/security.txt", "GET …", "sync.Sync/Push"), "", ""},
		{"routes of the OpenAPI document", fact("route-table", "GET /v1/contacts"), "All routes stand in [the description](../api/openapi.yaml).", ""},
		{"an OpenAPI document that is not there", fact("route-table", "GET /v1/contacts"), "All routes stand in [the description](openapi.yaml).", "route: "},
		{"sessions", fact("cookie-auth", "net/http.Request.Cookie"), "", "authentication: the code uses cookies or sessions"},
		{"sessions by name", fact("cookie-auth", "net/http.Request.Cookie"), "A session cookie.", ""},
		{"basic", fact("cookie-auth", "net/http.Request.BasicAuth"), "A session cookie.", "authentication: the code uses HTTP basic authentication"},
		{"certificates", fact("cookie-auth", "client certificate"), "Machines use mTLS.", ""},
		{"OAuth", fact("secrets-used", "golang.org/x/oauth2"), "", "authentication: the code uses OAuth 2.0"},
		{"JWT", fact("sessions", "SignedString|issues tokens"), "A JSON web token.", ""},
		{"nothing decided", rules.Fact{ID: "hosts", Items: []rules.Item{{Name: "api.apollo.io"}}}, "", ""},
	} {
		text := strings.Replace(good, "An overview.", "An overview. "+test.says, 1)
		if test.says == "" || test.want != "" {
			text = strings.Replace(text, "Authentication flows", "Auth", 1) // a word less that mechanisms go by
		}
		fsys := fstest.MapFS{"docs/a.md": {Data: []byte(text)}, "api/openapi.yaml": {Data: []byte("openapi: 3.1.0")}}
		in := Input{File: policy, Tree: tree.New(fsys, []string{"docs/a.md", "api/openapi.yaml"}, nil), Facts: []rules.Fact{test.fact}, Now: asOf}
		g := documents(&in)
		got := found(g, architectureDrift)
		if ranAs(g, architectureDrift) != rules.Complete || (len(got) > 0) != (test.want != "") || len(got) > 1 || len(got) == 1 && !strings.HasPrefix(got[0], test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		for _, f := range g.Findings {
			if f.Class != rules.Review || f.Control != "architecture-doc" || f.Location.Path != "docs/a.md" || f.Location.Line == 0 || f.Source != "document" || f.Tokens == "" || len(f.Steps) == 0 {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
	}
	// Without a complete document there is nothing to compare with.
	in := Input{Tree: tree.New(fstest.MapFS{}, nil, nil), Facts: []rules.Fact{fact("hosts", "api.apollo.io")}, Now: asOf}
	if g := documents(&in); ranAs(g, architectureDrift) != rules.NotRun || len(g.Findings) > 0 {
		t.Errorf("without a document: %+v", g.Findings)
	}
}

// TestThreatModelDrift: a route or store that came in after the review and is
// not named asks for another look.
func TestThreatModelDrift(t *testing.T) {
	reviewed := time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)
	good := goodDocument(documentKindOf("threat-model"))
	blame := func(at time.Time) func(string, int) (string, time.Time, bool) {
		return func(path string, line int) (string, time.Time, bool) { return "c0ffee", at, path == "main.go" }
	}
	for _, test := range []struct {
		name  string
		blame func(string, int) (string, time.Time, bool)
		says  string
		state rules.RunState
		want  []string
	}{
		{"older", blame(reviewed.Add(-time.Hour)), "", rules.Complete, nil},
		{"on the day", blame(reviewed.Add(23 * time.Hour)), "", rules.Complete, nil},
		{"the day after", blame(reviewed.Add(24 * time.Hour)), "", rules.Complete, []string{"threat-model: Redis (main.go:10) came in after the review of 2026-10-04", "threat-model: GET /v1/deals (main.go:10) came in"}},
		{"named", blame(reviewed.Add(48 * time.Hour)), "Redis, `/v1`", rules.Complete, nil},
		{"one named", blame(reviewed.Add(48 * time.Hour)), "`/v1`", rules.Complete, []string{"threat-model: Redis"}},
		{"git is silent", func(string, int) (string, time.Time, bool) { return "", time.Time{}, false }, "", rules.Broken, nil},
		{"git is silent, all named", func(string, int) (string, time.Time, bool) { return "", time.Time{}, false }, "Redis, `/v1`", rules.Complete, nil},
		{"no git", nil, "", rules.Broken, nil},
	} {
		text := strings.Replace(good, "An overview.", "An overview. "+test.says, 1)
		in := Input{Tree: tree.New(fstest.MapFS{"t.md": {Data: []byte(text)}}, []string{"t.md"}, nil), Now: asOf, Blame: test.blame,
			Facts: []rules.Fact{fact("nosql", "github.com/redis/go-redis"), fact("route-table", "GET /v1/deals", "GET /healthz")}}
		g := documents(&in)
		got := found(g, architectureDrift)
		ok := len(got) == len(test.want) && ranAs(g, architectureDrift) == test.state
		for i := range test.want {
			ok = ok && strings.HasPrefix(got[i], test.want[i])
		}
		if !ok {
			t.Errorf("%s: %s, %q, want %q", test.name, ranAs(g, architectureDrift), got, test.want)
		}
		for _, f := range g.Findings {
			if f.Control != "threat-model" || f.Class != rules.Review {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
	}
}

// TestDataDrift: data by name and companies by host and manifest.
func TestDataDrift(t *testing.T) {
	files := map[string]string{
		"web/package.json":               `{"dependencies": {"@sentry/browser": "^8", "react": "^19"}, "devDependencies": {"mixpanel": "1"}}`,
		"worker/requirements.txt":        "# all\nOpenAI>=1.0\nrequests\n",
		"worker/requirements-dev.txt":    "twilio\n",
		"testdata/a/package.json":        `{"dependencies": {"stripe": "1"}}`,
		"broken/package.json":            `{"dependencies": [`,
		"docs/examples/requirements.txt": "cohere\n",
	}
	facts := []rules.Fact{
		fact("data-names", "email address|Contact.Email, stored", "email address|User.Mail, decoded", "access token|Account.RefreshToken, stored", "date of birth|Person.DOB, stored", "shoe size|x"),
		fact("hosts", "api.stripe.com|literal", "*.sentry.io|github.com/getsentry/sentry-go", "api.apollo.io|literal", "notstripe.com"),
	}
	fsys := fstest.MapFS{}
	var names []string
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		names = append(names, name)
	}
	look := func(file *File) []string {
		in := Input{File: file, Tree: tree.New(fsys, names, nil), Facts: facts, Now: asOf}
		g := documents(&in)
		want := rules.Complete
		if file == nil {
			want = rules.NotRun
		}
		if got := ranAs(g, dataNames); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		var out []string
		for _, m := range found(g, dataNames) {
			variant, rest, _ := strings.Cut(m, ": the code ")
			what, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(rest, "handles data whose name means "), "uses "), " (")
			out = append(out, variant+" "+what)
		}
		slices.Sort(out)
		return out
	}
	all := []string{"sub-processor OpenAI", "sub-processor Sentry", "sub-processor Stripe", "unlisted access token", "unlisted date of birth", "unlisted email address"}
	for _, test := range []struct {
		name string
		file *File
		want []string
	}{
		{"nothing listed", &File{Name: PolicyPath}, all},
		{"all listed", &File{Name: PolicyPath,
			Data:          []Data{{Name: "contact e-mail", Class: "pii"}, {Name: "Apollo refresh tokens", Class: "secret"}, {Name: "birthday", Class: "pii-high"}},
			SubProcessors: []SubProcessor{{Name: "Sentry"}, {Name: "Stripe Payments Europe"}, {Name: "OpenAI"}}}, nil},
		{"listed as something else", &File{Name: PolicyPath,
			Data: []Data{{Name: "contact email", Class: "public"}, {Name: "refresh token", Class: "pii"}, {Name: "birthday", Class: "internal"}}}, all},
		{"a public list", &File{Name: PolicyPath, SubProcessorPage: "https://example.com/sub"}, all[3:]},
		{"one listed", &File{Name: PolicyPath, SubProcessors: []SubProcessor{{Name: "Sentry"}}, Data: []Data{{Name: "email", Class: "pii"}}}, []string{all[0], all[2], all[3], all[4]}},
		{"no policy", nil, nil},
	} {
		if got := look(test.file); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	in := Input{File: &File{Name: PolicyPath}, Tree: tree.New(fsys, names, nil), Facts: facts, Now: asOf}
	for _, f := range dataDrift(&in).Findings {
		if f.Class != rules.Review || f.Location.Path != PolicyPath || f.Tokens == "" || len(f.Steps) == 0 || !strings.Contains(f.Message, "add ") {
			t.Errorf("%+v", f)
		}
		if strings.HasSuffix(f.Rule, "/sub-processor") != (f.Control == "sub-processors") || strings.HasSuffix(f.Rule, "/unlisted") != (f.Control == "data-inventory") {
			t.Errorf("%s speaks to %s", f.Rule, f.Control)
		}
	}
}

// TestDocumentRules: every finding's rule is described, whether it found
// something or not, and nothing else is.
func TestDocumentRules(t *testing.T) {
	ids := map[string]bool{}
	c := catalogue(t)
	for _, r := range judged(t, nil, nil, asOf).Rules {
		if ids[r.ID] {
			t.Errorf("%s is described twice", r.ID)
		}
		ids[r.ID] = true
		if r.Title == "" || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Tool != "staylisted" || r.Name == "" || r.Vector != "" || len(r.Controls) != 1 {
			t.Errorf("%s lacks a part of its description: %+v", r.ID, r)
		}
		for _, control := range r.Controls {
			k, ok := c.Control(control)
			if !ok || !slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == rules.Family(r.ID) }) {
				t.Errorf("%s: control %s does not list it", r.ID, control)
			}
		}
	}
	if len(ids) != 10 {
		t.Errorf("%d rules", len(ids))
	}
}

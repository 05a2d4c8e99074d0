package evidence

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/tree"
)

// builtCatalogue is the catalogue as it is once every verifier is built. It is
// read once and shared; nobody changes it.
func builtCatalogue(t *testing.T) *rules.Catalogue {
	t.Helper()
	c, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var readCatalogue = sync.OnceValues(func() (*rules.Catalogue, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	for i := range c.Controls {
		for j := range c.Controls[i].Verifiers {
			c.Controls[i].Verifiers[j].Planned = false
		}
	}
	return c, nil
})

// A weighing is one policy file with what it is held against.
type weighing struct {
	policy  string // without the two lines of base; "-" for no file at all
	whole   string // the whole file instead
	facts   []rules.Fact
	files   []string // names of files in the tree
	blame   func(path string, line int) (string, time.Time, bool)
	commits map[string]Commit
	people  map[string]rules.Ternary
	at      time.Time // when the evidence is gathered; now by default
}

const allMarkets = "version: 1\nmarketplaces: [druva, apollo, monday]\n"

func (w weighing) input(t *testing.T) Input {
	t.Helper()
	c := builtCatalogue(t)
	at := w.at
	if at.IsZero() {
		at = now
	}
	in := Input{Catalogue: c, Facts: w.facts, Blame: w.blame, Commits: w.commits, People: w.people, Now: at}
	fsys := fstest.MapFS{}
	for _, name := range w.files {
		fsys[name] = &fstest.MapFile{Data: []byte("content of " + name)}
	}
	in.Tree = tree.New(fsys, w.files, nil)
	src := allMarkets + w.policy
	if w.whole != "" {
		src = w.whole
	}
	if w.policy != "-" {
		f, errs := Parse(PolicyPath, []byte(src), KnownFrom(c, nil, at))
		if len(errs) > 0 {
			t.Fatalf("%v\n%s", errs, src)
		}
		in.File = f
	}
	return in
}

// gather weighs declarations and statements.
func (w weighing) gather(t *testing.T) (Input, rules.Gathered) {
	t.Helper()
	in := w.input(t)
	g := declarations(&in)
	g.Add(statements(&in))
	return in, g
}

// judge assesses at an instant with everything else in order: all other
// verifiers ran to their end and found nothing.
func (w weighing) judge(t *testing.T, at time.Time) map[string]rules.Assessment {
	t.Helper()
	in, g := w.gather(t)
	e := &rules.Evidence{Commit: strings.Repeat("a", 40), ObservedAt: in.Now, Policy: in.File.Policy(), Runs: g.Runs, Findings: g.Findings,
		Observations: g.Observations, Shortfalls: g.Shortfalls,
		Facts:      slices.Concat(w.facts, g.Facts, []rules.Fact{{ID: "uncovered-language", State: rules.False}}),
		Advisories: rules.AdvisorySource{Source: "test", Modified: in.Now},
		Coverage:   rules.Coverage{Modules: []rules.ModuleCoverage{{Path: "example.com/app", Packages: rules.Count{Expected: 1, Analysed: 1}}}}}
	ran := map[string]bool{}
	for _, r := range g.Runs {
		ran[r.Verifier] = true
	}
	for _, k := range in.Catalogue.Controls {
		for _, v := range k.Verifiers {
			if !ran[v.ID] {
				ran[v.ID] = true
				e.Runs = append(e.Runs, rules.VerifierRun{Verifier: v.ID, State: rules.Complete})
			}
		}
	}
	for i := range e.Findings {
		e.Findings[i].Fingerprint = rules.CodeKey(e.Findings[i].Rule, e.Findings[i].Location.Path, "", e.Findings[i].Tokens, i)
		e.Findings[i].ID = e.Findings[i].Rule
	}
	out := map[string]rules.Assessment{}
	for _, a := range rules.Assess(in.Catalogue, e, at).Assessments {
		out[a.Requirement] = a
	}
	return out
}

// control returns the verdict of one control of a requirement.
func control(t *testing.T, a rules.Assessment, id string) rules.ControlResult {
	t.Helper()
	for _, c := range a.Controls {
		if c.Control == id {
			return c
		}
	}
	t.Fatalf("%s has no control %s", a.Requirement, id)
	return rules.ControlResult{}
}

func factOf(id string, state rules.Ternary, items ...rules.Item) rules.Fact {
	return rules.Fact{ID: id, State: state, Detail: "test", Items: items}
}

func placeItem(name, detail string) rules.Item {
	return rules.Item{Name: name, Detail: detail, Location: rules.Location{Path: "main.go", Line: 3}}
}

// texts joins what was lacking, for one verifier and control.
func texts(g rules.Gathered, verifier, control string) string {
	var out []string
	for _, s := range g.Shortfalls {
		if s.Verifier == verifier && s.Control == control {
			out = append(out, s.Text)
		}
	}
	return strings.Join(out, "\n")
}

func proofs(g rules.Gathered, verifier, control string) []rules.Observation {
	var out []rules.Observation
	for _, o := range g.Observations {
		if o.Verifier == verifier && o.Control == control {
			out = append(out, o)
		}
	}
	return out
}

func flagged(g rules.Gathered) []string {
	var out []string
	for _, f := range g.Findings {
		out = append(out, f.Rule)
	}
	return out
}

// TestEveryVerifierRuns: with and without a policy file each verifier of this
// package's two families leaves a complete run, and without one nothing proves.
func TestEveryVerifierRuns(t *testing.T) {
	want := []string{contactsVerifier, servicesVerifier, storesVerifier, dataVerifier, subProcessorsVerifier, secretsVerifier, rotationVerifier,
		incidentsVerifier, phaseVerifier, questionnaireVerifier, statementVerifier}
	for _, policy := range []string{"", "-"} {
		_, g := weighing{policy: policy}.gather(t)
		for _, id := range want {
			if !slices.ContainsFunc(g.Runs, func(r rules.VerifierRun) bool { return r.Verifier == id && r.State == rules.Complete }) {
				t.Errorf("policy %q: no complete run of %s", policy, id)
			}
			if !slices.ContainsFunc(g.Shortfalls, func(s rules.Shortfall) bool { return s.Verifier == id && s.Snippet != "" }) {
				t.Errorf("policy %q: %s says nothing of what would satisfy it", policy, id)
			}
		}
		if policy == "-" && len(g.Observations) > 0 {
			t.Errorf("without a policy file something proves: %+v", g.Observations)
		}
	}
}

// answers are what a partner may write for a placeholder, by the key it stands at;
// those of a contact are told apart by the words of the question.
var answers = map[string]string{
	"name": "contact email", "class": "pii", "source": "apollo", "store": "main-db", "protection": "aead-kms", "retention": "90d", "deletion": "docs/retention.md",
	"provider": "aws", "service": "rds", "region": "eu-central-1", "jurisdiction": "EU", "encryption": `"aes-256, full-disk"`, "email": "a@b.io", "github": `"@login"`,
	"purpose": "finds errors", "data": "user id", "auth": "oauth2-code", "scopes": "contacts_read", "why": "contacts are read", "id": "INC-1", "detected": "2026-11-02T09:10:00Z",
	"notified": "2026-11-02T15:00:00Z", "submitted": "2026-10-01", "approved": "2026-10-20", "rejected": "2026-11-01", "statement": "Everybody signs in with a second factor.",
}

var asked = regexp.MustCompile(`([a-z]+)(: \[?)"<[^>]*>"`)

// fillIn answers what a snippet asks for.
func fillIn(t *testing.T, snippet string) string {
	return asked.ReplaceAllStringFunc(snippet, func(s string) string {
		m := asked.FindStringSubmatch(s)
		if answers[m[1]] == "" {
			t.Errorf("nothing answers %s", s)
		}
		return m[1] + m[2] + answers[m[1]]
	})
}

// TestSnippetsAreRead: what a shortfall proposes is a valid policy once somebody
// has written what it asks for, and none before.
func TestSnippetsAreRead(t *testing.T) {
	facts := []rules.Fact{
		factOf("hosts", rules.True, placeItem("api.apollo.io", "literal"), placeItem("*.sentry.io", "github.com/getsentry/sentry-go"), placeItem("evil\x1b[31m\".host", "literal")),
		factOf("stores-data", rules.True, placeItem("database/sql", ""), placeItem("github.com/redis/go-redis/v9", ""), placeItem("go.etcd.io/bbolt", "")),
		factOf("secrets-used", rules.True, placeItem("DRUVA_CLIENT_SECRET", "os.Getenv")), factOf("password", rules.True, placeItem("Password", "field")),
	}
	for _, policy := range []string{"-", "", "services: [{name: A b, hosts: [a.b.io]}]\nstores: {x: {provider: y}}\ndata: [{name: a, class: pii}, {name: b, class: secret}]\nsub-processors: [{name: \"yes\"}]\n",
		"secrets: [{name: A_SECRET, store: drawer, owner: \"@a\", rotated: 2026-01-01, max-age: 300d}, {name: DRUVA_CLIENT_SECRET, store: vault, owner: \"@a\", rotated: 2026-11-01}]\n"} {
		in, g := weighing{policy: policy, facts: facts}.gather(t)
		if len(g.Shortfalls) == 0 {
			t.Fatal("nothing is lacking")
		}
		for _, s := range g.Shortfalls {
			if s.Snippet == "" {
				continue
			}
			src := allMarkets
			if strings.HasPrefix(s.Snippet, "marketplaces:") {
				src = "version: 1\n"
			}
			src += s.Snippet + "\n"
			if strings.HasPrefix(s.Snippet, "data:") {
				src += "stores: {main-db: {region: eu}, x: {region: eu}}\n"
			}
			k := KnownFrom(in.Catalogue, nil, now)
			if strings.Contains(src, "rotated: YYYY-MM-DD") {
				// A day that nobody has named must not read as one.
				if _, errs := Parse("snippet.yml", []byte(fillIn(t, src)), k); len(errs) == 0 || !strings.Contains(errs[0].Message, "rotated is not a date") {
					t.Errorf("%s: a snippet without a day: %v\n%s", s.Control, errs, s.Snippet)
				}
				src = strings.ReplaceAll(src, "rotated: YYYY-MM-DD", "rotated: 2026-11-01")
			}
			if n := strings.Count(src, "<"); n > 0 {
				_, errs := Parse("snippet.yml", []byte(src), k)
				if len(errs) != n || slices.ContainsFunc(errs, func(e *Error) bool {
					return !strings.HasSuffix(e.Message, " is a placeholder") || e.Advice != "write the real text"
				}) {
					t.Errorf("%s: a snippet that is not filled in: %v\n%s", s.Control, errs, s.Snippet)
				}
			}
			if _, errs := Parse("snippet.yml", []byte(fillIn(t, src)), k); len(errs) > 0 {
				t.Errorf("%s %s: %v\n%s", s.Verifier, s.Control, errs, s.Snippet)
			}
		}
	}
}

// TestRulesAreDescribed: every finding's rule stands among the described ones,
// whether it found something or not.
func TestRulesAreDescribed(t *testing.T) {
	_, g := weighing{}.gather(t)
	for _, r := range g.Rules {
		if r.Title == "" || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Wrong == "" || r.Right == "" || r.Tool != "staylisted" || len(r.Controls) == 0 || r.CWE == nil {
			t.Errorf("%s is not described: %+v", r.ID, r)
		}
	}
	if len(g.Rules) != len(policyRules()) {
		t.Errorf("%d rules are described, want %d", len(g.Rules), len(policyRules()))
	}
}

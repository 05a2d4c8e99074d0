package evidence

import (
	"fmt"
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

// asOf is when the documents of the tests are judged.
var asOf = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// filler is 30 words that no other rule looks for.
const filler = "The team keeps this part short on purpose and describes only what a newcomer needs before working here, with the reasons that led us to it and where to ask for more."

// contents are what sections must say besides words.
var contents = map[string]string{
	"retention/Retention periods": "| Data | Period |\n|---|---|\n| contact email | P90D |\n| refresh token | P30D, then revoked |\n\n" + filler,
	"incident-response/Marketplace notification": "We tell Apollo at security@apollo.io and monday at https://support.monday.com/ within 24 hours.\n\n" +
		"```text\nType: …\nStatus: …\nData involved: …\nTasks: …\nContact: …\n```\n\n" + filler,
	"incident-response/Contact tree": "The duty officer calls @example/security. " + filler,
	"incident-response/Last drill":   "Last drill: 2026-05-02. Next drill planned for 2026-11-20. " + filler,
	"dr-bcp/RTO and RPO":             "The recovery time objective is PT4H, the RPO one hour. " + filler,
	"dr-bcp/Restore test":            "On May 4, 2026 the whole database was restored in 40 minutes. " + filler,
	"data-rights/Contact":            "Write to privacy@harbour.dev. " + filler,
	"data-rights/Time limit":         "Within 30 days. " + filler,
	"audit/Date":                     "The report is of 2026-06-10. " + filler,
	"audit/Scope":                    "A penetration test of the API with the scopes contacts_read and backups_read. " + filler,
}

// sectionText is a good text of a section.
func sectionText(kind *documentKind, heading string) string {
	if text, ok := contents[kind.id+"/"+heading]; ok {
		return text
	}
	return filler + " This part is about: " + heading + "."
}

const mermaid = "```mermaid\nflowchart LR\n  browser --> app --> store\n```\n"

// goodDocument is a complete document of a kind.
func goodDocument(kind *documentKind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ncompliance: %s\nowner: \"@example/security\"\nreviewed: 2026-10-04\ntitle: of the site\n---\n\n# %s\n\nAn overview.\n", kind.id, kind.title)
	for _, s := range kind.all() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.heading, sectionText(kind, s.heading))
	}
	if kind.id == "architecture" {
		b.WriteString("\n" + mermaid)
	}
	return b.String()
}

// judged gathers over files at an instant.
func judged(t *testing.T, files map[string]string, file *File, at time.Time) rules.Gathered {
	t.Helper()
	fsys := fstest.MapFS{}
	var names []string
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		names = append(names, name)
	}
	in := Input{Catalogue: catalogue(t), File: file, Tree: tree.New(fsys, names, nil), Now: at}
	return documents(&in)
}

var loadCatalogue = sync.OnceValues(catalog.Load)

func catalogue(t *testing.T) *rules.Catalogue {
	t.Helper()
	c, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func observed(g rules.Gathered, verifier, control string) []rules.Observation {
	var out []rules.Observation
	for _, o := range g.Observations {
		if o.Verifier == verifier && o.Control == control {
			out = append(out, o)
		}
	}
	return out
}

func lacking(g rules.Gathered, verifier, control string) string {
	var out []string
	for _, s := range g.Shortfalls {
		if s.Verifier == verifier && s.Control == control {
			out = append(out, s.Text)
		}
	}
	return strings.Join(out, "\n")
}

func ranAs(g rules.Gathered, verifier string) rules.RunState {
	for _, r := range g.Runs {
		if r.Verifier == verifier {
			return r.State
		}
	}
	return rules.NotRun
}

// TestDocumentsComplete: a complete document proves, by its front matter alone
// and named by the policy, with Windows line ends and with underlined headings.
func TestDocumentsComplete(t *testing.T) {
	for i := range documentTable {
		kind := &documentTable[i]
		good := goodDocument(kind)
		setext := good
		for _, s := range kind.all() {
			setext = strings.Replace(setext, "## "+s.heading+"\n", s.heading+"\n"+strings.Repeat("-", 5)+"\n", 1)
		}
		upper := good
		for _, s := range kind.all() {
			upper = strings.Replace(upper, "## "+s.heading+"\n", "### 3.1 **"+strings.ToUpper(s.heading)+"** {#here} ###\n", 1)
		}
		for name, text := range map[string]string{
			"as it is": good, "CRLF": strings.ReplaceAll(good, "\n", "\r\n"), "old Mac": strings.ReplaceAll(good, "\n", "\r"), "setext": setext, "upper case": upper,
			"byte order mark": "\uFEFF" + good, "list of kinds": strings.Replace(good, "compliance: "+kind.id, "compliance: ["+kind.id+"]", 1),
			"comment beside": strings.Replace(good, filler, "<!-- TODO: more -->\n"+filler, 1),
			"quoted lines":   strings.Replace(good, filler, "> "+filler, 1),
			"nested list":    strings.Replace(good, filler, "- a\n  - "+filler+"\n    1. and more", 1),
		} {
			g := judged(t, map[string]string{"handbook/page.md": text}, nil, asOf)
			o := observed(g, kind.verifier(), kind.control)
			if len(o) != 1 || o[0].Link != "handbook/page.md" || !strings.Contains(o[0].Text, "reviewed 2026-10-04 by @example/security") {
				t.Errorf("%s, %s: %+v, lacking %q", kind.id, name, o, lacking(g, kind.verifier(), kind.control))
			}
			if ranAs(g, kind.verifier()) != rules.Complete {
				t.Errorf("%s, %s: not run", kind.id, name)
			}
		}
		policy := &File{Name: PolicyPath, Documents: []Document{{Kind: kind.id, Path: "a.md"}}}
		bare := strings.Replace(good, "compliance: "+kind.id+"\n", "", 1)
		g := judged(t, map[string]string{"a.md": bare, "b.md": good}, policy, asOf)
		if o := observed(g, kind.verifier(), kind.control); len(o) != 1 || o[0].Link != "a.md" {
			t.Errorf("%s named by the policy: %+v", kind.id, o)
		}
	}
}

// TestDocumentMutations: whatever is taken out of a required section, the
// document no longer proves, and says which section it is.
func TestDocumentMutations(t *testing.T) {
	for i := range documentTable {
		kind := &documentTable[i]
		good := goodDocument(kind)
		for _, s := range kind.sections {
			whole := "\n## " + s.heading + "\n\n" + sectionText(kind, s.heading) + "\n"
			if !strings.Contains(good, whole) {
				t.Fatalf("%s has no %q", kind.id, whole)
			}
			with := func(text string) string {
				return strings.Replace(good, whole, "\n## "+s.heading+"\n\n"+text+"\n", 1)
			}
			for name, text := range map[string]string{
				"removed":           strings.Replace(good, whole, "\n", 1),
				"heading in a code": strings.Replace(good, "\n## "+s.heading+"\n", "\n```\n## "+s.heading+"\n```\n", 1),
				"heading commented": strings.Replace(good, "\n## "+s.heading+"\n", "\n<!--\n## "+s.heading+"\n-->\n", 1),
				"emptied":           with(""),
				"TODO":              with("TODO"),
				"TODO in the text":  with(sectionText(kind, s.heading) + " TODO: the rest."),
				"todo alone":        with(sectionText(kind, s.heading) + "\n\n- todo:"),
				"TBD":               with(sectionText(kind, s.heading) + "\n\ntbd"),
				"lorem":             with("Lorem ipsum " + strings.Repeat("dolor sit amet ", 20)),
				"24 words":          with(strings.TrimSpace(strings.Repeat("word ", 24))),
				"commented text":    with("<!--\n" + sectionText(kind, s.heading) + "\n-->"),
				"hidden definition": with("[//]: # (" + filler + ")"),
				"guide alone":       with(s.guide),
				"guide twice":       with(s.guide + "\n\n" + s.guide),
				"diagram alone":     with(mermaid + strings.Repeat("x --> y\n", 1)),
				"few words":         with(strings.Repeat("we do what is right here\n\n", 20)),
				"a gap to fill in":  with(sectionText(kind, s.heading) + " [your company name] does it."),
			} {
				g := judged(t, map[string]string{"page.md": text}, nil, asOf)
				if o := observed(g, kind.verifier(), kind.control); len(o) > 0 {
					t.Errorf("%s, %s %s: still proves: %s", kind.id, s.heading, name, o[0].Text)
					continue
				}
				if lack := lacking(g, kind.verifier(), kind.control); !strings.Contains(lack, "section "+s.heading) {
					t.Errorf("%s, %s %s: lacking %q", kind.id, s.heading, name, lack)
				}
				for _, short := range g.Shortfalls {
					if short.Verifier == kind.verifier() && short.Control == kind.control && (!strings.Contains(short.Snippet, "## "+s.heading) || short.In != "page.md") {
						t.Errorf("%s, %s %s: snippet %q in %s", kind.id, s.heading, name, short.Snippet, short.In)
					}
				}
			}
		}
	}
}

// TestDocumentFacts: what a section must state besides words.
func TestDocumentFacts(t *testing.T) {
	for _, test := range []struct{ kind, heading, text, lack string }{
		{"retention", "Retention periods", "Ninety days for all. " + filler, "no period as an ISO 8601 duration"},
		{"incident-response", "Marketplace notification", strings.Replace(contents["incident-response/Marketplace notification"], "24 hours", "72 hours", 1), "limit of 24 hours"},
		{"incident-response", "Marketplace notification", strings.Replace(contents["incident-response/Marketplace notification"], "24 hours", "a day or twice a day", 1), "limit of 24 hours"},
		{"incident-response", "Marketplace notification", "We tell them within PT24H: type, status, data, tasks, contact. " + filler, "no address"},
		{"incident-response", "Marketplace notification", "security@apollo.io, 24h, type, data, contact. " + filler, "status, tasks"},
		{"incident-response", "Last drill", "We drill every year. " + filler, "no date in the past"},
		{"incident-response", "Last drill", "The next drill is on 2026-10-01. " + filler, "no date in the past"},
		{"incident-response", "Last drill", "Played on 2026-12-01. " + filler, "no date in the past"},
		{"incident-response", "Last drill", "Played on 2026-02-31. " + filler, "no date in the past"},
		{"dr-bcp", "RTO and RPO", "We are back in 4 hours. " + filler, "Fine"},
		{"dr-bcp", "RTO and RPO", "The recovery time objective is short. " + filler, "names no length of time"},
		{"dr-bcp", "Restore test", "Tested often. " + filler, "no date in the past"},
		{"data-rights", "Contact", "Ask us. " + filler, "no address"},
		{"data-rights", "Time limit", "Soon. " + filler, "no length of time"},
		{"audit", "Date", "Some time ago. " + filler, "no date in the past"},
	} {
		kind := documentKindOf(test.kind)
		text := strings.Replace(goodDocument(kind), "\n## "+test.heading+"\n\n"+sectionText(kind, test.heading), "\n## "+test.heading+"\n\n"+test.text, 1)
		g := judged(t, map[string]string{"page.md": text}, nil, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		if test.lack == "Fine" {
			if lack != "" { // the heading names both objectives
				t.Errorf("%s %q: lacking %q", test.kind, test.text, lack)
			}
			continue
		}
		if !strings.Contains(lack, test.lack) || len(observed(g, kind.verifier(), kind.control)) > 0 {
			t.Errorf("%s %q: lacking %q, want %q", test.kind, test.text, lack, test.lack)
		}
	}
}

// TestOneTextEverywhere: the same sentences under every heading say nothing, and
// neither does a copy of one section under another; a heading that names two
// sections is both.
func TestOneTextEverywhere(t *testing.T) {
	for i := range documentTable {
		kind := &documentTable[i]
		var b strings.Builder
		fmt.Fprintf(&b, "---\ncompliance: %s\nowner: \"@example/security\"\nreviewed: 2026-10-04\n---\n\n# %s\n", kind.id, kind.title)
		for n, s := range kind.sections {
			// What only looks different: case, marks and line breaks.
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.heading, []string{filler, "> " + strings.ToUpper(filler), strings.ReplaceAll(filler, " ", "\n")}[n%3])
		}
		g := judged(t, map[string]string{"page.md": b.String() + mermaid}, nil, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		for _, s := range kind.sections {
			if len(kind.sections) > 1 && !strings.Contains(lack, "the section "+s.heading+" repeats the section ") {
				t.Errorf("%s: %s is not said to repeat another: %s", kind.id, s.heading, lack)
			}
		}
		if len(kind.sections) > 1 && len(observed(g, kind.verifier(), kind.control)) > 0 {
			t.Errorf("%s: proves", kind.id)
		}
	}
	kind := documentKindOf("architecture")
	few := strings.Replace(goodDocument(kind), sectionText(kind, "APIs"), strings.Repeat("the API is good ", 9), 1)
	if lack := lacking(judged(t, map[string]string{"a.md": few}, nil, asOf), kind.verifier(), kind.control); !strings.Contains(lack, "the section APIs says only 4 different words and needs 12") {
		t.Errorf("few words: %s", lack)
	}
}

// TestHeadings: which sections a heading names.
func TestHeadings(t *testing.T) {
	for _, test := range []struct{ kind, heading, want string }{
		{"architecture", "Components", "Components"},
		{"architecture", "2. Building blocks", "Components"},
		{"architecture", "Auth flows", "Authentication flows"},
		{"architecture", "Data paths / flows", "Data flows"},
		{"architecture", "Third-party services", "Integration points"},
		{"architecture", "Security", "Security controls"},
		{"architecture", "Multi-tenancy", "Tenant isolation"},
		{"architecture", "Data segregation", "Tenant isolation"},
		{"architecture", "APIs and data flows", "APIs, Data flows"},
		{"architecture", "Out of scope: APIs", ""},
		{"architecture", "Capital", ""},
		{"threat-model", "Attack surface", "Entry points"},
		{"threat-model", "Threats and mitigations", "Threats, Mitigations"},
		{"threat-model", "Trust boundary", "Trust boundaries"},
		{"incident-response", "Post mortem", "Post-mortem"},
		{"incident-response", "Lessons learned", "Post-mortem"},
		{"incident-response", "Table-top exercise", "Last drill"},
		{"incident-response", "Escalation path", "Contact tree"},
		{"dr-bcp", "RTO/RPO", "RTO and RPO"},
		{"dr-bcp", "Backup and restore", "Backups, Restore test"},
		{"logging", "Append-only storage", "Tamper resistance"},
		{"data-rights", "Right to be forgotten", "Deletion"},
		{"data-rights", "Access requests", "Access"},
		{"onboarding", "Create an API key", "Key creation"},
		{"audit", "Follow up", "Follow-up"},
		{"retention", "How long we keep what", "Retention periods"},
		{"retention", "Erasure", "Deletion procedure"},
	} {
		kind := documentKindOf(test.kind)
		served := serves(kind.names(), wordsOf(test.heading))
		slices.Sort(served)
		var got []string
		for _, i := range served {
			got = append(got, kind.all()[i].heading)
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s, %q names %v, want %s", test.kind, test.heading, got, test.want)
		}
	}
	// Every heading a skeleton writes names its own section and no other.
	for i := range documentTable {
		kind := &documentTable[i]
		for j, s := range kind.all() {
			for _, name := range append([]string{s.heading}, s.also...) {
				if got := serves(kind.names(), wordsOf(name)); !slices.Equal(got, []int{j}) {
					t.Errorf("%s: %q names sections %v, want %d", kind.id, name, got, j)
				}
			}
		}
	}
}

// TestCombinedHeadings: a heading for two sections needs words for both, and a
// nested heading is no section where a higher one is.
func TestCombinedHeadings(t *testing.T) {
	kind := documentKindOf("threat-model")
	build := func(body string) string {
		return "---\ncompliance: threat-model\nowner: security@harbour.dev\nreviewed: 2026-10-04\n---\n# Threat model\n## Assets\nAssets. " + filler +
			"\n## Entry points\nEntries. " + filler + "\n## Trust boundaries\nBoundaries. " + filler + "\n" + body
	}
	for _, test := range []struct{ body, lack string }{
		{"## Threats and mitigations\n" + filler, "has 32 words and needs 50"},
		{"## Threats and mitigations\n" + filler + "\n" + filler, ""},
		{"## Threats\n### Spoofing\n" + filler + "\n## Mitigations\n1. Countermeasures. " + filler + "\n", ""},
		{"## STRIDE\n### Mitigations\n" + filler, ""},
		{"## Threats\n" + filler + "\n### Mitigations\nNone.\n## Mitigations\n" + filler, ""},
		{"## Threats\n" + filler + "\n### Mitigations\n" + filler + "\n## Mitigations\nNone.", "the section Mitigations has 1 words"},
	} {
		g := judged(t, map[string]string{"page.md": build(test.body)}, nil, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		if test.lack == "" && lack != "" || !strings.Contains(lack, test.lack) {
			t.Errorf("%q: lacking %q, want %q", test.body, lack, test.lack)
		}
	}
}

// TestFrontMatter: what is said about owner and review.
func TestFrontMatter(t *testing.T) {
	kind := documentKindOf("logging")
	body := strings.SplitN(goodDocument(kind), "---\n", 3)[2]
	for _, test := range []struct{ front, lack string }{
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-11-21", ""},
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-11-22", ""}, // somewhere it is that day already
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-11-23", "reviewed is in the future"},
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-13-01", "reviewed in the front matter is not a date that exists"},
		{"compliance: logging\nowner: '@a'", "reviewed is missing"},
		{"compliance: logging\nowner: '@a'\nreviewed:", "reviewed is missing"},
		{"compliance: logging\nowner: '@a'\nreviewed: [2026-10-04]", "reviewed in the front matter is a list"},
		{"compliance: logging\nreviewed: 2026-10-04", "owner is missing"},
		{"compliance: logging\nowner: '@login'\nreviewed: 2026-10-04", "owner in the front matter is the example"},
		{"compliance: logging\nowner: somebody\nreviewed: 2026-10-04", "owner in the front matter names nobody"},
		{"compliance: logging\nowner: @a\nreviewed: 2026-10-04", `put the owner in double quotes: owner: "@login"`},
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-10-04\nreviewed: 2026-10-05", "reviewed twice"},
		{"compliance: logging\nowner: &x '@a'\nreviewed: 2026-10-04", "uses an anchor"},
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-10-04\nnext_review: 2027-01-01", "did you mean next-review"},
		{"compliance: logging\nowner: '@a'\nreviewed: 2026-10-04\nnext-review: 2026-10-03", "next-review lies before reviewed"},
		{"compliance: loging\nowner: '@a'\nreviewed: 2026-10-04", `there is no kind of document "loging"; did you mean "logging"?`},
	} {
		g := judged(t, map[string]string{"page.md": "---\n" + test.front + "\n---\n" + body}, nil, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		if (test.lack == "") != (lack == "") || !strings.Contains(lack, test.lack) {
			t.Errorf("%q: lacking %q, want %q", test.front, lack, test.lack)
		}
	}
	// Without any front matter the file is no document, until the policy names it.
	g := judged(t, map[string]string{"page.md": body}, nil, asOf)
	if lack := lacking(g, kind.verifier(), kind.control); !strings.Contains(lack, "no audit logging document was found") {
		t.Errorf("lacking %q", lack)
	}
	policy := &File{Documents: []Document{{Kind: "logging", Path: "page.md"}}}
	g = judged(t, map[string]string{"page.md": body}, policy, asOf)
	if lack := lacking(g, kind.verifier(), kind.control); !strings.Contains(lack, "the front matter is missing") {
		t.Errorf("lacking %q", lack)
	}
	if s := g.Shortfalls[slices.IndexFunc(g.Shortfalls, func(s rules.Shortfall) bool { return s.Verifier == kind.verifier() })]; !strings.HasPrefix(s.Snippet, "---\ncompliance: logging\n") {
		t.Errorf("snippet %q", s.Snippet)
	}
	// A document of another kind does not pass for this one.
	other := strings.Replace(goodDocument(kind), "compliance: logging", "compliance: retention", 1)
	g = judged(t, map[string]string{"page.md": other}, policy, asOf)
	if lack := lacking(g, kind.verifier(), kind.control); !strings.Contains(lack, "does not name logging") {
		t.Errorf("lacking %q", lack)
	}
}

// TestFinding: where documents are found and what keeps them from being seen.
func TestFindingDocuments(t *testing.T) {
	kind := documentKindOf("logging")
	good := goodDocument(kind)
	huge := good + strings.Repeat("word ", maxDocument/4)
	for _, test := range []struct {
		name  string
		files map[string]string
		named string
		state rules.RunState
		lack  string
	}{
		{"a fixture", map[string]string{"internal/testdata/logging.md": good}, "", rules.Complete, "no audit logging document was found"},
		{"a fixture the policy names", map[string]string{"internal/testdata/logging.md": good}, "internal/testdata/logging.md", rules.Complete, ""},
		{"named, not there", map[string]string{"a.md": good}, "b.md", rules.Complete, "the policy file names b.md, which git does not track"},
		{"named, no Markdown", map[string]string{"a.txt": good}, "a.txt", rules.Complete, "is no Markdown file"},
		{"UTF-16", map[string]string{"a.md": "\xff\xfe#\x00 \x00"}, "a.md", rules.Complete, "is not UTF-8 text"},
		{"Latin-1", map[string]string{"a.md": good + "Gr\xfc\xdfe"}, "a.md", rules.Complete, "is not UTF-8 text"},
		{"huge", map[string]string{"a.md": huge}, "a.md", rules.Complete, "larger than 256 KiB"},
		{"huge, not named", map[string]string{"a.md": huge}, "", rules.Complete, "no audit logging document was found"},
		{"one of two is complete", map[string]string{"a.md": strings.Replace(good, "## Fields", "## Other", 1), "b.md": good}, "", rules.Complete, ""},
	} {
		var policy *File
		if test.named != "" {
			policy = &File{Documents: []Document{{Kind: "logging", Path: test.named}}}
		}
		g := judged(t, test.files, policy, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		if ranAs(g, kind.verifier()) != test.state || (test.lack == "") != (lack == "") || !strings.Contains(lack, test.lack) {
			t.Errorf("%s: state %s, lacking %q", test.name, ranAs(g, kind.verifier()), lack)
		}
		if test.lack != "" && !strings.Contains(test.name, "two") {
			for _, s := range g.Shortfalls {
				if s.Verifier == kind.verifier() && !strings.Contains(s.Snippet, "## Fields") {
					t.Errorf("%s: snippet %q", test.name, s.Snippet)
				}
			}
		}
	}
	many := map[string]string{}
	for i := range maxSame + 1 {
		many[fmt.Sprintf("d%d.md", i)] = good
	}
	if g := judged(t, many, nil, asOf); ranAs(g, kind.verifier()) != rules.Broken || len(observed(g, kind.verifier(), kind.control)) > 0 {
		t.Errorf("%d documents of a kind: %s", len(many), ranAs(g, kind.verifier()))
	}
	// What the commit has and the folder does not may be the document.
	for _, policy := range []*File{nil, {Documents: []Document{{Kind: "logging", Path: "gone.md"}}}} {
		in := Input{File: policy, Tree: tree.New(fstest.MapFS{}, nil, []string{"gone.md"}), Now: asOf}
		g := documents(&in)
		if ranAs(g, kind.verifier()) != rules.Broken || lacking(g, kind.verifier(), kind.control) != "" {
			t.Errorf("a missing file leaves %s", ranAs(g, kind.verifier()))
		}
	}
	in := Input{Now: asOf}
	if g := documents(&in); ranAs(g, kind.verifier()) != rules.NotRun || len(g.Shortfalls) > 0 {
		t.Errorf("without files: %+v", g.Runs)
	}
}

// TestFreshness: the review, the drill, the restore test and the report end on
// their days.
func TestFreshness(t *testing.T) {
	day := func(s string) time.Time {
		on, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return on
	}
	for _, test := range []struct{ kind, old, new, ends string }{
		{"logging", "", "", "2027-10-05"},
		{"logging", "title: of the site", "next-review: 2027-04-04", "2027-04-05"},
		{"logging", "title: of the site", "next-review: 2029-04-04", "2027-10-05"},
		{"logging", "reviewed: 2026-10-04", "reviewed: 2023-10-04", "2024-10-04"}, // 2024 has a leap day
		{"dr-bcp", "", "", "2027-05-05"},
		{"dr-bcp", "May 4, 2026", "the 3rd May 2026", "2027-05-05"},
		{"dr-bcp", "May 4, 2026", "4 May 2026", "2027-05-05"},
		{"audit", "", "", "2027-06-11"},
		{"incident-response", "", "", "2027-10-05"},
	} {
		kind := documentKindOf(test.kind)
		text := goodDocument(kind)
		if test.old != "" {
			text = strings.Replace(text, test.old, test.new, 1)
		}
		if strings.Contains(test.new, "3rd") {
			test.ends = "2027-05-04"
		}
		o := observed(judged(t, map[string]string{"page.md": text}, nil, asOf), kind.verifier(), kind.control)
		if len(o) != 1 || !o[0].Expires.Equal(day(test.ends)) {
			t.Errorf("%s %q: %+v, want the end on %s", test.kind, test.new, o, test.ends)
		}
	}
	o := observed(judged(t, map[string]string{"page.md": goodDocument(documentKindOf("incident-response"))}, nil, asOf), "document:incident-response", "incident-response")
	if m := o[0].Measure; m == nil || m.Name != DrillAge || !m.Since.Equal(day("2026-05-02")) {
		t.Errorf("the drill is measured as %+v", o[0].Measure)
	}
}

// TestDiagram: what counts as a diagram.
func TestDiagram(t *testing.T) {
	kind := documentKindOf("architecture")
	for _, test := range []struct{ diagram, want string }{
		{mermaid, "Mermaid diagram"},
		{"```mermaid\nflowchart LR\n```", ""},
		{"```mermaid\nflowchart LR\n  %% TODO: draw\n```", ""},
		{"```text\nflowchart LR\n a --> b\n```", ""},
		{"![Overview](img/arch.svg)", "docs/img/arch.svg (sha256 "},
		{"![Overview](/docs/img/arch.svg \"title\")", "docs/img/arch.svg"},
		{"![Overview](./img/arch.svg#x)", "docs/img/arch.svg"},
		{"<p><img alt='x' src=\"img/arch.svg\"></p>", "docs/img/arch.svg"},
		{"[the drawing](img/arch.drawio)", "docs/img/arch.drawio"},
		{"[a page](img/arch.svg)", ""},
		{"![Overview](img/none.svg)", ""},
		{"![Overview](../../etc/passwd.svg)", ""},
		{"![Overview](https://example.com/arch.svg)", ""},
		{"![Our logo](img/logo.svg)", ""},
		{"![Overview](img/empty.svg)", ""},
		{"<!-- ![Overview](img/arch.svg) -->", ""},
		{"text <!-- ![Overview](img/arch.svg) --> text", ""},
		{"```\n![Overview](img/arch.svg)\n```", ""},
	} {
		text := strings.Replace(goodDocument(kind), mermaid, test.diagram+"\n", 1)
		g := judged(t, map[string]string{"docs/a.md": text, "docs/img/arch.svg": "<svg/>", "docs/img/logo.svg": "<svg/>", "docs/img/empty.svg": "", "docs/img/arch.drawio": "<mxfile/>"}, nil, asOf)
		o := observed(g, kind.verifier(), kind.control)
		if (len(o) > 0) != (test.want != "") || len(o) > 0 && !strings.Contains(o[0].Text, test.want) {
			t.Errorf("%q: %+v, lacking %q", test.diagram, o, lacking(g, kind.verifier(), kind.control))
		}
	}
}

// TestIsolation: the section proves for its own control, whatever the rest of
// the document lacks, and the rest does not need it.
func TestIsolation(t *testing.T) {
	kind := documentKindOf("architecture")
	good := goodDocument(kind)
	without := strings.Replace(good, "\n## Tenant isolation\n\n"+sectionText(kind, "Tenant isolation"), "", 1)
	g := judged(t, map[string]string{"a.md": without}, nil, asOf)
	if len(observed(g, kind.verifier(), kind.control)) != 1 || len(observed(g, kind.verifier(), "tenant-isolation")) != 0 || !strings.Contains(lacking(g, kind.verifier(), "tenant-isolation"), "section Tenant isolation is missing") {
		t.Errorf("without the section: %+v", g.Observations)
	}
	g = judged(t, map[string]string{"a.md": strings.Replace(good, "## APIs", "## Other", 1)}, nil, asOf)
	if len(observed(g, kind.verifier(), kind.control)) != 0 || len(observed(g, kind.verifier(), "tenant-isolation")) != 1 {
		t.Errorf("without another section: %+v", g.Observations)
	}
	g = judged(t, nil, nil, asOf)
	if !strings.Contains(lacking(g, kind.verifier(), "tenant-isolation"), "no architecture document") {
		t.Errorf("without a document: %q", lacking(g, kind.verifier(), "tenant-isolation"))
	}
}

// TestNotification: each marketplace is proved by its own address alone.
func TestNotification(t *testing.T) {
	kind := documentKindOf("incident-response")
	const control = "incident-notification"
	g := judged(t, map[string]string{"a.md": goodDocument(kind)}, nil, asOf)
	var proved []string
	for _, o := range observed(g, kind.verifier(), control) {
		proved = append(proved, o.For...)
	}
	slices.Sort(proved)
	if !slices.Equal(proved, []string{"APOLLO-IR-01", "MONDAY-Q-03"}) {
		t.Errorf("proves for %v", proved)
	}
	only := strings.Replace(goodDocument(kind), "security@apollo.io", "somebody", 1)
	g = judged(t, map[string]string{"a.md": only}, nil, asOf)
	if o := observed(g, kind.verifier(), control); len(o) != 1 || !slices.Equal(o[0].For, []string{"MONDAY-Q-03"}) {
		t.Errorf("without Apollo's address: %+v", o)
	}
	if lack := lacking(g, kind.verifier(), control); !strings.Contains(lack, "names no address of Apollo") {
		t.Errorf("lacking %q", lack)
	}
	policy := &File{Marketplaces: []Marketplace{{ID: "apollo"}}}
	g = judged(t, map[string]string{"a.md": goodDocument(kind)}, policy, asOf)
	if o := observed(g, kind.verifier(), control); len(o) != 1 || !slices.Equal(o[0].For, []string{"APOLLO-IR-01"}) {
		t.Errorf("for Apollo alone: %+v", o)
	}
}

// TestRetentionAgrees: the periods of the document and of the policy file.
func TestRetentionAgrees(t *testing.T) {
	kind := documentKindOf("retention")
	p90, _ := parseDuration("P90D")
	for _, test := range []struct{ name, class, text, lack, against string }{
		{"contact email", "pii", "", "", ""},
		{"contact e-mail", "pii", "", "", ""},
		{"Contact Emails", "pii", "", "", ""},
		{"refresh token", "secret", "", "", `"refresh token" is kept for 30d here and for P90D by .github/staylisted.yml:7`},
		{"phone number", "pii", "", `gives no period for "phone number" (P90D`, ""},
		{"phone number", "pii", "- phone number: three months and backups P7D\n\n" + filler, "", `kept for 90d`},
		{"phone number", "pii", "### Phone number\n\nKept for P90D.\n\n### Else\n\n" + filler, "", ""},
		{"phone number", "pii", "### Phone number\n\nKept for P91D.\n\n### Else\n\n" + filler, "", "91d"},
		{"phone number", "pii", "| Class | Period |\n|---|---|\n| PII | P90D |\n\n" + filler, "", ""},
	} {
		policy := &File{Name: PolicyPath, Data: []Data{{Pos: Pos{7, 5}, Name: test.name, Class: test.class, Retention: p90}}}
		text := goodDocument(kind)
		if test.text != "" {
			text = strings.Replace(text, contents["retention/Retention periods"], test.text, 1)
		}
		if strings.Contains(test.text, "three months") {
			test.against = "" // three months are 90 days
		}
		g := judged(t, map[string]string{"a.md": text}, policy, asOf)
		lack := lacking(g, kind.verifier(), kind.control)
		var against []string
		for _, f := range g.Findings {
			if f.Rule == "document:retention/disagrees" {
				against = append(against, f.Message)
				if f.Class != rules.Violation || f.Control != "retention-deletion" || f.Location.Path != "a.md" || f.Location.Line == 0 || f.Tokens == "" || f.Source != "document" {
					t.Errorf("finding %+v", f)
				}
			}
		}
		told := strings.Join(against, "\n")
		if (test.lack == "") != (lack == "") || !strings.Contains(lack, test.lack) || (test.against == "") != (told == "") || !strings.Contains(told, test.against) {
			t.Errorf("%s %q: lacking %q, against %q", test.name, test.text, lack, told)
		}
	}
}

// TestAuditDrift: scopes that came after the audit, and people who left.
func TestAuditDrift(t *testing.T) {
	kind := documentKindOf("audit")
	policy := &File{Marketplaces: []Marketplace{{ID: "apollo", Scopes: []string{"contacts_read", "contacts_write"}}}}
	g := judged(t, map[string]string{"a.md": goodDocument(kind)}, policy, asOf)
	if len(g.Findings) != 1 || g.Findings[0].Rule != "document:audit/scopes" || !strings.Contains(g.Findings[0].Message, "scope contacts_write,") {
		t.Errorf("findings %+v", g.Findings)
	}
	policy.Marketplaces[0].Scopes = []string{"deals_write"} // the section lists none of the declared ones
	if g = judged(t, map[string]string{"a.md": goodDocument(kind)}, policy, asOf); len(g.Findings) != 0 {
		t.Errorf("findings %+v", g.Findings)
	}
	o := observed(g, kind.verifier(), "dast-run")
	if len(o) != 1 || !o[0].Expires.Equal(time.Date(2026, 9, 9, 0, 0, 0, 0, time.UTC)) { // 90 days after the report
		t.Errorf("as a dynamic scan: %+v", o)
	}

	plan := goodDocument(documentKindOf("incident-response"))
	in := Input{Tree: tree.New(fstest.MapFS{"a.md": {Data: []byte(plan)}}, []string{"a.md"}, nil), Now: asOf, People: map[string]rules.Ternary{"@example/security": rules.False}}
	if g = documents(&in); len(g.Findings) != 1 || g.Findings[0].Rule != "document:incident-response/contact" || g.Findings[0].Class != rules.Review {
		t.Errorf("findings %+v", g.Findings)
	}
	in.People = map[string]rules.Ternary{"@example/security": rules.True}
	if g = documents(&in); len(g.Findings) != 0 {
		t.Errorf("findings %+v", g.Findings)
	}
}

// TestSkeleton: what `init` writes never passes before somebody has worked on
// it, whatever was found, and every heading in it is one that is asked for.
func TestSkeleton(t *testing.T) {
	for _, id := range DocumentKinds() {
		kind := documentKindOf(id)
		if kind == nil {
			t.Fatalf("%s has no table", id)
		}
		var facts []SkeletonFact
		for _, h := range DocumentHeadings(id) {
			for i := range 20 {
				facts = append(facts, SkeletonFact{h, fmt.Sprintf("GET /v1/contacts/%d with many words <b>that</b> could count 2026-10-04 P90D 24 hours a@b.example", i)})
			}
		}
		filled := Skeleton(id, facts...)
		if n := strings.Count(filled, "\n- GET"); n != 20*len(DocumentHeadings(id)) {
			t.Errorf("%s: %d facts", id, n)
		}
		for name, text := range map[string]string{
			"bare": Skeleton(id), "filled": filled,
			"reviewed by nobody":  strings.Replace(strings.Replace(filled, "reviewed:", "reviewed: 2026-10-04", 1), "TODO: ", "", -1),
			"owned and reviewed":  strings.Replace(strings.Replace(filled, "reviewed:", "reviewed: 2026-10-04", 1), "@login", "@a", 1),
			"marks taken out":     strings.ReplaceAll(strings.Replace(strings.Replace(Skeleton(id), "reviewed:", "reviewed: 2026-10-04", 1), "@login", "@a", 1), "TODO: ", ""),
			"reviewed, no owner ": strings.Replace(filled, "reviewed:", "reviewed: 2026-10-04", 1),
		} {
			g := judged(t, map[string]string{DocumentPath(id): text}, nil, asOf)
			if len(g.Observations) > 0 {
				t.Errorf("%s, %s: proves %+v", id, name, g.Observations)
			}
			lack := lacking(g, kind.verifier(), kind.control)
			if name == "bare" {
				for _, s := range kind.sections {
					if !strings.Contains(lack, "the section "+s.heading+" still says that it is to be written") {
						t.Errorf("%s: lacking %q", id, lack)
					}
				}
			}
		}
	}
	if Skeleton("novel") != "" || DocumentPath("novel") != "" || DocumentHeadings("novel") != nil {
		t.Error("a word that is no kind has a skeleton")
	}
	if len(documentTable) != len(documentKinds) {
		t.Errorf("%d kinds in the table, %d in the policy file", len(documentTable), len(documentKinds))
	}
}

// TestLastDate and TestDurationsIn: what people write.
func TestLastDate(t *testing.T) {
	for text, want := range map[string]string{
		"on 2026-05-02":                                 "2026-05-02",
		"2025-01-01, 2026-05-02 and 2024-01-01":         "2026-05-02",
		"2 May 2026":                                    "2026-05-02",
		"2nd of it: 2nd May 2026":                       "2026-05-02",
		"May 2, 2026":                                   "2026-05-02",
		"Sept. 9, 2026":                                 "2026-09-09",
		"last: 2026-05-02, next: 2026-08-02":            "2026-05-02",
		"Next drill is planned\n\n2026-05-02":           "2026-05-02",
		"planned for 2026-05-02":                        "",
		"2027-05-02":                                    "",
		"2026-11-22":                                    "2026-11-22",
		"2026-02-30":                                    "",
		"12026-05-02":                                   "",
		"2026-05-02T10:00:00Z":                          "2026-05-02",
		"2026-05-02 (next planned 2026-08-02)":          "2026-05-02",
		"Restored on 2026-05-02 until all rows matched": "2026-05-02",
		"Due to the outage of 2026-05-02 we restored":   "2026-05-02",
		"Done 2026-05-02 and the next one will be held on 2026-08-02": "2026-05-02",
		"2026-05-02 (planned)":                                  "",
		"The next drill will be on 2026-05-02 or on 2026-05-03": "",
		"2026-05-02 is scheduled":                               "",
	} {
		got, ok := lastDate(text, asOf)
		if text := got.Format(time.DateOnly); ok != (want != "") || ok && text != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

// TestUsualHeadings: headings that people write, by the section they name.
func TestUsualHeadings(t *testing.T) {
	for _, c := range []struct{ kind, heading, section string }{
		{"incident-response", "Containment, Eradication and Recovery", "Steps"}, {"incident-response", "Detection and Analysis", "Steps"},
		{"incident-response", "Post-Incident Review", "Post-mortem"}, {"incident-response", "Post-incident activity", "Post-mortem"}, {"incident-response", "Plan testing", "Last drill"},
		{"dr-bcp", "Disaster recovery testing", "Restore test"}, {"dr-bcp", "Critical vendors", "Dependencies"}, {"dr-bcp", "Recovery objectives (RTO & RPO)", "RTO and RPO"},
		{"logging", "What we log", "Events"}, {"logging", "Log integrity", "Tamper resistance"},
		{"data-rights", "How to make a request", "Contact"}, {"data-rights", "Deleting your data", "Deletion"}, {"data-rights", "Exporting your data", "Portability"}, {"data-rights", "Timelines", "Time limit"},
		{"retention", "How we delete data", "Deletion procedure"}, {"threat-model", "Entry/exit points", "Entry points"},
		{"architecture", "REST API", "APIs"}, {"architecture", "Services", "Components"}, {"architecture", "Third-party services", "Integration points"}, {"architecture", "Security", "Security controls"},
		{"audit", "Audit company", "Firm"}, {"onboarding", "Deleting the key", "Revocation"},
	} {
		k := documentKindOf(c.kind)
		if got := serves(k.names(), wordsOf(c.heading)); len(got) != 1 || k.all()[got[0]].heading != c.section {
			t.Errorf("%s: %q names the sections %v, want %s", c.kind, c.heading, got, c.section)
		}
	}
}

func TestSharedHeading(t *testing.T) {
	kind := documentKindOf("architecture")
	good := strings.Replace(goodDocument(kind), "## Authentication flows\n", "## API authentication\n", 1)
	g := judged(t, map[string]string{"docs/a.md": good}, nil, asOf)
	if len(observed(g, kind.verifier(), kind.control)) == 0 {
		t.Errorf("a heading that speaks of the API beside one that is about it alone: %s", lacking(g, kind.verifier(), kind.control))
	}
}

func TestNotificationLimit(t *testing.T) {
	const rest = " to security@apollo.io with type, status, data, tasks and contact"
	for text, lacks := range map[string]bool{
		"within 24 hours": false, "within one day": false, "24h after detection": false, "within twenty-four hours": false, "in 24 hours, day and night": false,
		"within one business day": true, "within 24 business hours": true, "We are there 24 hours a day and tell them in 72 hours": true, "24 hours per day": true,
	} {
		if got := notificationLacks(text + rest); (len(got) > 0) != lacks {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestDurationsIn(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"P90D": 90 * day, "within PT24H.": day, "24-hour limit": day, "24h": day, "24 h": day, "twenty-four hours": day, "24 hours": day, "one day": day,
		"90 days": 90 * day, "three months": 90 * day, "12 months": 365 * day, "a year": 365 * day, "30 calendar days": 30 * day, "2 weeks": 14 * day,
		"twice a day": 0, "an hour": 0, "Plan P": 0, "99999 years": 0, "3d printing": 3 * day, "P": 0, "PT": 0, "HTTP2": 0,
	} {
		got := durationsIn(text)
		if want == 0 && len(got) > 0 || want > 0 && !slices.Contains(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

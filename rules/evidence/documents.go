package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// Evidence documents
//
//	tree, policy ─► candidates ─► document.prove ─┬─ complete ─► observation (until the review ends)
//	                (by kind)                     └─ lacking  ─► shortfall with the missing headings
//	facts ──────────► drift: what the code has and the documents do not name ─► findings for review
//
// A document is found through `documents` of the policy file, or by its front
// matter anywhere but in folders of tests and examples. Several of one kind are
// judged one by one; one that is complete is enough, unless the policy file names
// the one that counts.
//
// A document proves that somebody wrote down and reviewed what it says. Whether
// it is true is for people; what the code contradicts is a finding.

// documents weighs the evidence documents and the standards that answer instead
// of them.
func documents(in *Input) rules.Gathered {
	g := rules.Gathered{Rules: documentRules()}
	if in.Tree == nil {
		reason := "the repository's files were not read; scan a folder"
		for i := range documentTable {
			g.Skipped(reason, documentTable[i].verifier())
		}
		g.Skipped(reason, "document:security-insights", "document:security-txt", "document:security-policy", architectureDrift, dataNames)
		return g
	}
	lib := readLibrary(in)
	// Security Insights may say where the architecture is described; that page has
	// to be as complete as any other.
	if name := designDocument(in); name != "" && len(lib.byKind["architecture"]) == 0 && lib.absent["architecture"] == "" && lib.broken["architecture"] == "" {
		lib.named(in, documentKindOf("architecture"), name)
	}
	for i := range documentTable {
		kind := &documentTable[i]
		if reason := lib.unseen(kind.id); reason != "" {
			g.Broken(reason, kind.verifier())
			continue
		}
		g.Complete(kind.verifier())
		g.Add(lib.judge(in, kind))
	}
	g.Notes = append(g.Notes, lib.notes...)
	g.Add(securityInsights(in))
	g.Add(securityTxt(in))
	g.Add(securityPolicy(in))
	g.Add(codeowners(in))
	g.Add(drift(in, lib))
	g.Add(dataDrift(in))
	return g
}

// A library is all documents of a repository by kind.
type library struct {
	byKind map[string][]*document
	// broken says why a kind could not be seen; under "" what may hide any kind.
	broken map[string]string
	absent map[string]string // kinds whose file, named by the policy, is not in the tree
	notes  []string
	best   map[string]*document // the complete document of a kind
}

// maxPages is how many Markdown files are looked at.
const maxPages = 20000

// maxSame is how many documents of one kind are judged.
const maxSame = 50

func readLibrary(in *Input) *library {
	lib := &library{byKind: map[string][]*document{}, broken: map[string]string{}, absent: map[string]string{}, best: map[string]*document{}}
	named := map[string]bool{} // kinds the policy file names
	if in.File != nil {
		for _, d := range in.File.Documents {
			if kind := documentKindOf(d.Kind); kind != nil && d.Path != "" {
				named[d.Kind] = true
				lib.named(in, kind, d.Path)
			}
		}
	}
	pages := 0
	for _, name := range in.Tree.Names() {
		if !markdownFile(name) || aside(name) {
			continue
		}
		if pages++; pages > maxPages {
			lib.broken[""] = fmt.Sprintf("there are more than %d Markdown files; name the documents under documents in the policy file", maxPages)
			break
		}
		src, err := in.Tree.Read(name, maxDocument)
		switch {
		case errors.Is(err, tree.ErrTooLarge):
			continue // no document; the policy file may still name it, and then it is said
		case err != nil:
			lib.broken[""] = printable(name) + " could not be read (" + printable(err.Error()) + "); make it readable and scan again"
			continue
		}
		if !strings.Contains(string(src[:min(len(src), maxFront)]), "compliance") {
			continue
		}
		p, err := readPage(src)
		if err != nil || !p.front.claimed {
			continue
		}
		if len(p.front.kinds) == 0 {
			lib.notes = append(lib.notes, printable(name)+": "+strings.Join(p.front.problems, "; "))
		}
		for _, id := range p.front.kinds {
			if kind := documentKindOf(id); !named[id] && kind != nil {
				if len(lib.byKind[id]) == maxSame {
					lib.broken[id] = fmt.Sprintf("there are more than %d documents of the kind %s; name the one that counts under documents in the policy file", maxSame, id)
					continue
				}
				lib.byKind[id] = append(lib.byKind[id], newDocument(in, kind, name, false, p))
			}
		}
	}
	for _, name := range in.Tree.Missing() {
		if markdownFile(name) && !aside(name) {
			lib.broken[""] = printable(name) + " is in the commit and not in the folder; check out all files and scan again"
		}
	}
	return lib
}

// named takes in a document that the policy file names.
func (lib *library) named(in *Input, kind *documentKind, name string) {
	if slices.Contains(in.Tree.Missing(), name) {
		lib.broken[kind.id] = printable(name) + " is in the commit and not in the folder; check out all files and scan again"
		return
	}
	src, err := in.Tree.Read(name, maxDocument)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		lib.absent[kind.id] = "the policy file names " + printable(name) + ", which git does not track"
		return
	case errors.Is(err, tree.ErrTooLarge):
		lib.absent[kind.id] = printable(name) + " " + errTooLarge.Error() + ", more than a document may have; split it"
		return
	case err != nil:
		lib.broken[kind.id] = printable(name) + " could not be read (" + printable(err.Error()) + "); make it readable and scan again"
		return
	}
	if !markdownFile(name) {
		lib.absent[kind.id] = printable(name) + " is no Markdown file, so its headings cannot be read; write it as .md"
		return
	}
	p, err := readPage(src)
	if err != nil {
		lib.absent[kind.id] = printable(name) + " " + err.Error() + "; save it as plain UTF-8 Markdown"
		return
	}
	lib.byKind[kind.id] = append(lib.byKind[kind.id], newDocument(in, kind, name, true, p))
}

// unseen says why nothing can be said about a kind, or "".
func (lib *library) unseen(kind string) string {
	if reason := lib.broken[kind]; reason != "" {
		return reason
	}
	if len(lib.byKind[kind]) == 0 && lib.absent[kind] == "" {
		return lib.broken[""]
	}
	return ""
}

func markdownFile(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".md" || ext == ".markdown" || ext == ".mdx"
}

// aside reports files that speak of something else than the product: tests and
// their data, examples, templates.
func aside(name string) bool {
	for part := range strings.SplitSeq(strings.ToLower(path.Dir(name)), "/") {
		switch part {
		case "testdata", "test", "tests", "__tests__", "fixtures", "fixture", "example", "examples", "sample", "samples", "template", "templates", "vendor", "third_party", "node_modules":
			return true
		}
	}
	return false
}

// judge weighs all documents of a kind: the first complete one proves, and
// where none is, the one that lacks least says what to do.
func (lib *library) judge(in *Input, kind *documentKind) rules.Gathered {
	g := rules.Gathered{}
	if len(lib.byKind[kind.id]) == 0 {
		for _, control := range kind.controls() {
			g.Shortfalls = append(g.Shortfalls, lib.missing(kind, control))
		}
		return g
	}
	var least *document
	var leastProof proof
	for _, d := range lib.byKind[kind.id] {
		p := d.prove(in)
		g.Findings = append(g.Findings, p.against...)
		switch {
		case len(p.lacks) == 0:
			g.Observations = append(g.Observations, d.observation(&p, kind.control))
			if b := lib.best[kind.id]; b == nil || b.front.expires().Before(d.front.expires()) {
				lib.best[kind.id] = d
			}
		case least == nil || len(p.lacks) < len(leastProof.lacks):
			least, leastProof = d, p
		}
	}
	if len(g.Observations) == 0 {
		g.Shortfalls = append(g.Shortfalls, least.shortfall(&leastProof, kind.control))
	}
	switch kind.id {
	case "architecture":
		g.Add(lib.isolation(kind))
	case "incident-response":
		g.Add(lib.notification(in, kind))
	case "audit":
		g.Add(lib.penetration(in, kind))
	}
	return g
}

// controls are those a document of the kind speaks to.
func (k *documentKind) controls() []string {
	switch k.id {
	case "architecture":
		return []string{k.control, "tenant-isolation"}
	case "incident-response":
		return []string{k.control, "incident-notification"}
	}
	return []string{k.control}
}

// missing is the shortfall of a kind without any document.
func (lib *library) missing(kind *documentKind, control string) rules.Shortfall {
	text := lib.absent[kind.id]
	if text == "" {
		text = "no " + strings.ToLower(kind.title) + " document was found"
	}
	return rules.Shortfall{Verifier: kind.verifier(), Control: control, In: kind.path, Snippet: Skeleton(kind.id),
		Text: fmt.Sprintf("%s; add %s with the front matter `compliance: %s`, or name yours under documents in the policy file", text, kind.path, kind.id)}
}

// isolation looks for the section on tenant isolation, which proves for a
// control of its own, whatever else the document lacks.
func (lib *library) isolation(kind *documentKind) rules.Gathered {
	g := rules.Gathered{}
	at := len(kind.sections)
	for _, d := range lib.byKind[kind.id] {
		p := d.reviewed()
		if text := d.problem(at); text != "" {
			p.lack(at, "%s", text)
		}
		if len(p.lacks) == 0 {
			p.says = append(p.says, "with a section on tenant isolation")
			g.Observations = append(g.Observations, d.observation(&p, "tenant-isolation"))
		} else {
			g.Shortfalls = append(g.Shortfalls, d.shortfall(&p, "tenant-isolation"))
		}
	}
	if len(g.Observations) > 0 {
		g.Shortfalls = nil
	}
	return g
}

// notification looks whether the plan tells each marketplace in time. Each
// marketplace's requirements are proved by its own name and address alone.
func (lib *library) notification(in *Input, kind *documentKind) rules.Gathered {
	const control = "incident-notification"
	g := rules.Gathered{}
	if in.Catalogue == nil {
		return g
	}
	at := kind.sectionIndex("Marketplace notification")
	for _, m := range in.Catalogue.Marketplaces {
		var ids []string
		for _, r := range m.Requirements {
			if slices.ContainsFunc(r.Controls, func(u rules.ControlUse) bool { return u.Control == control }) {
				ids = append(ids, r.ID)
			}
		}
		selected := in.File == nil || slices.ContainsFunc(in.File.Marketplaces, func(s Marketplace) bool { return s.ID == m.ID })
		if len(ids) == 0 || !selected {
			continue
		}
		proved := false
		var lacking []rules.Shortfall
		for _, d := range lib.byKind[kind.id] {
			p := d.reviewed()
			part := d.part(at)
			if text := d.problem(at); text != "" {
				p.lack(at, "%s", text)
			} else {
				text := part.text()
				for _, missing := range notificationLacks(text) {
					p.lack(at, "the section %s %s", kind.sections[at].heading, missing)
				}
				if !addressOf(m.ID, text) {
					p.lack(at, "the section %s names no address of %s", kind.sections[at].heading, m.Name)
				}
			}
			if len(p.lacks) == 0 {
				p.says = append(p.says, "tells "+m.Name+" within 24 hours")
				o := d.observation(&p, control)
				o.For = ids
				g.Observations = append(g.Observations, o)
				proved = true
			} else {
				s := d.shortfall(&p, control)
				s.For = ids
				lacking = append(lacking, s)
			}
		}
		if !proved {
			g.Shortfalls = append(g.Shortfalls, lacking...)
		}
	}
	return g
}

// defaultDASTAge is how long a dynamic test counts unless the policy file sets
// another time (catalogue §2.2, dast-run).
const defaultDASTAge = 90 * day

// penetration lets an audit that tested the running product count as a dynamic
// scan, as long as one would.
func (lib *library) penetration(in *Input, kind *documentKind) rules.Gathered {
	g := rules.Gathered{}
	age := defaultDASTAge
	if in.File != nil && in.File.Limits.DASTAge.Length > 0 {
		age = in.File.Limits.DASTAge.Length
	}
	for _, d := range lib.byKind[kind.id] {
		p := d.prove(in)
		scope, date := d.part(kind.sectionIndex("Scope")), d.part(kind.sectionIndex("Date"))
		if len(p.lacks) > 0 || !says(wordsOf(scope.text()), "penetration test", "penetration testing", "pentest", "dynamic test", "dynamic analysis", "dynamic scan", "dast") {
			continue
		}
		on, ok := lastDate(date.text(), d.now)
		if !ok {
			continue
		}
		p.until(dayAfter(on.Add(age).Truncate(24 * time.Hour)))
		g.Observations = append(g.Observations, d.observation(&p, "dast-run"))
	}
	return g
}

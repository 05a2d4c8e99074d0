package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// What a document says held against what the policy file says.

// sectionIndex returns the index of a required section by its heading.
func (k *documentKind) sectionIndex(heading string) int {
	return slices.IndexFunc(k.all(), func(s sectionKind) bool { return s.heading == heading })
}

// A period is one unit of the retention document that names lengths of time: a
// row, an item or a paragraph, with the titles it stands below.
type period struct {
	words   []string
	lengths []time.Duration
	text    string
	line    int
}

// retention compares the periods of the document with those of the policy file.
// A class of data that the document names with other periods alone is a
// contradiction; one it does not name is missing.
func (d *document) retention(p *proof, in *Input) {
	at := d.kind.sectionIndex("Retention periods")
	part := d.part(at)
	if in.File == nil || d.problem(at) != "" {
		return
	}
	var periods []period
	for _, b := range part.blocks {
		lengths := durationsIn(b.text)
		if len(lengths) == 0 {
			continue
		}
		periods = append(periods, period{wordsOf(d.titlesAbove(b) + "\n" + b.text), lengths, b.text, b.line})
	}
	for i := range in.File.Data {
		data := &in.File.Data[i]
		if data.Retention.Length == 0 {
			continue
		}
		agrees, named := agreement(periods, data.Name, data.Retention.Length)
		if !agrees && named == nil {
			// A document that gives one period for a whole class speaks of all in it.
			agrees, _ = agreement(periods, data.Class, data.Retention.Length)
			if !agrees {
				p.lack(at, "the section Retention periods gives no period for %s (%s in %s); add a line such as: %s: %s",
					quoted(data.Name), printable(data.Retention.Text), in.File.Where(data.Pos), printable(data.Name), printable(data.Retention.Text))
				continue
			}
		}
		if agrees {
			continue
		}
		f := ruleRetention().Finding("document", fmt.Sprintf("%s is kept for %s here and for %s by %s; write the same period in both",
			quoted(data.Name), lengthText(named.lengths), printable(data.Retention.Text), in.File.Where(data.Pos)),
			rules.Location{Path: d.path, Line: named.line})
		f.Tokens = rules.TokenDigest("retention", data.Name, data.Retention.Text, lengthText(named.lengths))
		p.against = append(p.against, f)
	}
}

// agreement looks for periods of a name. named is the first one that names it
// with other lengths, where none agrees.
func agreement(periods []period, name string, length time.Duration) (agrees bool, named *period) {
	for i := range periods {
		if phraseAt(periods[i].words, wordsOf(name)) < 0 {
			continue
		}
		if slices.Contains(periods[i].lengths, length) {
			return true, nil
		}
		if named == nil {
			named = &periods[i]
		}
	}
	return false, named
}

// titlesAbove returns the headings a block stands below, the section's own left
// out: "Contact email" over a paragraph names what the paragraph speaks of.
func (d *document) titlesAbove(b block) string {
	var all []string
	for i := b.heading; i > 0; i = d.up[i] {
		if len(d.served[i]) == 0 {
			all = append(all, d.headings[i].title)
		}
	}
	return strings.Join(all, "\n")
}

// lengthText writes lengths of time for people.
func lengthText(lengths []time.Duration) string {
	var all []string
	for _, l := range lengths {
		text := inDays(l)
		if l%day != 0 {
			text = l.String()
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, ", ")
}

// people looks up the accounts of the contact tree where GitHub was asked about
// them.
func (d *document) people(p *proof, in *Input) {
	part := d.part(d.kind.sectionIndex("Contact tree"))
	told := map[string]bool{}
	for _, b := range part.blocks {
		for _, m := range handleIn.FindAllString(b.text, -1) {
			handle := strings.TrimLeft(m, " \t\n(,;")
			if in.People[handle] != rules.False || told[handle] {
				continue
			}
			told[handle] = true
			f := rulePeople().Finding("document", "the contact tree names "+printable(handle)+", who cannot read the repository (any more); name somebody who is there",
				rules.Location{Path: d.path, Line: b.line})
			f.Tokens = rules.TokenDigest("contact", handle)
			p.against = append(p.against, f)
		}
	}
}

// auditedScopes compares the OAuth scopes the policy declares with those the
// audit's scope names. A section that names none at all lists no scopes and
// cannot be compared.
func (d *document) auditedScopes(p *proof, in *Input) {
	part := d.part(d.kind.sectionIndex("Scope"))
	if in.File == nil || !part.found {
		return
	}
	text := part.text()
	tokens := strings.FieldsFunc(text, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("_:.-/", r) })
	for i := range tokens {
		tokens[i] = strings.Trim(tokens[i], ".:-/")
	}
	var declared []string
	for _, m := range in.File.Marketplaces {
		declared = append(declared, m.Scopes...)
	}
	for _, s := range in.File.Services {
		declared = append(declared, s.Scopes...)
	}
	slices.Sort(declared)
	var unnamed []string
	for _, scope := range slices.Compact(declared) {
		if !slices.Contains(tokens, scope) {
			unnamed = append(unnamed, scope)
		}
	}
	if len(unnamed) == 0 || len(unnamed) == len(slices.Compact(declared)) {
		return
	}
	f := ruleAuditScope().Finding("document", "the audit's scope does not name the OAuth "+plural(len(unnamed), "scope")+" "+printable(strings.Join(unnamed, ", "))+
		", which the policy file declares; have them audited, or withdraw them", rules.Location{Path: d.path, Line: part.line})
	f.Tokens = rules.TokenDigest(append([]string{"scopes"}, unnamed...)...)
	p.against = append(p.against, f)
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// A document is one file that is to prove what its kind stands for.
type document struct {
	*page
	kind   *documentKind
	path   string
	named  bool // by the policy file, not by its front matter alone
	tree   *tree.Tree
	now    time.Time
	served [][]int // the sections each heading names; the document's title names none
	ends   []int   // the heading after the last one below each
	up     []int   // the heading each stands below; -1 for none
	parts  map[int]part
}

func newDocument(in *Input, kind *documentKind, path string, named bool, p *page) *document {
	d := &document{page: p, kind: kind, path: path, named: named, tree: in.Tree, now: in.Now, parts: map[int]part{}}
	names := kind.names()
	var open []int // headings above, outermost first
	d.ends = make([]int, len(p.headings))
	for i, h := range p.headings {
		for len(open) > 0 && p.headings[open[len(open)-1]].level >= h.level {
			d.ends[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
		d.up = append(d.up, -1)
		if n := len(open); n > 0 {
			d.up[i] = open[n-1]
		}
		open = append(open, i)
		d.served = append(d.served, serves(names, h.words))
	}
	for _, i := range open {
		d.ends[i] = len(p.headings)
	}
	if n := len(p.headings); n > 1 && d.ends[0] == n {
		d.served[0] = nil
	}
	return d
}

// withoutGuide takes a skeleton's sentence out of a text.
func withoutGuide(text string, words []string, guide string) (rest string, found bool) {
	if phraseAt(words, wordsOf(guide)) < 0 {
		return text, false
	}
	var parts []string
	for _, w := range strings.FieldsFunc(guide, func(r rune) bool { return !isWord(r) }) {
		parts = append(parts, regexp.QuoteMeta(w))
	}
	return regexp.MustCompile(`(?i)\b`+strings.Join(parts, `[^\pL\pN]+`)+`\b`).ReplaceAllString(text, " "), true
}

// A part is what a document says in one section.
type part struct {
	found  bool
	blocks []block // people's text without the skeleton's, and code but diagrams
	count  int     // words
	needed int
	guided bool // the skeleton's sentence is still there
	todo   int  // line of a mark that something is still to be written; 0 without
	line   int  // of the first heading
}

// part collects what stands below the headings that name a section. Of headings
// on several levels the highest count: "API server" below "Components" is not the
// section on APIs where there is one.
func (d *document) part(section int) part {
	p, known := d.parts[section]
	if !known {
		p = d.readPart(section)
		d.parts[section] = p
	}
	return p
}

func (d *document) readPart(section int) part {
	p := part{needed: minWords}
	level := 0
	for i, h := range d.headings {
		if slices.Contains(d.served[i], section) && (level == 0 || h.level < level) {
			level = h.level
		}
	}
	if level == 0 {
		return p
	}
	within := make([]bool, len(d.headings)) // headings whose blocks belong to the part
	for i, h := range d.headings {
		if h.level != level || !slices.Contains(d.served[i], section) {
			continue
		}
		if !p.found {
			p.found, p.line = true, h.line
		}
		required := 0
		for _, s := range d.served[i] {
			if s < len(d.kind.sections) && (s == section || !d.dedicated(s)) {
				required++
			}
		}
		p.needed = max(p.needed, minWords*required)
		for at := i; at < d.ends[i]; at++ { // ranges of one level do not overlap
			within[at] = true
		}
	}
	for _, b := range d.blocks {
		if b.heading >= 0 && within[b.heading] {
			p.take(d, b)
		}
	}
	return p
}

// dedicated reports whether some heading names the section alone: then a heading
// that names it among others need not hold all that the section has to say.
func (d *document) dedicated(section int) bool {
	return slices.ContainsFunc(d.served, func(s []int) bool { return len(s) == 1 && s[0] == section })
}

var (
	// unwritten marks text that is still to be written. A product may well be
	// about todo lists, so that word counts in capitals, or alone before a colon.
	unwritten = regexp.MustCompile(`\b(?:TODO|FIXME|XXX)\b|(?i)\b(?:tbd|lorem)\b|(?im)^\W*(?:todo|fixme)\W*(?::|$)`)
	// bracketed is a gap to fill in, as templates have them.
	bracketed = regexp.MustCompile(`(?i)\[\s*(?:your|insert|add|enter|fill in|describe|company|product|name|date|owner|e-?mail)\b[^\[\]]*\]|\{\{[^{}]*\}\}`)
)

// take adds a block to the part.
func (p *part) take(d *document, b block) {
	if b.kind == code {
		if slices.Contains(diagramLanguages, b.lang) {
			return
		}
	} else {
		if p.todo == 0 && (unwritten.MatchString(b.text) || bracketed.MatchString(b.text)) {
			p.todo = b.line
		}
		words := wordsOf(b.text)
		for _, s := range d.kind.all() {
			rest, found := withoutGuide(b.text, words, s.guide)
			b.text, p.guided = rest, p.guided || found
		}
	}
	p.count += len(wordsOf(b.text))
	p.blocks = append(p.blocks, b)
}

// diagramLanguages are code blocks that draw.
var diagramLanguages = []string{"mermaid", "plantuml", "puml", "dot", "graphviz", "d2"}

// text is all the part says.
func (p *part) text() string {
	var all []string
	for _, b := range p.blocks {
		all = append(all, b.text)
	}
	return strings.Join(all, "\n")
}

// minDistinct is how many different words a section has at least: a sentence
// says something, the same few words over and over do not.
const minDistinct = 12

// problem says what keeps a section from counting, or "". A text that stands
// under two headings speaks of neither: both count as missing.
func (d *document) problem(section int) string {
	p := d.part(section)
	name := d.kind.all()[section].heading
	if text := p.problem(name); text != "" {
		return text
	}
	words := wordsOf(p.text())
	for other, s := range d.kind.all() {
		// A heading may name two sections; then one text is both.
		q := d.part(other)
		if other != section && q.found && len(q.blocks) > 0 && q.blocks[0].line != p.blocks[0].line && slices.Equal(words, wordsOf(q.text())) {
			return fmt.Sprintf("the section %s repeats the section %s; write what belongs under each", name, s.heading)
		}
	}
	slices.Sort(words)
	if n := len(slices.Compact(words)); n < minDistinct {
		return fmt.Sprintf("the section %s says only %d different words and needs %d", name, n, minDistinct)
	}
	return ""
}

// problem says what the part lacks by itself, or "".
func (p *part) problem(name string) string {
	switch {
	case !p.found:
		return "the section " + name + " is missing"
	case p.todo > 0:
		return fmt.Sprintf("the section %s still says that it is to be written (line %d)", name, p.todo)
	case p.count == 0 && p.guided:
		return "the section " + name + " holds the guiding sentence alone"
	case p.count == 0:
		return "the section " + name + " is empty"
	case p.count < p.needed:
		return fmt.Sprintf("the section %s has %d words and needs %d", name, p.count, p.needed)
	}
	return ""
}

// A lack is one thing a document does not have.
type lack struct {
	text    string
	section int // index of the section whose heading belongs into the snippet; -1 for none
}

// A proof is what a document proves of its kind, or what it lacks for that.
type proof struct {
	lacks   []lack
	says    []string // what the observation tells besides path and review
	expires time.Time
	measure *rules.Measurement
	against []rules.Finding
}

func (p *proof) lack(section int, format string, args ...any) {
	p.lacks = append(p.lacks, lack{fmt.Sprintf(format, args...), section})
}

// until brings the end of the proof nearer.
func (p *proof) until(end time.Time) {
	if end.Before(p.expires) {
		p.expires = end
	}
}

// reviewed begins a proof with what the front matter says.
func (d *document) reviewed() proof {
	p := proof{}
	for _, text := range d.front.check(d.now) {
		p.lack(-1, "%s", text)
	}
	if d.front.present && d.front.claimed && !slices.Contains(d.front.kinds, d.kind.id) && len(d.front.problems) == 0 {
		p.lack(-1, "compliance in the front matter does not name %s, as the policy file does", d.kind.id)
	}
	p.expires = d.front.expires()
	return p
}

// prove judges the document against its kind.
func (d *document) prove(in *Input) proof {
	p := d.reviewed()
	for i := range d.kind.sections {
		part := d.part(i)
		if text := d.problem(i); text != "" {
			p.lack(i, "%s", text)
			continue
		}
		d.facts(&p, i, &part)
	}
	if d.kind.id == "architecture" {
		if diagram := d.diagram(); diagram != "" {
			p.says = append(p.says, diagram)
		} else {
			p.lack(-1, "there is no diagram: add a Mermaid block, or an image or draw.io file that is in the repository")
		}
	}
	switch d.kind.id {
	case "retention":
		d.retention(&p, in)
	case "incident-response":
		d.people(&p, in)
	case "audit":
		d.auditedScopes(&p, in)
	}
	return p
}

// observation is what a complete proof adds to the evidence.
func (d *document) observation(p *proof, control string) rules.Observation {
	parts := append([]string{printable(d.path), fmt.Sprintf("reviewed %s by %s", d.front.reviewed.Format(time.DateOnly), printable(d.front.owner))}, p.says...)
	return rules.Observation{Verifier: d.kind.verifier(), Control: control, Text: strings.Join(parts, ", "), Link: d.path, At: d.front.reviewed, Expires: p.expires, Measure: p.measure}
}

// shortfall is what an incomplete one adds.
func (d *document) shortfall(p *proof, control string) rules.Shortfall {
	var texts []string
	snippet := ""
	front := false
	for _, l := range p.lacks {
		texts = append(texts, l.text)
		if l.section >= 0 && !strings.Contains(snippet, "\n## "+d.kind.all()[l.section].heading+"\n") {
			s := d.kind.all()[l.section]
			snippet += s.skeleton(nil)
		}
		front = front || strings.Contains(l.text, "front matter") || strings.HasPrefix(l.text, "reviewed ") || strings.HasPrefix(l.text, "next-review ")
	}
	if strings.Contains(strings.Join(texts, "\n"), "no diagram") {
		snippet += diagramSkeleton
	}
	if front {
		snippet = frontSkeleton(d.kind.id) + snippet
	}
	return rules.Shortfall{
		Verifier: d.kind.verifier(), Control: control, In: d.path, Snippet: strings.TrimPrefix(snippet, "\n"),
		Text: printable(d.path) + " does not count: " + strings.Join(texts, "; "),
	}
}

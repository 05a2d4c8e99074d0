package sarif

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	gosarif "github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/staylisted/staylisted/rules"
)

// FingerprintKey is the name under which partialFingerprints holds
// rules.Finding.Fingerprint, the identity issues and due dates go by.
const FingerprintKey = "staylisted/v1"

// sourceRoot is the uriBaseId of every place: the root of the repository.
const sourceRoot = "%SRCROOT%"

// compareFindings orders results by place, so that two scans compare well.
func compareFindings(a, b rules.Finding) int {
	return cmp.Or(
		cmp.Compare(a.Location.Path, b.Location.Path),
		cmp.Compare(a.Location.Line, b.Location.Line),
		cmp.Compare(a.Location.Column, b.Location.Column),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Fingerprint, b.Fingerprint),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Message, b.Message),
	)
}

// result writes one finding. where is its path, already found to be inside the
// repository.
func (b *builder) result(f rules.Finding, where string, ruleIndex int) *gosarif.Result {
	var band rules.Band
	if f.CVSS != nil {
		band = f.CVSS.Band
		if band == "" {
			band = bandOf(f.CVSS.Score)
		}
	}
	message := firstOf(plain(f.Message, maxMessage), plain(f.Title, maxMessage), plain(f.Rule, maxMessage))
	r := gosarif.NewRuleResult(f.Rule).WithRuleIndex(ruleIndex).
		WithLevel(level(f.Class, band)).
		WithMessage(gosarif.NewTextMessage(message)).
		WithTaxa(b.taxonomies.taxa(f.Requirements))
	r.PartialFingerprints = map[string]any{}
	if f.Fingerprint != "" {
		r.PartialFingerprints[FingerprintKey] = f.Fingerprint
	}
	place := f.Location
	place.Path = where
	r.AddLocation(b.location(place, r))
	if flow := b.codeFlow(f, place); flow != nil {
		r.CodeFlows = []*gosarif.CodeFlow{flow}
	}
	if f.Suppressed != nil && b.suppressed {
		r.Suppressions = []*gosarif.Suppression{b.suppression(f, place)}
	}
	r.Properties = resultProperties(f)
	return r
}

// resultProperties are the parts of the finding SARIF has no name for.
func resultProperties(f rules.Finding) gosarif.Properties {
	p := gosarif.Properties{}
	set := func(key, value string) {
		if value = oneLine(value); value != "" {
			p[key] = value
		}
	}
	set("id", f.ID)
	set("class", string(f.Class))
	set("control", f.Control)
	set("also", strings.Join(f.Also, ", "))
	if f.CVSS != nil {
		set("cvss", f.CVSS.Vector)
		set("score", strconv.FormatFloat(f.CVSS.Score, 'f', 1, 64))
	}
	if f.Due != nil {
		set("due", f.Due.On)
	}
	return p
}

// location writes a place and asks for its columns; hashed, if not nil, gets
// the line's hash. The region is complete once the sources were read.
func (b *builder) location(l rules.Location, hashed *gosarif.Result) *gosarif.Location {
	region := gosarif.NewRegion().WithStartLine(max(1, l.Line))
	b.pending[l.Path] = append(b.pending[l.Path], pending{l, region, hashed})
	out := gosarif.NewLocationWithPhysicalLocation(gosarif.NewPhysicalLocation().
		WithArtifactLocation(gosarif.NewSimpleArtifactLocation(relativeURI(l.Path)).WithUriBaseId(sourceRoot)).
		WithRegion(region))
	if symbol := plain(l.Symbol, maxDescription); symbol != "" {
		out.AddLogicalLocations(gosarif.NewLogicalLocation().WithFullyQualifiedName(symbol))
	}
	return out
}

// codeFlow writes the finding's steps. A step outside the repository (the
// standard library, a dependency) stands at the last place inside it, the call
// that led there: GitHub refuses a flow location without a file of the
// repository.
func (b *builder) codeFlow(f rules.Finding, primary rules.Location) *gosarif.CodeFlow {
	if len(f.Steps) == 0 {
		return nil
	}
	flow := gosarif.NewThreadFlow()
	last := primary
	for i, step := range f.Steps {
		if p, ok := repositoryPath(step.Location.Path); ok {
			last = step.Location
			last.Path = p
		} else {
			last.Symbol = step.Location.Symbol
		}
		text := firstOf(plain(step.Message, maxMessage), plain(step.Location.Symbol, maxMessage), "Step "+strconv.Itoa(i+1))
		location := b.location(last, nil).WithMessage(gosarif.NewTextMessage(text))
		flow.Locations = append(flow.Locations, gosarif.NewThreadFlowLocation().WithLocation(location))
	}
	return gosarif.NewCodeFlow().WithThreadFlows([]*gosarif.ThreadFlow{flow})
}

// suppression writes why the finding is excused, or, as a rejected one, why it
// is not. go-sarif writes unset fields as null, which the schema forbids, so all
// of them are set: the place is that of the comment or the policy's line, or the
// finding's own.
func (b *builder) suppression(f rules.Finding, primary rules.Location) *gosarif.Suppression {
	s := f.Suppressed
	kind := "external"
	source, rest, _ := strings.Cut(s.Where, " ")
	if source == "comment" {
		kind = "inSource"
	}
	why := firstOf(s.Reason, "No reason was given.")
	if s.Kind != "" {
		why = s.Kind + ": " + why
	}
	if s.Owner != "" {
		why += " Owner: " + s.Owner + "."
	}
	if s.Expires != "" {
		why += " Holds until " + s.Expires + "."
	}
	status := "accepted"
	if s.NoEffect != "" {
		status = "rejected"
		why += " Without effect: " + s.NoEffect
	}
	place := rules.Location{Path: primary.Path, Line: primary.Line}
	if p, line, ok := parsePlace(rest); ok {
		place = rules.Location{Path: p, Line: line}
	}
	return gosarif.NewSuppression(kind).WithStatus(status).
		WithGuid(nameUUID("suppression", f.Fingerprint, f.ID, s.Where)).
		WithLocation(b.location(place, nil)).
		WithJustifcation(plain(why, maxMessage))
}

// parsePlace reads "path:line" or "path:line:column".
func parsePlace(text string) (p string, line int, ok bool) {
	p, number, found := cutLast(text)
	if !found {
		return "", 0, false
	}
	if inner, n, two := cutLast(p); two {
		p, number = inner, n
	}
	p, ok = repositoryPath(p)
	return p, number, ok
}

// cutLast splits a positive number off the end of text, after a colon.
func cutLast(text string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, 0, false
	}
	n, err := strconv.Atoi(text[i+1:])
	return text[:i], n, err == nil && n > 0
}

// pending is a region that waits for its file's text.
type pending struct {
	place  rules.Location
	region *gosarif.Region
	hashed *gosarif.Result
}

// readSources reads each file once, in the order of its path, and completes
// what waits for it. A file that cannot be read leaves regions without columns.
func (b *builder) readSources() {
	paths := make([]string, 0, len(b.pending))
	for p := range b.pending {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		var t *text
		if b.source != nil {
			if src, err := b.source(p); err == nil {
				t = newText(src)
			}
		}
		wanted := map[int][]*gosarif.Result{}
		for _, w := range b.pending[p] {
			complete(w.region, w.place, t)
			if w.hashed != nil {
				wanted[*w.region.StartLine] = append(wanted[*w.region.StartLine], w.hashed)
			}
		}
		if t == nil || len(wanted) == 0 {
			continue
		}
		hashLines(t.src, func(line int, hash lineHash) {
			for _, r := range wanted[line] {
				r.PartialFingerprints[lineHashKey] = hash.String()
			}
		})
	}
}

// complete fills a region in. With the text it names all four borders, which
// GitHub asks for: a place without a column spans its line.
func complete(region *gosarif.Region, l rules.Location, t *text) {
	first := *region.StartLine
	last := max(first, l.EndLine)
	if t == nil {
		region.WithEndLine(last)
		return
	}
	start, ok := 1, true
	if l.Line > 0 && l.Column > 0 {
		start, ok = t.column(first, l.Column)
	} else if _, ok = t.column(first, 1); ok {
		start = 1
	}
	if !ok { // the line is not in this text, or too long to count in
		region.WithEndLine(last)
		return
	}
	end, ok := t.end(last)
	if !ok {
		last = first
		end, _ = t.end(last)
	} else if l.EndLine == last && l.EndColumn > 0 {
		end, _ = t.column(last, l.EndColumn)
	}
	if last == first && end < start {
		end, _ = t.end(last)
	}
	region.WithStartColumn(start).WithEndLine(last).WithEndColumn(end)
}

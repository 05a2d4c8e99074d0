package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// Security Insights (OpenSSF, version 2): security-insights.yml in the root,
// .github/ or .gitlab/. What it says is the project's own word, so it counts as a
// document, never as something measured. Keys this reader does not use may say
// what they like: a newer version of the format must not be an error. What is
// used is read strictly. project-si-source, the address of a file that holds the
// project's part, is told and never fetched.

const insightsVerifier = "document:security-insights"

// insights are the fields that answer something.
type insights struct {
	version       string
	lastReviewed  time.Time
	projectSource string // project-si-source
	design        string // project.documentation.design
	administrator int    // named administrators
	coreTeam      int
	reporting     bool // vulnerability-reporting has a contact that can be reached
	champions     int  // that can be reached
	licence       string
	tools         []string // "SAST in CI: gosec"
	attestations  int
	selfDated     time.Time
	audits        []insightsAudit
}

// An insightsAudit is one entry of assessments.third-party.
type insightsAudit struct {
	date  time.Time // zero when not said
	where string    // host of the evidence
	said  bool      // the comment says something
}

// insightsReader walks the nodes of one file.
type insightsReader struct {
	reader
}

// readInsights reads a file; errors come with their places.
func readInsights(name string, src []byte) (*insights, ErrorList) {
	r := &insightsReader{reader{name: name}}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	r.setText(src)
	if len(src) > MaxSize {
		r.errorAt(Pos{1, 1}, fmt.Sprintf("the file is larger than %d KiB", MaxSize>>10), "keep to the keys of the format")
		return nil, r.errs
	}
	if len(bytes.TrimSpace(src)) == 0 {
		r.errorAt(Pos{1, 1}, "the file says nothing", "write at least header, project and repository")
		return nil, r.errs
	}
	if src = r.checkText(src); src == nil {
		return nil, r.errs.sorted()
	}
	root := r.decode(src)
	if root == nil {
		return nil, r.errs.sorted()
	}
	r.checkShape(root, 1)
	in := &insights{}
	if r.kind("the file", root, yaml.MappingNode, "write header:, project: and repository:") {
		r.header(root, in)
		r.project(root, in)
		r.repository(root, in)
	}
	if len(r.errs) > 0 {
		return nil, r.errs.sorted()
	}
	return in, nil
}

// child returns the value of a key, nil where it is absent, empty or not of the
// kind asked for, which is an error.
func (r *insightsReader) child(n *yaml.Node, key string, kind yaml.Kind) *yaml.Node {
	if n == nil {
		return nil
	}
	v := value(n, key)
	if v == nil || isNull(v) || !r.kind(key, v, kind, "write it as the format says") {
		return nil
	}
	return v
}

func (r *insightsReader) text(n *yaml.Node, key string) string {
	v := r.child(n, key, yaml.ScalarNode)
	if v == nil {
		return ""
	}
	return strings.TrimSpace(v.Value)
}

func (r *insightsReader) day(n *yaml.Node, key string) time.Time {
	v := r.child(n, key, yaml.ScalarNode)
	if v == nil {
		return time.Time{}
	}
	on, ok := parseDate(v.Value)
	if !ok {
		r.errorf(v, "write it as YYYY-MM-DD", "%s is not a date that exists", key)
	}
	return on
}

func (r *insightsReader) yes(n *yaml.Node, key string) bool {
	v := r.child(n, key, yaml.ScalarNode)
	if v == nil {
		return false
	}
	if v.ShortTag() != "!!bool" {
		r.errorf(v, "write true or false", "%s is %s", key, describe(v))
	}
	return strings.EqualFold(v.Value, "true")
}

// web reads an address, of which the host is kept for telling.
func (r *insightsReader) web(n *yaml.Node, key string) string {
	s := r.text(n, key)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		r.errorf(value(n, key), "write a full address, as in https://example.com/page", "%s is not a web address", key)
		return ""
	}
	return s
}

func (r *insightsReader) header(root *yaml.Node, in *insights) {
	h := r.child(root, "header", yaml.MappingNode)
	if h == nil {
		r.errorf(root, "add header: with schema-version, last-updated, last-reviewed and url", "the file has no header")
		return
	}
	in.version = r.text(h, "schema-version")
	if in.version == "" || !strings.HasPrefix(in.version, "2.") {
		at := value(h, "schema-version")
		if at == nil {
			at = h
		}
		r.errorf(at, "write schema-version: 2.2.0 and the keys of that version", "schema-version is not 2")
	}
	in.lastReviewed = r.day(h, "last-reviewed")
	if in.lastReviewed.IsZero() && value(h, "last-reviewed") == nil {
		r.errorf(h, "add last-reviewed: YYYY-MM-DD", "header lacks the key last-reviewed")
	}
	in.projectSource = r.web(h, "project-si-source")
}

func (r *insightsReader) project(root *yaml.Node, in *insights) {
	p := r.child(root, "project", yaml.MappingNode)
	if p == nil {
		return
	}
	in.administrator, _ = r.contacts(p, "administrators")
	in.design = r.web(r.child(p, "documentation", yaml.MappingNode), "design")
	v := r.child(p, "vulnerability-reporting", yaml.MappingNode)
	_, in.reporting = r.contact(r.child(v, "contact", yaml.MappingNode))
}

func (r *insightsReader) repository(root *yaml.Node, in *insights) {
	p := r.child(root, "repository", yaml.MappingNode)
	if p == nil {
		return
	}
	in.coreTeam, _ = r.contacts(p, "core-team")
	in.licence = r.text(r.child(p, "license", yaml.MappingNode), "expression")
	if release := r.child(p, "release", yaml.MappingNode); release != nil {
		if list := r.child(release, "attestations", yaml.SequenceNode); list != nil {
			in.attestations = len(list.Content)
		}
	}
	s := r.child(p, "security", yaml.MappingNode)
	_, in.champions = r.contacts(s, "champions")
	if list := r.child(s, "tools", yaml.SequenceNode); list != nil {
		for _, t := range list.Content {
			if !r.kind("an entry of tools", t, yaml.MappingNode, "write name, type and integration") {
				continue
			}
			kind, name := r.text(t, "type"), r.text(t, "name")
			if r.yes(r.child(t, "integration", yaml.MappingNode), "ci") && slices.Contains([]string{"SAST", "SCA", "secret"}, kind) {
				in.tools = append(in.tools, kind+" in CI: "+name)
			}
		}
	}
	a := r.child(s, "assessments", yaml.MappingNode)
	in.selfDated = r.day(r.child(a, "self", yaml.MappingNode), "date")
	if list := r.child(a, "third-party", yaml.SequenceNode); list != nil {
		for _, t := range list.Content {
			if !r.kind("an entry of third-party", t, yaml.MappingNode, "write name, date, evidence and comment") {
				continue
			}
			audit := insightsAudit{date: r.day(t, "date"), said: len(wordsOf(r.text(t, "comment"))) > 0 && !unwritten.MatchString(r.text(t, "comment"))}
			if u, err := url.Parse(r.web(t, "evidence")); err == nil {
				audit.where = u.Hostname()
			}
			in.audits = append(in.audits, audit)
		}
	}
}

// contacts counts the named entries of a list of contacts and those that can be
// reached.
func (r *insightsReader) contacts(n *yaml.Node, key string) (named, reachable int) {
	list := r.child(n, key, yaml.SequenceNode)
	if list == nil {
		return 0, 0
	}
	for _, c := range list.Content {
		if !r.kind("an entry of "+key, c, yaml.MappingNode, "write name and email") {
			continue
		}
		name, ok := r.contact(c)
		if name {
			named++
		}
		if ok {
			reachable++
		}
	}
	return named, reachable
}

// contact reports whether one has a name, and an address by mail or elsewhere.
func (r *insightsReader) contact(n *yaml.Node) (named, reachable bool) {
	if n == nil {
		return false, false
	}
	email := r.text(n, "email")
	if email != "" && !validEmail(email) {
		r.errorf(value(n, "email"), "write a plain address, as in security@example.com", "email is not an e-mail address")
	}
	_, host, _ := strings.Cut(email, "@")
	return r.text(n, "name") != "", email != "" && !placeholderHost(host) || r.text(n, "social") != ""
}

// insightsName finds the file.
func insightsName(in *Input) string {
	return firstNamed(in.Tree, []string{"", ".github", ".gitlab"}, "security-insights.yml", "security-insights.yaml")
}

// designDocument returns the file of this tree that the project's design address
// means, or "": https://github.com/owner/name/blob/main/docs/architecture.md.
func designDocument(in *Input) string {
	src, err := in.Tree.Read(insightsName(in), MaxSize)
	if err != nil {
		return ""
	}
	si, errs := readInsights("", src)
	if len(errs) > 0 {
		return ""
	}
	u, err := url.Parse(si.design)
	if err != nil {
		return ""
	}
	_, rest, ok := strings.Cut(u.Path, "/blob/")
	for ok {
		// The name of a branch may have slashes of its own.
		if _, rest, ok = strings.Cut(rest, "/"); ok && in.Tree.Has(rest) && markdownFile(rest) {
			return rest
		}
	}
	return ""
}

// securityInsights weighs the file.
func securityInsights(in *Input) rules.Gathered {
	g := rules.Gathered{}
	name := insightsName(in)
	if name == "" {
		g.Complete(insightsVerifier)
		return g
	}
	src, err := in.Tree.Read(name, MaxSize)
	if err != nil && !errors.Is(err, tree.ErrTooLarge) {
		g.Broken(printable(name)+" could not be read ("+printable(err.Error())+"); make it readable and scan again", insightsVerifier)
		return g
	}
	g.Complete(insightsVerifier)
	lacks := func(control, format string, args ...any) {
		g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: insightsVerifier, Control: control, In: name,
			Text: printable(name) + " does not count: " + fmt.Sprintf(format, args...)})
	}
	both := []string{"contacts-declared", "independent-audit"}
	if err != nil {
		for _, control := range both {
			lacks(control, "it is larger than %d KiB", MaxSize>>10)
		}
		return g
	}
	si, errs := readInsights(name, src)
	switch {
	case len(errs) > 0:
		for _, control := range both {
			lacks(control, "%s", errs[0].Error())
		}
		return g
	case si.lastReviewed.After(in.Now.Add(eastmost)):
		for _, control := range both {
			lacks(control, "last-reviewed is in the future; write the day it happened")
		}
		return g
	}
	g.Facts = append(g.Facts, si.fact(name))
	ends := dayAfter(si.lastReviewed.AddDate(0, 0, reviewDays))
	told := fmt.Sprintf("%s, last reviewed %s", printable(name), si.lastReviewed.Format(time.DateOnly))
	observe := func(control, more string, until time.Time) {
		g.Observations = append(g.Observations, rules.Observation{Verifier: insightsVerifier, Control: control, Text: told + ", " + more, Link: name, At: si.lastReviewed, Expires: until})
	}
	elsewhere := ""
	if si.projectSource != "" && si.administrator == 0 && !si.reporting {
		elsewhere = "; the part on the project lies at another address, which is not fetched"
	}
	people := si.administrator + si.coreTeam
	switch {
	case !si.reporting && si.champions == 0:
		lacks("contacts-declared", "it names no security contact that can be reached (project.vulnerability-reporting.contact or repository.security.champions)%s", elsewhere)
	case people == 0:
		lacks("contacts-declared", "it names no person (project.administrators or repository.core-team)%s", elsewhere)
	default:
		observe("contacts-declared", fmt.Sprintf("names a security contact and %d %s of the team", people, plural(people, "member")), ends)
	}
	var newest *insightsAudit
	for i := range si.audits {
		a := &si.audits[i]
		if a.said && !a.date.IsZero() && !a.date.After(in.Now.Add(eastmost)) && (newest == nil || a.date.After(newest.date)) {
			newest = a
		}
	}
	switch {
	case newest != nil:
		until := dayAfter(newest.date.AddDate(0, 0, reviewDays))
		if ends.Before(until) {
			until = ends
		}
		more := "third-party assessment of " + newest.date.Format(time.DateOnly)
		if newest.where != "" {
			more += " at " + printable(newest.where)
		}
		observe("independent-audit", more, until)
	case len(si.audits) > 0:
		lacks("independent-audit", "no entry of repository.security.assessments.third-party has a date in the past and a comment that says what was found")
	}
	return g
}

// fact tells what else the file says.
func (si *insights) fact(name string) rules.Fact {
	f := rules.Fact{ID: "security-insights", State: rules.True, Detail: "Security Insights " + printable(si.version) + ", self-reported"}
	add := func(what, detail string) {
		f.Items = append(f.Items, rules.Item{Name: what, Detail: printable(detail), Location: rules.Location{Path: name}})
	}
	for _, t := range si.tools {
		add("tool", t)
	}
	if si.licence != "" {
		add("licence", si.licence)
	}
	if si.design != "" {
		add("design", si.design)
	}
	if !si.selfDated.IsZero() {
		add("self-assessment", si.selfDated.Format(time.DateOnly))
	}
	if si.attestations > 0 {
		add("release attestations", fmt.Sprint(si.attestations))
	}
	if si.projectSource != "" {
		add("project-si-source", "not fetched")
	}
	return f
}

// firstNamed returns the first file of one of the names, in any case, in the
// folders in their order.
func firstNamed(t *tree.Tree, folders []string, names ...string) string {
	for _, folder := range folders {
		for _, want := range names {
			for _, name := range t.Names() {
				dir := path.Dir(name)
				if dir == "." {
					dir = ""
				}
				if dir == folder && strings.EqualFold(path.Base(name), want) {
					return name
				}
			}
		}
	}
	return ""
}

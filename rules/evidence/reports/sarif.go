package reports

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// maxResults is how many results of one run are read; GitHub itself takes 25,000.
const maxResults = 50_000

// The parts of SARIF 2.1.0 that are read (OASIS Standard, sections 3.14 to
// 3.52). Everything is optional.
type sarifRun struct {
	Tool struct {
		Driver     lax[sarifComponent]     `json:"driver"`
		Extensions laxList[sarifComponent] `json:"extensions"`
	} `json:"tool"`
	Invocations laxList[struct {
		ExecutionSuccessful lax[*bool] `json:"executionSuccessful"`
		Notifications       laxList[struct {
			Level word `json:"level"`
		}] `json:"toolExecutionNotifications"`
	}] `json:"invocations"`
	VersionControlProvenance laxList[struct {
		RevisionID word `json:"revisionId"`
	}] `json:"versionControlProvenance"`
	OriginalURIBaseIDs lax[map[string]lax[struct {
		URI word `json:"uri"`
	}]] `json:"originalUriBaseIds"`
	Results laxList[sarifResult] `json:"results"`
}

type sarifComponent struct {
	Name            word               `json:"name"`
	Version         word               `json:"version"`
	SemanticVersion word               `json:"semanticVersion"`
	Rules           laxList[sarifRule] `json:"rules"`
}

type sarifRule struct {
	ID                   word           `json:"id"`
	Name                 word           `json:"name"`
	ShortDescription     lax[sarifText] `json:"shortDescription"`
	DefaultConfiguration lax[struct {
		Level word `json:"level"`
	}] `json:"defaultConfiguration"`
	Properties    lax[sarifProperties] `json:"properties"`
	Relationships laxList[struct {
		Target lax[struct {
			ID            word `json:"id"`
			ToolComponent lax[struct {
				Name word `json:"name"`
			}] `json:"toolComponent"`
		}] `json:"target"`
	}] `json:"relationships"`
}

type sarifText struct {
	Text word `json:"text"`
}

type sarifProperties struct {
	Tags             words `json:"tags"`
	CWE              words `json:"cwe"`
	SecuritySeverity word  `json:"security-severity"`
	Precision        word  `json:"precision"`
}

type sarifResult struct {
	RuleID    word     `json:"ruleId"`
	RuleIndex lax[int] `json:"ruleIndex"`
	Rule      lax[struct {
		ID            word     `json:"id"`
		Index         lax[int] `json:"index"`
		ToolComponent lax[struct {
			Index lax[*int] `json:"index"`
		}] `json:"toolComponent"`
	}] `json:"rule"`
	Level     word                 `json:"level"`
	Kind      word                 `json:"kind"`
	Baseline  word                 `json:"baselineState"`
	Message   lax[sarifText]       `json:"message"`
	Prop      lax[sarifProperties] `json:"properties"`
	Locations laxList[struct {
		PhysicalLocation lax[struct {
			ArtifactLocation lax[struct {
				URI       word `json:"uri"`
				URIBaseID word `json:"uriBaseId"`
			}] `json:"artifactLocation"`
			Region lax[struct {
				StartLine lax[int] `json:"startLine"`
				EndLine   lax[int] `json:"endLine"`
			}] `json:"region"`
		}] `json:"physicalLocation"`
		LogicalLocations laxList[struct {
			FullyQualifiedName word `json:"fullyQualifiedName"`
		}] `json:"logicalLocations"`
	}] `json:"locations"`
	Fingerprints lax[map[string]word]     `json:"partialFingerprints"`
	Suppressions laxList[json.RawMessage] `json:"suppressions"`
}

// sarif reads a SARIF file run by run.
func (r *reader) sarif(in Input, top map[string]json.RawMessage) error {
	var runs []json.RawMessage
	if err := json.Unmarshal(top["runs"], &runs); err != nil {
		return errors.New("its runs are no list; it is not SARIF")
	}
	var version word
	if version.UnmarshalJSON(top["version"]); version != "" && !strings.HasPrefix(string(version), "2.") {
		return fmt.Errorf("it is SARIF of version %s; 2.1.0 is read", plain(string(version), 20))
	}
	var problems []error
	for i, raw := range runs {
		var run sarifRun
		if err := json.Unmarshal(raw, &run); err != nil {
			problems = append(problems, fmt.Errorf("run %d has another shape than SARIF's", i+1))
			continue
		}
		if err := r.run(in, &run); err != nil {
			problems = append(problems, fmt.Errorf("run %d: %w", i+1, err))
		}
	}
	return errors.Join(problems...)
}

// run reads one run.
func (r *reader) run(in Input, run *sarifRun) error {
	driver := run.Tool.Driver.v
	name := plain(string(driver.Name), 60)
	if name == "" {
		return errors.New("it does not say which tool made it")
	}
	t := toolOf(name)
	file := printable(in.Name)
	if t.ours {
		r.note("%s: the results of %s are left out, because its rules run in this scan themselves", file, name)
		return nil
	}
	for _, i := range run.Invocations.v {
		if ok := i.ExecutionSuccessful.v; ok != nil && !*ok {
			r.note("%s: a run of %s is left out, because it says of itself that it did not succeed", file, name)
			return nil
		}
	}
	bound := in.Commit != "" && in.Commit == r.opts.Commit
	for _, p := range run.VersionControlProvenance.v {
		if p.RevisionID == "" || r.opts.Commit == "" {
			continue
		}
		if bound = sameCommit(string(p.RevisionID), r.opts.Commit); !bound {
			r.note("%s: a run of %s is left out, because it was made from another commit (%s)", file, name, plain(string(p.RevisionID), 12))
			return nil
		}
	}
	if in.Commit != "" && r.opts.Commit != "" && in.Commit != r.opts.Commit {
		r.note("%s: left out, because it was made from another commit", file)
		return nil
	}
	if n := len(run.Results.v); n > maxResults {
		return fmt.Errorf("it has %d results; at most %d are read", n, maxResults)
	}
	if run.Results.dropped > 0 {
		r.note("%s: %d results of %s have another shape than SARIF's and are left out", file, run.Results.dropped, name)
	}
	for i := range run.Results.v {
		r.result(t, name, run, &run.Results.v[i])
	}
	if !bound {
		r.note("%s: it does not say which commit it was made from, so what %s did not find proves nothing; name the commit with --import-commit", file, name)
		return nil
	}
	if !run.Results.there {
		// SARIF 2.1.0 §3.14.23: without the property the results are not known.
		r.note("%s: the run of %s has no list of results, not even an empty one, so it proves nothing", file, name)
		return nil
	}
	if run.failed() {
		r.note("%s: %s tells of errors while it ran, so what it did not find proves nothing", file, name)
		return nil
	}
	r.vouch(t, run)
	return nil
}

// failed reports whether the tool tells of an error, such as a file it could not
// read, though it calls its run a success.
func (run *sarifRun) failed() bool {
	for _, i := range run.Invocations.v {
		for _, n := range i.Notifications.v {
			if n.Level == "error" {
				return true
			}
		}
	}
	return false
}

func sameCommit(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a == b || len(a) >= 12 && strings.HasPrefix(b, a)
}

// vouch notes for which languages and weaknesses the run's silence counts.
func (r *reader) vouch(t tool, run *sarifRun) {
	for _, component := range append([]sarifComponent{run.Tool.Driver.v}, run.Tool.Extensions.v...) {
		for i := range component.Rules.v {
			rule := &component.Rules.v[i]
			for _, language := range languagesOf(t, string(rule.ID)) {
				if r.out.Analysed == nil {
					r.out.Analysed = map[string][]int{}
				}
				all := append(r.out.Analysed[language], rule.cwe()...)
				slices.Sort(all)
				r.out.Analysed[language] = slices.Compact(all)
			}
		}
	}
}

// cwe lists the weaknesses a rule names: in its tags (CodeQL, Semgrep), in a
// property of its own, or as relationships to the CWE taxonomy (gosec).
func (s *sarifRule) cwe() []int {
	texts := slices.Concat([]string(s.Properties.v.Tags), []string(s.Properties.v.CWE))
	for _, rel := range s.Relationships.v {
		if strings.EqualFold(string(rel.Target.v.ToolComponent.v.Name), "cwe") {
			texts = append(texts, "CWE-"+strings.TrimPrefix(strings.ToUpper(string(rel.Target.v.ID)), "CWE-"))
		}
	}
	return cweIn(texts...)
}

// ruleOf finds the rule of a result: by component and index, else by id, also
// the id of the rule it is a part of ("CA1000/1").
func (run *sarifRun) ruleOf(result *sarifResult) (string, *sarifRule) {
	id := string(cmp.Or(result.RuleID, result.Rule.v.ID))
	component := &run.Tool.Driver.v
	if i := result.Rule.v.ToolComponent.v.Index.v; i != nil && *i >= 0 && *i < len(run.Tool.Extensions.v) {
		component = &run.Tool.Extensions.v[*i]
	}
	index := result.RuleIndex.v
	if index == 0 {
		index = result.Rule.v.Index.v
	}
	if index >= 0 && index < len(component.Rules.v) {
		rule := &component.Rules.v[index]
		if id == "" || id == string(rule.ID) || strings.HasPrefix(id, string(rule.ID)+"/") {
			return cmp.Or(id, string(rule.ID)), rule
		}
	}
	for _, c := range append([]sarifComponent{run.Tool.Driver.v}, run.Tool.Extensions.v...) {
		for i := range c.Rules.v {
			if rule := &c.Rules.v[i]; id != "" && (string(rule.ID) == id || strings.HasPrefix(id, string(rule.ID)+"/")) {
				return id, rule
			}
		}
	}
	return id, &sarifRule{}
}

// result turns one result into a finding.
func (r *reader) result(t tool, name string, run *sarifRun, result *sarifResult) {
	switch result.Kind {
	case "", "fail", "review":
	default:
		return // pass, notApplicable, open, informational: nothing is claimed
	}
	if result.Baseline == "absent" {
		return
	}
	id, described := run.ruleOf(result)
	short := slug(id, 100)
	if short == "" {
		short = "result"
	}
	cwe := described.cwe()
	if own := cweIn(slices.Concat([]string(result.Prop.v.Tags), []string(result.Prop.v.CWE))...); len(cwe) == 0 {
		cwe = own
	}
	title := plain(string(cmp.Or(described.ShortDescription.v.Text, described.Name)), 120)
	rule := rules.Rule{
		ID: slug(strings.ToLower(name), 30) + ":" + short, Name: "imported", Title: cmp.Or(title, "Result "+short+" of "+name), Class: rules.Review,
		Controls: r.controlsFor(cwe), CWE: cwe, Tool: name,
		Flags: "A result of another tool, imported from its report.", Safe: "What that tool's documentation of the rule says.",
		Remediation: "Fix what the tool reports, or suppress it in the policy file with a reason and an end date.",
	}
	level := string(cmp.Or(result.Level, described.DefaultConfiguration.v.Level, "warning"))
	class := classOf(level, string(described.Properties.v.Precision))
	score := scoreOf(t, described, cwe, level)
	if score != nil && class == rules.Informational && score.Score >= 4 {
		class = rules.Review
	}
	if result.Kind == "review" || len(result.Suppressions.v) > 0 {
		class = min(class, rules.Review) // "informational" < "review" < "violation"
	}
	message := name + " reports " + short
	if title != "" {
		message += ": " + title
	}
	if len(result.Suppressions.v) > 0 {
		message += ". The tool's own suppression does not count here"
	}
	at, symbol := run.place(result)
	var hit *rules.AdvisoryHit
	switch {
	case t.secrets:
		rule.Controls, rule.CWE, class = []string{"no-secrets-in-repo"}, []int{798}, rules.Violation
		score, _ = scored("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N")
	case advisoryShape.MatchString(id):
		rule.ID = advisoryShape.FindString(id)
		rule.Controls = []string{"dep-no-known-high"}
		// Without the package nobody can tell whether our own audit has it too.
		class = rules.Review
		hit = advisoryHit(rule.ID, string(result.Message.v.Text))
	case len(rule.Controls) == 0:
		if control := cmp.Or(controlOfRule(id), t.control); control != "" {
			rule.Controls = []string{control}
		} else {
			class = rules.Informational
		}
	}
	rule.Class = class
	r.finding(rule, score, class, message, at, result.tokens(symbol))
	if hit != nil {
		f := &r.out.Findings[len(r.out.Findings)-1]
		f.Advisory = hit
		if f.CVSS != nil {
			hit.Scores = []rules.CVSS{*f.CVSS}
		}
	}
}

// classOf says how much a result weighs before its rule is mapped. An error, or
// a rule that calls itself precise, is believed.
func classOf(level, precision string) rules.Class {
	switch {
	case level == "note" || level == "none":
		return rules.Informational
	case level == "error" || precision == "high" || precision == "very-high":
		return rules.Violation
	}
	return rules.Review
}

// scoreOf scores a result: by the rule's security-severity, which is a number or
// a word, else by our default for the weakness, else not at all.
func scoreOf(t tool, rule *sarifRule, cwe []int, level string) *rules.CVSS {
	severity := string(rule.Properties.v.SecuritySeverity)
	number, err := strconv.ParseFloat(severity, 64)
	numeric := err == nil && !math.IsNaN(number) && number > 0 && number <= 10
	if numeric && !t.label {
		return &rules.CVSS{Score: number, Band: rules.BandOf(number), Source: "tool"}
	}
	labels := append([]string{severity}, rule.Properties.v.Tags...)
	for _, label := range labels {
		switch label = strings.ToUpper(label); label {
		case "CRITICAL", "HIGH", "MODERATE", "MEDIUM", "LOW":
			if label == "MEDIUM" {
				label = "MODERATE"
			}
			chosen, _ := rules.ChooseScore([]rules.Severity{{Label: label}}, nil)
			return &chosen
		}
	}
	if numeric {
		return &rules.CVSS{Score: number, Band: rules.BandOf(number), Source: "tool"}
	}
	if chosen, ok := rules.DefaultScore(cwe); ok {
		return &chosen
	}
	return nil
}

func scored(vector string) (*rules.CVSS, error) {
	score, err := rules.Score(vector, rules.FromRule)
	if err != nil {
		return nil, err
	}
	return &score, nil
}

// place returns the first location below the repository's root, and the symbol
// there. What is outside, or climbs out of it, has no path.
func (run *sarifRun) place(result *sarifResult) (rules.Location, string) {
	if len(result.Locations.v) == 0 {
		return rules.Location{}, ""
	}
	first := result.Locations.v[0]
	symbol := ""
	if len(first.LogicalLocations.v) > 0 {
		symbol = plain(string(first.LogicalLocations.v[0].FullyQualifiedName), 200)
	}
	artifact := first.PhysicalLocation.v.ArtifactLocation.v
	name := run.relative(string(artifact.URI), string(artifact.URIBaseID))
	if name == "" {
		return rules.Location{}, symbol
	}
	region := first.PhysicalLocation.v.Region.v
	at := rules.Location{Path: printable(name), Symbol: symbol}
	if line := region.StartLine.v; line > 0 && line < 1<<30 {
		at.Line = line
		if end := region.EndLine.v; end > line && end < 1<<30 {
			at.EndLine = end
		}
	}
	return at, symbol
}

// relative turns a URI into a path of the repository, or "".
func (run *sarifRun) relative(uri, base string) string {
	if uri == "" || len(uri) > 4096 {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(uri, `\`, "/"))
	if err != nil {
		return ""
	}
	name := u.Path
	if u.Scheme != "" && u.Scheme != "file" {
		return ""
	}
	if u.Scheme == "file" || strings.HasPrefix(name, "/") {
		// An absolute path counts only below a root that the run names.
		within := ""
		for _, b := range run.OriginalURIBaseIDs.v {
			root, err := url.Parse(string(b.v.URI))
			if err == nil && len(root.Path) > 1 && strings.HasPrefix(name, strings.TrimSuffix(root.Path, "/")+"/") && len(root.Path) > len(within) {
				within = strings.TrimSuffix(root.Path, "/") + "/"
			}
		}
		if within == "" {
			return ""
		}
		name = strings.TrimPrefix(name, within)
	}
	name = path.Clean(name)
	if name == "." || name == ".." || strings.HasPrefix(name, "../") || strings.HasPrefix(name, "/") {
		return ""
	}
	return name
}

// fingerprintShape is what a fingerprint looks like that cannot be somebody's
// text.
var fingerprintShape = regexp.MustCompile(`^[0-9a-fA-F:]{8,128}$`)

// tokens tells results of one rule in one file apart without their lines.
func (s *sarifResult) tokens(symbol string) string {
	for _, key := range []string{"primaryLocationLineHash", "primaryLocationStartColumnFingerprint"} {
		if v := string(s.Fingerprints.v[key]); fingerprintShape.MatchString(v) {
			return rules.TokenDigest(v)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Fingerprints.v)) {
		if v := string(s.Fingerprints.v[key]); fingerprintShape.MatchString(v) {
			return rules.TokenDigest(v)
		}
	}
	return rules.TokenDigest(symbol)
}

var (
	trivyPackage = regexp.MustCompile(`(?m)^Package: (\S{1,200})\s*\nInstalled Version: (\S{1,100})`)
	trivyFixed   = regexp.MustCompile(`(?m)^Fixed Version: (\S{1,100})`)
	osvPackage   = regexp.MustCompile(`^Package '([^'@]{1,200}|@[^'@]{1,200})@([^']{1,100})' is vulnerable to`)
)

// advisoryHit reads the package out of the messages of Trivy and osv-scanner.
func advisoryHit(id, message string) *rules.AdvisoryHit {
	m := trivyPackage.FindStringSubmatch(message)
	if m == nil {
		m = osvPackage.FindStringSubmatch(message)
	}
	if m == nil {
		return nil
	}
	hit := &rules.AdvisoryHit{IDs: []string{id}, Package: plain(m[1], 200), Version: plain(m[2], 100), Reach: "required"}
	if f := trivyFixed.FindStringSubmatch(message); f != nil {
		hit.Fixed = plain(f[1], 100)
	}
	return hit
}

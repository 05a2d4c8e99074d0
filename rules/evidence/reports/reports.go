package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules"
)

// MaxSize is the largest report that is read, in bytes (catalogue §2.10).
const MaxSize = 20 << 20

// Verifiers of this package, as the catalogue names them.
const (
	SARIF = "import:sarif" // analyses of other tools
	DAST  = "import:dast"  // dynamic scans of the running app
)

// An Input is one report file.
type Input struct {
	Name string // for messages
	Data []byte // at most MaxSize+1 bytes, so that a larger file is told apart
	// Commit is the commit the caller vouches that it was made from; empty when
	// only the file itself can say so.
	Commit string
	// Path is the file's place in the repository when it is part of the commit.
	Path string
}

// An Endpoint is one that the policy declares.
type Endpoint struct {
	URL   string
	Where rules.Location // in the policy file
	// Owned says whether the live probe saw the proof that it is the partner's.
	Owned rules.Ternary
}

// Options say what the reports are held against.
type Options struct {
	Catalogue *rules.Catalogue
	Commit    string // of the scan, 40 hex digits; empty outside git
	Endpoints []Endpoint
	MaxAge    time.Duration // of dynamic scans; 0 means 90 days
	// Released is when the newest release was tagged; zero when there is none.
	Released time.Time
	// CI says that the scan runs in the pipeline, so that a report it is given was
	// made there.
	CI  bool
	Now time.Time
}

// A Result is what the reports say.
type Result struct {
	rules.Gathered
	// Analysed lists, by language, the CWEs for which an analysis of this very
	// commit has rules: for them its silence counts. Sorted.
	Analysed map[string][]int
}

// Read turns reports into evidence. Equal arguments give equal results,
// whatever the order of the inputs.
func Read(inputs []Input, opts Options) Result {
	r := &reader{opts: opts, controls: controlsByCWE(opts.Catalogue), known: map[string]rules.Rule{}}
	inputs = slices.Clone(inputs)
	slices.SortStableFunc(inputs, func(a, b Input) int { return strings.Compare(a.Name, b.Name) })
	failed := map[string]string{} // verifier -> reason
	for _, in := range inputs {
		verifier, err := r.file(in)
		if err != nil {
			reason := fmt.Sprintf("the report %s was not read: %v", printable(in.Name), err)
			for _, id := range []string{SARIF, DAST} {
				if (verifier == "" || verifier == id) && failed[id] == "" {
					failed[id] = reason
				}
			}
		}
	}
	for _, id := range []string{SARIF, DAST} {
		if reason := failed[id]; reason != "" {
			r.out.Broken(reason, id)
		} else {
			r.out.Complete(id)
		}
	}
	r.dastShortfall()
	for _, id := range slices.Sorted(maps.Keys(r.known)) {
		r.out.Rules = append(r.out.Rules, r.known[id])
	}
	slices.Sort(r.out.Notes)
	r.out.Notes = slices.Compact(r.out.Notes)
	return r.out
}

// A reader collects what all files say.
type reader struct {
	opts     Options
	controls map[int][]string // by CWE
	known    map[string]rules.Rule
	out      Result
	scans    []dynamicScan
	seen     map[string]bool // dynamic findings that are reported
}

// errUnknownKind says what can be imported.
var errUnknownKind = errors.New("it is neither SARIF nor a report of ZAP (JSON or XML) or Burp Suite (XML); export one of these forms")

// file reads one report. The verifier it belongs to is empty when its kind was
// not recognised.
func (r *reader) file(in Input) (verifier string, err error) {
	defer func() {
		// The readers are fuzzed; what they miss must cost one file, not the scan.
		if p := recover(); p != nil {
			err = fmt.Errorf("reading it failed unexpectedly (%T); please report this", p)
		}
	}()
	data := bytes.TrimPrefix(in.Data, []byte("\uFEFF"))
	switch {
	case len(in.Data) > MaxSize:
		return "", fmt.Errorf("it is larger than %d MiB; let the tool write fewer details, or split it", MaxSize>>20)
	case len(bytes.TrimSpace(data)) == 0:
		return "", errors.New("it is empty")
	case !utf8.Valid(data):
		return "", errors.New("it is not UTF-8 text; export it as UTF-8")
	}
	switch bytes.TrimSpace(data)[0] {
	case '{':
		var top map[string]json.RawMessage
		if err := json.Unmarshal(data, &top); err != nil {
			return "", fmt.Errorf("it is not valid JSON (%s)", jsonProblem(err))
		}
		switch {
		case top["runs"] != nil:
			return SARIF, r.sarif(in, top)
		case top["site"] != nil && (top["@version"] != nil || top["@generated"] != nil || top["@programName"] != nil):
			return DAST, r.zapJSON(in, data)
		}
	case '<':
		root, err := rootElement(data)
		if err != nil {
			return "", err
		}
		switch root {
		case "OWASPZAPReport":
			return DAST, r.zapXML(in, data)
		case "issues":
			return DAST, r.burp(in, data)
		case "html":
			return DAST, errors.New("it is an HTML page for people; export ZAP's report as JSON, Burp's as XML")
		}
	case '[':
		return "", errUnknownKind
	}
	return "", errUnknownKind
}

// jsonProblem tells what is wrong with JSON without quoting it.
func jsonProblem(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && !strings.Contains(syntax.Error(), "depth") {
		return fmt.Sprintf("at byte %d; it may be cut off", syntax.Offset)
	}
	return "it is nested too deeply"
}

// finding adds one with the rule's metadata, made once a rule.
func (r *reader) finding(rule rules.Rule, score *rules.CVSS, class rules.Class, message string, at rules.Location, tokens string) {
	if _, known := r.known[rule.ID]; !known {
		r.known[rule.ID] = rule
	}
	f := rule.Finding("import", message, at)
	f.Class, f.CVSS, f.Tokens = class, score, tokens
	r.out.Findings = append(r.out.Findings, f)
}

func (r *reader) note(format string, args ...any) {
	r.out.Notes = append(r.out.Notes, fmt.Sprintf(format, args...))
}

// Rules describes what this package itself flags; the rules of other tools come
// with their reports.
func Rules() []rules.Rule { return []rules.Rule{cookieFile()} }

// cookieFile is the rule for a report that keeps requests and is committed.
func cookieFile() rules.Rule {
	return rules.Rule{
		ID: "MKT405/dynamic-report", Name: "secret-in-any-file", Title: "Committed scan report holds requests with credentials",
		Class: rules.Violation, Controls: []string{"no-secrets-in-repo"}, CWE: []int{798}, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N",
		Flags:       "A report of a dynamic scan that is part of the repository and holds requests or answers with `Cookie`, `Set-Cookie` or `Authorization` headers.",
		Safe:        "Reports are handed to the scan from a workflow artifact and never committed, or are exported without requests.",
		Remediation: "Remove the file from the repository, end the sessions and replace the tokens it holds, and keep reports as workflow artifacts.",
		Wrong:       "git add zap-report.json", Right: "staylisted scan --import zap-report.json   # the file is a workflow artifact",
		Tool: "staylisted",
	}
}

// committed reports a file of the repository that holds credentials of a scan.
func (r *reader) committed(in Input, credentials bool) {
	if in.Path == "" || !credentials {
		return
	}
	rule := cookieFile()
	r.known[rule.ID] = rule
	f := rule.Finding("file", "this report keeps requests or answers with credentials in their headers, and it is committed; remove it and end the sessions it shows",
		rules.Location{Path: in.Path})
	f.Tokens = rules.TokenDigest("dynamic-report")
	r.out.Findings = append(r.out.Findings, f)
}

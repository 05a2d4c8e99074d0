package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/scan"
)

func TestParseFlags(t *testing.T) {
	for _, test := range []struct {
		args     string
		operands string
		name     string
		on       bool
		err      string
	}{
		{"", "", "", false, ""},
		{"--name x dir", "dir", "x", false, ""},
		{"dir --name x", "dir", "x", false, ""},
		{"a --on b --name=y c", "a b c", "y", true, ""},
		{"-name x -- --on dir", "--on dir", "x", false, ""},
		{"--nam x", "", "", false, "there is no flag --nam: did you mean --name?"},
		{"--zzzzzz", "", "", false, "there is no flag --zzzzzz"},
		{"-1 dir", "", "", false, "there is no flag --1"}, // only the due command has scores
		{"dir --name", "", "", false, "--name needs a value"},
	} {
		fs := flag.NewFlagSet("test", flag.ContinueOnError)
		fs.SetOutput(new(bytes.Buffer))
		name := fs.String("name", "", "")
		on := fs.Bool("on", false, "")
		operands, err := parseFlags(fs, strings.Fields(test.args))
		if test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("%q: error %v, want %q", test.args, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", test.args, err)
			continue
		}
		if got := strings.Join(operands, " "); got != test.operands || *name != test.name || *on != test.on {
			t.Errorf("%q: operands %q, name %q, on %v", test.args, got, *name, *on)
		}
	}
}

func TestList(t *testing.T) {
	parse := func(declare func(*flag.FlagSet) *list, args ...string) (string, error) {
		fs := flag.NewFlagSet("test", flag.ContinueOnError)
		fs.SetOutput(new(bytes.Buffer))
		l := declare(fs)
		_, err := parseFlags(fs, args)
		return l.String(), err
	}
	markets := func(fs *flag.FlagSet) *list { return marketplaceFlag(fs, "") }
	tags := func(fs *flag.FlagSet) *list { return listFlag(fs, "tags", "", checkTag) }
	for _, test := range []struct {
		declare func(*flag.FlagSet) *list
		args    []string
		want    string
		err     string
	}{
		{markets, []string{"--marketplace", "druva, apollo", "--marketplace=druva,monday"}, "druva,apollo,monday", ""},
		{markets, []string{"--marketplace", "druva,"}, "druva", ""},
		{markets, []string{"--marketplace", ""}, "", `--marketplace cannot be "": name at least one marketplace`},
		{markets, []string{"--marketplace", ","}, "", `--marketplace cannot be ",": name at least one marketplace`},
		{markets, []string{"--marketplace=druva", "--marketplace= , "}, "druva", `--marketplace cannot be " , ": name at least one marketplace`},
		{tags, []string{"--tags", "integration,go1.22,a_b,größe"}, "integration,go1.22,a_b,größe", ""},
		{tags, []string{"--tags", ""}, "", ""},
		{tags, []string{"--tags", "a b"}, "", `--tags cannot be "a b": "a b" is no build tag: write letters, digits, _ and . only, with commas between tags`},
		{tags, []string{"--tags", "-x;rm"}, "", `--tags cannot be "-x;rm": "-x;rm" is no build tag: write letters, digits, _ and . only, with commas between tags`},
		{tags, []string{"--tags", "ok,!no"}, "ok", `--tags cannot be "ok,!no": "!no" is no build tag: write letters, digits, _ and . only, with commas between tags`},
		{tags, []string{"--tags", "a\x1b[2J"}, "", `--tags cannot be "a\x1b[2J": "a\x1b[2J" is no build tag: write letters, digits, _ and . only, with commas between tags`},
	} {
		got, err := parse(test.declare, test.args...)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != test.want || text != test.err {
			t.Errorf("%q: values %q, error %q; want %q, %q", test.args, got, text, test.want, test.err)
		}
	}
}

// TestEscapedOnce makes sure that what a person typed comes back escaped, and
// escaped once.
func TestEscapedOnce(t *testing.T) {
	const typed = "a\x1b[2J\u202eb\\c"
	for _, args := range [][]string{
		{typed}, {"help", typed}, {"explain", typed}, {"due", "9.8", typed}, {"requirements", "--marketplace", typed},
		{"scan", "--marketplace", typed}, {"scan", "--now", typed}, {"scan", "--format", typed},
	} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), nil, args, nil, &stdout, &stderr)
		if code := finish(&stderr, err); code != exitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
		if text := stderr.String(); !strings.Contains(text, `"a\x1b[2J\u202eb\\c"`) || strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), hostile) {
			t.Errorf("%q: %s", args, text)
		}
	}
}

func TestDates(t *testing.T) {
	for _, test := range []struct{ args, err string }{
		{"9.8 1970-01-01", ""},
		{"9.8 2999-12-31", ""},
		{"9.80 2026-11-21", ""},
		{"10 2026-11-21", ""},
		{"9.8 9999-12-31", "9999-12-31 is too far away: write a year from 1970 to 2999"},
		{"9.8 1969-12-31", "1969-12-31 is too far away: write a year from 1970 to 2999"},
		{"9.8 0000-01-01", "0000-01-01 is too far away: write a year from 1970 to 2999"},
		{"9.8 2999-12-31T23:00:00-05:00", "2999-12-31T23:00:00-05:00 is too far away: write a year from 1970 to 2999"},
		{"--now 3000-01-01 9.8 2026-11-21", "3000-01-01 is too far away: write a year from 1970 to 2999"},
		{"9.85 2026-11-21", "9.85 is not a score: CVSS scores have one decimal, and rounding could change the band"},
		{"8.96 2026-11-21", "8.96 is not a score: CVSS scores have one decimal, and rounding could change the band"},
		{"-1 2026-11-21", "-1 is not a score: CVSS scores lie between 0.0 and 10.0"},
		{"-0.5 2026-11-21", "-0.5 is not a score: CVSS scores lie between 0.0 and 10.0"},
		{"-- -1 2026-11-21", "-1 is not a score: CVSS scores lie between 0.0 and 10.0"},
		{"10.1 2026-11-21", "10.1 is not a score: CVSS scores lie between 0.0 and 10.0"},
		{"NaN 2026-11-21", "NaN is not a score: CVSS scores lie between 0.0 and 10.0"},
	} {
		var out bytes.Buffer
		err := run(t.Context(), nil, append([]string{"due"}, strings.Fields(test.args)...), nil, &out, &out)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text != test.err {
			t.Errorf("due %s: error %q, want %q", test.args, text, test.err)
		}
	}
	// All scores are tenths.
	for i := range 101 {
		s := fmt.Sprintf("%d.%d", i/10, i%10)
		if _, _, err := readScore(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	var usage *usageError
	if err := run(t.Context(), nil, []string{"scan", "--now", "9999-12-31"}, nil, new(bytes.Buffer), new(bytes.Buffer)); !errors.As(err, &usage) {
		t.Errorf("scan --now 9999-12-31: %v", err)
	}
}

func TestDidYouMean(t *testing.T) {
	names := []string{"scan", "explain", "requirements", "rules", "due", "version", "help", "MKT102", "MKT103", "DRUVA-SC-07"}
	for _, test := range []struct{ name, want string }{
		{"scna", ": did you mean scan?"},
		{"requirement", ": did you mean requirements?"},
		{"req", ": did you mean requirements?"},
		{"mkt10", ": did you mean MKT102 or MKT103?"},
		{"druva-sc-7", ": did you mean DRUVA-SC-07?"},
		{"somethingelse", ""},
		{"", ""},
		{strings.Repeat("x", 1000), ""},
	} {
		if got := didYouMean(test.name, names); got != test.want {
			t.Errorf("didYouMean(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestFinish(t *testing.T) {
	for _, test := range []struct {
		err  error
		code int
		text string
	}{
		{nil, 0, ""},
		{&verdictError{1}, 1, ""},
		{fmt.Errorf("wrapped: %w", &verdictError{3}), 3, ""},
		{&usageError{command: "scan", text: "bad \x1b[31mflag"}, 2, "staylisted: bad \\x1b[31mflag\nRun 'staylisted scan --help' for the ways to call it.\n"},
		{&policyError{evidence.ErrorList{{File: "p.yml", Pos: evidence.Pos{Line: 3, Column: 2}, Message: "wrong", Advice: "right"}}}, 2, "staylisted: the policy file cannot be used; nothing was scanned\np.yml:3:2: wrong; right\n"},
		{fmt.Errorf("listing: %w", context.Canceled), 3, "staylisted: could not verify: interrupted; nothing was written\n"},
		{&policyError{errors.New("::error::x.yml:1:1: ##[error]wrong\n ::debug::y\n")}, 2, "staylisted: the policy file cannot be used; nothing was scanned\n\\::error::x.yml:1:1: #\\#[error]wrong\n \\::debug::y\n"},
		{errors.New("disk on fire"), 3, "staylisted: could not verify: disk on fire\n"},
	} {
		var stderr bytes.Buffer
		if code := finish(&stderr, test.err); code != test.code || stderr.String() != test.text {
			t.Errorf("finish(%v) = %d, %q; want %d, %q", test.err, code, stderr.String(), test.code, test.text)
		}
	}
}

func TestVerdictCode(t *testing.T) {
	whole := rules.Coverage{Modules: []rules.ModuleCoverage{{Packages: rules.Count{Expected: 1, Analysed: 1}}}}
	met := rules.Standing{State: rules.StateCompliant, Mandatory: rules.Tally{Total: 3, Passed: 3}, Recommended: rules.Tally{Total: 2, Failed: 2}}
	failing := rules.Standing{State: rules.StateNonCompliant, Mandatory: rules.Tally{Total: 3, Passed: 1, Failed: 1, Unknown: 1}}
	open := rules.Standing{State: rules.StateIncomplete, Mandatory: rules.Tally{Total: 3, Passed: 2, Expired: 1}}
	preview := failing
	preview.Preview = true
	ran := func(state rules.RunState) rules.Coverage {
		return rules.Coverage{Modules: whole.Modules, Runs: []rules.VerifierRun{
			{Verifier: "G101", State: rules.Complete}, {Verifier: "dependencies:audit", State: state},
		}}
	}
	for _, test := range []struct {
		name     string
		markets  []rules.Standing
		coverage rules.Coverage
		strict   bool
		want     int
	}{
		{"all met, recommended ones fail", []rules.Standing{met}, whole, false, 0},
		{"one fails", []rules.Standing{met, failing}, whole, false, 1},
		{"fails and open", []rules.Standing{open, failing}, whole, false, 1},
		{"open", []rules.Standing{met, open}, whole, false, 3},
		{"preview fails", []rules.Standing{preview}, whole, false, 0},
		{"strict preview fails", []rules.Standing{preview}, whole, true, 1},
		{"zero standing", []rules.Standing{{}}, whole, false, 3},
		{"no marketplace", nil, whole, false, 3},
		{"preview of nothing", []rules.Standing{preview}, rules.Coverage{}, false, 3},
		{"met in another language", []rules.Standing{met}, rules.Coverage{Languages: []rules.LanguageCoverage{{Language: "Python", Files: 1}}}, false, 0},
		{"met in another language beside a module nobody analysed", []rules.Standing{met}, rules.Coverage{Modules: []rules.ModuleCoverage{{}}, Languages: []rules.LanguageCoverage{{Language: "Python", Files: 1}}}, false, 3},
		{"preview with a gap", []rules.Standing{preview}, rules.Coverage{Modules: whole.Modules, Gaps: []rules.Gap{{Subject: "p"}}}, false, 3},
		{"met with a gap", []rules.Standing{met}, rules.Coverage{Modules: whole.Modules, Gaps: []rules.Gap{{Subject: "p"}}}, false, 3},
		{"preview after all ran", []rules.Standing{preview}, ran(rules.Complete), false, 0},
		{"preview with a verifier that was not tried", []rules.Standing{preview}, ran(rules.NotRun), false, 0},
		{"preview with a failed verifier", []rules.Standing{preview}, ran(rules.Broken), false, 3},
		{"strict preview with a failed verifier", []rules.Standing{preview}, ran(rules.Broken), true, 1},
		{"met with a failed verifier", []rules.Standing{met}, ran(rules.Broken), false, 3},
		{"fails with a failed verifier", []rules.Standing{failing}, ran(rules.Broken), false, 1},
	} {
		report := &rules.Report{Marketplaces: test.markets, Coverage: test.coverage}
		if got := verdictCode(report, test.strict); got != test.want {
			t.Errorf("%s: exit code %d, want %d", test.name, got, test.want)
		}
	}
}

func TestHelpOfEveryCommand(t *testing.T) {
	for _, c := range commands() {
		var stdout bytes.Buffer
		if err := run(t.Context(), nil, []string{c.name, "--help"}, nil, &stdout, &stdout); err != nil {
			t.Errorf("%s --help: %v", c.name, err)
		}
		text := stdout.String()
		if !strings.HasPrefix(text, "Usage: staylisted "+c.name) || !strings.Contains(text, "Examples:\n  staylisted "+c.name) {
			t.Errorf("%s --help lacks its usage or an example:\n%s", c.name, text)
		}
		for line := range strings.Lines(text) {
			if len(line) > 100 {
				t.Errorf("%s --help has a line of %d characters: %s", c.name, len(line), line)
			}
		}
	}
}

func TestMarshalJSON(t *testing.T) {
	report := rules.Report{Findings: []rules.Finding{{Message: "a\x1b[1m \u202e \u009b \U000e0041 <b> é"}}}
	data, err := marshalJSON(report)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if strings.Contains(text, "null") && !strings.Contains(text, `"valid_until": null`) {
		t.Errorf("lists are null:\n%s", text)
	}
	if !strings.Contains(text, `"message": "a\u001b[1m \u202e \u009b \udb40\udc41 <b> é"`) {
		t.Errorf("message not escaped as expected:\n%s", text)
	}
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), hostile) {
		t.Error("JSON acts on a terminal")
	}
}

// TestMarshalCommands makes sure that a report in a workflow's log gives no
// orders, and says the same to who reads it as JSON.
func TestMarshalCommands(t *testing.T) {
	const message = "::error::a ##[error]b ###[c"
	data, err := marshalJSON(rules.Report{Findings: []rules.Finding{{Message: message}}})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if runnerCommand(line) {
			t.Errorf("a line is a command: %s", line)
		}
	}
	var report rules.Report
	if err := json.Unmarshal(data, &report); err != nil || report.Findings[0].Message != message {
		t.Errorf("read back %q, %v", report.Findings[0].Message, err)
	}
}

func TestProgressText(t *testing.T) {
	for _, test := range []struct {
		p    scan.Progress
		want string
	}{
		{scan.Progress{Stage: "analyse", Done: 3, Total: 12, Note: "example.com/a"}, "analysing 3/12 example.com/a"},
		{scan.Progress{Stage: "load"}, "loading packages"},
		{scan.Progress{Stage: "analyse", Done: 3, Total: 12, Note: "example.com/" + strings.Repeat("x", 100)}, "analysing 3/12 example.com/xx…"},
		{scan.Progress{Stage: "new\x1b", Note: "a\x1b[2J"}, `new\x1b a\x1b[2J`},
	} {
		if got := progressText(test.p, 30); got != test.want {
			t.Errorf("progressText(%+v) = %q, want %q", test.p, got, test.want)
		}
	}
	var b bytes.Buffer
	l := &progressLine{w: &b, width: 80}
	l.wipe()
	l.show(scan.Progress{Stage: "load"})
	l.show(scan.Progress{Stage: "load", Done: 1}) // too soon
	l.wipe()
	if got := b.String(); got != "\r\x1b[Kloading packages\r\x1b[K" {
		t.Errorf("progress wrote %q", got)
	}
}

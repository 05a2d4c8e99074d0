package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Exit codes. A workflow step may rely on them.
const (
	exitOK         = 0 // every MANDATORY requirement of the selected marketplaces is met, or a preview of a complete scan
	exitFailing    = 1 // some MANDATORY requirement of a selected marketplace fails
	exitUsage      = 2 // the command line or the policy file is wrong; nothing was scanned
	exitUnverified = 3 // nothing fails, but something could not be verified, expired or lacks evidence
)

// A usageError is a mistake in the command line.
type usageError struct {
	command string // the command whose help says more, or empty
	text    string
}

func (e *usageError) Error() string { return e.text }

// A policyError is a policy file that cannot be used. Its text already names
// file, line and column of every mistake.
type policyError struct{ err error }

func (e *policyError) Error() string { return e.err.Error() }
func (e *policyError) Unwrap() error { return e.err }

// A verdictError carries an exit code that the report already explains.
type verdictError struct{ code int }

func (e *verdictError) Error() string { return fmt.Sprintf("the verdict is exit code %d", e.code) }

// finish tells stderr what went wrong, if that was not said yet, and returns
// the exit code.
func finish(stderr io.Writer, err error) int {
	var (
		usage   *usageError
		policy  *policyError
		verdict *verdictError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &verdict):
		return verdict.code
	case errors.As(err, &usage):
		help := "staylisted help"
		if usage.command != "" {
			help = "staylisted " + usage.command + " --help"
		}
		say(stderr, usage.text+"\nRun '"+help+"' for the ways to call it.")
		return exitUsage
	case errors.As(err, &policy):
		say(stderr, "the policy file cannot be used; nothing was scanned\n"+strings.TrimRight(policy.Error(), "\n"))
		return exitUsage
	case errors.Is(err, context.Canceled):
		say(stderr, "could not verify: interrupted; nothing was written")
		return exitUnverified
	default:
		say(stderr, "could not verify: "+err.Error())
		return exitUnverified
	}
}

// verdictCode maps a report to its exit code. Only MANDATORY requirements of
// marketplaces that count are asked: those the policy selects, or with strict
// those of a preview as well. A scan that is not complete is never 0: a preview
// excuses what fails, not that nobody looked.
func verdictCode(report *rules.Report, strict bool) int {
	code := exitOK
	if len(incomplete(report)) > 0 {
		code = exitUnverified
	}
	for _, m := range report.Marketplaces {
		if m.Preview && !strict {
			continue
		}
		t := m.Mandatory
		switch {
		case t.Failed > 0:
			return exitFailing
		case t.Passed < t.Total || m.State == rules.StateUnknown || m.State == "":
			code = exitUnverified
		}
	}
	if len(report.Marketplaces) == 0 {
		return exitUnverified
	}
	return code
}

// incomplete says what keeps a scan from being complete: code that was not
// analysed, or a verifier that was tried and failed, such as a rule that gave
// up or a dependency audit without data. It is empty for a complete scan. Code
// in other languages alone keeps no scan from being complete: the controls
// themselves ask for an analysis of it.
func incomplete(report *rules.Report) []string {
	var why []string
	if n := len(report.Coverage.Gaps); n > 0 {
		why = append(why, "not everything was analysed ("+count(n, "gap")+", listed below)")
	} else if analysed(report) == 0 && (len(report.Coverage.Modules) > 0 || len(report.Coverage.Languages) == 0) {
		why = append(why, "no package was analysed")
	}
	var failed []string
	for _, run := range report.Coverage.Runs {
		if run.State == rules.Broken {
			failed = append(failed, run.Verifier)
		}
	}
	if n := len(failed); n > 0 {
		const shown = 3
		names := strings.Join(failed[:min(shown, n)], ", ")
		if n > shown {
			names += fmt.Sprintf(" and %d more", n-shown)
		}
		why = append(why, count(n, "verifier")+" did not run to the end ("+names+")")
	}
	return why
}

// analysed counts the packages that were analysed.
func analysed(report *rules.Report) int {
	n := 0
	for _, m := range report.Coverage.Modules {
		n += m.Packages.Analysed
	}
	return n
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/questionnaire"
)

// reportName is the report that is looked for in a folder.
const reportName = "report.json"

// maxReport is how large a report may be that is read back.
const maxReport = 256 << 20

func questionnaireCommand() command {
	return command{
		name:  "questionnaire",
		short: "draft the answers to monday.com's security questionnaire",
		long: `Reads a JSON report of a scan and prints, as Markdown, a draft of the answers to the ten topics of monday.com's security questionnaire: how each stands, what can be said, what that rests on with links, and what is open.

The report must be one of "staylisted scan --report FILE" of this version, and judge monday. Nothing is scanned and nothing is written.`,
		examples: [][2]string{
			{"staylisted questionnaire", "reads report.json, which staylisted scan --report report.json writes"},
			{"staylisted questionnaire --report reports/", ""},
			{"staylisted questionnaire --report - < report.json", "reads standard input"},
		},
		setup: func(fs *flag.FlagSet) action {
			from := fs.String("report", reportName, "`FILE|DIR`: the report, a folder that holds "+reportName+", or - for standard input")
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) > 0 {
					return &usageError{text: "questionnaire takes no operand; name the report with --report"}
				}
				set, err := loadRuleset()
				if err != nil {
					return err
				}
				report, err := readReport(p, *from)
				if err != nil {
					return err
				}
				if report.Catalogue != set.ref {
					p.warn(fmt.Sprintf("the report was judged with catalogue %s, this is %s; scan again for a draft that is up to date", report.Catalogue.Version, set.ref.Version))
				}
				if age := time.Since(report.GeneratedAt); age > 7*24*time.Hour {
					p.warn("the report is older than 7 days (" + report.GeneratedAt.UTC().Format(time.DateOnly) + "); scan again before you answer with it")
				}
				page, err := questionnaire.Sheet(report, set.catalogue)
				if err != nil {
					return fmt.Errorf("%s: %w", *from, err)
				}
				return p.print(page)
			}
		},
	}
}

// readReport reads a report back. "-" is standard input.
func readReport(p *process, name string) (*rules.Report, error) {
	var in io.Reader = p.stdin
	if name != "-" {
		info, err := os.Stat(name)
		if err == nil && info.IsDir() {
			name = filepath.Join(name, reportName)
			info, err = os.Stat(name)
		}
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, &usageError{text: fmt.Sprintf("there is no report %s; write one with staylisted scan --report %s", name, name)}
		case err != nil:
			return nil, &usageError{text: "the report cannot be read: " + err.Error()}
		case !info.Mode().IsRegular():
			return nil, &usageError{text: fmt.Sprintf("the report %s is not a regular file", name)}
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, &usageError{text: "the report cannot be read: " + err.Error()}
		}
		defer f.Close()
		in = f
	}
	if in == nil {
		return nil, &usageError{text: "there is no standard input to read the report from"}
	}
	data, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the report %s: %w", name, err)
	case len(data) > maxReport:
		return nil, &usageError{text: fmt.Sprintf("the report %s is larger than %d MiB", name, maxReport>>20)}
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, &usageError{text: fmt.Sprintf("%s is not a JSON report: %v", name, err)}
	}
	if head.Schema != rules.ReportSchema {
		return nil, &usageError{text: fmt.Sprintf("%s is not a report of this version (its schema is %q); write one with staylisted scan --report FILE", name, head.Schema)}
	}
	var report rules.Report
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, &usageError{text: fmt.Sprintf("%s is a report that cannot be read: %v", name, err)}
	}
	return &report, nil
}

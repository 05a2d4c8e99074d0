package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// mondayReport is a report that judges everything of monday as unknown.
func mondayReport(t *testing.T) []byte {
	t.Helper()
	set, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	e := &rules.Evidence{ObservedAt: now, Commit: strings.Repeat("a", 40), Repository: "harbour/sync"}
	data, err := marshalJSON(rules.Assess(set.catalogue, e, now).Report(e, rules.Tool{Name: "staylisted"}, set.ref, now))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestQuestionnaire(t *testing.T) {
	dir := t.TempDir()
	data := mondayReport(t)
	write := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := write(reportName, data)
	old := write("old.json", bytes.Replace(data, []byte(`"generated_at": "20`), []byte(`"generated_at": "19`), 1))
	for _, test := range []struct {
		name  string
		args  []string
		stdin string
		code  int
		out   string
		err   string
	}{
		{"file", []string{"--report", good}, "", exitOK, "0 of 10 topics", ""},
		{"folder", []string{"--report", dir}, "", exitOK, "## MONDAY-Q-10: ", ""},
		{"standard input", []string{"--report", "-"}, string(data), exitOK, "## MONDAY-Q-01: ", ""},
		{"old", []string{"--report", old}, "", exitOK, "## MONDAY-Q-01: ", "older than 7 days"},
		{"no file", []string{"--report", filepath.Join(dir, "none.json")}, "", exitUsage, "", "staylisted scan --report"},
		{"not JSON", []string{"--report", write("a", []byte("x"))}, "", exitUsage, "", "is not a JSON report"},
		{"other JSON", []string{"--report", write("b", []byte(`{"schema": "x\u001b"}`))}, "", exitUsage, "", "not a report of this version"},
		{"wrong form", []string{"--report", write("c", []byte(`{"schema": "`+rules.ReportSchema+`", "findings": 1}`))}, "", exitUsage, "", "cannot be read"},
		{"no monday", []string{"--report", write("d", []byte(`{"schema": "`+rules.ReportSchema+`"}`))}, "", exitUnverified, "", "does not judge monday"},
		{"operand", []string{good}, "", exitUsage, "", "takes no operand"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), nil, append([]string{"questionnaire"}, test.args...), strings.NewReader(test.stdin), &stdout, &stderr)
			code := finish(&stderr, err)
			if code != test.code || !strings.Contains(stdout.String(), test.out) || !strings.Contains(stderr.String(), test.err) || strings.Contains(stderr.String(), "\x1b") {
				t.Errorf("code %d, stderr %q, stdout %.300q", code, stderr.String(), stdout.String())
			}
		})
	}
}

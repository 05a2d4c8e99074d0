package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/files/planted"
)

// TestNoSecretLeavesTheProgram plants secrets in files of many kinds, in the
// history, in imported reports and in names, and looks for their values in
// everything the program writes.
func TestNoSecretLeavesTheProgram(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "app")
	write := func(name, text string) {
		t.Helper()
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range planted.Files() {
		write(name, text)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		write("go.mod", "module example.com/app\n\ngo 1.26\n")
	}
	first := planted.Secrets()[0].Value
	write("zap.json", `{"@version":"2.16","@generated":"Tue, 10 Nov 2026 11:26:43","site":[{"@name":"https://app.example.com","alerts":[{"pluginid":"1","name":"leaked `+first+`","riskcode":"3","confidence":"3",
		"instances":[{"uri":"https://app.example.com/a?key=`+first+`","param":"key","evidence":"`+first+`","request-header":"Cookie: sid=`+first+`"}]}]}]}`)
	write("other.sarif", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"gitleaks","rules":[{"id":"aws"}]}},"results":[{"ruleId":"aws","message":{"text":"`+first+` was found"},
		"locations":[{"physicalLocation":{"artifactLocation":{"uri":"deploy/env.sh"},"region":{"startLine":2,"snippet":{"text":"`+first+`"}}}}]}]}]}`)
	if err := commit(dir); err != nil {
		t.Fatal(err)
	}
	// What is removed stays in the history.
	if err := os.Remove(filepath.Join(dir, "scripts", "release.py")); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	args := []string{"scan", "--offline", "--advisories", "../../testdata/advisories", "--now", "2026-11-21", "--no-cache", "--history", "--verbose",
		"--import", filepath.Join(dir, "zap.json"), "--import", filepath.Join(dir, "other.sarif"),
		"--sarif", filepath.Join(out, "all.sarif"), "--sarif-all", "--report", filepath.Join(out, "report.json")}
	written := map[string][]byte{}
	for _, format := range []string{"text", "markdown", "json"} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), os.Environ(), append(args, "--format", format, dir), strings.NewReader(""), &stdout, &stderr)
		if finish(&stderr, err) != exitUnverified && finish(&stderr, err) != exitFailing && err != nil {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		written[format], written[format+", standard error"] = stdout.Bytes(), stderr.Bytes()
		if n := bytes.Count(stdout.Bytes(), []byte("MKT405")); n == 0 {
			t.Errorf("%s tells of no secret, so this test shows nothing", format)
		}
	}
	for _, name := range []string{"all.sarif", "report.json"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		written[name] = data
	}
	for _, command := range [][]string{{"sbom", "--offline", "--no-cache", "--now", "2026-11-21", dir}, {"init", "--dry-run", dir}, {"questionnaire", "--report", filepath.Join(out, "report.json")}} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), os.Environ(), command, strings.NewReader(""), &stdout, &stderr)
		finish(&stderr, err)
		if stdout.Len() == 0 {
			t.Errorf("%s printed nothing: %s", command[0], stderr.String())
		}
		written[command[0]], written[command[0]+", standard error"] = stdout.Bytes(), stderr.Bytes()
	}
	for name, data := range written {
		if shown := planted.In(data); len(shown) > 0 {
			t.Errorf("%s shows %s", name, strings.Join(shown, ", "))
		}
	}
}

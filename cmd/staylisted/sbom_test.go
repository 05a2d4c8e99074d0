package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sbomOf runs the command in this process.
func sbomOf(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, told bytes.Buffer
	err = run(t.Context(), os.Environ(), append([]string{"sbom", "--offline", "--no-cache", "--now", "2026-11-21"}, args...), strings.NewReader(""), &out, &told)
	return out.String(), told.String(), err
}

func TestSBOM(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/app\n\ngo 1.26\n")
	write("main.go", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }\n")
	write("package.json", `{"dependencies": {"left": "^1.0.0"}}`)
	write("package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"left": "^1.0.0"}}, "node_modules/left": {"version": "1.0.2", "license": "ISC"}}}`)
	out, told, err := sbomOf(t, dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, told)
	}
	var bom struct {
		SpecVersion  string
		SerialNumber string
		Metadata     struct{ Component struct{ Name string } }
		Components   []struct{ PURL string }
	}
	if err := json.Unmarshal([]byte(out), &bom); err != nil {
		t.Fatal(err)
	}
	if bom.SpecVersion != "1.6" || bom.Metadata.Component.Name != "example.com/app" || len(bom.Components) != 2 ||
		!strings.HasPrefix(bom.Components[0].PURL, "pkg:golang/stdlib@1.") || bom.Components[1].PURL != "pkg:npm/left@1.0.2" {
		t.Errorf("%s", out)
	}
	if again, _, _ := sbomOf(t, dir); again != out {
		t.Error("the same repository gave other bytes")
	}
	spdx, _, err := sbomOf(t, "--format", "spdx", dir)
	if err != nil || !strings.Contains(spdx, `"spdxVersion": "SPDX-2.3"`) || !strings.Contains(spdx, `"created": "2026-11-21T00:00:00Z"`) {
		t.Errorf("%v\n%s", err, spdx)
	}

	// What is not locked is told, and the list that there is comes all the same.
	write("requirements.txt", "flask\n")
	out, told, err = sbomOf(t, dir)
	var verdict *verdictError
	if !errors.As(err, &verdict) || verdict.code != exitUnverified || !strings.Contains(told, "requirements.txt leaves the version of flask open") || !strings.Contains(out, "pkg:npm/left@1.0.2") {
		t.Errorf("%v\n%s", err, told)
	}
	var usage *usageError
	if _, _, err := sbomOf(t, dir, dir); !errors.As(err, &usage) || !strings.Contains(usage.text, "sbom takes one folder") {
		t.Errorf("two folders: %v", err)
	}
}

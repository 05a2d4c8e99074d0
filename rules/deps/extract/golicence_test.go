package extract

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/staylisted/staylisted/rules/deps"
)

// moduleDir returns the folder of a module this one is built from.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil || strings.TrimSpace(string(out)) == "" {
		t.Fatalf("go list -m %s: %v", module, err)
	}
	return strings.TrimSpace(string(out))
}

// TestLicence reads the licences of modules whose publishers say what they are.
func TestLicence(t *testing.T) {
	for module, want := range map[string]string{
		"golang.org/x/mod":                "BSD-3-Clause",
		"github.com/rogpeppe/go-internal": "BSD-3-Clause",
		"github.com/BurntSushi/toml":      "MIT",
		"go.yaml.in/yaml/v3":              "Apache-2.0 AND MIT",
	} {
		if got, err := Licence(os.DirFS(moduleDir(t, module))); got != want || err != nil {
			t.Errorf("%s is under %s, %v; want %s", module, got, err, want)
		}
	}
}

func TestLicenceUnknown(t *testing.T) {
	mit, err := os.ReadFile(filepath.Join(moduleDir(t, "github.com/BurntSushi/toml"), "COPYING"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"no file":                {fstest.MapFS{"README.md": {Data: mit}}, deps.NoAssertion},
		"another text":           {fstest.MapFS{"LICENSE": {Data: []byte("All rights reserved. You may not do anything with this.")}}, deps.NoAssertion},
		"mostly another text":    {fstest.MapFS{"LICENSE": {Data: append([]byte(strings.Repeat("And you must pay us. ", 200)), mit...)}}, deps.NoAssertion},
		"one known, one not":     {fstest.MapFS{"LICENSE": {Data: mit}, "LICENSE.enterprise": {Data: []byte("Pay us.")}}, deps.NoAssertion},
		"twice the same":         {fstest.MapFS{"LICENSE": {Data: mit}, "COPYING.txt": {Data: mit}}, "MIT"},
		"a program of that name": {fstest.MapFS{"LICENSE": {Data: mit}, "license.go": {Data: []byte("package x")}}, "MIT"},
		"a folder of that name":  {fstest.MapFS{"LICENSE": {Data: mit}, "licenses/a.txt": {Data: []byte("x")}}, "MIT"},
		"empty":                  {fstest.MapFS{"LICENSE": {}}, deps.NoAssertion},
		"a link":                 {fstest.MapFS{"LICENSE": {Mode: fs.ModeSymlink, Data: []byte("/etc/passwd")}}, deps.NoAssertion},
	} {
		if got, err := Licence(test.files); got != test.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, got, err, test.want)
		}
	}
}

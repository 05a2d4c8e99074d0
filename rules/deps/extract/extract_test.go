package extract

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/tree"
)

func treeOf(files map[string]string) *tree.Tree {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree.New(fsys, slices.Collect(maps.Keys(files)), nil)
}

// lines of an inventory as the test cases have them.
func lineOf(m *deps.Module) string {
	direct := "indirect"
	if m.Direct {
		direct = "direct"
	}
	return fmt.Sprintf("%s:%d %s %s %s %s %s %s", m.Manifest, m.Location.Line, m.Ecosystem, m.Path, m.Version, m.Scope, direct, m.Licence)
}

// TestRead reads every archive of testdata: the repository's files, and as
// "want" the packages and gaps that they lead to.
func TestRead(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			want, ok := files["want"]
			if !ok {
				t.Fatal("the case does not say what it wants")
			}
			delete(files, "want")
			inv := Read(t.Context(), treeOf(files), Options{LeaveOut: func(e string) bool { return e == "docs" || e == "testdata" }})
			var got []string
			for i := range inv.Modules {
				got = append(got, lineOf(&inv.Modules[i]))
			}
			for _, g := range inv.Gaps {
				got = append(got, fmt.Sprintf("gap %s:%d %s", g.Subject, g.Location.Line, g.Reason))
			}
			text := strings.Join(got, "\n")
			if os.Getenv("STAYLISTED_UPDATE") != "" {
				for i := range archive.Files {
					if archive.Files[i].Name == "want" {
						archive.Files[i].Data = []byte(text + "\n")
					}
				}
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if text != strings.TrimSpace(want) {
				t.Errorf("got\n%s\n\nwant\n%s", text, want)
			}
			again := Read(t.Context(), treeOf(files), Options{LeaveOut: func(e string) bool { return e == "docs" || e == "testdata" }})
			if !slices.Equal(inv.Modules, again.Modules) || !slices.Equal(inv.Gaps, again.Gaps) {
				t.Error("the same tree gave another inventory")
			}
		})
	}
}

// TestHostile gives every reader files that no honest tool writes. Each must end
// soon, and with a gap that names the file.
func TestHostile(t *testing.T) {
	deep := strings.Repeat("[", 1<<20)
	for name, test := range map[string]struct{ file, text string }{
		"npm depth":         {"package-lock.json", `{"packages":` + strings.Repeat(`{"a":`, 1<<20)},
		"npm odd":           {"package-lock.json", `{"packages": {"node_modules/a": 3}}`},
		"npm nothing":       {"package-lock.json", `null`},
		"npm list":          {"package-lock.json", `[]`},
		"npm alias":         {"package-lock.json", `{"lockfileVersion": 1, "dependencies": {"a": {"version": "npm:"}}}`},
		"pnpm version":      {"pnpm-lock.yaml", "lockfileVersion: x\n"},
		"pnpm bomb":         {"pnpm-lock.yaml", "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\npackages: {x: *g}\nlockfileVersion: '9.0'\n"},
		"yarn line":         {"yarn.lock", "a@1:\n  version \"" + strings.Repeat("1", 1<<17) + "\"\n"},
		"yarn indent":       {"yarn.lock", "  version \"1\"\n"},
		"poetry depth":      {"poetry.lock", "a = " + deep},
		"uv depth":          {"uv.lock", "a = " + strings.Repeat("{a=", 1<<18)},
		"cargo depth":       {"Cargo.lock", "a = " + deep},
		"cargo text":        {"Cargo.lock", "\x00\xff"},
		"pipfile":           {"Pipfile.lock", `{"default": []}`},
		"requirements":      {"requirements.txt", strings.Repeat("\\\n", 1<<20)},
		"requirements loop": {"requirements.txt", "-r requirements.txt\na>=1\n"},
		"pom depth":         {"pom.xml", strings.Repeat("<a>", 1<<18)},
		"pom bomb":          {"pom.xml", bomb()},
		"pom loop":          {"pom.xml", "<project><artifactId>a</artifactId><parent><artifactId>a</artifactId><groupId>g</groupId><version>1</version><relativePath>pom.xml</relativePath></parent><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies></project>"},
		"gradle":            {"gradle.lockfile", "no library\n"},
		"gemfile":           {"Gemfile.lock", "    a (1)\n"},
		"composer":          {"composer.lock", `{"packages": {}}`},
		"nuget":             {"packages.lock.json", `{"dependencies": []}`},
		"packages.config":   {"packages.config", "<packages><package id='a'/></packages>"},
		"bom":               {"bom.json", `{"bomFormat": "CycloneDX", "components": ` + strings.Repeat(`[{"components": `, 30) + "[]" + strings.Repeat("}]", 30) + "}"},
		"too large":         {"package-lock.json", strings.Repeat(" ", maxLockfile+1)},
		"package.json":      {"package.json", "{"},
		"pyproject":         {"pyproject.toml", "a = " + deep},
		"bun":               {"bun.lockb", "\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			inv := Read(t.Context(), treeOf(map[string]string{test.file: test.text}), Options{})
			if len(inv.Gaps) == 0 {
				t.Errorf("no gap; modules: %v", inv.Modules)
			}
			for _, g := range inv.Gaps {
				if g.Subject != test.file || strings.ContainsAny(g.Reason, "\x00\x1b\n") || len(g.Reason) > 1000 {
					t.Errorf("gap: %+v", g)
				}
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// bomb is a pom.xml whose properties double forty times.
func bomb() string {
	var b strings.Builder
	b.WriteString("<project><properties><p0>xxxxxxxx</p0>")
	for i := range 40 {
		fmt.Fprintf(&b, "<p%d>${p%d}${p%d}</p%d>", i+1, i, i, i+1)
	}
	b.WriteString("</properties><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>${p40}</version></dependency></dependencies></project>")
	return b.String()
}

// TestLargePackageLock is the size that real repositories have: the time must
// not grow with the square of it.
func TestLargePackageLock(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"lockfileVersion": 3, "packages": {"": {"name": "app"}`)
	for i := range 5000 {
		fmt.Fprintf(&b, ",\n\"node_modules/p%d\": {\"version\": \"1.0.%d\", \"resolved\": \"https://packages.example.org/p/-/p-1.tgz\", \"integrity\": \"%s\", \"license\": \"MIT\"}", i, i, strings.Repeat("x", 600))
	}
	b.WriteString("}}")
	start := time.Now()
	inv := Read(t.Context(), treeOf(map[string]string{"package-lock.json": b.String()}), Options{})
	if len(inv.Modules) != 5000 || len(inv.Gaps) != 0 {
		t.Fatalf("%d modules, gaps %v", len(inv.Modules), inv.Gaps)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("%d bytes took %s", b.Len(), took)
	}
	if m := inv.Modules[0]; m.Licence != "MIT" || m.Location.Line != 2 {
		t.Errorf("%+v", m)
	}
}

// FuzzLockfile chooses the format by the first byte. No file may make a reader
// panic outside its containment, and what is neither read nor a gap is lost.
func FuzzLockfile(f *testing.F) {
	names := []string{"package-lock.json", "pnpm-lock.yaml", "yarn.lock", "poetry.lock", "uv.lock", "Pipfile.lock", "requirements.txt",
		"pom.xml", "gradle.lockfile", "Cargo.lock", "Gemfile.lock", "composer.lock", "packages.lock.json", "packages.config", "bom.json",
		"package.json", "pyproject.toml", "Cargo.toml", "Gemfile", "composer.json", "app.csproj", "Pipfile", "build.gradle"}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if i := slices.Index(names, filepath.Base(file.Name)); i >= 0 {
				f.Add(byte(i), file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		name := names[int(which)%len(names)]
		files := map[string]string{name: string(data)}
		if name == "Gemfile" {
			files["Gemfile.lock"] = "GEM\n  specs:\n    a (1.0)\n\nDEPENDENCIES\n  a\n"
		}
		inv := Read(t.Context(), treeOf(files), Options{})
		for i := range inv.Modules {
			m := &inv.Modules[i]
			if m.Ecosystem == "" || m.Path == "" || m.Manifest == "" || m.Licence == "" || len(m.Path) > maxText+3 || printable(m.Path) != m.Path || printable(m.Version) != m.Version {
				t.Errorf("%s: %+v", name, m)
			}
		}
		for _, g := range inv.Gaps {
			if g.Reason == "" || g.Subject == "" {
				t.Errorf("%s: %+v", name, g)
			}
		}
	})
}

package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// generated is the path of the modules made here.
const generated = "annotated.example/files"

// header is the go.mod around single files: the real modules they import, at
// fixed versions.
const header = `module ` + generated + `

go 1.26.0

require (
	github.com/BurntSushi/toml v1.4.0
	github.com/aws/aws-lambda-go v1.47.0
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
	github.com/go-pg/pg/v10 v10.14.0
	github.com/go-sql-driver/mysql v1.8.1
	github.com/gorilla/mux v1.8.1
	github.com/gorilla/sessions v1.2.2
	github.com/lib/pq v1.10.9
	github.com/robertkrimen/otto v0.5.1
	golang.org/x/crypto v0.31.0
	google.golang.org/grpc v1.67.1
	gorm.io/driver/mysql v1.5.7
	gorm.io/gorm v1.25.12
)
`

// module writes a module of files, each package in its own folder, and lets the
// go command complete go.mod and go.sum from its cache or its proxy. A module
// that cannot be had leaves the packages that need it without types; the scan
// says so.
func module(ctx context.Context, dir string, files map[string][]byte) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	if err := addMains(dir); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(header), 0o644); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "mod", "tidy", "-e")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("completing the module around single files: %w: %s", err, out)
	}
	return nil
}

// addMains gives every package main below dir that has no function main one in
// a file of its own. Such a package type-checks and cannot be linked: annotated
// files are rarely whole programs.
func addMains(dir string) error {
	lacking := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "vendor":
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil || f.Name.Name != "main" {
			return nil // what does not parse is the scan's to report
		}
		folder := filepath.Dir(p)
		has := slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && fn.Name.Name == "main"
		})
		if _, known := lacking[folder]; has {
			lacking[folder] = false
		} else if !known {
			lacking[folder] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	for folder, lacks := range lacking {
		if !lacks {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, "zz_main_of_score.go"), []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// single returns the Go files below a folder of single files, each in a folder
// of its own: "a/b.go" becomes "a/b/b.go".
func single(corpora, below string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(corpora, below), func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" {
			return err
		}
		rel, err := filepath.Rel(corpora, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		files[strings.TrimSuffix(rel, ".go")+"/"+path.Base(rel)], err = os.ReadFile(p)
		return err
	})
	return files, err
}

// unsingle undoes the renaming of single, for files and for folders.
func unsingle(name string) string {
	if path.Ext(name) == ".go" {
		return path.Dir(name) + ".go"
	}
	return name + ".go"
}

// samples reads the samples of gosec's own tests out of its source: for each,
// the files and how many findings of the rule it is named after it must give. A
// sample with settings of its own is left out and counted, because staylisted
// runs gosec with its defaults; so is one whose point is a suppression comment,
// because gosec is run without them.
func samples(dir string) (files map[string][]byte, rows []row, left int, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "g[0-9]*_samples.go"))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no samples in %s", dir)
	}
	if err != nil {
		return nil, nil, 0, err
	}
	files = map[string][]byte{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, 0, fmt.Errorf("reading gosec's samples: %w", err)
		}
		rule := strings.ToUpper(strings.TrimSuffix(filepath.Base(name), "_samples.go"))
		n := 0
		ast.Inspect(f, func(node ast.Node) bool {
			lit, ok := node.(*ast.CompositeLit)
			if !ok || lit.Type != nil {
				return true // only the elements of a []CodeSample have no type
			}
			sources, errors, plain := sample(lit)
			if sources == nil {
				return true
			}
			n++
			if !plain || errors < 0 || slices.ContainsFunc(sources, func(s string) bool {
				return strings.Contains(s, "#nosec") || strings.Contains(s, "gosec:disable")
			}) {
				left++
				return false
			}
			folder := fmt.Sprintf("gosec/%s/%02d", rule, n)
			for i, s := range sources {
				files[fmt.Sprintf("%s/file%d.go", folder, i)] = []byte(strings.TrimLeft(s, "\n"))
			}
			expect := "negative"
			if errors > 0 {
				expect = "positive"
			}
			rows = append(rows, row{File: folder, Topic: rule, Expect: expect, Source: "gosec", Rule: rule, Lang: "go"})
			return false
		})
	}
	return files, rows, left, nil
}

// sample reads one element of a []CodeSample; sources is nil for anything else.
func sample(lit *ast.CompositeLit) (sources []string, errors int, plain bool) {
	errors, plain = -1, true
	for i, e := range lit.Elts {
		key, value := "", e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				key, value = id.Name, kv.Value
			}
		}
		switch {
		case key == "Code" || key == "" && i == 0:
			code, ok := value.(*ast.CompositeLit)
			if !ok {
				return nil, 0, false
			}
			for _, s := range code.Elts {
				b, ok := s.(*ast.BasicLit)
				if !ok || b.Kind != token.STRING {
					return nil, 0, false
				}
				text, err := strconv.Unquote(b.Value)
				if err != nil {
					return nil, 0, false
				}
				sources = append(sources, text)
			}
		case key == "Errors" || key == "" && i == 1:
			if b, ok := value.(*ast.BasicLit); ok && b.Kind == token.INT {
				errors, _ = strconv.Atoi(b.Value)
			}
		case key == "Config" || key == "" && i == 2:
			call, ok := value.(*ast.CallExpr)
			plain = ok && len(call.Args) == 0 // gosec.NewConfig()
		}
	}
	return sources, errors, plain
}

// gosecSource is the folder of gosec's module.
func gosecSource(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/securego/gosec/v2").Output()
	if err != nil {
		return "", fmt.Errorf("looking for gosec's source (run score inside rules/scan/oracle, or give -samples): %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

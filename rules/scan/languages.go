package scan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// serverLanguages are languages that server code is written in, by file ending.
// Our rules see none of them. JavaScript and TypeScript run in browsers as well
// and are judged apart.
var serverLanguages = map[string]string{
	".py": "Python", ".rb": "Ruby", ".php": "PHP", ".java": "Java", ".kt": "Kotlin", ".kts": "Kotlin",
	".scala": "Scala", ".groovy": "Groovy", ".clj": "Clojure", ".cs": "C#", ".fs": "F#", ".vb": "Visual Basic",
	".rs": "Rust", ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".swift": "Swift", ".dart": "Dart",
	".pl": "Perl", ".pm": "Perl", ".lua": "Lua", ".hs": "Haskell", ".ml": "OCaml", ".cr": "Crystal", ".nim": "Nim",
	".c": "C", ".cc": "C++", ".cpp": "C++", ".cxx": "C++", ".zig": "Zig",
}

var scriptLanguages = map[string]string{
	".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript", ".jsx": "JavaScript",
	".ts": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript", ".tsx": "TypeScript",
}

// textFolders hold documentation, examples and tests: what stands there is
// neither served nor run by the product.
var textFolders = []string{"test", "tests", "testdata", "__tests__", "spec", "e2e", "fixtures", "examples", "example", "docs", "doc"}

// toolFolders hold code that people and pipelines run, not the product, by their
// usual names. A server that lives there is not seen; anywhere else it is.
var toolFolders = []string{"scripts", "script", "tools", "tool", "hack", "ci", "build", "contrib", "third_party", "benchmarks", "misc"}

// browserFolders are where a Go program keeps the files it serves.
var browserFolders = []string{
	"static", "public", "assets", "web", "www", "ui", "frontend", "client", "dist", "js", "html", "webui", "site", "wwwroot",
}

// A languageCount is the tracked code of the repository that is not Go.
type languageCount struct {
	coverage []rules.LanguageCoverage // server code we do not analyse
	browser  []string                 // JavaScript and TypeScript that looks like browser code
	html     []string
	examples []string // first files of the uncovered languages, for people
}

// countLanguages sorts the repository's other files. Code whose place and
// neighbours say that it runs in a browser does not count as server code; what
// cannot be told apart does, because its silence would be a false green.
func countLanguages(t *walk, tracked map[string]bool) languageCount {
	var out languageCount
	byLanguage := map[string]*rules.LanguageCoverage{}
	servers := nodeServers(t)
	for _, rel := range t.files {
		folders := strings.Split(path.Dir(rel), "/")
		if tracked != nil && !tracked[rel] || slices.ContainsFunc(folders, onlyText) {
			continue
		}
		ext := strings.ToLower(path.Ext(rel))
		language := serverLanguages[ext]
		switch {
		case ext == ".html" || ext == ".htm" || ext == ".gohtml" || ext == ".tmpl" && strings.Contains(path.Base(rel), "html") || ext == ".templ":
			out.html = append(out.html, rel)
			continue
		case scriptLanguages[ext] != "":
			if !servedByNode(rel, servers) {
				out.browser = append(out.browser, rel)
				continue
			}
			language = scriptLanguages[ext]
		}
		if language == "" || generatedName(rel) || slices.ContainsFunc(folders, notServed) {
			continue
		}
		c := byLanguage[language]
		if c == nil {
			c = &rules.LanguageCoverage{Language: language}
			byLanguage[language] = c
			out.examples = append(out.examples, rel)
		}
		c.Files++
		if info, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(rel))); err == nil {
			c.Bytes += info.Size()
		}
	}
	for _, language := range slices.Sorted(maps.Keys(byLanguage)) {
		out.coverage = append(out.coverage, *byLanguage[language])
	}
	return out
}

func onlyText(folder string) bool {
	return slices.Contains(textFolders, strings.ToLower(folder)) || strings.HasPrefix(folder, ".") && folder != "."
}

func notServed(folder string) bool { return slices.Contains(toolFolders, strings.ToLower(folder)) }

// generatedName reports file names that tools write.
func generatedName(rel string) bool {
	base := path.Base(rel)
	return strings.Contains(base, ".min.") || strings.Contains(base, ".bundle.") || strings.HasSuffix(base, ".d.ts") ||
		strings.Contains(base, ".config.") || strings.HasSuffix(base, "_pb2.py") || strings.Contains(base, ".test.") || strings.Contains(base, ".spec.")
}

// A nodePackage is a folder with a package.json.
type nodePackage struct {
	dir    string
	server bool
}

// serverModules are npm packages that make a program a server.
var serverModules = []string{
	"express", "fastify", "koa", "@hapi/hapi", "hapi", "@nestjs/core", "restify", "next", "nuxt", "@sveltejs/adapter-node",
	"@remix-run/node", "polka", "hono", "@hono/node-server", "apollo-server", "@apollo/server", "socket.io", "ws",
	"@mondaycom/apps-sdk", "aws-lambda", "@azure/functions", "firebase-functions", "@google-cloud/functions-framework",
	"pg", "mysql", "mysql2", "mongodb", "mongoose", "sequelize", "typeorm", "@prisma/client", "passport",
}

// browserModules are npm packages that only a program for browsers uses, or that
// bundle one.
var browserModules = []string{
	"react", "react-dom", "preact", "vue", "svelte", "@angular/core", "solid-js", "lit", "alpinejs", "htmx.org", "jquery", "bootstrap",
	"vite", "webpack", "rollup", "parcel", "esbuild", "@rsbuild/core", "@rspack/core", "tailwindcss", "sass", "d3", "leaflet", "@hotwired/stimulus",
	"@hotwired/turbo", "monaco-editor", "codemirror", "swagger-ui-dist", "monday-sdk-js",
}

// nodeServers reads every package.json outside dependency folders.
func nodeServers(t *walk) []nodePackage {
	var out []nodePackage
	for _, rel := range t.files {
		if path.Base(rel) != "package.json" {
			continue
		}
		data, err := readLimited(filepath.Join(t.root, filepath.FromSlash(rel)), 1<<20)
		if err != nil {
			continue
		}
		var file struct {
			Dependencies    map[string]json.RawMessage `json:"dependencies"`
			DevDependencies map[string]json.RawMessage `json:"devDependencies"`
			Bin             json.RawMessage            `json:"bin"`
			Scripts         map[string]string          `json:"scripts"`
		}
		if json.NewDecoder(bytes.NewReader(data)).Decode(&file) != nil {
			continue
		}
		has := func(names []string) bool {
			return slices.ContainsFunc(names, func(name string) bool {
				_, runs := file.Dependencies[name]
				_, builds := file.DevDependencies[name]
				return runs || builds
			})
		}
		start := strings.Fields(file.Scripts["start"])
		starts := len(start) > 0 && slices.Contains([]string{"node", "ts-node", "tsx", "bun", "deno", "pm2"}, start[0])
		browser := has(browserModules) || slices.ContainsFunc(strings.Split(rel, "/"), servedFolder)
		out = append(out, nodePackage{dir: path.Dir(rel), server: has(serverModules) || starts || len(file.Bin) > 0 || !browser})
	}
	// The innermost package decides.
	slices.SortFunc(out, func(a, b nodePackage) int {
		return cmp.Or(-cmp.Compare(len(a.dir), len(b.dir)), cmp.Compare(a.dir, b.dir))
	})
	return out
}

// servedByNode reports whether a script belongs to a package that runs a
// server, or stands on its own outside the folders Go programs serve.
func servedByNode(rel string, packages []nodePackage) bool {
	for _, p := range packages {
		if p.dir == "." || strings.HasPrefix(rel, p.dir+"/") {
			return p.server
		}
	}
	return !slices.ContainsFunc(strings.Split(path.Dir(rel), "/"), servedFolder)
}

func servedFolder(elem string) bool { return slices.Contains(browserFolders, strings.ToLower(elem)) }

// readRegular reads up to limit bytes of a regular file. It does not wait for
// somebody to write into a pipe.
func readRegular(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file; name one", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// readLimited reads a file of at most limit bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", filepath.Base(name), limit)
	}
	return data, err
}

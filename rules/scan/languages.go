package scan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// serverLanguages are languages that server code is written in, by file ending,
// with the pages that such code fills in. Our rules see none of them. JavaScript
// and TypeScript run in browsers as well and are judged apart.
var serverLanguages = map[string]string{
	".py": "Python", ".rb": "Ruby", ".php": "PHP", ".java": "Java", ".kt": "Kotlin", ".kts": "Kotlin",
	".scala": "Scala", ".groovy": "Groovy", ".clj": "Clojure", ".cs": "C#", ".fs": "F#", ".vb": "Visual Basic",
	".rs": "Rust", ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".swift": "Swift", ".dart": "Dart",
	".pl": "Perl", ".pm": "Perl", ".lua": "Lua", ".hs": "Haskell", ".ml": "OCaml", ".cr": "Crystal", ".nim": "Nim",
	".c": "C", ".cc": "C++", ".cpp": "C++", ".cxx": "C++", ".zig": "Zig", ".d": "D", ".r": "R", ".jl": "Julia", ".tcl": "Tcl",
	".php5": "PHP", ".php7": "PHP", ".phtml": "PHP", ".twig": "PHP", ".jsp": "Java", ".jspx": "Java",
	".erb": "Ruby", ".rhtml": "Ruby", ".haml": "Ruby", ".slim": "Ruby", ".liquid": "Ruby",
	".cshtml": "C#", ".razor": "C#", ".aspx": "C#", ".ascx": "C#", ".asmx": "C#", ".vbhtml": "Visual Basic", ".asp": "ASP",
	".cfm": "ColdFusion", ".cfc": "ColdFusion", ".cgi": "CGI", ".fcgi": "CGI",
}

// scriptLanguages run on servers or in browsers, by their package and place.
var scriptLanguages = map[string]string{
	".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript", ".jsx": "JavaScript",
	".ts": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript", ".tsx": "TypeScript",
	".vue": "JavaScript", ".svelte": "JavaScript", ".astro": "JavaScript", ".coffee": "CoffeeScript",
	".ejs": "JavaScript", ".hbs": "JavaScript", ".handlebars": "JavaScript", ".pug": "JavaScript", ".jade": "JavaScript", ".njk": "JavaScript",
}

// componentEndings are of files that describe pages with the scripts in them.
// They run in browsers, also where a server runs them first.
var componentEndings = []string{".jsx", ".tsx", ".vue", ".svelte", ".astro"}

// templateEndings are of files, beside HTML itself, that a program makes pages
// of. An address in them is a link of a page more often than a call.
var templateEndings = []string{
	".tmpl", ".gotmpl", ".tpl", ".templ", ".mustache", ".j2", ".jinja", ".jinja2", ".xhtml", ".phtml", ".twig", ".jsp", ".jspx", ".erb", ".rhtml", ".haml", ".slim",
	".liquid", ".cshtml", ".vbhtml", ".razor", ".aspx", ".ascx", ".asp", ".cfm", ".ejs", ".hbs", ".handlebars", ".pug", ".jade", ".njk",
}

// pageEndings are further files that pages are often written into.
var pageEndings = []string{".php", ".php5", ".php7"}

// interpreters are the languages of programs that name theirs in the first line.
var interpreters = []struct{ name, language string }{
	{"python", "Python"}, {"ruby", "Ruby"}, {"node", "JavaScript"}, {"deno", "JavaScript"}, {"bun", "JavaScript"}, {"perl", "Perl"}, {"php", "PHP"},
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
	sources  []string                 // its files
	browser  []string                 // JavaScript and TypeScript that looks like browser code, and pages that hold some
	html     []string
	examples []string // first files of the uncovered languages, for people
}

// add counts a file as server code.
func (c *languageCount) add(t *walk, rel, language string) {
	i, found := slices.BinarySearchFunc(c.coverage, language, func(l rules.LanguageCoverage, name string) int { return strings.Compare(l.Language, name) })
	if !found {
		c.coverage = slices.Insert(c.coverage, i, rules.LanguageCoverage{Language: language})
		c.examples = append(c.examples, rel)
	}
	c.coverage[i].Files++
	if info, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(rel))); err == nil {
		c.coverage[i].Bytes += info.Size()
	}
	c.sources = append(c.sources, rel)
}

// countLanguages sorts the repository's other files. Code whose place and
// neighbours say that it runs in a browser does not count as server code; what
// cannot be told apart does, because its silence would be a false green. Where
// there is neither Go nor server code, the scripts for browsers are the product
// and count.
func countLanguages(t *walk, tracked map[string]bool) languageCount {
	var out languageCount
	servers := nodeServers(t)
	scripts := map[string]string{} // browser code of its own file, with its language
	for _, rel := range t.files {
		folders := strings.Split(path.Dir(rel), "/")
		if tracked != nil && !tracked[rel] || slices.ContainsFunc(folders, onlyText) {
			continue
		}
		ext := strings.ToLower(path.Ext(rel))
		language := serverLanguages[ext]
		html := ext == ".html" || ext == ".htm" || ext == ".gohtml" || ext == ".tmpl" && strings.Contains(path.Base(rel), "html") || ext == ".templ"
		scripted := slices.Contains(componentEndings, ext) ||
			(html || slices.Contains(templateEndings, ext) || slices.Contains(pageEndings, ext)) && holdsScript(filepath.Join(t.root, filepath.FromSlash(rel)))
		served := !generatedName(rel) && !slices.ContainsFunc(folders, notServed)
		if script := scriptLanguages[ext]; script != "" {
			if servedByNode(rel, servers) {
				language = script
			} else {
				scripted = true
				if served {
					scripts[rel] = script
				}
			}
		}
		if html {
			out.html = append(out.html, rel)
		}
		if scripted {
			out.browser = append(out.browser, rel)
		}
		if served && (ext == "" || language == "CGI") {
			language = cmp.Or(interpreted(filepath.Join(t.root, filepath.FromSlash(rel))), language)
		}
		if language != "" && served {
			out.add(t, rel, language)
		}
	}
	if t.withoutGo() && len(out.sources) == 0 {
		for _, rel := range out.browser {
			if language := scripts[rel]; language != "" {
				out.add(t, rel, language)
			}
		}
	}
	return out
}

// withoutGo reports whether the repository holds no Go code at all.
func (t *walk) withoutGo() bool { return len(t.modules) == 0 && len(t.goFiles) == 0 }

// count is how many files of code there are.
func (c *languageCount) count() int {
	all := slices.Concat(c.sources, c.browser)
	slices.Sort(all)
	return len(slices.Compact(all))
}

// interpreted returns the language of the interpreter that the first line of a
// program names, or "".
func interpreted(name string) string {
	line, err := readRegular(name, 200)
	if err != nil || !bytes.HasPrefix(line, []byte("#!")) {
		return ""
	}
	line, _, _ = bytes.Cut(line, []byte("\n"))
	for word := range strings.FieldsSeq(string(line[2:])) {
		for _, i := range interpreters {
			if strings.HasPrefix(path.Base(word), i.name) {
				return i.language
			}
		}
	}
	return ""
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

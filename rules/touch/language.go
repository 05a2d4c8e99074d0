package touch

import (
	"path"
	"strings"
)

// A language says how a kind of file is cut into tokens.
type language struct {
	name string
	// config names the reader of files that hold keys and values, not statements.
	config string
	line   []string // what starts a comment to the end of the line
	block  bool     // has /* comments */
	raw    byte     // quotes a string over several lines without escapes ('`'), or 0
	triple bool     // has """strings"""
	indent bool     // blocks are indented instead of in braces
	markup bool     // may hold tags
}

var (
	goLanguage = &language{name: "go", line: []string{"//"}, block: true, raw: '`'}
	js         = &language{name: "js", line: []string{"//"}, block: true, raw: '`'}
	jsx        = &language{name: "js", line: []string{"//"}, block: true, raw: '`', markup: true}
	python     = &language{name: "python", line: []string{"#"}, triple: true, indent: true}
	cLike      = &language{name: "c", line: []string{"//"}, block: true}
	hashed     = &language{name: "script", line: []string{"#"}}
	markup     = &language{name: "markup", markup: true}

	languages = map[string]*language{
		".go": goLanguage,
		".js": js, ".mjs": js, ".cjs": js, ".ts": js, ".mts": js, ".cts": js,
		".jsx": jsx, ".tsx": jsx, ".vue": jsx, ".svelte": jsx,
		".py":   python,
		".java": cLike, ".kt": cLike, ".cs": cLike, ".rs": cLike, ".php": cLike, ".scala": cLike, ".swift": cLike, ".c": cLike, ".h": cLike, ".cc": cLike, ".cpp": cLike,
		".proto": cLike, ".prisma": cLike,
		".rb": hashed, ".ex": hashed, ".exs": hashed,
		".html": markup, ".tmpl": markup, ".gohtml": markup,

		".sh":  {name: "script", config: "script", line: []string{"#"}},
		".sql": {name: "sql", config: "sql", line: []string{"--"}, block: true},
		".yml": {name: "yaml", config: "keys", line: []string{"#"}}, ".yaml": {name: "yaml", config: "keys", line: []string{"#"}},
		".toml": {name: "toml", config: "keys", line: []string{"#"}}, ".ini": {name: "ini", config: "keys", line: []string{"#", ";"}},
		".cfg": {name: "ini", config: "keys", line: []string{"#", ";"}}, ".conf": {name: "ini", config: "keys", line: []string{"#", ";"}},
		".properties": {name: "ini", config: "keys", line: []string{"#"}},
		".json":       {name: "json", config: "keys"}, ".jsonc": {name: "json", config: "keys", line: []string{"//"}, block: true},
		".tf": {name: "hcl", config: "hcl", line: []string{"#", "//"}, block: true}, ".tfvars": {name: "hcl", config: "keys", line: []string{"#", "//"}},
		".hcl": {name: "hcl", config: "hcl", line: []string{"#", "//"}, block: true},
		".env": {name: "env", config: "keys", line: []string{"#"}},
	}
	dockerfile   = &language{name: "dockerfile", config: "docker", line: []string{"#"}}
	manifestFile = &language{name: "manifest", config: "manifest"}
)

// languageOf returns the language of a file, or nil for one that holds neither
// statements nor settings, such as a picture or a style sheet.
func languageOf(name string) *language {
	base := strings.ToLower(path.Base(name))
	switch {
	case base == "go.mod", base == "package.json", base == "pyproject.toml", base == "pipfile",
		strings.HasPrefix(base, "requirements") && hasSuffix(base, ".txt", ".in"):
		return manifestFile
	case base == ".env" || strings.HasPrefix(base, ".env."):
		return languages[".env"]
	case base == "dockerfile", strings.HasPrefix(base, "dockerfile."), strings.HasSuffix(base, ".dockerfile"), base == "containerfile":
		return dockerfile
	}
	return languages[path.Ext(strings.TrimSuffix(base, ".tmpl"))]
}

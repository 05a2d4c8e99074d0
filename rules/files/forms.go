package files

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/staylisted/staylisted/rules"
)

// Input validation in the browser

// A field is a form field that takes free text.
type field struct {
	tag         tag
	constrained bool
	unknown     bool // a template puts attributes in
}

// freeText are types of input that take any text; constrainedTypes make the
// browser check it.
var (
	freeText         = []string{"", "text", "password", "tel"}
	constrainedTypes = []string{"email", "url", "number", "date", "datetime-local", "month", "time", "week", "color", "range"}
	constraints      = []string{"required", "pattern", "maxlength", "minlength", "min", "max", "step"}
)

// formFields returns the fields of a page's forms that take text, and how many
// forms there are. Search boxes take anything on purpose.
func formFields(tags []tag) (fields []field, forms int) {
	inside := false
	for _, t := range tags {
		switch t.atom {
		case atom.Form:
			inside = !t.closed
			if inside {
				forms++
			}
		case atom.Input, atom.Textarea:
			if t.closed || !inside {
				continue
			}
			kind, _ := t.attr("type")
			kind = strings.ToLower(kind)
			name, _ := t.attr("name")
			if t.atom == atom.Input && !slices.Contains(freeText, kind) && !slices.Contains(constrainedTypes, kind) && !filled(kind) ||
				slices.Contains([]string{"q", "query", "search", "filter"}, strings.ToLower(name)) {
				continue
			}
			if _, off := t.attr("disabled"); off {
				continue
			}
			if _, off := t.attr("readonly"); off {
				continue
			}
			f := field{tag: t, unknown: t.unknown || filled(kind), constrained: slices.Contains(constrainedTypes, kind)}
			for _, c := range constraints {
				if _, has := t.attr(c); has {
					f.constrained = true
				}
			}
			fields = append(fields, f)
		}
	}
	return fields, forms
}

// schemaLibraries check values against a schema, in browsers as well.
var schemaLibraries = []string{"zod", "yup", "joi", "valibot", "ajv", "@hapi/joi", "superstruct", "@sinclair/typebox", "vee-validate", "@vuelidate/core", "class-validator", "arktype"}

// imports finds what a script imports: static and dynamic imports and require.
var imports = regexp.MustCompile("(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*|\\brequire\\s*\\(\\s*)[\"'`]([^\"'`\\s]{1,200})[\"'`]")

// schemaImport returns the schema library a script imports, "" when none.
func schemaImport(script []byte) string {
	for _, m := range imports.FindAllSubmatch(blankComments(script), 10_000) {
		name := string(m[1])
		for _, library := range schemaLibraries {
			if name == library || strings.HasPrefix(name, library+"/") {
				return library
			}
		}
	}
	return ""
}

// maxPageFindings bounds the findings of one page.
const maxPageFindings = 200

// scriptEndings are files of JavaScript and what is compiled to it.
var scriptEndings = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro"}

// maxScript is how much of a script is read.
const maxScript = 8 << 20

// browserScript reports names of scripts that people write for the product.
func browserScript(name string) bool {
	return slices.Contains(scriptEndings, strings.ToLower(path.Ext(name))) && shipped(name) && !generated(name) && !testFile(name) && !strings.Contains(path.Base(name), ".config.")
}

// holes is a stretch that a template puts in.
var holes = regexp.MustCompile("\x01+")

// clientValidation judges forms and scripts.
type clientValidation struct {
	pages   int
	forms   int
	fields  []field
	scripts int
	library string
	from    string // file that imports it
}

// weigh says what is shown for input-validation-client.
func (v *clientValidation) weigh(g *rules.Gathered, opts Options) {
	const control = "input-validation-client"
	var open []string
	unknown := 0
	for _, f := range v.fields {
		switch {
		case f.constrained:
		case f.unknown:
			unknown++
		default:
			name, _ := f.tag.attr("name")
			open = append(open, fmt.Sprintf("%s at %s:%d", quote(cmp.Or(holes.ReplaceAllString(name, "…"), "a field")), printable(f.tag.at.Path), f.tag.at.Line))
		}
	}
	observe := func(text, link string) {
		g.Observations = append(g.Observations, rules.Observation{Verifier: htmlVerifier, Control: control, Letter: "M", At: opts.Now.UTC(), Text: text, Link: printable(link)})
	}
	text := ""
	switch {
	case len(open) == 0 && len(v.fields) > unknown && unknown == 0:
		observe(fmt.Sprintf("every text field of %d forms carries a constraint (%d fields)", v.forms, len(v.fields)), v.fields[0].tag.at.Path)
		return
	case v.library != "" && len(open) == 0:
		observe(fmt.Sprintf("%s checks values against schemas (imported by %s)", v.library, printable(v.from)), v.from)
		return
	case v.library != "" && len(v.fields) > 0:
		// The library may check other forms than these.
		text = fmt.Sprintf("%s is imported by %s, but %d text fields of HTML forms carry no constraint: %s.", v.library, printable(v.from), len(open), list(open))
	case len(open) > 0:
		text = fmt.Sprintf("%d text fields of forms carry no constraint: %s.", len(open), list(open))
	case unknown > 0:
		text = fmt.Sprintf("%d text fields get their attributes from a template, so whether they carry constraints is not known.", unknown)
	case v.scripts == 0 && v.pages > 0 && v.forms == 0:
		observe(fmt.Sprintf("none of %d pages has a form, and there are no scripts that could send input", v.pages), "")
		return
	case v.forms > 0 && len(v.fields) == 0 && v.scripts == 0:
		observe(fmt.Sprintf("no text field stands in the %d forms, and there are no scripts that could send input", v.forms), "")
		return
	case v.pages == 0 && v.scripts == 0:
		text = "No page, template or script was found that could check input before it is sent."
	default:
		text = "No HTML form with constraints was found and no script imports a schema library (zod, yup, joi, valibot, ajv)."
	}
	g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: htmlVerifier, Control: control, In: ".github/staylisted.yml",
		Text:    text + " Give the fields `required`, `pattern`, `type` or `maxlength`, check them with a schema library, or attest it where the interface lives elsewhere.",
		Snippet: attestationSnippet("DRUVA-SC-10", "Forms check length, type and format of every field before they send it", opts.Now, 365)})
}

// pages runs the verifiers that read pages and scripts.
func (r *repository) pages() (g rules.Gathered) {
	rd := r.reading()
	v := &clientValidation{}
	own := ownHosts(r.opts.Endpoints)
	var inline []inlinePage
	var names []string
	rd.each(func(name string) bool { return kindOfPage(name) != noPage }, maxPage, func(name string, data []byte) {
		tags := readPage(name, kindOfPage(name), data)
		if len(tags) == 0 {
			return
		}
		v.pages++
		found := missingSRI(tags, own)
		g.Findings = append(g.Findings, found[:min(len(found), maxPageFindings)]...)
		if kindOfPage(name) != jsxPage {
			// JSX writes handlers like attributes; they are none.
			inline = append(inline, inlineOf(tags))
			names = append(names, name)
		}
		fields, forms := formFields(tags)
		v.fields, v.forms = append(v.fields, fields...), v.forms+forms
		for _, t := range tags {
			if t.atom == atom.Script && !t.closed && t.content != "" {
				v.scripts++
				if library := schemaImport([]byte(t.content)); library != "" && v.library == "" {
					v.library, v.from = library, name
				}
			}
		}
	})
	rd.end(&g, sriRule)

	conflicts := slices.ContainsFunc(inline, func(p inlinePage) bool { return len(p.scripts) > 0 })
	allowed := func(string) bool { return false }
	if conflicts {
		allowed = r.policyHashes()
	}
	for i, p := range inline {
		g.Findings = append(g.Findings, inlineConflicts(names[i], p, allowed)...)
	}
	rd.end(&g, inlineRule)

	rd.each(browserScript, maxScript, func(name string, data []byte) {
		v.scripts++
		if v.library == "" {
			if library := schemaImport(data); library != "" {
				v.library, v.from = library, name
			}
		}
	})
	v.weigh(&g, r.opts)
	rd.end(&g, htmlVerifier)
	return g
}

// policyHash is a hash as a Content Security Policy writes it.
var policyHash = regexp.MustCompile(`sha(?:256|384|512)-[A-Za-z0-9+/_-]{43,88}={0,2}`)

// policyHashes collects the hashes that stand in the repository's text: code,
// pages and configuration. A file that cannot be read has none; that leaves a
// finding, never hides one.
func (r *repository) policyHashes() func(string) bool {
	set := map[string]bool{}
	for _, name := range r.tree.Names() {
		switch strings.ToLower(path.Ext(name)) {
		case ".go", ".html", ".htm", ".tmpl", ".gohtml", ".templ", ".yml", ".yaml", ".json", ".toml", ".conf", ".js", ".ts", "":
		default:
			continue
		}
		if inFolder(name, vendoredFolders) || r.ctx.Err() != nil {
			continue
		}
		data, err := r.tree.Read(name, 1<<20)
		if err != nil {
			continue
		}
		for _, h := range policyHash.FindAll(data, 10_000) {
			set[string(h)] = true
		}
	}
	return func(source string) bool { return set[source] }
}

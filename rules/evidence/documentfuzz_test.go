package evidence

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// FuzzDocument: no Markdown crashes the reader; places lie inside the text; what
// is told holds no control characters; and no document proves when one of its
// required headings is not in it at all.
func FuzzDocument(f *testing.F) {
	for i := range documentTable {
		f.Add([]byte(goodDocument(&documentTable[i])))
		f.Add([]byte(Skeleton(documentTable[i].id)))
	}
	f.Add([]byte("---\r\ncompliance: [logging, audit]\r\nowner: @a\r\n...\r\nA\r\n=\r\n- # B\r\n> ## C\r\n```mermaid\r\nx\r\n"))
	f.Add([]byte("---\n? [a]\n: b\ncompliance: !!str logging\n---\n|a|\n|-|\n|b|\n<!-- x\n\n## Events"))
	policy := &File{Name: PolicyPath, Data: []Data{{Name: "contact email", Class: "pii", Retention: Duration{"P90D", 90 * day}}}, Marketplaces: []Marketplace{{ID: "apollo", Scopes: []string{"a", "contacts_read"}}}}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := readPage(src)
		if err != nil {
			return
		}
		lines := 1 + bytes.Count(bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n")), []byte("\n"))
		for i, h := range p.headings {
			if h.line < 1 || h.line > lines || i > 0 && h.line < p.headings[i-1].line {
				t.Fatalf("heading %q in line %d of %d", h.title, h.line, lines)
			}
		}
		for _, b := range p.blocks {
			if b.line < 1 || b.line > lines || b.heading >= len(p.headings) {
				t.Fatalf("block %q in line %d of %d below %d", b.text, b.line, lines, b.heading)
			}
		}
		in := Input{File: policy, Tree: tree.New(fstest.MapFS{}, nil, nil), Now: asOf, People: map[string]rules.Ternary{"@a": rules.False},
			Facts: []rules.Fact{fact("hosts", "api.apollo.io"), fact("route-table", "GET /v1/contacts"), fact("sql", "database/sql")}}
		for i := range documentTable {
			kind := &documentTable[i]
			if i != len(src)%len(documentTable) && !slices.Contains(p.front.kinds, kind.id) {
				continue // all of them take too long for many tries
			}
			d := newDocument(&in, kind, "a.md", true, p)
			proved := d.prove(&in)
			told := d.shortfall(&proved, kind.control).Text
			if len(proved.lacks) == 0 {
				told = d.observation(&proved, kind.control).Text
				for s := range kind.sections {
					if part := d.part(s); !part.found || part.count < minWords {
						t.Fatalf("%s proves without %s", kind.id, kind.sections[s].heading)
					}
				}
				if proved.expires.IsZero() || d.front.owner == "" {
					t.Fatalf("%s proves for ever, or by nobody", kind.id)
				}
			}
			for _, found := range append(proved.against, d.behind(&in)...) {
				told += found.Message
			}
			if !utf8.ValidString(told) || strings.ContainsFunc(told, hidden) {
				t.Fatalf("hidden characters in %q", told)
			}
		}
	})
}

// FuzzSecurityTxt: nothing crashes, and what counts has a contact and one end.
func FuzzSecurityTxt(f *testing.F) {
	f.Add([]byte("Contact: mailto:a@b.example\nExpires: 2027-01-01T00:00:00Z\n"))
	f.Add([]byte("-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: x\r\n\r\n- Contact: tel:123\r\nExpires: 2027-01-01t00:00:00z\r\n-----BEGIN PGP SIGNATURE-----"))
	f.Add([]byte("CANONICAL: https://[::1/\nContact:\nExpires: now\n:\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, problems := readSecurityTxt(src)
		if len(problems) == 0 && (file.contacts == 0 || file.expires.IsZero() || strings.Count(strings.ToLower(string(src)), "expires:") < 1) {
			t.Fatalf("%+v counts", file)
		}
		if told := strings.Join(problems, ""); strings.ContainsFunc(told, hidden) {
			t.Fatalf("hidden characters in %q", told)
		}
	})
}

// FuzzSecurityInsights: a file comes back or errors that point into the text.
func FuzzSecurityInsights(f *testing.F) {
	f.Add([]byte(goodInsights))
	f.Add([]byte("header: &a {schema-version: 2.0.0, last-reviewed: 2026-10-04}\nproject: *a\n"))
	f.Add([]byte("header:\n  schema-version: [2]\n? {a: b}\n: c\n"))
	f.Add([]byte("repository: {security: {tools: [x, {type: SAST, integration: {ci: maybe}}], assessments: {third-party: [{evidence: ':'}]}}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		si, errs := readInsights("si.yml", src)
		if (si == nil) != (len(errs) > 0) {
			t.Fatalf("%v with %d errors", si, len(errs))
		}
		lines := bytes.Count(src, []byte("\n")) + 1
		for _, e := range errs {
			if e.Line < 1 || e.Line > lines || e.Column < 1 || e.Message == "" || e.Advice == "" || strings.ContainsFunc(e.Error(), hidden) {
				t.Fatalf("error of a text of %d lines: %+v", lines, e)
			}
		}
		if si != nil && (si.lastReviewed.IsZero() || !strings.HasPrefix(si.version, "2.")) {
			t.Fatalf("%+v counts", si)
		}
	})
}

// FuzzCodeowners: nothing crashes, and a file without a line that fits owns
// nothing.
func FuzzCodeowners(f *testing.F) {
	f.Add([]byte("* @a\n/docs/ @b/c # x\n"), PolicyPath)
	f.Add([]byte("a\\ b/** x@y.example\n!z\n[a-z] @a\n**/** @a\n"), "a b/c")
	f.Add([]byte("\xff**?\t@a\n/\t@a\n"), "x")
	f.Fuzz(func(t *testing.T, src []byte, name string) {
		lines, problems := readCodeowners(src)
		if owned(lines, name) && !bytes.Contains(src, []byte("@")) {
			t.Fatalf("%q is owned by nobody", name)
		}
		for _, p := range problems {
			if strings.ContainsFunc(p, hidden) {
				t.Fatalf("hidden characters in %q", p)
			}
		}
	})
}

// TestHostileDocuments: the largest file that is read takes seconds at most,
// whatever is in it.
func TestHostileDocuments(t *testing.T) {
	const front = "---\ncompliance: [retention, architecture, incident-response]\nowner: '@a'\nreviewed: 2026-10-04\n---\n"
	for name, unit := range map[string]string{
		"headings": "# Retention periods\n", "deep headings": "###### Retention periods, APIs and roles P1D\nP1D\n", "brackets": "[", "images": "![", "emphasis": "**a ", "comments": "<!-- ", "tags": "<a ",
		"quotes": ">", "lists": "- ", "rows": "|a|\n|-|\n", "fences": "```\n", "definitions": "[a]: b\n", "ticks": "`", "paths": "/a", "dates": "2026-05-02, ", "scripts": "<script>", "parentheses": "](", "words": "a ",
	} {
		head := front + "# T\n\n## Retention periods\n\n"
		text := head + strings.Repeat(unit, (maxDocument-len(head))/len(unit))
		policy := &File{Name: PolicyPath, Data: []Data{{Name: "contact email", Class: "pii", Retention: Duration{"P90D", 90 * day}}}}
		in := Input{File: policy, Catalogue: catalogue(t), Tree: tree.New(fstest.MapFS{"a.md": {Data: []byte(text)}}, []string{"a.md"}, nil), Now: asOf}
		began := time.Now()
		documents(&in)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		} else if took > time.Second {
			t.Logf("%s: %v", name, took)
		}
	}
}

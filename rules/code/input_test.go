package code

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// TestSourceTables holds that every entry names a medium and a callee of one or
// two parts.
func TestSourceTables(t *testing.T) {
	for what, tables := range map[string]map[string]map[string]sourceInfo{"calls": sourceCalls, "fields": sourceFields, "fills": fillCalls} {
		for path, entries := range tables {
			if path != cleanPath(path) {
				t.Errorf("%s: %s is not a clean path", what, path)
			}
			for callee, info := range entries {
				if info.medium == 0 || info.medium.words() == "input" {
					t.Errorf("%s: %s %s has no medium", what, path, callee)
				}
				if n := strings.Count(callee, "."); n > 1 || what == "fields" && n != 1 || strings.HasPrefix(callee, ".") {
					t.Errorf("%s: %s %q is no callee", what, path, callee)
				}
			}
		}
	}
}

func TestSinkTables(t *testing.T) {
	for name, table := range map[string]sinkTable{
		"sql": sqlDBSinks, "template": templateSinks, "decode": decodeSinks, "log": logSinks, "redirect": redirectSinks, "file": fileSinks, "query": queryTexts, "first": firstTexts,
		"filter": filterSinks, "script": scriptSinks, "html": htmlCalls, "typed": typedCalls, "plain": plainCalls, "jump": jumpSinks, "header": headerCalls, "http": httpSinks,
		"client": clientSinks, "library log": libraryLogs, "text template": templateSinksText,
	} {
		for path, callees := range table {
			if path != cleanPath(path) {
				t.Errorf("%s: %s is not a clean path", name, path)
			}
			for callee, args := range callees {
				if len(args) == 0 || strings.Count(callee, ".") > 1 {
					t.Errorf("%s: %s %q names no argument of a callee", name, path, callee)
				}
				for _, i := range args {
					if i < 0 || i > 5 {
						t.Errorf("%s: %s %s: argument %d", name, path, callee, i)
					}
				}
			}
		}
	}
}

func TestFixed(t *testing.T) {
	for _, test := range []struct {
		text       string
		host, jump bool
	}{
		{"https://api.example.com/", true, true},
		{"https://api.example.com?q=", true, true},
		{"//localhost/", true, true},
		{"https://api.example.com", false, false}, // ".evil.example" or "@evil.example" may follow
		{"https://", false, false},
		{"https://user@", false, false},
		{"api.example.com/", true, true},
		{"api.example.com:443/", true, false}, // reads as a scheme
		{"/items/", true, true},
		{"/", true, false},   // "/evil.example" may follow
		{"/\\", true, false}, // browsers read it as "//"
		{"//", true, false},
		{"?next=", false, true},
		{"#", false, true},
		{"", false, false},
		{"javascript:", false, false},
	} {
		host := &taint{need: need{use: useHost}}
		jump := &taint{need: need{use: useJump}}
		if got := host.fixed(test.text); got != test.host {
			t.Errorf("host fixed by %q: got %v", test.text, got)
		}
		if got := jump.fixed(test.text); got != test.jump {
			t.Errorf("target fixed by %q: got %v", test.text, got)
		}
	}
}

func TestStrictTags(t *testing.T) {
	for tag, want := range map[string]bool{
		`binding:"required,alphanum"`:           true,
		`json:"id" validate:"uuid4"`:            true,
		`validate:"oneof=asc desc"`:             true,
		`validate:"omitempty,numeric"`:          true,
		`binding:"required"`:                    false,
		`validate:"required,min=3,max=40"`:      false,
		`validate:"url"`:                        false,
		`json:"alphanum"`:                       false,
		`form:"numeric" binding:"required,uri"`: false,
	} {
		if got := strictTags.MatchString(tag); got != want {
			t.Errorf("%s: got %v", tag, got)
		}
	}
}

func TestCleaning(t *testing.T) {
	for name, want := range map[string]bool{
		"SanitizeHTML": true, "escapeString": true, "quoteIdentifier": true, "slugify": true,
		"unescapeHTML": false, "Cleanup": false, "queue": false, "unquote": false, "landscape": false,
	} {
		if got := cleaning(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestDocument(t *testing.T) {
	for text, want := range map[string]bool{
		"query { boards { id } }":                  true,
		"query Boards($id: ID!) { boards { id } }": true,
		"mutation {\n  create_item { id } }":       true,
		"{ boards(ids: 1) { name } }":              true,
		"query failed {code: 1}":                   true, // reads like one: a name and a selection
		"query of x is not allowed {a}":            false,
		`{"name": "x"}`:                            false,
		"queryString{a}":                           false,
		"type query struct { a string }":           false,
		"":                                         false,
	} {
		if got := document.MatchString(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// FuzzFormatParts holds that any format splits into parts that are there, and
// that no verb brings more than one argument beside those that none takes.
func FuzzFormatParts(f *testing.F) {
	for _, s := range []string{"", "%s", "%d of %q", "%%", "%", "100%", "%[2]s %[1]s", "%+v|%-10s", "a%!b", "%[1]s%[1]s%[1]s", "%[9]s", "%[0]q", "%*d%s", "%[3]*.[2]*[1]f"} {
		f.Add(s)
	}
	arg := &ssa.Parameter{}
	f.Fuzz(func(t *testing.T, format string) {
		tn := &taint{need: need{use: useHTML}}
		given := 0
		for _, part := range tn.formatParts(format, []ssa.Value{arg, arg}) {
			if part == nil {
				t.Fatalf("%q: an empty part", format)
			}
			if part == ssa.Value(arg) {
				given++
			}
		}
		if verbs := strings.Count(format, "%"); given > 2+verbs {
			t.Fatalf("%q: %d arguments of %d verbs", format, given, verbs)
		}
	})
}

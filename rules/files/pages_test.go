package files

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestMissingSRI(t *testing.T) {
	const integrity = ` integrity="sha384-x" crossorigin="anonymous"`
	for page, bad := range map[string]bool{
		`<script src="https://cdn.example-host.net/a.js"></script>`:                                   true,
		`<SCRIPT SRC=//cdn.example-host.net/a.js></SCRIPT>`:                                           true,
		`<link rel="stylesheet" href="https://cdn.example-host.net/a.css">`:                           true,
		`<link rel="preload stylesheet" href='https://cdn.example-host.net/a.css'>`:                   true,
		`<script src="http://cdn.example-host.net/a.js"` + integrity + `></script>`:                   true,
		`<script src="https://cdn.example-host.net/a.js" integrity="sha384-x"></script>`:              true,
		`<script src="https://cdn.example-host.net/{{.Version}}/a.js"></script>`:                      true,
		`<script src="https://cdn.example-host.net/a.js"` + integrity + `></script>`:                  false,
		`<link rel=stylesheet href="https://cdn.example-host.net/a.css"` + integrity + `>`:            false,
		`<script src="/a.js"></script>`:                                                               false,
		`<script src="a.js"></script>`:                                                                false,
		`<script src="{{.CDN}}/a.js"></script>`:                                                       false,
		`<script src="https://{{.Host}}/a.js"></script>`:                                              false,
		`<script src="https://app.acme.dev/a.js"></script>`:                                           false,
		`<script src="http://localhost:3000/a.js"></script>`:                                          false,
		`<script {{.Attributes}} src="https://cdn.example-host.net/a.js"></script>`:                   false,
		`<!-- <script src="https://cdn.example-host.net/a.js"></script> -->`:                          false,
		`{{/* <script src="https://cdn.example-host.net/a.js"></script> */}}<p>`:                      false,
		`{{ template "<script src='https://cdn.example-host.net/a.js'>" }}<p>`:                        false,
		`<link rel="icon" href="https://cdn.example-host.net/a.png">`:                                 false,
		`<a href="https://cdn.example-host.net/a.js">x</a>`:                                           false,
		`<img src="https://cdn.example-host.net/a.png">`:                                              false,
		`<script>x("<script src='https://cdn.example-host.net/a.js'>")</script>`:                      false,
		`<script src="data:text/javascript,1"></script>`:                                              false,
		`{{if lt 1 2}}<script src="{{if .X}}https://cdn.example-host.net{{else}}/{{end}}a"></script>`: false,
	} {
		g := scanArchive(t, "-- web/index.html --\n<!doctype html>\n"+page+"\n")
		if got := hits(g, sriRule); (len(got) == 1) != bad || len(got) > 1 {
			t.Errorf("%s: %q", page, got)
		}
	}
	for name, want := range map[string]int{
		"a.htm": 1, "a.gohtml": 1, "a.tmpl": 1, "web/layout.templ": 1, "src/index.jsx": 1, "app/layout.tsx": 1,
		"docs/a.html": 0, "testdata/a.html": 0, "internal/email/a.html": 0, "welcome_mail.html": 0, "node_modules/a.html": 0, "src/widget.jsx": 0, "a.txt": 0,
	} {
		address := `"https://cdn.example-host.net/a.js"`
		if strings.HasSuffix(name, "sx") || strings.HasSuffix(name, ".templ") {
			address = "{" + address + "}"
		}
		g := scanArchive(t, "-- "+name+" --\n<div><script src="+address+" ></script></div>\n")
		if got := hits(g, sriRule); len(got) != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	g := scanArchive(t, "-- a.templ --\ntempl Page(src string) {\n\t<html>\n\t\t<script src={ src }></script>\n\t\t<script src={ \"https://cdn.example-host.net/a.js\" } integrity={ sum } crossorigin=\"anonymous\"/>\n\t\t<link rel=\"stylesheet\" href=\"https://cdn.example-host.net/a.css\"/>\n\t</html>\n}\n")
	if got := hits(g, sriRule); !slices.Equal(got, []string{" review a.templ:5"}) {
		t.Errorf("templ: %q", got)
	}
}

func TestInlineConflicts(t *testing.T) {
	const code = "alert(1)"
	for page, want := range map[string]int{
		"<script>" + code + "</script>":                           1,
		"<script type=module>import 'x'</script>":                 1,
		"<script>var a = {{.JSON}};</script>":                     1,
		"<button onclick=\"save()\">x</button>":                   1,
		"<a href=\" JavaScript:go()\">x</a>":                      1,
		"<script>a()</script><script>b()</script><b onclick=x()>": 2, // one a kind
		`<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'unsafe-inline'">`:     1,
		`<meta http-equiv="content-security-policy" content="script-src 'self' 'unsafe-eval'">`:                    1,
		`<meta http-equiv="content-security-policy" content="default-src *">`:                                      1,
		"<script nonce=\"{{.Nonce}}\">" + code + "</script>":                                                       0,
		"<script nonce=abc>" + code + "</script>":                                                                  0,
		"<script src=\"/a.js\"></script>":                                                                          0,
		"<script type=\"application/json\">{}</script>":                                                            0,
		"<script type=\"text/x-template\"><b onclick=x()></script>":                                                0,
		"<script type=\"{{.Kind}}\">x</script>":                                                                    0,
		"<script></script>":                                                                                        0,
		"<script {{.Nonce}}>x</script>":                                                                            0,
		"<a href=\"javascript:void(0)\">x</a>":                                                                     0,
		"<a href=\"javascript:location.href='{{.Root}}?uri='+encodeURIComponent(window.location.href)\">x</a>":     0,
		"<p>onclick=\"x()\"</p>":                                                                                   0,
		"<!-- <script>x()</script> -->":                                                                            0,
		`<meta http-equiv="content-security-policy" content="script-src 'nonce-{{.N}}' 'unsafe-inline'">`:          0,
		`<meta http-equiv="content-security-policy" content="script-src 'self' 'nonce-a' 'unsafe-inline' https:">`: 0,
		`<meta http-equiv="content-security-policy" content="default-src 'self'; style-src 'unsafe-inline'">`:      0,
	} {
		g := scanArchive(t, "-- web/index.html --\n<!doctype html>\n"+page+"\n")
		if got := hits(g, inlineRule); len(got) != want {
			t.Errorf("%s: %q, want %d", page, got, want)
		}
	}
	// A script whose hash stands in a policy of the repository's code is allowed.
	hash := hashes(code)
	for i, source := range hash {
		archive := "-- web/index.html --\n<script>" + code + "</script>\n-- main.go --\npackage main\nconst csp = \"script-src '" + source + "'\"\n"
		if got := hits(scanArchive(t, archive), inlineRule); len(got) != 0 {
			t.Errorf("hash %d: %q", i, got)
		}
	}
	if hash[0] != "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=" {
		t.Errorf("the hash of %s is %s", code, hash[0])
	}
	if got := hits(scanArchive(t, "-- src/index.tsx --\n<div><button onClick={save}>x</button></div>\n"), inlineRule); len(got) != 0 {
		t.Errorf("JSX: %q", got)
	}
}

func TestClientValidation(t *testing.T) {
	page := func(fields string) string {
		return "-- web/a.html --\n<form method=post>" + fields + "<input type=hidden name=h><input type=checkbox name=c><input type=submit></form>\n"
	}
	for name, test := range map[string]struct{ archive, seen, missed string }{
		"constrained":     {page("<input name=a required><input type=email name=b><textarea name=c maxlength=9></textarea>"), "every text field of 1 forms", ""},
		"one without":     {page("<input name=a required><input type=text name=b>"), "", "1 text fields of forms carry no constraint: b at web/a.html:1"},
		"password":        {page("<input type=password name=p>"), "", "p at web/a.html:1"},
		"search box":      {page("<input name=q><input type=search name=x><input name=a pattern=.>"), "every text field", ""},
		"by a template":   {page("<input name=a {{.Attributes}}>"), "", "get their attributes from a template"},
		"named by one":    {page("<input name={{.Name}}>"), "", "… at web/a.html:1"},
		"library":         {"-- web/src/form.ts --\nimport { z } from 'zod'\n", "zod checks values", ""},
		"required":        {"-- web/src/form.js --\nconst Ajv = require(\"ajv\")\n", "ajv checks values", ""},
		"in a comment":    {"-- web/src/form.ts --\n// import { z } from 'zod'\n/* import yup from 'yup' */\n", "", "no script imports a schema library"},
		"in a test":       {"-- web/src/form.test.ts --\nimport { z } from 'zod'\n", "", "No page, template or script was found"},
		"another library": {"-- web/src/form.ts --\nimport x from 'zodiac'\n", "", "no script imports"},
		"library, plain":  {"-- web/src/form.ts --\nimport { z } from 'zod'\n" + page("<input name=a>"), "", "zod is imported by web/src/form.ts, but 1 text fields"},
		"no form at all":  {"-- web/a.html --\n<p>hello</p>\n", "none of 1 pages has a form", ""},
		"no form, script": {"-- web/a.html --\n<script>fetch('/x')</script>\n", "", "No HTML form with constraints"},
		"buttons only":    {page(""), "no text field stands in the 1 forms", ""},
		"nothing":         {"", "", "No page, template or script was found"},
		"field elsewhere": {"-- web/a.html --\n<form><input name=a required></form><input name=b>\n", "every text field", ""},
	} {
		seen, missed := proofOf(scanArchive(t, test.archive), htmlVerifier, "input-validation-client")
		if (seen == "") != (test.seen == "") || (missed == "") != (test.missed == "") || !strings.Contains(seen, test.seen) || !strings.Contains(missed, test.missed) {
			t.Errorf("%s: seen %q, missed %q", name, seen, missed)
		}
	}
}

func TestPageRuns(t *testing.T) {
	g := structured(t.Context(), treeOf("", "web/a.html"), options())
	for _, v := range []string{sriRule, inlineRule, htmlVerifier} {
		if run := runOf(t, g, v); run.State != rules.Broken || !strings.Contains(run.Reason, "web/a.html is in the commit") {
			t.Errorf("%s is %s because of %q", v, run.State, run.Reason)
		}
	}
}

func TestBlankComments(t *testing.T) {
	for src, want := range map[string]string{
		"a // b\nc":          "a     \nc",
		"a /* b\n c */ d":    "a     \n      d",
		"'// a' // b":        "'// a'     ",
		"`/* ${x} */` /**/y": "`/* ${x} */`     y",
		"http://x":           "http://x",
		"'a\\'//' b":         "'a\\'//' b",
		"/*":                 "  ",
	} {
		if got := string(blankComments([]byte(src))); got != want {
			t.Errorf("%q gives %q, want %q", src, got, want)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add("a.html", "<script src='https://a.b/{{.X}}'>{{/* < */}}</script><form><input {{if}}a{{end}}>")
	f.Add("a.templ", "templ X() {\n<a href={ templ.URL(\"x\") } { attrs... }/>\n<script src=\"x\"/>}")
	f.Add("index.tsx", "<div {...p} a={`}`}><Script src={'https://x.y'} /></div>")
	f.Add("a.html", "{{ \"}}\" }}<!--{{--><title><plaintext>")
	f.Fuzz(func(t *testing.T, name, src string) {
		kind := kindOfPage(name)
		if kind == noPage {
			kind = htmlPage
		}
		lines := strings.Count(src, "\n") + 1
		tags := readPage(name, kind, []byte(src))
		for _, tag := range tags {
			if tag.at.Line < 1 || tag.at.Line > lines || tag.at.Column < 1 || tag.at.EndLine < tag.at.Line || tag.at.EndLine > lines {
				t.Errorf("%+v", tag.at)
			}
		}
		missingSRI(tags, func(string) bool { return false })
		for _, found := range inlineConflicts(name, inlineOf(tags), func(string) bool { return false }) {
			if printable(found.Message) != found.Message {
				t.Errorf("%q", found.Message)
			}
		}
		formFields(tags)
		if masked := maskActions([]byte(src)); len(masked) != len(src) || strings.Count(string(masked), "\n") != lines-1 {
			t.Errorf("%q became %q", src, masked)
		}
		if blanked := blankComments([]byte(src)); len(blanked) != len(src) {
			t.Errorf("%q became %q", src, blanked)
		}
	})
}

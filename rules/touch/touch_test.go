package touch

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/catalog"
)

// The requirements of every topic are in the catalogue.
func TestTopicsNameRequirements(t *testing.T) {
	loaded, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range loaded.Marketplaces {
		for _, r := range m.Requirements {
			known[r.ID] = true
		}
	}
	for name, topic := range topics {
		if topic.question == "" {
			t.Errorf("topic %s asks nothing", name)
		}
		if len(topic.requirements) == 0 && name != Policy {
			t.Errorf("topic %s names no requirement", name)
		}
		for _, id := range topic.requirements {
			if !known[id] {
				t.Errorf("topic %s names %s, which is not in the catalogue", name, id)
			}
			if !requirement.MatchString(id) {
				t.Errorf("the pattern of requirements does not know %s", id)
			}
		}
	}
	for id := range known {
		if requirement.FindString(id) != id {
			t.Errorf("the pattern of requirements does not know %s", id)
		}
	}
}

func TestWords(t *testing.T) {
	for ident, want := range map[string]string{
		"HTTPServerURL": "http server url", "userIDs": "user ids", "OAuth2Provider": "oauth provider", "WebAuthnCredential": "webauthn credential",
		"openid_connect_token": "oidc connect token", "OpenIDConnect": "oidc connect", "apiKey": "api key", "x-csrf-token": "x csrf token", "SHA256Sum": "sha256 sum", "": "", "été": "été",
	} {
		if got := strings.Join(split(ident), " "); got != want {
			t.Errorf("split(%q) = %q, want %q", ident, got, want)
		}
	}
	for ident, want := range map[string]string{
		"tokenizer": "", "author": "", "compass": "", "monkey": "", "nextPageToken": "", "accessToken": "accesstoken", "RecoveryCodes": "mfa", "SignOut": "login",
		"requireLogin": "login", "userSession": "sessioncookie", "session_id": "session", "isAdmin": "role", "CSRFTokenCookie": "csrf token cookie", "design": "", "scopedStyles": "", "signature": "signature",
	} {
		var got []string
		for _, f := range notions(ident) {
			got = append(got, f.name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("notions(%q) = %q, want %q", ident, got, want)
		}
	}
}

// What is the same after moving, renaming and formatting gives nothing.
func TestNothingChanged(t *testing.T) {
	verify := "func verifyToken(r *http.Request) error {\n\tif !hmac.Equal(a, b) {\n\t\treturn errBad\n\t}\n\treturn nil\n}\n"
	head := "package app\n\nimport \"net/http\"\n\n"
	for name, files := range map[string][]File{
		"same":              {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify), After: []byte(head + verify)}},
		"file renamed":      {{OldPath: "a.go", NewPath: "b.go", Before: []byte(head + verify), After: []byte(head + verify)}},
		"function moved":    {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify + "\nfunc a() {}\n"), After: []byte(head + "func a() {}\n\n" + verify)}},
		"to another file":   {{OldPath: "a.go", Before: []byte(head + verify)}, {NewPath: "b.go", After: []byte(head + verify)}},
		"function renamed":  {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify + "\nfunc login() {\n\tverifyToken(r)\n}\n"), After: []byte(head + strings.ReplaceAll(verify, "verifyToken", "checkToken") + "\nfunc login() {\n\tcheckToken(r)\n}\n")}},
		"formatted":         {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify), After: []byte(strings.ReplaceAll(head+verify, "\t", "    "))}},
		"line ends":         {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify), After: []byte(strings.ReplaceAll(head+verify, "\n", "\r\n"))}},
		"lines moved":       {{OldPath: "a.py", NewPath: "a.py", Before: []byte("a = 1\nTOKEN_TTL = b\nc = 2\nd = 3\ne = 4\n"), After: []byte("e = 4\na = 1\nTOKEN_TTL = b\nc = 2\nd = 3\n")}},
		"javascript spaces": {{OldPath: "a.js", NewPath: "a.js", Before: []byte("function login() {\n  a(1);\n}\n"), After: []byte("function login()  {\n\n      a( 1 )\n}\n")}},
		"doc string mark":   {{OldPath: "a.go", NewPath: "a.go", Before: []byte(head + verify), After: []byte(head + "// verifyToken verifies the token.\n" + verify)}},
	} {
		if r := Compute(files, Options{}); r.Level != None || len(r.Signals) > 0 {
			t.Errorf("%s gives\n%s", name, describe(&r))
		}
	}
}

func TestComment(t *testing.T) {
	m := func(what string) Signal { return Signal{ID: T10, Level: Medium, What: what} }
	for _, test := range []struct {
		r    Result
		want bool
	}{
		{Result{}, false},
		{Result{Level: High, Signals: []Signal{{ID: T1, Level: High}}}, true},
		{Result{Level: Critical, Signals: []Signal{{ID: T12, Level: Critical}}}, true},
		{Result{Level: Medium, Signals: []Signal{m("speaks of session")}}, false},
		{Result{Level: Medium, Signals: []Signal{m("speaks of session"), m("speaks of session")}}, false},
		{Result{Level: Medium, Signals: []Signal{m("speaks of session"), m("speaks of password")}}, true},
		{Result{Level: Medium, Signals: []Signal{m("interface speaks of login"), m("interface speaks of password")}}, false},
		{Result{Level: Medium, Signals: []Signal{m("interface speaks of login"), m("speaks of password")}}, true},
		{Result{Level: Medium, Signals: []Signal{m("interface speaks of role"), m("speaks of role")}}, false},
	} {
		if got := test.r.Comment(); got != test.want {
			t.Errorf("Comment of %+v = %v", test.r, got)
		}
	}
}

func TestTaught(t *testing.T) {
	o := Options{Auth: []string{"example.com/app/internal/guard.Require", "example.com/app/internal/guard.(*Gate).Pass"}, Redact: []string{"example.com/app/internal/logx.Mask"}}
	run(t, T5, []pair{
		{"by package", "web/a.go", inFunc("show", "guard.Require(r)\nuse(1)"), inFunc("show", "use(1)"), "high call of Require (the policy names as authentication) removed", false},
		{"method", "web/a.go", inFunc("show", "g.Pass(r)\nuse(1)"), inFunc("show", "use(1)"), "high call of Pass", false},
		{"other package of the name", "web/a.go", inFunc("show", "list.Require(r)\nuse(1)"), inFunc("show", "use(1)"), "", false},
	}, o)
	run(t, T2, []pair{
		{"its own body", "internal/guard/a.go", inFunc("Require", "a(1)"), inFunc("Require", "a(2)"), "high statement changed in a function that the policy names as authentication", false},
		{"redaction", "internal/logx/a.go", inFunc("Mask", "a(1)"), inFunc("Mask", "a(2)"), "high statement changed in a function that the policy names as redaction", false},
		{"same name elsewhere", "internal/list/a.go", inFunc("Require", "a(1)"), inFunc("Require", "a(2)"), "", false},
	}, o)
}

func TestNotCounted(t *testing.T) {
	const attrs = "*.gen.ts linguist-generated\n/api/** linguist-generated=true\nx.go -linguist-generated\n# *.go linguist-generated\n"
	generated := attributes(attrs)
	for name, want := range map[string]string{
		"a.go": "", "vendor/a/a.go": "code of others", "web/node_modules/a/a.js": "code of others", "third_party/a.c": "code of others", "a_test.go": "tests", "testdata/a.go": "tests",
		"src/__tests__/a.ts": "tests", "a.spec.ts": "tests", "internal/test_resources/a.yml": "tests", "latest/a.go": "", "contest/a.go": "", "docs/a.yml": "documentation", "README.md": "documentation",
		"requirements.txt": "", "go.sum": "a lockfile", "pnpm-lock.yaml": "a lockfile", "a.pb.go": "generated", "web/dist/a.js": "generated", "dist/a.go": "", "a.min.js": "generated",
		"x.gen.ts": "generated (linguist-generated)", "api/v1/a.go": "generated (linguist-generated)", "web/api/a.go": "", "x.go": "", "locales/de.json": "translations", "locale/load.go": "",
	} {
		if got := notCounted(&File{OldPath: name, NewPath: name}, generated); got != want {
			t.Errorf("notCounted(%q) = %q, want %q", name, got, want)
		}
	}
	// A mark that comes with the change hides nothing.
	body := inFunc("login", "a(1)")
	r := Compute([]File{{OldPath: "a.go", NewPath: "a.go", Before: []byte(body), After: []byte("// Code generated by me. DO NOT EDIT.\n" + inFunc("login", "a(2)"))}}, Options{})
	if r.Level != High {
		t.Errorf("a file that calls itself generated from now on gives level %s", r.Level)
	}
}

// What looks like a comment or a long string and never ends cannot hide a change.
func TestNothingHides(t *testing.T) {
	for name, start := range map[string]string{
		"comment in a regular expression": "const r = /[/*]/;\n", "backtick in a regular expression": "const r = /`/;\n", "quote in a regular expression": "const r = /\"/;\n", "quote in text": "// don't\nconst a = don't;\n",
	} {
		before := start + "app.get('/a', a);\n"
		r := Compute([]File{{OldPath: "a.js", NewPath: "a.js", Before: []byte(before), After: []byte(before + "app.post('/b', b);\n")}}, Options{})
		if r.Level != High {
			t.Errorf("%s hides a route", name)
		}
	}
	broken := "package app\n\nfunc login() {\n\ta(1)\n"
	r := Compute([]File{{OldPath: "a.go", NewPath: "a.go", Before: []byte(broken), After: []byte(strings.Replace(broken, "a(1)", "a(2)", 1))}}, Options{})
	if r.Level != High {
		t.Error("a Go file that does not parse is not compared by lines")
	}
}

func TestBounds(t *testing.T) {
	big := make([]byte, MaxSize+1)
	for i := range big {
		big[i] = 'a'
	}
	r := Compute([]File{{NewPath: "auth/a.go", After: big}, {NewPath: "b.bin", Binary: true}, {NewPath: "c.png", After: []byte("a\x00b")}, {NewPath: "d.go", After: []byte("package d\n"), Truncated: true}, {NewPath: "SECURITY.md", After: big}}, Options{})
	if len(r.Truncated) != 3 || r.Truncated[0].Path != "auth/a.go" || r.Truncated[1].Path != "d.go" {
		t.Errorf("truncated %+v", r.Truncated)
	}
	if len(r.Skipped) != 2 || r.Skipped[0].Reason != "binary" {
		t.Errorf("skipped %+v", r.Skipped)
	}
	if got := ids(r); !slices.Equal(got, []string{T8}) {
		t.Errorf("signals %v, want the large policy file alone", got)
	}
	many := make([]File, MaxFiles+2)
	for i := range many {
		many[i] = File{NewPath: fmt.Sprintf("a%d.go", i), After: []byte("package a\n")}
	}
	many[MaxFiles].NewPath = "late.go"
	if r := Compute(many, Options{}); len(r.Truncated) != 1 || r.Truncated[0].Path != "late.go" {
		t.Errorf("%d files give %+v", len(many), r.Truncated)
	}
	heavy := make([]File, MaxTotal/MaxSize+1)
	for i := range heavy {
		heavy[i] = File{NewPath: fmt.Sprintf("a%d.md", i), After: big[:MaxSize]}
	}
	if r := Compute(heavy, Options{}); len(r.Truncated) != 1 || r.Truncated[0].Path != heavy[len(heavy)-1].NewPath {
		t.Errorf("%d MiB give %+v", len(heavy), r.Truncated)
	}
	var routes strings.Builder
	routes.WriteString("package a\n\nfunc mount() {\n")
	for i := range MaxSignals + 10 {
		fmt.Fprintf(&routes, "\tr.GET(\"/%d\", h)\n", i)
	}
	routes.WriteString("}\n")
	r = Compute([]File{{NewPath: "a.go", After: []byte(routes.String())}}, Options{})
	if len(r.Signals) != MaxSignals || len(r.Truncated) != 1 || r.Level != High {
		t.Errorf("%d signals, truncated %+v", len(r.Signals), r.Truncated)
	}
}

func TestHostileNames(t *testing.T) {
	token := "ghp" + "_" + "R4kz9QmB7xWc2TfL8vNs3HjYp6Gd1EaUqK5o"
	after := "package a\n\nfunc mount() {\n\tr.GET(\"/\x1b[31m\u202e/" + strings.Repeat("ü", 200) + "\", h)\n\tr.POST(\"/hook/" + token + "\", h)\n}\n"
	r := Compute([]File{{NewPath: "a.go", After: []byte(after)}}, Options{})
	if len(r.Signals) != 3 {
		t.Fatalf("%s", describe(&r))
	}
	for _, s := range r.Signals {
		if strings.ContainsAny(s.What, "\x1b\u202e") || len(s.What) > 170 || strings.Contains(s.What, token[4:20]) {
			t.Errorf("What = %q", s.What)
		}
	}
}

func TestJSON(t *testing.T) {
	r := Compute([]File{{NewPath: "a.go", After: []byte(inFunc("login", "a(1)"))}}, Options{})
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"level":"high"`) {
		t.Errorf("%s", text)
	}
	var back Result
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(r, back) {
		t.Errorf("%v: %+v", err, back)
	}
	if err := json.Unmarshal([]byte(`{"level":"severe"}`), &back); err == nil {
		t.Error("a level that does not exist is read")
	}
}

func TestFromDiff(t *testing.T) {
	diff := "commit abc\n\n" +
		"diff --git a/a.go b/a.go\nindex 1..2 100644\n--- a/a.go\n+++ b/a.go\n@@ -10,3 +10,4 @@ func login(w http.ResponseWriter) {\n \tx()\n-\ta(1)\n+\ta(2)\n+\tb()\n \ty()\n" +
		"diff --git a/new file.go b/new file.go\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/new file.go\t\n@@ -0,0 +1,2 @@\n+package a\n+diff --git a/x b/x\n" +
		"diff --git a/old.go b/old.go\ndeleted file mode 100644\n--- a/old.go\n+++ /dev/null\n@@ -1 +0,0 @@\n-package a\n\\ No newline at end of file\n" +
		"diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n" +
		"diff --git a/CODEOWNERS b/.github/CODEOWNERS\nsimilarity index 100%\nrename from CODEOWNERS\nrename to .github/CODEOWNERS\n" +
		"diff --git \"a/\\303\\251.go\" \"b/\\303\\251.go\"\nold mode 100644\nnew mode 100755\n" +
		"diff --git a/empty b/empty\nnew file mode 100644\nindex 0..0\n"
	files := FromDiff([]byte(diff))
	var got []string
	for _, f := range files {
		got = append(got, fmt.Sprintf("%s>%s %v %v %d", f.OldPath, f.NewPath, f.Binary, f.Truncated, len(f.hunks)))
	}
	want := []string{"a.go>a.go false false 1", ">new file.go false false 1", "old.go> false false 1", "p.png>p.png true false 0",
		"CODEOWNERS>.github/CODEOWNERS false false 0", "é.go>é.go false false 0", ">empty false false 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	r := Compute(files, Options{})
	if got := ids(r); !slices.Equal(got, []string{T2, T8}) {
		t.Errorf("signals:\n%s", describe(&r))
	}
	if s := r.Signals[1]; s.Line != 11 || s.Symbol != "login" {
		t.Errorf("the signal is at line %d in %q, want 11 in login: %+v", s.Line, s.Symbol, s)
	}
}

func TestPatch(t *testing.T) {
	for name, test := range map[string]struct {
		f         File
		truncated bool
		hunks     int
	}{
		"changed":                       {Patch("a.go", "a.go", []byte("@@ -1 +1 @@\n-a\n+b")), false, 1},
		"nothing given":                 {Patch("a.go", "a.go", nil), true, 0},
		"added, nothing given":          {Patch("", "a.go", nil), true, 0},
		"renamed":                       {Patch("a.go", "b.go", nil), false, 0},
		"not a patch":                   {Patch("a.go", "a.go", []byte("hello")), true, 0},
		"numbers that cannot be":        {Patch("a.go", "a.go", []byte("@@ -99999999999999999999 +1 @@\n-a\n")), true, 0},
		"two hunks, the first cut":      {Patch("a.go", "a.go", []byte("@@ -1,9 +1,9 @@\n a\n@@ -20 +20 @@\n-a\n+b\n")), false, 2},
		"larger than what is looked at": {Patch("a.go", "a.go", []byte("@@ -1 +1 @@\n-a\n+b"+strings.Repeat("b", MaxSize))), true, 1},
	} {
		if test.f.Truncated != test.truncated || len(test.f.hunks) != test.hunks {
			t.Errorf("%s: truncated %v, %d hunks", name, test.f.Truncated, len(test.f.hunks))
		}
		if r := Compute([]File{test.f}, Options{}); test.truncated != (len(r.Truncated) > 0) {
			t.Errorf("%s: the result names %+v", name, r.Truncated)
		}
	}
}

func TestLevelOf(t *testing.T) {
	for l, want := range map[Level]string{None: "none", Medium: "medium", High: "high", Critical: "critical", Level(9): "critical", Level(-1): "none"} {
		if l.String() != want {
			t.Errorf("Level(%d) = %s", int(l), l)
		}
	}
}

// Whatever the files hold, the answer is sound, the same twice, and nothing for no
// change.
func FuzzCompute(f *testing.F) {
	for _, s := range [][3]string{
		{"a.go", inFunc("login", "a(1)"), inFunc("login", "if user.Role != x {\n\tw.WriteHeader(403)\n}\na(2)")},
		{"a.ts", "export default async (req) => {\n  a(`x ${1}\ny`);\n};\n", "const a = /`/;\nimport {\n a } from 'jose';\n"},
		{"a.py", "def a():\n    \"\"\"x\n    y\"\"\"\n", "@app.route('/a')\ndef a():\n  pass\n"},
		{".github/workflows/a.yml", "on: push\npermissions:\n  contents: read\n", "on:\n  pull_request_target:\njobs:\n  a:\n    steps:\n      - uses: a/b@v1\n"},
		{"a.tf", "resource \"aws_iam_role\" \"a\" {\n}\n", "resource \"aws_iam_role\" \"a\" {\n b = 1\n}\n"},
		{"go.mod", "go 1.26\n", "go 1.25\nrequire golang.org/x/crypto v0.1.0\n"},
		{".env", "A=1\n", "MONDAY_SECRET=8f3Kq92LmX7bTz4RvW8cNy3HpD61ab\n"},
		{"a.sql", "", "ALTER TABLE a ADD COLUMN password text;"}, {"a.json", "{}", "{\"a\": {\n\"token\": 1}}"}, {"a.vue", "<a>", "<!-- <b"}, {"CODEOWNERS", "", "*"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, path, before, after string) {
		file := File{OldPath: path, NewPath: path, Before: []byte(before), After: []byte(after)}
		r := Compute([]File{file}, Options{Auth: []string{before, "a/b.C"}, Attributes: after})
		sound(t, r)
		if again := Compute([]File{file}, Options{Auth: []string{before, "a/b.C"}, Attributes: after}); !reflect.DeepEqual(r, again) {
			t.Error("two answers to one question")
		}
		file.After = file.Before
		if r := Compute([]File{file}, Options{}); r.Level != None && !slices.Contains(ids(r), T8) {
			t.Errorf("no change gives\n%s", describe(&r))
		}
	})
}

func FuzzFromDiff(f *testing.F) {
	f.Add([]byte("diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1,2 +1,2 @@ func login() {\n a\n-b\n+c\n"))
	f.Add([]byte("diff --git \"a/\\303\" \"b/\\303\"\nrename from x\nrename to y\n"))
	f.Add([]byte("diff --git a/.github/workflows/a.yml b/.github/workflows/a.yml\n@@ -1 +1 @@\n-on: push\n+on: pull_request_target\n"))
	f.Add([]byte("diff --git a/a.tf b/a.tf\n@@ -1,1 +1,1 @@ resource \"aws_iam_role\" \"a\" {\n-a = 1\n+a = 2\n"))
	f.Fuzz(func(t *testing.T, diff []byte) {
		files := FromDiff(diff)
		sound(t, Compute(files, Options{}))
		for _, file := range files {
			for _, h := range file.hunks {
				if len(h.before)+len(h.after) > 2*len(diff)+2 {
					t.Error("a hunk has more lines than the diff")
				}
			}
		}
	})
}

// sound reports a result that no caller can write down.
func sound(t *testing.T, r Result) {
	t.Helper()
	top := None
	for _, s := range r.Signals {
		top = max(top, s.Level)
		if s.Level < Medium || s.Question == "" || s.Topic == "" || s.ID == "" || s.What == "" {
			t.Errorf("signal %+v", s)
		}
		for _, text := range []string{s.What, s.Symbol} {
			if len(text) > 170 || clean(text, 1000) != text {
				t.Errorf("text %q", text)
			}
		}
	}
	if top != r.Level {
		t.Errorf("level %s, gravest signal %s", r.Level, top)
	}
}

package files

import (
	"go/token"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestProductionCalls(t *testing.T) {
	file := func(imports, body string) string {
		return "-- x_test.go --\npackage x\nimport (\n\"net/http\"\n\"testing\"\n" + imports + ")\nfunc TestX(t *testing.T) {\n" + body + "\n}\n"
	}
	for archive, want := range map[string]int{
		file("", `http.Get("https://api.monday.com/v2")`):                                                                                                                1,
		file("", `req, _ := http.NewRequest("GET", "https://apis.druva.com/x", nil)`):                                                                                    1,
		file("", "const base = \"https://api.apollo.io\"\nhttp.Post(base+\"/v1\", \"\", nil)"):                                                                           1,
		file("\"fmt\"\n", `http.Get(fmt.Sprintf("https://api.monday.com/%s", "v2"))`):                                                                                    1,
		file("", `NewClient("https://api.monday.com").Do()`):                                                                                                             1,
		file("", `http.Get("https://api.partner.io/v2")`):                                                                                                                0,
		file("", `http.Get("https://sandbox.monday.com/v2")`):                                                                                                            0,
		file("", `if got := "x"; got != "https://api.monday.com/v2" { t.Error(got) }`):                                                                                   0,
		file("", `want := "https://api.monday.com/v2"; t.Log(want)`):                                                                                                     0,
		file("\"net/http/httptest\"\n", `httptest.NewRequest("GET", "https://api.monday.com/v2", nil)`):                                                                  0,
		file("\"github.com/jarcoal/httpmock\"\n", `http.Get("https://api.monday.com/v2"); httpmock.X()`):                                                                 0,
		file("", `// http.Get("https://api.monday.com/v2")`):                                                                                                             0,
		file("", `http.Header{}.Get("api.monday.com.x")`):                                                                                                                0,
		file("", `http.Get("https://api.monday.com/v2")`) + "type rt struct{}\nfunc (rt) RoundTrip(*http.Request) (*http.Response, error) { return nil, nil }\n":         0,
		"-- testdata/x_test.go --\npackage x\nvar _ = Get(\"https://api.monday.com\")\n":                                                                                 0,
		"-- x.go --\npackage x\nvar _ = Get(\"https://api.monday.com\")\n":                                                                                               0,
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs: {a: {steps: [{run: \"curl -X POST https://api.monday.com/v2\"}]}}\n":                            1,
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs: {a: {env: {MONDAY_URL: \"https://api.monday.com/v2\"}, steps: [{run: make}]}}\n":                1,
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs: {a: {steps: [{run: \"API=https://api.monday.com make test\"}]}}\n":                              1,
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs: {a: {steps: [{run: \"# curl https://api.monday.com/v2\\necho https://api.monday.com/v2\"}]}}\n": 0,
		"-- .github/workflows/w.yml --\n# https://api.monday.com\non: push\npermissions: {}\njobs: {a: {steps: [{run: \"curl https://sandbox.acme.dev\"}]}}\n":           0,
	} {
		g := scanArchive(t, archive)
		if got := hits(g, productionVerifier); len(got) != want {
			t.Errorf("%s\ngives %q, want %d", archive, got, want)
		}
		for _, f := range g.Findings {
			if f.Rule == productionVerifier && (f.Class != rules.Review || f.Control != "production-safety" || f.Location.Line == 0) {
				t.Errorf("%+v", f)
			}
		}
		if run := runOf(t, g, productionVerifier); run.State != rules.Complete {
			t.Errorf("%s: %s", archive, run.Reason)
		}
	}
	if run := runOf(t, scanArchive(t, "-- x_test.go --\npackage\n"), productionVerifier); run.State != rules.Broken || !strings.Contains(run.Reason, "x_test.go is no valid Go file") {
		t.Errorf("%+v", run)
	}
	if run := runOf(t, scanArchive(t, "-- .github/workflows/w.yml --\n[\n"), productionVerifier); run.State != rules.Broken {
		t.Errorf("%+v", run)
	}
}

func TestProductionCallsWithoutHosts(t *testing.T) {
	if run := runOf(t, structured(t.Context(), treeOf(""), Options{Now: now}), productionVerifier); run.State != rules.NotRun || run.Reason == "" {
		t.Errorf("%+v", run)
	}
}

func FuzzTestFile(f *testing.F) {
	f.Add("package x\nconst b = \"https://api.monday.com\"\nfunc f() { Get(b + \"/v2\"); x.Get((\"https://a\" + y)) }\n")
	f.Add("package x\nvar _, a.b = f(), \"x\"\nfunc g() { a.b, _ = \"https://api.monday.com\"; NewClient(fmt.Sprintf(\"https://api.monday.com/%s\")) }")
	f.Fuzz(func(t *testing.T, src string) {
		p := &testPackage{fset: token.NewFileSet()}
		if p.add("x_test.go", []byte(src)) != nil {
			return
		}
		for _, c := range p.calls(options().Marketplace) {
			if c.marketplace == "" || c.at.Path != "x_test.go" || c.at.Line > strings.Count(src, "\n")+1 {
				t.Errorf("%+v", c)
			}
		}
	})
}

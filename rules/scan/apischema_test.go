package scan

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/files"
)

const shop = `-- go.mod --
module example.com/shop

go 1.26
-- main.go --
package main

import "net/http"

func show(w http.ResponseWriter, r *http.Request) {}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/orders/{id}", show)
	mux.HandleFunc("POST /v1/orders/{id}/replay", show)
	mux.HandleFunc("GET /healthz", show)
	http.ListenAndServe(":8080", mux)
}
`

const shopDocument = `openapi: 3.1.0
info: {title: Shop, version: "1"}
servers:
  - url: https://{host}/{version}
    variables: {host: {default: shop.example.com}, version: {default: v1}}
paths:
  /orders/{id}:
    get: {responses: {"200": {description: an order}}}
    delete: {responses: {"204": {description: gone}}}
`

// surfaceOf scans a tree and returns what MKT211 says: its findings, and how
// its run ended.
func surfaceOf(t *testing.T, tree string) (findings []string, run rules.VerifierRun) {
	t.Helper()
	r := scanTree(t, layOut(t, tree))
	for _, f := range r.Evidence.Findings {
		if f.Rule == surfaceVerifier {
			findings = append(findings, f.Location.Path+": "+f.Message)
			if f.Class != rules.Review || f.Control != "allowlist-api-surface" {
				t.Errorf("%+v", f)
			}
		}
	}
	for _, run := range r.Evidence.Runs {
		if run.Verifier == surfaceVerifier {
			return findings, run
		}
	}
	t.Fatalf("%s has no run", surfaceVerifier)
	return nil, rules.VerifierRun{}
}

func TestAPISchema(t *testing.T) {
	t.Parallel()
	both := "POST /v1/orders/{id}/replay is served|DELETE /orders/{id}, but no route"
	for _, tt := range []struct {
		name, files string
		want        string // parts of the findings
		broken      string // part of the reason for which the run is not complete
	}{
		{"none", "", "", ""},
		{"at the top", "-- openapi.yaml --\n" + shopDocument, both, ""},
		{"in a folder", "-- docs/api/v1.yml --\n" + shopDocument, both, ""},
		{"complete", "-- openapi.yaml --\n" + strings.Replace(shopDocument, "    delete:", "  /orders/{id}/replay:\n    post:", 1), "", ""},
		{"swagger with tabs", "-- docs/swagger.json --\n{\n\t\"swagger\": \"2.0\",\n\t\"basePath\": \"/v1\",\n\t\"paths\": {\n\t\t\"/orders/{id}\": {\n\t\t\t\"get\": {},\n\t\t\t\"delete\": {}\n\t\t}\n\t}\n}\n", both, ""},
		{"somebody else's", "-- api/vendor.yaml --\nopenapi: 3.0.0\npaths:\n  /contacts: {get: {}}\n", "", "api/vendor.yaml lists no route"},
		{"somebody else's beside ours", "-- api/vendor.yaml --\nopenapi: 3.0.0\npaths:\n  /contacts: {get: {}}\n-- openapi.yaml --\n" + shopDocument, both, ""},
		{"some other file", "-- docs/values.yaml --\nimage: {tag: latest\n", "", ""},
		{"of a test", "-- internal/testdata/openapi.yaml --\n" + shopDocument, "", ""},
		{"not YAML", "-- openapi.yaml --\nopenapi: 3.0.0\npaths: {\n", "", "openapi.yaml is no valid API document"},
		{"no mapping", "-- openapi.yaml --\nopenapi: 3.0.0\npaths: [/orders]\n", "", "`paths` is no mapping"},
		{"not JSON", "-- swagger.json --\n{\"swagger\": \"2.0\", \"paths\": {\n", "", "swagger.json is no valid API document"},
		{"deep", "-- swagger.json --\n{\"swagger\": \"2.0\", \"x\": " + strings.Repeat("[", 100000) + "\n", "", "nested deeper"},
		{"too large", "-- openapi.yaml --\n" + shopDocument + strings.Repeat("# filler\n", files.MaxAPIDocument/9+1), "", "is larger than"},
		{"a link", "-- openapi.yaml --\n-> /etc/hostname\n", "", ""},
		{"hostile text", "-- openapi.yaml --\n" + strings.Replace(shopDocument, "/orders/{id}:", "\"/orders/{id}\":\n    get: {}\n  \"/a\\u202eb\\e[31m\":", 1), "main.go|main.go|DELETE /a\ufffdb\ufffd[31m", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, run := surfaceOf(t, shop+tt.files)
			if run.State == rules.Broken != (tt.broken != "") || !strings.Contains(run.Reason, tt.broken) {
				t.Errorf("the run is %s because of %q", run.State, run.Reason)
			}
			if tt.name == "hostile text" {
				if len(got) == 0 || strings.ContainsFunc(strings.Join(got, ""), control) {
					t.Errorf("%q", got)
				}
				return
			}
			want := strings.Split(tt.want, "|")
			if tt.want == "" {
				want = nil
			}
			if len(got) != len(want) {
				t.Fatalf("%q", got)
			}
			for i := range want {
				if !strings.Contains(strings.Join(got, "\n"), want[i]) {
					t.Errorf("no %q in %q", want[i], got)
				}
			}
		})
	}
}

// TestSurfaceFingerprints holds that a finding over many routes stays the same
// when a route is added, and when all lines move.
func TestSurfaceFingerprints(t *testing.T) {
	t.Parallel()
	find := func(tree string) map[string]rules.Finding {
		found := map[string]rules.Finding{}
		for _, f := range scanTree(t, layOut(t, tree)).Evidence.Findings {
			if f.Rule == surfaceVerifier {
				found[f.Fingerprint] = f
			}
		}
		return found
	}
	served := strings.Replace(shop, "\tmux.HandleFunc", "\tmux.HandleFunc(\"GET /v1/orders\", show)\n\tmux.HandleFunc", 1)
	document := strings.Replace(shopDocument, "paths:\n", "paths:\n  /orders: {get: {}}\n", 1)
	first := find(served + "-- openapi.yaml --\n" + document)
	more := strings.Replace(served, "\tmux.HandleFunc", "\n\tmux.HandleFunc(\"GET /v1/audit\", show)\n\tmux.HandleFunc", 1)
	second := find(more + "-- openapi.yaml --\n# comment\n" + document + "    put: {responses: {\"200\": {description: changed}}}\n")
	if len(first) != 2 || len(second) != 2 {
		t.Fatalf("%+v, then %+v", first, second)
	}
	for key, f := range second {
		if first[key].Rule == "" || len(f.Steps) != len(first[key].Steps)+1 || f.Location.Path != "openapi.yaml" || f.Location.Line == 0 {
			t.Errorf("%+v was %+v", f, first[key])
		}
	}
}

// TestRoutesThatCannotBeCompared holds that a path which is put together at run
// time leaves the comparison open.
func TestRoutesThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	tree := strings.Replace(shop, `"GET /healthz"`, `"GET /v1/" + os.Getenv("NAME")`, 1)
	tree = strings.Replace(tree, `import "net/http"`, "import (\n\t\"net/http\"\n\t\"os\"\n)", 1)
	_, run := surfaceOf(t, tree+"-- openapi.yaml --\n"+shopDocument)
	if run.State != rules.Broken || !strings.Contains(run.Reason, "1 routes could not be compared with openapi.yaml, the first at main.go:14") {
		t.Errorf("the run is %s because of %q", run.State, run.Reason)
	}
	if _, run := surfaceOf(t, tree); run.State != rules.Complete {
		t.Errorf("without a document the run is %s because of %q", run.State, run.Reason)
	}
}

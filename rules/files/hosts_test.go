package files

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestHosts(t *testing.T) {
	for archive, want := range map[string]string{
		// scripts
		"-- web/a.js --\nfetch(\"https://api.other.io/v1\")\n":                                              "api.other.io",
		"-- web/a.ts --\nawait axios.post<Order>('https://api.other.io/v1', {})\n":                          "api.other.io",
		"-- web/a.ts --\nconst c = axios.create({ baseURL: 'https://api.other.io' })\n":                     "api.other.io",
		"-- web/a.ts --\naxios({ method: 'GET', url: 'https://api.other.io' })\n":                           "api.other.io",
		"-- web/a.js --\nnew WebSocket(`wss://live.other.io/${id}`)\n":                                      "live.other.io",
		"-- web/a.js --\nx.open('GET', 'https://api.other.io/a')\n":                                         "api.other.io",
		"-- web/a.vue --\n<script>\nfetch('https://api.other.io')\n</script>\n":                             "api.other.io",
		"-- web/a.js --\nfetch(\"https://api.partner.io/v1\")\n":                                            "",
		"-- web/a.js --\nfetch(\"https://o1.ingest.sentry.io/v1\")\n":                                       "",
		"-- web/a.js --\nfetch(\"https://app.acme.dev/v1\")\n":                                              "",
		"-- web/a.js --\nfetch(`https://${host}/v1`)\n":                                                     "",
		"-- web/a.js --\nfetch(`https://api.${region}.other.io/v1`)\n":                                      "",
		"-- web/a.js --\nfetch('/v1')\n":                                                                    "",
		"-- web/a.js --\nfetch('http://localhost:8080/v1')\n":                                               "",
		"-- web/a.js --\n// fetch('https://api.other.io')\n/* fetch('https://api.other.io') */\n":           "",
		"-- web/a.js --\nconst docs = 'https://docs.other.io/guide'\n":                                      "",
		"-- web/a.tsx --\nexport const A = () => <a href=\"https://docs.other.io\">docs</a>\n":              "",
		"-- web/a.test.js --\nfetch('https://api.other.io')\n":                                              "",
		"-- web/a.min.js --\nfetch('https://api.other.io')\n":                                               "",
		"-- docs/a.js --\nfetch('https://api.other.io')\n":                                                  "",
		"-- web/a.js --\nfetch('https://api.example.com')\n":                                                "",
		"-- web/a.js --\nfetch('https://your-tenant.other.io/')\n":                                          "",
		"-- web/icon.js --\nconst ns = 'http://www.w3.org/2000/svg'; fetch('http://www.w3.org/2000/svg')\n": "",
		// pages
		"-- a.html --\n<script src=https://js.other.io/a.js></script>\n":                                     "js.other.io",
		"-- a.html --\n<iframe src=\"//embed.other.io/{{.ID}}\"></iframe>\n":                                 "embed.other.io",
		"-- a.html --\n<form action=https://forms.other.io/x></form>\n":                                      "forms.other.io",
		"-- a.html --\n<script>fetch('https://api.other.io')</script>\n":                                     "api.other.io",
		"-- a.html --\n<a href=https://docs.other.io>x</a><link rel=canonical href=https://www.other.io>\n":  "",
		"-- a.html --\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"{{.URL}}\"><p>x</p></html>\n": "",
		"-- a.html --\n<img src=\"https://{{.Bucket}}.other.io/x\">\n":                                       "",
		// configuration
		"-- docker-compose.yml --\nservices:\n  a:\n    image: ghcr.io/other/x\n    environment:\n      API: https://api.other.io/v1\n":                                    "api.other.io",
		"-- compose.yaml --\nservices:\n  a:\n    environment:\n    - DB=postgres://u:p@db.other.io:5432/x\n    - X=${X:-https://x.other.io}\n":                            "db.other.io x.other.io",
		"-- compose.yaml --\nservices:\n  a:\n    environment: {DB: \"postgres://u:p@db:5432/x\", R: \"redis://${HOST}:6379\"}\n":                                          "",
		"-- deploy/app.yaml --\napiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{env: [{name: A, value: \"https://api.other.io\"}]}]}}}\n":    "api.other.io",
		"-- deploy/cm.yaml --\napiVersion: v1\nkind: ConfigMap\ndata: {URL: \"https://api.other.io\"}\n":                                                                   "api.other.io",
		"-- deploy/in.yaml --\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {annotations: {a: \"https://x.other.io\"}}\n":                                    "",
		"-- deploy/crd.yaml --\napiVersion: v1\nkind: CustomResourceDefinition\nenv: [{value: \"https://x.other.io\"}]\n":                                                  "",
		"-- chart/Chart.yaml --\nhome: https://home.other.io\n-- chart/values.yaml --\napi: {url: https://api.other.io}\nimage: {repository: https://r.other.io}\n":        "api.other.io",
		"-- main.tf --\nresource \"x\" \"y\" {\n  webhook = \"https://hook.other.io/x\"\n  source = \"https://s.other.io\"\n  name = \"a ${https://x.other.io}\"\n}\n":     "hook.other.io",
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\nenv: {API: https://api.other.io}\njobs: {}\n":                                                           "api.other.io",
		"-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs: {a: {steps: [{run: \"curl -d x https://hooks.other.io\"}, {env: {R: \"https://ghcr.io/x\"}}]}}\n": "",
		"-- openapi.yaml --\nopenapi: 3.1.0\nservers: [{url: https://api.other.io}]\n":                                                                                     "",
	} {
		g := scanArchive(t, archive)
		var got []string
		for _, f := range g.Findings {
			if f.Rule == hostsVerifier {
				host, _, _ := strings.Cut(f.Message, " ")
				got = append(got, host)
				if f.Class != rules.Review || f.Control != "services-declared" || f.CVSS != nil || f.Location.Line < 1 || strings.Contains(f.Message, "u:p") {
					t.Errorf("%+v", f)
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s\ngives %q, want %q", archive, got, want)
		}
		if run := runOf(t, g, hostsVerifier); run.State != rules.Complete {
			t.Errorf("%s: %s", archive, run.Reason)
		}
	}
	// One finding a host, at its first place.
	g := scanArchive(t, "-- web/a.js --\nfetch('https://api.other.io/1')\nfetch('https://api.other.io/2')\n")
	if got := hits(g, hostsVerifier); !slices.Equal(got, []string{" review web/a.js:1"}) {
		t.Errorf("%q", got)
	}
}

func TestReachOf(t *testing.T) {
	for host, want := range map[string]hostReach{
		"api.other.io": publicHost, "8.8.8.8": publicHost, "xn--bcher-kva.de": publicHost,
		"localhost": nearHost, "db": nearHost, "10.0.0.1": nearHost, "127.0.0.1": nearHost, "::1": nearHost, "a.svc.cluster.local": nearHost, "a.example": nearHost, "x.example.com": nearHost,
		"192.0.2.7": nearHost, "metadata.google.internal": nearHost, "app.localtest.me": nearHost,
		"": unknownHost, "a..b": unknownHost, "{host}.io": unknownHost, "1.2.3": unknownHost, "your-app.other.io": unknownHost, "ex ample.io": unknownHost,
	} {
		if got := reachOf(host); got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}

func TestHostsRuns(t *testing.T) {
	for _, missing := range []string{"web/a.html", "web/a.js", "compose.yaml", "main.tf"} {
		if run := runOf(t, structured(t.Context(), treeOf("", missing), options()), hostsVerifier); run.State != rules.Broken || !strings.Contains(run.Reason, missing) {
			t.Errorf("%s: %s because of %q", missing, run.State, run.Reason)
		}
	}
	if run := runOf(t, scanArchive(t, "-- compose.yaml --\na: [\n"), hostsVerifier); run.State != rules.Broken {
		t.Errorf("%+v", run)
	}
}

func FuzzHosts(f *testing.F) {
	f.Add("fetch('https://api.other.io') // x")
	f.Add("services: {a: {environment: [X=https://a.io, \"${Y:-https://b.io}\"]}}")
	f.Add("<img src=//a.io/x><form action=https://b.io>")
	f.Add("on: push\nenv: {A: \"https://a.io\"}\njobs: {j: {steps: [{env: {B: \"wss://b.io\"}}]}}")
	f.Add("a = \"https://a.io\"\n")
	f.Fuzz(func(t *testing.T, src string) {
		uses := slices.Concat(scriptHosts("a.js", []byte(src)), pageHosts(readPage("a.html", htmlPage, []byte(src))), terraformHosts("a.tf", []byte(src)))
		if y, err := readYAML("a.yml", []byte(src)); err == nil {
			for _, kind := range []string{"compose", "manifest", "values"} {
				uses = append(uses, yamlHosts(y, kind)...)
			}
		}
		if w, err := readWorkflow(".github/workflows/w.yml", []byte(src)); err == nil {
			uses = append(uses, workflowHosts(w)...)
		}
		for _, u := range uses {
			if reachOf(u.host) != publicHost || u.at.Line < 1 {
				t.Errorf("%+v", u)
			}
		}
	})
}

package catalog

import (
	"io"
	"log"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocvss31 "github.com/pandatix/go-cvss/31"
	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	gosecrules "github.com/securego/gosec/v2/rules"

	"github.com/staylisted/staylisted/rules"
)

// TestGosecIsCovered compares our entries with the lists of the library.
func TestGosecIsCovered(t *testing.T) {
	library := map[string]bool{}
	for id := range gosecrules.Generate(false).Rules {
		library[id] = true
	}
	for id := range analyzers.Generate(false).Analyzers {
		library[id] = true
	}
	if len(library) != 62 {
		t.Errorf("gosec has %d rules; this catalogue was written for 62", len(library))
	}
	g := load(t).Gosec
	if got, want := g.Families(), slices.Sorted(maps.Keys(library)); !slices.Equal(got, want) {
		t.Errorf("entries are for\n%v\ngosec has\n%v", got, want)
	}
	for id := range library {
		r, ok := g.Match(id, "a message that gosec never writes")
		if !ok || !strings.HasPrefix(r.ID+"/", id+"/") {
			t.Errorf("%s: an unexpected message matches %q, %v", id, r.ID, ok)
		}
	}
	if r, ok := g.Match("G999", "x"); ok {
		t.Errorf("an unknown rule matches %q", r.ID)
	}
}

func TestGosecRules(t *testing.T) {
	p := load(t)
	names := map[string]string{}
	for _, e := range p.Gosec.Entries {
		r := e.Rule
		if other, taken := names[r.Name]; taken {
			t.Errorf("%s and %s are both called %s", other, r.ID, r.Name)
		}
		names[r.Name] = r.ID
		if r.Tool != "gosec" {
			t.Errorf("%s: tool is %q", r.ID, r.Tool)
		}
		for _, id := range r.Controls {
			if _, ok := p.Catalogue.Control(id); !ok {
				t.Errorf("%s: control %s does not exist", r.ID, id)
			}
		}
		if r.Class == rules.Violation && !strings.HasPrefix(r.Vector, "CVSS:3.1/") {
			t.Errorf("%s: violation without a vector", r.ID)
		}
	}
	for _, r := range p.Planned {
		if other, taken := names[r.Name]; taken {
			t.Errorf("%s and %s are both called %s", other, r.ID, r.Name)
		}
		names[r.Name] = r.ID
	}
}

// TestGosecMessages checks the variants against the messages that gosec's
// source holds.
func TestGosecMessages(t *testing.T) {
	g := load(t).Gosec
	for _, test := range []struct{ rule, message, want string }{
		{"G101", "Potential hardcoded credentials", "G101/entropy"},
		{"G101", "Potential hardcoded credentials: AWS API Key", "G101/known-format"},
		{"G101", "Potential hardcoded credentials: SSH (EC) private key", "G101/known-format"},
		{"G101", "Potential hardcoded credentials: Password in URL", "G101/known-format"},
		{"G101", "Potential hardcoded credentials: Generic API Key", "G101/entropy"},
		{"G101", "Potential hardcoded credentials: Generic Secret", "G101/entropy"},
		{"G402", "TLS InsecureSkipVerify set to true.", "G402/skip-verify"},
		{"G402", "TLS InsecureSkipVerify may be set to true.", "G402/skip-verify-unresolved"},
		{"G402", "TLS PreferServerCipherSuites set to false.", "G402/server-preference"},
		{"G402", "TLS PreferServerCipherSuites may be set to false.", "G402/server-preference"},
		{"G402", "TLS Bad Cipher Suite: TLS_RSA_WITH_RC4_128_SHA", "G402/cipher"},
		{"G402", "TLS MinVersion too low.", "G402/version"},
		{"G402", "TLS MaxVersion too low.", "G402/version"},
		{"G708", "Server-side template injection via text/template via taint analysis: (*text/template.Template).Parse", "G708/parse"},
		{"G708", "Server-side template injection via taint analysis: (*text/template.Template).Execute", "G708/execute"},
		{"G708", "Server-side template injection via taint analysis: (*text/template.Template).ExecuteTemplate", "G708/execute"},
		{"G204", "Subprocess launched with variable", "G204"},
	} {
		r, ok := g.Match(test.rule, test.message)
		if !ok || r.ID != test.want {
			t.Errorf("%s %q: got %q, want %s", test.rule, test.message, r.ID, test.want)
		}
	}
}

// variants is a program that makes gosec report every variant. The comment on
// a line names the rule that its finding must be matched to.
const variants = `package main

import (
	"crypto/tls"
	"net/http"
	"text/template"
)

var (
	known   = "AKIAIOSFODNN7EXAMPLQ"                   // G101/known-format
	generic = "api_key: \"f3a91c07be254d68a1f09c3d7e5b2846\"" // G101/entropy
	apiToken = "q8Zk2LtV9xWm4RbYc7NdJs5HpGf3TeAu"      // G101/entropy
)

var insecure = len(known) > 3

func configs() []*tls.Config {
	return []*tls.Config{
		&tls.Config{InsecureSkipVerify: true}, // G402/skip-verify
		&tls.Config{InsecureSkipVerify: insecure}, // G402/skip-verify-unresolved
		&tls.Config{PreferServerCipherSuites: false}, // G402/server-preference
		&tls.Config{MinVersion: tls.VersionTLS10}, // G402/version
		&tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS11}, // G402/version
		&tls.Config{CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}, // G402/cipher
	}
}

var page = template.Must(template.New("page").Parse("{{.}}"))

func greet(w http.ResponseWriter, r *http.Request) {
	page.Execute(w, r.FormValue("name")) // G708/execute
}

func render(w http.ResponseWriter, r *http.Request) {
	t, _ := template.New("x").Parse(r.FormValue("body")) // G708/parse
	_ = t
}

func main() {
	_, _, _ = generic, apiToken, configs()
	http.HandleFunc("/greet", greet)
	http.HandleFunc("/render", render)
}
`

// TestGosecVariantsForReal runs gosec and holds its real messages against the
// entries.
func TestGosecVariantsForReal(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/variants\n\ngo 1.26\n", "main.go": variants} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	config := gosec.NewConfig()
	config.SetGlobal(gosec.Nosec, "true")
	a := gosec.NewAnalyzer(config, false, false, false, 1, log.New(io.Discard, "", 0))
	a.LoadRules(gosecrules.Generate(false, gosecrules.NewRuleFilter(false, "G101", "G402")).RulesInfo())
	a.LoadAnalyzers(analyzers.Generate(false, analyzers.NewAnalyzerFilter(false, "G708")).AnalyzersInfo())
	if err := a.Process(nil, dir); err != nil {
		t.Fatal(err)
	}
	issues, _, failed := a.Report()
	if len(failed) > 0 {
		t.Fatalf("gosec failed: %v", failed)
	}
	want := map[string]bool{}
	lines := strings.Split(variants, "\n")
	for _, line := range lines {
		if _, id, ok := strings.Cut(line, "// G"); ok {
			want["G"+id] = true
		}
	}
	g := load(t).Gosec
	got := map[string]bool{}
	for _, i := range issues {
		r, ok := g.Match(i.RuleID, i.What)
		if !ok {
			t.Errorf("%s %q matches nothing", i.RuleID, i.What)
			continue
		}
		got[r.ID] = true
		first, _, _ := strings.Cut(i.Line, "-")
		n, err := strconv.Atoi(first)
		if err != nil || n < 1 || n > len(lines) {
			t.Errorf("%s is at line %q", r.ID, i.Line)
			continue
		}
		if text := lines[n-1]; !strings.HasSuffix(text, "// "+r.ID) {
			t.Errorf("line %d, %q: matched to %s\n%s", n, i.What, r.ID, text)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("variants reported: %v\nwant %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// TestVectors computes every score again.
func TestVectors(t *testing.T) {
	vectors := load(t).Vectors
	if len(vectors) != 49 {
		t.Errorf("%d vectors, want 49", len(vectors))
	}
	owner := map[string]string{}
	for alias, v := range vectors {
		if other, taken := owner[v.Vector]; taken {
			t.Errorf("%s and %s are the same vector", alias, other)
		}
		owner[v.Vector] = alias
		cvss, err := gocvss31.ParseVector(v.Vector)
		if err != nil {
			t.Errorf("%s: %v", alias, err)
			continue
		}
		if got := cvss.BaseScore(); math.Round(got*10) != math.Round(v.Score*10) {
			t.Errorf("%s: score is %.1f, file says %.1f", alias, got, v.Score)
		}
		if got := rules.BandOf(v.Score); got != v.Band {
			t.Errorf("%s: band is %s, file says %s", alias, got, v.Band)
		}
		digits := strings.TrimRight(alias[1:], "abcdefghijklmnopqrstuvwxyz")
		if want := int(math.Round(v.Score * 10)); digits != strconv.Itoa(want) {
			t.Errorf("alias %s does not say %d tenths", alias, want)
		}
	}
}

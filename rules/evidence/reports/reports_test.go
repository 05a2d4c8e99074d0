package reports

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
)

const commit = "3f9c2e1b5d7a9c8e6f4d2b0a1c3e5f7092b4d6f8"

func now() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func options(t testing.TB) Options {
	t.Helper()
	pack, err := catalog.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Catalogue: &pack.Catalogue, Commit: commit, Now: now(), Endpoints: []Endpoint{
		{URL: "https://app.harbour.example/", Where: rules.Location{Path: ".github/staylisted.yml", Line: 9}, Owned: rules.True},
	}}
}

func read(t testing.TB, opts Options, texts ...string) Result {
	t.Helper()
	var inputs []Input
	for i, text := range texts {
		inputs = append(inputs, Input{Name: fmt.Sprintf("report%d", i), Data: []byte(text)})
	}
	return Read(inputs, opts)
}

func state(r Result, verifier string) (rules.RunState, string) {
	for _, run := range r.Runs {
		if run.Verifier == verifier {
			return run.State, run.Reason
		}
	}
	return rules.NotRun, ""
}

// told writes findings as "rule class controls path:line score".
func told(r Result) []string {
	out := []string{}
	for _, f := range r.Findings {
		score := "-"
		if f.CVSS != nil {
			score = fmt.Sprint(f.CVSS.Score)
		}
		out = append(out, fmt.Sprintf("%s %s %s %s:%d %s", f.Rule, f.Class, strings.Join(f.Controls(), ","), f.Location.Path, f.Location.Line, score))
	}
	return out
}

func sarifRunText(driver, results, more string) string {
	return `{"version":"2.1.0","runs":[{"tool":{"driver":` + driver + `},"results":` + results + more + `}]}`
}

const provenance = `,"versionControlProvenance":[{"revisionId":"` + commit + `"}]`

func place(path string, line int) string {
	return fmt.Sprintf(`"message":{"text":"see here"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":%q},"region":{"startLine":%d}}}]`, path, line)
}

func TestSARIF(t *testing.T) {
	codeql := `{"name":"CodeQL","rules":[{"id":"js/sql-injection","shortDescription":{"text":"Query built from input"},"defaultConfiguration":{"level":"error"},
		"properties":{"tags":["security","external/cwe/cwe-089"],"precision":"high","security-severity":"8.8"}},
		{"id":"js/unused","defaultConfiguration":{"level":"note"},"properties":{"tags":["maintainability"]}}]}`
	tests := []struct {
		name, text string
		want       []string
		notes      string
		state      rules.RunState
	}{
		{"by CWE", sarifRunText(codeql, `[{"ruleId":"js/sql-injection","ruleIndex":0,`+place("src/a.js", 4)+`}]`, provenance),
			[]string{"codeql:js/sql-injection violation input-validation-server,no-injection-query src/a.js:4 8.8"}, "", rules.Complete},
		{"a note", sarifRunText(codeql, `[{"ruleId":"js/unused","ruleIndex":1,`+place("src/a.js", 4)+`}]`, provenance),
			[]string{"codeql:js/unused informational  src/a.js:4 -"}, "", rules.Complete},
		{"a result that passed", sarifRunText(codeql, `[{"ruleId":"js/sql-injection","kind":"pass",`+place("src/a.js", 4)+`}]`, provenance), []string{}, "", rules.Complete},
		{"a result that is gone", sarifRunText(codeql, `[{"ruleId":"js/sql-injection","baselineState":"absent",`+place("src/a.js", 4)+`}]`, provenance), []string{}, "", rules.Complete},
		{"suppressed elsewhere", sarifRunText(codeql, `[{"ruleId":"js/sql-injection","suppressions":[{"kind":"inSource"}],`+place("src/a.js", 4)+`}]`, provenance),
			[]string{"codeql:js/sql-injection review input-validation-server,no-injection-query src/a.js:4 8.8"}, "", rules.Complete},
		{"another commit", sarifRunText(codeql, `[{"ruleId":"js/sql-injection",`+place("src/a.js", 4)+`}]`, `,"versionControlProvenance":[{"revisionId":"0000000000000000000000000000000000000000"}]`),
			[]string{}, "another commit", rules.Complete},
		{"no commit", sarifRunText(codeql, `[{"ruleId":"js/sql-injection",`+place("src/a.js", 4)+`}]`, ""),
			[]string{"codeql:js/sql-injection violation input-validation-server,no-injection-query src/a.js:4 8.8"}, "proves nothing", rules.Complete},
		{"a run that failed", sarifRunText(codeql, `[{"ruleId":"js/sql-injection",`+place("src/a.js", 4)+`}]`, provenance+`,"invocations":[{"executionSuccessful":false}]`),
			[]string{}, "did not succeed", rules.Complete},
		{"gosec, which runs here", sarifRunText(`{"name":"gosec"}`, `[{"ruleId":"G101",`+place("a.go", 4)+`}]`, provenance), []string{}, "run in this scan themselves", rules.Complete},
		{"a secret", sarifRunText(`{"name":"gitleaks","rules":[{"id":"aws-access-token"}]}`, `[{"ruleId":"aws-access-token",`+place("conf.env", 2)+`}]`, provenance),
			[]string{"gitleaks:aws-access-token violation no-secrets-in-repo conf.env:2 9.1"}, "", rules.Complete},
		{"Trivy's word, not its number", sarifRunText(`{"name":"Trivy","rules":[{"id":"AVD-AWS-0080","properties":{"security-severity":"9.5","tags":["security","HIGH"]}}]}`,
			`[{"ruleId":"AVD-AWS-0080","level":"error",`+place("main.tf", 2)+`}]`, provenance), []string{"trivy:AVD-AWS-0080 violation encryption-at-rest main.tf:2 7"}, "", rules.Complete},
		{"a package", sarifRunText(`{"name":"Trivy","rules":[{"id":"CVE-2024-1234","properties":{"tags":["HIGH"]}}]}`,
			`[{"ruleId":"CVE-2024-1234","message":{"text":"Package: openssl\nInstalled Version: 1.0\nFixed Version: 1.1"}}]`, provenance),
			[]string{"CVE-2024-1234 review dep-no-known-high :0 7"}, "", rules.Complete},
		{"Semgrep", sarifRunText(`{"name":"Semgrep OSS","rules":[{"id":"python.flask.xss","properties":{"tags":["CWE-79: Cross-site Scripting","security"],"security-severity":"MEDIUM"}}]}`,
			`[{"ruleId":"python.flask.xss","level":"warning",`+place("app.py", 7)+`}]`, provenance),
			[]string{"semgrep-oss:python.flask.xss review input-validation-server,output-encoding app.py:7 4"}, "", rules.Complete},
		{"a rule of an extension", sarifRunText(`{"name":"CodeQL"},"extensions":[{"name":"pack","rules":[{"id":"py/ssrf","properties":{"tags":["external/cwe/cwe-918"]}}]}]`,
			`[{"rule":{"id":"py/ssrf","index":0,"toolComponent":{"index":0}},"level":"error",`+place("a.py", 1)+`}]`, provenance),
			[]string{"codeql:py/ssrf violation input-validation-server,no-ssrf a.py:1 8.6"}, "", rules.Complete},
		{"a path out of the repository", sarifRunText(codeql, `[{"ruleId":"js/sql-injection",`+place("../../etc/passwd", 4)+`}]`, provenance),
			[]string{"codeql:js/sql-injection violation input-validation-server,no-injection-query :0 8.8"}, "", rules.Complete},
		{"a path below the root it names", sarifRunText(codeql, `[{"ruleId":"js/sql-injection",`+place("file:///home/ci/app/src/b.js", 4)+`}]`, provenance+`,"originalUriBaseIds":{"R":{"uri":"file:///home/ci/app/"}}`),
			[]string{"codeql:js/sql-injection violation input-validation-server,no-injection-query src/b.js:4 8.8"}, "", rules.Complete},
		{"one result of another shape", sarifRunText(codeql, `[7,{"ruleId":"js/sql-injection",`+place("src/a.js", 4)+`}]`, provenance),
			[]string{"codeql:js/sql-injection violation input-validation-server,no-injection-query src/a.js:4 8.8"}, "another shape", rules.Complete},
		{"a tool without a name", sarifRunText(`{}`, `[]`, ""), []string{}, "", rules.Broken},
		{"another version", `{"version":"1.0.0","runs":[]}`, []string{}, "", rules.Broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, options(t), tt.text)
			if got := told(r); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, tt.notes) || tt.notes == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, tt.notes)
			}
			if got, reason := state(r, SARIF); got != tt.state || got == rules.Broken && reason == "" {
				t.Errorf("%s %s %q, want %s", SARIF, got, reason, tt.state)
			}
			for _, f := range r.Findings {
				if strings.Contains(f.Message, "see here") {
					t.Errorf("the message %q quotes the result", f.Message)
				}
			}
		})
	}
}

func TestSilenceCounts(t *testing.T) {
	driver := `{"name":"CodeQL","rules":[{"id":"js/xss","properties":{"tags":["external/cwe/cwe-079"]}},{"id":"py/sql","properties":{"tags":["external/cwe/cwe-089","external/cwe/cwe-089"]}}]}`
	for _, tt := range []struct {
		name, more, by string
		want           string
	}{
		{"bound by the file", provenance, "", `{"JavaScript":[79],"Python":[89],"TypeScript":[79]}`},
		{"bound by the caller", "", commit, `{"JavaScript":[79],"Python":[89],"TypeScript":[79]}`},
		{"not bound", "", "", "null"},
		{"bound to another", "", strings.Repeat("0", 40), "null"},
		{"with errors", provenance + `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error","message":{"text":"could not parse server.js"}}]}]`, "", "null"},
		{"with warnings", provenance + `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"warning"}]}]`, "", `{"JavaScript":[79],"Python":[89],"TypeScript":[79]}`},
		{"failed", provenance + `,"invocations":[{"executionSuccessful":false}]`, "", "null"},
	} {
		r := Read([]Input{{Name: "a", Data: []byte(sarifRunText(driver, "[]", tt.more)), Commit: tt.by}}, options(t))
		if got, _ := json.Marshal(r.Analysed); string(got) != tt.want {
			t.Errorf("%s: analysed %s, want %s", tt.name, got, tt.want)
		}
	}
}

func zapText(generated, site, alerts string) string {
	return `{"@programName":"ZAP","@version":"2.16.0","@generated":"` + generated + `","site":[{"@name":"` + site + `","alerts":` + alerts + `}]}`
}

func zapAlertText(risk, confidence, cwe string) string {
	return `[{"pluginid":"40018","alert":"SQL Injection","name":"SQL Injection","riskcode":"` + risk + `","confidence":"` + confidence + `","cweid":"` + cwe + `",
		"instances":[{"uri":"https://app.harbour.example/jobs?id=s3cretvalue","method":"GET","param":"id","attack":"s3cretvalue","evidence":"s3cretvalue","request-header":"GET / HTTP/1.1\r\nCookie: sid=s3cretvalue"}]}]`
}

const burpText = `<?xml version="1.0"?>
<!DOCTYPE issues [
<!ELEMENT issues (issue*)>
<!ATTLIST issues burpVersion CDATA "">
]>
<issues burpVersion="2026.9" exportTime="Tue Nov 10 11:26:43 UTC 2026">
<issue><serialNumber>1</serialNumber><type>1049088</type><name><![CDATA[SQL injection]]></name><host ip="192.0.2.1">https://app.harbour.example</host>
<path><![CDATA[/jobs]]></path><severity>High</severity><confidence>Certain</confidence>
<vulnerabilityClassifications><![CDATA[<ul><li><a href="https://cwe.mitre.org/data/definitions/89.html">CWE-89: SQL Injection</a></li></ul>]]></vulnerabilityClassifications>
<requestresponse><request method="GET" base64="true"><![CDATA[R0VUIC9qb2JzIEhUVFAvMS4xDQpDb29raWU6IHNpZD1zM2NyZXR2YWx1ZQ0KDQo=]]></request></requestresponse></issue>
<issue><type>2097920</type><name>Cross-site scripting (reflected)</name><host>https://app.harbour.example</host><path>/q</path><severity>Medium</severity><confidence>Tentative</confidence></issue>
<issue><type>5243904</type><name>Cookie without secure flag</name><host>https://other.example</host><path>/</path><severity>Low</severity><confidence>Firm</confidence></issue>
</issues>`

func TestDynamic(t *testing.T) {
	const date = "Tue, 10 Nov 2026 11:26:43"
	site := "https://app.harbour.example"
	tests := []struct {
		name, text string
		opts       func(*Options)
		want       []string
		proof      string // text of the observation, or of the shortfall
		proven     bool
	}{
		{"nothing found", zapText(date, site, "[]"), nil, []string{}, "0 alerts, none rated high", true},
		{"high", zapText(date, site, zapAlertText("3", "2", "89")), nil,
			[]string{"zap:40018 violation input-validation-server,no-injection-query,dast-run .github/staylisted.yml:9 9.8"}, "1 open alerts rated high", false},
		{"medium, low confidence", zapText(date, site, zapAlertText("2", "1", "89")), nil,
			[]string{"zap:40018 review input-validation-server,no-injection-query .github/staylisted.yml:9 9.8"}, "1 alerts, none rated high", true},
		{"a false positive", zapText(date, site, zapAlertText("3", "0", "89")), nil, []string{}, "0 alerts", true},
		{"information", zapText(date, site, zapAlertText("0", "2", "-1")), nil, []string{"zap:40018 informational  .github/staylisted.yml:9 -"}, "none rated high", true},
		{"high without a weakness", zapText(date, site, zapAlertText("3", "3", "-1")), nil,
			[]string{"zap:40018 violation dast-run .github/staylisted.yml:9 7.5"}, "rated high", false},
		{"another host", zapText(date, "https://other.example", zapAlertText("3", "3", "89")), nil, []string{}, "no report of a dynamic scan of a declared endpoint", false},
		{"no date", zapText("", site, "[]"), nil, []string{}, "does not say when", false},
		{"a date to come", zapText("Tue, 10 Nov 2027 11:26:43", site, "[]"), nil, []string{}, "has not come yet", false},
		{"before the release", zapText(date, site, "[]"), func(o *Options) { o.Released = now().AddDate(0, 0, -1) }, []string{}, "before the release of 2026-11-20", false},
		{"not owned", zapText(date, site, "[]"), func(o *Options) { o.Endpoints[0].Owned = rules.Undecided }, []string{}, "ownership is not proved", false},
		{"Burp", burpText, nil, []string{
			"burp-suite:1049088 violation input-validation-server,no-injection-query,dast-run .github/staylisted.yml:9 9.8",
			"burp-suite:2097920 review input-validation-server,output-encoding .github/staylisted.yml:9 6.1",
		}, "1 open alerts rated high", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := options(t)
			if tt.opts != nil {
				tt.opts(&opts)
			}
			r := read(t, opts, tt.text)
			if got := told(r); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			text := ""
			for _, o := range r.Observations {
				text += o.Text
			}
			if proven := text != ""; proven != tt.proven {
				t.Errorf("proven %v by %q, want %v", proven, text, tt.proven)
			}
			for _, s := range r.Shortfalls {
				text += s.Text
			}
			if !strings.Contains(text, tt.proof) {
				t.Errorf("%q does not say %q", text, tt.proof)
			}
			if got, reason := state(r, DAST); got != rules.Complete {
				t.Errorf("%s is %s: %s", DAST, got, reason)
			}
			whole, _ := json.Marshal(r)
			if strings.Contains(string(whole), "s3cretvalue") {
				t.Errorf("a value of the scan leaks: %s", whole)
			}
		})
	}
}

// TestDynamicAges holds the proof to its age with the clock alone.
func TestDynamicAges(t *testing.T) {
	opts := options(t)
	r := read(t, opts, zapText("Tue, 10 Nov 2026 11:26:43", "https://app.harbour.example", "[]"))
	if n := len(r.Observations); n != 1 {
		t.Fatalf("%d observations", n)
	}
	o := r.Observations[0]
	if o.Measure.At(now()).Value != 11 || !o.Expires.Equal(time.Date(2027, 2, 8, 11, 26, 43, 0, time.UTC)) {
		t.Errorf("age %v, expires %v", o.Measure.At(now()), o.Expires)
	}
}

func TestCommittedReport(t *testing.T) {
	text := zapText("Tue, 10 Nov 2026 11:26:43", "https://app.harbour.example", zapAlertText("1", "2", "-1"))
	r := Read([]Input{{Name: "zap.json", Path: "reports/zap.json", Data: []byte(text)}}, options(t))
	if got := told(r); !slices.Contains(got, "MKT405/dynamic-report violation no-secrets-in-repo reports/zap.json:0 9.1") {
		t.Errorf("got %q", got)
	}
	if got := told(Read([]Input{{Name: "zap.json", Data: []byte(text)}}, options(t))); len(got) != 1 {
		t.Errorf("a report that is not committed gives %q", got)
	}
}

func TestUnreadable(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><issues><issue><name>&lol2;</name></issue></issues>`
	good := zapText("Tue, 10 Nov 2026 11:26:43", "https://app.harbour.example", "[]")
	for _, tt := range []struct{ name, text, want string }{
		{"empty", " \n", "is empty"},
		{"words", "hello", "neither SARIF nor"},
		{"JSON of another kind", `{"a":1}`, "neither SARIF nor"},
		{"a list", `[1]`, "neither SARIF nor"},
		{"cut off", good[:len(good)-20], "cut off"},
		{"an XML bomb", bomb, "defines entities"},
		{"an unknown entity", `<OWASPZAPReport><site name="&x;"/></OWASPZAPReport>`, "an entity that XML does not define"},
		{"an external entity", `<!DOCTYPE issues [<!ENTITY x SYSTEM "file:///etc/passwd">]><issues>&x;</issues>`, "defines entities"},
		{"XML cut off", burpText[:700], "cut off"},
		{"a page", "<!DOCTYPE html><html><body>Burp</body></html>", "HTML page"},
		{"deep JSON", strings.Repeat(`{"runs":[`, 20000), "nested too deeply"},
		{"deep XML", "<OWASPZAPReport>" + strings.Repeat("<site>", 200000), "cut off"},
		{"not UTF-8", "{\"runs\":\"\xff\"}", "not UTF-8"},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><issues></issues>`, "encoding is not UTF-8"},
		{"21 MiB", strings.Repeat(" ", 21<<20), "larger than 20 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := read(t, options(t), tt.text, good)
			var all strings.Builder
			broken := 0
			for _, run := range r.Runs {
				all.WriteString(run.Reason)
				if run.State == rules.Broken {
					broken++
				}
			}
			if broken == 0 || !strings.Contains(all.String(), tt.want) || !strings.Contains(all.String(), "report0") {
				t.Errorf("reasons %q, want %q", all.String(), tt.want)
			}
			if len(r.Observations) != 1 {
				t.Error("the good report beside it is lost")
			}
		})
	}
}

// corpus returns other tools' files beside the test data.
func corpus(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	data := os.Getenv("STAYLISTED_DATA")
	if data == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder of the test data")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(data, folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestOtherTools reads every file of other tools: what is SARIF is read, what is
// not gives one reason.
func TestOtherTools(t *testing.T) {
	opts := options(t)
	for _, folder := range []string{"sarif", "reports"} {
		findings, unread := 0, 0
		files := corpus(t, folder)
		for name, data := range files {
			r := Read([]Input{{Name: filepath.Base(name), Data: data}}, opts)
			findings += len(r.Findings)
			sarif, reason := state(r, SARIF)
			dast, dastReason := state(r, DAST)
			if sarif == rules.Broken || dast == rules.Broken {
				unread++
				if reason+dastReason == "" {
					t.Errorf("%s: no reason", name)
				}
			}
			var top struct {
				Runs []struct {
					Tool struct{ Driver struct{ Name string } }
				}
				Version string
			}
			if json.Unmarshal([]byte(strings.TrimPrefix(string(data), "\uFEFF")), &top) == nil && top.Version == "2.1.0" && len(top.Runs) > 0 && top.Runs[0].Tool.Driver.Name != "" &&
				sarif != rules.Complete && !strings.Contains(reason, "which tool") {
				t.Errorf("%s is SARIF and was not read: %s", name, reason)
			}
			if strings.Contains(name, "/zap/") && dast != rules.Complete {
				t.Errorf("%s was not read: %s", name, dastReason)
			}
		}
		t.Logf("%s: %d files, %d of them no report of ours, %d findings", folder, len(files), unread, findings)
		if findings == 0 && folder == "sarif" {
			t.Error("no file of other tools has a finding")
		}
	}
}

// TestZAPReports reads what ZAP saw at hosts that are declared for the purpose.
func TestZAPReports(t *testing.T) {
	opts := options(t)
	opts.Endpoints = nil
	for _, host := range []string{"example-domain.com", "mainsite.com", "172.17.0.2", "juice-shop.herokuapp.com", "bodgeit.securecodebox-demo.svc"} {
		opts.Endpoints = append(opts.Endpoints, Endpoint{URL: "https://" + host + "/", Owned: rules.True})
	}
	for name, data := range corpus(t, "reports/zap") {
		r := Read([]Input{{Name: filepath.Base(name), Data: data}}, opts)
		if len(r.Findings) == 0 {
			t.Errorf("%s: nothing was read", name)
		}
		for _, f := range r.Findings {
			if strings.ContainsAny(f.Message, "<>\n") {
				t.Errorf("%s: message %q", name, f.Message)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sarifRunText(`{"name":"CodeQL","rules":[{"id":"js/x","properties":{"tags":["external/cwe/cwe-089"]}}]}`, `[{"ruleId":"js/x",`+place("a.js", 1)+`}]`, provenance)))
	f.Add([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"ruleIndex":-1,"rule":{"index":99999999999}}]}]}`))
	fuzzReports(f)
}

func FuzzZAP(f *testing.F) {
	f.Add([]byte(zapText("Tue, 10 Nov 2026 11:26:43", "https://app.harbour.example", zapAlertText("3", "2", "89"))))
	f.Add([]byte(`<OWASPZAPReport generated="x"><site name="https://app.harbour.example"><alerts><alertitem><name>a</name></alertitem></alerts></site></OWASPZAPReport>`))
	fuzzReports(f)
}

func FuzzBurp(f *testing.F) {
	f.Add([]byte(burpText))
	f.Add([]byte(`<issues><issue><host>https://app.harbour.example</host></issue></issues>`))
	fuzzReports(f)
}

// fuzzReports holds every reader to what must be true of any input.
func fuzzReports(f *testing.F) {
	opts := options(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := Read([]Input{{Name: "report", Data: data}}, opts)
		for _, run := range r.Runs {
			if run.State == rules.Broken && (run.Reason == "" || strings.Contains(run.Reason, "unexpectedly")) {
				t.Fatalf("%s: %q", run.Verifier, run.Reason)
			}
		}
		for _, finding := range r.Findings {
			if strings.HasPrefix(finding.Location.Path, "/") || strings.HasPrefix(finding.Location.Path, "../") || finding.Location.Path == ".." {
				t.Fatalf("path %q", finding.Location.Path)
			}
			if strings.ContainsAny(finding.Message+finding.Title+finding.Rule, "<>`\n\r\x1b|@*[]") || strings.Contains(finding.Message, "::") {
				t.Fatalf("hostile text: %q %q %q", finding.Rule, finding.Title, finding.Message)
			}
			if finding.CVSS != nil && (finding.CVSS.Score < 0 || finding.CVSS.Score > 10) {
				t.Fatalf("score %v", finding.CVSS.Score)
			}
		}
	})
}

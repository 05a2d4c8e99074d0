package sarif

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// prepare prepares a file and holds what comes out against the limits and
// against what went in.
func prepare(t *testing.T, raw []byte, limits Limits) (*Prepared, []log) {
	t.Helper()
	p, err := Prepare(raw, limits)
	if err != nil {
		t.Fatal(err)
	}
	var in log
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	given := map[string]run{}
	var order []string
	for _, r := range in.Runs {
		category := categoryOf(r.AutomationDetails.ID)
		given[category] = r
		order = append(order, category)
	}
	lost := map[string]map[string]int{}
	for _, l := range p.LeftOut {
		if lost[l.Category] == nil {
			lost[l.Category] = map[string]int{}
		}
		lost[l.Category][l.What] += l.Count
	}
	var logs []log
	var seen []string
	for _, f := range p.Files {
		if over(len(f.Gzip), limits.Bytes) {
			t.Errorf("a file of %d bytes", len(f.Gzip))
		}
		data, err := f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var l log
		if err := json.Unmarshal(data, &l); err != nil {
			t.Fatal(err)
		}
		if over(len(l.Runs), limits.Runs) || l.Schema != in.Schema || l.Version != in.Version {
			t.Errorf("%d runs, schema %q, version %q", len(l.Runs), l.Schema, l.Version)
		}
		results := 0
		for i, r := range l.Runs {
			category := categoryOf(r.AutomationDetails.ID)
			if category != f.Categories[i] {
				t.Errorf("run %d is %q, the file says %q", i, category, f.Categories[i])
			}
			seen = append(seen, category)
			results += len(r.Results)
			if over(len(r.Results), limits.Results) || over(len(r.Tool.Driver.Rules), limits.Rules) {
				t.Errorf("%s: %d results, %d rules", category, len(r.Results), len(r.Tool.Driver.Rules))
			}
			was := given[category]
			if len(r.Results)+lost[category][LeftOutResult] != len(was.Results) {
				t.Errorf("%s: %d results and %d left out of %d", category, len(r.Results), lost[category][LeftOutResult], len(was.Results))
			}
			if len(r.Tool.Driver.Rules)+lost[category][LeftOutRule] != len(was.Tool.Driver.Rules) {
				t.Errorf("%s: %d rules and %d left out of %d", category, len(r.Tool.Driver.Rules), lost[category][LeftOutRule], len(was.Tool.Driver.Rules))
			}
			notices := 0
			for _, n := range r.Invocations[0].ToolExecutionNotifications {
				if n.Descriptor.ID == noticeLeftOut {
					notices++
				}
			}
			if want := min(len(lost[category]), 1); notices != want {
				t.Errorf("%s: %d notices, want %d", category, notices, want)
			}
			if len(r.Invocations[0].ToolExecutionNotifications)-notices != len(was.Invocations[0].ToolExecutionNotifications) {
				t.Errorf("%s: other notifications went", category)
			}
			prints := map[string]result{}
			for _, x := range was.Results {
				prints[x.PartialFingerprints[FingerprintKey]] = x
			}
			for _, x := range r.Results {
				if x.RuleIndex >= len(r.Tool.Driver.Rules) || r.Tool.Driver.Rules[x.RuleIndex].ID != x.RuleID {
					t.Errorf("%s: ruleIndex %d points elsewhere", x.RuleID, x.RuleIndex)
				}
				if w, ok := prints[x.PartialFingerprints[FingerprintKey]]; !ok || !maps.Equal(w.PartialFingerprints, x.PartialFingerprints) {
					t.Errorf("fingerprints %v were %v", x.PartialFingerprints, w.PartialFingerprints)
				}
			}
		}
		if results != f.Results {
			t.Errorf("%d results, the file says %d", results, f.Results)
		}
		logs = append(logs, l)
	}
	if !slices.Equal(seen, order) {
		t.Errorf("categories %q, want %q", seen, order)
	}
	return p, logs
}

func TestPrepareChangesNothingThatFits(t *testing.T) {
	_, raw := write(t, input(), Options{})
	p, _ := prepare(t, raw, GitHubLimits())
	if len(p.Files) != 1 || len(p.LeftOut) != 0 || !slices.Equal(p.Files[0].Categories, []string{"marketplace-compliance/root", "marketplace-compliance/tools"}) {
		t.Fatalf("%d files, categories %q, left out %v", len(p.Files), p.Files[0].Categories, p.LeftOut)
	}
	data, err := p.Files[0].JSON()
	if err != nil {
		t.Fatal(err)
	}
	var was, is any
	if json.Unmarshal(raw, &was) != nil || json.Unmarshal(data, &is) != nil {
		t.Fatal("not JSON")
	}
	a, _ := json.Marshal(was)
	b, _ := json.Marshal(is)
	if !bytes.Equal(a, b) {
		t.Error("the file changed")
	}
	if len(data) >= len(raw) {
		t.Errorf("%d bytes, indented it had %d", len(data), len(raw))
	}
}

// many is a report with findings of every rank, the best first.
func many(n int) Input {
	in := input()
	in.Report.Findings = nil
	src := []byte(strings.Repeat("\tif err := handler(w, r); err != nil {\n", 300))
	in.Source = func(string) ([]byte, error) { return src, nil }
	ranks := []struct {
		rule  string
		class rules.Class
		score float64
	}{
		{"G304", rules.Review, 3.1}, {"G201", rules.Review, 6.8}, {"MKT801", rules.Violation, 0},
		{"G201", rules.Review, 9.3}, {"MKT201", rules.Violation, 9.1}, {"MKT201", rules.Violation, 9.8},
	}
	for i := range n {
		r := ranks[i*len(ranks)/n]
		f := rules.Finding{Rule: r.rule, Class: r.class, Message: "message " + fmt.Sprint(i), Fingerprint: fmt.Sprintf("f%06d", i),
			Location: rules.Location{Path: fmt.Sprintf("pkg/f%03d.go", i%250), Line: i%300 + 1, Column: 5}}
		if r.score > 0 {
			f.CVSS = &rules.CVSS{Score: r.score, Band: rules.BandOf(r.score)}
		}
		in.Report.Findings = append(in.Report.Findings, f)
	}
	return in
}

func TestPrepareKeepsTheWorst(t *testing.T) {
	const n = 60 // ten of each rank
	_, raw := write(t, many(n), Options{})
	limits := GitHubLimits()
	limits.Bytes = 0
	want := []string{"MKT201 9.8", "MKT201 9.1", "G201 9.3", "MKT801 ", "G201 6.8", "G304 3.1"}
	for keep := 1; keep <= n; keep++ {
		limits.Results = keep
		p, logs := prepare(t, raw, limits)
		counts := map[string]int{}
		var places []string
		for _, x := range logs[0].Runs[0].Results {
			score, _ := x.Properties["score"].(string)
			counts[x.RuleID+" "+score]++
			place := x.Locations[0].PhysicalLocation
			places = append(places, fmt.Sprintf("%s:%06d", place.ArtifactLocation.URI, place.Region.StartLine))
		}
		for i, key := range want {
			if full := min(10, max(0, keep-10*i)); counts[key] != full {
				t.Fatalf("of %d: %v, want %d of %s", keep, counts, full, key)
			}
		}
		if !slices.IsSorted(places) {
			t.Errorf("the order of the file is lost: %q", places)
		}
		if keep == n {
			break
		}
		notice := logs[0].Runs[0].Invocations[0].ToolExecutionNotifications[0]
		if text := notice.Message.Text; notice.Level != "warning" || !strings.HasPrefix(text, fmt.Sprintf("%d of %d results are left out", n-keep, n)) ||
			!strings.Contains(text, p.LeftOut[len(p.LeftOut)-1].String()) {
			t.Errorf("notice %q for %v", text, p.LeftOut)
		}
	}
	limits.Results = 15
	p, _ := prepare(t, raw, limits)
	var got []string
	for _, l := range p.LeftOut {
		got = append(got, l.String())
	}
	if want := []string{"10 results of G201 (critical)", "5 results of MKT201 (critical)", "10 results of MKT801", "10 results of G201 (medium)", "10 results of G304 (low)"}; !slices.Equal(got, want) {
		t.Errorf("left out %q, want %q", got, want)
	}
}

func TestPrepareDealsRunsOut(t *testing.T) {
	in := input()
	in.Report.Coverage.Modules, in.Report.Findings = nil, nil
	for i := range 44 {
		dir := fmt.Sprintf("services/s%02d", i)
		in.Report.Coverage.Modules = append(in.Report.Coverage.Modules, rules.ModuleCoverage{Path: "example.com/" + dir, Dir: dir})
		in.Report.Findings = append(in.Report.Findings, rules.Finding{Rule: "G201", Fingerprint: fmt.Sprint(i), Location: rules.Location{Path: dir + "/x.go", Line: 1}, Message: "x"})
	}
	_, raw := write(t, in, Options{})
	p, _ := prepare(t, raw, GitHubLimits())
	var sizes []int
	for _, f := range p.Files {
		sizes = append(sizes, len(f.Categories))
	}
	if !slices.Equal(sizes, []int{20, 20, 5}) || len(p.LeftOut) != 0 {
		t.Errorf("%d runs a file, left out %v", sizes, p.LeftOut)
	}
	limits := GitHubLimits()
	limits.Bytes = 5000 // a run alone needs some 1,500
	if p, _ = prepare(t, raw, limits); len(p.Files) < 12 || len(p.LeftOut) != 0 {
		t.Errorf("%d files, left out %v", len(p.Files), p.LeftOut)
	}
}

// incompressible is text of many different characters.
func incompressible(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for b.Len() < n {
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[r.IntN(64)])
	}
	return b.String()
}

func TestPrepareCutsToTheSizeOfAFile(t *testing.T) {
	in := many(600)
	for i := range in.Report.Findings {
		in.Report.Findings[i].Message = incompressible(uint64(i), 2000)
	}
	_, raw := write(t, in, Options{})
	limits := GitHubLimits()
	limits.Bytes = 400_000
	p, logs := prepare(t, raw, limits)
	if n := p.Files[0].Results; n < 200 || n > 260 || len(p.Files[0].Gzip) < limits.Bytes*8/10 {
		t.Errorf("%d results in %d bytes of %d", n, len(p.Files[0].Gzip), limits.Bytes)
	}
	worst := 0
	for _, x := range logs[0].Runs[0].Results {
		if x.RuleID == "MKT201" {
			worst++
		}
	}
	if worst != 200 {
		t.Errorf("%d of the 200 worst stay", worst)
	}
	if text := logs[0].Runs[0].Invocations[0].ToolExecutionNotifications[0].Message.Text; !strings.Contains(text, "takes no file of more than 400000 bytes") {
		t.Error(text)
	}
	limits.Bytes = 1000
	if _, err := Prepare(raw, limits); err == nil || !strings.Contains(err.Error(), "without any result, more than the 1000 of a file") {
		t.Error(err)
	}
}

func TestPrepareCutsPlacesTagsAndRules(t *testing.T) {
	in := input()
	f := &in.Report.Findings[0]
	f.Steps = nil
	for i := range 25 {
		f.Steps = append(f.Steps, rules.Step{Location: rules.Location{Path: "main.go", Line: 1}, Message: fmt.Sprintf("step %02d", i)})
	}
	in.Report.Coverage.Runs = []rules.VerifierRun{{Verifier: "MKT801", State: rules.Broken, Reason: "panicked"}, {Verifier: "G304", State: rules.Broken, Reason: "panicked"}}
	_, raw := write(t, in, Options{})
	limits := GitHubLimits()
	limits.FlowLocations, limits.Tags, limits.Rules = 10, 3, 3
	p, logs := prepare(t, raw, limits)
	var steps []string
	for _, x := range logs[0].Runs[0].Results {
		if len(x.CodeFlows) > 0 {
			for _, s := range x.CodeFlows[0].ThreadFlows[0].Locations {
				steps = append(steps, strings.TrimPrefix(s.Location.Message.Text, "step "))
			}
		}
	}
	if want := strings.Fields("00 01 02 03 04 20 21 22 23 24"); !slices.Equal(steps, want) {
		t.Errorf("steps %q, want %q", steps, want)
	}
	// The root has five rules and results of three; the tools have four and one.
	var ids []string
	for _, d := range logs[0].Runs[0].Tool.Driver.Rules {
		ids = append(ids, d.ID)
		if tags := tagsOf(d); len(tags) > 3 || tags[0] != "security" {
			t.Errorf("%s: tags %q", d.ID, tags)
		}
	}
	if want := []string{"GO-2026-1", "MKT201", "MKT801"}; !slices.Equal(ids, want) {
		t.Errorf("rules %q, want %q", ids, want)
	}
	for _, n := range logs[0].Runs[0].Invocations[0].ToolExecutionNotifications {
		if r := n.AssociatedRule; r != nil && r.ID != "MKT801" && r.ID != "G304" {
			t.Errorf("notification of %q", r.ID)
		}
	}
	data, err := p.Files[0].JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(`"associatedRule":{"id":"MKT801","index":2}`)) || !bytes.Contains(data, []byte(`"associatedRule":{"id":"G304"}`)) {
		t.Error("the notifications' rules point elsewhere")
	}
	var got []string
	for _, l := range p.LeftOut[:3] {
		got = append(got, l.Category+": "+l.String())
	}
	if want := []string{"marketplace-compliance/root: 2 rules", "marketplace-compliance/root: 15 steps of MKT201", "marketplace-compliance/root: 3 tags of G201"}; !slices.Equal(got, want) {
		t.Errorf("left out %q, want %q", got, want)
	}
	text := logs[0].Runs[0].Invocations[0].ToolExecutionNotifications
	if last := text[len(text)-1]; last.Descriptor.ID != noticeLeftOut || !strings.HasPrefix(last.Message.Text, "Parts of this run") {
		t.Errorf("%+v", last)
	}
}

func TestCutPlacesOfSeveralFlows(t *testing.T) {
	raw := `{"ruleId":"x","locations":[1,2,3,4],"codeFlows":[{"threadFlows":[{"locations":[1,2,3]},{"locations":[4,5,6]}]},{"message":{"text":"gone"},"threadFlows":[{"locations":[7]}]}]}`
	out, err := cutPlaces([]byte(raw), Limits{Locations: 2, FlowLocations: 5})
	if want := `{"codeFlows":[{"threadFlows":[{"locations":[1,2,3]},{"locations":[4,6]}]}],"locations":[1,2],"ruleId":"x"}`; err != nil || string(out) != want {
		t.Errorf("%s, %v\nwant %s", out, err, want)
	}
}

func TestPrepareRefuses(t *testing.T) {
	_, evidence := write(t, input(), Options{Suppressed: true})
	_, good := write(t, input(), Options{})
	for name, c := range map[string]struct{ file, want string }{
		"no JSON":         {"{", "reading it"},
		"no SARIF":        {"{}", "no"},
		"an old version":  {`{"version":"2.0.0","runs":[{}]}`, "write it anew"},
		"no runs":         {`{"version":"2.1.0","runs":[]}`, "write it anew"},
		"no invocation":   {`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}`, "not written here"},
		"no tool":         {`{"version":"2.1.0","runs":[{"invocations":[{}]}]}`, "not written here"},
		"suppressions":    {string(evidence), "without suppressed results"},
		"category twice":  {strings.Replace(string(good), "marketplace-compliance/tools/", "marketplace-compliance/root/other", 1), `two runs have the category "marketplace-compliance/root"`},
		"results no list": {`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"invocations":[{}],"results":7}]}`, "run 1"},
	} {
		if _, err := Prepare([]byte(c.file), GitHubLimits()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPrepareIsDeterministic(t *testing.T) {
	_, raw := write(t, many(600), Options{})
	limits := GitHubLimits()
	limits.Results, limits.Rules, limits.Bytes = 300, 3, 8000
	first, _ := prepare(t, raw, limits)
	for range 3 {
		again, err := Prepare(raw, limits)
		if err != nil || !slices.EqualFunc(again.Files, first.Files, func(a, b File) bool { return bytes.Equal(a.Gzip, b.Gzip) }) || !slices.Equal(again.LeftOut, first.LeftOut) {
			t.Errorf("two uploads of one file differ: %v", err)
		}
	}
}

// FuzzPrepare makes sure that no file makes it panic, and that what it makes of
// one is JSON within the limits.
func FuzzPrepare(f *testing.F) {
	var out bytes.Buffer
	in := input()
	in.Source = nil
	if err := Write(&out, in, Options{}); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x","rules":[{"id":"a","properties":{"tags":["1","2","3"]}},null,{"id":"b"}]}},` +
		`"invocations":[{"toolExecutionNotifications":[{"associatedRule":{"index":2}},null]},null],"results":[{"ruleIndex":2,"locations":[{},{},{}]},{"ruleIndex":0},null]}]}`))
	f.Add([]byte(`{"version":"2.1.0","runs":[null]}`))
	limits := Limits{Bytes: 100_000, Runs: 2, Results: 2, Rules: 2, Tags: 2, Locations: 2, FlowLocations: 2}
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := Prepare(file, limits)
		if err != nil {
			return
		}
		for _, f := range p.Files {
			data, err := f.JSON()
			if err != nil {
				t.Fatal(err)
			}
			var l struct {
				Runs []struct{ Results []json.RawMessage }
			}
			if !json.Valid(data) {
				t.Fatalf("not JSON: %q", data)
			}
			if err := json.Unmarshal(data, &l); err != nil {
				return // a property in another case; not ours
			}
			if len(f.Gzip) > limits.Bytes || len(f.Categories) > limits.Runs {
				t.Fatalf("%d bytes, %d runs", len(f.Gzip), len(f.Categories))
			}
		}
	})
}

// BenchmarkPrepare prepares thirty thousand results.
func BenchmarkPrepare(b *testing.B) {
	var out bytes.Buffer
	if err := Write(&out, many(30_000), Options{}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	for b.Loop() {
		if _, err := Prepare(out.Bytes(), GitHubLimits()); err != nil {
			b.Fatal(err)
		}
	}
}

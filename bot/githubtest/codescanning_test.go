package githubtest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-github/v66/github"
)

const (
	sarifPost = "POST /repos/{owner}/{repo}/code-scanning/sarifs"
	sarifRule = `{"id":"R1","shortDescription":{"text":"a rule"},"properties":{"security-severity":"7.5"}}`
	sarifHit  = `{"ruleId":"R1","message":{"text":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.go"}}}],"partialFingerprints":{"primaryLocationLineHash":"aa:1"}}`
)

// sarifRun is a run of a category with some results.
func sarifRun(category string, results int) string {
	hits := strings.TrimSuffix(strings.Repeat(sarifHit+",", results), ",")
	return fmt.Sprintf(`{"tool":{"driver":{"name":"tool","rules":[%s]}},"automationDetails":{"id":"%s/"},"results":[%s]}`, sarifRule, category, hits)
}

func sarifFile(runs ...string) string {
	return `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[` + strings.Join(runs, ",") + `]}`
}

func packed(text string) string {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, _ = z.Write([]byte(text)) // to memory
	_ = z.Close()
	return base64.StdEncoding.EncodeToString(buf.Bytes())
}

// send uploads and returns the id, or GitHub's words.
func send(t *testing.T, s *Server, commit, ref, sarif string) (id, words string) {
	t.Helper()
	got, _, err := s.Client("t").CodeScanning.UploadSarif(t.Context(), "partner", "app", &github.SarifAnalysis{CommitSHA: &commit, Ref: &ref, Sarif: &sarif})
	if e, is := errors.AsType[*github.ErrorResponse](err); is {
		return "", fmt.Sprintf("%d %s", e.Response.StatusCode, e.Message)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.GetID(), ""
}

// look returns processing status and errors.
func look(t *testing.T, s *Server, id string) string {
	t.Helper()
	c := s.Client("t")
	req, err := c.NewRequest("GET", "repos/partner/app/code-scanning/sarifs/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Status string `json:"processing_status"`
		Errors []string
	}
	if _, err := c.Do(t.Context(), req, &out); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.Status + " " + strings.Join(out.Errors, "; "))
}

func TestUploadRefused(t *testing.T) {
	good := packed(sarifFile(sarifRun("a", 1)))
	other := strings.Repeat("ab", 20)
	for name, tt := range map[string]struct {
		change             func(*Repository, *State)
		commit, ref, sarif string
		want               string
	}{
		"good":              {nil, Head, "refs/heads/main", good, ""},
		"a pull request":    {func(r *Repository, _ *State) { r.Scanning.Commits = []string{other} }, other, "refs/pull/7/merge", good, ""},
		"no such commit":    {nil, other, "refs/heads/main", good, "404 commit not found"},
		"no such branch":    {nil, Head, "refs/heads/gone", good, "404 ref 'refs/heads/gone' not found in this repository"},
		"no such pull":      {nil, Head, "refs/pull/700/head", good, "404 ref 'refs/pull/700/head' not found in this repository"},
		"no base64":         {nil, Head, "refs/heads/main", "%", "400 sarif is not valid base64"},
		"no gzip":           {nil, Head, "refs/heads/main", base64.StdEncoding.EncodeToString([]byte("{}")), "400 sarif is not a gzip stream"},
		"cut off":           {nil, Head, "refs/heads/main", base64.StdEncoding.EncodeToString(mustDecode(t, good)[:40]), "400 sarif is not a gzip stream"},
		"too large":         {nil, Head, "refs/heads/main", base64.StdEncoding.EncodeToString(make([]byte, mostBytes+1)), "413"},
		"no permission":     {func(_ *Repository, s *State) { s.Token.Missing = []string{"security_events"} }, Head, "refs/heads/main", good, "403 Resource not accessible by integration"},
		"read only":         {func(_ *Repository, s *State) { s.Token.ReadOnly = true }, Head, "refs/heads/main", good, "403 Resource not accessible by integration"},
		"archived":          {func(r *Repository, _ *State) { r.Archived = true }, Head, "refs/heads/main", good, "403 Repository was archived"},
		"no product":        {func(r *Repository, _ *State) { r.Private, r.Security["code_security"] = true, "disabled" }, Head, "refs/heads/main", good, "403 Code Security must be enabled"},
		"public, no matter": {func(r *Repository, _ *State) { r.Security["code_security"] = "disabled" }, Head, "refs/heads/main", good, ""},
	} {
		s := partner(t)
		if tt.change != nil {
			s.Update(func(state *State) { tt.change(state.Repositories["partner/app"], state) })
		}
		id, words := send(t, s, tt.commit, tt.ref, tt.sarif)
		if (id == "") != (tt.want != "") || !strings.HasPrefix(words, tt.want) {
			t.Errorf("%s: %q, %q, want %q", name, id, words, tt.want)
		}
		s.Update(func(state *State) {
			if n := len(state.Repositories["partner/app"].Scanning.Uploads); n != 1 && id != "" || n != 0 && id == "" {
				t.Errorf("%s: %d uploads are kept", name, n)
			}
		})
	}
	r := &recorder{TB: t}
	s := partner(r)
	send(t, s, "main", "refs/heads/main", good)
	send(t, s, Head, "main", good)
	if told := r.told(); strings.Count(told, "does not fit GitHub's description") != 2 {
		t.Errorf("a commit and a ref that are none: %q", told)
	}
}

func mustDecode(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestUploadProcessed(t *testing.T) {
	runs := make([]string, 21)
	for i := range runs {
		runs[i] = sarifRun(fmt.Sprint("c", i), 0)
	}
	for name, tt := range map[string]struct{ file, want string }{
		"good":           {sarifFile(sarifRun("a", 2), sarifRun("b", 0)), "complete"},
		"no JSON":        {"{", "failed rejecting SARIF, as it is not valid JSON"},
		"an old version": {`{"version":"2.0.0"}`, `failed rejecting SARIF, as its version "2.0.0"`},
		"runs":           {sarifFile(runs...), "failed rejecting SARIF, as there are more runs than allowed (21 > 20)"},
		"one category":   {sarifFile(sarifRun("a", 0), sarifRun("a", 0)), "failed A delivery cannot contain multiple runs with the same category"},
		"results":        {sarifFile(sarifRun("a", 25_001)), "failed rejecting SARIF, as there are more results per run than allowed (25001 > 25000)"},
		"tags":           {strings.Replace(sarifFile(sarifRun("a", 0)), `{"security`, `{"tags":[`+strings.Repeat(`"x",`, 20)+`"x"],"security`, 1), "failed rejecting SARIF, as there are more tags per rule than allowed (21 > 20)"},
		"severity":       {strings.Replace(sarifFile(sarifRun("a", 0)), `"7.5"`, `"high"`, 1), "failed could not convert rules: invalid security severity value, is not a number: high"},
		"no location":    {strings.Replace(sarifFile(sarifRun("a", 1)), `"uri":"a.go"`, "", 1), "failed locationFromSarifResult: expected artifact location"},
		"no description": {strings.Replace(sarifFile(sarifRun("a", 1)), `"a rule"`, `""`, 1), "failed could not convert rules: a rule has no id or description"},
		"no tool":        {strings.Replace(sarifFile(sarifRun("a", 1)), `"name":"tool"`, `"name":""`, 1), "failed rejecting SARIF, as a run has no tool name"},
		"steps, locations": {strings.Replace(sarifFile(sarifRun("a", 1)), `"ruleId"`, `"codeFlows":[{"threadFlows":[{"locations":[`+strings.Repeat("1,", 10_000)+`1]}]}],"ruleId"`, 1),
			"failed rejecting SARIF, as there are more threadflow steps per result than allowed (10001 > 10000)"},
	} {
		s := partner(t)
		id, words := send(t, s, Head, "refs/heads/main", packed(tt.file))
		if words != "" {
			t.Errorf("%s: %s", name, words)
		} else if got := look(t, s, id); !strings.HasPrefix(got, tt.want) || tt.want == "complete" && got != tt.want {
			t.Errorf("%s: %.200q, want %q", name, got, tt.want)
		}
	}
}

// TestUploadBecomesAnalyses follows an upload through its processing, on pipes.
func TestUploadBecomesAnalyses(t *testing.T) {
	describe(t) // read outside the bubble
	synctest.Test(t, func(t *testing.T) {
		s := NewPiped(t)
		s.Update(func(state *State) {
			r := state.Partner(now)
			r.NeverAnalysed, r.Analyses, r.Scanning.Processing = true, nil, time.Minute
		})
		analyses := func() []string {
			list, resp, err := s.Client("t").CodeScanning.ListAnalysesForRepo(t.Context(), "partner", "app", nil)
			if err != nil && resp.StatusCode != http.StatusNotFound {
				t.Fatal(err)
			}
			var out []string
			for _, a := range list {
				out = append(out, fmt.Sprintf("%s %s %d %d %s", a.GetCategory(), a.GetTool().GetName(), a.GetResultsCount(), a.GetRulesCount(), a.GetWarning()))
			}
			return out
		}
		first, _ := send(t, s, Head, "refs/heads/main", packed(sarifFile(sarifRun("a", 2), sarifRun("b", 5003))))
		if got := look(t, s, first); got != "pending" || analyses() != nil {
			t.Errorf("at once: %s, %v", got, analyses())
		}
		time.Sleep(time.Minute)
		if got, list := look(t, s, first), analyses(); got != "complete" || !slices.Equal(list, []string{"b tool 5003 1 3 results were ignored", "a tool 2 1 "}) {
			t.Errorf("after a minute: %s, %q", got, list)
		}
		// The reply is lost, the upload is not: the same again replaces it.
		lost := LostReply()
		lost.Times = 1
		s.Fail(sarifPost, lost)
		again := packed(sarifFile(sarifRun("a", 1)))
		if _, words := send(t, s, Head, "refs/heads/main", again); !strings.HasPrefix(words, "502") {
			t.Errorf("lost: %q", words)
		}
		send(t, s, Head, "refs/heads/main", again)
		time.Sleep(time.Minute)
		if list := analyses(); !slices.Equal(list, []string{"a tool 1 1 ", "b tool 5003 1 3 results were ignored"}) {
			t.Errorf("replaced: %q", list)
		}
		s.Update(func(state *State) {
			r := state.Repositories["partner/app"]
			if n := len(r.Scanning.Uploads); n != 3 || r.Scanning.Uploads[2].Runs[0].Fingerprints[0] != "aa:1" {
				t.Errorf("%d uploads", n)
			}
			r.Scanning.Rejects = []string{"no thanks"}
		})
		id, _ := send(t, s, Head, "refs/heads/main", again)
		time.Sleep(2 * time.Minute)
		if got := look(t, s, id); got != "failed no thanks" || len(analyses()) != 2 {
			t.Errorf("rejected: %s", got)
		}
	})
}

func TestPipesReachOneServer(t *testing.T) {
	s := NewPiped(t)
	s.Update(func(state *State) { state.Partner(now) })
	if _, _, err := s.Client("t").Repositories.Get(t.Context(), "partner", "app"); err != nil {
		t.Error(err)
	}
	c := s.Client("t")
	c.BaseURL.Host = "elsewhere.invalid"
	if _, _, err := c.Repositories.Get(t.Context(), "partner", "app"); err == nil || !strings.Contains(err.Error(), "not this server") {
		t.Error(err)
	}
	s.http.Close()
	if _, _, err := s.Client("t").Repositories.Get(t.Context(), "partner", "app"); err == nil {
		t.Error("a closed server answers")
	}
}

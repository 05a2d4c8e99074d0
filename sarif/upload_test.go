package sarif

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules"
)

const (
	postRoute = "POST /repos/{owner}/{repo}/code-scanning/sarifs"
	lookRoute = "GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}"
	token     = "ghs_Nobodysecret0123456789"
)

// A github of tests, on fake time.
type scene struct {
	t      *testing.T
	server *githubtest.Server
	up     *Uploader
}

// onGitHub runs a test in a bubble, with a GitHub that has partner/app.
func onGitHub(t *testing.T, run func(*testing.T, *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, server: githubtest.NewPiped(t)}
		s.server.Update(func(state *githubtest.State) { state.Partner(time.Now()) })
		up, err := NewUploader(s.server.Client(token), Target{Owner: "partner", Name: "app", Commit: githubtest.Head, Ref: "refs/heads/main"})
		if err != nil {
			t.Fatal(err)
		}
		s.up = up
		run(t, s)
	})
}

// app changes the repository.
func (s *scene) app(change func(*githubtest.Repository)) {
	s.server.Update(func(state *githubtest.State) { change(state.Repositories["partner/app"]) })
}

// sent counts the requests to a route.
func (s *scene) sent(route string) int {
	n := 0
	for _, r := range s.server.Requests() {
		if r.Route == route {
			n++
		}
	}
	return n
}

// analyses lists what code scanning shows, as "category results".
func (s *scene) analyses() []string {
	s.t.Helper()
	list, _, err := s.server.Client(token).CodeScanning.ListAnalysesForRepo(s.t.Context(), "partner", "app", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, a := range list {
		if a.GetTool().GetName() == toolName {
			out = append(out, fmt.Sprint(a.GetCategory(), " ", a.GetResultsCount(), a.GetWarning()))
		}
	}
	slices.Sort(out)
	return out
}

// files are the uploads of a small report: one file, or one a run.
func files(t *testing.T, runs int) []File {
	t.Helper()
	_, raw := write(t, input(), Options{})
	limits := GitHubLimits()
	limits.Runs = runs
	p, err := Prepare(raw, limits)
	if err != nil {
		t.Fatal(err)
	}
	return p.Files
}

// needData makes sure GitHub's description is there before a bubble starts.
func needData(t *testing.T) { dataFile(t, "openapi/api.github.com.trimmed.json") }

func times(n int, f githubtest.Fault) githubtest.Fault {
	f.Times = n
	return f
}

func inWords(status int, text string) githubtest.Fault {
	return githubtest.Fault{Status: status, Message: text}
}

func TestUpload(t *testing.T) {
	needData(t)
	onGitHub(t, func(t *testing.T, s *scene) {
		s.app(func(r *githubtest.Repository) { r.Scanning.Processing = 8 * time.Second })
		start := time.Now()
		out, err := s.up.Upload(t.Context(), files(t, 20))
		if err != nil || len(out) != 1 || !out[0].Shown() || out[0].ID == "" || len(out[0].Errors) != 0 ||
			!slices.Equal(out[0].Categories, []string{"marketplace-compliance/root", "marketplace-compliance/tools"}) {
			t.Fatalf("%+v, %v", out, err)
		}
		if waited := time.Since(start); waited != 15*time.Second || s.sent(postRoute) != 1 || s.sent(lookRoute) != 2 {
			t.Errorf("%v, %d uploads, %d looks", waited, s.sent(postRoute), s.sent(lookRoute))
		}
		if got := s.analyses(); !slices.Equal(got, []string{"marketplace-compliance/root 3", "marketplace-compliance/tools 1"}) {
			t.Errorf("analyses %q", got)
		}
		// GitHub has the file and the fingerprints as Write made them.
		_, raw := write(t, input(), Options{})
		s.app(func(r *githubtest.Repository) {
			u := r.Scanning.Uploads[0]
			var was, is any
			if json.Unmarshal(raw, &was) != nil || json.Unmarshal(u.SARIF, &is) != nil {
				t.Fatal("not JSON")
			}
			a, _ := json.Marshal(was)
			b, _ := json.Marshal(is)
			if !bytes.Equal(a, b) || u.Commit != githubtest.Head || u.Ref != "refs/heads/main" {
				t.Errorf("another file arrived, for %s %s", u.Commit, u.Ref)
			}
			if want := LineHashes(tree["main.go"].Data)[3]; !slices.Contains(u.Runs[0].Fingerprints, want) {
				t.Errorf("fingerprints %q lack %q", u.Runs[0].Fingerprints, want)
			}
		})
	})
}

func TestUploadSeveralFiles(t *testing.T) {
	needData(t)
	onGitHub(t, func(t *testing.T, s *scene) {
		s.app(func(r *githubtest.Repository) { r.Scanning.Processing = 30 * time.Second })
		start := time.Now()
		out, err := s.up.Upload(t.Context(), files(t, 1))
		if err != nil || len(out) != 2 || !out[0].Shown() || !out[1].Shown() || out[1].Categories[0] != "marketplace-compliance/tools" {
			t.Fatalf("%+v, %v", out, err)
		}
		if waited := time.Since(start); waited != 35*time.Second { // waited for together
			t.Errorf("waited %v", waited)
		}
	})
}

// TestUploadThirtyThousand is the repository that finds too much: what GitHub
// takes is within its limits, and what is missing is named.
func TestUploadThirtyThousand(t *testing.T) {
	needData(t)
	var raw bytes.Buffer
	if err := Write(&raw, many(30_000), Options{}); err != nil {
		t.Fatal(err)
	}
	p, err := Prepare(raw.Bytes(), GitHubLimits())
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, l := range p.LeftOut {
		lost += l.Count
	}
	onGitHub(t, func(t *testing.T, s *scene) {
		out, err := s.up.Upload(t.Context(), p.Files)
		if err != nil || len(out) != 1 || !out[0].Shown() {
			t.Fatalf("%+v, %v", out, err)
		}
		if got := s.analyses(); lost != 25_000 || !slices.Contains(got, "marketplace-compliance/root 5000") { // no "results were ignored"
			t.Errorf("%d left out, analyses %q", lost, got)
		}
		s.app(func(r *githubtest.Repository) {
			u := r.Scanning.Uploads[0]
			if u.Size > GitHubLimits().Bytes || !bytes.Contains(u.SARIF, []byte("25000 of 30000 results are left out")) {
				t.Errorf("%d bytes", u.Size)
			}
		})
		for _, l := range p.LeftOut {
			if l.What != LeftOutResult || l.Rule == "MKT201" && l.Band != rules.Critical {
				t.Errorf("%+v", l)
			}
		}
	})
}

// TestUploadRefused meets each refusal of the upload itself.
func TestUploadRefused(t *testing.T) {
	needData(t)
	for name, tt := range map[string]struct {
		fault githubtest.Fault
		state func(*githubtest.State)
		kind  OutcomeKind
		text  string        // is in the outcome's
		retry time.Duration // RetryAt from the start
		posts int           // 1 when zero
		waits time.Duration
	}{
		"code security off": {fault: githubtest.CodeSecurityOff(), kind: UploadOff, text: "needs GitHub Code Security"},
		"its older words":   {fault: githubtest.AdvancedSecurityOff(), kind: UploadOff, text: "Advanced Security must be enabled"},
		"its oldest words":  {fault: inWords(403, "repository not enabled for code scanning"), kind: UploadOff},
		"switched off":      {fault: inWords(403, "Code scanning is not enabled for this repository. Please enable code scanning in the repository settings."), kind: UploadOff},
		"no plan":           {fault: githubtest.NoPlan(), kind: UploadOff},
		"private without code security": {state: func(s *githubtest.State) {
			r := s.Repositories["partner/app"]
			r.Private, r.Security["code_security"] = true, "disabled"
		}, kind: UploadOff},
		"no permission":      {state: func(s *githubtest.State) { s.Token.Missing = []string{"security_events"} }, kind: UploadNotPermitted, text: "security-events: write"},
		"fork or Dependabot": {state: func(s *githubtest.State) { s.Token.ReadOnly = true }, kind: UploadNotPermitted, text: "from forks"},
		"personal token":     {fault: inWords(403, "Resource not accessible by personal access token"), kind: UploadNotPermitted, text: "security-events: write"},
		"another 403":        {fault: inWords(403, "Resource protected by organization SAML enforcement."), kind: UploadNotPermitted, text: "SAML enforcement"},
		"archived":           {state: func(s *githubtest.State) { s.Repositories["partner/app"].Archived = true }, kind: UploadArchived, text: "archived"},
		"default setup":      {fault: inWords(409, "CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled"), kind: UploadDefaultSetup, text: "advanced setup"},
		"another conflict":   {fault: inWords(409, "Something is running"), kind: UploadUnexpected, text: "Something is running"},
		"too many alerts":    {fault: inWords(403, "rejecting delivery as the repository has too many logical alerts"), kind: UploadTooManyAlerts, text: "1,000,000"},
		"token unknown":      {fault: githubtest.Refused(), kind: UploadUnknownToken, text: "Bad credentials"},
		"no such repository": {fault: githubtest.Hidden(), kind: UploadNotFound, text: "private repository"},
		"no such commit":     {state: func(s *githubtest.State) { s.Repositories["partner/app"].Branches["main"].Head = githubtest.Base }, kind: UploadNotFound, text: "commit not found"},
		"bad file":           {fault: inWords(400, "sarif is not valid base64"), kind: UploadInvalid, text: "sarif is not valid base64"},
		"bad fields": {fault: githubtest.Fault{Status: 422, Body: `{"message":"Invalid request.","errors":[{"field":"ref","code":"invalid"},"more words"]}`},
			kind: UploadInvalid, text: "Invalid request."},
		"too large":           {fault: githubtest.TooLarge(), kind: UploadTooLarge, text: "413"},
		"rate limit":          {fault: githubtest.Limited(time.Date(2000, 1, 1, 0, 20, 0, 0, time.UTC)), kind: UploadRateLimited, retry: 20 * time.Minute, text: "2000-01-01 00:20:00 UTC"},
		"secondary limit":     {fault: githubtest.SecondaryLimit(90 * time.Second), kind: UploadRateLimited, retry: 90 * time.Second},
		"429":                 {fault: githubtest.TooMany(3 * time.Minute), kind: UploadRateLimited, retry: 3 * time.Minute},
		"429 with a date":     {fault: githubtest.Fault{Status: 429, Message: "slow down", Header: http.Header{"Retry-After": {"Sat, 01 Jan 2000 00:05:00 GMT"}}}, kind: UploadRateLimited, retry: 5 * time.Minute},
		"429 with a reset":    {fault: githubtest.Fault{Status: 429, Message: "slow down", Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"946685400"}}}, kind: UploadRateLimited, retry: 10 * time.Minute},
		"429 without a word":  {fault: inWords(429, ""), kind: UploadRateLimited, retry: time.Minute},
		"429 for a long time": {fault: githubtest.TooMany(1e6 * time.Second), kind: UploadRateLimited, retry: 24 * time.Hour},
		"403 with retry-after": {fault: githubtest.Fault{Status: 403, Message: "You have exceeded a secondary rate limit.", Header: http.Header{"Retry-After": {"40"}}},
			kind: UploadRateLimited, retry: 40 * time.Second},
		"bad gateway":          {fault: githubtest.BadGateway(), kind: UploadUnavailable, text: "status 502", posts: 3, waits: 15 * time.Second},
		"unavailable":          {fault: githubtest.Unavailable(30 * time.Second), kind: UploadUnavailable, posts: 3, waits: time.Minute, retry: 90 * time.Second},
		"unavailable, long":    {fault: githubtest.Unavailable(time.Hour), kind: UploadUnavailable, retry: time.Hour},
		"cut":                  {fault: githubtest.Cut(), kind: UploadDisconnected, posts: 3, waits: 15 * time.Second},
		"never an answer":      {fault: githubtest.Slow(time.Hour), kind: UploadDisconnected, text: "no answer in time", posts: 3, waits: 3*requestTime + 15*time.Second},
		"a page":               {fault: githubtest.Malformed("<html>hello</html>"), kind: UploadUnexpected, text: "status 200"},
		"taken without a word": {fault: githubtest.Fault{Status: 202, Body: "{"}, kind: UploadPending, text: "names no id"},
		"taken without an id":  {fault: githubtest.Fault{Status: 202, Body: `{"id":"../../user"}`}, kind: UploadPending, text: "names no id"},
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, func(t *testing.T, s *scene) {
				if tt.state != nil {
					s.server.Update(tt.state)
				} else {
					s.server.Fail(postRoute, tt.fault)
				}
				start := time.Now()
				out, err := s.up.Upload(t.Context(), files(t, 1))
				if err != nil || len(out) != 2 {
					t.Fatalf("%+v, %v", out, err)
				}
				o := out[0]
				if o.Kind != tt.kind || !strings.Contains(o.Text, tt.text) || o.Text == "" || o.ID != "" || o.Shown() {
					t.Errorf("%+v, want %s", o, tt.kind)
				}
				want := time.Time{}
				if tt.retry > 0 {
					want = start.Add(tt.retry)
				}
				if !o.RetryAt.Equal(want) {
					t.Errorf("try again at %v, want %v", o.RetryAt, want)
				}
				posts := cmp.Or(tt.posts, 1)
				if o.forAll() {
					if out[1].Kind != o.Kind || !strings.HasPrefix(out[1].Text, "Not sent") || out[1].Categories[0] != "marketplace-compliance/tools" {
						t.Errorf("the second: %+v", out[1])
					}
				} else {
					posts *= 2
				}
				if n := s.sent(postRoute); n != posts || s.sent(lookRoute) != 0 {
					t.Errorf("sent %d times, want %d", n, posts)
				}
				if waited := time.Since(start); waited != tt.waits {
					t.Errorf("waited %v, want %v", waited, tt.waits)
				}
			})
		})
	}
}

// TestUploadTwiceIsOnce sends again after an upload that was taken, but whose
// reply was lost.
func TestUploadTwiceIsOnce(t *testing.T) {
	needData(t)
	for name, fault := range map[string]githubtest.Fault{
		"lost":    githubtest.LostReply(),
		"cut":     githubtest.Cut(),
		"gateway": githubtest.BadGateway(),
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, func(t *testing.T, s *scene) {
				s.server.Fail(postRoute, times(2, fault))
				out, err := s.up.Upload(t.Context(), files(t, 20))
				if err != nil || !out[0].Shown() || s.sent(postRoute) != 3 {
					t.Fatalf("%+v, %v after %d", out, err, s.sent(postRoute))
				}
				if got := s.analyses(); len(got) != 2 {
					t.Errorf("analyses %q", got)
				}
			})
		})
	}
}

// TestUploadProcessing meets each end of the processing.
func TestUploadProcessing(t *testing.T) {
	needData(t)
	all := 155 * time.Second
	for name, tt := range map[string]struct {
		fault   *githubtest.Fault
		rejects []string
		takes   time.Duration
		kind    OutcomeKind
		text    string
		looks   int
		waits   time.Duration
		retry   time.Duration
	}{
		"in time":            {takes: 154 * time.Second, kind: UploadComplete, looks: 5, waits: all},
		"slow":               {takes: time.Hour, kind: UploadPending, text: "appear later", looks: 5, waits: all},
		"default setup":      {rejects: []string{"CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled"}, kind: UploadDefaultSetup, text: "advanced setup", looks: 1, waits: 5 * time.Second},
		"too many alerts":    {rejects: []string{"rejecting delivery as the repository has too many logical alerts"}, kind: UploadTooManyAlerts, looks: 1, waits: 5 * time.Second},
		"invalid":            {rejects: []string{"rejecting SARIF, as it is ugly", "could not convert rules: odd"}, kind: UploadInvalid, text: "as it is ugly; could not convert rules: odd", looks: 1, waits: 5 * time.Second},
		"a scheme":           {rejects: []string{`SARIF URI scheme "https" did not match the checkout URI scheme "file"`}, kind: UploadInvalid, looks: 1, waits: 5 * time.Second},
		"some other reason":  {rejects: []string{"the moon is full"}, kind: UploadFailed, text: "the moon is full", looks: 1, waits: 5 * time.Second},
		"a bad gateway once": {fault: new(times(1, githubtest.BadGateway())), kind: UploadComplete, looks: 2, waits: 15 * time.Second},
		"bad gateways":       {fault: new(githubtest.BadGateway()), kind: UploadPending, text: "status 502", looks: 5, waits: all},
		"not found yet":      {fault: new(times(2, githubtest.Hidden())), kind: UploadComplete, looks: 3, waits: 35 * time.Second},
		"cut":                {fault: new(githubtest.Cut()), kind: UploadPending, text: "did not answer", looks: 6, waits: all}, // net/http asks once more by itself
		"a page":             {fault: new(githubtest.Malformed("<html>")), kind: UploadPending, text: "cannot be read", looks: 5, waits: all},
		"a strange state":    {fault: new(githubtest.Malformed(`{"processing_status":"soon"}`)), kind: UploadPending, text: "cannot be read", looks: 5, waits: all},
		"may not be read":    {fault: new(githubtest.NotAccessible()), kind: UploadPending, text: "not accessible", looks: 1, waits: 5 * time.Second},
		"token expired":      {fault: new(githubtest.Refused()), kind: UploadPending, text: "Bad credentials", looks: 1, waits: 5 * time.Second},
		"rate limit":         {fault: new(githubtest.Limited(time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC))), kind: UploadPending, text: "01:00:00 UTC", looks: 1, waits: 5 * time.Second, retry: time.Hour},
		"429":                {fault: new(githubtest.TooMany(time.Minute)), kind: UploadPending, text: "00:01:05 UTC", looks: 1, waits: 5 * time.Second, retry: 65 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, func(t *testing.T, s *scene) {
				s.app(func(r *githubtest.Repository) { r.Scanning.Processing, r.Scanning.Rejects = tt.takes, tt.rejects })
				if tt.fault != nil {
					s.server.Fail(lookRoute, *tt.fault)
				}
				start := time.Now()
				out, err := s.up.Upload(t.Context(), files(t, 20))
				if err != nil {
					t.Fatal(err)
				}
				o := out[0]
				if o.Kind != tt.kind || !strings.Contains(o.Text, tt.text) || o.ID == "" || len(o.Categories) != 2 || !slices.Equal(o.Errors, tt.rejects) {
					t.Errorf("%+v, want %s", o, tt.kind)
				}
				if tt.retry > 0 != !o.RetryAt.IsZero() || tt.retry > 0 && !o.RetryAt.Equal(start.Add(tt.retry)) {
					t.Errorf("try again at %v", o.RetryAt)
				}
				if waited, n := time.Since(start), s.sent(lookRoute); waited != tt.waits || n != tt.looks {
					t.Errorf("waited %v and looked %d times, want %v and %d", waited, n, tt.waits, tt.looks)
				}
			})
		})
	}
}

func TestUploadInterrupted(t *testing.T) {
	needData(t)
	for name, tt := range map[string]struct {
		after time.Duration
		fault githubtest.Fault
		id    bool
		text  string
	}{
		"at once":           {0, githubtest.Fault{}, false, "before GitHub was seen to take"},
		"during the upload": {time.Second, githubtest.Slow(time.Minute), false, "before GitHub was seen to take"},
		"between two":       {3 * time.Second, githubtest.BadGateway(), false, "before GitHub was seen to take"},
		"during processing": {20 * time.Second, githubtest.Fault{}, true, "before it was seen to be processed"},
	} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, func(t *testing.T, s *scene) {
				s.app(func(r *githubtest.Repository) { r.Scanning.Processing = time.Hour })
				if tt.fault.Status != 0 || tt.fault.Delay != 0 {
					s.server.Fail(postRoute, tt.fault)
				}
				ctx, cancel := context.WithTimeout(t.Context(), tt.after)
				defer cancel()
				start := time.Now()
				out, err := s.up.Upload(ctx, files(t, 1))
				if !errors.Is(err, context.DeadlineExceeded) || len(out) != 2 {
					t.Fatalf("%+v, %v", out, err)
				}
				for _, o := range out {
					if o.Kind != UploadInterrupted || (o.ID != "") != tt.id || !strings.Contains(o.Text, tt.text) {
						t.Errorf("%+v", o)
					}
				}
				if waited := time.Since(start); waited != tt.after {
					t.Errorf("ended after %v", waited)
				}
			})
		})
	}
}

// TestUploadHostileWords has GitHub, or what stands in its place, say what must
// not reach a log as it is.
func TestUploadHostileWords(t *testing.T) {
	needData(t)
	evil := "\x1b[2J::error::pwned\r\n::add-mask::x\u202e Authorization: Bearer " + token + " and " + token + " github_pat_11AAAAAAA0123_abc " + strings.Repeat("é", 5000)
	check := func(t *testing.T, o Outcome) {
		t.Helper()
		for _, text := range append([]string{o.Text}, o.Errors...) {
			if strings.ContainsAny(text, "\x1b\r\n\u202e") || strings.Contains(text, "Nobodysecret") || strings.Contains(text, "11AAAAAAA") {
				t.Errorf("%q", text)
			}
		}
		if !strings.Contains(o.Text, "::error::pwned") || !strings.Contains(o.Text, "(token)") || len(o.Errors) > maxQuoted+1 {
			t.Errorf("the words are lost, or there are %d: %.200q", len(o.Errors), o.Text)
		}
	}
	for name, status := range map[string]int{"forbidden": 403, "invalid": 422, "gone": 404, "broken": 500, "odd": 418} {
		t.Run(name, func(t *testing.T) {
			onGitHub(t, func(t *testing.T, s *scene) {
				words, err := json.Marshal(map[string]any{"message": evil, "errors": []string{evil, evil}})
				if err != nil {
					t.Fatal(err)
				}
				s.server.Fail(postRoute, githubtest.Fault{Status: status, Body: string(words)})
				out, err := s.up.Upload(t.Context(), files(t, 20))
				if err != nil {
					t.Fatal(err)
				}
				check(t, out[0])
				if len(out[0].Errors) != 2 || len(out[0].Text) > 1200 {
					t.Errorf("%d reasons, text of %d bytes", len(out[0].Errors), len(out[0].Text))
				}
			})
		})
	}
	t.Run("processing", func(t *testing.T) {
		onGitHub(t, func(t *testing.T, s *scene) {
			s.app(func(r *githubtest.Repository) { r.Scanning.Rejects = slices.Repeat([]string{evil}, 300) })
			out, err := s.up.Upload(t.Context(), files(t, 20))
			if err != nil {
				t.Fatal(err)
			}
			check(t, out[0])
			if out[0].Errors[maxQuoted] != "and 280 more" {
				t.Errorf("%q", out[0].Errors[maxQuoted])
			}
		})
	})
	t.Run("a status without end", func(t *testing.T) {
		onGitHub(t, func(t *testing.T, s *scene) {
			s.server.Fail(lookRoute, githubtest.Malformed(`{"processing_status":"complete","errors":["`+strings.Repeat("x", maxStatus)+`"]}`))
			out, err := s.up.Upload(t.Context(), files(t, 20))
			if err != nil || out[0].Kind != UploadPending || !strings.Contains(out[0].Text, "cannot be read") {
				t.Errorf("%+v, %v", out[0], err)
			}
		})
	})
}

func TestUploadArguments(t *testing.T) {
	good := Target{Owner: "acme", Name: "app.go", Commit: strings.Repeat("0a", 20), Ref: "refs/heads/main"}
	client := github.NewClient(nil)
	for name, change := range map[string]func(*Target){
		"owner":        func(t *Target) { t.Owner = "a/b" },
		"no owner":     func(t *Target) { t.Owner = "" },
		"name":         func(t *Target) { t.Name = ".." },
		"name's query": func(t *Target) { t.Name = "app?x=1" },
		"short commit": func(t *Target) { t.Commit = "0a0a0a0" },
		"branch":       func(t *Target) { t.Ref = "main" },
		"remote":       func(t *Target) { t.Ref = "refs/remotes/origin/main" },
		"pull":         func(t *Target) { t.Ref = "refs/pull/7" },
		"line":         func(t *Target) { t.Ref = "refs/heads/a\nb" },
	} {
		target := good
		change(&target)
		if _, err := NewUploader(client, target); err == nil || !strings.HasPrefix(err.Error(), "uploading SARIF: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, ref := range []string{"refs/heads/feature/größe", "refs/tags/v1", "refs/pull/7/merge", "refs/pull/7/head", "refs/heads/gh-readonly-queue/main/pr-1-abc"} {
		target := good
		target.Ref = ref
		if _, err := NewUploader(client, target); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, err := NewUploader(nil, good); err == nil {
		t.Error("no client is taken")
	}
	bare := github.NewClient(nil)
	bare.BaseURL, _ = bare.BaseURL.Parse("https://user:hunter2@ghe.example/api/v3")
	if _, err := NewUploader(bare, good); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
	up, err := NewUploader(client, good)
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]File{
		"none": nil, "empty": {{Categories: []string{"a"}}},
		"a category twice": {{Categories: []string{"a"}, Gzip: []byte("x")}, {Categories: []string{"b", "a"}, Gzip: []byte("x")}},
	} {
		if out, err := up.Upload(t.Context(), list); err == nil || out != nil {
			t.Errorf("%s: %v, %v", name, out, err)
		}
	}
}

// FuzzJudge makes sure that whatever GitHub says becomes an outcome with a text
// fit to be shown.
func FuzzJudge(f *testing.F) {
	f.Add(403, "Code Security must be enabled", "", "")
	f.Add(429, "API rate limit exceeded", "60", "x")
	f.Add(0, "\x1b[0m\xff", "Sat, 01 Jan 2000 00:05:00 GMT", token)
	f.Add(503, "", "99999999999999999999", "")
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, status int, words, after, detail string) {
		a := answer{status: status, words: words, broken: words, details: []string{detail}, header: http.Header{"Retry-After": {after}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {after}}}
		o, again := judge(a, now)
		failed := failedOutcome([]string{words, detail})
		for _, text := range []string{o.Text, failed.Text, strings.Join(append(o.Errors, failed.Errors...), "")} {
			if oneLine(text) != strings.TrimSpace(text) || strings.Contains(text, token) {
				t.Errorf("%q", text)
			}
		}
		if o.Kind == "" || o.Text == "" || o.Shown() || again > longestWait || failed.Shown() {
			t.Errorf("%+v %v", o, again)
		}
		if !o.RetryAt.IsZero() && (o.RetryAt.Before(now) || o.RetryAt.After(now.Add(longestWait))) {
			t.Errorf("try again at %v", o.RetryAt)
		}
	})
}

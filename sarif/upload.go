package sarif

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
)

// A Target is where results belong.
type Target struct {
	Owner, Name string
	Commit      string // the full hash, lower case
	// Ref is "refs/heads/…", "refs/tags/…", "refs/pull/N/merge" or
	// "refs/pull/N/head". For a pull request GITHUB_SHA is the test merge and
	// belongs to the ref that ends in "merge".
	Ref string
}

var (
	commitShape   = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)
	refShape      = regexp.MustCompile(`^refs/(?:(?:heads|tags)/[^\x00-\x20\x7f~^:?*\[\\]+|pull/[0-9]+/(?:merge|head))$`)
	ownerShape    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	nameShape     = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	uploadIDShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)
)

// check says what is wrong with the target.
func (t Target) check() error {
	switch {
	case !ownerShape.MatchString(t.Owner) || !nameShape.MatchString(t.Name) || strings.Trim(t.Name, ".") == "":
		return fmt.Errorf("%q is no repository: name it as owner and name", t.Owner+"/"+t.Name)
	case !commitShape.MatchString(t.Commit):
		return fmt.Errorf("%q is no commit: give its full hash", t.Commit)
	case !refShape.MatchString(t.Ref):
		return fmt.Errorf("%q is no ref code scanning knows: give refs/heads/BRANCH, refs/tags/TAG, refs/pull/N/merge or refs/pull/N/head", t.Ref)
	}
	return nil
}

// An Uploader gives prepared files to GitHub code scanning and waits until they
// are processed. It has no state of its own and may be used by several
// goroutines.
type Uploader struct {
	// Waits are the pauses before each look at what became of the uploads; after
	// the last one they are left alone. [NewUploader] sets 5, 10, 20, 40 and 80
	// seconds.
	Waits []time.Duration

	client *github.Client
	target Target
}

// resends are the pauses before an upload is sent once more.
var resends = []time.Duration{5 * time.Second, 10 * time.Second}

const (
	// requestTime bounds one request: 13 MB go through the slowest line of use in
	// it, and a connection that hangs does not hold the job until its own limit.
	requestTime = 2 * time.Minute
	// longestResend bounds how long the server may ask us to wait before the next
	// try; beyond it the outcome says when.
	longestResend = time.Minute
	// maxStatus bounds what is read of a status, which may hold a reason a result.
	maxStatus = 16 << 20
)

// NewUploader returns an uploader to a repository. The client carries the token
// and the address of the server.
func NewUploader(client *github.Client, target Target) (*Uploader, error) {
	if client == nil {
		return nil, errors.New("uploading SARIF: there is no client for GitHub")
	}
	if client.BaseURL == nil || !strings.HasSuffix(client.BaseURL.Path, "/") { // go-github's own error would show it, with a password
		return nil, errors.New("uploading SARIF: the address of GitHub's API must end with a slash")
	}
	if err := target.check(); err != nil {
		return nil, fmt.Errorf("uploading SARIF: %w", err)
	}
	return &Uploader{client: client, target: target,
		Waits: []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second}}, nil
}

// Upload sends the files, one after the other, and waits until GitHub has
// processed them or [Uploader.Waits] are over. It returns one outcome a file, in
// order; whatever GitHub does is an outcome and no error. When one file is
// refused for a reason that holds for the repository or the token, or GitHub is
// not to be had, the others are not sent and share its outcome.
//
// A file is sent again, twice at most, after a failure of GitHub's servers (5xx)
// and when no answer came. Sending it twice is safe, although it is a POST and
// the first may have been taken: GitHub replaces the analysis of the same
// commit, ref, tool and category by the later one, and the later one is the same
// to the byte. Rate limits are not waited for: the outcome says until when.
//
// It is an error when there is nothing to upload, when two files hold the same
// category, of which GitHub would keep the later, and when the context ends
// before all is known; the outcomes then are what is known so far.
func (u *Uploader) Upload(ctx context.Context, files []File) ([]Outcome, error) {
	if err := checkFiles(files); err != nil {
		return nil, fmt.Errorf("uploading SARIF: %w", err)
	}
	out := make([]Outcome, len(files))
	var stop *Outcome
	for i, f := range files {
		if stop != nil {
			out[i] = *stop
			out[i].ID, out[i].Errors = "", slices.Clone(stop.Errors)
			out[i].Text = "Not sent, as the upload before it: " + stop.Text
		} else if out[i] = u.send(ctx, f); out[i].forAll() {
			stop = &out[i]
		}
		out[i].Categories = slices.Clone(f.Categories)
	}
	u.wait(ctx, out)
	if slices.ContainsFunc(out, func(o Outcome) bool { return o.Kind == UploadInterrupted }) {
		return out, fmt.Errorf("uploading SARIF: %w", context.Cause(ctx))
	}
	return out, nil
}

// checkFiles says what is wrong with the files.
func checkFiles(files []File) error {
	if len(files) == 0 {
		return errors.New("there is no file to upload; prepare one first")
	}
	seen := map[string]bool{}
	for i, f := range files {
		if len(f.Gzip) == 0 {
			return fmt.Errorf("file %d is empty; prepare it first", i+1)
		}
		for _, c := range f.Categories {
			if seen[c] {
				return fmt.Errorf("the category %q is in two files, of which GitHub would keep the later", c)
			}
			seen[c] = true
		}
	}
	return nil
}

// send uploads one file, again if need be.
func (u *Uploader) send(ctx context.Context, f File) Outcome {
	body := base64.StdEncoding.EncodeToString(f.Gzip)
	for try := 0; ; try++ {
		o, again := u.post(ctx, body)
		if o.Kind == UploadInterrupted || again < 0 || again > longestResend || try == len(resends) {
			return o
		}
		if !sleep(ctx, max(again, resends[try])) {
			return interrupted("")
		}
	}
}

// post sends one request.
func (u *Uploader) post(ctx context.Context, body string) (Outcome, time.Duration) {
	request, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	id, resp, err := u.client.CodeScanning.UploadSarif(request, u.target.Owner, u.target.Name, &github.SarifAnalysis{
		CommitSHA: new(u.target.Commit), Ref: new(u.target.Ref), Sarif: &body})
	if err == nil && id != nil && uploadIDShape.MatchString(id.GetID()) {
		return Outcome{Kind: UploadPending, ID: id.GetID(), Text: "GitHub has taken the upload and had not finished with it when we stopped looking. Nothing is wrong; the results appear later."}, -1
	}
	if err != nil && ctx.Err() != nil {
		return interrupted(""), -1
	}
	now := time.Now()
	return judge(newAnswer(resp, err, now), now)
}

// wait looks at the uploads that were taken until each has an end.
func (u *Uploader) wait(ctx context.Context, out []Outcome) {
	open := make([]bool, len(out))
	for i, o := range out {
		open[i] = o.Kind == UploadPending && o.ID != ""
	}
	for _, pause := range u.Waits {
		if !slices.Contains(open, true) {
			return
		}
		slept := sleep(ctx, pause)
		for i := range out {
			if !open[i] {
				continue
			}
			if !slept {
				out[i] = keep(out[i], interrupted(out[i].ID))
				continue
			}
			var more, limited bool
			out[i], more, limited = u.look(ctx, out[i])
			open[i] = more
			if limited {
				return // asking on would only prolong it
			}
		}
		if !slept {
			return
		}
	}
}

// keep carries over what belongs to the file.
func keep(old, new Outcome) Outcome {
	new.ID, new.Categories = old.ID, old.Categories
	return new
}

// look asks for one upload. more is whether it may be asked again.
func (u *Uploader) look(ctx context.Context, o Outcome) (out Outcome, more, limited bool) {
	status, reasons, a := u.status(ctx, o.ID)
	switch {
	case ctx.Err() != nil && a.status != http.StatusOK:
		return keep(o, interrupted(o.ID)), false, false
	case status == "complete":
		return keep(o, Outcome{Kind: UploadComplete, Text: "GitHub shows the results.", Errors: quotes(reasons)}), false, false
	case status == "failed":
		return keep(o, failedOutcome(reasons)), false, false
	case a.status == http.StatusOK:
		return o, true, false
	}
	const taken = "GitHub has taken the upload, but what became of it cannot be seen"
	now := time.Now()
	refusal, again := judge(a, now)
	pending := Outcome{Kind: UploadPending}
	switch {
	case refusal.Kind == UploadRateLimited:
		pending.RetryAt = refusal.RetryAt
		pending.Text = said(taken+": it takes no more requests of this token until "+refusal.RetryAt.Format("2006-01-02 15:04:05")+" UTC.", a.words)
		return keep(o, pending), false, true
	case a.status == 0:
		pending.Text = taken + ": it did not answer (" + firstOf(quote(a.broken), "no reason known") + ")."
	default:
		pending.Text = said(fmt.Sprintf("%s: it answered with status %d.", taken, a.status), a.words)
	}
	// What was only just taken may not be found yet; what the token may not read
	// it may not read later either.
	return keep(o, pending), again >= 0 || a.status == http.StatusNotFound, false
}

// status reads one upload's state. go-github's GetSARIF drops GitHub's reasons,
// so the request is made here.
func (u *Uploader) status(ctx context.Context, id string) (state string, reasons []string, a answer) {
	request, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	req, err := u.client.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/code-scanning/sarifs/%s", u.target.Owner, u.target.Name, id), nil)
	if err != nil {
		return "", nil, answer{broken: "the client's address is no good"}
	}
	resp, err := u.client.BareDo(request, req)
	if err != nil {
		return "", nil, newAnswer(resp, err, time.Now())
	}
	defer resp.Body.Close()
	var body struct {
		Status string   `json:"processing_status"`
		Errors []string `json:"errors"`
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxStatus))
	if err == nil {
		err = json.Unmarshal(data, &body)
	}
	if err != nil || !slices.Contains([]string{"pending", "complete", "failed"}, body.Status) {
		return "", nil, answer{broken: "the answer cannot be read"}
	}
	return body.Status, body.Errors, answer{status: resp.StatusCode}
}

// interrupted is the outcome when the context ended.
func interrupted(id string) Outcome {
	if id != "" {
		return Outcome{Kind: UploadInterrupted, Text: "GitHub has taken the upload; the work was stopped before it was seen to be processed."}
	}
	return Outcome{Kind: UploadInterrupted, Text: "The work was stopped before GitHub was seen to take the upload."}
}

// sleep waits and reports whether the context lasted.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

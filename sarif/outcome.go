package sarif

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// An OutcomeKind says what became of an upload.
type OutcomeKind string

// The kinds of outcome. Only UploadComplete means that GitHub shows the results;
// none of the others says anything of the findings themselves, so none is a
// reason to fail a scan.
const (
	UploadComplete      OutcomeKind = "complete"           // processed, shown
	UploadPending       OutcomeKind = "pending"            // taken; processing was not seen to end
	UploadOff           OutcomeKind = "code-scanning-off"  // the repository has no code scanning: not bought, or not switched on
	UploadNotPermitted  OutcomeKind = "not-permitted"      // the token may not write code scanning results
	UploadUnknownToken  OutcomeKind = "unknown-token"      // GitHub does not know the token
	UploadArchived      OutcomeKind = "archived"           // the repository is read-only
	UploadDefaultSetup  OutcomeKind = "default-setup"      // GitHub's default setup excludes uploads like this
	UploadTooManyAlerts OutcomeKind = "too-many-alerts"    // the repository has as many alerts as GitHub keeps
	UploadInvalid       OutcomeKind = "invalid"            // GitHub cannot read the file
	UploadFailed        OutcomeKind = "failed"             // processing failed for another reason
	UploadNotFound      OutcomeKind = "not-found"          // repository, commit or ref is not there for this token
	UploadTooLarge      OutcomeKind = "too-large"          // over GitHub's limit on a request
	UploadRateLimited   OutcomeKind = "rate-limited"       // refused until RetryAt
	UploadUnavailable   OutcomeKind = "github-unavailable" // GitHub's servers failed, several times
	UploadDisconnected  OutcomeKind = "disconnected"       // no answer, several times
	UploadInterrupted   OutcomeKind = "interrupted"        // the context ended
	UploadUnexpected    OutcomeKind = "unexpected"         // an answer that has no meaning here
)

// An Outcome is what became of one file.
type Outcome struct {
	Kind       OutcomeKind
	Categories []string // of the file
	// ID is GitHub's for the upload; empty when none was given.
	ID string
	// Text says in one or more sentences what happened and what to do. It may
	// quote GitHub: one line of plain text, which whoever shows it escapes for the
	// place it is shown in.
	Text string
	// Errors are GitHub's reasons, cleaned and shortened like Text.
	Errors []string
	// RetryAt is when GitHub takes requests again; zero when it did not say.
	RetryAt time.Time
}

// Shown reports whether GitHub shows the results.
func (o Outcome) Shown() bool { return o.Kind == UploadComplete }

// forAll reports whether every further upload to the repository would end the
// same way, so that sending it only costs.
func (o Outcome) forAll() bool {
	switch o.Kind {
	case UploadOff, UploadNotPermitted, UploadUnknownToken, UploadArchived, UploadNotFound, UploadRateLimited,
		UploadUnavailable, UploadDisconnected, UploadInterrupted:
		return true
	}
	return false
}

const (
	maxQuote  = 500 // bytes of one text of GitHub's
	maxQuoted = 20  // reasons of one upload
)

// secretShapes are tokens and authorization headers. We send one; an answer that
// repeats it must not bring it into a log.
var secretShapes = regexp.MustCompile(`(?i)\b(?:gh[a-z]_[a-z0-9_.\-]+|github_pat_[a-z0-9_]+|authorization:\s*\S+(?:\s+\S+)?|bearer\s+[a-z0-9+/=_.~\-]{8,}|eyJ[a-z0-9_\-]+\.[a-z0-9_.\-]+|v[0-9]+\.[0-9a-f]{40})`)

// quote makes a text of GitHub's, or of whatever answers in its place, fit to be
// shown: one line, without control characters and tokens, short.
func quote(text string) string {
	if len(text) > 64*maxQuote {
		text = text[:64*maxQuote]
	}
	return clip(secretShapes.ReplaceAllString(oneLine(text), "(token)"), maxQuote)
}

// quotes makes a list of them fit to be shown.
func quotes(texts []string) []string {
	var out []string
	for i, t := range texts {
		if len(out) == maxQuoted {
			return append(out, fmt.Sprintf("and %d more", len(texts)-i))
		}
		if t = quote(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// said adds GitHub's words to a sentence.
func said(sentence string, words ...string) string {
	var quoted []string
	for _, w := range words {
		if w = quote(w); w != "" {
			quoted = append(quoted, w)
		}
	}
	if len(quoted) == 0 {
		return sentence
	}
	return sentence + " GitHub said: " + strings.Join(quoted, "; ")
}

package sarif

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What GitHub says when code scanning is off. The product's name changed, and
// older servers of customers keep the older words: "Advanced Security must be
// enabled for this repository to use code scanning", "Code Security must be
// enabled …", "repository not enabled for code scanning", "Code scanning is not
// enabled for this repository", and of plans without it "Upgrade to …".
var scanningOff = regexp.MustCompile(`(?i)(?:code|advanced) security (?:must be|is not|needs to be) enabled|not enabled for code scanning|` +
	`code scanning (?:is not|must be|has not been) enabled|upgrade to github .* to enable this feature|code scanning is not available`)

var (
	rateLimit   = regexp.MustCompile(`(?i)rate limit|abuse detection`)
	archived    = regexp.MustCompile(`(?i)was archived`)
	notAllowed  = regexp.MustCompile(`(?i)resource not accessible|not authorized|must have .* (?:access|permission|rights)`)
	setup       = regexp.MustCompile(`(?i)default setup is enabled`)
	tooMany     = regexp.MustCompile(`(?i)too many (?:logical )?alerts`)
	invalidFile = regexp.MustCompile(`(?i)^rejecting SARIF|multiple runs with the same category|invalid URI|locationFromSarif|could not convert rules|` +
		`did not match the checkout URI|invalid SARIF|not valid (?:JSON|SARIF|base64|gzip)`)
)

// judge says what an answer to an upload means. again is how long to wait
// before the same may be sent once more; negative is never.
func judge(a answer, now time.Time) (o Outcome, again time.Duration) {
	stop := func(kind OutcomeKind, sentence string) (Outcome, time.Duration) {
		return Outcome{Kind: kind, Text: said(sentence, a.words), Errors: quotes(a.details)}, -1
	}
	all := strings.Join(append([]string{a.words}, a.details...), "\n")
	switch {
	case a.status == 0:
		return Outcome{Kind: UploadDisconnected,
			Text: "GitHub did not answer the upload (" + firstOf(quote(a.broken), "no reason known") + "). The results are not on GitHub; upload again."}, 0
	case a.limited, a.status == http.StatusTooManyRequests, a.status == http.StatusForbidden && rateLimit.MatchString(a.words):
		o, _ := stop(UploadRateLimited, "")
		o.RetryAt = a.retryAt(now)
		o.Text = said("GitHub takes no more requests of this token until "+o.RetryAt.Format("2006-01-02 15:04:05")+" UTC. The results are not on GitHub; upload again after that.", a.words)
		return o, -1
	case a.status >= 500:
		again := time.Duration(0)
		o, _ := stop(UploadUnavailable, fmt.Sprintf("GitHub's servers could not take the upload (status %d). The results are not on GitHub; upload again later.", a.status))
		if after, ok := a.retryAfter(now); ok {
			again = after
			o.RetryAt = a.retryAt(now)
		}
		return o, again
	case a.status == http.StatusUnauthorized:
		return stop(UploadUnknownToken, "GitHub does not accept the token (status 401): it is wrong, was revoked, or has expired.")
	case a.status == http.StatusForbidden || a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity || a.status == http.StatusBadRequest:
		return refused(a, all, stop)
	case a.status == http.StatusNotFound:
		return stop(UploadNotFound, "GitHub does not find the repository, the commit or the ref (status 404). "+
			"A token that may not see a private repository gets the same answer. Check that commit and ref are pushed and that the token is of this repository.")
	case a.status == http.StatusRequestEntityTooLarge:
		return stop(UploadTooLarge, "The upload is larger than GitHub takes (status 413). The report has all results.")
	case a.status == http.StatusAccepted: // taken, but what came with it cannot be read
		return Outcome{Kind: UploadPending, Text: "GitHub has taken the upload, but its answer names no id to ask for, so whether it was processed is not known."}, -1
	}
	return stop(UploadUnexpected, fmt.Sprintf("GitHub answered the upload with status %d, which means nothing here. Whether the results are on GitHub is not known.", a.status))
}

// refused tells the refusals apart by their words: they share their status.
func refused(a answer, all string, stop func(OutcomeKind, string) (Outcome, time.Duration)) (Outcome, time.Duration) {
	switch {
	case scanningOff.MatchString(all):
		return stop(UploadOff, "Code scanning is not available in this repository: for private and internal repositories the owner needs GitHub Code Security, "+
			"and it must be switched on under Settings, Advanced Security.")
	case archived.MatchString(all):
		return stop(UploadArchived, "The repository is archived, so nothing can be uploaded to it.")
	case setup.MatchString(all):
		return stop(UploadDefaultSetup, defaultSetupText)
	case tooMany.MatchString(all):
		return stop(UploadTooManyAlerts, tooManyText)
	case a.status == http.StatusForbidden && notAllowed.MatchString(all):
		return stop(UploadNotPermitted, "The token may not write code scanning results. Give the job `permissions: security-events: write`. "+
			"Runs for pull requests from forks and runs started by Dependabot always have a read-only token: there it is no mistake.")
	case a.status == http.StatusForbidden:
		return stop(UploadNotPermitted, "GitHub refuses the upload (status 403), and not for a reason known here. Check the token's permissions (security-events: write) and the organisation's policies.")
	case a.status == http.StatusConflict:
		return stop(UploadUnexpected, "GitHub refuses the upload because of something else that runs in the repository (status 409). Upload again later.")
	}
	return stop(UploadInvalid, fmt.Sprintf("GitHub cannot read the upload (status %d). If commit and ref are right, that is a mistake of staylisted's: please report it with the words of GitHub.", a.status))
}

const (
	defaultSetupText = "GitHub's default setup of code scanning is switched on, and GitHub takes no other analysis of this kind beside it. " +
		"Switch from default to advanced setup under Settings, Advanced Security."
	tooManyText = "The repository has as many code scanning alerts as GitHub keeps (1,000,000), so it takes no more. Delete old analyses of tools no longer used."
)

// failedOutcome says what a failed processing means, by GitHub's reasons.
func failedOutcome(reasons []string) Outcome {
	o := Outcome{Kind: UploadFailed, Errors: quotes(reasons),
		Text: "GitHub took the upload but could not process all of it. Some or all of its results are not shown."}
	matches := func(shape *regexp.Regexp) bool {
		return slices.ContainsFunc(reasons, shape.MatchString)
	}
	switch {
	case matches(setup):
		o.Kind, o.Text = UploadDefaultSetup, defaultSetupText
	case matches(tooMany):
		o.Kind, o.Text = UploadTooManyAlerts, tooManyText
	case matches(invalidFile):
		o.Kind, o.Text = UploadInvalid, "GitHub cannot read the file. That is a mistake of staylisted's: please report it with the words of GitHub."
	}
	o.Text = said(o.Text, o.Errors...)
	return o
}

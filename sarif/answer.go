package sarif

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
)

// An answer is what one request brought, as far as judgement needs it.
type answer struct {
	status  int      // 0: none came
	words   string   // GitHub's message
	details []string // what it lists besides
	header  http.Header
	limited bool      // go-github knows it for a rate limit
	reset   time.Time // when that limit ends; zero when it did not say
	broken  string    // why none came, or why its body could not be read
}

// newAnswer reads what go-github made of a reply. Of an error only GitHub's own
// words and the innermost reason are taken: no address, no header.
func newAnswer(resp *github.Response, err error, now time.Time) answer {
	var a answer
	if resp != nil && resp.Response != nil {
		a.status, a.header = resp.StatusCode, resp.Header
	}
	if err == nil {
		return a
	}
	fromError := func(e *github.ErrorResponse) {
		a.words = e.Message
		for _, d := range e.Errors {
			a.details = append(a.details, firstOf(d.Message, strings.TrimSpace(d.Field+" "+d.Code)))
		}
	}
	if e, ok := errors.AsType[*github.RateLimitError](err); ok {
		a.words, a.limited, a.reset = e.Message, true, e.Rate.Reset.Time
	} else if e, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
		a.words, a.limited = e.Message, true
		if e.RetryAfter != nil {
			a.reset = now.Add(*e.RetryAfter)
		}
	} else if e, ok := errors.AsType[*github.TwoFactorAuthError](err); ok {
		fromError((*github.ErrorResponse)(e))
	} else if e, ok := errors.AsType[*github.ErrorResponse](err); ok {
		fromError(e)
	} else {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		a.broken = err.Error()
		if errors.Is(err, context.DeadlineExceeded) {
			a.broken = "no answer in time"
		}
	}
	return a
}

// longestWait bounds what a Retry-After or reset may say: a header is no reason
// to stay away for years.
const longestWait = 24 * time.Hour

// retryAt returns when a rate limit ends: what go-github found, else
// Retry-After, else the reset of a used-up budget, else in a minute, the least
// GitHub asks for (GitHub documentation, "Rate limits for the REST API").
func (a answer) retryAt(now time.Time) time.Time {
	at := a.reset
	if after, ok := a.retryAfter(now); ok && at.IsZero() {
		at = now.Add(after)
	}
	if at.IsZero() && a.header.Get("X-RateLimit-Remaining") == "0" {
		if s, err := strconv.ParseInt(a.header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
			at = time.Unix(s, 0)
		}
	}
	if !at.After(now) {
		at = now.Add(time.Minute)
	}
	if latest := now.Add(longestWait); at.After(latest) {
		at = latest
	}
	return at.UTC().Truncate(time.Second)
}

// retryAfter reads the header, in seconds or as a date (RFC 9110 §10.2.3).
func (a answer) retryAfter(now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(a.header.Get("Retry-After"))
	if s, err := strconv.ParseInt(text, 10, 64); err == nil && s >= 0 {
		return time.Duration(min(s, int64(longestWait/time.Second))) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

package posture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"
)

const (
	// maxAnswer is the largest answer that is read, in bytes. An SBOM of some
	// thousand packages has a few MiB.
	maxAnswer = 32 << 20
	// callTime is how long one call may take, readTime how long all together.
	callTime = 30 * time.Second
	readTime = 5 * time.Minute
	// maxPages bounds every list, a hundred entries a page.
	maxPages = 10
)

// An asker puts questions to one repository, one at a time. Calls are made
// through the go-github client for its transport, base URL and rate limits, with
// answer types of our own: go-github's fail on rule types that are newer than
// it, and its alerts hold the secret.
type asker struct {
	ctx    context.Context
	client *github.Client
	owner  string
	name   string
	now    time.Time
	// stop says why nothing more is asked: a limit was hit or the token refused.
	stop string

	reviews map[int]reviewed    // by pull request
	owners  map[string]ownersAt // by commit
	teams   map[string]teamList // by "@org/team"
}

// A subject is what a call asks about, for reasons.
type subject struct {
	what       string // "the rules of the default branch"
	permission string // what a token needs to see it
}

// A refusal is an answer that is none.
type refusal struct {
	Asked
	status  int
	message string // GitHub's own, cleaned
}

// says reports whether GitHub's message has a part, whatever its case.
func (r *refusal) says(part string) bool {
	return strings.Contains(strings.ToLower(r.message), part)
}

// answer makes a row of a value or a refusal.
func answer[T any](value T, r *refusal) Answer[T] {
	if r != nil {
		return Answer[T]{Asked: r.Asked}
	}
	return Answer[T]{Asked: Asked{State: Answered}, Value: value}
}

// repo returns the path of something of the repository.
func (a *asker) repo(format string, args ...any) string {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = url.PathEscape(text)
		}
	}
	return "repos/" + a.owner + "/" + a.name + fmt.Sprintf(format, args...)
}

// get asks for one answer. A 204 leaves into alone.
func (a *asker) get(s subject, path string, query url.Values, into any) (*github.Response, *refusal) {
	if a.stop != "" {
		return nil, &refusal{Asked: Asked{State: Failed, Reason: a.stop}}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	ctx, cancel := context.WithTimeout(a.ctx, callTime)
	defer cancel()
	req, err := a.client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return nil, &refusal{Asked: failed(s, "the address cannot be written: "+plain(err.Error(), 200))}
	}
	resp, err := a.client.BareDo(ctx, req)
	if err != nil {
		return resp, a.refused(s, resp, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNoContent || into == nil {
		return resp, nil
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return resp, &refusal{Asked: failed(s, "the answer broke off ("+plain(err.Error(), 120)+"); scan again")}
	case len(data) > maxAnswer:
		return resp, &refusal{Asked: failed(s, fmt.Sprintf("the answer is larger than %d MiB", maxAnswer>>20))}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return resp, &refusal{Asked: failed(s, "the answer is not what GitHub's description says ("+plain(err.Error(), 120)+"); scan again, and report it if it stays")}
	}
	return resp, nil
}

// all asks for every page of a list, a hundred entries each. What goes beyond
// pages, or breaks off on the way, is no answer: the list would look complete.
func all[T any](a *asker, s subject, path string, query url.Values, pages int) ([]T, *refusal) {
	list, more, r := some[T](a, s, path, query, pages)
	if r == nil && more {
		r = &refusal{Asked: failed(s, fmt.Sprintf("there are more than %d entries, and no more are read", pages*100))}
	}
	if r != nil {
		return nil, r
	}
	return list, nil
}

// some asks for the first pages of a list; more is true when there are others.
func some[T any](a *asker, s subject, path string, query url.Values, pages int) (list []T, more bool, r *refusal) {
	query = cloned(query)
	query.Set("per_page", "100")
	list = []T{}
	for range pages {
		var page []T
		resp, r := a.get(s, path, query, &page)
		if r != nil {
			return nil, false, r
		}
		list = append(list, page...)
		switch {
		case resp.After != "":
			query.Set("after", resp.After)
		case resp.NextPage != 0:
			query.Set("page", strconv.Itoa(resp.NextPage))
		default:
			return list, false, nil
		}
	}
	return list, true, nil
}

func cloned(query url.Values) url.Values {
	out := url.Values{}
	maps.Copy(out, query)
	return out
}

func failed(s subject, why string) Asked {
	return Asked{State: Failed, Reason: "asking GitHub for " + s.what + " failed: " + why}
}

func denied(s subject, detail string) Asked {
	return Asked{State: Denied, Permission: s.permission, Reason: "GitHub does not show this token " + s.what + " (" + detail + "); it needs the permission " + s.permission}
}

func unavailable(s subject, detail string) Asked {
	return Asked{State: Unavailable, Reason: s.what + ": not available to this repository (" + detail + ")"}
}

// refused classes an error. 403 is a limit, a product the repository does not
// have, or a permission; 404 is taken for a permission, because GitHub hides
// what a token may not see. Callers that know the message GitHub sends for
// "switched off" look at it first.
func (a *asker) refused(s subject, resp *github.Response, err error) *refusal {
	r := &refusal{}
	if resp != nil && resp.Response != nil {
		r.status = resp.StatusCode
	}
	if limit, ok := errors.AsType[*github.RateLimitError](err); ok {
		r.Asked = a.limited(limit.Rate.Reset.Time)
		return r
	}
	if abuse, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
		until := a.now.Add(time.Minute)
		if abuse.RetryAfter != nil {
			until = a.now.Add(*abuse.RetryAfter)
		}
		r.Asked = a.limited(until)
		return r
	}
	var answered *github.ErrorResponse
	switch e := err.(type) {
	case *github.ErrorResponse:
		answered = e
	case *github.TwoFactorAuthError:
		answered = (*github.ErrorResponse)(e)
	default:
		switch {
		case a.ctx.Err() != nil:
			a.stop = "the scan was interrupted, or asking GitHub took longer than " + readTime.String()
			r.Asked = Asked{State: Failed, Reason: a.stop}
		case errors.Is(err, context.DeadlineExceeded):
			r.Asked = failed(s, "no answer in "+callTime.String()+"; scan again")
		default:
			r.Asked = failed(s, plain(err.Error(), 200)+"; scan again")
		}
		return r
	}
	r.message = plain(answered.Message, 200)
	said := fmt.Sprintf("%d %s", r.status, r.message)
	if r.message == "" {
		said = fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	}
	switch {
	case r.status == http.StatusTooManyRequests, r.status == http.StatusForbidden && r.says("rate limit"):
		r.Asked = a.limited(a.retryAt(resp.Header))
	case r.status == http.StatusUnauthorized:
		a.stop = "GitHub refused the token (401): it is mistyped, expired or revoked; give the scan a valid one in GITHUB_TOKEN"
		r.Asked = Asked{State: Failed, Reason: a.stop}
	case r.status == http.StatusForbidden && (r.says("must be enabled") || r.says("upgrade to ") || r.says("not available for")):
		r.Asked = unavailable(s, said)
	case r.status == http.StatusForbidden && r.says("saml"):
		r.Asked = denied(s, said)
		r.Reason += ", and the organisation's single sign-on must be authorised for it"
	case r.status == http.StatusForbidden, r.status == http.StatusNotFound:
		r.Asked = denied(s, said)
	default:
		r.Asked = failed(s, "GitHub answered "+said+"; scan again")
	}
	return r
}

// limited stops asking: going on while limited may get the token banned.
func (a *asker) limited(until time.Time) Asked {
	a.stop = "GitHub's rate limit for this token is used up; scan again after " + until.UTC().Format("2006-01-02 15:04:05Z")
	return Asked{State: Failed, Reason: a.stop}
}

// retryAt reads when a limit ends: Retry-After, else the reset time, else a
// minute from now (GitHub, "Rate limits for the REST API").
func (a *asker) retryAt(h http.Header) time.Time {
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds >= 0 && seconds < 1<<20 {
		return a.now.Add(time.Duration(seconds) * time.Second)
	}
	if epoch, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && epoch > 0 && epoch < 1<<38 {
		return time.Unix(epoch, 0)
	}
	return a.now.Add(time.Minute)
}

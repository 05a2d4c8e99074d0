package deps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
)

// GitHub asks GitHub's global advisories for the scores that other databases
// leave out. Only public ids (CVE-…, GHSA-…) are sent.
type GitHub struct {
	// Client is whose server is asked, authenticated by the caller. A GitHub
	// Enterprise Server that has no advisories is an error of Lookup like any
	// other.
	Client *github.Client
	// Dir keeps answers for a day; empty keeps none.
	Dir string
}

// An Answer is what GitHub says about one vulnerability. The zero Answer says
// that it knows none.
type Answer struct {
	Severities []rules.Severity `json:"severities,omitempty"`
	CWE        []int            `json:"cwe,omitempty"`
}

// A RateLimitError says that a server wants no more questions for a while.
type RateLimitError struct {
	Reset time.Time // when to ask again; zero when the server did not say
}

func (e *RateLimitError) Error() string {
	if e.Reset.IsZero() {
		return "the request limit is reached: try again later"
	}
	return fmt.Sprintf("the request limit is reached: try again after %s", e.Reset.UTC().Format(time.RFC3339))
}

// Lookup returns what GitHub knows about the ids, which are CVE-… or GHSA-…. It
// stops at the first error and returns the answers it has until then together
// with the error: the audit goes on, and what stays unscored counts as High. A
// limit that is reached is a *RateLimitError.
func (g *GitHub) Lookup(ctx context.Context, ids []string, now time.Time) (map[string]Answer, error) {
	answers := map[string]Answer{}
	for _, id := range ids {
		if answer, ok := g.kept(id, now); ok {
			answers[id] = answer
			continue
		}
		answer, err := g.ask(ctx, id, now)
		if err != nil {
			return answers, fmt.Errorf("asking GitHub for the score of %s (%d of %d known; what stays unscored counts as high): %w", id, len(answers), len(ids), err)
		}
		answers[id] = answer
		if err := g.keep(id, answer, now); err != nil {
			return answers, fmt.Errorf("keeping GitHub's answer about %s: %w", id, err)
		}
	}
	return answers, nil
}

// A globalAdvisory is the part of GitHub's answer that go-github v66 does not
// read: scores of both versions.
type globalAdvisory struct {
	GHSA       string `json:"ghsa_id"`
	Severity   string `json:"severity"`
	Withdrawn  string `json:"withdrawn_at"`
	Severities struct {
		V3 vectorString `json:"cvss_v3"`
		V4 vectorString `json:"cvss_v4"`
	} `json:"cvss_severities"`
	CVSS vectorString `json:"cvss"` // before cvss_severities there was only this
	CWEs []struct {
		ID string `json:"cwe_id"`
	} `json:"cwes"`
}

type vectorString struct {
	Vector string `json:"vector_string"`
}

// ask sends one question.
func (g *GitHub) ask(ctx context.Context, id string, now time.Time) (Answer, error) {
	parameter := ""
	switch {
	case strings.HasPrefix(id, "GHSA-"):
		parameter = "ghsa_id"
	case strings.HasPrefix(id, "CVE-"):
		parameter = "cve_id"
	default:
		return Answer{}, errors.New("GitHub knows CVE and GHSA ids only")
	}
	req, err := g.Client.NewRequest(http.MethodGet, "advisories?"+url.Values{parameter: {id}}.Encode(), nil)
	if err != nil {
		return Answer{}, err
	}
	var found []globalAdvisory
	if _, err := g.Client.Do(ctx, req, &found); err != nil {
		return Answer{}, explain(err, now)
	}
	var answer Answer
	for _, a := range found {
		if a.Withdrawn != "" {
			continue
		}
		for _, v := range []string{a.Severities.V3.Vector, a.Severities.V4.Vector, a.CVSS.Vector} {
			if v != "" {
				answer.Severities = append(answer.Severities, rules.Severity{Source: rules.FromGHSA, Vector: v})
			}
		}
		if a.Severity != "" && a.Severity != "unknown" {
			answer.Severities = append(answer.Severities, rules.Severity{Source: rules.FromGHSA, Label: strings.ToUpper(a.Severity)})
		}
		for _, c := range a.CWEs {
			if n, err := strconv.Atoi(strings.TrimPrefix(c.ID, "CWE-")); err == nil && n > 0 {
				answer.CWE = append(answer.CWE, n)
			}
		}
	}
	return answer, nil
}

// explain tells a reached limit (403 and 429, primary and secondary) from
// other errors, and leaves the request's address out of both.
func explain(err error, now time.Time) error {
	if limited, ok := errors.AsType[*github.RateLimitError](err); ok {
		return &RateLimitError{Reset: limited.Rate.Reset.Time}
	}
	if limited, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
		e := &RateLimitError{}
		if limited.RetryAfter != nil {
			e.Reset = now.Add(*limited.RetryAfter)
		}
		return e
	}
	answered, ok := errors.AsType[*github.ErrorResponse](err)
	if !ok || answered.Response == nil {
		return err
	}
	header := answered.Response.Header
	after, afterErr := strconv.Atoi(header.Get("Retry-After"))
	if answered.Response.StatusCode == http.StatusTooManyRequests || afterErr == nil && answered.Response.StatusCode == http.StatusForbidden {
		e := &RateLimitError{}
		if reset, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
			e.Reset = time.Unix(reset, 0)
		}
		if afterErr == nil {
			e.Reset = now.Add(time.Duration(after) * time.Second)
		}
		return e
	}
	if answered.Response.StatusCode == http.StatusNotFound {
		return errors.New("this server has no global advisories (404): ask github.com, or use OSV data with scores")
	}
	return fmt.Errorf("the server answered %s: %s", oneLine(answered.Response.Status, 60), oneLine(answered.Message, 200))
}

// A keptAnswer is an answer on disk.
type keptAnswer struct {
	At     time.Time `json:"at"`
	Answer Answer    `json:"answer"`
}

func (g *GitHub) file(id string) string { return filepath.Join(g.Dir, "github-"+id+".json") }

// kept returns an answer of the last day. A damaged file counts as none.
func (g *GitHub) kept(id string, now time.Time) (Answer, bool) {
	if g.Dir == "" || !validID(id) {
		return Answer{}, false
	}
	text, err := os.ReadFile(g.file(id))
	if err != nil {
		return Answer{}, false
	}
	var k keptAnswer
	if json.Unmarshal(text, &k) != nil || now.Before(k.At) || now.Sub(k.At) >= RefreshAfter {
		return Answer{}, false
	}
	return k.Answer, true
}

func (g *GitHub) keep(id string, answer Answer, now time.Time) error {
	if g.Dir == "" || !validID(id) {
		return nil
	}
	text, err := json.Marshal(keptAnswer{At: now.UTC(), Answer: answer})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(g.Dir, 0o700); err != nil {
		return err
	}
	return writeFile(g.file(id), text)
}

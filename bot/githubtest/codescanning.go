package githubtest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A CodeScanning is what a repository's code scanning does with SARIF files.
type CodeScanning struct {
	// Processing is how long an upload stays pending.
	Processing time.Duration
	// Rejects is what processing finds wrong with every upload, besides what is
	// wrong with it; not empty makes them fail.
	Rejects []string
	// Uploads are the deliveries taken, in order, also those that failed.
	Uploads []*Upload
	// Commits are hashes it knows besides those of the branches and commits, as of
	// test merges.
	Commits []string
}

// An Upload is a SARIF file that was taken.
type Upload struct {
	ID, Commit, Ref string
	Received        time.Time
	SARIF           []byte // uncompressed
	Size            int    // compressed
	Runs            []SARIFRun
	Errors          []string // what processing found; none is a success

	processing time.Duration
	settled    bool
}

// A SARIFRun is a run of an upload, as far as code scanning looks.
type SARIFRun struct {
	Tool, Category string
	Rules          int
	Results        int
	// Fingerprints are primaryLocationLineHash of the results, in order.
	Fingerprints []string
}

// state is the upload's processing_status at a time.
func (u *Upload) state(now time.Time) string {
	switch {
	case now.Before(u.Received.Add(u.processing)):
		return "pending"
	case len(u.Errors) > 0:
		return "failed"
	}
	return "complete"
}

// What GitHub documents of its limits. "10 MB" is the stricter reading.
const (
	mostBytes   = 10_000_000
	mostRuns    = 20
	mostResults = 25_000
	mostRules   = 25_000
	mostTags    = 20
	mostSteps   = 10_000
	mostPlaces  = 1000
)

var pullRef = regexp.MustCompile(`^refs/pull/([0-9]+)/(merge|head)$`)

func codeScanningHandlers() map[string]handler {
	const sarifs = "/repos/{owner}/{repo}/code-scanning/sarifs"
	return map[string]handler{
		"POST " + sarifs: inRepository(func(_ *State, r *Repository, c *call) reply { return r.take(c, time.Now()) }),
		"GET " + sarifs + "/{sarif_id}": inRepository(func(_ *State, r *Repository, c *call) reply {
			if r.Private && r.disabled("code_security") {
				return codeSecurityOff()
			}
			now := time.Now()
			r.settle(now)
			for _, u := range r.Scanning.Uploads {
				if u.ID != c.params["sarif_id"] {
					continue
				}
				out := obj{"processing_status": u.state(now), "errors": nil, "analyses_url": nil}
				switch out["processing_status"] {
				case "failed":
					out["errors"] = u.Errors
				case "complete":
					out["analyses_url"] = c.base + "/repos/" + r.Owner + "/" + r.Name + "/code-scanning/analyses?sarif_id=" + u.ID
				}
				return ok(out)
			}
			return notFound()
		}),
	}
}

func codeSecurityOff() reply { return refuse(http.StatusForbidden, CodeSecurityOff().Message) }

// take receives an upload. The form of its fields the description has checked.
func (r *Repository) take(c *call, now time.Time) reply {
	if r.Private && r.disabled("code_security") {
		return codeSecurityOff()
	}
	if r.Archived {
		return refuse(http.StatusForbidden, "Repository was archived so is read-only.")
	}
	var in struct {
		Commit string `json:"commit_sha"`
		Ref    string `json:"ref"`
		SARIF  string `json:"sarif"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	switch {
	case !r.knowsRef(in.Ref):
		return refuse(http.StatusNotFound, "ref '"+in.Ref+"' not found in this repository")
	case !r.knowsCommit(in.Commit):
		return refuse(http.StatusNotFound, "commit not found")
	}
	packed, err := base64.StdEncoding.DecodeString(in.SARIF)
	if err != nil {
		return refuse(http.StatusBadRequest, "sarif is not valid base64")
	}
	if len(packed) > mostBytes {
		return refuse(http.StatusRequestEntityTooLarge, "sarif is too large")
	}
	text, err := unpack(packed)
	if err != nil {
		return refuse(http.StatusBadRequest, "sarif is not a gzip stream: "+err.Error())
	}
	u := &Upload{Commit: in.Commit, Ref: in.Ref, Received: now, SARIF: text, Size: len(packed), processing: r.Scanning.Processing}
	n := len(r.Scanning.Uploads) + 1
	u.ID = fmt.Sprintf("%08x-5596-11eb-80a1-c1e54ef945c6", n)
	u.Runs, u.Errors = process(text)
	u.Errors = append(u.Errors, r.Scanning.Rejects...)
	r.Scanning.Uploads = append(r.Scanning.Uploads, u)
	return reply{status: http.StatusAccepted, body: obj{"id": u.ID, "url": c.base + c.path() + "/" + u.ID}}
}

// path is the request's path, made from its route.
func (c *call) path() string {
	path := c.route.api.Path
	for name, value := range c.params {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}

// unpack reads a gzip stream to its end, checksum included.
func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// knowsRef reports whether the ref is a branch or a pull request of the
// repository; tags it does not keep, so all of them are known.
func (r *Repository) knowsRef(ref string) bool {
	if branch, is := strings.CutPrefix(ref, "refs/heads/"); is {
		return r.Branches[branch] != nil
	}
	if m := pullRef.FindStringSubmatch(ref); m != nil {
		return slices.ContainsFunc(r.Pulls, func(p *Pull) bool { return strconv.Itoa(p.Number) == m[1] })
	}
	return strings.HasPrefix(ref, "refs/tags/")
}

// knowsCommit reports whether the repository has the commit.
func (r *Repository) knowsCommit(sha string) bool {
	for _, b := range r.Branches {
		if b.Head == sha {
			return true
		}
	}
	return slices.Contains(r.Scanning.Commits, sha) || slices.ContainsFunc(r.Commits, func(c *Commit) bool { return c.SHA == sha })
}

// settle turns uploads whose processing has ended into analyses. An analysis of
// the same commit, ref, tool and category is replaced.
func (r *Repository) settle(now time.Time) {
	for _, u := range r.Scanning.Uploads {
		if u.settled || u.state(now) != "complete" {
			continue
		}
		u.settled = true
		for _, run := range u.Runs {
			a := &Analysis{Tool: run.Tool, Commit: u.Commit, Created: u.Received, Ref: u.Ref, Category: run.Category, Results: run.Results, Rules: run.Rules, Upload: u.ID}
			r.Analyses = append(slices.DeleteFunc(r.Analyses, func(b *Analysis) bool {
				return b.Tool == a.Tool && b.Commit == a.Commit && b.ref(r) == a.Ref && b.Category == a.Category
			}), a)
			r.NeverAnalysed = false
		}
	}
}

// process reads a SARIF file as code scanning does, and says what it does not
// take, in GitHub's words where they are known.
func process(text []byte) ([]SARIFRun, []string) {
	var log struct {
		Version string `json:"version"`
		Schema  string `json:"$schema"`
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID               string
						ShortDescription struct{ Text string }
						Properties       struct {
							Severity any `json:"security-severity"`
							Tags     []string
						}
					}
				}
			}
			AutomationDetails struct{ ID string }
			Results           []struct {
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
					}
				}
				CodeFlows []struct {
					ThreadFlows []struct{ Locations []json.RawMessage }
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		return nil, []string{"rejecting SARIF, as it is not valid JSON: " + err.Error()}
	}
	var wrong []string
	more := func(what string, have, most int) {
		if have > most {
			wrong = append(wrong, fmt.Sprintf("rejecting SARIF, as there are more %s than allowed (%d > %d)", what, have, most))
		}
	}
	if log.Version != "2.1.0" {
		wrong = append(wrong, fmt.Sprintf("rejecting SARIF, as its version %q is not supported", log.Version))
	}
	more("runs", len(log.Runs), mostRuns)
	var runs []SARIFRun
	seen := map[string]bool{}
	for _, run := range log.Runs {
		driver := run.Tool.Driver
		out := SARIFRun{Tool: driver.Name, Results: len(run.Results), Rules: len(driver.Rules)}
		if i := strings.LastIndexByte(run.AutomationDetails.ID, '/'); i > 0 {
			out.Category = run.AutomationDetails.ID[:i]
		}
		if key := out.Tool + "\x00" + out.Category; seen[key] {
			wrong = append(wrong, "A delivery cannot contain multiple runs with the same category")
		} else {
			seen[key] = true
		}
		if out.Tool == "" {
			wrong = append(wrong, "rejecting SARIF, as a run has no tool name")
		}
		more("results per run", len(run.Results), mostResults)
		more("rules per run", len(driver.Rules), mostRules)
		for _, rule := range driver.Rules {
			more("tags per rule", len(rule.Properties.Tags), mostTags)
			if rule.ID == "" || rule.ShortDescription.Text == "" {
				wrong = append(wrong, "could not convert rules: a rule has no id or description")
			}
			if s := rule.Properties.Severity; s != nil {
				if _, err := strconv.ParseFloat(fmt.Sprint(s), 64); err != nil {
					wrong = append(wrong, "could not convert rules: invalid security severity value, is not a number: "+fmt.Sprint(s))
				}
			}
		}
		for _, result := range run.Results {
			more("locations per result", len(result.Locations), mostPlaces)
			steps := 0
			for _, flow := range result.CodeFlows {
				for _, thread := range flow.ThreadFlows {
					steps += len(thread.Locations)
				}
			}
			more("threadflow steps per result", steps, mostSteps)
			if result.Message.Text == "" || len(result.Locations) == 0 || result.Locations[0].PhysicalLocation.ArtifactLocation.URI == "" {
				wrong = append(wrong, "locationFromSarifResult: expected artifact location")
			}
			out.Fingerprints = append(out.Fingerprints, result.PartialFingerprints["primaryLocationLineHash"])
		}
		runs = append(runs, out)
	}
	return runs, wrong
}

package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A SecretAlert is an alert of secret scanning.
type SecretAlert struct {
	Number  int
	Type    string
	Secret  string // sent unless the request asks to hide it
	Created time.Time
	Closed  bool
	Path    string // empty: no place in a file
	Line    int
	// PlaceApart leaves the place out of the list, as older servers do: it must be
	// asked for.
	PlaceApart bool
}

// A DepAlert is a Dependabot alert.
type DepAlert struct {
	Number                       int
	GHSA, CVE                    string
	Ecosystem, Package, Manifest string
	Scope                        string // "runtime" when empty
	Severity                     string
	Vector                       string
	VectorV4                     string
	CWE                          []string
	Fixed                        string
	Created                      time.Time
	Closed                       bool
}

// A CodeAlert is a code-scanning alert of the default branch.
type CodeAlert struct {
	Number   int
	Tool     string
	Rule     string
	Severity string // security severity level; empty for none
	Tags     []string
	Path     string
	Line     int
	Created  time.Time
	Closed   bool
}

// An Analysis is a code-scanning analysis.
type Analysis struct {
	Tool, Commit, Error string
	Created             time.Time
	Ref                 string // empty: the default branch
	Category            string
	Results, Rules      int
	Upload              string // the id of the SARIF upload it was made of
}

// ref is the git reference the analysis is of.
func (a *Analysis) ref(r *Repository) string {
	if a.Ref != "" {
		return a.Ref
	}
	return "refs/heads/" + r.DefaultBranch
}

// An Advisory is a security advisory of the repository.
type Advisory struct {
	GHSA     string
	State    string // "triage", "draft", "published", "closed"
	Severity string // empty: null
	Vector   string
	Summary  string
	Created  time.Time
}

// disabled reports whether a product is switched off where that is known.
func (r *Repository) disabled(product string) bool { return r.Security[product] == "disabled" }

func securityHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo + "/secret-scanning/alerts": inRepository(func(_ *State, r *Repository, c *call) reply {
			if r.disabled("secret_scanning") {
				return refuse(http.StatusNotFound, "Secret scanning is disabled on this repository.")
			}
			list := []obj{}
			for _, a := range r.SecretAlerts {
				if c.query.Get("state") == "open" && a.Closed {
					continue
				}
				out := obj{"number": a.Number, "created_at": when(a.Created), "state": "open", "secret_type": a.Type, "secret": a.Secret, "resolution": nil}
				if c.query.Get("hide_secret") == "true" {
					out["secret"] = ""
				}
				if a.Path != "" && !a.PlaceApart {
					out["first_location_detected"] = a.place()
				}
				list = append(list, out)
			}
			return paged(c, list)
		}),
		repo + "/secret-scanning/alerts/{alert_number}/locations": inRepository(func(_ *State, r *Repository, c *call) reply {
			for _, a := range r.SecretAlerts {
				if fmt.Sprint(a.Number) == c.params["alert_number"] {
					list := []obj{}
					if a.Path != "" {
						list = append(list, obj{"type": "commit", "details": a.place()})
					}
					return paged(c, list)
				}
			}
			return notFound()
		}),
		repo + "/vulnerability-alerts": inRepository(func(_ *State, r *Repository, _ *call) reply {
			if r.DependabotOff {
				return refuse(http.StatusNotFound, "Vulnerability alerts are disabled.")
			}
			return reply{status: http.StatusNoContent}
		}),
		repo + "/automated-security-fixes": inRepository(func(_ *State, r *Repository, _ *call) reply {
			return ok(obj{"enabled": r.SecurityFixes, "paused": false})
		}),
		repo + "/dependabot/alerts": inRepository(func(_ *State, r *Repository, c *call) reply {
			if r.DependabotOff {
				return refuse(http.StatusForbidden, "Dependabot alerts are disabled for this repository.")
			}
			list := []obj{}
			for _, a := range r.DepAlerts {
				if !a.Closed || c.query.Get("state") != "open" {
					list = append(list, a.write())
				}
			}
			return paged(c, list)
		}),
		repo + "/code-scanning/analyses": inRepository(func(_ *State, r *Repository, c *call) reply {
			r.settle(time.Now())
			if r.NeverAnalysed {
				return refuse(http.StatusNotFound, "no analysis found")
			}
			list := []obj{}
			for _, a := range r.Analyses {
				if id := c.query.Get("sarif_id"); id != "" && id != a.Upload {
					continue
				}
				if ref := c.query.Get("ref"); ref != "" && ref != a.ref(r) && "refs/heads/"+ref != a.ref(r) {
					continue
				}
				list = append(list, a.write(r))
			}
			if c.query.Get("direction") != "asc" {
				slices.Reverse(list) // the state is in order of time
			}
			return paged(c, list)
		}),
		repo + "/code-scanning/default-setup": inRepository(func(_ *State, r *Repository, _ *call) reply {
			if r.DefaultSetup {
				return ok(obj{"state": "configured"})
			}
			return ok(obj{"state": "not-configured"})
		}),
		repo + "/code-scanning/alerts": inRepository(func(_ *State, r *Repository, c *call) reply {
			if r.NeverAnalysed {
				return refuse(http.StatusNotFound, "no analysis found")
			}
			list := []obj{}
			for _, a := range r.CodeAlerts {
				if !a.Closed || c.query.Get("state") != "open" {
					list = append(list, a.write())
				}
			}
			return paged(c, list)
		}),
		repo + "/security-advisories": inRepository(func(_ *State, r *Repository, c *call) reply {
			list := []obj{}
			for _, a := range r.Advisories {
				if want := c.query.Get("state"); want != "" && want != a.State {
					continue
				}
				out := obj{"ghsa_id": a.GHSA, "state": a.State, "created_at": when(a.Created), "summary": a.Summary, "severity": nil}
				if a.Severity != "" {
					out["severity"] = a.Severity
				}
				if a.Vector != "" {
					out["cvss"] = obj{"vector_string": a.Vector, "score": nil}
				}
				list = append(list, out)
			}
			return paged(c, list)
		}),
	}
}

// mostShown is how many results of an analysis become alerts.
const mostShown = 5000

func (a *Analysis) write(r *Repository) obj {
	warning := ""
	if a.Results > mostShown {
		warning = fmt.Sprintf("%d results were ignored", a.Results-mostShown)
	}
	return obj{"ref": a.ref(r), "commit_sha": a.Commit, "tool": obj{"name": a.Tool}, "created_at": when(a.Created), "error": a.Error, "warning": warning,
		"rules_count": a.Rules, "results_count": a.Results, "category": a.Category, "sarif_id": a.Upload}
}

func (a *SecretAlert) place() obj {
	return obj{"path": a.Path, "start_line": a.Line, "end_line": a.Line, "start_column": 1, "end_column": 20}
}

func (a *DepAlert) write() obj {
	scope := a.Scope
	if scope == "" {
		scope = "runtime"
	}
	pkg := obj{"ecosystem": a.Ecosystem, "name": a.Package}
	advisory := obj{"ghsa_id": a.GHSA, "cve_id": nil, "severity": a.Severity, "summary": "words of the advisory", "published_at": when(a.Created), "cvss": obj{"score": 0, "vector_string": nil}}
	if a.CVE != "" {
		advisory["cve_id"] = a.CVE
	}
	if a.Vector != "" {
		advisory["cvss"] = obj{"score": 1, "vector_string": a.Vector}
	}
	if a.VectorV4 != "" {
		advisory["cvss_severities"] = obj{"cvss_v3": nil, "cvss_v4": obj{"score": 1, "vector_string": a.VectorV4}}
	}
	cwes := []obj{}
	for _, id := range a.CWE {
		cwes = append(cwes, obj{"cwe_id": id, "name": id})
	}
	advisory["cwes"] = cwes
	vulnerability := obj{"package": pkg, "severity": a.Severity, "first_patched_version": nil}
	if a.Fixed != "" {
		vulnerability["first_patched_version"] = obj{"identifier": a.Fixed}
	}
	return obj{"number": a.Number, "state": "open", "created_at": when(a.Created), "dependency": obj{"package": pkg, "manifest_path": a.Manifest, "scope": scope},
		"security_advisory": advisory, "security_vulnerability": vulnerability}
}

func (a *CodeAlert) write() obj {
	rule := obj{"id": a.Rule, "tags": a.Tags, "security_severity_level": nil}
	if a.Severity != "" {
		rule["security_severity_level"] = a.Severity
	}
	return obj{"number": a.Number, "created_at": when(a.Created), "state": "open", "rule": rule, "tool": obj{"name": a.Tool},
		"most_recent_instance": obj{"ref": "refs/heads/main", "location": obj{"path": a.Path, "start_line": a.Line, "end_line": a.Line}}}
}

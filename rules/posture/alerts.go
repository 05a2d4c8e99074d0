package posture

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// alertRows reads what GitHub has found and what was reported privately.
func (a *asker) alertRows(s *Settings) {
	about, seen := s.About.known()
	s.SecretAlerts = a.secretAlerts()
	s.DepAlerts = a.depAlerts()
	if s.Dependabot.State == Denied && s.DepAlerts.State == Answered {
		// Alerts can be listed where they are on only.
		s.Dependabot = answer(true, nil)
	}
	if seen {
		s.Analyses = a.analyses(about.DefaultBranch)
		s.CodeAlerts = a.codeAlerts(about.DefaultBranch)
	} else {
		s.Analyses.Asked = unasked("code scanning", s.About.Asked)
		s.CodeAlerts.Asked = unasked("code-scanning alerts", s.About.Asked)
	}
	var setup struct {
		State string `json:"state"`
	}
	sub := subject{"the default setup of code scanning", "administration: read"}
	_, r := a.get(sub, a.repo("/code-scanning/default-setup"), nil, &setup)
	if r == nil && setup.State != "configured" && setup.State != "not-configured" {
		r = &refusal{Asked: failed(sub, "the answer names no state; scan again")}
	}
	s.DefaultSetup = answer(setup.State == "configured", r)
	s.Advisories = a.advisories()
}

// secretAlerts lists open alerts without their secrets.
func (a *asker) secretAlerts() Answer[[]SecretAlert] {
	type place struct {
		Path string  `json:"path"`
		Line float64 `json:"start_line"`
	}
	type alert struct {
		Number  int       `json:"number"`
		Type    string    `json:"secret_type"`
		Created time.Time `json:"created_at"`
		First   *place    `json:"first_location_detected"`
	}
	sub := subject{"secret-scanning alerts", "secret scanning alerts: read"}
	list, r := all[alert](a, sub, a.repo("/secret-scanning/alerts"), url.Values{"state": {"open"}, "hide_secret": {"true"}}, maxPages)
	if r != nil {
		if r.status == http.StatusNotFound && r.says("disabled") {
			return Answer[[]SecretAlert]{Asked: unavailable(sub, "secret scanning is off")}
		}
		return Answer[[]SecretAlert]{Asked: r.Asked}
	}
	out := []SecretAlert{}
	for _, v := range list {
		if v.Created.IsZero() {
			return Answer[[]SecretAlert]{Asked: failed(sub, "an alert has no date; scan again")}
		}
		alert := SecretAlert{Number: v.Number, Type: plain(v.Type, 100), Created: v.Created.UTC()}
		if v.First == nil {
			v.First = new(place)
			var locations []struct {
				Details place `json:"details"`
			}
			_, r := a.get(sub, a.repo("/secret-scanning/alerts/%d/locations", v.Number), url.Values{"per_page": {"1"}}, &locations)
			if r == nil && len(locations) > 0 {
				v.First = &locations[0].Details
			}
			// Without a place the alert stands all the same.
		}
		alert.Path, alert.Line = repositoryPath(v.First.Path), line(v.First.Line)
		if alert.Path == "" {
			alert.Line = 0
		}
		out = append(out, alert)
	}
	return answer(out, nil)
}

// line makes a line number of one that came as any number.
func line(n float64) int {
	if n >= 1 && n < 1<<31 {
		return int(n)
	}
	return 0
}

// repositoryPath returns a path that lies in a repository, or "".
func repositoryPath(p string) string {
	if p == "" || plain(p, 1000) != p || path.IsAbs(p) || path.Clean(p) != p || p == ".." || strings.HasPrefix(p, "../") {
		return ""
	}
	return p
}

// A scored is what an advisory says of its weight, in both of GitHub's forms.
type scored struct {
	Severity string `json:"severity"`
	CVSS     *struct {
		Vector string `json:"vector_string"`
	} `json:"cvss"`
	Severities *struct {
		V3 *struct {
			Vector string `json:"vector_string"`
		} `json:"cvss_v3"`
		V4 *struct {
			Vector string `json:"vector_string"`
		} `json:"cvss_v4"`
	} `json:"cvss_severities"`
	CWEs []struct {
		ID string `json:"cwe_id"`
	} `json:"cwes"`
}

// vectors lists every vector, once each.
func (s *scored) vectors() []string {
	var all []string
	add := func(v string) {
		if v = plain(v, 300); v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	if s.CVSS != nil {
		add(s.CVSS.Vector)
	}
	if c := s.Severities; c != nil {
		if c.V3 != nil {
			add(c.V3.Vector)
		}
		if c.V4 != nil {
			add(c.V4.Vector)
		}
	}
	return all
}

func (s *scored) cwe() []int {
	var all []int
	for _, c := range s.CWEs {
		all = append(all, cweOf("cwe-", c.ID)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cweOf reads the number of "CWE-79" or "external/cwe/cwe-079".
func cweOf(prefix, text string) []int {
	number, ok := strings.CutPrefix(strings.ToLower(text), prefix)
	id, err := strconv.Atoi(number)
	if !ok || err != nil || id < 1 || id > 99999 {
		return nil
	}
	return []int{id}
}

// ecosystems names Dependabot's ecosystems as OSV does.
var ecosystems = map[string]string{
	"go": "Go", "npm": "npm", "pip": "PyPI", "maven": "Maven", "rust": "crates.io", "rubygems": "RubyGems",
	"composer": "Packagist", "nuget": "NuGet", "actions": "GitHub Actions", "pub": "Pub", "erlang": "Hex", "swift": "SwiftURL",
}

func (a *asker) depAlerts() Answer[[]DepAlert] {
	type alert struct {
		Number     int       `json:"number"`
		Created    time.Time `json:"created_at"`
		Dependency struct {
			Package struct {
				Ecosystem string `json:"ecosystem"`
				Name      string `json:"name"`
			} `json:"package"`
			Manifest string `json:"manifest_path"`
			Scope    string `json:"scope"`
		} `json:"dependency"`
		Advisory struct {
			scored
			GHSA      string    `json:"ghsa_id"`
			CVE       string    `json:"cve_id"`
			Published time.Time `json:"published_at"`
			Withdrawn time.Time `json:"withdrawn_at"`
		} `json:"security_advisory"`
		Vulnerability struct {
			Patched *struct {
				ID string `json:"identifier"`
			} `json:"first_patched_version"`
		} `json:"security_vulnerability"`
	}
	sub := subject{"Dependabot alerts", "Dependabot alerts: read"}
	list, r := all[alert](a, sub, a.repo("/dependabot/alerts"), url.Values{"state": {"open"}}, maxPages)
	if r != nil {
		if r.status == http.StatusForbidden && r.says("disabled") {
			return Answer[[]DepAlert]{Asked: unavailable(sub, "Dependabot alerts are off")}
		}
		return Answer[[]DepAlert]{Asked: r.Asked}
	}
	out := []DepAlert{}
	for _, v := range list {
		if !v.Advisory.Withdrawn.IsZero() {
			continue
		}
		if v.Created.IsZero() || !advisoryID(v.Advisory.GHSA) || v.Dependency.Package.Name == "" {
			return Answer[[]DepAlert]{Asked: failed(sub, "an alert has no date, advisory or package; scan again")}
		}
		d := DepAlert{
			Number: v.Number, IDs: []string{v.Advisory.GHSA}, Package: plain(v.Dependency.Package.Name, 300),
			Ecosystem: plain(v.Dependency.Package.Ecosystem, 40), Manifest: repositoryPath(v.Dependency.Manifest), Scope: plain(v.Dependency.Scope, 40),
			Created: v.Created.UTC(), Published: v.Advisory.Published.UTC(), Severity: plain(v.Advisory.Severity, 20), Vectors: v.Advisory.vectors(), CWE: v.Advisory.cwe(),
		}
		if known := ecosystems[strings.ToLower(d.Ecosystem)]; known != "" {
			d.Ecosystem = known
		}
		if advisoryID(v.Advisory.CVE) {
			d.IDs = append(d.IDs, v.Advisory.CVE)
		}
		slices.Sort(d.IDs)
		if v.Vulnerability.Patched != nil {
			d.Fixed = plain(v.Vulnerability.Patched.ID, 100)
		}
		out = append(out, d)
	}
	return answer(out, nil)
}

// advisoryID reports whether a text is the id of an advisory.
func advisoryID(s string) bool {
	return len(s) < 60 && (strings.HasPrefix(s, "GHSA-") || strings.HasPrefix(s, "CVE-")) && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// off reports whether code scanning was never used.
func (r *refusal) off() bool {
	return r.status == http.StatusNotFound && r.says("no analysis found") || r.status == http.StatusForbidden && r.says("not enabled")
}

func (a *asker) analyses(branch string) Answer[[]Analysis] {
	type analysis struct {
		Commit   string    `json:"commit_sha"`
		Category string    `json:"category"`
		Created  time.Time `json:"created_at"`
		Rules    int       `json:"rules_count"`
		Error    string    `json:"error"`
		Tool     struct {
			Name string `json:"name"`
		} `json:"tool"`
	}
	list, _, r := some[analysis](a, subject{"code-scanning analyses", "code scanning alerts: read"}, a.repo("/code-scanning/analyses"),
		url.Values{"ref": {"refs/heads/" + branch}, "sort": {"created"}, "direction": {"desc"}}, 1)
	out := []Analysis{}
	if r != nil && r.off() {
		return answer(out, nil)
	}
	newest := map[[2]string]bool{}
	for _, v := range list {
		key := [2]string{v.Tool.Name, v.Category}
		if newest[key] || !commitHash.MatchString(v.Commit) {
			continue
		}
		newest[key] = true
		out = append(out, Analysis{Tool: plain(v.Tool.Name, 100), Category: plain(v.Category, 200), Commit: v.Commit, Created: v.Created.UTC(), Rules: v.Rules, Error: plain(v.Error, 200)})
	}
	return answer(out, r)
}

func (a *asker) codeAlerts(branch string) Answer[[]CodeAlert] {
	type alert struct {
		Number  int       `json:"number"`
		Created time.Time `json:"created_at"`
		Rule    struct {
			ID       string   `json:"id"`
			Severity string   `json:"security_severity_level"`
			Tags     []string `json:"tags"`
		} `json:"rule"`
		Tool struct {
			Name string `json:"name"`
		} `json:"tool"`
		Instance struct {
			Location struct {
				Path string `json:"path"`
				Line int    `json:"start_line"`
			} `json:"location"`
		} `json:"most_recent_instance"`
	}
	sub := subject{"code-scanning alerts", "code scanning alerts: read"}
	list, r := all[alert](a, sub, a.repo("/code-scanning/alerts"), url.Values{"state": {"open"}, "ref": {"refs/heads/" + branch}}, maxPages)
	out := []CodeAlert{}
	if r != nil && r.off() {
		return answer(out, nil)
	}
	for _, v := range list {
		if v.Created.IsZero() {
			return Answer[[]CodeAlert]{Asked: failed(sub, "an alert has no date; scan again")}
		}
		c := CodeAlert{Number: v.Number, Tool: plain(v.Tool.Name, 100), Rule: plain(v.Rule.ID, 200), Severity: plain(v.Rule.Severity, 20),
			Created: v.Created.UTC(), Path: repositoryPath(v.Instance.Location.Path), Line: line(float64(v.Instance.Location.Line))}
		if c.Path == "" {
			c.Line = 0
		}
		for _, tag := range v.Rule.Tags {
			c.CWE = append(c.CWE, cweOf("external/cwe/cwe-", tag)...)
		}
		slices.Sort(c.CWE)
		c.CWE = slices.Compact(c.CWE)
		out = append(out, c)
	}
	return answer(out, r)
}

// advisories lists private advisories that are neither published nor closed.
func (a *asker) advisories() Answer[[]Advisory] {
	type advisory struct {
		scored
		GHSA    string    `json:"ghsa_id"`
		Created time.Time `json:"created_at"`
	}
	sub := subject{"private security advisories", "repository security advisories: read"}
	out := []Advisory{}
	for _, state := range []string{"triage", "draft"} {
		list, r := all[advisory](a, sub, a.repo("/security-advisories"), url.Values{"state": {state}}, maxPages)
		if r != nil {
			return Answer[[]Advisory]{Asked: r.Asked}
		}
		for _, v := range list {
			if !advisoryID(v.GHSA) || v.Created.IsZero() {
				return Answer[[]Advisory]{Asked: failed(sub, "an advisory has no id or date; scan again")}
			}
			out = append(out, Advisory{ID: v.GHSA, State: state, Created: v.Created.UTC(), Severity: plain(v.Severity, 20), Vectors: v.vectors(), CWE: v.cwe()})
		}
	}
	return answer(out, nil)
}

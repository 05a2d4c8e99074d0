package files

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Security scans in workflows

// A scanKind is what a security scan looks at.
type scanKind int

const (
	staticScan scanKind = iota
	dependencyScan
	dynamicScan
	scanKinds
)

var scanWords = [scanKinds]string{"static analysis (SAST)", "dependency scan (SCA)", "dynamic scan (DAST)"}

// scanActions are actions by what they scan, by the beginning of their names.
var scanActions = [scanKinds][]string{
	staticScan: {"staylisted/staylisted", "github/codeql-action/analyze", "securego/gosec", "semgrep/semgrep-action", "returntocorp/semgrep-action",
		"sonarsource/", "bearer/bearer-action", "checkmarx/", "veracode/", "microsoft/security-devops-action", "pycqa/bandit-action",
		"snyk/actions/code", "codacy/codacy-analysis-cli-action", "ajinabraham/njsscan-action", "aikidosec/"},
	dependencyScan: {"staylisted/staylisted", "actions/dependency-review-action", "google/osv-scanner-action", "golang/govulncheck-action", "aquasecurity/trivy-action",
		"snyk/actions", "anchore/scan-action", "pypa/gh-action-pip-audit", "sonatype-nexus-community/nancy-github-action", "dependency-check/dependency-check_action",
		"fossas/fossa-action", "rustsec/audit-check", "actions-rs/audit-check", "aikidosec/"},
	dynamicScan: {"zaproxy/action-", "projectdiscovery/nuclei-action", "stackhawk/hawkscan-action", "portswigger/dastardly-github-action",
		"schemathesis/action", "neuralegion/", "escape-technologies/", "probely/"},
}

// scanTools are programs by what they scan. The second word narrows those that
// do several things.
var scanTools = [scanKinds]map[string][]string{
	staticScan: {"staylisted": {"scan"}, "gosec": nil, "semgrep": {"ci", "scan", "--config", "--config=auto"}, "codeql": {"database", "analyze"}, "bandit": nil, "bearer": {"scan"},
		"snyk": {"code"}, "sonar-scanner": nil, "njsscan": nil, "brakeman": nil},
	dependencyScan: {"staylisted": {"scan"}, "govulncheck": nil, "osv-scanner": nil, "trivy": {"fs", "filesystem", "repo", "repository", "image", "rootfs", "sbom"}, "grype": nil,
		"snyk": {"test", "monitor"}, "nancy": {"sleuth"}, "npm": {"audit"}, "pnpm": {"audit"}, "yarn": {"audit", "npm"}, "bun": {"audit"}, "pip-audit": nil,
		"cargo": {"audit", "deny"}, "bundle": {"audit"}, "bundle-audit": nil, "safety": {"check", "scan"}, "composer": {"audit"}, "dependency-check": nil, "dependency-check.sh": nil},
	dynamicScan: {"zap-baseline.py": nil, "zap-full-scan.py": nil, "zap-api-scan.py": nil, "zap.sh": nil, "nuclei": nil, "hawk": {"scan"}, "dastardly": nil, "nikto": nil, "nikto.pl": nil,
		"wapiti": nil, "schemathesis": {"run"}, "st": {"run"}, "restler": nil},
}

// bringers fetch a tool and do not run it.
var bringers = []string{"echo", "printf", "curl", "wget", "which", "apt-get", "apt", "brew", "pip", "pip3", "pipx", "chmod", "mkdir", "cp", "mv", "tar", "git", "cat", "cd", "export", "gh", "ls", "rm", "test", "[", "[["}

// scansOf lists what a command scans.
func (c *command) scansOf() (kinds []scanKind) {
	name, args := c.name()
	words := append([]string{name}, args...)
	if slices.Contains(bringers, name) || c.or {
		return nil
	}
	for i := range words {
		words[i] = plain(words[i])
	}
	if len(words) > 1 && slices.Contains([]string{"install", "get", "pull", "add", "i"}, words[1]) || slices.Contains(words, "--version") || slices.Contains(words, "--help") {
		return nil
	}
	for kind := range scanKinds {
		for i, w := range words {
			w, _, _ = strings.Cut(w, "@")
			verbs, known := scanTools[kind][strings.ToLower(path.Base(w))]
			// Behind the first word a tool is only meant where it is run through
			// another: go run, npx, docker run.
			if !known || i > 0 && !runner(words[:i]) {
				continue
			}
			if len(verbs) == 0 || slices.ContainsFunc(words[i+1:], func(v string) bool { return slices.Contains(verbs, v) }) {
				kinds = append(kinds, kind)
				break
			}
		}
	}
	return kinds
}

// runner reports whether words run the program that follows them.
func runner(words []string) bool {
	switch words[0] {
	case "npx", "pnpx", "uvx", "bunx", "xvfb-run", "timeout", "bash", "sh":
		return true
	case "go", "docker", "podman", "poetry", "uv", "pipx", "pnpm", "yarn", "npm", "bundle", "python", "python3":
		return slices.ContainsFunc(words[1:], func(w string) bool {
			return slices.Contains([]string{"run", "tool", "exec", "dlx", "x", "-m"}, w)
		})
	}
	return false
}

// A scanUse is a place where a scan runs.
type scanUse struct {
	kind  scanKind
	what  string
	where rules.Location
	// push and schedule say whether it runs on changes of the code and by the
	// clock.
	push, schedule bool
}

// pushEvents are triggers that look at changed code.
var pushEvents = []string{"push", "pull_request", "pull_request_target", "merge_group"}

// scans lists the security scans that workflows run by themselves.
func (s *workflowSet) scans(golangci bool) []scanUse {
	var out []scanUse
	for _, w := range s.all {
		if w.action {
			continue
		}
		live := map[string]bool{}
		for event, settings := range w.events {
			tagsOnly := event == "push" && valueOf(settings, "tags") != nil && valueOf(settings, "branches") == nil && valueOf(settings, "branches-ignore") == nil
			if (slices.Contains(pushEvents, event) || event == "schedule") && !tagsOnly {
				live[event] = true
			}
		}
		if len(live) > 0 {
			s.scansOf(w, live, golangci, called{}, &out)
		}
	}
	return out
}

// called are the workflows that were looked at for a set of events.
type called map[string]bool

// scansOf adds the scans of one workflow, started by the events, and of what it
// calls in this repository.
func (s *workflowSet) scansOf(w *workflow, events map[string]bool, golangci bool, seen called, out *[]scanUse) {
	key := w.name + " " + strings.Join(slices.Sorted(maps.Keys(events)), " ")
	if seen[key] {
		return
	}
	seen[key] = true
	for _, j := range w.jobs {
		mine := admitted(events, j.condition)
		if len(mine) == 0 || scalar(j.lenient) == "true" {
			continue
		}
		if a, ok := parseUses(j.uses); ok {
			if callee := s.local(a); callee != nil {
				s.scansOf(callee, mine, golangci, seen, out)
			}
		}
		for _, st := range j.steps {
			now := admitted(mine, st.condition)
			if len(now) == 0 || scalar(st.lenient) == "true" {
				continue
			}
			use := func(kind scanKind, what string, n *yaml.Node) {
				push := slices.ContainsFunc(pushEvents, func(e string) bool { return now[e] })
				*out = append(*out, scanUse{kind, what, w.place(n, j), push, now["schedule"]})
			}
			if a, ok := parseUses(st.uses); ok {
				if callee := s.local(a); callee != nil {
					s.scansOf(callee, now, golangci, seen, out)
				}
				for kind := range scanKinds {
					if a.scans(kind, st, golangci) {
						use(kind, a.name(), st.uses)
					}
				}
			}
			if st.run != nil && st.run.Kind == yaml.ScalarNode {
				script, _ := maskExprs(st.run.Value)
				for _, c := range commands(script) {
					name, _ := c.name()
					for _, kind := range c.scansOf() {
						use(kind, name, st.run)
					}
					if golangci && name == "golangci-lint" && !c.or && slices.Contains(c.words, "run") {
						use(staticScan, "golangci-lint with gosec", st.run)
					}
				}
			}
		}
	}
}

// scans reports whether an action makes a scan of a kind.
func (a actionRef) scans(kind scanKind, st *step, golangci bool) bool {
	if kind == staticScan && golangci && a.name() == "golangci/golangci-lint-action" {
		return true
	}
	if kind == dependencyScan && a.name() == "snyk/actions/code" {
		return false
	}
	// Trivy's action scans configuration files alone when it is told so.
	if a.name() == "aquasecurity/trivy-action" && scalar(lookup(st.with, "scan-type")) == "config" {
		return false
	}
	return slices.ContainsFunc(scanActions[kind], func(prefix string) bool {
		return a.name() == prefix || strings.HasPrefix(a.name(), prefix+"/") || strings.HasSuffix(prefix, "/") && strings.HasPrefix(a.name(), prefix) || strings.HasSuffix(prefix, "-") && strings.HasPrefix(a.name(), prefix)
	})
}

// admitted returns the events for which a condition may hold.
func admitted(events map[string]bool, n *yaml.Node) map[string]bool {
	e := condition(scalar(n))
	if e == nil {
		return events
	}
	out := map[string]bool{}
	for event := range events {
		if e.when(during(event)) != no {
			out[event] = true
		}
	}
	return out
}

// golangciRunsGosec reports whether the configuration of golangci-lint turns its
// gosec linter on.
func golangciRunsGosec(data []byte) bool {
	f, err := readYAML(".golangci.yml", data)
	if err != nil || len(f.roots) != 1 {
		return false
	}
	linters := valueOf(f.roots[0], "linters")
	has := func(key string) bool {
		return slices.ContainsFunc(items(valueOf(linters, key)), func(n *yaml.Node) bool { return scalar(n) == "gosec" })
	}
	all := scalar(valueOf(linters, "enable-all")) == "true" || scalar(valueOf(linters, "default")) == "all"
	return (has("enable") || all) && !has("disable")
}

// golangciNames are the configuration files it reads in YAML.
var golangciNames = []string{".golangci.yml", ".golangci.yaml"}

// scanProof says whether the workflows run every kind of scan on changes and by
// the clock.
func scanProof(uses []scanUse, g *rules.Gathered, opts Options) {
	var texts, missing []string
	link := ""
	for kind := range scanKinds {
		var push, schedule []scanUse
		for _, u := range uses {
			if u.kind != kind {
				continue
			}
			if u.push {
				push = append(push, u)
			}
			if u.schedule {
				schedule = append(schedule, u)
			}
		}
		// A scan of the running app needs a deployment: by the clock is enough.
		needsPush := kind != dynamicScan
		switch {
		case len(push) == 0 && len(schedule) == 0:
			missing = append(missing, "no "+scanWords[kind])
		case needsPush && len(push) == 0:
			missing = append(missing, scanWords[kind]+" runs on a schedule only")
		case needsPush && len(schedule) == 0:
			missing = append(missing, scanWords[kind]+" runs on changes only, not on a schedule")
		}
		for _, u := range append(push, schedule...)[:min(1, len(push)+len(schedule))] {
			texts = append(texts, fmt.Sprintf("%s by %s (%s)", scanWords[kind], quote(u.what), printable(u.where.Path)))
			if link == "" {
				link = printable(u.where.Path)
			}
		}
	}
	if len(missing) == 0 {
		g.Observations = append(g.Observations, rules.Observation{Verifier: workflowsVerifier, Control: "ci-security-gates", Letter: "M", At: opts.Now.UTC(), Link: link,
			Text: "workflows run " + strings.Join(texts, ", ") + " on changes and on a schedule"})
		return
	}
	g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: workflowsVerifier, Control: "ci-security-gates",
		Text: "The workflows do not run every kind of security scan by themselves: " + strings.Join(missing, "; ") + ". Steps that may fail (continue-on-error, `|| true`) do not count.",
		In:   ".github/workflows/security.yml", Snippet: securityWorkflow})
}

// securityWorkflow is a workflow that satisfies the control, but for the
// commits, which the reader has to look up.
const securityWorkflow = `on:
  push: {branches: [main]}
  pull_request:
  schedule:
    - cron: "17 4 * * *"
permissions:
  contents: read
jobs:
  code-and-dependencies:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@<full commit>
      - uses: actions/setup-go@<full commit>
      - run: go run github.com/staylisted/staylisted/cmd/staylisted@latest scan # static analysis and dependencies
  running-app:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: zaproxy/action-baseline@<full commit>
        with: {target: "https://staging.example.com"}
`

package reports

import (
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// controlsByCWE reads off the catalogue which controls an analysis of another
// tool may speak to.
func controlsByCWE(c *rules.Catalogue) map[int][]string {
	out := map[int][]string{}
	if c == nil {
		return out
	}
	for _, k := range c.Controls {
		if k.ID == "sast-run" {
			continue // it asks that an analysis ran; what it found speaks to other controls
		}
		for _, v := range k.Verifiers {
			if v.ID != SARIF {
				continue
			}
			for _, id := range v.CWE {
				if !slices.Contains(out[id], k.ID) {
					out[id] = append(out[id], k.ID)
				}
			}
		}
	}
	return out
}

// controlsFor returns the controls of some weaknesses, in the catalogue's order
// of the first weakness that has any.
func (r *reader) controlsFor(cwe []int) []string {
	var out []string
	for _, id := range cwe {
		for _, control := range r.controls[id] {
			if !slices.Contains(out, control) {
				out = append(out, control)
			}
		}
	}
	return out
}

// A tool is what is known of another tool by its name.
type tool struct {
	name string // begins so, lower case
	// languages its results and its silence are about; nil leaves it to the rules.
	languages []string
	// control takes results without a CWE.
	control string
	// secrets marks tools whose every result is a secret.
	secrets bool
	// ours marks tools whose rules run in this scan anyway.
	ours bool
	// label says to believe the severity word, not the number: Trivy's writer
	// makes numbers up from words.
	label bool
}

// tools is kept in alphabetical order; add a line for a tool that names no CWE.
var tools = []tool{
	{name: "bandit", languages: []string{"Python"}},
	{name: "brakeman", languages: []string{"Ruby"}},
	{name: "checkov"},
	{name: "detect-secrets", secrets: true},
	{name: "dockle", control: "secure-coding-baseline"},
	{name: "eslint", languages: []string{"JavaScript", "TypeScript"}},
	{name: "ggshield", secrets: true},
	{name: "gitleaks", secrets: true},
	{name: "golang security checks by gosec", ours: true},
	{name: "gosec", ours: true},
	{name: "govulncheck", ours: true},
	{name: "hadolint", control: "secure-coding-baseline"},
	{name: "mobsfscan", languages: []string{"Java", "Kotlin", "Swift"}},
	{name: "njsscan", languages: []string{"JavaScript", "TypeScript"}},
	{name: "phpcs-security-audit", languages: []string{"PHP"}},
	{name: "psalm", languages: []string{"PHP"}},
	{name: "spotbugs", languages: []string{"Java", "Kotlin", "Scala", "Groovy"}},
	{name: "staylisted", ours: true},
	{name: "trivy", label: true},
	{name: "trufflehog", secrets: true},
	{name: "zizmor", control: "repo-hardening"},
}

// toolOf returns what is known of a tool.
func toolOf(name string) tool {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, t := range tools {
		if strings.HasPrefix(name, t.name) {
			return t
		}
	}
	return tool{name: name}
}

// ruleControls maps rules that name no CWE, by the beginning of their id.
var ruleControls = []struct{ prefix, control string }{
	// Checkov: https://www.checkov.io/5.Policy%20Index/terraform.html
	{"CKV_AWS_3", "encryption-at-rest"}, // EBS volume
	{"CKV_AWS_7", "key-management"},     // KMS rotation
	{"CKV_AWS_16", "encryption-at-rest"},
	{"CKV_AWS_17", "endpoint-auth"},
	{"CKV_AWS_19", "encryption-at-rest"},
	{"CKV_AWS_2", "tls-1.2-or-higher"},
	{"CKV_AWS_103", "tls-1.2-or-higher"},
	{"CKV_GCP_43", "key-management"},
	{"CKV_GCP_6", "tls-1.2-or-higher"},
	{"CKV_AZURE_3", "tls-1.2-or-higher"},
	// Trivy's misconfigurations: https://avd.aquasec.com/misconfig/
	{"AVD-AWS-0080", "encryption-at-rest"}, // RDS
	{"AVD-AWS-0088", "encryption-at-rest"}, // S3
	{"AVD-AWS-0065", "key-management"},     // KMS rotation
	{"AVD-AWS-0047", "tls-1.2-or-higher"},  // load balancer policy
	{"AVD-DS-", "secure-coding-baseline"},
}

func controlOfRule(id string) string {
	for _, m := range ruleControls {
		if id == m.prefix || strings.HasSuffix(m.prefix, "-") && strings.HasPrefix(id, m.prefix) {
			return m.control
		}
	}
	return ""
}

// advisoryShape recognises rules that are advisories about a package.
var advisoryShape = regexp.MustCompile(`^(CVE-[0-9]{4}-[0-9]{4,}|GHSA(-[0-9a-z]{4}){3}|GO-[0-9]{4}-[0-9]{4,}|PYSEC-[0-9]{4}-[0-9]+|RUSTSEC-[0-9]{4}-[0-9]{4}|MAL-[0-9]{4}-[0-9]+)`)

// queryLanguages are the languages behind the first part of a CodeQL query's id
// (https://codeql.github.com/codeql-query-help/).
var queryLanguages = map[string][]string{
	"js": {"JavaScript", "TypeScript"}, "py": {"Python"}, "java": {"Java", "Kotlin"}, "kotlin": {"Kotlin"}, "cs": {"C#"},
	"rb": {"Ruby"}, "cpp": {"C", "C++"}, "swift": {"Swift"}, "rust": {"Rust"},
}

// pathLanguages are the languages that Semgrep's rule ids name
// (https://github.com/semgrep/semgrep-rules, folders).
var pathLanguages = map[string][]string{
	"javascript": {"JavaScript"}, "typescript": {"TypeScript", "JavaScript"}, "python": {"Python"}, "java": {"Java"}, "kotlin": {"Kotlin"},
	"ruby": {"Ruby"}, "php": {"PHP"}, "csharp": {"C#"}, "c": {"C"}, "rust": {"Rust"}, "scala": {"Scala"}, "swift": {"Swift"}, "elixir": {"Elixir"},
	"clojure": {"Clojure"}, "problem-based-packs": nil,
}

// languagesOf returns the languages a rule reads.
func languagesOf(t tool, rule string) []string {
	if t.languages != nil {
		return t.languages
	}
	if first, _, found := strings.Cut(rule, "/"); found && strings.HasPrefix(t.name, "codeql") {
		return queryLanguages[first]
	}
	if strings.HasPrefix(t.name, "semgrep") || strings.HasPrefix(t.name, "opengrep") {
		for part := range strings.SplitSeq(rule, ".") {
			if languages, found := pathLanguages[part]; found {
				return languages
			}
		}
	}
	return nil
}

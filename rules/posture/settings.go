package posture

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Version is the version of the recorded form. It changes when a key changes its
// meaning or goes away.
const Version = 1

// A State says what became of asking for one row. The zero value means that
// nobody asked.
type State string

const (
	NotAsked    State = ""
	Answered    State = "answered"           // Value holds what GitHub said
	Denied      State = "permission-missing" // the token may not see it; Permission names what it lacks
	Unavailable State = "not-available"      // the repository cannot have it without another plan or product
	Failed      State = "failed"             // no usable answer: an error, a limit, a list that was cut
)

// Asked is how asking for a row ended.
type Asked struct {
	State      State  `json:"state"`
	Permission string `json:"permission,omitempty"` // "administration: read"; set when State is Denied
	Reason     string `json:"reason,omitempty"`     // one sentence when State is not Answered
}

// An Answer is one row: how asking ended, and the value when GitHub answered.
type Answer[T any] struct {
	Asked
	Value T `json:"value,omitzero"`
}

// MarshalJSON writes the value of every answer, false and none as well, so that a
// person who reads the recorded form need not guess.
func (a Answer[T]) MarshalJSON() ([]byte, error) {
	out := struct {
		Asked
		Value *T `json:"value,omitempty"`
	}{Asked: a.Asked}
	if a.State == Answered || a.partial() {
		out.Value = &a.Value
	}
	return json.Marshal(out)
}

// partial reports whether something was seen before asking failed.
func (a Answer[T]) partial() bool {
	v := reflect.ValueOf(a.Value)
	return a.State == Failed && !v.IsZero() && (v.Kind() != reflect.Slice || v.Len() > 0)
}

// known returns the value if GitHub answered, and else none.
func (a Answer[T]) known() (value T, answered bool) {
	if a.State != Answered {
		return value, false
	}
	return a.Value, true
}

// Settings are what GitHub answered about one repository at one time. They
// survive JSON: a recorded answer can be judged again.
type Settings struct {
	Version    int       `json:"version"`
	Repository string    `json:"repository"` // "owner/name"
	ReadAt     time.Time `json:"read_at"`
	// Web is where people see the repository, "https://github.com/owner/name"; empty
	// for a server without TLS.
	Web string `json:"web,omitempty"`
	// PolicyPath is the policy file that was asked about; empty without one.
	PolicyPath string `json:"policy_path,omitempty"`
	// Contacts are the handles of People that the policy names as contacts.
	Contacts []string `json:"contacts,omitempty"`

	About         Answer[About]            `json:"about,omitzero"`
	Branch        Answer[Branch]           `json:"branch,omitzero"`
	Rules         Answer[[]BranchRule]     `json:"rules,omitzero"`
	Bypass        Answer[[]Bypass]         `json:"bypass,omitzero"`
	Protection    Answer[Protection]       `json:"protection,omitzero"`
	Maintainers   Answer[int]              `json:"maintainers,omitzero"` // people who can push; 2 stands for more as well
	Reviews       Answer[[]Pull]           `json:"reviews,omitzero"`
	Files         Answer[Files]            `json:"files,omitzero"`
	Codeowners    Answer[Codeowners]       `json:"codeowners,omitzero"`
	Community     Answer[Community]        `json:"community,omitzero"`
	WorkflowToken Answer[WorkflowToken]    `json:"workflow_token,omitzero"`
	Actions       Answer[Actions]          `json:"actions,omitzero"`
	Organization  Answer[Organization]     `json:"organization,omitzero"`
	Reporting     Answer[bool]             `json:"private_reporting,omitzero"` // private vulnerability reporting is on
	Advisories    Answer[[]Advisory]       `json:"advisories,omitzero"`        // in triage or draft
	SecretAlerts  Answer[[]SecretAlert]    `json:"secret_alerts,omitzero"`     // open ones
	Dependabot    Answer[bool]             `json:"dependabot,omitzero"`        // Dependabot alerts are on
	SecurityFixes Answer[bool]             `json:"security_fixes,omitzero"`    // Dependabot opens pull requests for them
	DepAlerts     Answer[[]DepAlert]       `json:"dependabot_alerts,omitzero"` // open ones
	Analyses      Answer[[]Analysis]       `json:"code_scanning,omitzero"`     // newest of each tool on the default branch
	DefaultSetup  Answer[bool]             `json:"default_setup,omitzero"`     // code scanning's default setup is configured
	CodeAlerts    Answer[[]CodeAlert]      `json:"code_alerts,omitzero"`       // open ones on the default branch
	Graph         Answer[int]              `json:"dependency_graph,omitzero"`  // packages in GitHub's SBOM
	Release       Answer[Release]          `json:"release,omitzero"`
	Immutable     Answer[bool]             `json:"immutable_releases,omitzero"`
	PeopleAsked   Asked                    `json:"people_asked,omitzero"`
	People        map[string]rules.Ternary `json:"people,omitempty"`        // by handle as given ("@login", "@org/team"): can read the repository
	PolicyHistory Answer[int]              `json:"policy_history,omitzero"` // commits of the policy file that were looked at
	// PolicyCommits are the commits that changed the policy file, by hash.
	PolicyCommits map[string]Commit `json:"policy_commits,omitempty"`
}

// About is the repository itself.
type About struct {
	Private       bool   `json:"private"`
	OwnerType     string `json:"owner_type"` // "Organization" or "User"
	DefaultBranch string `json:"default_branch"`
	Archived      bool   `json:"archived,omitempty"`
	// Security is nil when GitHub left it out, which it does for tokens without
	// administration: read.
	Security *Security `json:"security,omitempty"`
}

// Security is the repository's security_and_analysis: "enabled", "disabled" or
// empty where GitHub does not list the product.
type Security struct {
	SecretScanning string `json:"secret_scanning,omitempty"`
	PushProtection string `json:"push_protection,omitempty"`
	CodeSecurity   string `json:"code_security,omitempty"` // or, before 2026, Advanced Security
}

// A Branch is the head of the default branch.
type Branch struct {
	Head      string `json:"head"`
	Protected bool   `json:"protected"` // by a classic protection or a rule
}

// A BranchRule is one active rule for the default branch that bears on review or
// required checks.
type BranchRule struct {
	Type         string   `json:"type"` // "pull_request", "required_status_checks"
	Ruleset      int64    `json:"ruleset,omitempty"`
	Approvals    int      `json:"approvals,omitempty"`
	DismissStale bool     `json:"dismiss_stale,omitempty"`
	CodeOwners   bool     `json:"code_owners,omitempty"`
	LastPush     bool     `json:"last_push,omitempty"` // the last pusher's approval does not count
	Checks       []string `json:"checks,omitempty"`
}

// A Bypass is somebody a ruleset does not hold.
type Bypass struct {
	Ruleset int64  `json:"ruleset"`
	Type    string `json:"type"` // "Integration", "DeployKey", "OrganizationAdmin", "RepositoryRole", "Team", "User"
	Mode    string `json:"mode"` // "always", "pull_request", "exempt"
}

// Protection is the classic protection of the default branch. Off means that
// GitHub said there is none.
type Protection struct {
	Off          bool     `json:"off,omitempty"`
	Pull         bool     `json:"pull,omitempty"` // pull requests with review are required
	Approvals    int      `json:"approvals,omitempty"`
	DismissStale bool     `json:"dismiss_stale,omitempty"`
	CodeOwners   bool     `json:"code_owners,omitempty"`
	LastPush     bool     `json:"last_push,omitempty"`
	AdminsToo    bool     `json:"admins_too,omitempty"`
	BypassApps   []string `json:"bypass_apps,omitempty"`
	Checks       []string `json:"checks,omitempty"`
}

// merged lists the pull requests that were looked at, all of them or those before
// asking failed.
func (s *Settings) merged() []Pull {
	if s.Reviews.State != Answered && s.Reviews.State != Failed {
		return nil
	}
	return s.Reviews.Value
}

// A Pull is a merged pull request and who approved it before the merge.
type Pull struct {
	Number    int       `json:"number"`
	Author    string    `json:"author"`
	MergedAt  time.Time `json:"merged_at"`
	Approvers []string  `json:"approvers,omitempty"` // people other than the author, by login
}

// Files are what the root, .github and docs folders of the default branch hold.
type Files struct {
	SecurityPolicy string `json:"security_policy,omitempty"` // path
	Contact        bool   `json:"contact,omitempty"`         // it names an address or page to report to
	Codeowners     string `json:"codeowners,omitempty"`      // path of the one GitHub uses
	Renovate       string `json:"renovate,omitempty"`
	Dependabot     string `json:"dependabot,omitempty"`
}

// Codeowners is the state of the CODEOWNERS file. A path is empty without one.
type Codeowners struct {
	Path      string            `json:"path,omitempty"`
	Errors    []CodeownersError `json:"errors,omitempty"`
	Uncovered []string          `json:"uncovered,omitempty"` // asked-about paths without an owner
	Covered   []string          `json:"covered,omitempty"`   // those with one
}

// A CodeownersError is what GitHub found wrong in the file.
type CodeownersError struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Kind string `json:"kind"` // "Unknown owner"
}

// Community is the community profile.
type Community struct {
	Licence string `json:"licence,omitempty"` // SPDX id
}

// WorkflowToken is what workflows get by default.
type WorkflowToken struct {
	Default    string `json:"default"` // "read" or "write"
	CanApprove bool   `json:"can_approve"`
}

// Actions is whether workflows run at all.
type Actions struct {
	Enabled    bool   `json:"enabled"`
	Allowed    string `json:"allowed,omitempty"` // "all", "local_only", "selected"
	SHAPinning bool   `json:"sha_pinning,omitempty"`
}

// Organization is the owner, if it is one.
type Organization struct {
	TwoFactor rules.Ternary `json:"two_factor"` // undecided: GitHub left it out
}

// An Advisory is a private advisory that is not published or closed. Its text
// stays on GitHub.
type Advisory struct {
	ID       string    `json:"id"`    // GHSA id
	State    string    `json:"state"` // "triage" or "draft"
	Created  time.Time `json:"created"`
	Severity string    `json:"severity,omitempty"`
	Vectors  []string  `json:"vectors,omitempty"`
	CWE      []int     `json:"cwe,omitempty"`
}

// A SecretAlert is an open secret-scanning alert, without the secret.
type SecretAlert struct {
	Number  int       `json:"number"`
	Type    string    `json:"type"` // "github_personal_access_token"
	Created time.Time `json:"created"`
	Path    string    `json:"path,omitempty"` // where it was first seen; empty outside files
	Line    int       `json:"line,omitempty"`
}

// A DepAlert is an open Dependabot alert.
type DepAlert struct {
	Number    int       `json:"number"`
	IDs       []string  `json:"ids"`       // GHSA and CVE, sorted
	Ecosystem string    `json:"ecosystem"` // as OSV names it, "Go"
	Package   string    `json:"package"`
	Manifest  string    `json:"manifest,omitempty"`
	Scope     string    `json:"scope,omitempty"` // "runtime" or "development"
	Fixed     string    `json:"fixed,omitempty"`
	Created   time.Time `json:"created"`
	Published time.Time `json:"published,omitzero"`
	Severity  string    `json:"severity,omitempty"`
	Vectors   []string  `json:"vectors,omitempty"`
	CWE       []int     `json:"cwe,omitempty"`
}

// A CodeAlert is an open code-scanning alert.
type CodeAlert struct {
	Number   int       `json:"number"`
	Tool     string    `json:"tool"`
	Rule     string    `json:"rule"`
	Severity string    `json:"severity,omitempty"` // security severity level; empty for what is no security rule
	Created  time.Time `json:"created"`
	Path     string    `json:"path,omitempty"`
	Line     int       `json:"line,omitempty"`
	CWE      []int     `json:"cwe,omitempty"`
}

// An Analysis is the newest analysis of one tool and category.
type Analysis struct {
	Tool     string    `json:"tool"`
	Category string    `json:"category,omitempty"`
	Commit   string    `json:"commit"`
	Created  time.Time `json:"created"`
	Rules    int       `json:"rules"`
	Error    string    `json:"error,omitempty"`
}

// A Release is the latest release; without one the tag is empty.
type Release struct {
	Tag    string `json:"tag,omitempty"`
	Assets int    `json:"assets"`
}

// A Commit is what GitHub knows of one commit that changed the policy file.
type Commit struct {
	Author   string        `json:"author"`   // login; empty when not known
	Verified rules.Ternary `json:"verified"` // the signature, as GitHub verified it
	// PullRequest is the merged pull request it arrived by; 0 for none.
	PullRequest int `json:"pull_request,omitempty"`
	// Approvers approved that pull request before it was merged and wrote neither
	// it nor the commit.
	Approvers []string `json:"approvers,omitempty"`
	// OwnerApproved is true when one of them is a code owner of the policy file by
	// the CODEOWNERS file of the commit the pull request was merged into.
	OwnerApproved rules.Ternary `json:"owner_approved"`
}

// A row is one answer with the name it is recorded under.
type row struct {
	name string
	*Asked
}

// rows lists every answer, in the order of the recorded form.
func (s *Settings) rows() []row {
	return []row{
		{"about", &s.About.Asked}, {"branch", &s.Branch.Asked}, {"rules", &s.Rules.Asked}, {"bypass", &s.Bypass.Asked},
		{"protection", &s.Protection.Asked}, {"maintainers", &s.Maintainers.Asked}, {"reviews", &s.Reviews.Asked},
		{"files", &s.Files.Asked}, {"codeowners", &s.Codeowners.Asked}, {"community", &s.Community.Asked},
		{"workflow_token", &s.WorkflowToken.Asked}, {"actions", &s.Actions.Asked}, {"organization", &s.Organization.Asked},
		{"private_reporting", &s.Reporting.Asked}, {"advisories", &s.Advisories.Asked}, {"secret_alerts", &s.SecretAlerts.Asked},
		{"dependabot", &s.Dependabot.Asked}, {"security_fixes", &s.SecurityFixes.Asked}, {"dependabot_alerts", &s.DepAlerts.Asked},
		{"code_scanning", &s.Analyses.Asked}, {"default_setup", &s.DefaultSetup.Asked}, {"code_alerts", &s.CodeAlerts.Asked},
		{"dependency_graph", &s.Graph.Asked}, {"release", &s.Release.Asked}, {"immutable_releases", &s.Immutable.Asked},
		{"people_asked", &s.PeopleAsked}, {"policy_history", &s.PolicyHistory.Asked},
	}
}

// A Problem is a row that GitHub did not answer.
type Problem struct {
	Row string // "protection"
	Asked
}

// Problems lists the rows that GitHub was asked for and did not answer, in the
// order of the recorded form. What is not available is no problem.
func (s *Settings) Problems() []Problem {
	var out []Problem
	for _, r := range s.rows() {
		if r.State == Denied || r.State == Failed {
			out = append(out, Problem{r.name, *r.Asked})
		}
	}
	return out
}

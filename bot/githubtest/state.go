package githubtest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A State is all that a GitHub holds.
type State struct {
	Repositories  map[string]*Repository   // by "owner/name"
	Organizations map[string]*Organization // by login
	Users         map[string]*User         // by login
	Token         Token
}

// A Token is what the requests' token may do.
type Token struct {
	// Missing names the permissions the token lacks, as in "administration". None
	// missing is a token that may read everything.
	Missing []string
	// ReadOnly is a token that may write nothing, as runs for pull requests from
	// forks and by Dependabot get.
	ReadOnly bool
}

// A User is an account.
type User struct {
	Login string
	Type  string // "User" (when empty), "Bot"
}

// An Organization owns repositories and teams.
type Organization struct {
	Login     string
	TwoFactor *bool // nil: left out, as for tokens that may not see it
	Teams     map[string]*Team
}

// A Team is some people of an organisation.
type Team struct {
	Slug    string
	Members []string
	Repos   []string // "owner/name" of those it can read
}

// A Repository is one repository with everything in it.
type Repository struct {
	Owner, Name   string
	Private       bool
	Archived      bool
	DefaultBranch string
	// Security is security_and_analysis, as in "secret_scanning": "enabled"; nil
	// leaves it out, as for tokens that may not see it.
	Security      map[string]string
	Collaborators map[string]string // login to "admin", "write", "read"

	Branches    map[string]*Branch
	Rulesets    []*Ruleset
	Protections map[string]obj // classic, by branch, in GitHub's form
	Pulls       []*Pull
	Commits     []*Commit
	// Files are the contents by path at the default branch; FilesAt those at other
	// commits, by hash.
	Files   map[string]string
	FilesAt map[string]map[string]string

	CodeownersErrors []obj // in GitHub's form
	Licence          string
	Releases         []*Release
	Immutable        bool
	Packages         int // in the dependency graph

	WorkflowPermissions string // "read", "write"
	WorkflowsApprove    bool
	ActionsOff          bool

	PrivateReporting bool
	DependabotOff    bool
	SecurityFixes    bool
	DefaultSetup     bool

	SecretAlerts  []*SecretAlert
	DepAlerts     []*DepAlert
	CodeAlerts    []*CodeAlert
	Analyses      []*Analysis
	Scanning      CodeScanning
	NeverAnalysed bool // code scanning was never used
	Advisories    []*Advisory
}

// newState returns an empty GitHub.
func newState() *State {
	return &State{Repositories: map[string]*Repository{}, Organizations: map[string]*Organization{}, Users: map[string]*User{}}
}

// Add adds a repository and, as users, everybody who works on it. An owner that
// is no organisation becomes a user.
func (s *State) Add(r *Repository) *Repository {
	s.Repositories[strings.ToLower(r.Owner+"/"+r.Name)] = r
	if s.Organizations[r.Owner] == nil {
		s.user(r.Owner)
	}
	for login := range r.Collaborators {
		s.user(login)
	}
	return r
}

// Person adds users of type User.
func (s *State) Person(logins ...string) {
	for _, login := range logins {
		s.user(login)
	}
}

func (s *State) user(login string) *User {
	u := s.Users[login]
	if u == nil {
		u = &User{Login: login}
		if strings.HasSuffix(login, "[bot]") {
			u.Type = "Bot"
		}
		s.Users[login] = u
	}
	return u
}

// account writes a user or organisation; nobody is null.
func (s *State) account(login string) any {
	switch {
	case login == "":
		return nil
	case s.Organizations[login] != nil:
		return obj{"login": login, "id": number(login), "type": "Organization"}
	}
	u := s.user(login)
	kind := u.Type
	if kind == "" {
		kind = "User"
	}
	return obj{"login": login, "id": number(login), "type": kind}
}

// number gives a name a number of its own.
func number(name string) int {
	n := 17
	for _, c := range []byte(name) {
		n = (n*31 + int(c)) % 1_000_000_007
	}
	return n
}

// A handler answers a route. It runs alone: the server holds its lock.
type handler func(*State, *call) reply

// handlers joins the areas.
func handlers() map[string]handler {
	all := map[string]handler{}
	for _, area := range []map[string]handler{
		repositoryHandlers(), branchHandlers(), pullHandlers(), contentHandlers(), peopleHandlers(), securityHandlers(), codeScanningHandlers(), releaseHandlers(),
	} {
		maps.Copy(all, area)
	}
	return all
}

// inRepository makes a handler of one that needs the repository.
func inRepository(h func(*State, *Repository, *call) reply) handler {
	return func(s *State, c *call) reply {
		r := s.Repositories[strings.ToLower(c.params["owner"]+"/"+c.params["repo"])]
		if r == nil {
			return notFound()
		}
		return h(s, r, c)
	}
}

// permissions names what a route needs, as GitHub's documentation of app
// permissions has it; what is not listed needs metadata alone.
var permissions = map[string]string{
	"GET /repos/{owner}/{repo}/branches/{branch}":                   "contents",
	"GET /repos/{owner}/{repo}/branches/{branch}/protection":        "administration",
	"GET /repos/{owner}/{repo}/actions/permissions":                 "administration",
	"GET /repos/{owner}/{repo}/actions/permissions/workflow":        "administration",
	"GET /repos/{owner}/{repo}/automated-security-fixes":            "administration",
	"GET /repos/{owner}/{repo}/vulnerability-alerts":                "administration",
	"GET /repos/{owner}/{repo}/code-scanning/default-setup":         "administration",
	"GET /repos/{owner}/{repo}/immutable-releases":                  "administration",
	"GET /repos/{owner}/{repo}/pulls":                               "pull_requests",
	"GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews":         "pull_requests",
	"GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls":          "pull_requests",
	"GET /repos/{owner}/{repo}/contents/{path}":                     "contents",
	"GET /repos/{owner}/{repo}/codeowners/errors":                   "contents",
	"GET /repos/{owner}/{repo}/commits":                             "contents",
	"GET /repos/{owner}/{repo}/community/profile":                   "contents",
	"GET /repos/{owner}/{repo}/releases":                            "contents",
	"GET /repos/{owner}/{repo}/dependency-graph/sbom":               "contents",
	"GET /repos/{owner}/{repo}/code-scanning/alerts":                "security_events",
	"GET /repos/{owner}/{repo}/code-scanning/analyses":              "security_events",
	"POST /repos/{owner}/{repo}/code-scanning/sarifs":               "security_events",
	"GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}":     "security_events",
	"GET /repos/{owner}/{repo}/secret-scanning/alerts":              "secret_scanning_alerts",
	"GET /repos/{owner}/{repo}/dependabot/alerts":                   "vulnerability_alerts",
	"GET /repos/{owner}/{repo}/private-vulnerability-reporting":     "repository_advisories",
	"GET /repos/{owner}/{repo}/security-advisories":                 "repository_advisories",
	"GET /orgs/{org}/teams/{team_slug}":                             "members",
	"GET /orgs/{org}/teams/{team_slug}/members":                     "members",
	"GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}":        "members",
	"GET /repos/{owner}/{repo}/collaborators":                       "collaborators",
	"GET /repos/{owner}/{repo}/collaborators/{username}/permission": "collaborators",
}

// allowed returns the refusal of a route for which the token has no permission,
// or nil.
func (s *State) allowed(route string) *reply {
	if need := permissions[route]; need != "" && s.lacks(need) || s.Token.ReadOnly && !strings.HasPrefix(route, "GET ") {
		r := refuse(http.StatusForbidden, "Resource not accessible by integration")
		return &r
	}
	return nil
}

func (s *State) lacks(permission string) bool {
	return slices.Contains(s.Token.Missing, permission)
}

// paged answers with one page of a list: by number where the route has pages, by
// cursor else, and with the link to the next.
func paged[T any](c *call, list []T) reply {
	size, err := strconv.Atoi(c.query.Get("per_page"))
	if err != nil || size < 1 || size > 100 {
		size = 30
	}
	from, next := 0, ""
	query := c.query
	if c.route.queries["page"] {
		page, err := strconv.Atoi(query.Get("page"))
		if err != nil || page < 1 {
			page = 1
		}
		from = (page - 1) * size
		query.Set("page", strconv.Itoa(page+1))
	} else {
		from, _ = strconv.Atoi(query.Get("after"))
		query.Set("after", strconv.Itoa(from+size))
	}
	from = max(0, min(from, len(list)))
	to := min(from+size, len(list))
	if to < len(list) {
		next = "<" + c.base + c.path() + "?" + query.Encode() + `>; rel="next"`
	}
	page := make([]T, 0, to-from)
	r := ok(append(page, list[from:to]...))
	if next != "" {
		r.header = http.Header{"Link": {next}}
	}
	return r
}

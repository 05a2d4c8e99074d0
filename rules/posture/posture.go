// Package posture says what a repository's settings on GitHub say.
package posture

import (
	"context"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
)

// Settings are what GitHub answered about one repository at one time. They
// survive JSON: a recorded answer can be judged again.
type Settings struct {
	Repository string    `json:"repository"` // "owner/name"
	ReadAt     time.Time `json:"read_at"`
	// People tells by login or "org/team" whether they can read the repository.
	People map[string]rules.Ternary `json:"people,omitempty"`
	// PolicyCommits are the commits that changed the policy file, by hash.
	PolicyCommits map[string]Commit `json:"policy_commits,omitempty"`
}

// A Commit is what GitHub knows of one commit that changed the policy file.
type Commit struct {
	Author   string        `json:"author"`   // login; empty when not known
	Verified rules.Ternary `json:"verified"` // the signature, as GitHub verified it
	// PullRequest is the merged pull request it arrived by; 0 for none.
	PullRequest int `json:"pull_request,omitempty"`
	// Approvers approved that pull request and are not its author.
	Approvers []string `json:"approvers,omitempty"`
	// OwnerApproved is true when one of them is a code owner of the policy file.
	OwnerApproved rules.Ternary `json:"owner_approved"`
}

// A Question says what to ask about beside the settings themselves.
type Question struct {
	PolicyPath string   // repository path of the policy file; empty without one
	People     []string // "@login" and "@org/team" handles of the policy
}

// Read asks GitHub for everything [Judge] weighs.
func Read(ctx context.Context, client *github.Client, repository string, q Question, now time.Time) (*Settings, error) {
	return &Settings{Repository: repository, ReadAt: now}, nil
}

// Judge turns settings into evidence; nil settings were not read, for the
// reason given.
func Judge(s *Settings, reason string, now time.Time) rules.Gathered {
	var g rules.Gathered
	return g
}

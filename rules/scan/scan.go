package scan

import (
	"context"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Options say what to scan and with what.
type Options struct {
	// Dir is the directory to scan, usually a repository's root.
	Dir string
	// Policy is the path of a policy file to use instead of the repository's
	// own; empty looks for .github/staylisted.yml.
	Policy string
	// Advisories is a path to OSV data (folder, zip or Go vulnerability
	// database). Empty downloads the published databases unless Offline is set.
	Advisories string
	// Offline forbids every network connection, the go command's included.
	Offline bool
	// CacheDir keeps results per package and downloaded advisories between
	// runs; empty disables the cache.
	CacheDir string
	// GitHubToken, when set, allows asking GitHub's advisories API for scores.
	GitHubToken string
	// Tags are extra build tags.
	Tags []string
	// Concurrency bounds parallel work; 0 means GOMAXPROCS.
	Concurrency int
	// Env is the environment of the go and git commands; nil means the process's.
	Env []string
	// Progress, when not nil, is told what happens; it is called from one
	// goroutine at a time and must return quickly.
	Progress func(Progress)
}

// Progress tells how far a scan is.
type Progress struct {
	Stage string // "list", "load", "analyse", "audit", "assess"
	Done  int    // units finished in the stage
	Total int    // units in the stage; 0 when not known yet
	Note  string // what is being worked on, already safe for a terminal
}

// A Result is what a scan found out.
type Result struct {
	Evidence rules.Evidence
	// Rules lists every rule that ran or was to run, for documentation beside
	// the findings (SARIF lists them even when they found nothing).
	Rules []rules.Rule
	// RulePack is a digest of everything that decides what the rules find.
	RulePack string
	// Notes are things a person should know that change no verdict.
	Notes []string
}

// Run scans opts.Dir and returns the evidence as of now. An error means that
// nothing can be said at all (the directory cannot be read, the policy file is
// wrong, ctx was cancelled); everything less is a gap or a failed verifier in
// the evidence. Policy errors are of type evidence.ErrorList.
func Run(ctx context.Context, cat *rules.Catalogue, opts Options, now time.Time) (*Result, error) {
	panic("being written")
}

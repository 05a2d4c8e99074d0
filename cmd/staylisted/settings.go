package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/posture"
	"github.com/staylisted/staylisted/rules/scan"
)

func settingsCommand() command {
	return command{
		name:  "settings",
		args:  "[DIR]",
		short: "record what GitHub says about a repository's settings",
		long: `Asks GitHub for everything a scan weighs of the settings of the repository checked out in DIR (the current folder by default) and prints the answers as JSON, for scan --settings FILE. They count for seven days. Nothing is changed on GitHub.

The token comes from GITHUB_TOKEN, the address of the API from GITHUB_API_URL; the token is sent to that host alone. What the token may not see is recorded as not seen, with the permission it lacks, and told on standard error.

Exit codes: 0 GitHub answered every question, or said that the repository cannot have it; 2 the command line or the policy file is wrong; 3 something was not answered.`,
		examples: [][2]string{
			{"staylisted settings > settings.json", "the repository of the current folder"},
			{"staylisted settings --repository partner/app > settings.json", "another name than the origin's"},
			{"staylisted scan --settings settings.json", "judged without asking GitHub again"},
		},
		setup: func(fs *flag.FlagSet) action {
			repository := fs.String("repository", "", "the repository's `OWNER/NAME` on GitHub; default the remote origin's")
			return func(ctx context.Context, p *process, operands []string) error {
				dir, err := folder("settings", operands)
				if err != nil {
					return err
				}
				client, err := githubClient(p)
				if err != nil {
					return err
				}
				if client == nil {
					return &usageError{text: "there is no token: set GITHUB_TOKEN to one that may read the repository"}
				}
				return printSettings(ctx, p, client, dir, *repository, time.Now())
			}
		},
	}
}

// githubClient returns a client of the GitHub that the environment names, or nil
// without a token. Its token goes to no other host.
func githubClient(p *process) (*github.Client, error) {
	token := strings.TrimSpace(p.getenv("GITHUB_TOKEN"))
	if token == "" {
		return nil, nil
	}
	client, err := posture.NewClient(cmp.Or(p.getenv("GITHUB_API_URL"), "https://api.github.com"), token, nil)
	if err != nil {
		return nil, &usageError{text: err.Error()}
	}
	return client, nil
}

// folder returns the one folder a command takes.
func folder(command string, operands []string) (string, error) {
	dir := "."
	switch len(operands) {
	case 0:
	case 1:
		dir = operands[0]
	default:
		return "", &usageError{text: fmt.Sprintf("%s takes one folder, not %d: %s", command, len(operands), clean(strings.Join(operands, " ")))}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", &usageError{text: fmt.Sprintf("there is no folder %s", clean(dir))}
	case err != nil:
		return "", fmt.Errorf("looking at %s: %w", dir, err)
	case !info.IsDir():
		return "", &usageError{text: fmt.Sprintf("%s is not a folder", clean(dir))}
	}
	return dir, nil
}

// printSettings records the settings and says what is missing in them.
func printSettings(ctx context.Context, p *process, client *github.Client, dir, repository string, now time.Time) error {
	set, err := loadRuleset()
	if err != nil {
		return err
	}
	opts := scan.Options{Dir: dir, Env: p.env, GitHub: client, Repository: repository}
	settings, err := scan.ReadSettings(ctx, set.catalogue, opts, now)
	var list evidence.ErrorList
	switch {
	case errors.As(err, &list):
		return &policyError{list}
	case err != nil:
		return err
	}
	data, err := marshalJSON(settings)
	if err != nil {
		return err
	}
	if err := p.print(string(data)); err != nil {
		return err
	}
	problems := settings.Problems()
	told := map[string]bool{}
	for _, problem := range problems {
		if !told[problem.Reason] {
			told[problem.Reason] = true
			p.warn(problem.Row + ": " + problem.Reason)
		}
	}
	if len(problems) > 0 {
		return &verdictError{exitUnverified}
	}
	return nil
}

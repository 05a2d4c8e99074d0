package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules/posture"
)

// checkout makes a folder with a policy file and an origin.
func checkout(t *testing.T, policy, origin string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".github"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".github", "staylisted.yml"), []byte(policy), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"remote", "add", "origin", origin}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	return dir
}

func TestSettingsCommand(t *testing.T) {
	const policy = "version: 1\nmarketplaces: [druva]\ncontacts:\n  security: {github: \"@partner/security\"}\n"
	server := githubtest.New(t)
	server.Update(func(s *githubtest.State) {
		r := s.Partner(time.Now())
		r.Pulls = r.Pulls[:2]
	})
	good := checkout(t, policy, "git@github.com:partner/app.git")
	env := append(os.Environ(), "GITHUB_TOKEN=token-of-the-test", "GITHUB_API_URL="+server.URL, "GITHUB_ACTIONS=")
	call := func(env []string, args ...string) (code int, stdout, stderr string) {
		t.Helper()
		var out, errs bytes.Buffer
		code = finish(&errs, run(t.Context(), env, append([]string{"settings"}, args...), nil, &out, &errs))
		if strings.Contains(out.String()+errs.String(), "token-of-the-test") {
			t.Errorf("%q prints the token", args)
		}
		return code, out.String(), errs.String()
	}

	code, stdout, stderr := call(env, good)
	settings, err := posture.Decode([]byte(stdout))
	if code != exitOK || stderr != "" || err != nil {
		t.Fatalf("exit code %d, %v\n%s", code, err, stderr)
	}
	if settings.Repository != "partner/app" || settings.PolicyPath != ".github/staylisted.yml" || settings.People["@partner/security"] != "true" || len(settings.Reviews.Value) != 2 {
		t.Errorf("%s", stdout)
	}

	server.Update(func(s *githubtest.State) { s.Token.Missing = []string{"administration", "members"} })
	code, stdout, stderr = call(env, "--repository", "partner/app", good)
	if _, err := posture.Decode([]byte(stdout)); code != exitUnverified || err != nil || !strings.Contains(stderr, "warning: workflow_token: GitHub does not show this token") || !strings.Contains(stderr, "administration: read") {
		t.Errorf("exit code %d, %v\n%s", code, err, stderr)
	}

	with := func(variable string) []string { return append(slices.Clone(env), variable) }
	without := append(os.Environ(), "GITHUB_TOKEN=", "GITHUB_API_URL=")
	for name, tt := range map[string]struct {
		env  []string
		args []string
		code int
		want string
	}{
		"no token":           {without, []string{good}, exitUsage, "set GITHUB_TOKEN"},
		"a token with lines": {with("GITHUB_TOKEN=token-of\nthe-test"), []string{good}, exitUsage, "white space"},
		"plain HTTP":         {with("GITHUB_API_URL=http://github.example.com/api/v3"), []string{good}, exitUsage, "correct GITHUB_API_URL"},
		"a password in it":   {with("GITHUB_API_URL=https://user:pw@github.example.com"), []string{good}, exitUsage, "correct GITHUB_API_URL"},
		"no folder":          {env, []string{filepath.Join(good, "none")}, exitUsage, "there is no folder"},
		"two folders":        {env, []string{good, good}, exitUsage, "takes one folder"},
		"no name":            {env, []string{checkout(t, policy, "elsewhere")}, exitUnverified, "--repository OWNER/NAME"},
		"a wrong name":       {env, []string{"--repository", "partner", good}, exitUnverified, "write OWNER/NAME"},
		"not there":          {env, []string{"--repository", "partner/none", good}, exitUnverified, "shows this token no repository"},
		"a wrong policy":     {env, []string{checkout(t, "version: 2\n", "git@github.com:partner/app.git")}, exitUsage, "policy file cannot be used"},
	} {
		code, stdout, stderr := call(tt.env, tt.args...)
		if code != tt.code || stdout != "" || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: exit code %d, want %d\n%s%s", name, code, tt.code, stdout, stderr)
		}
	}
}

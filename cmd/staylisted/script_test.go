package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"staylisted": main})
}

// TestScripts runs every script below testdata/script: command lines, their
// input files and exactly what they print. -update rewrites the expected text.
//
// Besides the commands of testscript a script has
//
//	status CODE staylisted …   run the program, expect the exit code; what it prints is
//	                           in the files out and err, without the versions of this machine
//	repo NAME DIR              copy testdata/repos/NAME
//	rename FROM TO             TO may hold Go escapes: "b\xe9d.go"
//	git DIR                    make DIR a repository with one commit
//	validreport FILE           the file is a report as docs/report.schema.json describes it
//	snapshot DIR, unchanged    nothing below DIR has changed in between
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	schema := reportSchema(t, true)
	goEnv := goEnvironment(t)
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join(root, "testdata", "script"),
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, goEnv...)
			env.Vars = append(env.Vars,
				"ADVISORIES="+filepath.Join(root, "testdata", "advisories"),
				"STAYLISTED_CACHE="+filepath.Join(env.WorkDir, ".cache"),
				"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
			)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
			"repo": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 2, "repo NAME DIR")
				ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(filepath.Join(root, "testdata", "repos", args[0]))))
			},
			"rename": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 2, "rename FROM TO")
				to, err := strconv.Unquote(`"` + args[1] + `"`)
				ts.Check(err)
				ts.Check(os.Rename(ts.MkAbs(args[0]), ts.MkAbs(to)))
			},
			"git": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 1, "git DIR")
				ts.Check(commit(ts.MkAbs(args[0])))
			},
			"validreport": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 1, "validreport FILE")
				var doc any
				ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
				ts.Check(schema.Validate(doc))
			},
			"snapshot": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 1, "snapshot DIR")
				ts.Setenv("SNAPSHOT_DIR", ts.MkAbs(args[0]))
				ts.Setenv("SNAPSHOT", fingerprint(ts, ts.MkAbs(args[0])))
			},
			"unchanged": func(ts *testscript.TestScript, neg bool, args []string) {
				usage(ts, neg, args, 0, "unchanged")
				if fingerprint(ts, ts.Getenv("SNAPSHOT_DIR")) != ts.Getenv("SNAPSHOT") {
					ts.Fatalf("something below %s has changed", ts.Getenv("SNAPSHOT_DIR"))
				}
			},
		},
	})
}

// goEnvironment is what the go command needs to work without a home.
func goEnvironment(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		t.Fatalf("asking the go command for its folders: %v", err)
	}
	vars := map[string]string{}
	if err := json.Unmarshal(out, &vars); err != nil {
		t.Fatal(err)
	}
	env := []string{"GOPROXY=off", "GOFLAGS=-buildvcs=false", "GOTOOLCHAIN=local"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOROOT"} {
		env = append(env, name+"="+vars[name])
	}
	return env
}

func usage(ts *testscript.TestScript, neg bool, args []string, n int, text string) {
	if neg || len(args) != n {
		ts.Fatalf("usage: %s", text)
	}
}

// status runs a command and compares its exit code.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE PROGRAM [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("running %s: %v", args[1], err)
	}
	work := ts.Getenv("WORK")
	for _, name := range []string{"stdout", "stderr"} {
		text := neutral(ts.ReadFile(name), work)
		ts.Check(os.WriteFile(ts.MkAbs(strings.TrimPrefix(name, "std")), []byte(text), 0o644))
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// neutral takes out what differs between machines.
func neutral(text, work string) string {
	text = strings.ReplaceAll(text, work, "$WORK")
	text = strings.ReplaceAll(text, strings.TrimPrefix(runtime.Version(), "go"), "1.X")
	text = strings.ReplaceAll(text, runtime.GOOS+"/"+runtime.GOARCH, "OS/ARCH")
	return text
}

// commit makes a folder a repository whose only commit has always the same id.
func commit(dir string) error {
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"remote", "add", "origin", "https://github.com/harbour/sync.git"},
		{"add", "--all"},
		{"commit", "--quiet", "--message=first"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_AUTHOR_DATE=2026-10-01T12:00:00Z",
			"GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_COMMITTER_DATE=2026-10-01T12:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}

// fingerprint is a digest of all names, modes and contents below a folder.
func fingerprint(ts *testscript.TestScript, dir string) string {
	h := sha256.New()
	ts.Check(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %s %s\n", path, info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			h.Write(data)
		}
		return nil
	}))
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestInterruptLeavesNothing cancels scans at many moments. Each either ends
// whole, or leaves no output, no file and a message.
func TestInterruptLeavesNothing(t *testing.T) {
	env := append(os.Environ(), "STAYLISTED_CACHE="+t.TempDir())
	whole, none := 0, 0
	for _, delay := range []time.Duration{0, 5, 20, 50, 100, 200, 400, 20000} {
		dir := t.TempDir()
		report, sarifFile := filepath.Join(dir, "report.json"), filepath.Join(dir, "out.sarif")
		ctx, cancel := context.WithCancel(t.Context())
		if delay == 0 {
			cancel()
		}
		timer := time.AfterFunc(delay*time.Millisecond, cancel)
		var stdout, stderr bytes.Buffer
		err := run(ctx, env, []string{
			"scan", "--offline", "--advisories", "../../testdata/advisories", "--now", "2026-11-21", "--no-cache",
			"--report", report, "--sarif", sarifFile, "../../testdata/repos/broken",
		}, nil, &stdout, &stderr)
		timer.Stop()
		cancel()
		code := finish(&stderr, err)
		left, readErr := os.ReadDir(dir)
		if readErr != nil {
			t.Fatal(readErr)
		}
		switch code {
		case exitFailing:
			whole++
			if len(left) != 2 || stdout.Len() == 0 {
				t.Errorf("after %v: a whole scan left %d files and %d bytes", delay, len(left), stdout.Len())
			}
		case exitUnverified:
			none++
			if len(left) != 0 || stdout.Len() != 0 || stderr.String() != "staylisted: could not verify: interrupted; nothing was written\n" {
				t.Errorf("after %v: %d files, output %q, message %q", delay, len(left), stdout.String(), stderr.String())
			}
		default:
			t.Errorf("after %v: exit code %d, %s", delay, code, stderr.String())
		}
	}
	if whole == 0 || none == 0 {
		t.Errorf("%d scans ended, %d were interrupted: the test says nothing", whole, none)
	}
}

// TestSignal sends a real interrupt to a real process in the middle of a large
// file.
func TestSignal(t *testing.T) {
	dir := t.TempDir()
	repo := filepath.Join(dir, "repo")
	if err := os.Mkdir(repo, 0o755); err != nil {
		t.Fatal(err)
	}
	var large strings.Builder
	large.WriteString("package main\n\nfunc main() {}\n")
	for i := range 40000 {
		fmt.Fprintf(&large, "func f%d(a, b int) int { return a*b + %d }\n\n", i, i)
	}
	for name, text := range map[string]string{"go.mod": "module example.com/large\n\ngo 1.26.0\n", "main.go": large.String()} {
		if err := os.WriteFile(filepath.Join(repo, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	report := filepath.Join(dir, "report.json")
	// A busy machine may need longer to start the program than we wait; then
	// the signal ends it before it could say anything.
	for wait := 300 * time.Millisecond; ; wait *= 2 {
		cmd := exec.Command("staylisted", "scan", "--offline", "--no-cache", "--report", report, repo)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait)
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		err := cmd.Wait()
		took := time.Since(start)
		var exit *exec.ExitError
		if errors.As(err, &exit) && !exit.Exited() && wait < 3*time.Second {
			continue
		}
		if exit == nil || exit.ExitCode() != exitUnverified {
			t.Fatalf("ended with %v: %s", err, stderr.String())
		}
		if got := stderr.String(); got != "staylisted: could not verify: interrupted; nothing was written\n" {
			t.Errorf("message %q", got)
		}
		if stdout.Len() > 0 {
			t.Errorf("%d bytes of output", stdout.Len())
		}
		if _, err := os.Stat(report); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the report is there: %v", err)
		}
		if took > 10*time.Second {
			t.Errorf("it took %v to stop", took)
		}
		return
	}
}

// TestSARIFOfScans holds the files of real scans against the validator of the
// format's authors.
func TestSARIFOfScans(t *testing.T) {
	tool := os.Getenv("STAYLISTED_SARIF_MULTITOOL")
	if tool == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_SARIF_MULTITOOL is not set; CI must validate what is written")
		}
		t.Skip("STAYLISTED_SARIF_MULTITOOL is not set: no validator to run")
	}
	for _, repo := range []string{"broken", "clean"} {
		for _, all := range []string{"--sarif-all=false", "--sarif-all"} {
			dir := t.TempDir()
			file := filepath.Join(dir, "scan.sarif")
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), os.Environ(), []string{
				"scan", "--offline", "--advisories", "../../testdata/advisories", "--now", "2026-11-21", "--no-cache",
				"--sarif", file, all, "../../testdata/repos/" + repo,
			}, nil, &stdout, &stderr)
			if code := finish(&stderr, err); code == exitUsage || stdout.Len() == 0 {
				t.Fatalf("%s: exit code %d: %s", repo, code, stderr.String())
			}
			out := filepath.Join(dir, "validation.sarif")
			cmd := exec.Command(tool, "validate", file, "--rule-kind", "Sarif;Ghas", "-o", out)
			cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", repo, err, text)
			}
			data, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			var log struct {
				Runs []struct {
					Results []struct {
						RuleID, Level string
						Message       struct{ Text, ID string }
					}
				}
			}
			if err := json.Unmarshal(data, &log); err != nil {
				t.Fatal(err)
			}
			if len(log.Runs) == 0 {
				t.Errorf("%s %s: the validator did not run", repo, all)
			}
			for _, r := range log.Runs {
				for _, result := range r.Results {
					if result.Level == "error" {
						t.Errorf("%s %s: %s %s %s", repo, all, result.RuleID, result.Message.ID, result.Message.Text)
					}
				}
			}
		}
	}
}

package files

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Code of a pull request in a job that has the repository's rights

// foreign events run with the repository's rights on behalf of anybody.
var foreignEvents = []string{"pull_request_target", "workflow_run", "issue_comment"}

// fork is the world in which an event comes from a fork.
func fork(event string) world {
	return func(path string) (string, bool) {
		switch path {
		case "github.event_name":
			return event, true
		case "github.repository":
			return "own/own", true
		case "github.repository_owner":
			return "own", true
		case "github.event.pull_request.head.repo.full_name", "github.event.workflow_run.head_repository.full_name":
			return "fork/fork", true
		case "github.event.pull_request.head.repo.owner.login", "github.event.pull_request.head.user.login", "github.event.workflow_run.head_repository.owner.login":
			return "fork", true
		case "github.event.pull_request.base.repo.full_name", "github.event.repository.full_name", "github.event.workflow_run.repository.full_name":
			return "own/own", true
		case "github.event.pull_request.base.repo.owner.login", "github.event.repository.owner.login":
			return "own", true
		case "github.event.pull_request.head.repo.fork", "github.event.workflow_run.head_repository.fork":
			return "true", true
		case "github.event.workflow_run.event":
			return "pull_request", true
		case "github.event.pull_request.merged":
			return "false", true
		case "github.event.pull_request.user.login":
			return "a stranger", true
		}
		return "", false
	}
}

// gates are contexts by which people decide who may run: a condition on one
// makes the way in narrower, but no machine can say how narrow.
var gates = []string{"github.event.label", "github.event.pull_request.labels", "github.event.issue.labels", "author_association", "github.actor", "github.triggering_actor",
	"user.login", "sender.login", "needs.", "steps.", "workflow_run.head_branch"}

// forkCode looks for a checkout of a pull request's head in a job that has the
// repository's rights.
func (jd *workflowJudge) forkCode(w *workflow, j *job) {
	for _, event := range foreignEvents {
		if !w.on(event) {
			continue
		}
		reached, gated := admits(j.condition, event)
		if !reached {
			continue
		}
		for i, st := range j.steps {
			sc := scope{jd.set, jd.inputs, w, j, st}
			at, found := sc.checksOutHead()
			stepReached, stepGated := admits(st.condition, event)
			if !found || !stepReached {
				continue
			}
			gated = gated || stepGated || valueOf(j.node, "environment") != nil || w.narrowed(event)
			runs := slices.ContainsFunc(j.steps[i:], func(later *step) bool {
				a, ok := parseUses(later.uses)
				return later.run != nil && runsCode(later.run.Value) || ok && a.local != ""
			})
			secret := jd.firstSecret(w, j)
			harmless := secret == nil && !mayWrite(w, j)
			class := rules.Violation
			if gated || !runs || harmless {
				class = rules.Review
			}
			jd.add(targetRule, class, fmt.Sprintf("on %s the job checks out the head of the pull request and has the repository's own rights: whoever opens one runs code with them", event), at, event)
			if secret != nil && runs {
				jd.add(exposedRule, class, fmt.Sprintf("the job runs code of the pull request that started it (%s) and holds a secret", event), w.place(secret, j), "fork", event)
			}
			return
		}
	}
}

// narrowed reports whether the trigger itself waits for a label, or for a
// branch, which a fork may call by the same name.
func (w *workflow) narrowed(event string) bool {
	if event == "workflow_run" {
		return valueOf(w.events[event], "branches") != nil
	}
	types := items(valueOf(w.events[event], "types"))
	return len(types) == 1 && scalar(types[0]) == "labeled" || scalar(valueOf(w.events[event], "types")) == "labeled"
}

// readers are commands that look at files and run none of them.
var readers = []string{"git", "gh", "echo", "printf", "cat", "ls", "cd", "grep", "jq", "yq", "sed", "cut", "head", "tail", "wc", "sort", "uniq", "tr", "diff", "test", "[", "[[", "true",
	"exit", "export", "mkdir", "cp", "mv", "rm", "fi", "done", "for", "local", "return", "curl", "date", "basename", "dirname", "case", "esac", "find"}

// runsCode reports whether a script does more than look at files.
func runsCode(script string) bool {
	masked, _ := maskExprs(script)
	return slices.ContainsFunc(commands(masked), func(c command) bool {
		name, _ := c.name()
		return name != "" && !slices.Contains(readers, name)
	})
}

// admits evaluates an `if` for an event that comes from a fork: whether it can
// let it in, and whether people decide about it.
func admits(condition_ *yaml.Node, event string) (reached, gated bool) {
	e := condition(scalar(condition_))
	if e == nil {
		return true, scalar(condition_) != ""
	}
	if e.when(fork(event)) == no {
		return false, false
	}
	for _, path := range e.refs() {
		name := strings.Join(path, ".") + "."
		if slices.ContainsFunc(gates, func(g string) bool { return strings.Contains(name, g) }) {
			return true, true
		}
	}
	return true, false
}

// headContexts name the head of a pull request.
var headContexts = []string{"github.head_ref", "github.event.pull_request.head.sha", "github.event.pull_request.head.ref", "github.event.pull_request.head.label",
	"github.event.pull_request.head.repo.full_name", "github.event.pull_request.head.repo.clone_url", "github.event.pull_request.merge_commit_sha",
	"github.event.workflow_run.head_sha", "github.event.workflow_run.head_branch", "github.event.workflow_run.head_commit.id", "github.event.workflow_run.head_repository.full_name"}

// numberContexts name its number, as refs/pull/NUMBER/… has it.
var numberContexts = []string{"github.event.number", "github.event.pull_request.number", "github.event.issue.number", "github.event.workflow_run.pull_requests.*.number", "github.event.workflow_run.pull_requests.0.number"}

// mentions reports whether a text's expressions name one of the contexts,
// directly or through the environment.
func (sc scope) mentions(text string, contexts []string, tr trail) bool {
	for _, e := range embeddedExprs(text) {
		parsed, ok := parseExpr(e.inner)
		if !ok {
			continue
		}
		for _, f := range parsed.flows() {
			if slices.Contains(contexts, strings.Join(f.path, ".")) {
				return true
			}
			if len(f.path) == 2 && f.path[0] == "env" && tr.fresh(sc, f.path[1]) {
				for _, env := range sc.envs() {
					if value := lookup(env, f.path[1]); value != nil && sc.mentions(value.Value, contexts, tr) {
						return true
					}
				}
			}
		}
	}
	return false
}

// head reports whether a text names the head of a pull request.
func (sc scope) head(text string) bool {
	return sc.mentions(text, headContexts, trail{}) || strings.Contains(text, "refs/pull/") && sc.mentions(text, numberContexts, trail{})
}

// checksOutHead reports whether a step brings the head of a pull request into
// the workspace, and where it says so.
func (sc scope) checksOutHead() (at rules.Location, found bool) {
	if a, ok := parseUses(sc.s.uses); ok && a.name() == "actions/checkout" {
		for _, input := range []string{"ref", "repository"} {
			if v := lookup(sc.s.with, input); v != nil && sc.head(v.Value) {
				return sc.w.place(v, sc.j), true
			}
		}
		return at, false
	}
	if sc.s.run == nil || sc.s.run.Kind != yaml.ScalarNode {
		return at, false
	}
	script, exprs := maskExprs(sc.s.run.Value)
	for _, c := range commands(script) {
		name, args := c.name()
		text := strings.Join(args, " ")
		if len(args) == 0 {
			continue
		}
		found := false
		switch verb := plain(args[0]); {
		case name == "gh" && verb == "pr" && len(args) > 1 && plain(args[1]) == "checkout":
			found = true
		case name == "git" && (verb == "fetch" || verb == "pull" || verb == "checkout" || verb == "switch" || verb == "merge"):
			found = strings.Contains(text, "pull/") && (strings.Contains(text, "/head") || strings.Contains(text, "/merge")) || sc.head(unmask(text, exprs)) || sc.headVariable(args)
		}
		if found {
			at := sc.w.line(sc.s.run, c.line)
			at.Symbol = sc.w.place(sc.s.run, sc.j).Symbol
			return at, true
		}
	}
	return at, false
}

// headVariable reports whether one of the words is a variable of the
// environment that holds the head of a pull request.
func (sc scope) headVariable(words []string) bool {
	for _, w := range words {
		name := variable(plain(w))
		for _, env := range sc.envs() {
			if v := lookup(env, name); name != "" && v != nil && sc.head(v.Value) {
				return true
			}
		}
	}
	return false
}

// variable returns the name of a shell variable that a word is: $X, ${X}.
func variable(w string) string {
	rest, ok := strings.CutPrefix(w, "$")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(rest, "{"), "}")
}

// mayWrite reports whether the token of a job may change anything.
func mayWrite(w *workflow, j *job) bool {
	p := j.permissions
	if p == nil {
		p = w.permissions
	}
	switch {
	case p == nil:
		return true
	case p.Kind == yaml.ScalarNode:
		return p.Value == "write-all"
	}
	for _, v := range pairs(p) {
		if v.Value == "write" {
			return true
		}
	}
	return false
}

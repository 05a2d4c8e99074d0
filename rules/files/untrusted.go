package files

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Text that strangers write
//
// GitHub's page "Secure use reference" lists contexts whose text anybody who
// may open an issue or a pull request chooses, and says to treat them as
// untrusted input.

// untrustedContexts are the paths with the events that carry them.
var untrustedContexts = func() (out []untrustedContext) {
	const pulls = "pull_request pull_request_target pull_request_review pull_request_review_comment"
	for _, row := range [...][2]string{
		{"github.head_ref", pulls},
		{"github.event.issue.title", "issues issue_comment"},
		{"github.event.issue.body", "issues issue_comment"},
		{"github.event.pull_request.title", pulls},
		{"github.event.pull_request.body", pulls},
		{"github.event.pull_request.head.ref", pulls},
		{"github.event.pull_request.head.label", pulls},
		{"github.event.pull_request.head.repo.default_branch", pulls},
		{"github.event.pull_request.head.repo.description", pulls},
		{"github.event.pull_request.head.repo.homepage", pulls},
		{"github.event.comment.body", "issue_comment pull_request_review_comment discussion_comment commit_comment"},
		{"github.event.review.body", "pull_request_review"},
		{"github.event.discussion.title", "discussion discussion_comment"},
		{"github.event.discussion.body", "discussion discussion_comment"},
		{"github.event.pages.*.page_name", "gollum"},
		{"github.event.pages.*.title", "gollum"},
		{"github.event.commits.*.message", "push"},
		{"github.event.commits.*.author.name", "push"},
		{"github.event.commits.*.author.email", "push"},
		{"github.event.commits.*.committer.name", "push"},
		{"github.event.commits.*.committer.email", "push"},
		{"github.event.head_commit.message", "push"},
		{"github.event.head_commit.author.name", "push"},
		{"github.event.head_commit.author.email", "push"},
		{"github.event.head_commit.committer.name", "push"},
		{"github.event.head_commit.committer.email", "push"},
		{"github.event.workflow_run.head_branch", "workflow_run"},
		{"github.event.workflow_run.display_title", "workflow_run"},
		{"github.event.workflow_run.head_commit.message", "workflow_run"},
		{"github.event.workflow_run.head_commit.author.name", "workflow_run"},
		{"github.event.workflow_run.head_commit.author.email", "workflow_run"},
		{"github.event.workflow_run.head_repository.description", "workflow_run"},
		{"github.event.workflow_run.pull_requests.*.head.ref", "workflow_run"},
	} {
		out = append(out, untrustedContext{strings.Split(row[0], "."), strings.Fields(row[1])})
	}
	return out
}()

type untrustedContext struct {
	path   []string
	events []string
}

// matches reports whether a context is this one, or holds it when it is written
// out whole.
func (u untrustedContext) matches(f flow) bool {
	if len(f.path) > len(u.path) || len(f.path) < len(u.path) && !f.whole {
		return false
	}
	for i, part := range f.path {
		if part != u.path[i] && part != "*" && u.path[i] != "*" {
			return false
		}
	}
	return true
}

// untrustedInputs are the inputs of reusable workflows and actions of this
// repository that some caller fills with untrusted text, by workflow and name;
// the value is the context it comes from.
type untrustedInputs map[*workflow]map[string]string

// A scope is where an expression stands.
type scope struct {
	set    *workflowSet
	inputs untrustedInputs
	w      *workflow
	j      *job
	s      *step
}

// A trail is the names that one question has followed already: asking again
// gives nothing new, and names may stand in circles.
type trail map[stop]bool

type stop struct {
	j    *job
	s    *step
	name string
}

// fresh notes a name and reports whether it is new on the trail.
func (tr trail) fresh(sc scope, name string) bool {
	at := stop{sc.j, sc.s, strings.ToLower(name)}
	if tr[at] || len(tr) > maxTrail {
		return false
	}
	tr[at] = true
	return true
}

// maxTrail is how many names one question follows, and maxRounds how many calls
// from workflow to workflow.
const (
	maxTrail  = 200
	maxRounds = 6
)

// untrusted says where the text of a context comes from when a stranger writes
// it.
func (sc scope) untrusted(f flow, tr trail) (origin string, ok bool) {
	switch f.path[0] {
	case "github":
		for _, u := range untrustedContexts {
			if u.matches(f) && (sc.w.anyCaller() || sc.w.on(u.events...)) {
				return strings.Join(f.path, "."), true
			}
		}
	case "inputs":
		if len(f.path) > 1 {
			origin, ok = sc.inputs[sc.w][f.path[1]]
			return origin, ok
		}
	case "env":
		if len(f.path) < 2 || !tr.fresh(sc, "env."+f.path[1]) {
			return "", false
		}
		for _, env := range sc.envs() {
			if value := lookup(env, f.path[1]); value != nil {
				return sc.untrustedText(value.Value, tr)
			}
		}
	case "needs":
		if len(f.path) == 4 && f.path[2] == "outputs" && tr.fresh(sc, strings.Join(f.path, ".")) {
			for _, j := range sc.w.jobs {
				if value := lookup(j.outputs, f.path[3]); value != nil && strings.EqualFold(j.id, f.path[1]) {
					return scope{sc.set, sc.inputs, sc.w, j, nil}.untrustedText(value.Value, tr)
				}
			}
		}
	}
	return "", false
}

// untrustedText looks through the expressions of a text.
func (sc scope) untrustedText(text string, tr trail) (origin string, ok bool) {
	for _, e := range embeddedExprs(text) {
		parsed, valid := parseExpr(e.inner)
		if !valid {
			continue
		}
		for _, f := range parsed.flows() {
			if origin, ok := sc.untrusted(f, tr); ok {
				return origin, true
			}
		}
	}
	return "", false
}

// envs are the environments that hold at a place, the nearest first.
func (sc scope) envs() []*yaml.Node {
	var out []*yaml.Node
	if sc.s != nil {
		out = append(out, sc.s.env)
	}
	if sc.j != nil {
		out = append(out, sc.j.env)
	}
	return append(out, sc.w.env)
}

// lookup returns the value of a key, whatever its case.
func lookup(n *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(n) {
		if strings.EqualFold(k.Value, key) {
			return v
		}
	}
	return nil
}

// untrustedInputs finds what callers in this repository pass on. A reusable
// workflow may call another, so it looks again until nothing is new.
func (s *workflowSet) untrustedInputs() untrustedInputs {
	found := untrustedInputs{}
	for range maxRounds {
		fresh := false
		mark := func(sc scope, uses, with *yaml.Node) {
			a, ok := parseUses(uses)
			callee := s.local(a)
			if !ok || callee == nil {
				return
			}
			for k, v := range pairs(with) {
				name := strings.ToLower(k.Value)
				if _, known := found[callee][name]; known {
					continue
				}
				if origin, ok := sc.untrustedText(v.Value, trail{}); ok {
					if found[callee] == nil {
						found[callee] = map[string]string{}
					}
					found[callee][name] = origin
					fresh = true
				}
			}
		}
		for _, w := range s.all {
			for _, j := range w.jobs {
				mark(scope{s, found, w, j, nil}, j.uses, j.with)
				for _, st := range j.steps {
					mark(scope{s, found, w, j, st}, st.uses, st.with)
				}
			}
		}
		if !fresh {
			break
		}
	}
	return found
}

// scriptInputs are inputs of actions of others that run as a script.
var scriptInputs = map[string][]string{
	"actions/github-script": {"script"}, "appleboy/ssh-action": {"script"}, "azure/cli": {"inlinescript"}, "azure/powershell": {"inlinescript"},
	"nick-fields/retry": {"command"}, "addnab/docker-run-action": {"run"}, "reactivecircus/android-emulator-runner": {"script"}, "mikefarah/yq": {"cmd"}, "amadevus/pwsh-script": {"script"},
}

// scripts returns the texts of a step that are run as code.
func (st *step) scripts() []*yaml.Node {
	var out []*yaml.Node
	if st.run != nil && st.run.Kind == yaml.ScalarNode {
		out = append(out, st.run)
	}
	if a, ok := parseUses(st.uses); ok {
		for k, v := range pairs(st.with) {
			if slices.Contains(scriptInputs[a.name()], strings.ToLower(k.Value)) && v.Kind == yaml.ScalarNode {
				out = append(out, v)
			}
		}
	}
	return out
}

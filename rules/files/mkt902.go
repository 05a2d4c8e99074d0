package files

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// The variants of MKT902. Each carries its own vector.
const (
	injectionRule   = workflowRule + "/injection"
	unpinnedRule    = workflowRule + "/unpinned"
	permissionsRule = workflowRule + "/permissions"
	targetRule      = workflowRule + "/pull-request-target"
	exposedRule     = workflowRule + "/secret-exposed"
)

func workflowRules() []rules.Rule {
	hardening := []string{"repo-hardening"}
	return []rules.Rule{
		{ID: injectionRule, Name: "workflow-injection", Title: "Workflow runs text that a stranger wrote", Class: rules.Violation, Controls: hardening, CWE: []int{94}, Vector: v100,
			Flags: "An expression in a script (`run`, `actions/github-script` and other inputs that run as code) whose value holds text of the event that anybody can choose: titles, bodies, comments, " +
				"branch names, commit messages, page names. It is put into the script before the shell reads it, so it is code. Such text is followed through `env`, job outputs and the inputs of local workflows and actions.",
			Safe:        "The text comes in through an environment variable (`env: TITLE: ${{ … }}`, `\"$TITLE\"` in the script); the expression only compares (`contains()`, `==`); the field is a number or a commit id; no trigger of the workflow carries the field.",
			Remediation: "Put the value into `env` of the step and use the variable, in quotes, in the script.",
			Wrong:       "- run: echo \"${{ github.event.issue.title }}\"",
			Right:       "- run: echo \"$TITLE\"\n  env:\n    TITLE: ${{ github.event.issue.title }}"},
		{ID: permissionsRule, Name: "workflow-permissions", Title: "Workflow token has more rights than it is given on purpose", Class: rules.Violation, Controls: hardening, CWE: []int{250}, Vector: v53w,
			Flags:       "A workflow without `permissions` of which some job has none either, so that the token gets whatever the repository's default is, and `write-all` anywhere.",
			Safe:        "`permissions` at the top of the workflow or in every job. A workflow that is only called by others takes the rights of its caller.",
			Remediation: "Write `permissions: {contents: read}` at the top and give single jobs what they need.",
			Wrong:       "on: push\njobs: …", Right: "on: push\npermissions:\n  contents: read\njobs: …"},
		{ID: targetRule, Name: "workflow-runs-fork-code", Title: "Workflow runs the code of a pull request with the repository's rights", Class: rules.Violation, Controls: hardening, CWE: []int{94, 829}, Vector: v100,
			Flags: "A job of a workflow on `pull_request_target`, `workflow_run` or `issue_comment` that checks out the head of a pull request: those triggers run with the repository's own token and secrets, whoever opened it. " +
				"For review when nothing runs after the checkout, when the job can neither write nor read a secret, or when a condition about labels, authors or environments stands before it.",
			Safe:        "`pull_request` instead; the base checked out; a condition that admits only branches of the repository itself (`github.event.pull_request.head.repo.full_name == github.repository`).",
			Remediation: "Build and test on `pull_request`, and hand results over as artifacts to a second workflow that does not run them.",
			Wrong:       "on: pull_request_target\n…\n- uses: actions/checkout@<commit>\n  with:\n    ref: ${{ github.event.pull_request.head.sha }}\n- run: make test",
			Right:       "on: pull_request\n…\n- uses: actions/checkout@<commit>\n- run: make test"},
		{ID: exposedRule, Name: "workflow-secret-exposed", Title: "Workflow shows a secret to a log or to foreign code", Class: rules.Violation, Controls: []string{"no-secrets-in-repo", "repo-hardening"}, CWE: []int{532, 200}, Vector: v75c,
			Flags: "A secret that a script prints (`echo`, `printf`, `Write-Host`, also through an encoding that GitHub's masking does not know), a secret in a job that runs the code of a pull request, " +
				"`secrets: inherit` to a workflow of another owner, and `toJSON(secrets)`, which hands every secret over at once.",
			Safe:        "Output that goes into a pipe or a file; `::add-mask::`; a length or a test for emptiness; single secrets passed by name.",
			Remediation: "Remove the output and rotate the secret. Pass secrets by name, and only to steps that need them.",
			Wrong:       "- run: echo \"${{ secrets.API_TOKEN }}\"",
			Right:       "- run: test -n \"$API_TOKEN\"\n  env:\n    API_TOKEN: ${{ secrets.API_TOKEN }}"},
		{ID: unpinnedRule, Name: "workflow-unpinned-action", Title: "Action is not pinned by commit", Class: rules.Violation, Controls: hardening, CWE: []int{829}, Vector: v75p,
			Flags:       "An action or reusable workflow of another owner named by a tag or branch instead of a full commit, and a `docker://` image without a digest: whoever can move the tag runs code in the workflow.",
			Safe:        "40 (or 64) hexadecimal digits; `docker://…@sha256:…`; `./` paths; actions of the repository's own owner; the SLSA generators, which only work by tag.",
			Remediation: "Replace the tag by the commit it stands for and keep the tag in a comment, where Dependabot and Renovate update both.",
			Wrong:       "- uses: actions/checkout@v4", Right: "- uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"},
	}
}

// A workflowJudge holds workflows against MKT902.
type workflowJudge struct {
	set    *workflowSet
	inputs untrustedInputs
	owner  string // of the repository, lower case; "" when not known
	out    []rules.Finding
}

// maxWorkflowFindings bounds what is found; a repository with so many is red
// enough.
const maxWorkflowFindings = 2000

func (jd *workflowJudge) add(id string, class rules.Class, message string, at rules.Location, tokens ...string) {
	if len(jd.out) >= maxWorkflowFindings {
		return
	}
	f := finding(ruleOf(id), message, at, tokens...)
	f.Class = class
	jd.out = append(jd.out, f)
}

// judge returns the findings of every workflow and action.
func (jd *workflowJudge) judge() []rules.Finding {
	jd.inputs = jd.set.untrustedInputs()
	for _, w := range jd.set.all {
		jd.permissions(w)
		jd.pins(w)
		for _, j := range w.jobs {
			jd.injections(w, j)
			jd.forkCode(w, j)
			jd.exposures(w, j)
		}
	}
	return jd.out
}

// permissions looks for a token that nobody limited.
func (jd *workflowJudge) permissions(w *workflow) {
	if w.action {
		return
	}
	const all = "write-all"
	if scalar(w.permissions) == all {
		jd.add(permissionsRule, rules.Violation, "the workflow's token may write everything", w.at(w.permissions), all)
	}
	var without []*job
	for _, j := range w.jobs {
		if scalar(j.permissions) == all {
			jd.add(permissionsRule, rules.Violation, fmt.Sprintf("the token of job %s may write everything", quote(j.id)), w.place(j.permissions, j), all)
		}
		if j.permissions == nil {
			without = append(without, j)
		}
	}
	called := len(w.events) == 1 && w.on("workflow_call")
	if w.permissions != nil || called || len(without) == 0 {
		return
	}
	at := w.at(keyOf(w.root, "jobs"))
	text := "the workflow sets no `permissions`, so its token has the rights of the repository's default, which may be to write"
	if len(without) < len(w.jobs) {
		at = w.at(without[0].key)
		text = fmt.Sprintf("job %s sets no `permissions` and neither does the workflow, so its token has the rights of the repository's default, which may be to write", quote(without[0].id))
	}
	jd.add(permissionsRule, rules.Violation, text, at, "missing")
}

// tagOnly are reusable workflows that must be named by a tag: their verifier
// reads it (README of the generator).
const tagOnly = "slsa-framework/slsa-github-generator"

// pins looks for code of others whose name can be moved.
func (jd *workflowJudge) pins(w *workflow) {
	type use struct {
		n     *yaml.Node
		j     *job
		count int
	}
	seen := map[string]*use{}
	var order []string
	visit := func(n *yaml.Node, j *job) {
		a, ok := parseUses(n)
		switch {
		case !ok, a.local != "", a.image != "" && strings.Contains(a.image, "@sha256:"):
			return
		case a.image == "" && (commit(a.ref) || jd.owner != "" && a.owner == jd.owner || a.repo == tagOnly):
			return
		}
		if u := seen[a.text]; u != nil {
			u.count++
			return
		}
		seen[a.text] = &use{n, j, 1}
		order = append(order, a.text)
	}
	for _, j := range w.jobs {
		visit(j.uses, j)
		for _, st := range j.steps {
			visit(st.uses, j)
		}
	}
	visit(w.image, nil)
	for _, text := range order {
		u := seen[text]
		a, _ := parseUses(u.n)
		message := fmt.Sprintf("%s is named by %s, which can be moved", quote(a.name()), quote(a.ref))
		switch {
		case a.image != "":
			message = fmt.Sprintf("the image %s has no digest, so its content can change", quote(a.image))
		case a.ref == "":
			message = fmt.Sprintf("%s is named without a commit", quote(a.name()))
		}
		if u.count > 1 {
			message += fmt.Sprintf(" (%d places)", u.count)
		}
		jd.add(unpinnedRule, rules.Violation, message, w.within(u.n, scalar(u.n), 0), a.image, a.name())
	}
}

// injections looks for untrusted text in scripts.
func (jd *workflowJudge) injections(w *workflow, j *job) {
	for _, st := range j.steps {
		sc := scope{jd.set, jd.inputs, w, j, st}
		for _, script := range st.scripts() {
			count := map[string]int{}
			for _, e := range embeddedExprs(script.Value) {
				ord := count[e.text]
				count[e.text]++
				parsed, ok := parseExpr(e.inner)
				if !ok || len(jd.out) >= maxWorkflowFindings {
					continue
				}
				for _, f := range parsed.flows() {
					origin, ok := sc.untrusted(f, trail{})
					if !ok {
						continue
					}
					through := ""
					if named := strings.Join(f.path, "."); named != origin {
						through = ", which comes here through " + quote(named)
					}
					at := w.within(script, e.text, ord)
					at.Symbol = w.place(script, j).Symbol
					jd.add(injectionRule, rules.Violation,
						fmt.Sprintf("the script holds %s%s: a stranger chooses that text, and it is put in before the script is read, so it can be any command", quote(origin), through),
						at, strings.Join(f.path, "."))
					break
				}
			}
		}
	}
}

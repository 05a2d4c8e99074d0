package files

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

const pinned = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8"

// aWorkflow is a whole workflow around a job's body.
func aWorkflow(on, job string) string {
	body := "    " + strings.ReplaceAll(strings.TrimSpace(job), "\n", "\n    ")
	return fmt.Sprintf("-- .github/workflows/w.yml --\non: %s\npermissions: {contents: read}\njobs:\n  j:\n    runs-on: ubuntu-latest\n%s\n", on, body)
}

func TestInjection(t *testing.T) {
	bad := map[string]string{
		"title in a script":        aWorkflow("issues", "steps:\n- run: echo \"${{ github.event.issue.title }}\""),
		"comment body":             aWorkflow("issue_comment", "steps:\n- run: |\n    x=1\n    echo ${{ github.event.comment.body }}"),
		"head_ref":                 aWorkflow("[pull_request]", "steps:\n- run: git log ${{ github.head_ref }}"),
		"index and case":           aWorkflow("pull_request_target", "steps:\n- run: echo ${{ GitHub['event'].Pull_Request.title }}"),
		"commit message":           aWorkflow("push", "steps:\n- run: echo '${{ github.event.head_commit.message }}'"),
		"any commit":               aWorkflow("push", "steps:\n- run: echo '${{ github.event.commits[0].message }}'"),
		"joined":                   aWorkflow("push", "steps:\n- run: echo ${{ join(github.event.commits.*.message, ' ') }}"),
		"formatted":                aWorkflow("issues", "steps:\n- run: echo ${{ format('a {0}', github.event.issue.body) }}"),
		"alternative":              aWorkflow("[push, pull_request]", "steps:\n- run: echo ${{ github.head_ref || github.ref_name }}"),
		"taken out of either":      aWorkflow("[issues, pull_request]", "steps:\n- run: echo ${{ (github.event.pull_request || github.event.issue).title }}"),
		"whole event":              aWorkflow("issues", "steps:\n- run: echo '${{ toJSON(github.event) }}'"),
		"github-script":            aWorkflow("issues", "steps:\n- uses: actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea\n  with:\n    script: return \"${{ github.event.issue.title }}\""),
		"through env":              aWorkflow("issues", "env: {TITLE: \"${{ github.event.issue.title }}\"}\nsteps:\n- run: echo ${{ env.TITLE }}"),
		"through an output":        aWorkflow("issues", "outputs: {title: \"${{ github.event.issue.title }}\"}\nsteps: []") + "  k:\n    needs: j\n    steps:\n    - run: echo ${{ needs.j.outputs.title }}\n",
		"in a reusable workflow":   aWorkflow("workflow_call", "steps:\n- run: echo ${{ github.event.issue.title }}"),
		"other branch's name":      aWorkflow("workflow_run", "steps:\n- run: echo ${{ github.event.workflow_run.head_branch }}"),
		"flow mapping, one line":   aWorkflow("issues", "steps: [{run: \"echo ${{ github.event.issue.title }}\"}]"),
		"in an action":             "-- act/action.yml --\nruns:\n  using: composite\n  steps:\n  - run: echo ${{ github.event.comment.body }}\n    shell: bash\n",
		"passed to a local action": aWorkflow("issues", "steps:\n- uses: ./.github/actions/say\n  with: {text: \"${{ github.event.issue.title }}\"}") + "-- .github/actions/say/action.yml --\ninputs: {text: {}}\nruns:\n  using: composite\n  steps:\n  - run: echo ${{ inputs.text }}\n    shell: bash\n",
	}
	for name, archive := range bad {
		got := hits(scanArchive(t, archive), injectionRule)
		if len(got) != 1 || !strings.HasPrefix(got[0], " violation ") {
			t.Errorf("%s: %q", name, got)
		}
	}
	ok := map[string]string{
		"environment":                aWorkflow("issues", "steps:\n- env: {TITLE: \"${{ github.event.issue.title }}\"}\n  run: echo \"$TITLE\""),
		"comparison":                 aWorkflow("issues", "steps:\n- run: echo ${{ github.event.issue.title == 'x' }}"),
		"contains":                   aWorkflow("issues", "steps:\n- run: echo ${{ contains(github.event.issue.body, 'x') }}"),
		"decides only":               aWorkflow("pull_request", "steps:\n- run: echo ${{ github.head_ref && 'pr' || 'push' }}"),
		"number":                     aWorkflow("issues", "steps:\n- run: echo ${{ github.event.issue.number }}"),
		"commit id":                  aWorkflow("pull_request", "steps:\n- run: echo ${{ github.event.pull_request.head.sha }}"),
		"event without the field":    aWorkflow("push", "steps:\n- run: echo ${{ github.head_ref }}"),
		"schedule":                   aWorkflow("{schedule: [{cron: '0 0 * * *'}]}", "steps:\n- run: echo ${{ github.event.issue.title }}"),
		"condition":                  aWorkflow("issues", "steps:\n- if: contains(github.event.issue.title, 'x')\n  run: echo hi"),
		"input of another action":    aWorkflow("issues", "steps:\n- uses: "+pinned+"\n  with: {path: \"${{ github.event.issue.title }}\"}"),
		"environment hidden by step": aWorkflow("issues", "env: {T: \"${{ github.event.issue.title }}\"}\nsteps:\n- env: {T: x}\n  run: echo ${{ env.T }}"),
		"own ref":                    aWorkflow("push", "steps:\n- run: echo ${{ github.ref_name }}"),
		"person's inputs":            aWorkflow("workflow_dispatch", "steps:\n- run: echo ${{ inputs.version }}"),
		"a text that speaks of it":   aWorkflow("issues", "steps:\n- run: echo ${{ 'github.event.issue.title' }}"),
		"no script":                  aWorkflow("issues", "name: ${{ github.event.issue.title }}\nsteps: []"),
		"someone else's test data":   "-- tests/data/action.yml --\nruns:\n  using: composite\n  steps:\n  - run: echo ${{ github.event.comment.body }}\n    shell: bash\n",
	}
	for name, archive := range ok {
		if got := hits(scanArchive(t, archive), injectionRule); len(got) != 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestInjectionPlace(t *testing.T) {
	g := scanArchive(t, aWorkflow("issues", "steps:\n- name: x\n  run: |\n    echo one\n    echo ${{ github.event.issue.title }} ${{ github.event.issue.title }}"))
	var places []string
	for _, f := range g.Findings {
		if f.Rule == injectionRule {
			places = append(places, fmt.Sprintf("%d:%d-%d:%d %s", f.Location.Line, f.Location.Column, f.Location.EndLine, f.Location.EndColumn, f.Location.Symbol))
			if f.Control != "repo-hardening" || f.CVSS == nil || f.CVSS.Score != 10 || f.Source != "file" || f.Tokens == "" {
				t.Errorf("%+v", f)
			}
		}
	}
	if want := []string{"10:14-10:45 j", "10:46-10:77 j"}; !slices.Equal(places, want) {
		t.Errorf("%q, want %q", places, want)
	}
}

func TestPermissions(t *testing.T) {
	const step = "    steps: [{run: make}]\n"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"missing":          {"on: push\njobs:\n  a:\n" + step, []string{" violation .github/workflows/w.yml:2"}},
		"write-all":        {"on: push\npermissions: write-all\njobs:\n  a:\n" + step, []string{" violation .github/workflows/w.yml:2"}},
		"write-all in job": {"on: push\npermissions: {}\njobs:\n  a:\n    permissions: write-all\n" + step, []string{" violation .github/workflows/w.yml:5"}},
		"one job without":  {"on: push\njobs:\n  a:\n    permissions: {}\n" + step + "  b:\n" + step, []string{" violation .github/workflows/w.yml:6"}},
		"at the top":       {"on: push\npermissions: {contents: read}\njobs:\n  a:\n" + step, nil},
		"empty":            {"on: push\npermissions: {}\njobs:\n  a:\n" + step, nil},
		"read-all":         {"on: push\npermissions: read-all\njobs:\n  a:\n" + step, nil},
		"every job":        {"on: push\njobs:\n  a:\n    permissions: {contents: write}\n" + step, nil},
		"only called":      {"on: workflow_call\njobs:\n  a:\n" + step, nil},
		"only called, map": {"on: {workflow_call: {inputs: {}}}\njobs:\n  a:\n" + step, nil},
		"no jobs at all":   {"on: push\njobs: {}\n", nil},
	} {
		if got := hits(scanArchive(t, "-- .github/workflows/w.yml --\n"+test.text), permissionsRule); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestUnpinned(t *testing.T) {
	for uses, bad := range map[string]bool{
		"actions/checkout@v4":                   true,
		"actions/checkout@main":                 true,
		"actions/checkout@08c6903":              true,
		"actions/checkout":                      true,
		"other/repo/.github/workflows/x.yml@v1": true,
		"docker://alpine:3.20":                  true,
		"ACME-other/app@v1":                     true,
		pinned:                                  false,
		"actions/cache/save@08C6903CD8C0FDE910A37F88322EDCFB5DD907A8": false,
		"docker://alpine@sha256:0123456789abcdef":                     false,
		"./.github/actions/x":                                         false,
		"acme/actions@v1":                                             false,
		"Acme/workflows/.github/workflows/x.yml@main":                 false,
		"slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0": false,
		"${{ matrix.action }}": false,
	} {
		got := hits(scanArchive(t, aWorkflow("push", "steps:\n- uses: \""+uses+"\"\n- uses: \""+uses+"\"")), unpinnedRule)
		if len(got) > 1 || (len(got) == 1) != bad {
			t.Errorf("%s: %q", uses, got)
		}
	}
	// A reusable workflow, a container action, and a repository whose name is only
	// known by its module.
	g := scanArchive(t, "-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs:\n  a:\n    uses: other/x/.github/workflows/y.yml@v1\n-- action.yml --\nruns: {using: docker, image: \"docker://x:1\"}\n")
	if got := hits(g, unpinnedRule); len(got) != 2 {
		t.Errorf("%q", got)
	}
	opts := options()
	opts.Repository = ""
	archive := aWorkflow("push", "steps:\n- uses: acme/actions@v1")
	if got := hits(structured(t.Context(), treeOf(archive+"-- go.mod --\nmodule github.com/Acme/app\n"), opts), unpinnedRule); len(got) != 0 {
		t.Errorf("the module's owner: %q", got)
	}
	if got := hits(structured(t.Context(), treeOf(archive+"-- go.mod --\nmodule example.com/app\n"), opts), unpinnedRule); len(got) != 1 {
		t.Errorf("no owner: %q", got)
	}
}

func TestForkCode(t *testing.T) {
	checkout := "- uses: " + pinned + "\n  with: {ref: \"${{ github.event.pull_request.head.sha }}\"}\n"
	for name, test := range map[string]struct {
		on, job string
		want    string // class, "" for none
	}{
		"head and build":           {"pull_request_target", "permissions: {contents: write}\nsteps:\n" + checkout + "- run: make", "violation"},
		"repository of the fork":   {"pull_request_target", "permissions: {contents: write}\nsteps:\n- uses: " + pinned + "\n  with: {repository: \"${{ github.event.pull_request.head.repo.full_name }}\"}\n- run: make", "violation"},
		"merge ref":                {"pull_request_target", "permissions: {contents: write}\nsteps:\n- uses: " + pinned + "\n  with: {ref: \"refs/pull/${{ github.event.number }}/merge\"}\n- run: make", "violation"},
		"git in a script":          {"pull_request_target", "permissions: {contents: write}\nsteps:\n- run: |\n    git fetch origin pull/${{ github.event.number }}/head\n    make", "violation"},
		"gh in a script":           {"issue_comment", "permissions: {contents: write}\nsteps:\n- run: gh pr checkout ${{ github.event.issue.number }}\n- run: npm ci", "violation"},
		"through the environment":  {"pull_request_target", "permissions: {contents: write}\nenv: {SHA: \"${{ github.event.pull_request.head.sha }}\"}\nsteps:\n- run: |\n    git checkout \"$SHA\"\n    make", "violation"},
		"workflow_run":             {"workflow_run", "permissions: {contents: write}\nsteps:\n- uses: " + pinned + "\n  with: {ref: \"${{ github.event.workflow_run.head_sha }}\"}\n- run: make", "violation"},
		"local action":             {"pull_request_target", "permissions: {contents: write}\nsteps:\n" + checkout + "- uses: ./act", "violation"},
		"secret, no write":         {"pull_request_target", "steps:\n" + checkout + "- env: {K: \"${{ secrets.K }}\"}\n  run: make", "violation"},
		"nothing to take":          {"pull_request_target", "steps:\n" + checkout + "- run: make", "review"},
		"nothing runs":             {"pull_request_target", "permissions: {contents: write}\nsteps:\n" + checkout + "- run: git diff --stat", "review"},
		"after a label":            {"{pull_request_target: {types: [labeled]}}", "permissions: {contents: write}\nsteps:\n" + checkout + "- run: make", "review"},
		"members only":             {"pull_request_target", "permissions: {contents: write}\nif: github.event.pull_request.author_association == 'MEMBER'\nsteps:\n" + checkout + "- run: make", "review"},
		"environment":              {"pull_request_target", "permissions: {contents: write}\nenvironment: review\nsteps:\n" + checkout + "- run: make", "review"},
		"actor can be confused":    {"pull_request_target", "permissions: {contents: write}\nif: github.actor == 'dependabot[bot]'\nsteps:\n" + checkout + "- run: make", "review"},
		"pull_request":             {"pull_request", "permissions: {contents: write}\nsteps:\n" + checkout + "- run: make", ""},
		"base":                     {"pull_request_target", "permissions: {contents: write}\nsteps:\n- uses: " + pinned + "\n- run: make", ""},
		"base by name":             {"pull_request_target", "permissions: {contents: write}\nsteps:\n- uses: " + pinned + "\n  with: {ref: \"${{ github.event.pull_request.base.sha }}\"}\n- run: make", ""},
		"own branches":             {"pull_request_target", "permissions: {contents: write}\nif: github.event.pull_request.head.repo.full_name == github.repository\nsteps:\n" + checkout + "- run: make", ""},
		"no forks":                 {"pull_request_target", "permissions: {contents: write}\nif: \"!github.event.pull_request.head.repo.fork\"\nsteps:\n" + checkout + "- run: make", ""},
		"pushes only":              {"workflow_run", "permissions: {contents: write}\nif: github.event.workflow_run.event == 'push'\nsteps:\n- uses: " + pinned + "\n  with: {ref: \"${{ github.event.workflow_run.head_sha }}\"}\n- run: make", ""},
		"merged":                   {"{pull_request_target: {types: [closed]}}", "permissions: {contents: write}\nif: github.event.pull_request.merged == true\nsteps:\n" + checkout + "- run: make", ""},
		"other event's step":       {"[pull_request_target, push]", "permissions: {contents: write}\nsteps:\n- if: github.event_name == 'push'\n  uses: " + pinned + "\n  with: {ref: \"${{ github.event.pull_request.head.sha }}\"}\n- run: make", ""},
		"author is a known bot":    {"pull_request_target", "permissions: {contents: write}\nif: github.event.pull_request.user.login == 'dependabot[bot]'\nsteps:\n" + checkout + "- run: make", ""},
		"labels a pull request":    {"pull_request_target", "permissions: {pull-requests: write}\nsteps:\n- run: gh pr edit ${{ github.event.number }} --add-label x", ""},
		"only forks, the inverted": {"pull_request_target", "permissions: {contents: write}\nif: github.event.pull_request.head.repo.full_name != github.repository\nsteps:\n" + checkout + "- run: make", "violation"},
	} {
		g := scanArchive(t, aWorkflow(test.on, test.job))
		got := hits(g, targetRule)
		if test.want == "" && len(got) != 0 || test.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], " "+test.want+" ")) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if secrets := hits(g, exposedRule); (len(secrets) == 1) != strings.Contains(test.job, "secrets.") {
			t.Errorf("%s: secrets %q", name, secrets)
		}
	}
}

func TestSecretExposed(t *testing.T) {
	env := "- env: {TOKEN: \"${{ secrets.TOKEN }}\"}\n  run: "
	for run, bad := range map[string]bool{
		"- run: echo ${{ secrets.TOKEN }}":                                                true,
		"- run: |\n    set -e\n    echo \"token is ${{ secrets.TOKEN }}\"":                true,
		env + "echo \"$TOKEN\"":                                                           true,
		env + "printf '%s' \"${TOKEN}\"":                                                  true,
		env + "echo $TOKEN | base64":                                                      true,
		env + "echo \"${TOKEN:0:4}\"":                                                     true,
		env + "\"echo $env:TOKEN\"":                                                       true,
		env + "if true; then echo $TOKEN; fi":                                             true,
		env + "echo $TOKEN >&2":                                                           true,
		"- run: echo '${{ toJSON(secrets) }}' > all.json":                                 true,
		env + "echo \"$TOKEN\" | docker login --password-stdin":                           false,
		env + "echo \"$TOKEN\" > key":                                                     false,
		env + "echo \"T=$TOKEN\" >> \"$GITHUB_ENV\"":                                      false,
		env + "echo \"::add-mask::$TOKEN\"":                                               false,
		env + "test -n \"$TOKEN\" && echo set":                                            false,
		env + "echo \"${#TOKEN}\"":                                                        false,
		env + "echo '$TOKEN'":                                                             false,
		env + "curl -H \"Authorization: Bearer $TOKEN\" https://api.partner.io":           false,
		env + "echo \"$TOKENS\"":                                                          false,
		env + "\"X=$(echo $TOKEN | base64); use $X\"":                                     false,
		env + "echo $TOKEN | base64 -d > key":                                             false,
		"- run: |\n    {\n      echo a\n      echo ${{ secrets.TOKEN }}\n    } > file":    false,
		"- run: \"# echo ${{ secrets.TOKEN }}\"":                                          false,
		"- run: |\n    cat <<EOF > f\n    echo ${{ secrets.TOKEN }}\n    EOF\n    echo x": false,
		"- run: echo ${{ secrets.TOKEN != '' }}":                                          false,
		"- run: print(\"${{ secrets.TOKEN }}\")\n  shell: python":                         false,
	} {
		got := hits(scanArchive(t, aWorkflow("push", "steps:\n"+run)), exposedRule)
		if (len(got) == 1) != bad || len(got) > 1 {
			t.Errorf("%s: %q", run, got)
		}
	}
	for uses, class := range map[string]string{
		"other/x/.github/workflows/y.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8": " violation ",
		"acme/x/.github/workflows/y.yml@v1":                                        "",
		"./.github/workflows/y.yml":                                                "",
	} {
		g := scanArchive(t, "-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs:\n  a:\n    uses: "+uses+"\n    secrets: inherit\n")
		if got := hits(g, exposedRule); class == "" && len(got) != 0 || class != "" && (len(got) != 1 || !strings.HasPrefix(got[0], class)) {
			t.Errorf("inherit to %s: %q", uses, got)
		}
	}
}

func TestSecretExposedControls(t *testing.T) {
	g := scanArchive(t, aWorkflow("push", "steps:\n- run: echo ${{ secrets.TOKEN }}"))
	for _, f := range g.Findings {
		if f.Rule == exposedRule && !slices.Equal(f.Controls(), []string{"no-secrets-in-repo", "repo-hardening"}) {
			t.Errorf("%+v", f)
		}
	}
}

func TestWorkflowRuns(t *testing.T) {
	for name, test := range map[string]struct {
		archive string
		missing []string
		reason  string
	}{
		"nothing there":    {"", nil, ""},
		"a good one":       {aWorkflow("push", "steps: []"), nil, ""},
		"no YAML":          {"-- .github/workflows/w.yml --\non: [\n", nil, "w.yml is no valid workflow"},
		"two documents":    {"-- .github/workflows/w.yml --\non: push\n---\non: push\n", nil, "not one mapping"},
		"no jobs":          {"-- .github/workflows/w.yml --\non: push\n", nil, "no `jobs`"},
		"steps no list":    {"-- .github/workflows/w.yml --\non: push\njobs: {a: {steps: x}}\n", nil, "`steps` is no list"},
		"action, no runs":  {"-- action.yml --\nname: x\n", nil, "no `runs`"},
		"binary":           {"-- .github/workflows/w.yml --\n\x00\n", nil, "no UTF-8 text"},
		"not checked out":  {"", []string{".github/workflows/w.yml"}, "in the commit and not in the scanned folder"},
		"other's missing":  {"", []string{"docs/w.yml"}, ""},
		"larger than read": {"-- .github/workflows/w.yml --\n" + strings.Repeat("# comment\n", maxWorkflow/10+10), nil, "larger than the 1024 KiB"},
	} {
		g := structured(t.Context(), treeOf(test.archive, test.missing...), options())
		for _, verifier := range []string{workflowRule, workflowsVerifier} {
			run := runOf(t, g, verifier)
			if test.reason == "" && run.State != rules.Complete || test.reason != "" && (run.State != rules.Broken || !strings.Contains(run.Reason, test.reason)) {
				t.Errorf("%s: %s is %s because of %q", name, verifier, run.State, run.Reason)
			}
		}
	}
}

func FuzzWorkflow(f *testing.F) {
	f.Add("on: issues\njobs:\n  j:\n    steps:\n    - run: echo ${{ github.event.issue.title }}\n")
	f.Add("on: &a [push]\nenv: {A: '${{ env.A }}'}\njobs: {j: {env: {B: '${{ env.A }}'}, steps: [{run: 'echo ${{ env.B }}'}]}}\n")
	f.Add("on: pull_request_target\njobs:\n  j:\n    if: \"!((a || b)['c'].*)\"\n    steps:\n    - run: |\n        { git checkout $A; } > x | (sh <<E\n        E\n")
	f.Add("runs:\n  steps:\n  - uses: docker://x\n    with: {script: 'x ${{ toJSON(secrets) }}'}\n")
	f.Fuzz(func(t *testing.T, src string) {
		for _, name := range []string{".github/workflows/w.yml", "action.yml"} {
			w, err := readWorkflow(name, []byte(src))
			if err != nil {
				continue
			}
			set := &workflowSet{all: []*workflow{w}, byName: map[string]*workflow{name: w}}
			lines := len(w.lines) + strings.Count(src, "\r") + strings.Count(src, "\u0085") + strings.Count(src, "\u2028") + strings.Count(src, "\u2029")
			for _, finding := range (&workflowJudge{set: set}).judge() {
				if finding.Location.Line < 1 || finding.Location.Line > lines || finding.Location.Column < 1 || printable(finding.Message) != finding.Message {
					t.Errorf("%+v", finding)
				}
			}
			set.scans(true)
			set.signing(w, map[string]string{}, map[*workflow]bool{})
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"a.b['c'].*", "!(a == 'it''s') && format('{0}', x) || -1.5e3", "fromJSON('[\"push\"]')[0]", "((((", "a[", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, ok := parseExpr(s)
		if !ok {
			return
		}
		if e == nil {
			t.Fatal("no expression")
		}
		e.flows()
		e.refs()
		e.when(fork("push"))
	})
}

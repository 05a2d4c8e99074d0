package files

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostile reads texts that are made to be slow to read: names that stand in
// circles and fan out, brackets that nothing closes, quotes and comments by the
// thousand.
func TestHostile(t *testing.T) {
	var env, steps strings.Builder
	for i := range 200 {
		fmt.Fprintf(&env, "  E%d: \"%s\"\n", i, strings.Repeat(fmt.Sprintf("${{ env.E%d }}", (i+1)%200), 50))
	}
	for range 500 {
		steps.WriteString("    - uses: ./.github/actions/a\n")
	}
	action := "runs:\n  using: composite\n  steps:\n" + strings.ReplaceAll(steps.String(), "    -", "  -")
	const n = 200_000
	for name, archive := range map[string]string{
		"environment in circles": "-- .github/workflows/w.yml --\non: pull_request_target\npermissions: {}\nenv:\n" + env.String() + "jobs:\n  j:\n    steps:\n    - run: echo ${{ env.E0 }}\n    - {uses: actions/checkout@x, with: {ref: \"${{ env.E0 }}\"}}\n",
		"actions in circles":     "-- .github/workflows/w.yml --\non: push\npermissions: {}\njobs:\n  j:\n    steps:\n" + steps.String() + "-- .github/actions/a/action.yml --\n" + action,
		"aliases":                "-- .github/workflows/w.yml --\non: push\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\njobs: {j: {steps: [{env: *c, with: *c, uses: *c}]}}\n",
		"open expressions":       aWorkflow("issues", "steps:\n- run: \""+strings.Repeat("${{ (", n/5)+"\""),
		"many expressions":       aWorkflow("issues", "steps:\n- run: \"echo "+strings.Repeat("${{ github.event.issue.title }} ", n/32)+"\""),
		"open brackets":          aWorkflow("push", "steps:\n- run: \""+strings.Repeat("$((", n/3)+"\""),
		"groups":                 aWorkflow("push", "steps:\n- run: |\n    "+strings.Repeat("( a;", 4000)+strings.Repeat(")", 4000)),
		"printed words":          aWorkflow("push", "env: {A: \"${{ secrets.A }}\"}\nsteps:\n- run: \"echo "+strings.Repeat("$B ", n/3)+"\""),
		"actions of a template":  "-- a.html --\n<p>" + strings.Repeat("{{\"", n/3) + "\n",
		"braces of templ":        "-- a.templ --\n<p " + strings.Repeat("a={", n/3) + "\n",
		"tags":                   "-- a.html --\n" + strings.Repeat("<script src=//a.other.io/x>", n/27) + "\n",
		"attributes":             "-- a.html --\n<form><input " + strings.Repeat("a=b ", n/4) + ">\n",
		"comments of SQL":        "-- m/1.sql --\nCREATE TABLE a (" + strings.Repeat("token text /*x*/ /*y*/,", n/23) + "x int)\n",
		"open SQL":               "-- m/1.sql --\n" + strings.Repeat("ALTER TABLE a ADD (x text, \"y ", n/30) + "\n",
		"stages":                 "-- Dockerfile --\n" + strings.Repeat("FROM a AS b\nFROM b AS a\nUSER $X\n", 2000),
		"resources":              "-- a.tf --\n" + strings.Repeat("resource \"datadog_monitor\" \"x\" {\n", n/34),
		"GraphQL":                "-- s.graphql --\n" + strings.Repeat("type A {", n/8),
		"JSON":                   "-- openapi.json --\n{\"openapi\":" + strings.Repeat("[", n) + "\n",
		"Go":                     "-- x_test.go --\npackage x\nvar _ = " + strings.Repeat("(", 50_000) + "\n",
	} {
		start := time.Now()
		g := scanArchive(t, archive)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if testing.Verbose() {
			t.Logf("%s: %v, %d findings", name, took.Round(time.Millisecond), len(g.Findings))
		}
		for _, r := range g.Runs {
			if strings.Contains(r.Reason, "panicked") {
				t.Errorf("%s: %s", name, r.Reason)
			}
		}
	}
}

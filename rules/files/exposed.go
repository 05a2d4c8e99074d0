package files

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Secrets that leave a job

// firstSecret returns a value of the job, or of the workflow's environment, that
// holds a secret other than the job's token; nil when there is none.
func (jd *workflowJudge) firstSecret(w *workflow, j *job) *yaml.Node {
	var found *yaml.Node
	for _, root := range []*yaml.Node{j.node, w.env} {
		scalars(root, func(_ []string, v *yaml.Node) {
			if found == nil && slices.ContainsFunc(secretsOf(v.Value), func(name string) bool { return name != "github_token" }) {
				found = v
			}
		})
	}
	return found
}

// secretsOf lists the secrets whose text the expressions of a text hold; "*" are
// all of them.
func secretsOf(text string) []string {
	var out []string
	for _, e := range embeddedExprs(text) {
		parsed, ok := parseExpr(e.inner)
		if !ok {
			continue
		}
		for _, f := range parsed.flows() {
			switch {
			case f.path[0] != "secrets":
			case len(f.path) > 1:
				out = append(out, f.path[1])
			case f.whole:
				out = append(out, "*")
			}
		}
	}
	return out
}

// exposures looks for secrets that leave the job.
func (jd *workflowJudge) exposures(w *workflow, j *job) {
	if scalar(j.secrets) == "inherit" {
		if a, ok := parseUses(j.uses); ok && a.local == "" && a.image == "" && (jd.owner == "" || a.owner != jd.owner) {
			class := rules.Violation
			if jd.owner == "" {
				class = rules.Review // it may be the repository's own
			}
			jd.add(exposedRule, class, fmt.Sprintf("every secret is handed to %s, a workflow of another owner; pass the ones it needs by name", quote(a.name())), w.place(j.secrets, j), "inherit", a.name())
		}
	}
	scalars(j.node, func(_ []string, v *yaml.Node) {
		if slices.Contains(secretsOf(v.Value), "*") {
			jd.add(exposedRule, rules.Violation, "`toJSON(secrets)` hands every secret over at once; pass the ones that are needed by name", w.place(v, j), "all")
		}
	})
	for _, st := range j.steps {
		jd.printed(scope{jd.set, jd.inputs, w, j, st})
	}
}

// printers are commands that write their arguments to the log.
var printers = []string{"echo", "printf", "write-host", "write-output"}

// encoders turn text into a form that GitHub's masking does not know.
var encoders = []string{"base64", "rev", "xxd", "od", "hexdump", "base32", "fold", "openssl"}

// printed looks for commands that print a secret.
func (jd *workflowJudge) printed(sc scope) {
	run := sc.s.run
	if run == nil || run.Kind != yaml.ScalarNode {
		return
	}
	switch shell := strings.Fields(scalar(sc.s.shell)); {
	case len(shell) > 0 && (shell[0] == "python" || shell[0] == "node" || shell[0] == "perl"):
		return
	}
	script, exprs := maskExprs(run.Value)
	all := commands(script)
	for i, c := range all {
		name, args := c.name()
		if !slices.Contains(printers, strings.ToLower(name)) || c.into {
			continue
		}
		how := ""
		if c.piped {
			last := i + 1
			for last < len(all)-1 && all[last].piped {
				last++
			}
			if last >= len(all) || all[last].into || all[last].piped {
				continue
			}
			encoder, _ := all[last].name()
			if !slices.Contains(encoders, encoder) || slices.ContainsFunc(all[last].words, func(w string) bool { return w == "-d" || w == "--decode" || w == "-D" || w == "-out" }) {
				continue
			}
			how = ", encoded so that it is not masked"
		}
		text := strings.Join(args, " ")
		if strings.Contains(text, "::add-mask::") || strings.Contains(text, "::set-output") || strings.Contains(text, "::save-state") {
			continue
		}
		secret := ""
		if names := secretsOf(unmask(text, exprs)); len(names) > 0 && names[0] != "*" {
			secret = names[0]
		}
		if secret == "" {
			secret = sc.secretVariable(args)
		}
		if secret == "" {
			continue
		}
		at := sc.w.line(run, c.line)
		at.Symbol = sc.w.place(run, sc.j).Symbol
		jd.add(exposedRule, rules.Violation, fmt.Sprintf("the script prints the secret %s%s; every reader of the log may get it", quote(strings.ToUpper(secret)), how), at, "printed", secret)
	}
}

// secretVariable returns the secret whose value one of the words expands to. Of
// a command as long as nobody writes it, the beginning is looked at.
func (sc scope) secretVariable(words []string) string {
	type entry struct{ name, secret string }
	var entries []entry
	for _, env := range sc.envs() {
		for k, v := range pairs(env) {
			if names := secretsOf(v.Value); len(names) > 0 && len(entries) < 200 {
				entries = append(entries, entry{k.Value, names[0]})
			}
		}
	}
	for _, word := range words[:min(len(words), 500)] {
		if strings.HasPrefix(word, "'") {
			continue // not expanded
		}
		for _, e := range entries {
			for _, form := range []string{"${" + e.name, "$env:" + e.name, "$" + e.name} {
				_, rest, found := strings.Cut(word, form)
				// ${X:+set} gives another text.
				if found && (rest == "" || !nameByte(rest[0]) && !(form[1] == '{' && (rest[0] == '+' || strings.HasPrefix(rest, ":+")))) {
					return e.secret
				}
			}
		}
	}
	return ""
}

// maskExprs replaces the expressions of a script by words that no shell takes
// apart.
func maskExprs(script string) (masked string, exprs []embedded) {
	var b strings.Builder
	from := 0
	for i, e := range embeddedExprs(script) {
		exprs = append(exprs, e)
		b.WriteString(script[from:e.start])
		fmt.Fprintf(&b, "__expr%d__", i)
		from = e.start + len(e.text)
	}
	b.WriteString(script[from:])
	return b.String(), exprs
}

// maskedExpr is what maskExprs writes.
var maskedExpr = regexp.MustCompile(`__expr([0-9]{1,9})__`)

// unmask puts the expressions back.
func unmask(text string, exprs []embedded) string {
	return maskedExpr.ReplaceAllStringFunc(text, func(word string) string {
		i, err := strconv.Atoi(strings.Trim(word, "_expr"))
		if err != nil || i >= len(exprs) {
			return word
		}
		return exprs[i].text
	})
}

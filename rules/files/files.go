// Package files holds the rules over everything that is not Go code.
//
// Contract: [Scan] takes the files of one commit ([tree.Tree]) and what the
// scan knows beside them ([Options]), and returns how every verifier of the
// package ended, what speaks against and for the controls, and what was looked
// for in vain. It is the whole interface; [APIOperations] lets the scan read
// API documents the way the package does, and [Rules] describes what is
// flagged.
//
//	workflows, action.yml ─► workflow ─┬─► MKT902/…        (repo-hardening, no-secrets-in-repo)
//	goreleaser, scripts ───────────────┴─► files:workflows  (ci-security-gates, signed-updates)
//	pages, templates ──────► page ─────┬─► MKT506, MKT507   (sri-static-client, csp)
//	scripts of browsers ───────────────┴─► files:html       (input-validation-client)
//	Dockerfile, Containerfile ─► buildkit's parser ─► MKT901 (secure-coding-baseline)
//	compose, Kubernetes, Helm, Terraform, scripts, pages ─► files:hosts (services-declared)
//	*.sql, schema.prisma ──► columns ─────► files:migrations (no-plaintext-secrets-storage)
//	alert rules ───────────► files:alert-rules  (log-monitoring)
//	OpenAPI, GraphQL ──────► files:api-schema   (allowlist-api-surface)
//	*_test.go, workflows ──► run:production-calls (production-safety)
//
// Promises:
//
//   - Every verifier leaves a run, whatever the files say. A file that is too
//     large, that cannot be read or understood, or that the commit has and the
//     folder has not makes the run of each verifier that needed it incomplete,
//     by name; a reader that panics costs its own verifiers only.
//   - What is not known is not guessed: a template action, an expression or a
//     variable in an attribute, an address or an image is unknown, neither safe
//     nor unsafe, and unknown makes no finding and no proof.
//   - A finding stands at the line and column of what it is about. Its identity
//     rests on names and texts, never on lines and never on a secret's value.
//   - The same files give the same result, in the same order.
//
// It never runs, renders or fetches anything, follows no reference out of the
// tree, and reads no more than the limits beside each reader allow. It does not
// look for secrets itself: that is the work of the package below it.
package files

import (
	"context"
	"fmt"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/files/secrets"
	"github.com/staylisted/staylisted/rules/tree"
)

// Options say what [Scan] is to compare with. What is left out is unknown.
type Options struct {
	Now time.Time
	// Repository is "owner/name" on GitHub: actions of the same owner may be
	// named by a tag.
	Repository string
	// Services are hosts the policy declares, for the rule about undeclared ones.
	Services []string
	// Endpoints are the URLs of the product's own endpoints, as the policy
	// declares them: what comes from there is the product's own.
	Endpoints []string
	// Marketplace names the marketplace whose production API answers at a host,
	// or "".
	Marketplace func(host string) string
	// Credential reports whether a value of that name is a password, token or key
	// in the clear: the word model of rules/code.
	Credential func(name string) bool
	// History, when not nil, hands over every blob of the git history once.
	History func(ctx context.Context, each func(Blob) error) error
}

// A Blob is one version of a file in the git history.
type Blob = secrets.Blob

// A family is verifiers that read the same files.
type family struct {
	verifiers []string
	run       func(*repository) rules.Gathered
}

// families lists every family of the package.
func families() []family {
	return []family{
		{[]string{workflowRule, workflowsVerifier}, (*repository).workflows},
		{[]string{sriRule, inlineRule, htmlVerifier}, (*repository).pages},
		{[]string{dockerRule}, (*repository).images},
		{[]string{hostsVerifier}, (*repository).hosts},
		{[]string{migrationsVerifier}, (*repository).migrations},
		{[]string{alertsVerifier}, (*repository).alertRules},
		{[]string{schemaVerifier}, (*repository).apiSchema},
		{[]string{productionVerifier}, (*repository).productionCalls},
	}
}

// Scan looks at the files of a repository. When ctx ends, what was not looked
// at is incomplete.
func Scan(ctx context.Context, t *tree.Tree, opts Options) rules.Gathered {
	g := structured(ctx, t, opts)
	g.Add(secrets.Scan(ctx, t, secrets.Options{Now: opts.Now, History: opts.History}))
	return g
}

// structured looks at the files whose form it knows.
func structured(ctx context.Context, t *tree.Tree, opts Options) rules.Gathered {
	g := rules.Gathered{Rules: Rules()}
	r := &repository{ctx: ctx, tree: t, opts: opts}
	for _, f := range families() {
		g.Add(f.contained(r))
	}
	return g
}

// contained runs a family and turns a panic into an incomplete run: the text
// that is read is hostile, and so are the bugs of the readers it meets.
func (f family) contained(r *repository) (g rules.Gathered) {
	defer func() {
		if p := recover(); p != nil {
			g = rules.Gathered{}
			g.Broken(fmt.Sprintf("reading the files panicked: %s. This is a defect of staylisted; please report it", cut(printable(fmt.Sprint(p)), 200)), f.verifiers...)
		}
	}()
	return f.run(r)
}

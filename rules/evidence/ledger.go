package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Words of a ledger entry's `store`.
var (
	unsafeStores = []string{"repo", "repository", "git", "code", "source", "hardcoded", "wiki", "confluence", "notion", "slack", "chat", "email", "mail", "spreadsheet", "excel", "sheet", "doc", "docs", "plaintext", "paper", "none"}
	safeStores   = []string{"vault", "secretsmanager", "secretmanager", "secret", "secrets", "ssm", "keyvault", "kms", "hsm", "1password", "onepassword", "doppler", "infisical", "bitwarden", "akeyless", "cyberark",
		"conjur", "sops", "sealed", "kubernetes", "k8s", "env", "environment", "heroku", "vercel", "netlify", "fly", "render", "railway", "cloudflare", "parameter", "keychain", "keyring", "actions", "lambda", "ecs", "systemd"}
)

// storeKind says whether a store is safe for a secret, or neither is clear.
// "github-actions" and "aws-secretsmanager" are, "git-repo" is not.
func secretStore(name string) (safe, unsafe bool) {
	w := splitWords(name)
	encrypted := anyWord(w, []string{"sops", "sealed", "vault"}) // what they keep may lie in git
	switch {
	case anyWord(w, safeStores) && anyWord(w, unsafeStores) && !encrypted:
		return false, false // "env file in git"
	case anyWord(w, safeStores):
		return true, false
	case anyWord(w, unsafeStores):
		return false, true
	}
	return false, false
}

// secretName takes away what differs between the name code reads and the name
// in a store: case, the kind of separator, and the folders of a path.
func secretName(s string) string {
	if i := strings.LastIndexAny(s, "/:"); i >= 0 {
		s = s[i+1:]
	}
	return strings.Join(splitWords(s), "_")
}

// usedSecrets returns the names of environment variables and settings that the
// code reads as secrets, and whether there are others without a readable name.
func (d *declared) usedSecrets() (names []string, others int) {
	for _, it := range d.facts["secrets-used"].Items {
		switch {
		case unresolved(it):
			others++
		case strings.HasSuffix(it.Detail, "env") || strings.HasSuffix(it.Detail, "Env") || strings.Contains(it.Detail, "viper."):
			names = append(names, it.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), others
}

// unlisted returns the secrets the code reads that the ledger does not have.
func (d *declared) unlisted() []string {
	used, _ := d.usedSecrets()
	return slices.DeleteFunc(used, func(name string) bool {
		return slices.ContainsFunc(d.f.Secrets, func(s Secret) bool { return secretName(s.Name) == secretName(name) })
	})
}

// ledgerSnippet proposes entries for secrets.
func (d *declared) ledgerSnippet(names []string) string {
	if len(names) == 0 {
		names = []string{"API_CLIENT_SECRET"}
	}
	var b strings.Builder
	b.WriteString("secrets:")
	for _, n := range names[:min(len(names), 3*maxNamed)] {
		fmt.Fprintf(&b, "\n  - {name: %s, store: its-vault, owner: \"@login\", rotated: YYYY-MM-DD, max-age: 90d}", scalar(n))
	}
	return b.String()
}

// lackSecrets tells which secrets the ledger misses and reports whether it
// misses any, or is empty.
func (d *declared) lackSecrets(verifier, control string) bool {
	missing := d.unlisted()
	switch {
	case len(missing) > 0:
		d.lack(verifier, control, nil, fmt.Sprintf("The code reads secrets that the ledger does not list: %s.", namesOf(missing)), d.ledgerSnippet(missing))
	case len(d.f.Secrets) == 0:
		d.lack(verifier, control, nil, "The ledger of secrets is empty: write for each secret where it lives, who owns it and when it was replaced; never its value.", d.ledgerSnippet(nil))
	default:
		return false
	}
	return true
}

// namesOf lists names of environment variables, which are no secrets.
func namesOf(names []string) string {
	out := make([]string, 0, maxNamed)
	for _, n := range names[:min(len(names), 2*maxNamed)] {
		out = append(out, printable(n))
	}
	if n := len(names) - 2*maxNamed; n > 0 {
		out = append(out, fmt.Sprintf("%d more", n))
	}
	return strings.Join(out, ", ")
}

// secrets proves where the secrets live: all the code reads are in the ledger,
// each in a store that is known to keep them.
func (d *declared) secrets() {
	const control = "secret-store"
	if d.lackSecrets(secretsVerifier, control) {
		return
	}
	ok := true
	for _, s := range d.f.Secrets {
		switch safe, unsafe := secretStore(s.Store); {
		case unsafe:
			ok = false
			d.flag("policy:secrets/unsafe-store", fmt.Sprintf("%s is declared to be kept in %s", quoted(s.Name), quoted(s.Store)), s.Pos, nil, s.Name)
		case !safe:
			ok = false
			d.lack(secretsVerifier, control, nil, fmt.Sprintf("The ledger keeps %s in %s, which is not a store for secrets that is known here. Name the vault or secret manager, or attest how it is kept.", quoted(s.Name), quoted(s.Store)),
				fmt.Sprintf("secrets:\n  - {name: %s, store: \"<vault or secret manager>\", owner: %s, rotated: %s}", scalar(s.Name), scalar(s.Owner), s.Rotated.Format(time.DateOnly)))
		}
	}
	if ok {
		text := fmt.Sprintf("the %d secrets of the ledger live in stores for secrets", len(d.f.Secrets))
		used, others := d.usedSecrets()
		if len(used) > 0 {
			text += fmt.Sprintf(", among them the %d the code reads", len(used))
		}
		if others > 0 {
			text += fmt.Sprintf("; %d places read a name that is only known at run time", others)
		}
		d.prove(rules.Observation{Verifier: secretsVerifier, Control: control, Link: d.f.Name, Text: text})
	}
}

// secretAge is what requirements bound the age of secrets by.
const secretAge = "secret-age-days"

// judgedFor is how long evidence is judged after it was gathered: what a number
// will be by then must be there (catalogue §2.1: a run counts for seven days).
const judgedFor = 7 * day

// rotation proves that secrets are rotated when all are in the ledger, measured
// on the oldest. Each that is, or within a week will be, older than some
// requirement allows is a finding, which speaks against the requirements whose
// limit it has passed (decision G8).
func (d *declared) rotation() {
	const control = "secret-rotation"
	uses := d.uses(control)
	for _, s := range d.f.Secrets {
		age := rules.Measurement{Name: secretAge, Since: s.Rotated}
		soon := age.At(d.in.Now.Add(judgedFor)).Value
		if slices.ContainsFunc(uses, func(u use) bool { most, set := u.Maximum[secretAge]; return set && soon > most }) {
			d.flag(rotationVerifier, fmt.Sprintf("%s was last rotated on %s", quoted(s.Name), s.Rotated.Format(time.DateOnly)), s.Pos, &age, s.Name)
		}
		if s.MaxAge.Length > 0 && d.in.Now.Sub(s.Rotated) > s.MaxAge.Length {
			d.note(s.Pos, fmt.Sprintf("%s is older than its own max-age of %s", quoted(s.Name), s.MaxAge.Text))
		}
	}
	if d.lackSecrets(rotationVerifier, control) {
		return
	}
	oldest := slices.MinFunc(d.f.Secrets, func(a, b Secret) int { return a.Rotated.Compare(b.Rotated) })
	for _, u := range uses {
		most, bounded := u.Maximum[secretAge]
		var slow []string
		for _, s := range d.f.Secrets {
			if bounded && s.MaxAge.Length > time.Duration(most)*day {
				slow = append(slow, s.Name)
			}
		}
		if len(slow) > 0 {
			d.lack(rotationVerifier, control, []string{u.ID}, fmt.Sprintf("The ledger plans to rotate %s less often than every %g days (`max-age`), which is the most %s allows.", named(slow), most, u.ID),
				fmt.Sprintf("secrets:\n  - {name: %s, store: \"<vault or secret manager>\", owner: %s, rotated: YYYY-MM-DD, max-age: %gd}", scalar(slow[0]), scalar("@login"), most))
			continue
		}
		if age := (rules.Measurement{Name: secretAge, Since: oldest.Rotated}).At(d.in.Now).Value; bounded && age > most {
			d.lack(rotationVerifier, control, []string{u.ID}, fmt.Sprintf("The oldest secret of the ledger, %s, was last rotated %g days ago; %s allows %g.", quoted(oldest.Name), age, u.ID, most), d.ledgerSnippet([]string{oldest.Name}))
		}
		d.prove(rules.Observation{Verifier: rotationVerifier, Control: control, For: []string{u.ID}, Link: d.f.Name, Measure: &rules.Measurement{Name: secretAge, Since: oldest.Rotated},
			Text: fmt.Sprintf("the oldest of %d secrets in the ledger was rotated on %s", len(d.f.Secrets), oldest.Rotated.Format(time.DateOnly))})
	}
}

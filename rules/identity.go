package rules

import (
	"cmp"
	"slices"
	"strings"
)

// A Trace is what is remembered of a finding in code so that it can be
// recognised after its file or its function got another name.
type Trace struct {
	Key    string `json:"key"`    // the fingerprint it had
	Family string `json:"family"` // rule without its variant, "G402"
	Path   string `json:"path"`
	Symbol string `json:"symbol,omitempty"`
	Tokens string `json:"tokens,omitempty"` // digest of the normalised statement tokens
}

// TraceOf returns the trace of a finding in code.
func TraceOf(f *Finding) Trace {
	return Trace{Key: f.Fingerprint, Family: Family(f.Rule), Path: f.Location.Path, Symbol: f.Location.Symbol, Tokens: f.Tokens}
}

// Family returns a rule's id without its variant: "G402/skip-verify" is of the
// family "G402".
func Family(rule string) string {
	family, _, _ := strings.Cut(rule, "/")
	return family
}

// Names returns the names under which a suppression may mean a rule: its id, its
// family, and for our rules over the calls of gosec's taint rules the id of that
// rule. Both ask one question of one call, so an answer given to one of them
// holds for the other (catalogue §2.4, MKT203: deduped with G7xx). The same is
// true of a credential in a Go file, which gosec's G101 asks about as well.
func Names(rule string) []string {
	names := []string{rule, Family(rule)}
	switch rule {
	case "MKT203/sql", "MKT201":
		names = append(names, "G701")
	case "MKT203/command", "MKT203/argument":
		names = append(names, "G702")
	case "MKT203/path":
		names = append(names, "G703")
	case "MKT203/ssrf", "MKT508":
		names = append(names, "G704")
	case "MKT203/xss", "MKT208":
		names = append(names, "G705")
	case "MKT203/log", "MKT707":
		names = append(names, "G706")
	case "MKT203/smtp":
		names = append(names, "G707")
	case "MKT203/template", "MKT207":
		names = append(names, "G708")
	case "MKT203/deserialisation":
		names = append(names, "G709")
	case "MKT203/redirect", "MKT504":
		names = append(names, "G710")
	}
	if Family(rule) == "MKT405" {
		names = append(names, "G101")
	}
	return names
}

// Moved pairs findings that vanished with findings that appeared in the same
// run (catalogue §4): the same rule family, and the same statement tokens or
// the same enclosing symbol. Each is used once; the closest resemblance wins,
// and the order of the arguments does not matter. The result maps the key of an
// appeared finding to the key of the vanished one whose clock it continues.
func Moved(vanished, appeared []Trace) map[string]string {
	type pair struct {
		score    int
		old, new Trace
	}
	var pairs []pair
	for _, o := range vanished {
		for _, n := range appeared {
			if score := o.likeness(n); score > 0 {
				pairs = append(pairs, pair{score, o, n})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score),
			cmp.Compare(a.old.Path, b.old.Path), cmp.Compare(a.new.Path, b.new.Path),
			cmp.Compare(a.old.Key, b.old.Key), cmp.Compare(a.new.Key, b.new.Key))
	})
	moved, used := map[string]string{}, map[string]bool{}
	for _, p := range pairs {
		if _, taken := moved[p.new.Key]; !taken && !used[p.old.Key] {
			moved[p.new.Key] = p.old.Key
			used[p.old.Key] = true
		}
	}
	return moved
}

// likeness grades how surely n is o in another place; 0 means that it is not.
func (o Trace) likeness(n Trace) int {
	tokens := o.Tokens != "" && o.Tokens == n.Tokens
	symbol := o.Symbol != "" && o.Symbol == n.Symbol
	if o.Family != n.Family || !tokens && !symbol {
		return 0
	}
	score := 1
	if tokens {
		score += 4
	}
	if symbol {
		score += 2
	}
	if o.Path == n.Path {
		score++
	}
	return score
}

// ProvesAbsence reports whether a finding of the rule that is not in the
// evidence is gone: the rule ran to the end and nothing that it reads was left
// out. Otherwise the finding stays open. The caller compares rule packs.
func (e *Evidence) ProvesAbsence(verifier string, code bool) bool {
	complete := false
	for _, run := range e.Runs {
		if run.Verifier == verifier || run.Verifier == Family(verifier) {
			if run.State != Complete {
				return false
			}
			complete = true
		}
	}
	return complete && (!code || len(e.Coverage.missing()) == 0)
}

package code

import (
	"fmt"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt402 flags personal data that is written to a log. It is silent until the
// policy file lists what personal data the product holds: only then is it known
// what counts.
func mkt402() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT402",
		Name:     "pii-in-log",
		Title:    "Personal data is written to a log",
		Class:    rules.Review,
		Controls: []string{"no-plaintext-secrets-logs"},
		CWE:      []int{532, 359},
		Vector:   v43c,
		Flags: "A value named like personal data that the policy file lists under `data` as pii or pii-high, or like an e-mail address, telephone number, date of birth, social security, passport or card number, " +
			"that reaches a log, the standard output, a panic or a span's attributes. A listed \"contact email\" matches `contactEmail` and `contact.Email`. Without a `data` section the rule is off.",
		Safe: "A call whose name says redact, mask, hash or pseudonymize, a taught redactor, a type that masks itself, pseudonymous ids (a user id), `len`, a comparison; addresses of the product itself " +
			"(support, sender, no-reply).",
		Remediation: "Log the id of the person instead, or a keyed hash that only your product can resolve.",
		Wrong:       "slog.Info(\"invited\", \"email\", contact.Email)",
		Right:       "slog.Info(\"invited\", \"contact\", contact.ID)",
		Frameworks:  []string{"log", "log/slog", "fmt", "uber-go/zap", "rs/zerolog", "sirupsen/logrus", "k8s.io/klog", "golang/glog", "go-logr/logr", "opentelemetry", "getsentry/sentry-go", "own packages named log or logger"},
	}, nil, nil, runMKT402)
}

func runMKT402(p *pkg) []Hit {
	if len(p.opts.Personal) == 0 {
		return nil
	}
	match := personalNames(p.opts.Personal)
	var hits []Hit
	p.logSinks(func(s *logSink) {
		if p.support[p.fset.File(s.call.Pos())] || constantArgs(p, s.args) || s.printed && p.commandLine() {
			return
		}
		q := p.secretModel().ask()
		q.personal, q.byName, q.tagged = true, match, s.tagged
		for i, a := range s.args {
			u := q.in(a)
			if u == nil && i < len(s.keys) && s.keys[i] != "" {
				u = q.namedValue(SplitName(s.keys[i]), s.keys[i], a)
			}
			if u == nil || s.attr && p.replacesAttrs() {
				continue
			}
			h := hitNode("MKT402", a, fmt.Sprintf("%s reaches %s; log an id instead", u.name, s.name))
			h.Steps = append(u.steps, Step{s.call.Pos(), "reaches " + s.name})
			hits = append(hits, h)
			return
		}
	})
	return hits
}

// personalNames returns a judge of names: those the policy lists, compared by
// words at the end of a name, and the names any language has for personal data.
func personalNames(listed []string) func(n, owner Name) sensitivity {
	var want []Name
	for _, l := range listed {
		if n := singularWords(SplitName(l)); len(n) > 0 {
			want = append(want, n)
		}
	}
	return func(n, owner Name) sensitivity {
		h := singularWords(n.head())
		if len(h) == 0 {
			return openValue
		}
		if n.Has(maskWords...) || n.Has("anonymous", "pseudonym") {
			return maskedValue
		}
		if h.turned() || n.Has(ownAddresses...) || owner.Has("config", "cfg", "smtp", "sender", "template") {
			return openValue
		}
		whole := append(singularWords(owner), h...)
		for _, w := range want {
			if h.endsIn(w...) || len(w) > len(h) && whole.endsIn(w...) {
				return sureSecret
			}
		}
		for _, w := range personalWords {
			if h.endsIn(w...) {
				return sureSecret
			}
		}
		return openValue
	}
}

// singularWords cuts the plural of the last word: "emails".
func singularWords(n Name) Name {
	if len(n) == 0 {
		return n
	}
	last := n[len(n)-1]
	if s, ok := strings.CutSuffix(last, "s"); ok && len(s) > 3 && !strings.HasSuffix(s, "s") && last != "address" {
		out := append(Name(nil), n...)
		out[len(out)-1] = s
		return out
	}
	return n
}

// ownAddresses say that an address is the product's own.
var ownAddresses = []string{"support", "noreply", "sender", "from", "system", "abuse", "smtp", "test", "example", "default"}

// personalWords end the names of personal data.
var personalWords = []Name{
	{"email"}, {"email", "address"}, {"mail", "address"}, {"phone"}, {"phone", "number"}, {"mobile", "number"}, {"telephone"}, {"ssn"}, {"social", "security", "number"}, {"date", "of", "birth"}, {"birth", "date"}, {"birthdate"},
	{"birthday"}, {"dob"}, {"passport"}, {"passport", "number"}, {"iban"}, {"credit", "card"}, {"card", "number"}, {"tax", "id"}, {"national", "id"}, {"home", "address"}, {"street", "address"}, {"postal", "address"},
}

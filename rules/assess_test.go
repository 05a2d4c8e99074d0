package rules

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const noon = "2026-03-10T12:00:00Z"

// TestAssess changes one thing of evidence that satisfies everything and looks
// at one requirement.
func TestAssess(t *testing.T) {
	code := codeFinding("MKT103", Violation, 5.9)
	review := codeFinding("MKT103", Review, 5.9)
	info := codeFinding("MKT103", Informational, 5.9)
	unscored := codeFinding("MKT103", Violation, 5.9)
	unscored.CVSS = nil
	variant := codeFinding("G402/skip-verify", Violation, 7.4)
	hsts := codeFinding("MKT105", Review, 4.2)
	hsts.Control, hsts.Measure = "hsts", &Measurement{Name: "hsts-max-age-seconds", Value: 86400}
	csrf := codeFinding("MKT501", Violation, 6.5)
	csrf.Control = "csrf"
	excused := func(f Finding, s Suppression) Finding { f.Suppressed = &s; return f }
	seen := func(day string, f Finding) map[string]History {
		return map[string]History{f.Fingerprint: {FirstSeen: at(day)}}
	}
	add := func(f ...Finding) func(*Evidence) {
		return func(e *Evidence) { e.Findings = append(e.Findings, f...) }
	}
	run := func(id string, state RunState, reason string) func(*Evidence) {
		return func(e *Evidence) {
			for i := range e.Runs {
				if e.Runs[i].Verifier == id {
					e.Runs[i] = VerifierRun{Verifier: id, State: state, Reason: reason}
				}
			}
		}
	}
	drop := func(id string) func(*Evidence) {
		return func(e *Evidence) {
			e.Runs = slices.DeleteFunc(e.Runs, func(r VerifierRun) bool { return r.Verifier == id })
			e.Observations = slices.DeleteFunc(e.Observations, func(o Observation) bool { return o.Verifier == id })
		}
	}
	fact := func(id string, state Ternary) func(*Evidence) {
		return func(e *Evidence) {
			e.Facts = slices.DeleteFunc(e.Facts, func(f Fact) bool { return f.ID == id })
			if state != "absent" {
				e.Facts = append(e.Facts, Fact{ID: id, State: state, Detail: "0 of 41 handlers"})
			}
		}
	}
	observe := func(id string, change func(*Observation)) func(*Evidence) {
		return func(e *Evidence) {
			for i := range e.Observations {
				if e.Observations[i].Verifier == id {
					change(&e.Observations[i])
				}
			}
		}
	}
	claim := func(id string) func(*Evidence) {
		return func(e *Evidence) {
			e.Policy.NotApplicable = append(e.Policy.NotApplicable, NotApplicableClaim{Requirement: id, Review: at("2026-06-01"), Where: "policy:7"})
		}
	}
	looked := func(id string, days int) func(*Evidence) {
		return func(e *Evidence) {
			for i := range e.Runs {
				if e.Runs[i].Verifier == id {
					e.Runs[i].At = e.ObservedAt.AddDate(0, 0, -days)
				}
			}
		}
	}
	policy := func(change func(*Policy)) func(*Evidence) { return func(e *Evidence) { change(&e.Policy) } }
	suppress := func(s PolicySuppression) func(*Evidence) {
		return policy(func(p *Policy) { p.Suppressions = append(p.Suppressions, s) })
	}
	sla := policy(func(p *Policy) { p.Gate = "sla" })
	languages := func(l ...LanguageCoverage) func(*Evidence) {
		return func(e *Evidence) { e.Coverage.Languages = l }
	}

	for _, tt := range []struct {
		name        string
		changes     []func(*Evidence)
		requirement string
		verdict     Verdict
		flags       []Flag
		reason      string // a part of some reason
	}{
		{"clean", nil, "T-TLS", Pass, nil, "No violation was found by G402 and MKT103."},
		{"clean, proof", nil, "T-DOC", Pass, nil, "Shown by document:architecture"},

		{"violation", []func(*Evidence){add(code)}, "T-TLS", Fail, nil, "MKT103, Title of MKT103 (medium 5.9) at db/open.go:12. Fix it."},
		{"violation, other control untouched", []func(*Evidence){add(code)}, "T-CSRF", Pass, nil, ""},
		{"violation without a score", []func(*Evidence){add(unscored)}, "T-TLS", Fail, nil, "at db/open.go:12"},
		{"variant of a rule", []func(*Evidence){add(variant)}, "T-TLS", Fail, nil, "G402/skip-verify"},
		{"review", []func(*Evidence){add(review)}, "T-TLS", NeedsEvidence, nil, "Review it"},
		{"informational", []func(*Evidence){add(info)}, "T-TLS", Pass, nil, ""},
		{"fail beats unknown", []func(*Evidence){add(code), drop("G402")}, "T-TLS", Fail, nil, "G402 did not run"},
		{"unknown beats review", []func(*Evidence){add(review), drop("G402")}, "T-TLS", Unknown, nil, "Review it"},
		{"worst of controls", []func(*Evidence){add(csrf)}, "T-BOTH", Fail, nil, "MKT501"},

		{"proof seen too long ago", []func(*Evidence){looked("run:oauth", 8)}, "T-OAUTH", Unknown, nil, "what it saw is older than 7 days"},
		{"proof seen six days ago", []func(*Evidence){looked("run:oauth", 6)}, "T-OAUTH", Pass, nil, ""},

		{"did not run", []func(*Evidence){drop("G402")}, "T-TLS", Unknown, nil, "G402 did not run on this commit. Run a complete scan."},
		{"not run, with reason", []func(*Evidence){run("G402", NotRun, "switched off")}, "T-TLS", Unknown, nil, "G402 did not run: switched off."},
		{"zero run state", []func(*Evidence){run("G402", "", "")}, "T-TLS", Unknown, nil, "G402 did not run"},
		{"broken", []func(*Evidence){run("G402", Broken, "it panicked")}, "T-TLS", Unknown, nil, "G402 did not run to the end: it panicked."},
		{"broken without reason", []func(*Evidence){run("G402", Broken, "")}, "T-TLS", Unknown, nil, "no reason was recorded."},
		{"one of two runs broken", []func(*Evidence){func(e *Evidence) {
			e.Runs = append(e.Runs, VerifierRun{Verifier: "G402", State: Broken, Reason: "in module b"})
		}}, "T-TLS", Unknown, nil, "in module b"},
		{"gap", []func(*Evidence){func(e *Evidence) { e.Coverage.Gaps = []Gap{{Subject: "example.com/app/db"}} }}, "T-TLS", Unknown, nil, "example.com/app/db"},
		{"gap without a gap entry", []func(*Evidence){func(e *Evidence) { e.Coverage.Modules[0].Packages.Analysed = 3 }}, "T-TLS", Unknown, nil, "module example.com/app"},
		{"gap leaves documents alone", []func(*Evidence){func(e *Evidence) { e.Coverage.Gaps = []Gap{{Subject: "x"}} }}, "T-DOC", Pass, nil, ""},
		{"gap blocks not applicable", []func(*Evidence){fact("cookie-auth", False), func(e *Evidence) { e.Coverage.Gaps = []Gap{{Subject: "x"}} }}, "T-CSRF", Unknown, nil, "Not all code"},

		{"uncovered language, fact", []func(*Evidence){fact("uncovered-language", True)}, "T-TLS", NeedsEvidence, nil, "0 of 41 handlers"},
		{"uncovered language, undecided", []func(*Evidence){fact("uncovered-language", Undecided)}, "T-TLS", Unknown, nil, "was not determined"},
		{"uncovered language, no fact", []func(*Evidence){fact("uncovered-language", "absent")}, "T-TLS", Unknown, nil, "was not determined"},
		{"uncovered language, listed", []func(*Evidence){languages(LanguageCoverage{Language: "Python"})}, "T-TLS", NeedsEvidence, nil, "Python"},
		{"uncovered language, analysed for the weakness", []func(*Evidence){fact("uncovered-language", True), languages(LanguageCoverage{Language: "Python", Covered: true, CWE: []int{295}})}, "T-TLS", Pass, nil, ""},
		{"uncovered language, analysed for something else", []func(*Evidence){languages(LanguageCoverage{Language: "Python", Covered: true, CWE: []int{352}})}, "T-TLS", NeedsEvidence, nil, "Python"},
		{"uncovered language leaves documents alone", []func(*Evidence){fact("uncovered-language", True)}, "T-DOC", Pass, nil, ""},

		{"not applicable", []func(*Evidence){fact("cookie-auth", False)}, "T-CSRF", NotApplicable, nil, "Does not apply: no route is authenticated by a cookie. Found: no cookie-auth (0 of 41 handlers); no uncovered-language."},
		{"undecided fact grants nothing", []func(*Evidence){fact("cookie-auth", Undecided)}, "T-CSRF", Pass, nil, ""},
		{"absent fact grants nothing", []func(*Evidence){fact("cookie-auth", "absent")}, "T-CSRF", Pass, nil, ""},
		{"two facts that disagree", []func(*Evidence){fact("cookie-auth", False), func(e *Evidence) { e.Facts = append(e.Facts, Fact{ID: "cookie-auth"}) }}, "T-CSRF", Pass, nil, ""},
		{"a finding shows that it applies", []func(*Evidence){fact("cookie-auth", False), add(csrf)}, "T-CSRF", Fail, nil, "MKT501"},
		{"claim with facts", []func(*Evidence){fact("cookie-auth", False), claim("T-CSRF")}, "T-CSRF", NotApplicable, nil, ""},
		{"claim against a fact", []func(*Evidence){claim("T-CSRF")}, "T-CSRF", NeedsEvidence, nil, "Disputed: policy:7 says that this does not apply, but the scan found cookie-auth"},
		{"claim without a fact", []func(*Evidence){fact("cookie-auth", "absent"), claim("T-CSRF")}, "T-CSRF", NeedsEvidence, nil, "could not decide cookie-auth"},
		{"claim against a finding", []func(*Evidence){fact("cookie-auth", False), claim("T-CSRF"), add(csrf)}, "T-CSRF", Fail, nil, "a finding shows that it applies"},
		{"claim on partly read code", []func(*Evidence){fact("cookie-auth", False), claim("T-CSRF"), func(e *Evidence) { e.Coverage.Gaps = []Gap{{Subject: "x"}} }}, "T-CSRF", Unknown, nil, "part of the code was not analysed"},
		{"claim where nothing can show it", []func(*Evidence){claim("T-TLS")}, "T-TLS", NeedsEvidence, nil, "nothing the scan can compute"},
		{"declared without claim", []func(*Evidence){fact("personal-data", False)}, "T-CONSENT", Pass, nil, ""},
		{"declared with claim", []func(*Evidence){fact("personal-data", False), claim("T-CONSENT")}, "T-CONSENT", NotApplicable, nil, "Declared in policy:7."},
		{"declared, review passed", []func(*Evidence){fact("personal-data", False), policy(func(p *Policy) {
			p.NotApplicable = []NotApplicableClaim{{Requirement: "T-CONSENT", Review: at("2026-03-09")}}
		})}, "T-CONSENT", Expired, nil, "due for review on 2026-03-09"},
		{"one control drops out", []func(*Evidence){fact("cookie-auth", False)}, "T-BOTH", Pass, nil, ""},

		{"proof missing", []func(*Evidence){func(e *Evidence) { e.Observations = nil }}, "T-DOC", NeedsEvidence, nil, "Write the architecture down."},
		{"proof could not be read", []func(*Evidence){drop("policy:secrets"), func(e *Evidence) {
			e.Runs = append(e.Runs, VerifierRun{Verifier: "policy:secrets", State: Broken, Reason: "403"})
		}}, "T-KEYS", Unknown, nil, "policy:secrets did not run to the end: 403."},
		{"proof expired", []func(*Evidence){observe("document:architecture", func(o *Observation) { o.Expires = at(noon) })}, "T-DOC", Expired, nil, "expired on 2026-03-10"},
		{"proof expires soon", []func(*Evidence){observe("document:architecture", func(o *Observation) { o.Expires = at("2026-03-24") })}, "T-DOC", Pass, []Flag{AtRisk}, "ends on 2026-03-24"},
		{"proof expires late", []func(*Evidence){observe("document:architecture", func(o *Observation) { o.Expires = at("2026-03-25T12:00:01Z") })}, "T-DOC", Pass, nil, ""},
		{"another proof lasts", []func(*Evidence){observe("document:architecture", func(o *Observation) { o.Expires = at("2026-03-12") }), func(e *Evidence) {
			e.Observations = append(e.Observations, Observation{Verifier: "document:architecture", Control: "docs"})
		}}, "T-DOC", Pass, nil, ""},
		{"proof from the future", []func(*Evidence){observe("document:architecture", func(o *Observation) { o.At = at("2026-03-12") })}, "T-DOC", NeedsEvidence, nil, ""},
		{"tag not accepted", []func(*Evidence){observe("run:oauth", func(o *Observation) { o.Tags = []string{"api-key"} })}, "T-OAUTH", NeedsEvidence, nil, "run:oauth and statement:access"},
		{"required verifier saw nothing", []func(*Evidence){observe("run:calls", func(o *Observation) { o.Tags = nil })}, "T-OAUTH", NeedsEvidence, nil, "run:calls"},
		{"age near its limit", []func(*Evidence){observe("policy:secrets", func(o *Observation) { o.Measure = &Measurement{Name: "secret-age-days", Value: 91} })}, "T-KEYS", Pass, []Flag{AtRisk}, "secret-age-days is 91"},
		{"age beyond its limit", []func(*Evidence){observe("policy:secrets", func(o *Observation) { o.Measure = &Measurement{Name: "secret-age-days", Value: 181} })}, "T-KEYS", NeedsEvidence, nil, ""},
		{"age of another name", []func(*Evidence){observe("policy:secrets", func(o *Observation) { o.Measure = &Measurement{Name: "other", Value: 999} })}, "T-KEYS", Pass, nil, ""},
		{"measured finding outside", []func(*Evidence){add(hsts)}, "T-HSTS-YEAR", NeedsEvidence, nil, "MKT105"},
		{"measured finding inside, near", []func(*Evidence){add(hsts)}, "T-HSTS-ANY", Pass, []Flag{AtRisk}, "near the limit"},

		{"no advisory data", []func(*Evidence){func(e *Evidence) { e.Advisories = AdvisorySource{} }}, "T-DEP", Unknown, nil, "there was no advisory data"},
		{"advisory data without a date", []func(*Evidence){func(e *Evidence) { e.Advisories.Modified = time.Time{} }}, "T-DEP", Unknown, nil, "how old"},
		{"advisory data too old", []func(*Evidence){func(e *Evidence) { e.Advisories.Modified = at("2026-03-03T12:00:00Z") }}, "T-DEP", Unknown, nil, "older than 7 days (2026-03-03)"},
		{"advisory data just good", []func(*Evidence){func(e *Evidence) { e.Advisories.Modified = at("2026-03-03T12:00:01Z") }}, "T-DEP", Pass, nil, ""},
		{"advisory data of tomorrow", []func(*Evidence){func(e *Evidence) { e.Advisories.Modified = at("2026-03-12") }}, "T-DEP", Unknown, nil, "has not come yet"},
		{"code does not need advisory data", []func(*Evidence){func(e *Evidence) { e.Advisories = AdvisorySource{} }}, "T-TLS", Pass, nil, ""},

		{"run too old", []func(*Evidence){func(e *Evidence) { e.ObservedAt = at("2026-03-03T12:00:00Z") }, add(code)}, "T-TLS", Unknown, nil, "older than 7 days (2026-03-03)"},
		{"run just good", []func(*Evidence){func(e *Evidence) { e.ObservedAt = at("2026-03-03T12:00:01Z") }, add(code)}, "T-TLS", Fail, nil, ""},
		{"run from the future", []func(*Evidence){func(e *Evidence) { e.ObservedAt = at("2026-03-11T12:00:01Z") }}, "T-TLS", Unknown, nil, "has not come yet"},
		{"run a little ahead", []func(*Evidence){func(e *Evidence) { e.ObservedAt = at("2026-03-11T12:00:00Z") }}, "T-TLS", Pass, nil, ""},

		{"dependency, known before", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-01-01", "2026-02-01"))}, "T-DEP", Fail, nil, "was out when this version came in on 2026-02-01. Upgrade to v1.0.1."},
		{"dependency, published the same instant", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-02-01", "2026-02-01"))}, "T-DEP", Fail, nil, ""},
		{"dependency, adoption unknown", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-03-01", ""))}, "T-DEP", Fail, nil, "git history does not show when this version came in"},
		{"dependency, publication unknown", []func(*Evidence){add(advisory("GHSA-1", 7.5, "", "2026-01-01"))}, "T-DEP", Fail, nil, "does not say when it was published"},
		{"dependency, grace without record", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-03-01", "2026-01-01"))}, "T-DEP", Pass, []Flag{AtRisk, InSLA}, "GHSA-1, Something bad (high 7.5) at example.org/m@v1.0.0: to be fixed by 2026-04-12. Upgrade to v1.0.1."},
		{"dependency, grace over without record", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-01-26", "2026-01-01"))}, "T-DEP", Fail, nil, "it was due on 2026-03-09"},
		{"dependency, record is later than publication", []func(*Evidence){add(advisory("GHSA-1", 7.5, "2026-01-26", "2026-01-01")), policy(func(p *Policy) {
			p.Reported = []ReportedDate{{Finding: "GHSA-1", Reported: at("2026-02-20")}}
		})}, "T-DEP", Pass, []Flag{AtRisk, InSLA}, "2026-04-03"},
		{"dependency below the band", []func(*Evidence){add(advisory("GHSA-1", 5.0, "2026-01-01", "2026-02-01"))}, "T-DEP", Pass, nil, ""},
		{"dependency without a score is high", []func(*Evidence){func(e *Evidence) {
			f := advisory("GHSA-1", 0, "2026-01-01", "2026-02-01")
			f.CVSS = nil
			e.Findings = append(e.Findings, f)
		}}, "T-DEP", Fail, nil, "(high 7.0)"},
		{"dependency without a fix", []func(*Evidence){func(e *Evidence) {
			f := advisory("GHSA-1", 9, "2026-01-01", "2026-02-01")
			f.Advisory.Fixed, f.Advisory.Version = "", ""
			e.Findings = append(e.Findings, f)
		}}, "T-DEP", Fail, nil, "at example.org/m: the advisory of 2026-01-01 was out when this version came in on 2026-02-01. No fixed version is known"},
		{"dependency stated not affected", []func(*Evidence){add(advisory("GHSA-1", 9, "2026-01-01", "2026-02-01")),
			suppress(PolicySuppression{Rule: "GHSA-1", Kind: "not-affected", Expires: at("2026-05-01"), Where: "policy:3"})}, "T-DEP", Pass, []Flag{Exception}, "excused as not-affected until 2026-05-01"},

		{"gate strict", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-03-01", code) }}, "T-TLS", Fail, nil, ""},
		{"gate sla with record", []func(*Evidence){add(code), sla, func(e *Evidence) { e.History = seen("2026-03-01", code) }}, "T-TLS", Pass, []Flag{AtRisk, InSLA}, "to be fixed by 2026-04-26"},
		{"gate sla, overdue", []func(*Evidence){add(code), sla, func(e *Evidence) { e.History = seen("2026-01-01", code) }}, "T-TLS", Fail, nil, "it was due on 2026-02-26"},
		{"gate sla without record", []func(*Evidence){add(code), sla}, "T-TLS", Fail, nil, "no report date is recorded"},
		{"gate sla, record in the policy", []func(*Evidence){add(code), sla, policy(func(p *Policy) {
			p.Reported = []ReportedDate{{Finding: "MKT103", Reported: at("2026-03-02")}, {Reported: at("2020-01-01")}, {Finding: "MKT999", Reported: at("2020-01-01")}}
		})}, "T-TLS", Pass, []Flag{AtRisk, InSLA}, "2026-04-27"},
		{"gate sla, a report date that has not come", []func(*Evidence){add(code), sla, policy(func(p *Policy) {
			p.Reported = []ReportedDate{{Finding: "MKT103", Reported: at("2026-04-02")}}
		})}, "T-TLS", Fail, nil, "no report date is recorded"},
		{"gate sla does not help a known bad dependency", []func(*Evidence){sla, add(advisory("GHSA-1", 7.5, "2026-01-01", "2026-02-01"))}, "T-DEP", Fail, nil, ""},
		{"gate sla does not help without a score", []func(*Evidence){add(unscored), sla}, "T-TLS", Fail, nil, ""},

		{"in-source suppression", []func(*Evidence){add(excused(code, Suppression{Kind: "false-positive", Expires: "2026-03-10"}))}, "T-TLS", Pass, []Flag{Exception}, "excused as false-positive until 2026-03-10"},
		{"in-source suppression without end", []func(*Evidence){add(excused(code, Suppression{Kind: "false-positive"}))}, "T-TLS", Pass, []Flag{Exception}, "without an end"},
		{"in-source suppression over", []func(*Evidence){add(excused(code, Suppression{Kind: "false-positive", Expires: "2026-03-09"}))}, "T-TLS", Fail, nil, "its suppression ended on 2026-03-09"},
		{"in-source suppression with a bad date", []func(*Evidence){add(excused(code, Suppression{Kind: "false-positive", Expires: "soon"}))}, "T-TLS", Fail, nil, ""},
		{"accepted risk, medium", []func(*Evidence){add(excused(code, Suppression{Kind: "accepted-risk"}))}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"accepted risk, high", []func(*Evidence){add(excused(variant, Suppression{Kind: "accepted-risk"}))}, "T-TLS", Fail, nil, "it counts; suppressed, but an accepted risk does not excuse a High or Critical finding"},
		{"accepted risk, overdue", []func(*Evidence){add(excused(code, Suppression{Kind: "accepted-risk"})), func(e *Evidence) { e.History = seen("2026-01-01", code) }}, "T-TLS", Fail, nil, "ends with the due date, 2026-02-26"},
		{"accepted risk without a score", []func(*Evidence){add(excused(unscored, Suppression{Kind: "accepted-risk"}))}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"unheard-of kind is an accepted risk", []func(*Evidence){add(excused(variant, Suppression{Kind: "because"}))}, "T-TLS", Fail, nil, ""},
		{"policy suppression of a folder", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Path: "db/", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"policy suppression of a file", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Path: "db/open.go", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"policy suppression of a family", []func(*Evidence){add(variant), suppress(PolicySuppression{Rule: "G402", Path: ".", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"policy suppression of half a name", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Path: "d", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Fail, nil, ""},
		{"policy suppression without path", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Fail, nil, ""},
		{"policy suppression of another rule", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "G402", Path: "db", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Fail, nil, ""},
		{"policy suppression of nothing", []func(*Evidence){add(code), suppress(PolicySuppression{Path: "db", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Fail, nil, ""},
		{"policy suppression by fingerprint", []func(*Evidence){add(code), suppress(PolicySuppression{Fingerprint: code.Fingerprint, Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Pass, []Flag{Exception}, ""},
		{"policy suppression without end", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Path: "db", Kind: "false-positive"})}, "T-TLS", Fail, nil, ""},
		{"policy suppression over", []func(*Evidence){add(code), suppress(PolicySuppression{Rule: "MKT103", Path: "db", Kind: "false-positive", Expires: at("2026-03-09")})}, "T-TLS", Fail, nil, "ended on 2026-03-09"},
		{"the stronger of two suppressions", []func(*Evidence){add(excused(variant, Suppression{Kind: "accepted-risk"})), suppress(PolicySuppression{Rule: "G402", Path: "db", Kind: "false-positive", Expires: at("2026-03-10")})}, "T-TLS", Pass, []Flag{Exception}, "false-positive"},

		{"clock, in time", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-03-01", code) }}, "T-SLA", Pass, []Flag{InSLA}, "open, in time until 2026-04-26"},
		{"clock, due soon", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-01-20", code) }}, "T-SLA", Pass, []Flag{AtRisk, InSLA}, "to be fixed by 2026-03-17"},
		{"clock, overdue", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-01-01", code) }}, "T-SLA", Fail, nil, "due on 2026-02-26 and still open"},
		{"clock, overdue review", []func(*Evidence){add(review), func(e *Evidence) { e.History = seen("2026-01-01", review) }}, "T-SLA", NeedsEvidence, nil, "due on 2026-02-26"},
		{"clock, informational", []func(*Evidence){add(info), func(e *Evidence) { e.History = seen("2026-01-01", info) }}, "T-SLA", Pass, nil, ""},
		{"clock, other band", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-01-01", code) }}, "T-SLA-CRITICAL", Pass, nil, ""},
		{"clock, other source", []func(*Evidence){add(code), func(e *Evidence) { e.History = seen("2026-01-01", code) }}, "T-SLA-DEP", Pass, nil, ""},
		{"clock, dependency", []func(*Evidence){add(advisory("GHSA-1", 5.0, "2025-01-01", "2025-02-01"))}, "T-SLA-DEP", Fail, nil, "GHSA-1"},
		{"clock, no record", []func(*Evidence){add(code)}, "T-SLA", NeedsEvidence, nil, "nobody recorded when it was first reported"},
		{"clock, scan incomplete", []func(*Evidence){run("run:static-analysis", Broken, "cut short")}, "T-SLA", Unknown, nil, "cut short"},

		{"re-scored by the policy", []func(*Evidence){add(variant), policy(func(p *Policy) {
			p.Vectors = []VectorOverride{{Rule: "G402", Vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N"}}
		})}, "T-TLS", Fail, nil, "(medium 4.8)"},
		{"re-scored exactly and by family", []func(*Evidence){add(variant), policy(func(p *Policy) {
			p.Vectors = []VectorOverride{
				{Rule: "G402", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
				{Rule: "G402/skip-verify", Vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N"},
				{Rule: "G402", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"},
				{Rule: "", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}}
		})}, "T-TLS", Fail, nil, "(medium 4.8)"},
		{"re-scored with nonsense", []func(*Evidence){add(variant), policy(func(p *Policy) {
			p.Vectors = []VectorOverride{{Rule: "G402", Vector: "nonsense"}}
		})}, "T-TLS", Fail, nil, "(high 7.4)"},

		{"phase not reached", []func(*Evidence){policy(func(p *Policy) { p.Marketplaces[0].Phase = "submitted" })}, "T-LATER", NotYet, nil, "Counts from the phase approved; the policy says submitted."},
		{"phase rejected", []func(*Evidence){policy(func(p *Policy) { p.Marketplaces[0].Phase = "rejected" })}, "T-LATER", NotYet, nil, ""},
		{"phase empty", []func(*Evidence){policy(func(p *Policy) { p.Marketplaces[0].Phase = "" })}, "T-LATER", NotYet, nil, "says draft"},
		{"phase reached", []func(*Evidence){policy(func(p *Policy) { p.Marketplaces[0].Phase = "approved" })}, "T-LATER", Pass, nil, ""},
		{"phase unheard of", []func(*Evidence){policy(func(p *Policy) { p.Marketplaces[0].Phase = "paused" })}, "T-LATER", Pass, nil, ""},
		{"preview counts every phase", []func(*Evidence){policy(func(p *Policy) { *p = Policy{} })}, "T-LATER", Pass, nil, ""},
		{"planned", nil, "T-STEP", Unknown, nil, "Not verified yet: this version of staylisted cannot check MKT999."},
		{"planned proof, told once", []func(*Evidence){policy(func(p *Policy) { *p = Policy{} })}, "O-BOTH", Unknown, nil, "cannot check document:x."},
		{"planned proof", []func(*Evidence){policy(func(p *Policy) { *p = Policy{} })}, "O-PROOF", Unknown, nil, "cannot read the proof"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := goodEvidence(noon)
			for _, change := range tt.changes {
				change(e)
			}
			a := find(t, Assess(testCatalogue(), e, at(noon)), tt.requirement)
			if a.Verdict != tt.verdict || !slices.Equal(a.Flags, tt.flags) {
				t.Errorf("%s %v, want %s %v: %q", a.Verdict, a.Flags, tt.verdict, tt.flags, a.Reasons)
			}
			if tt.requirement == "O-BOTH" && len(a.Reasons) != 1 {
				t.Errorf("the missing verifier is told more than once: %q", a.Reasons)
			}
			if !containsText(a.Reasons, tt.reason) {
				t.Errorf("no reason contains %q: %q", tt.reason, a.Reasons)
			}
			for _, reason := range a.Reasons {
				if !strings.HasSuffix(reason, ".") || strings.Contains(reason, "%!") || strings.Contains(reason, "..") {
					t.Errorf("not a sentence: %q", reason)
				}
			}
		})
	}
}

func TestAssessDefectiveCatalogue(t *testing.T) {
	c := &Catalogue{Marketplaces: []Marketplace{{ID: "m", Requirements: []Requirement{
		{ID: "NONE", Category: Mandatory},
		{ID: "LOST", Category: Mandatory, Controls: []ControlUse{{Control: "nowhere"}}},
		{ID: "BLIND", Category: Mandatory, Controls: []ControlUse{{Control: "blind"}}},
	}}}, Controls: []Control{{ID: "blind"}}}
	result := Assess(c, &Evidence{ObservedAt: at(noon)}, at(noon))
	for _, a := range result.Assessments {
		if a.Verdict != Unknown || len(a.Reasons) != 1 {
			t.Errorf("%s: %s %q, want unknown with a reason", a.Requirement, a.Verdict, a.Reasons)
		}
	}
	if s := result.Standings[0].State; s != StateUnknown {
		t.Errorf("state %s, want unknown", s)
	}
	if got := Assess(c, &Evidence{}, at(noon)).Standings[0].State; got != StateUnknown {
		t.Errorf("zero evidence: state %s, want unknown", got)
	}
}

func TestStanding(t *testing.T) {
	code := codeFinding("MKT103", Violation, 5.9)
	for _, tt := range []struct {
		name   string
		change func(*Evidence)
		state  State
		next   string
	}{
		{"compliant", func(e *Evidence) {}, StateCompliant, ""},
		{"non-compliant", func(e *Evidence) { e.Findings = []Finding{code} }, StateNonCompliant, "2026-05-05"},
		{"non-compliant though much is unknown", func(e *Evidence) { e.Findings, e.Runs = []Finding{code}, nil }, StateNonCompliant, "2026-05-05"},
		{"incomplete", func(e *Evidence) { e.Runs = e.Runs[1:] }, StateIncomplete, ""},
		{"at risk, grace", func(e *Evidence) {
			e.Findings = []Finding{advisory("GHSA-1", 7.5, "2026-03-01", "2026-01-01"), advisory("GHSA-2", 7.5, "2026-03-02", "2026-01-01")}
		}, StateAtRisk, "2026-04-12"},
		{"at risk, exception", func(e *Evidence) {
			f := code
			f.Suppressed = &Suppression{Kind: "false-positive"}
			e.Findings = []Finding{f}
		}, StateAtRisk, ""},
		{"unknown, too old", func(e *Evidence) { e.ObservedAt = at("2026-01-01") }, StateUnknown, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := goodEvidence(noon)
			tt.change(e)
			got := Assess(testCatalogue(), e, at(noon)).Standings
			if len(got) != 1 || got[0].State != tt.state || got[0].NextDue != tt.next || got[0].Preview {
				t.Errorf("got %+v, want %s, next due %q", got, tt.state, tt.next)
			}
			if m := got[0].Mandatory; m.Total != 11 || m.Passed+m.Failed+m.Unknown+m.Expired+m.NeedsEvidence != m.Total {
				t.Errorf("mandatory %+v does not add up to 11", m)
			}
			if r := got[0].Recommended; r.Total != 3 {
				t.Errorf("recommended %+v, want 3", r)
			}
		})
	}

	t.Run("preview", func(t *testing.T) {
		e := goodEvidence(noon)
		e.Policy = Policy{}
		got := Assess(testCatalogue(), e, at(noon)).Standings
		if len(got) != 2 || !got[0].Preview || got[0].State != StateCompliant || got[1].State != StateUnknown || got[0].Phase != "" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("tallies", func(t *testing.T) {
		var tally Tally
		for _, v := range []Verdict{Pass, NotApplicable, Fail, Expired, NeedsEvidence, Unknown} {
			tally.count(v)
		}
		if want := (Tally{Total: 6, Passed: 2, Failed: 1, Unknown: 1, Expired: 1, NeedsEvidence: 1, NotApplicable: 1}); tally != want {
			t.Errorf("got %+v, want %+v", tally, want)
		}
	})
}

func TestAssessedFindings(t *testing.T) {
	e := goodEvidence(noon)
	code := codeFinding("MKT103", Violation, 5.9)
	later := code
	later.Location.Line, later.ID = 40, "MKT103-2"
	later.Fingerprint = "other"
	risk := codeFinding("G402/skip-verify", Violation, 7.4)
	risk.Suppressed = &Suppression{Kind: "accepted-risk", Where: "comment db/open.go:12"}
	gone := codeFinding("G402/version", Violation, 5.9)
	gone.Suppressed = &Suppression{Kind: "false-positive", Expires: "2026-01-01"}
	info := codeFinding("G402/note", Informational, 3.1)
	broken := codeFinding("MKT105", Review, math.NaN())
	broken.Control = "hsts"
	e.Findings = []Finding{later, risk, gone, code, info, broken}
	e.History = map[string]History{code.Fingerprint: {FirstSeen: at("2026-01-01")}}
	before := textOf(e.Findings[:5])
	result := Assess(testCatalogue(), e, at(noon))
	if textOf(e.Findings[:5]) != before || e.Findings[0].Requirements != nil {
		t.Error("Assess changed its evidence")
	}
	got := map[string]Finding{}
	var order []string
	for _, f := range result.Findings {
		got[f.ID] = f
		order = append(order, f.ID)
	}
	if want := []string{"G402/note-1", "G402/skip-verify-1", "G402/version-1", "MKT103-1", "MKT105-1", "MKT103-2"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if f := got["MKT103-1"]; !slices.Equal(f.Requirements, []string{"T-BOTH", "T-LATER", "T-SLA", "T-TLS"}) || f.Due.State != Overdue || f.Due.Basis != BasisHistory {
		t.Errorf("MKT103-1: %v %+v", f.Requirements, f.Due)
	}
	if f := got["MKT103-2"]; !slices.Equal(f.Requirements, []string{"T-BOTH", "T-LATER", "T-TLS"}) || f.Due.State != DueOpen || f.Due.Basis != BasisThisRun || f.Due.On != "2026-05-05" {
		t.Errorf("MKT103-2: %v %+v", f.Requirements, f.Due)
	}
	if f := got["G402/skip-verify-1"]; f.Suppressed == nil || f.Suppressed.NoEffect == "" || !f.Active() {
		t.Errorf("accepted risk of a High finding: %+v", f.Suppressed)
	}
	if f := got["G402/version-1"]; f.Suppressed != nil || !f.Active() {
		t.Errorf("suppression that is over: %+v", f.Suppressed)
	}
	if f := got["G402/note-1"]; f.Due != nil {
		t.Errorf("informational finding with a due date: %+v", f.Due)
	}
	if f := got["MKT105-1"]; f.CVSS.Band != High || f.CVSS.Score != 7 {
		t.Errorf("score that is not a number: %+v", f.CVSS)
	}
	a := find(t, result, "T-TLS")
	if !slices.Equal(a.Findings, []string{"G402/skip-verify-1", "G402/version-1", "MKT103-1", "MKT103-2"}) {
		t.Errorf("T-TLS lists %v", a.Findings)
	}
	if !containsText(a.Reasons, "MKT103, Title of MKT103 (medium 5.9) at db/open.go:12 and db/open.go:40.") {
		t.Errorf("places are not gathered: %q", a.Reasons)
	}
}

// A score that changed between two runs, and a finding that came back, are
// events of the run that sees them.
func TestAssessHistory(t *testing.T) {
	f := codeFinding("MKT103", Violation, 9.8)
	for name, tt := range map[string]struct {
		history History
		want    string
	}{
		"raised":        {History{FirstSeen: at("2026-03-01"), Events: []Event{scored("2026-03-01", 3.1)}}, "2026-04-07"},
		"same band":     {History{FirstSeen: at("2026-03-01"), Events: []Event{scored("2026-03-01", 9.1)}}, "2026-03-29"},
		"came back":     {History{FirstSeen: at("2026-01-05"), Events: []Event{scored("2026-01-05", 9.8), fixed("2026-01-15")}}, "2026-03-28"},
		"alert earlier": {History{FirstSeen: at("2026-03-01"), Events: []Event{reported("2026-02-25")}}, "2026-03-25"},
		"of tomorrow":   {History{FirstSeen: at("2026-03-01"), Events: []Event{scored("2026-03-11", 1)}}, "2026-03-29"},
	} {
		e := goodEvidence(noon)
		e.Findings = []Finding{f}
		e.History = map[string]History{f.Fingerprint: tt.history}
		if got := Assess(testCatalogue(), e, at(noon)).Findings[0].Due; got.On != tt.want || got.Basis != BasisHistory {
			t.Errorf("%s: %+v, want %s", name, got, tt.want)
		}
	}
	e := goodEvidence(noon)
	e.Findings = []Finding{f}
	e.Policy.Anchor = AnchorTriaged
	e.Policy.Reported = []ReportedDate{{Finding: f.ID, Reported: at("2026-03-01"), Triaged: at("2026-03-04")}}
	if got := Assess(testCatalogue(), e, at(noon)).Findings[0].Due; got.On != "2026-04-01" || got.Basis != BasisPolicy {
		t.Errorf("triaged: %+v, want 2026-04-01 by the policy", got)
	}
}

func TestAssurance(t *testing.T) {
	r := Assess(testCatalogue(), goodEvidence(noon), at(noon))
	for id, want := range map[string]string{"T-TLS": "M", "T-DEP": "S", "T-DOC": "D", "T-CONSENT": "A", "T-OAUTH": "M"} {
		if got := find(t, r, id).Assurance; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	for verifier, want := range map[string]string{"G402": "M", "probe:tls": "L", "settings:x": "P", "import:dast": "R", "policy:x": "D", "statement:x": "A", "files:x": "M"} {
		if got := letterOf(verifier); got != want {
			t.Errorf("%s: %q, want %q", verifier, got, want)
		}
	}
	if got := strongest([]string{"A", "P"}, []string{"L"}); got != "P" {
		t.Errorf("no listed letter: %q, want P", got)
	}
}

func TestReport(t *testing.T) {
	e := goodEvidence(noon)
	e.Components = []Component{{Name: "b"}, {Name: "a"}}
	r := Assess(testCatalogue(), e, at(noon))
	report := r.Report(e, Tool{Name: "staylisted"}, CatalogueRef{Version: "v"}, at(noon))
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, null := range []string{`"findings":null`, `"assessments":null`, `"marketplaces":null`, `"gaps":null`, `"verifiers":null`, `"flags":null`, `"reasons":null`, `"evidence":null`, `"components":null`} {
		if strings.Contains(string(text), null) {
			t.Errorf("the report holds %s", null)
		}
	}
	if report.Schema != ReportSchema || report.Components[0].Name != "a" || len(report.Coverage.Runs) != len(e.Runs) || !report.GeneratedAt.Equal(at(noon)) {
		t.Errorf("report %+v", report)
	}
}

func TestValidUntil(t *testing.T) {
	f := codeFinding("MKT103", Violation, 5.9)
	for _, tt := range []struct {
		name, requirement, want string
		change                  func(*Evidence)
	}{
		{"the run grows old", "T-TLS", "2026-03-17T12:00:00Z", func(e *Evidence) {}},
		{"advisory data grow old", "T-DEP", "2026-03-16T12:00:00Z", func(e *Evidence) {}},
		{"a suppression ends", "T-TLS", "2026-03-13T00:00:00Z", func(e *Evidence) {
			g := f
			g.Suppressed = &Suppression{Kind: "false-positive", Expires: "2026-03-12"}
			e.Findings = []Finding{g}
		}},
		{"due soon begins", "T-SLA", "2026-03-12T00:00:00Z", func(e *Evidence) {
			e.Findings = []Finding{f}
			e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-01-29")}}
		}},
		{"a due date passes", "T-SLA", "2026-03-14T00:00:00Z", func(e *Evidence) {
			e.Findings = []Finding{f}
			e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-01-16")}}
		}},
		{"a document ends soon", "T-DOC", "2026-03-11T08:00:00Z", func(e *Evidence) { e.Observations[0].Expires = at("2026-03-25T08:00:00Z") }},
		{"a document ends", "T-DOC", "2026-03-11T08:00:00Z", func(e *Evidence) { e.Observations[0].Expires = at("2026-03-11T08:00:00Z") }},
		{"a statement is to be reviewed", "T-CONSENT", "2026-03-12T00:00:00Z", func(e *Evidence) {
			e.Facts[2].State = False
			e.Policy.NotApplicable = []NotApplicableClaim{{Requirement: "T-CONSENT", Review: at("2026-03-11")}}
		}},
		{"the future comes", "T-TLS", "2026-03-11T12:00:00Z", func(e *Evidence) { e.ObservedAt = at("2026-03-12T12:00:00Z") }},
		{"nothing more", "T-TLS", "", func(e *Evidence) { e.ObservedAt = at("2026-03-01") }},
		{"not yet", "T-LATER", "", func(e *Evidence) { e.Policy.Marketplaces[0].Phase = "draft" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := goodEvidence(noon)
			tt.change(e)
			got := ""
			if v := find(t, Assess(testCatalogue(), e, at(noon)), tt.requirement).ValidUntil; v != nil {
				got = v.Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("valid until %q, want %q", got, tt.want)
			}
		})
	}
	e := goodEvidence(noon)
	e.Findings = []Finding{f}
	e.ObservedAt = at("2026-03-01")
	if got := Assess(testCatalogue(), e, at(noon)).ValidUntil; got == nil || !got.Equal(at("2026-04-12")) {
		t.Errorf("an old run's finding becomes due-soon at %v, want 2026-04-12", got)
	}
}

func TestSelectionOrder(t *testing.T) {
	e := goodEvidence(noon)
	e.Policy.Marketplaces = []Selection{{"other", "draft"}, {"nowhere", "draft"}, {"tester", "published"}}
	r := Assess(testCatalogue(), e, at(noon))
	var ids []string
	for _, s := range r.Standings {
		ids = append(ids, s.ID)
	}
	if !reflect.DeepEqual(ids, []string{"tester", "other"}) || r.Standings[1].Phase != "draft" {
		t.Errorf("standings %v", ids)
	}
}

package evidence

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

var commitHash = strings.Repeat("c", 40)

// attested is a policy with one attestation for MFA, consent and others.
func attested(requirement, statement, owner, evidence string) string {
	return "attestations:\n  - for: [" + requirement + "]\n    statement: " + statement + "\n    owner: " + owner +
		"\n    date: 2026-11-10\n    expires: 2027-11-10\n" + evidence
}

func committed(at time.Time) func(string, int) (string, time.Time, bool) {
	return func(string, int) (string, time.Time, bool) { return commitHash, at, true }
}

func TestGrades(t *testing.T) {
	people := map[string]rules.Ternary{"@anna": rules.True, "@gone": rules.False}
	signed := Commit{Author: "anna", Verified: rules.True, OwnerApproved: rules.False}
	approved := Commit{Author: "anna", Verified: rules.False, Approvers: []string{"ben"}, OwnerApproved: rules.True}
	both := Commit{Author: "anna", Verified: rules.True, Approvers: []string{"ben"}, OwnerApproved: rules.True}
	plain := Commit{Author: "anna", Verified: rules.False, OwnerApproved: rules.False}
	const file = "    evidence: [docs/mfa.md]\n"
	for _, test := range []struct {
		name, owner, evidence string
		commit                *Commit // nil: GitHub does not know it
		need                  string  // require-attestation-grade
		grade                 string  // "" when it does not count
		says                  string  // in the text of proof or of what is lacking
		verdict               rules.Verdict
	}{
		{"signed, approved, backed", `"@anna"`, file, &both, "A1", "A1", "signed commit; approved by a code owner; commit cccccccccccc; evidence: \"docs/mfa.md\" (sha256 ", rules.Pass},
		{"signed and approved", `"@anna"`, "", &both, "A2", "A2", "approved by a code owner", rules.Pass},
		{"signed and approved, more is asked", `"@anna"`, "", &both, "A1", "", "name evidence that is there", rules.NeedsEvidence},
		{"evidence is not there", `"@anna"`, "    evidence: [docs/none.md]\n", &both, "A1", "", "name evidence that is there", rules.NeedsEvidence},
		{"evidence of documentation", `"@anna"`, "    evidence: [\"https://example.com/mfa\"]\n", &both, "A1", "", "name evidence that is there", rules.NeedsEvidence},
		{"page as evidence", `"@anna"`, "    evidence: [\"https://harbour.dev/mfa\"]\n", &both, "A1", "A1", `page at "harbour.dev"`, rules.Pass},
		{"signed", `"@anna"`, "", &signed, "A2", "A2", "self-attested", rules.Pass},
		{"approved", `"@anna"`, "", &approved, "A2", "A2", "approved by a code owner", rules.Pass},
		{"neither", `"@anna"`, file, &plain, "A2", "", "sign the commit that changes it, or let a code owner of the policy file", rules.NeedsEvidence},
		{"neither, and none is asked", `"@anna"`, file, &plain, "A3", "A3", "self-attested", rules.Pass},
		{"GitHub was not asked", `"@anna"`, file, nil, "A2", "", "GITHUB_TOKEN", rules.NeedsEvidence},
		{"owner is not known", `"@new"`, file, &both, "A2", "A2", "@new", rules.Pass},
		{"owner is not known, signed alone", `"@new"`, "", &signed, "A2", "", "name an owner whose access", rules.NeedsEvidence},
		{"owner by mail", "anna@harbour.dev", "", &approved, "A2", "", "name an owner whose access", rules.NeedsEvidence},
		{"officer", "\"Carla Diaz, managing director\"", file, &both, "A1", "A1", "Carla Diaz", rules.Pass},
		{"owner is gone", `"@gone"`, file, &both, "A2", "A1", "orphaned", rules.Expired},
		{"owner is gone, plain", `"@GONE"`, "", &plain, "A2", "A3", "orphaned", rules.Expired},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := weighing{policy: attested("MONDAY-Q-07", "Everybody signs in with a second factor everywhere.", test.owner, test.evidence) + "require-attestation-grade: " + test.need + "\n",
				files: []string{"docs/mfa.md"}, people: people, blame: committed(date("2026-11-10")), commits: map[string]Commit{}}
			if test.commit != nil {
				w.commits[commitHash] = *test.commit
			}
			_, g := w.gather(t)
			seen := proofs(g, statementVerifier, "staff-mfa")
			said := texts(g, statementVerifier, "staff-mfa")
			if (len(seen) == 1) != (test.grade != "") {
				t.Fatalf("%d observations; lacking %q", len(seen), said)
			}
			if len(seen) == 1 {
				o := seen[0]
				if said += o.Text; o.Grade != test.grade || o.Letter != "A" || !slices.Equal(o.For, []string{"MONDAY-Q-07"}) {
					t.Errorf("observation %+v, want grade %s", o, test.grade)
				}
			}
			if !strings.Contains(said, test.says) {
				t.Errorf("said %q, want %q in it", said, test.says)
			}
			if a := w.judge(t, now)["MONDAY-Q-07"]; a.Verdict != test.verdict {
				t.Errorf("MONDAY-Q-07 is %s %q, want %s", a.Verdict, a.Reasons, test.verdict)
			}
		})
	}
}

// TestGradeByCategory: any grade counts where nothing is MANDATORY.
func TestGradeByCategory(t *testing.T) {
	w := weighing{policy: attested("DRUVA-AP-11, DRUVA-AP-12", "The GDPR applies and the agreement is signed by both.", `"@anna"`, "")}
	got := w.judge(t, now)
	if a := got["DRUVA-AP-11"]; a.Verdict != rules.Pass || a.Assurance != "A" {
		t.Errorf("recommended: %s %q", a.Verdict, a.Reasons)
	}
	if a := got["DRUVA-AP-12"]; a.Verdict != rules.NeedsEvidence || !strings.Contains(strings.Join(a.Reasons, " "), "its grade is A3, and DRUVA-AP-12 of category MANDATORY needs A2; commit it") {
		t.Errorf("mandatory: %s %q", a.Verdict, a.Reasons)
	}
}

// TestDates: seven days back at most, to the end of the last day.
func TestDates(t *testing.T) {
	w := func(written time.Time) weighing {
		return weighing{policy: attested("MONDAY-Q-07", "Everybody signs in with a second factor everywhere.", `"@anna"`, ""), people: map[string]rules.Ternary{"@anna": rules.True},
			blame: committed(written), commits: map[string]Commit{commitHash: {Verified: rules.True}}}
	}
	for _, test := range []struct {
		name    string
		written time.Time
		at      time.Time
		verdict rules.Verdict
	}{
		{"same day", date("2026-11-10").Add(20 * time.Hour), now, rules.Pass},
		{"written a day before its date", date("2026-11-09"), now, rules.Pass},
		{"seven days later", date("2026-11-17").Add(23 * time.Hour), now, rules.Pass},
		{"eight days later", date("2026-11-18").Add(time.Hour), now, rules.NeedsEvidence},
		{"last day", date("2026-11-10"), date("2027-11-10").Add(23 * time.Hour), rules.Pass},
		{"over", date("2026-11-10"), date("2027-11-11"), rules.Expired},
	} {
		x := w(test.written)
		x.at = test.at
		if a := x.judge(t, test.at)["MONDAY-Q-07"]; a.Verdict != test.verdict {
			t.Errorf("%s: %s %q, want %s", test.name, a.Verdict, a.Reasons, test.verdict)
		}
	}
}

// TestNewestLineCounts: an entry is as signed as the newest of its lines, and a
// line that is not committed leaves it plain.
func TestNewestLineCounts(t *testing.T) {
	old, fresh := strings.Repeat("d", 40), strings.Repeat("e", 40)
	w := weighing{policy: attested("MONDAY-Q-07", "Everybody signs in with a second factor everywhere.", `"@anna"`, "") + "# a comment\nlimits: {dast-age: 90d}\n", people: map[string]rules.Ternary{"@anna": rules.True},
		commits: map[string]Commit{old: {Verified: rules.True}, fresh: {Verified: rules.False}}}
	at := date("2026-11-10")
	for name, test := range map[string]struct {
		fresh, uncommitted int
		want               rules.Verdict
	}{
		"old":                     {0, 0, rules.Pass},
		"one line is newer":       {7, 0, rules.NeedsEvidence},
		"one is not committed":    {0, 5, rules.NeedsEvidence},
		"a comment after it":      {9, 0, rules.Pass},
		"what comes after it":     {10, 10, rules.Pass},
		"the key in front of it":  {3, 3, rules.Pass},
		"its last line is newer ": {8, 0, rules.NeedsEvidence},
	} {
		w.blame = func(_ string, line int) (string, time.Time, bool) {
			switch line {
			case test.uncommitted:
				return "", time.Time{}, false
			case test.fresh:
				return fresh, at.Add(time.Hour), true
			}
			return old, at, true
		}
		if a := w.judge(t, now)["MONDAY-Q-07"]; a.Verdict != test.want {
			t.Errorf("%s: %s %q, want %s", name, a.Verdict, a.Reasons, test.want)
		}
	}
}

// TestStatementsSayIt: where a requirement wants something particular, the
// sentence has to name it; and a statement proves for no other requirement.
func TestStatementsSayIt(t *testing.T) {
	for _, test := range []struct {
		requirement, control, statement string
		more                            string
		want                            rules.Verdict
		says                            string
	}{
		{"DRUVA-AP-03", "encryption-at-rest", "The database server encrypts everything with AES-256.", "", rules.Pass, ""},
		{"DRUVA-AP-03", "encryption-at-rest", "The database server encrypts everything that is stored.", "", rules.NeedsEvidence, "does not name AES-256"},
		{"APOLLO-DATA-01", "encryption-at-rest", "The disks of all servers are encrypted with LUKS.", "", rules.Pass, ""},
		{"APOLLO-DATA-01", "encryption-at-rest", "Tables are encrypted with AES-256 by the application.", "", rules.NeedsEvidence, "does not name full disks"},
		{"APOLLO-ORG-03", "program-eligibility", "Four customer teams are connected today.", "", rules.Pass, ""},
		{"APOLLO-DATA-03", "tls-1.2-or-higher", "There is no public endpoint, all calls use TLS 1.3.", "", rules.Pass, ""},
		{"APOLLO-DATA-03", "tls-1.2-or-higher", "All endpoints use TLS 1.3, as far as we know.", "endpoints: [\"https://app.harbour.dev/\"]\n", rules.NeedsEvidence, "the probe has to show it"},
		{"DRUVA-SC-14", "dast-run", "ZAP runs in the pipeline after each deployment.", "", rules.Pass, ""},
		{"DRUVA-SC-14", "dast-run", "ZAP is run by hand after each deployment.", "", rules.NeedsEvidence, "does not name CI"},
		{"DRUVA-WF-01", "submission-state", "The sandbox was set up and credentials came.", "", rules.Pass, ""},
		{"DRUVA-WF-06", "submission-state", "The app was handed in for review last week.", "", rules.NeedsEvidence, "a statement cannot show it"},
		{"DRUVA-PA-01", "production-safety", "The app calls sandbox hosts in tests and cannot delete.", "", rules.Pass, ""},
	} {
		w := weighing{whole: "version: 1\nmarketplaces:\n  druva: {phase: approved}\n  apollo: {phase: submitted}\n  monday: {phase: published}\n" +
			attested(test.requirement, test.statement, `"@anna"`, "") + test.more + "require-attestation-grade: A3\n", people: map[string]rules.Ternary{"@anna": rules.True}}
		if test.requirement == "DRUVA-WF-01" || test.requirement == "DRUVA-WF-06" {
			w.whole = strings.Replace(w.whole, "druva: {phase: approved}", "druva: {phase: draft}", 1)
		}
		got := w.judge(t, now)
		c := control(t, got[test.requirement], test.control)
		if c.Verdict != test.want || !strings.Contains(strings.Join(c.Reasons, " "), test.says) {
			t.Errorf("%s by %q is %s %q, want %s", test.requirement, test.statement, c.Verdict, c.Reasons, test.want)
		}
		for id, a := range got {
			for _, e := range a.Evidence {
				if e.Verifier == statementVerifier && id != test.requirement {
					t.Errorf("the statement about %s proves for %s", test.requirement, id)
				}
			}
		}
	}
}

// TestStatementAges: a statement about a scan or a rotation is as old as its
// date.
func TestStatementAges(t *testing.T) {
	w := weighing{policy: attested("APOLLO-APPSEC-13, APOLLO-APPSEC-02", "Everything was scanned and every key was replaced.", `"@anna"`, "") + "require-attestation-grade: A3\n"}
	for days, want := range map[int]rules.Verdict{90: rules.Pass, 91: rules.NeedsEvidence} {
		at := date("2026-11-10").AddDate(0, 0, days)
		w.at = at
		got := w.judge(t, at)
		for id, name := range map[string]string{"APOLLO-APPSEC-13": "dast-run", "APOLLO-APPSEC-02": "secret-rotation"} {
			if c := control(t, got[id], name); c.Verdict != want {
				t.Errorf("%s after %d days: %s %q, want %s", id, days, c.Verdict, c.Reasons, want)
			}
		}
	}
}

// TestStatementsOverruleNothing: a finding stands whatever anybody attests.
func TestStatementsOverruleNothing(t *testing.T) {
	w := weighing{policy: attested("DRUVA-AP-03", "Everything is encrypted with AES-256 everywhere.", `"@anna"`, "") +
		"require-attestation-grade: A3\nstores: {db: {service: postgres, encryption: none}}\n", people: map[string]rules.Ternary{"@anna": rules.True}}
	if c := control(t, w.judge(t, now)["DRUVA-AP-03"], "encryption-at-rest"); c.Verdict != rules.Fail {
		t.Errorf("%s %q", c.Verdict, c.Reasons)
	}
}

func TestStatementsInVain(t *testing.T) {
	_, g := weighing{policy: attested("DRUVA-SC-07", "No request of ours can be forged by anybody.", `"@anna"`, "")}.gather(t)
	if len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "staylisted.yml:4: attestations: no statement can show DRUVA-SC-07") {
		t.Errorf("notes %q", g.Notes)
	}
}

// TestHostileStatement: what a repository writes reaches a report on one line
// and cut.
func TestHostileStatement(t *testing.T) {
	w := weighing{policy: "attestations:\n  - for: [MONDAY-Q-07]\n    statement: |\n      Everybody signs in with a second factor.\n      ::error::x " + strings.Repeat("long ", 100) +
		"\n    owner: \"@anna\"\n    date: 2026-11-10\n    expires: 2027-11-10\nrequire-attestation-grade: A3\n"}
	_, g := w.gather(t)
	seen := proofs(g, statementVerifier, "staff-mfa")
	if len(seen) != 1 || strings.Contains(seen[0].Text, "\n") || len(seen[0].Text) > 400 {
		t.Errorf("observation %+v", seen)
	}
}

// TestClaims: each control that a claim can rule out is ruled out by one, with
// the proof in the text, and not without; and a claim that nothing can support
// is told.
func TestClaims(t *testing.T) {
	c := builtCatalogue(t)
	tried := 0
	for _, k := range c.Controls {
		if !k.NotApplicable.Declared {
			continue
		}
		tried++
		if slices.Contains(k.NotApplicable.NoneOf, factPIIHigh) || slices.Contains(k.NotApplicable.NoneOf, factSensitive) {
			continue // the inventory decides: TestDeclaredFacts
		}
		var facts []rules.Fact
		for _, id := range k.NotApplicable.NoneOf {
			if id != "uncovered-language" {
				facts = append(facts, factOf(id, rules.False))
			}
		}
		for _, u := range usesOf(c, k.ID) {
			claim := "not-applicable: [{requirement: " + u.ID + ", reason: nothing of the kind is there, owner: \"@anna\", review: 2027-06-30}]\n"
			phases := "version: 1\nmarketplaces: {druva: {phase: published}, apollo: {phase: published}, monday: {phase: published}}\n"
			got := weighing{whole: phases + claim, facts: facts}.judge(t, now)
			r := control(t, got[u.ID], k.ID)
			if said := strings.Join(r.Reasons, " "); r.Verdict != rules.NotApplicable || !strings.Contains(said, "no "+facts[0].ID+" (test)") || !strings.Contains(said, "Declared in "+PolicyPath+":3") {
				t.Errorf("%s, %s: claimed and shown, yet %s %q", u.ID, k.ID, r.Verdict, r.Reasons)
			}
			if r := control(t, weighing{whole: phases, facts: facts}.judge(t, now)[u.ID], k.ID); r.Verdict == rules.NotApplicable {
				t.Errorf("%s, %s: ruled out without a claim", u.ID, k.ID)
			}
			facts[0].State = rules.True
			if r := control(t, weighing{whole: phases + claim, facts: facts}.judge(t, now)[u.ID], k.ID); r.Verdict == rules.NotApplicable || !strings.Contains(strings.Join(r.Reasons, " "), "Disputed") {
				t.Errorf("%s, %s: claimed against a fact, yet %s %q", u.ID, k.ID, r.Verdict, r.Reasons)
			}
			facts[0].State = rules.False
			lapsed := strings.Replace(claim, "2027-06-30", "2026-11-20", 1)
			if r := control(t, weighing{whole: phases + lapsed, facts: facts}.judge(t, now)[u.ID], k.ID); r.Verdict != rules.Expired && r.Verdict != rules.Unknown {
				t.Errorf("%s, %s: claim past its review, yet %s %q", u.ID, k.ID, r.Verdict, r.Reasons)
			}
		}
	}
	if tried < 4 {
		t.Errorf("%d controls can be ruled out by a claim", tried)
	}
	w := weighing{policy: "not-applicable: [{requirement: APOLLO-IR-04, reason: we never have incidents, owner: \"@anna\", review: 2027-06-30}]\n"}
	if _, g := w.gather(t); len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "APOLLO-IR-04 is never ruled out") {
		t.Errorf("notes %q", g.Notes)
	}
	if a := w.judge(t, now)["APOLLO-IR-04"]; a.Verdict != rules.NeedsEvidence || !strings.Contains(strings.Join(a.Reasons, " "), "Disputed") {
		t.Errorf("APOLLO-IR-04 is %s %q", a.Verdict, a.Reasons)
	}
}

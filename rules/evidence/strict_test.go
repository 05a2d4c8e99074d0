package evidence

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestUnseenSource: a marketplace as the source of data is questioned only where
// the code is known not to call it.
func TestUnseenSource(t *testing.T) {
	const policy = "stores: {db: {provider: aws, region: eu}}\ndata: [{name: deal, class: pii, source: SOURCE, store: db, retention: P90D, deletion: docs/r.md}]\n"
	for _, test := range []struct {
		name, source string
		facts        []rules.Fact
		flagged      bool
	}{
		{"not called", "apollo", []rules.Fact{factOf("api-apollo", rules.False)}, true},
		{"another is called", "druva", []rules.Fact{factOf("api-apollo", rules.True), factOf("api-druva", rules.False)}, true},
		{"called", "monday", []rules.Fact{factOf("api-monday", rules.True)}, false},
		{"not decided", "apollo", []rules.Fact{factOf("api-apollo", rules.Undecided)}, false},
		{"not looked at", "apollo", nil, false},
		{"no marketplace", "user", []rules.Fact{factOf("api-apollo", rules.False)}, false},
	} {
		_, g := weighing{policy: strings.Replace(policy, "SOURCE", test.source, 1), facts: test.facts}.gather(t)
		if got := slices.Contains(flagged(g), "policy:data/unseen-source"); got != test.flagged {
			t.Errorf("%s: flagged %t", test.name, got)
		}
		for _, f := range g.Findings {
			if f.Rule == "policy:data/unseen-source" && (f.Class != rules.Review || f.Location.Path != PolicyPath || f.Location.Line == 0) {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
	}
}

// TestLoweredBar: a policy that lets any statement count says so in the report.
func TestLoweredBar(t *testing.T) {
	const note = "the policy lets statements of grade A3, neither signed nor approved, count for MANDATORY requirements"
	for policy, want := range map[string]bool{"": false, "-": false, "require-attestation-grade: A1\n": false, "require-attestation-grade: A2\n": false, "require-attestation-grade: A3\n": true} {
		_, g := weighing{policy: policy}.gather(t)
		if got := slices.ContainsFunc(g.Notes, func(n string) bool { return strings.HasSuffix(n, ": "+note) }); got != want {
			t.Errorf("%q: notes %q", policy, g.Notes)
		}
	}
}

// TestNothingCalled: an app that calls nothing and has no policy file is told of
// the empty list, and a requirement that wants a marketplace's API, once, that no
// call was seen.
func TestNothingCalled(t *testing.T) {
	facts := []rules.Fact{factOf("hosts", rules.False)}
	said := func(policy, requirement string) string {
		return strings.Join(control(t, weighing{policy: policy, facts: facts}.judge(t, now)[requirement], "services-declared").Reasons, "\n")
	}
	if text := said("-", "DRUVA-OG-03"); !strings.Contains(text, "no call to an outside service, and there is no policy file") {
		t.Errorf("DRUVA-OG-03: %s", text)
	}
	for _, policy := range []string{"-", "services: []\n"} {
		if text := said(policy, "APOLLO-ORG-01"); strings.Count(text, "saw no call") != 1 || !strings.Contains(text, "the scan saw no call to the API of apollo in this repository.") {
			t.Errorf("%q: APOLLO-ORG-01: %s", policy, text)
		}
	}
	if text := said("services: []\n", "DRUVA-OG-03"); strings.Contains(text, "no policy file") {
		t.Errorf("DRUVA-OG-03 with an empty list: %s", text)
	}
}

// TestOneEncryptionForAll: a value that both wordings ask for is proposed, and
// each way to write it proves for every requirement.
func TestOneEncryptionForAll(t *testing.T) {
	for _, value := range []string{"luks2-aes-256", `"aes-256, full-disk"`, `"full-disk, aes-256"`, "aes-256+full-disk"} {
		policy := "stores: {db: {provider: hetzner, service: postgres, region: eu, jurisdiction: EU, encryption: " + value + "}}\n"
		_, g := weighing{policy: policy}.gather(t)
		for _, o := range proofs(g, storesVerifier, "encryption-at-rest") {
			if len(o.Tags) == 0 {
				t.Errorf("%s: no tags: %s", value, o.Text)
			}
		}
		if lack := texts(g, storesVerifier, "encryption-at-rest"); lack != "" || len(proofs(g, storesVerifier, "encryption-at-rest")) < 2 {
			t.Errorf("%s: lacking %q", value, lack)
		}
	}
	for _, value := range []string{"aes-256", "full-disk"} {
		_, g := weighing{policy: "stores: {db: {provider: hetzner, service: postgres, region: eu, jurisdiction: EU, encryption: " + value + "}}\n"}.gather(t)
		lack := texts(g, storesVerifier, "encryption-at-rest")
		if !strings.Contains(lack, "luks2-aes-256") {
			t.Errorf("%s: %q", value, lack)
		}
		for _, s := range g.Shortfalls {
			if s.Control == "encryption-at-rest" && s.Verifier == storesVerifier && !strings.Contains(s.Snippet, "encryption: "+askEncryption) {
				t.Errorf("%s: %s", value, s.Snippet)
			}
		}
	}
}

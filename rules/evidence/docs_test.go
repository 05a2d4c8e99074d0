package evidence

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPolicyPage holds docs/policy.md to the parser: every example is a valid
// policy, the last one uses every key there is, and the page names every key
// and every word of the closed lists.
func TestPolicyPage(t *testing.T) {
	page := string(read1(t, "../../docs/policy.md"))
	examples := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(page, -1)
	if len(examples) < 3 {
		t.Fatalf("the page has %d examples", len(examples))
	}
	k := known()
	k.Rules = nil // their shape is checked; which rules there are is not the page's matter
	for i, example := range examples {
		if _, errs := Parse("docs/policy.md", []byte(example[1]), k); len(errs) > 0 {
			t.Errorf("example %d: %v", i+1, errs)
		}
	}

	missing := map[string]bool{} // "what key" without use in the last example
	has := map[string]bool{}
	all := map[string]bool{}
	r := &reader{name: "docs/policy.md", known: k, seen: func(what string, may []field, used map[string]bool) {
		for _, f := range may {
			key := f.key
			all[key] = true
			if used[key] {
				has[what+": "+key] = true
			} else {
				missing[what+": "+key] = true
			}
		}
	}}
	r.parse([]byte(examples[len(examples)-1][1]))
	maps.DeleteFunc(missing, func(at string, _ bool) bool {
		what, key, _ := strings.Cut(at, ": ")
		// Each of the two contacts may leave one way out.
		return has[at] || what == "the contact technical" && has["the contact security: "+key]
	})
	for _, at := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("the last example does not use the key of %s", at)
	}
	words := slices.Concat(slices.Sorted(maps.Keys(all)), phases, endpointKinds, authKinds, classes, documentKinds, kinds, grades)
	for _, word := range words {
		if !regexp.MustCompile("`" + regexp.QuoteMeta(word) + "(?:: [^`]+)?`").MatchString(page) {
			t.Errorf("the page does not explain %q", word)
		}
	}
	// Every key of the first level has a row of its own.
	root := &reader{name: "p", known: k}
	root.seen = func(what string, may []field, _ map[string]bool) {
		for _, f := range may {
			if what == "the policy" && !strings.Contains(page, "\n| `"+f.key+"` |") {
				t.Errorf("the table lacks a row for %s", f.key)
			}
		}
	}
	root.parse([]byte(base))
}

package rules

import "testing"

// TestMissingProof holds that lacking proof is never worded like a search
// without findings: the same rule may well have reported some.
func TestMissingProof(t *testing.T) {
	k := Control{HowToSatisfy: "Write it down"}
	for _, tt := range []struct {
		group, accept []string
		want          string
	}{
		{[]string{"document:papers"}, nil, "Evidence is missing: no proof came from document:papers. Write it down."},
		{[]string{"statement:attestation"}, []string{"full-disk"}, "Evidence is missing: no proof came from statement:attestation for full-disk. Write it down."},
		{[]string{"MKT801"}, []string{"api-apollo"}, "Evidence is missing: the scan saw no call to the API of apollo in this repository. Scan the code that makes the calls."},
	} {
		if got := missingProof(k, tt.group, tt.accept); got != tt.want {
			t.Errorf("got %s", got)
		}
	}
}

package scan

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/files/planted"
)

// TestCredentialInGo: gosec and our own patterns ask one question of a literal,
// so it is told once, and a comment for gosec answers both.
func TestCredentialInGo(t *testing.T) {
	value := ""
	for _, s := range planted.Secrets() {
		if s.Name == "github" {
			value = s.Value
		}
	}
	for _, tt := range []struct{ name, comment, excuse, open string }{
		{"open", "", "", "MKT405 also G101/known-format"},
		{"excused for gosec", " // #nosec G101 -- a value that was revoked before it was committed", "a value that was revoked before it was committed", ""},
		// An excuse for our rule says nothing to gosec, which the partner may run elsewhere.
		{"excused for us", ` //staylisted:ignore MKT405 reason="a value that was revoked before it was committed"`, "a value that was revoked before it was committed", "G101/known-format also "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := scanTree(t, layOut(t, "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n-- main.go --\npackage main\n\nfunc main() {\n\tvar sample = \""+value+"\""+tt.comment+"\n\tprintln(len(sample))\n}\n"))
			var open []string
			for _, f := range r.Evidence.Findings {
				if f.Control != "no-secrets-in-repo" || f.Class == rules.Informational {
					continue
				}
				if f.Suppressed == nil {
					open = append(open, f.Rule+" also "+strings.Join(f.Also, ","))
				} else if f.Suppressed.Reason != tt.excuse {
					t.Errorf("%s is excused by %+v", f.Rule, f.Suppressed)
				}
			}
			if got := strings.Join(open, "; "); got != tt.open {
				t.Errorf("open: %q, want %q", got, tt.open)
			}
		})
	}
}

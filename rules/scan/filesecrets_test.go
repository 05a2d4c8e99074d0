package scan

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/files/planted"
)

// TestCredentialInGo: gosec and our own patterns ask one question of a literal,
// so it is told once, and one comment answers both.
func TestCredentialInGo(t *testing.T) {
	value := ""
	for _, s := range planted.Secrets() {
		if s.Name == "github" {
			value = s.Value
		}
	}
	for _, tt := range []struct{ name, comment, excuse string }{
		{"open", "", ""},
		{"excused for gosec", " // #nosec G101 -- a value that was revoked before it was committed", "a value that was revoked before it was committed"},
		{"excused for us", ` //staylisted:ignore MKT405 reason="a value that was revoked before it was committed"`, "a value that was revoked before it was committed"},
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
			want := 0
			if tt.excuse == "" {
				want = 1
			}
			if len(open) != want || want == 1 && !strings.Contains(open[0], "G101") {
				t.Errorf("open: %q", open)
			}
		})
	}
}

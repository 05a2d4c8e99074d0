package code

import (
	"slices"
	"testing"
)

// TestTaughtRedactor runs MKT401 as for a policy that teaches a redactor.
func TestTaughtRedactor(t *testing.T) {
	list := With(Options{Teach: Teach{Redact: []string{"app.example.io/taught.writer.Clip", "app.example.io/house.Blot"}}})
	i := slices.IndexFunc(list, func(r *Rule) bool { return r.ID == "MKT401" })
	if i < 0 {
		t.Fatal("there is no rule MKT401")
	}
	expect(t, classed(list[i]), "taught")
}

package code

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// TestTaughtRedactor runs MKT401 as for a policy that teaches a redactor.
func TestTaughtRedactor(t *testing.T) {
	list := With(Options{Teach: Teach{Redact: []string{"taught.writer.Clip"}}})
	i := slices.IndexFunc(list, func(r *Rule) bool { return r.ID == "MKT401" })
	if i < 0 {
		t.Fatal("there is no rule MKT401")
	}
	analysistest.Run(t, analysistest.TestData(), classed(list[i]), "taught")
}

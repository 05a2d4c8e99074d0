package code

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestWaysBegin holds where the steps of a finding begin: where what is unsafe
// comes into being, and not only where its name is read.
func TestWaysBegin(t *testing.T) {
	for _, tt := range []struct {
		rule, pkg string
		line      string // what the source line of the first step holds
		message   string
	}{
		{"MKT203", "mkt203archive", "zip.OpenReader(name)", "the archive is opened here"},
		{"MKT203", "mkt203archive", "zip.NewReader(in, file.Size)", "the archive is opened here"},
		{"MKT203", "mkt203archive", "h, err := tr.Next()", "the next entry is read here"},
		{"MKT703", "mkt703", "buf := make([]byte, 4096)", "the buffer"},
		{"MKT703", "mkt703", "var buf [4096]byte", "the buffer"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			for _, r := range All() {
				if r.ID != tt.rule {
					continue
				}
				for _, p := range casesOf(t, func(name string) bool { return name == tt.pkg }) {
					_, result, err := analyse(r.Analyzer, p)
					if err != nil {
						t.Fatal(err)
					}
					for _, h := range result.(*Result).Hits {
						if len(h.Steps) == 0 || h.Steps[0].Message != tt.message {
							continue
						}
						if at := p.Fset.Position(h.Steps[0].Pos); strings.Contains(sourceLine(t, at.Filename, at.Line), tt.line) {
							return
						}
					}
				}
			}
			t.Errorf("no finding of %s in %s begins there with %q", tt.rule, tt.pkg, tt.message)
		})
	}
}

func sourceLine(t *testing.T, file string, n int) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for i := 1; lines.Scan(); i++ {
		if i == n {
			return lines.Text()
		}
	}
	return ""
}

package secrets

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/report"

	"github.com/staylisted/staylisted/rules/tree"
)

// gitleaks runs its own detector over a text and returns what it claims, as
// "rule:secret". Comments that excuse are not heeded, as ours are not.
func gitleaks(d *detect.Detector, name, text string) map[string]int {
	claims := map[string]int{}
	for _, f := range detected(d, name, text) {
		claims[fmt.Sprintf("%s:%s", f.RuleID, f.Secret)]++
	}
	return claims
}

// detected calls the detector. Its version 8 takes no other type.
func detected(d *detect.Detector, name, text string) []report.Finding {
	//lint:ignore SA1019 what takes its place comes with version 9
	return d.Detect(detect.Fragment{Raw: text, FilePath: name})
}

// ours are the raw matches of gitleaks' rules, with what its detector leaves
// out beside a better match.
func ours(all *secretPatterns, name, text string) map[string]int {
	data := []byte(text)
	hits := all.view(name).find(data, lower(nil, data))
	line := func(h secretHit) int { return 1 + strings.Count(text[:h.from], "\n") }
	claims := map[string]int{}
	for _, h := range hits {
		generic := h.pattern.RuleID == "generic-api-key"
		if slices.ContainsFunc(marketplaceSecrets(), func(r config.Rule) bool { return r.RuleID == h.pattern.RuleID }) || generic && slices.ContainsFunc(hits, func(o secretHit) bool {
			return o.pattern != h.pattern && line(o) == line(h) && bytes.Contains(o.secret(data), h.secret(data))
		}) {
			continue
		}
		claims[fmt.Sprintf("%s:%s", h.pattern.RuleID, h.secret(data))]++
	}
	return claims
}

func newDetector(t testing.TB) *detect.Detector {
	t.Helper()
	d, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	d.IgnoreGitleaksAllow = true
	return d
}

// TestPatterns makes up texts that each rule of gitleaks matches and holds our
// way of looking for them against gitleaks' detector: the same secrets, by the
// same rules, on the same lines.
func TestPatterns(t *testing.T) {
	all, err := loadSecretPatterns()
	if err != nil {
		t.Fatal(err)
	}
	d := newDetector(t)
	r := rand.New(rand.NewPCG(7, 7))
	found, missed := 0, []string{}
	for _, p := range all.list {
		theirs, known := d.Config.Rules[p.RuleID]
		if !known || theirs.Regex == nil {
			continue
		}
		re, err := syntax.Parse(theirs.Regex.String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		name := "src/a.ts"
		for _, n := range []string{"a.tf", "a.yaml", "a.php", "nuget.config"} {
			if p.Path != nil && p.Path.MatchString(n) {
				name = n
			}
		}
		claimed := false
		for range 6 {
			var b strings.Builder
			b.WriteString("x = 1\n// " + letters(r.Uint64(), 300, "ab \n\tkey=:'\"") + "\n")
			for range 1 + r.IntN(2) {
				makeUp(&b, re, r)
				b.WriteString([]string{"\n", "\n\n", "'\n", " "}[r.IntN(4)])
			}
			b.WriteString(letters(r.Uint64(), r.IntN(200), "ab \n\ttoken=:'\"é"))
			text := b.String()
			want, got := gitleaks(d, name, text), ours(all, name, text)
			for k := range want {
				claimed = claimed || strings.HasPrefix(k, p.RuleID+":")
			}
			if !sameCounts(want, got) {
				t.Errorf("%s in %q:\ngitleaks %v\nours     %v", p.RuleID, text, want, got)
			}
		}
		if claimed {
			found++
		} else {
			missed = append(missed, p.RuleID)
		}
	}
	if found < 180 {
		t.Errorf("only %d rules had a text that gitleaks itself claims; not %v", found, missed)
	}
}

func sameCounts(a, b map[string]int) bool {
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return len(a) == len(b)
}

// makeUp writes a text that an expression matches.
func makeUp(b *strings.Builder, re *syntax.Regexp, r *rand.Rand) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		for range 20 {
			i := 2 * r.IntN(len(re.Rune)/2)
			c := re.Rune[i] + rune(r.IntN(int(min(re.Rune[i+1]-re.Rune[i], 100)+1)))
			if c == '\t' || c == '\n' || c >= ' ' && c < 0x7f {
				b.WriteRune(c)
				return
			}
		}
		b.WriteByte('a')
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(base62[r.IntN(len(base62))])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			makeUp(b, sub, r)
		}
	case syntax.OpAlternate:
		makeUp(b, re.Sub[r.IntN(len(re.Sub))], r)
	case syntax.OpCapture:
		makeUp(b, re.Sub[0], r)
	case syntax.OpQuest:
		if r.IntN(2) == 0 {
			makeUp(b, re.Sub[0], r)
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		least, most := re.Min, re.Max
		if re.Op == syntax.OpPlus {
			least = 1
		}
		if re.Op != syntax.OpRepeat || most < 0 {
			most = least + 6
		}
		for range least + r.IntN(most-least+1) {
			makeUp(b, re.Sub[0], r)
		}
	}
}

// TestSecretsLaidOut measures the laid-out secrets files. STAYLISTED_SECRETS is
// the folder "secrets" that lay-out-corpora wrote, STAYLISTED_DATA holds the rows.
func TestSecretsLaidOut(t *testing.T) {
	root, data := os.Getenv("STAYLISTED_SECRETS"), os.Getenv("STAYLISTED_DATA")
	if root == "" || data == "" {
		t.Skip("STAYLISTED_SECRETS (the laid-out files) or STAYLISTED_DATA (their rows) is not set")
	}
	f, err := os.Open(filepath.Join(data, "secrets", "files.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := newDetector(t)
	d.MaxDecodeDepth = maxDecodings
	d.IgnoreGitleaksAllow = false
	type row struct {
		Line         int
		Expect, Rule string
	}
	rows := map[string][]row{}
	content := map[string]string{}
	for in := bufio.NewScanner(f); in.Scan(); {
		var file struct {
			File string
			Rows []row
		}
		if err := json.Unmarshal(in.Bytes(), &file); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file.File)))
		if os.IsNotExist(err) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		content[file.File], rows[file.File] = string(text), file.Rows
	}
	if len(content) == 0 {
		t.Fatal("no file is laid out there")
	}
	at := map[string]map[int]bool{}
	for _, f := range secretsIn(t, treeOf(content), Options{}).Findings {
		if at[f.Location.Path] == nil {
			at[f.Location.Path] = map[int]bool{}
		}
		at[f.Location.Path][f.Location.Line] = true
	}
	var all, claimed, both, mine, wrongTheirs, wrongMine, negative int
	for name, list := range rows {
		theirs := map[int]bool{}
		for _, f := range detected(d, name, content[name]) {
			theirs[f.StartLine+1] = true
		}
		for _, r := range list {
			if r.Expect != "positive" {
				negative++
				wrongTheirs += one(theirs[r.Line])
				wrongMine += one(at[name][r.Line])
				continue
			}
			all++
			mine += one(at[name][r.Line])
			if theirs[r.Line] {
				claimed++
				both += one(at[name][r.Line])
				if !at[name][r.Line] {
					t.Logf("not reported: %s:%d %s", name, r.Line, r.Rule)
				}
			} else if !at[name][r.Line] {
				t.Logf("reported by neither: %s:%d %s", name, r.Line, r.Rule)
			}
		}
	}
	t.Logf("%d files; %d secrets: gitleaks reports %d, we %d, of gitleaks' own %d; %d harmless places: gitleaks reports %d, we %d",
		len(content), all, claimed, mine, both, negative, wrongTheirs, wrongMine)
	if recall := float64(both) / float64(max(1, claimed)); recall < 0.95 {
		t.Errorf("recall of what gitleaks claims is %.3f, want 0.95 or more", recall)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// BenchmarkSecrets looks at the checked out repositories in STAYLISTED_REPOS.
func BenchmarkSecrets(b *testing.B) {
	repos := filepath.SplitList(os.Getenv("STAYLISTED_REPOS"))
	if len(repos) == 0 {
		b.Skip("STAYLISTED_REPOS lists no checked out repositories")
	}
	for _, root := range repos {
		b.Run(filepath.Base(root), func(b *testing.B) {
			var names []string
			err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
				switch {
				case err != nil:
					return err
				case e.IsDir() && e.Name() == ".git":
					return fs.SkipDir
				case e.Type().IsRegular():
					names = append(names, filepath.ToSlash(strings.TrimPrefix(p, root+string(filepath.Separator))))
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			files := tree.New(os.DirFS(root), names, nil)
			for b.Loop() {
				g := Scan(b.Context(), files, Options{Now: testNow})
				b.ReportMetric(float64(len(g.Findings)), "findings")
			}
		})
	}
}

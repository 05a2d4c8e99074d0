package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// beside reads files that stand beside the test data. They are not part of the
// repository: without STAYLISTED_DATA the test is skipped, but where it must
// run (CI) a missing file fails it.
func beside(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	data := os.Getenv("STAYLISTED_DATA")
	if data == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder of the test data")
	}
	names, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Clean(data)), pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("there is no %s beside %s", pattern, data)
		}
		t.Skipf("there is no %s beside %s", pattern, data)
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = text
	}
	return files
}

// A specification is the machine-readable twin of the tables the catalogue was
// made from.
type specification struct {
	Requirements []struct {
		ID, Marketplace, Category, Wording, Title, Source string
		Controls, Verified                                []string
	}
	Controls []struct {
		ID       string
		Statuses []string
		Verify   string
	}
	Vectors map[string]struct {
		Vector string
		Score  float64
		Band   string
	}
	Gosec []struct {
		Rule, Control, CWE, Klass, Vector string
	}
	Custom []struct {
		ID, Name, Klass, Controls string
		Priority                  int
	}
}

func spec(t *testing.T) *specification {
	t.Helper()
	var s specification
	if err := json.Unmarshal(beside(t, "spec/catalogue.json")["catalogue.json"], &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestSpecifiedRequirements(t *testing.T) {
	s, c := spec(t), load(t).Catalogue
	n := 0
	for _, m := range c.Marketplaces {
		n += len(m.Requirements)
	}
	if n != len(s.Requirements) {
		t.Errorf("%d requirements, specified are %d", n, len(s.Requirements))
	}
	for _, want := range s.Requirements {
		r, ok := c.Requirement(want.ID)
		if !ok {
			t.Errorf("%s is missing", want.ID)
			continue
		}
		var controls []string
		for _, u := range r.Controls {
			controls = append(controls, u.Control)
		}
		got := fmt.Sprintf("%s %s %s %s %v %v", r.Marketplace, r.Category, r.Wording, r.Source, controls, r.Assurance)
		if w := fmt.Sprintf("%s %s %s %s %v %v", want.Marketplace, want.Category, want.Wording, want.Source, want.Controls, want.Verified); got != w {
			t.Errorf("%s: got  %s\nwant %s", want.ID, got, w)
		}
	}
}

func TestSpecifiedControls(t *testing.T) {
	s, c := spec(t), load(t).Catalogue
	if len(c.Controls) != len(s.Controls) {
		t.Errorf("%d controls, specified are %d", len(c.Controls), len(s.Controls))
	}
	// Controls whose condition for not applying is specified, but whose letters
	// there lack X.
	addX := []string{"sast-run", "secure-coding-baseline", "data-inventory"}
	letter := regexp.MustCompile(`^[PFNXEU]`)
	rule := regexp.MustCompile(`\b(G[0-9]{3}|MKT[0-9]{3})\b`)
	for _, want := range s.Controls {
		k, ok := c.Control(want.ID)
		if !ok {
			t.Errorf("control %s is missing", want.ID)
			continue
		}
		var letters []string
		for _, l := range want.Statuses {
			if l = letter.FindString(l); l != "" { // "P(at", "risk)" is P
				letters = append(letters, l)
			}
		}
		if slices.Contains(addX, want.ID) {
			letters = append(letters, "X")
		}
		got := strings.Fields(k.Statuses)
		slices.Sort(got)
		slices.Sort(letters)
		if !slices.Equal(got, letters) {
			t.Errorf("%s: statuses %v, want %v", want.ID, got, letters)
		}
		for _, id := range rule.FindAllString(want.Verify, -1) {
			if want.ID == "data-inventory" && id == "MKT402" {
				continue // the row speaks of the rule's model of names; run:data-names applies it
			}
			if !slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == id }) {
				t.Errorf("%s: verifier %s is missing", want.ID, id)
			}
		}
	}
}

func TestSpecifiedVectors(t *testing.T) {
	s, p := spec(t), load(t)
	if len(p.Vectors) != len(s.Vectors) {
		t.Errorf("%d vectors, specified are %d", len(p.Vectors), len(s.Vectors))
	}
	for alias, want := range s.Vectors {
		if got := p.Vectors[alias]; got.Vector != want.Vector || got.Score != want.Score || string(got.Band) != strings.ToLower(want.Band) {
			t.Errorf("%s: got %+v, want %+v", alias, got, want)
		}
	}
}

// TestSpecifiedGosec compares class, leading control, CWE and vector of each
// entry with the table.
func TestSpecifiedGosec(t *testing.T) {
	s, p := spec(t), load(t)
	// Entries whose rows stand under another name, and those that split a row
	// finer than the table does.
	renamed := map[string][]string{
		"G101 known format":   {"G101/known-format"},
		"G101 name+entropy":   {"G101/entropy"},
		"G402 skip-verify":    {"G402/skip-verify"},
		"G402 version/cipher": {"G402/version", "G402/cipher"},
		"G708 parse":          {"G708/parse"},
		"G708 execute":        {"G708/execute"},
	}
	finer := []string{"G402/skip-verify-unresolved", "G402/server-preference"}
	classes := map[string]rules.Class{"V": rules.Violation, "R": rules.Review, "I": rules.Informational}
	number := regexp.MustCompile(`[0-9]+`)
	entries := map[string]*GosecEntry{}
	for i, e := range p.Gosec.Entries {
		entries[e.Rule.ID] = &p.Gosec.Entries[i]
	}
	seen := map[string]bool{}
	for _, row := range s.Gosec {
		ids := renamed[row.Rule]
		if ids == nil {
			for part := range strings.SplitSeq(row.Rule, ", ") {
				first, last, isRange := strings.Cut(part, "-")
				if !isRange {
					last = first
				}
				var from, to int
				fmt.Sscanf(first+" "+last, "G%d G%d", &from, &to)
				for n := from; n <= to; n++ {
					ids = append(ids, fmt.Sprintf("G%d", n))
				}
			}
		}
		// "918 (gosec 88)" is 918; "(200)" alone is gosec's and taken over; of
		// "327/328" one or more is meant.
		cwe, _, _ := strings.Cut(row.CWE, " ")
		allowed := number.FindAllString(cwe, -1)
		for _, id := range ids {
			seen[id] = true
			e := entries[id]
			if e == nil {
				t.Errorf("%s is missing", id)
				continue
			}
			if e.Rule.Class != classes[row.Klass] {
				t.Errorf("%s: class %s, want %s", id, e.Rule.Class, row.Klass)
			}
			control := "-"
			if len(e.Rule.Controls) > 0 {
				control = e.Rule.Controls[0]
			}
			if control != row.Control {
				t.Errorf("%s: control %s, want %s", id, control, row.Control)
			}
			if want := p.Vectors[row.Vector].Vector; e.Rule.Vector != want {
				t.Errorf("%s: vector %q, want %q", id, e.Rule.Vector, want)
			}
			if (len(e.Rule.CWE) == 0) != (len(allowed) == 0) {
				t.Errorf("%s: CWE %v, want %s", id, e.Rule.CWE, row.CWE)
			}
			for _, n := range e.Rule.CWE {
				if !slices.Contains(allowed, fmt.Sprint(n)) {
					t.Errorf("%s: CWE %d, want %s", id, n, row.CWE)
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(entries)) {
		if !seen[id] && !slices.Contains(finer, id) {
			t.Errorf("%s is not in the table", id)
		}
	}
}

func TestSpecifiedOwnRules(t *testing.T) {
	s, p := spec(t), load(t)
	classes := map[string]rules.Class{"V": rules.Violation, "R": rules.Review, "I": rules.Informational}
	planned := map[string]Planned{}
	for _, r := range p.Planned {
		planned[r.ID] = r
	}
	n := 0
	for _, want := range s.Custom {
		var controls []string
		if want.Controls != "as base" {
			controls = strings.Split(want.Controls, ", ")
		}
		// A rule is a verifier of every control it speaks to; what is of first
		// priority must have run.
		for _, id := range controls {
			k, ok := p.Catalogue.Control(id)
			i := slices.IndexFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == want.ID })
			switch {
			case !ok || i < 0:
				t.Errorf("%s is not a verifier of %s", want.ID, id)
			case want.Priority == 1 && !k.Verifiers[i].First:
				t.Errorf("%s must have run before %s may pass", want.ID, id)
			}
		}
		r, isPlanned := planned[want.ID]
		if isPlanned == slices.Contains(built, want.ID) {
			t.Errorf("%s is neither built nor planned, or both", want.ID)
		}
		if !isPlanned {
			continue
		}
		n++
		if r.Name != want.Name || r.Class != classes[want.Klass] || r.Priority != want.Priority {
			t.Errorf("%s: got %+v, want %+v", want.ID, r, want)
		}
		for _, id := range controls {
			if !slices.Contains(r.Controls, id) {
				t.Errorf("%s does not name control %s", want.ID, id)
			}
		}
	}
	if n != len(p.Planned) {
		t.Errorf("%d rules are planned, of which %d are specified", len(p.Planned), n)
	}
}

// sources returns the documents by their code.
func sources(t *testing.T) map[string][]byte {
	t.Helper()
	byCode := map[string][]byte{}
	for name, data := range beside(t, "sources/*.txt") {
		byCode[name[:3]] = data
	}
	return byCode
}

func TestSourceDigests(t *testing.T) {
	documents := sources(t)
	for _, m := range load(t).Catalogue.Marketplaces {
		sum := sha256.Sum256(documents[m.Source.Code])
		if got := hex.EncodeToString(sum[:]); got != m.Source.SHA256 {
			t.Errorf("%s: the document's digest is %s, recorded is %s", m.ID, got, m.Source.SHA256)
		}
	}
}

// TestSourceLines: every line that a requirement cites exists and says
// something.
func TestSourceLines(t *testing.T) {
	documents := sources(t)
	for _, m := range load(t).Catalogue.Marketplaces {
		lines := strings.Split(string(documents[m.Source.Code]), "\n")
		for _, r := range m.Requirements {
			_, cited, _ := strings.Cut(r.Source, ":")
			for part := range strings.SplitSeq(cited, ",") {
				var n int
				if _, err := fmt.Sscan(part, &n); err != nil || n < 1 || n > len(lines) || strings.TrimSpace(lines[n-1]) == "" {
					t.Errorf("%s cites line %s of %s, where nothing stands", r.ID, part, m.Source.Code)
				}
			}
		}
	}
}

// TestOwnWording: facts carry over, sentences do not. No text of ours shares
// eight words in a row with a document, which is stricter than not holding a
// sentence of it.
func TestOwnWording(t *testing.T) {
	const run = 8
	word := regexp.MustCompile(`[\pL\pN]+(?:[.'’-][\pL\pN]+)*`)
	words := func(text string) []string { return word.FindAllString(strings.ToLower(text), -1) }
	taken := map[string]string{}
	for code, data := range sources(t) {
		all := words(string(data))
		for i := range len(all) - run + 1 {
			taken[strings.Join(all[i:i+run], " ")] = code
		}
	}
	check := func(what, text string) {
		t.Helper()
		all := words(text)
		for i := range max(0, len(all)-run+1) {
			if phrase := strings.Join(all[i:i+run], " "); taken[phrase] != "" {
				t.Errorf("%s repeats document %s: %q", what, taken[phrase], phrase)
			}
		}
	}
	p := load(t)
	for _, m := range p.Catalogue.Marketplaces {
		for _, r := range m.Requirements {
			check(r.ID, r.Title)
		}
	}
	for _, k := range p.Catalogue.Controls {
		for _, text := range []string{k.Title, k.Decays, k.HowToSatisfy, k.NotApplicable.Text} {
			check(k.ID, text)
		}
	}
}

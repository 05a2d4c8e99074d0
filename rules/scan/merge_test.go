package scan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestMergeDuplicates(t *testing.T) {
	type f = rules.Finding
	at := func(rule string, class rules.Class, score float64, line, column int, control string, cwe ...int) f {
		return f{ID: rule, Rule: rule, Class: class, CWE: cwe, CVSS: &rules.CVSS{Score: score}, Control: control,
			Location: rules.Location{Path: "a/a.go", Line: line, Column: column, Symbol: "F"}, Fingerprint: rule}
	}
	v, r, note := rules.Violation, rules.Review, rules.Informational
	with := func(x f, change func(*f)) f { change(&x); return x }
	steps := []rules.Step{{Message: "from"}, {Message: "to"}}
	excuse := &rules.Suppression{Kind: "false-positive", Reason: "pinned below"}
	for _, tt := range []struct {
		name string
		in   []f
		want string // "RULE line+ALSO,… class controls", in order
	}{
		{"one call, three rules", []f{at("G107", r, 4.8, 3, 2, "no-ssrf", 918), at("G704", v, 8.6, 3, 10, "no-ssrf", 918), at("MKT508", v, 8.6, 3, 2, "no-ssrf", 918)},
			"MKT508 3+G107,G704 no-ssrf"},
		{"class before score", []f{at("G201", r, 9.9, 3, 2, "q", 89), at("G701", v, 5, 3, 2, "q", 89)}, "G701 3+G201 q"},
		{"score before origin", []f{at("MKT1", v, 5, 3, 2, "q", 89), at("G701", v, 9.8, 3, 2, "q", 89)}, "G701 3+MKT1 q"},
		{"another weakness", []f{at("G701", v, 9.8, 3, 2, "q", 89), at("G704", v, 8.6, 3, 2, "s", 918)}, "G701 3 q; G704 3 s"},
		{"another line", []f{at("G107", r, 4.8, 3, 2, "s", 918), at("G704", v, 8.6, 4, 2, "s", 918)}, "G107 3 s; G704 4 s"},
		{"another function on the line", []f{at("G107", r, 4.8, 3, 2, "s", 918), with(at("G704", v, 8.6, 3, 2, "s", 918), func(x *f) { x.Location.Symbol = "G" })}, "G107 3 s; G704 3 s"},
		{"another file", []f{at("G107", r, 4.8, 3, 2, "s", 918), with(at("G704", v, 8.6, 3, 2, "s", 918), func(x *f) { x.Location.Path = "a/b.go" })}, "G107 3 s; G704 3 s"},
		{"families", []f{at("G401", r, 5.9, 3, 2, "crypto-strong", 328), at("MKT601", v, 7.5, 3, 2, "password-hashing", 916, 256)}, "MKT601 3+G401 password-hashing,crypto-strong"},
		{"a note has no control to hand on", []f{at("G404", note, 6.5, 3, 2, "crypto-strong", 338), at("MKT603", v, 6.5, 3, 2, "session-management", 338)}, "MKT603 3+G404 session-management"},
		{"two calls on a line", []f{at("G201", r, 6, 3, 5, "q", 89), at("G201", r, 6, 3, 40, "q", 89), at("G701", v, 9, 3, 42, "q", 89), at("G701", v, 9, 3, 7, "q", 89)},
			"G701 3+G201 q; G701 3+G201 q"},
		{"two findings of one rule", []f{at("G701", v, 9, 3, 5, "q", 89), at("G701", v, 9, 3, 40, "q", 89)}, "G701 3 q; G701 3 q"},
		{"two variants of one rule", []f{at("MKT309", v, 9, 3, 5, "q", 613), at("MKT309/literal-key", v, 9, 3, 5, "q", 613)}, "MKT309 3 q; MKT309/literal-key 3 q"},
		{"the weaker is excused", []f{with(at("G107", r, 4.8, 3, 2, "s", 918), func(x *f) { x.Suppressed = excuse }), at("G704", v, 8.6, 3, 2, "s", 918)}, "G107 3 s; G704 3 s"},
		{"the stronger is excused", []f{at("G107", r, 4.8, 3, 2, "s", 918), with(at("G704", v, 8.6, 3, 2, "s", 918), func(x *f) { x.Suppressed = excuse })}, "G107 3 s; G704 3 s"},
		{"both are excused", []f{with(at("G107", r, 4.8, 3, 2, "s", 918), func(x *f) { x.Suppressed = excuse }), with(at("G704", v, 8.6, 3, 2, "s", 918), func(x *f) { x.Suppressed = excuse })}, "G107 3 s; G704 3 s"},
		{"the policy excuses the stronger", []f{at("G107", r, 4.8, 3, 2, "s", 918), at("POLICY", v, 8.6, 3, 2, "s", 918)}, "G107 3 s; POLICY 3 s"},
		{"judged on a number", []f{at("G107", r, 4.8, 3, 2, "s", 918), with(at("G704", v, 8.6, 3, 2, "s", 918), func(x *f) { x.Measure = &rules.Measurement{Name: "n"} })}, "G107 3 s; G704 3 s"},
		{"without a weakness", []f{at("MKT801", r, 0, 3, 2, "s"), at("G999", r, 0, 3, 2, "s")}, "MKT801 3 s; G999 3 s"},
		{"import and use", []f{at("G501", r, 5.9, 1, 2, "crypto-strong", 327), at("G401", r, 5.9, 9, 2, "crypto-strong", 328)}, "G401 9+G501 crypto-strong"},
		{"import and two uses", []f{at("G501", r, 5.9, 1, 2, "c", 327), at("G401", r, 5.9, 9, 2, "c", 328), at("G401", r, 5.9, 12, 2, "c", 328)}, "G401 9+G501 c; G401 12 c"},
		{"import in another file of the package", []f{with(at("G501", r, 5.9, 1, 2, "c", 327), func(x *f) { x.Location.Path = "a/z.go" }), at("G401", r, 5.9, 9, 2, "c", 328)}, "G401 9+G501 c"},
		{"import of another package", []f{with(at("G501", r, 5.9, 1, 2, "c", 327), func(x *f) { x.Location.Path = "b/z.go" }), at("G401", r, 5.9, 9, 2, "c", 328)}, "G501 1 c; G401 9 c"},
		{"import of another primitive", []f{at("G505", r, 5.9, 1, 2, "c", 327), at("G401", r, 5.9, 9, 2, "c", 328)}, "G505 1 c; G401 9 c"},
		{"the only use is excused", []f{at("G501", r, 5.9, 1, 2, "c", 327), with(at("G401", r, 5.9, 9, 2, "c", 328), func(x *f) { x.Suppressed = excuse })}, "G501 1 c; G401 9 c"},
		{"the import is excused", []f{with(at("G501", r, 5.9, 1, 2, "c", 327), func(x *f) { x.Suppressed = excuse }), at("G401", r, 5.9, 9, 2, "c", 328)}, "G501 1 c; G401 9 c"},
		{"a password hashed with what was imported", []f{at("G501", r, 5.9, 1, 2, "crypto-strong", 327), at("G401", r, 5.9, 9, 2, "crypto-strong", 328), at("MKT601", v, 7.5, 9, 2, "password-hashing", 916)},
			"MKT601 9+G401,G501 password-hashing,crypto-strong"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			primitive := func(x *f) string {
				switch x.Rule {
				case "G401", "G501":
					return "crypto/md5"
				case "G505":
					return "crypto/sha1"
				}
				return ""
			}
			var got []string
			for _, x := range mergeDuplicates(tt.in, primitive, func(x *f) bool { return x.Rule == "POLICY" }) {
				line := fmt.Sprintf("%s %d", x.Rule, x.Location.Line)
				if len(x.Also) > 0 {
					line += "+" + strings.Join(x.Also, ",")
				}
				got = append(got, line+" "+strings.Join(x.Controls(), ","))
				if x.Fingerprint != x.Rule {
					t.Errorf("%s took the fingerprint of %s", x.Rule, x.Fingerprint)
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
	merged := mergeDuplicates([]f{at("MKT508", v, 8.6, 3, 2, "s", 918), with(at("G704", r, 8.6, 3, 2, "s", 918), func(x *f) { x.Steps = steps })},
		func(*f) string { return "" }, func(*f) bool { return false })
	if len(merged) != 1 || !slices.Equal(merged[0].Steps, steps) {
		t.Errorf("the path is lost: %+v", merged)
	}
}

// An excuse of one rule, in a comment or in the policy, leaves what another rule
// says of the same line.
func TestMergingKeepsWhatIsNotExcused(t *testing.T) {
	const source = `
-- go.mod --
module example.com/x

go 1.26
-- main.go --
package main

import (
	"net/http"
	"os/exec"
)

func run(w http.ResponseWriter, r *http.Request) {
	_ = exec.Command("sh", "-c", r.FormValue("c")).Run()%s
}

func main() {
	http.HandleFunc("/run", run)
}
`
	const policy = `
-- .github/staylisted.yml --
version: 1
marketplaces: [druva]
suppressions:
  - {rule: G702, path: main.go, kind: false-positive, reason: the command is checked elsewhere, owner: "@someone", expires: 2027-01-31}
`
	for _, tt := range []struct{ name, tree, want string }{
		{"nothing excused", fmt.Sprintf(source, ""), "MKT203/command+G204,G702"},
		{"the stronger in a comment", fmt.Sprintf(source, " // #nosec G702 -- checked elsewhere"), "G204 G702(excused) MKT203/command(excused)"},
		{"the weaker in a comment", fmt.Sprintf(source, " // #nosec G204 -- checked elsewhere"), "G204(excused) MKT203/command+G702"},
		{"both in a comment", fmt.Sprintf(source, " // #nosec G204 G702 -- checked elsewhere"), "G204(excused) G702(excused) MKT203/command(excused)"},
		{"the stronger in the policy", fmt.Sprintf(source, "") + policy, "G204 G702 MKT203/command"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range scanTree(t, layOut(t, tt.tree)).Evidence.Findings {
				if !slices.Contains([]string{"G204", "G702", "MKT203/command"}, f.Rule) {
					continue
				}
				line := f.Rule
				if len(f.Also) > 0 {
					line += "+" + strings.Join(f.Also, ",")
				}
				if f.Suppressed != nil {
					line += "(excused)"
				}
				got = append(got, line)
			}
			slices.Sort(got)
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}

// Which package of cryptography a use is about is read from the types, so a
// renamed import is no riddle, and two primitives are not taken for one.
func TestImportsFoldIntoUses(t *testing.T) {
	r := scanTree(t, layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import (
	digest "crypto/md5"
	"crypto/sha1"
)

var a = digest.Sum(nil)

const size = sha1.Size
`))
	var got []string
	for _, f := range r.Evidence.Findings {
		got = append(got, fmt.Sprintf("%s:%d+%s", f.Rule, f.Location.Line, strings.Join(f.Also, ",")))
	}
	if want := []string{"G505:5+", "G401:8+G501"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

package touch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A pair is one file before and after, and the signal it must give. An empty want is
// a near miss: the file must not give a signal of that id at all.
type pair struct {
	name, path    string
	before, after string // "-" means that the file is not there
	want          string // part of "LEVEL WHAT"
	// whole says that only whole files show it; a patch has too little context.
	whole bool
}

func (p pair) file() File {
	f := File{OldPath: p.path, NewPath: p.path, Before: []byte(p.before), After: []byte(p.after)}
	if p.before == "-" {
		f.OldPath, f.Before = "", nil
	}
	if p.after == "-" {
		f.NewPath, f.After = "", nil
	}
	return f
}

// run runs the pairs of one signal, with whole files and as patches.
func run(t *testing.T, id string, pairs []pair, opts ...Options) {
	t.Helper()
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	positives, misses := 0, 0
	for _, p := range pairs {
		if p.want != "" {
			positives++
		} else {
			misses++
		}
		t.Run(p.name, func(t *testing.T) {
			f := p.file()
			see(t, id, p, Compute([]File{f}, o))
			if !p.whole {
				t.Run("patch", func(t *testing.T) {
					see(t, id, p, Compute([]File{Patch(f.OldPath, f.NewPath, []byte(unified(f)))}, o))
				})
			}
		})
	}
	if len(opts) == 0 && (positives < 6 || misses < 6) {
		t.Errorf("%d cases and %d near misses, want at least 6 of each", positives, misses)
	}
}

func see(t *testing.T, id string, p pair, r Result) {
	t.Helper()
	found := false
	for _, s := range r.Signals {
		if s.ID != id {
			continue
		}
		if p.want == "" {
			t.Errorf("near miss gives %s %s %q", s.ID, s.Level, s.What)
		}
		if strings.Contains(s.Level.String()+" "+s.What, p.want) {
			found = true
			if s.Question == "" || s.Path != p.path || s.Line == 0 && s.OldLine == 0 && s.ID != T8 {
				t.Errorf("signal without a place or a question: %+v", s)
			}
		}
	}
	if p.want != "" && !found {
		t.Errorf("no %s with %q in:\n%s", id, p.want, describe(&r))
	}
}

// unified writes a patch of a file with three lines of context, as GitHub does.
func unified(f File) string {
	before, after := splitLines(f.Before), splitLines(f.After)
	gone, came := map[int]bool{}, map[int]bool{}
	differ(before, after, func(i int) { gone[i] = true }, func(i int) { came[i] = true })
	type line struct {
		mark     byte
		text     string
		old, now int
	}
	var all []line
	for i, j := 0, 0; i < len(before) || j < len(after); {
		switch {
		case i < len(before) && gone[i]:
			all = append(all, line{'-', before[i], i + 1, j + 1})
			i++
		case j < len(after) && came[j]:
			all = append(all, line{'+', after[j], i + 1, j + 1})
			j++
		default:
			all = append(all, line{' ', before[i], i + 1, j + 1})
			i++
			j++
		}
	}
	const context = 3
	keep := make([]bool, len(all))
	for k, l := range all {
		if l.mark != ' ' {
			for n := max(0, k-context); n <= min(len(all)-1, k+context); n++ {
				keep[n] = true
			}
		}
	}
	var b strings.Builder
	for k := 0; k < len(all); {
		if !keep[k] {
			k++
			continue
		}
		end := k
		old, now := 0, 0
		for end < len(all) && keep[end] {
			if all[end].mark != '+' {
				old++
			}
			if all[end].mark != '-' {
				now++
			}
			end++
		}
		heading := ""
		for n := k - 1; n >= 0; n-- {
			if t := all[n].text; all[n].mark != '+' && t != "" && (isLetter(t[0])) {
				heading = " " + t
				break
			}
		}
		fmt.Fprintf(&b, "@@ -%d,%d +%d,%d @@%s\n", all[k].old, old, all[k].now, now, heading)
		for ; k < end; k++ {
			b.WriteByte(all[k].mark)
			b.WriteString(all[k].text)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// inFunc is a Go file with one function.
func inFunc(name, body string) string {
	return "package app\n\nimport \"net/http\"\n\nfunc " + name + "(w http.ResponseWriter, r *http.Request) {\n" + indent(body) + "}\n"
}

func indent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString("\t" + line)
	}
	if !strings.HasSuffix(s, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}

func ids(r Result) []string {
	var out []string
	for _, s := range r.Signals {
		out = append(out, s.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

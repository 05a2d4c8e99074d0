package touch

import (
	"strings"
)

// An entry is a statement, or the head of one, of a Go file that was parsed, and a
// line of any other.
type entry struct {
	line    int
	toks    []tok
	key     string // tokens joined, messages for people left out
	about   string // the type of the literal or the name of the call it stands in
	changed bool
	imports bool // an import, or a line of one
}

// A unit is a function, type, variable or the rest of a file, before and after.
type unit struct {
	path, old     string
	lang          *language
	symbol        string
	function      bool
	list          bool // a declaration that is a list of values
	patch         bool
	before, after []entry
	oldNames      map[string]bool // names its own statements define
	newNames      map[string]bool
	added, gone   bool // only on one side
}

var (
	opensOrSeparates  = map[string]bool{"{": true, "(": true, "[": true, ",": true}
	closesOrSeparates = map[string]bool{"}": true, ")": true, "]": true, ",": true}
)

// joined makes the key of an entry.
func joined(toks []tok) string {
	var b strings.Builder
	for i, t := range toks {
		if t.kind == sign && t.text == "," && (i == 0 || i+1 == len(toks) || opensOrSeparates[toks[i-1].text] || closesOrSeparates[toks[i+1].text]) {
			continue // a comma with nothing on one side is form, or its neighbour has an entry of its own
		}
		if t.kind == text {
			if prose(t.text) {
				b.WriteString("«» ")
				continue
			}
			b.WriteByte('"')
		}
		b.WriteString(t.text)
		b.WriteByte(' ')
	}
	// A trailing comma or semicolon is form.
	return strings.TrimRight(b.String(), " ,;")
}

// changes reports whether a unit has any changed entry.
func (u *unit) changes() bool {
	for _, list := range [][]entry{u.before, u.after} {
		for i := range list {
			if list[i].changed {
				return true
			}
		}
	}
	return false
}

// compare marks the entries of a unit that differ.
func (u *unit) compare(renamed map[string]string) {
	for i := range u.before {
		u.before[i].changed = false
	}
	for i := range u.after {
		u.after[i].changed = false
	}
	a, b := make([]string, len(u.before)), make([]string, len(u.after))
	for i := range u.before {
		a[i] = u.before[i].key
		if len(renamed) > 0 {
			a[i] = rename(u.before[i].toks, renamed)
		}
	}
	for i := range u.after {
		b[i] = u.after[i].key
	}
	if u.function && !u.patch && len(a) > 0 && len(b) > 0 && sameButNames(u) {
		return
	}
	differ(a, b, func(i int) {
		u.before[i].changed = a[i] != ""
	}, func(i int) {
		u.after[i].changed = b[i] != ""
	})
}

// rename returns the key of tokens after functions were renamed.
func rename(toks []tok, renamed map[string]string) string {
	out := make([]tok, len(toks))
	for i, t := range toks {
		if to, ok := renamed[t.text]; ok && t.kind == word {
			t.text = to
		}
		out[i] = t
	}
	return joined(out)
}

// sameButNames reports whether both sides of a function are the same but for the
// names of its own parameters and variables.
func sameButNames(u *unit) bool {
	if len(u.oldNames) == 0 && len(u.newNames) == 0 {
		return false
	}
	return abstract(u.before, u.oldNames) == abstract(u.after, u.newNames)
}

// abstract joins a function's tokens with its own names numbered in their order.
func abstract(list []entry, own map[string]bool) string {
	var b strings.Builder
	numbers := map[string]int{}
	for i := range list {
		toks := list[i].toks
		for j, t := range toks {
			field := j > 0 && (toks[j-1].text == "." || toks[j-1].text == "?.") || j+1 < len(toks) && toks[j+1].text == ":" && t.kind == word
			if t.kind == word && own[t.text] && !field {
				n, ok := numbers[t.text]
				if !ok {
					n = len(numbers)
					numbers[t.text] = n
				}
				b.WriteString("\x00")
				b.WriteByte(byte(n))
				b.WriteByte(byte(n >> 8))
			} else if t.kind == text && prose(t.text) {
				b.WriteString("«»")
			} else {
				b.WriteString(t.text)
			}
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// most is how many comparisons of entries one unit may cost.
const most = 4 << 20

// differ calls gone for each index of a, and come for each index of b, that is not
// in their longest common subsequence. Beyond the bound it falls back to what is
// not on the other side at all.
func differ(a, b []string, gone, come func(int)) {
	lo := 0
	for lo < len(a) && lo < len(b) && a[lo] == b[lo] {
		lo++
	}
	ea, eb := len(a), len(b)
	for ea > lo && eb > lo && a[ea-1] == b[eb-1] {
		ea--
		eb--
	}
	n, m := ea-lo, eb-lo
	if n == 0 || m == 0 {
		for i := lo; i < ea; i++ {
			gone(i)
		}
		for i := lo; i < eb; i++ {
			come(i)
		}
		return
	}
	if n*m > most {
		count := map[string]int{}
		for i := lo; i < eb; i++ {
			count[b[i]]++
		}
		for i := lo; i < ea; i++ {
			if count[a[i]] > 0 {
				count[a[i]]--
			} else {
				gone(i)
			}
		}
		clear(count)
		for i := lo; i < ea; i++ {
			count[a[i]]++
		}
		for i := lo; i < eb; i++ {
			if count[b[i]] > 0 {
				count[b[i]]--
			} else {
				come(i)
			}
		}
		return
	}
	// length[i][j]: common entries of a[lo+i:ea] and b[lo+j:eb].
	length := make([]uint16, (n+1)*(m+1))
	at := func(i, j int) int { return i*(m+1) + j }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[lo+i] == b[lo+j] {
				length[at(i, j)] = length[at(i+1, j+1)] + 1
			} else {
				length[at(i, j)] = max(length[at(i+1, j)], length[at(i, j+1)])
			}
		}
	}
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && a[lo+i] == b[lo+j]:
			i++
			j++
		case j == m || i < n && length[at(i+1, j)] >= length[at(i, j+1)]:
			gone(lo + i)
			i++
		default:
			come(lo + j)
			j++
		}
	}
}

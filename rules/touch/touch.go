package touch

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what one call looks at.
const (
	// MaxFiles is how many files of one change are compared. GitHub lists no more
	// for a pull request (REST: "List pull requests files", at most 3000).
	MaxFiles = 3000
	// MaxSize is the largest file, in bytes, that is compared.
	MaxSize = 1 << 20
	// MaxTotal is how many bytes of one change, both sides together, are compared.
	MaxTotal = 64 << 20
	// MaxSignals is how many signals a result holds.
	MaxSignals = 5000
)

// A File is one file of a change. An empty path means that the file is not there
// on that side: it was added or deleted.
type File struct {
	OldPath, NewPath string
	// Before and After are the whole file. Use [Patch] where only a patch is known.
	Before, After []byte
	// Binary says that the contents are not text; they are then not read.
	Binary bool
	// Truncated says that the contents, or the patch, are not all there. What is
	// there is compared and the file is named in [Result].Truncated.
	Truncated bool

	hunks []hunk // of a patch; nil for whole files
	patch bool
}

// Path returns where the file is now, or was when it is deleted.
func (f *File) Path() string { return cmp.Or(f.NewPath, f.OldPath) }

// Options are what the base branch's policy and attributes say. Take them from
// the base, never from the change: a change must not be able to hide itself.
type Options struct {
	// Auth, TenantScope, Redact, URLGuard and Audit are the functions that the
	// policy file teaches, as written there: "example.com/app/internal/auth.Require".
	Auth, TenantScope, Redact, URLGuard, Audit []string
	// Modules are the paths of the repository's own Go modules: importing from them is
	// no import of a library.
	Modules []string
	// Attributes is the text of .gitattributes, for linguist-generated.
	Attributes string
}

// A Level says how much attention a signal or a change asks for (catalogue §6).
type Level int

// The levels, from nothing to a secret in the open.
const (
	None Level = iota
	Medium
	High
	Critical
)

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level's name. Another word is an error.
func (l *Level) UnmarshalText(text []byte) error {
	for known := None; known <= Critical; known++ {
		if known.String() == string(text) {
			*l = known
			return nil
		}
	}
	return fmt.Errorf("reading a level of a touch signal: %q is none of none, medium, high, critical", clean(string(text), 20))
}

// String returns the level's name: "none", "medium", "high" or "critical".
func (l Level) String() string {
	return [...]string{"none", "medium", "high", "critical"}[min(max(l, None), Critical)]
}

// The signals of catalogue §6.
const (
	T1  = "T1"  // routes, middleware, anonymous list
	T2  = "T2"  // statement of a function that verifies, or keeps sessions, tokens, passwords
	T3  = "T3"  // import of an authentication or cryptography library
	T4  = "T4"  // security option
	T5  = "T5"  // a check removed
	T6  = "T6"  // workflow
	T7  = "T7"  // access rules of infrastructure
	T8  = "T8"  // policy, owners, suppressions
	T9  = "T9"  // direct dependency
	T10 = "T10" // word in changed statements
	T11 = "T11" // word in configuration
	T12 = "T12" // secret in added lines
)

// A Signal is one place that a change touches.
type Signal struct {
	ID    string `json:"id"`
	Level Level  `json:"level"`
	Path  string `json:"path"`
	// Line is in the head's file, 0 if what was touched is gone; OldLine is in the
	// base's file, 0 if it is new.
	Line    int `json:"line,omitempty"`
	OldLine int `json:"old_line,omitempty"`
	// Symbol is the function, type, variable, key or resource, if there is one.
	Symbol string `json:"symbol,omitempty"`
	// What changed, in a few words, without any value of a secret.
	What         string   `json:"what"`
	Topic        Topic    `json:"topic"`
	Requirements []string `json:"requirements,omitempty"`
	Question     string   `json:"question"`
}

// A Left names a file that was left out, or not seen whole, and says why.
type Left struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// A Result is what a change touches.
type Result struct {
	Level Level `json:"level"`
	// Signals, the gravest first, then by path and line.
	Signals []Signal `json:"signals,omitempty"`
	// Skipped are files whose kind does not count; their added lines were still
	// looked at for secrets.
	Skipped []Left `json:"skipped,omitempty"`
	// Truncated are files that were not seen whole.
	Truncated []Left `json:"truncated,omitempty"`
}

// Comment reports whether the change deserves a comment by its signals alone:
// level high or critical, or two different signals of level medium. The same thing
// said of several places is one signal here: a word that stands in a query, in its
// table and in its migration is still one word, and all that is said of user
// interfaces counts once, and not at all if it only repeats the rest.
func (r *Result) Comment() bool {
	if r.Level >= High {
		return true
	}
	said, shown := map[string]bool{}, map[string]bool{}
	for _, s := range r.Signals {
		if what, ok := strings.CutPrefix(s.What, interfaceMark); ok {
			shown[what] = true
		} else {
			said[s.What] = true
		}
	}
	n := len(said)
	for what := range shown {
		if !said[what] {
			n++
			break
		}
	}
	return n >= 2
}

// Compute compares the files of a change.
func Compute(files []File, opts Options) Result {
	c := &computation{modules: opts.Modules, taught: teach(opts), generated: attributes(opts.Attributes)}
	for i := range files {
		f := &files[i]
		if i >= MaxFiles {
			c.truncated(f, "more than 3000 files: the rest of the change was not compared")
			break
		}
		c.file(f)
	}
	c.moved()
	for _, u := range c.units {
		c.judge(u)
	}
	c.imports()
	return c.finish()
}

// A computation gathers the units and signals of one change.
type computation struct {
	taught    taught
	modules   []string
	generated []pattern
	units     []*unit
	imported  map[string]map[string]*importChange // by directory and import path
	total     int                                 // bytes looked at so far
	result    Result
	dropped   bool
}

func (c *computation) skipped(f *File, reason string) {
	c.result.Skipped = append(c.result.Skipped, Left{f.Path(), reason})
}

func (c *computation) truncated(f *File, reason string) {
	c.result.Truncated = append(c.result.Truncated, Left{f.Path(), reason})
}

// file looks at one file: secrets first, because they count everywhere, then its
// statements, lines or keys.
func (c *computation) file(f *File) {
	if f.Path() == "" {
		return
	}
	if f.Binary || isBinary(f.Before) || isBinary(f.After) {
		c.policyFile(f)
		c.skipped(f, "binary")
		return
	}
	if len(f.Before) > MaxSize || len(f.After) > MaxSize {
		c.policyFile(f)
		c.truncated(f, "larger than 1 MiB: not compared")
		return
	}
	if c.total += len(f.Before) + len(f.After); c.total > MaxTotal {
		c.policyFile(f)
		c.truncated(f, "more than 64 MiB in all: not compared")
		return
	}
	if f.Truncated {
		c.truncated(f, "not all of the change was at hand")
	}
	if !f.patch && bytes.Equal(f.Before, f.After) {
		// A policy file or a route that moves is a change all the same.
		if !c.policyFile(f) && notCounted(f, c.generated) == "" {
			c.routeFile(f)
		}
		return
	}
	raw := changedLines(f)
	c.secrets(f, raw)
	if c.policyFile(f) {
		return
	}
	if reason := notCounted(f, c.generated); reason != "" {
		c.skipped(f, reason)
		return
	}
	c.directives(f, raw)
	l := languageOf(f.Path())
	if l == nil {
		c.skipped(f, "no language this package reads")
		return
	}
	if l.config != "" {
		c.config(f, l)
		return
	}
	c.routeFile(f)
	if l.name == "go" && !f.patch {
		if before, after, ok := goUnits(f); ok {
			c.pair(f, l, before, after)
			return
		}
	}
	before, after := lineUnits(f, l)
	c.pair(f, l, before, after)
}

// add adds a signal, with what its topic asks.
func (c *computation) add(s Signal) {
	if len(c.result.Signals) >= MaxSignals {
		if !c.dropped {
			c.dropped = true
			c.result.Truncated = append(c.result.Truncated, Left{s.Path, "more than 5000 signals: the rest is not listed"})
		}
		c.result.Level = max(c.result.Level, s.Level)
		return
	}
	t := topics[s.Topic]
	if s.Requirements == nil {
		s.Requirements = t.requirements
	}
	s.Question = t.question
	if s.ID == T12 {
		s.Question = secretFound
	}
	s.Symbol, s.What = clean(withoutSecrets(s.Symbol), 80), clean(withoutSecrets(s.What), 160)
	c.result.Level = max(c.result.Level, s.Level)
	c.result.Signals = append(c.result.Signals, s)
}

func (c *computation) finish() Result {
	slices.SortStableFunc(c.result.Signals, func(a, b Signal) int {
		return cmp.Or(-cmp.Compare(a.Level, b.Level), strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.OldLine, b.OldLine),
			cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID), strings.Compare(a.Symbol, b.Symbol), strings.Compare(a.What, b.What))
	})
	c.result.Signals = slices.CompactFunc(c.result.Signals, func(a, b Signal) bool {
		return a.ID == b.ID && a.Path == b.Path && a.Line == b.Line && a.OldLine == b.OldLine && a.Symbol == b.Symbol && a.What == b.What
	})
	return c.result
}

// isBinary reports whether contents hold a NUL near their start, as git asks.
func isBinary(text []byte) bool {
	return bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0
}

// clean makes text of the repository short and printable.
func clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
		for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

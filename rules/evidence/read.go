package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A reader collects errors while it walks the YAML nodes of one file.
type reader struct {
	name  string
	known Known
	src   []byte
	lines []int         // offset of each line's first byte
	runes map[int][]int // byte column of each character, for lines that are not ASCII
	errs  ErrorList
	notes ErrorList
	full  bool   // maxErrors reached
	what  string // the mapping that is being read
	// seen, when set, is told which keys a mapping may have and which it has, and
	// listed the words that the value of a key may be: tests hold the documentation
	// and the schema to them.
	seen   func(what string, may []field, has map[string]bool)
	listed func(what, key string, words []string)
}

// setText keeps the text for turning places into lines and columns.
func (r *reader) setText(src []byte) {
	r.src, r.lines, r.runes = src, []int{0}, map[int][]int{}
	for i, c := range src {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
}

// offset returns the place of a byte.
func (r *reader) offset(i int) Pos {
	line, exact := slices.BinarySearch(r.lines, i)
	if !exact {
		line--
	}
	return Pos{line + 1, i - r.lines[line] + 1}
}

// pos returns the place of a node. The YAML reader counts characters where we
// count bytes.
func (r *reader) pos(n *yaml.Node) Pos {
	p := Pos{max(1, n.Line), max(1, n.Column)}
	if p.Line > len(r.lines) {
		return p
	}
	cols, ok := r.runes[p.Line]
	if !ok {
		text := r.src[r.lines[p.Line-1]:]
		if p.Line < len(r.lines) {
			text = r.src[r.lines[p.Line-1]:r.lines[p.Line]]
		}
		if utf8.RuneCount(text) != len(text) {
			for i := range string(text) {
				cols = append(cols, i+1)
			}
		}
		r.runes[p.Line] = cols
	}
	if p.Column <= len(cols) {
		p.Column = cols[p.Column-1]
	}
	return p
}

func (r *reader) errorf(n *yaml.Node, advice, format string, args ...any) {
	r.errorAt(r.pos(n), fmt.Sprintf(format, args...), advice)
}

// errorAt adds an error until there are maxErrors.
func (r *reader) errorAt(p Pos, message, advice string) {
	if r.full {
		return
	}
	if len(r.errs) == maxErrors-1 {
		r.full = true
		message, advice = "too many errors", "correct the ones before and try again"
	}
	r.errs = append(r.errs, &Error{File: r.name, Pos: p, Message: message, Advice: advice})
}

// noteAt adds a remark that is not an error.
func (r *reader) noteAt(p Pos, message, advice string) {
	r.notes = append(r.notes, &Error{File: r.name, Pos: p, Message: message, Advice: advice})
}

// read stores the value of a key, or reports why it cannot.
type read func(key string, n *yaml.Node)

// A field is one key of a mapping.
type field struct {
	key      string
	example  string // what a missing one may look like
	required bool
	read     read
}

func must(key, example string, read read) field { return field{key, example, true, read} }

func may(key string, read read) field { return field{key: key, read: read} }

// object reads a mapping with the given keys and returns its place. what names
// it in errors: "a suppression".
func (r *reader) object(what string, n *yaml.Node, fields ...field) (Pos, bool) {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	if !r.kind(what, n, yaml.MappingNode, "write it as {"+keys[0]+": …}") {
		return Pos{}, false
	}
	defer func(outer string) { r.what = outer }(r.what)
	r.what = what
	seen := map[string]bool{}
	for key, value := range pairs(n) {
		i := slices.Index(keys, key.Value)
		if i < 0 {
			r.unknownKey(what, key, keys)
			continue
		}
		seen[key.Value] = true
		if isNull(value) {
			r.errorf(value, "give it a value or remove the key", "%s is empty", fields[i].key)
			continue
		}
		fields[i].read(fields[i].key, value)
	}
	if r.seen != nil {
		r.seen(what, fields, seen)
	}
	for _, f := range fields {
		if f.required && !seen[f.key] {
			r.errorf(n, "add "+f.key+": "+f.example, "%s lacks the key %s", what, f.key)
		}
	}
	return r.pos(n), true
}

func (r *reader) unknownKey(what string, key *yaml.Node, keys []string) {
	advice := "remove it; the documentation lists the keys"
	if len(keys) <= maxListed {
		advice = "remove it, or write one of " + strings.Join(keys, ", ")
	}
	if near, ok := nearest(key.Value, keys); ok {
		advice = fmt.Sprintf("did you mean %q?", near)
	} else if key.Value == "<<" {
		advice = "merge keys are not read; write the keys out"
	}
	r.errorf(key, advice, "%s has no key %s", what, quoted(key.Value))
}

// entries reads a mapping whose keys are names, in order.
func (r *reader) entries(what string, n *yaml.Node, advice string, entry func(key, value *yaml.Node)) {
	if !r.kind(what, n, yaml.MappingNode, advice) {
		return
	}
	for key, value := range pairs(n) {
		entry(key, value)
	}
}

// pairs yields the keys and values of a mapping, leaving out keys that are no
// plain words and repeated ones: checkShape has reported both.
func pairs(n *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || seen[key.Value] {
				continue
			}
			seen[key.Value] = true
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}

// items yields the values of a list.
func (r *reader) items(key string, n *yaml.Node, item func(n *yaml.Node)) {
	if !r.kind(key, n, yaml.SequenceNode, "write it as a list, in [brackets] or with a dash before each entry") {
		return
	}
	for _, c := range n.Content {
		if isNull(c) {
			r.errorf(c, "give it a value or remove it", "an entry of %s is empty", key)
			continue
		}
		item(c)
	}
}

// kind checks what a node is. An alias is refused without a word: checkShape
// has reported it.
func (r *reader) kind(what string, n *yaml.Node, want yaml.Kind, advice string) bool {
	if n.Kind != want && n.Kind != yaml.AliasNode {
		r.errorf(n, advice, "%s is %s", what, describe(n))
	}
	return n.Kind == want
}

// describe says what a node is, in a person's words.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "empty"
	case "!!timestamp":
		return "a date"
	}
	return "text"
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// scalar returns the text of a scalar of any type: dates and durations mean
// the same with and without quotes.
func (r *reader) scalar(key string, n *yaml.Node, advice string) (string, bool) {
	if !r.kind(key, n, yaml.ScalarNode, advice) {
		return "", false
	}
	return n.Value, r.filled(key, n)
}

// filled refuses a value that stands for what is to be written.
func (r *reader) filled(key string, n *yaml.Node) bool {
	if unfilled.MatchString(n.Value) {
		r.errorf(n, "write the real text", "%s is a placeholder", key)
		return false
	}
	return true
}

// str returns a scalar that YAML takes for text and that is neither empty nor
// longer than limit characters.
func (r *reader) str(key string, n *yaml.Node, limit int) (string, bool) {
	if !r.kind(key, n, yaml.ScalarNode, "write plain text") {
		return "", false
	}
	switch {
	case n.ShortTag() != "!!str":
		r.errorf(n, "put it in double quotes if it is meant as text", "%s is %s", key, describe(n))
	case strings.TrimSpace(n.Value) == "":
		r.errorf(n, "give it a value or remove the key", "%s is empty", key)
	case utf8.RuneCountInString(n.Value) > limit:
		r.errorf(n, "shorten it", "%s is longer than %d characters", key, limit)
	case !r.filled(key, n): // said
	default:
		return n.Value, true
	}
	return "", false
}

const (
	maxName = 200  // names, words, paths
	maxText = 2000 // sentences
)

// text reads free text.
func (r *reader) text(dst *string) read {
	return func(key string, n *yaml.Node) {
		if s, ok := r.str(key, n, maxText); ok {
			*dst = strings.TrimSpace(s)
		}
	}
}

// minReason is the shortest reason that can be one, in characters.
const minReason = 15

// reason reads text that has to explain something.
func (r *reader) reason(dst *string) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxText)
		s = strings.TrimSpace(s)
		switch {
		case !ok:
		case utf8.RuneCountInString(s) < minReason:
			r.errorf(n, "say in a sentence why, so that a reviewer can follow", "%s is shorter than %d characters", key, minReason)
		case placeholderShape.MatchString(s):
			r.errorf(n, "write the real text", "%s is a placeholder", key)
		default:
			*dst = s
		}
	}
}

// pattern reads a word that fits; the value is not shown.
func (r *reader) pattern(dst *string, fits func(string) bool, message, advice string) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxName)
		switch {
		case !ok:
		case !fits(s):
			r.errorf(n, advice, "%s %s", key, message)
		default:
			*dst = s
		}
	}
}

// word reads a short name of one's own choosing: a region, a provider.
func (r *reader) word(dst *string) read {
	return r.pattern(dst, wordShape.MatchString, "is not a plain word", "use letters, digits and . _ : / + -")
}

// cipher reads what encrypts a store: a word, or several with commas between.
func (r *reader) cipher(dst *string) read {
	return r.pattern(dst, cipherShape.MatchString, "does not name a cipher", "use letters, digits, commas and . _ : / + -, as in luks2-aes-256 or \"aes-256, full-disk\"")
}

// enum reads a word of a closed list.
func (r *reader) enum(dst *string, words ...string) read {
	return func(key string, n *yaml.Node) {
		if r.listed != nil {
			r.listed(r.what, key, words)
		}
		s, ok := r.str(key, n, maxText)
		switch {
		case !ok:
		case !slices.Contains(words, s):
			r.errorf(n, suggest(s, words), "%s cannot be %s", key, quoted(s))
		default:
			*dst = s
		}
	}
}

// maxListed is how many words an advice lists at most.
const maxListed = 12

// suggest advises the nearest of a list, or the whole list when it is short.
func suggest(s string, words []string) string {
	if near, ok := nearest(s, words); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(words) > maxListed {
		return "see the list in the documentation"
	}
	return "write one of " + strings.Join(words, ", ")
}

// boolean reads true or false.
func (r *reader) boolean(dst *bool) read {
	return func(key string, n *yaml.Node) {
		const advice = "write true or false"
		if s, ok := r.scalar(key, n, advice); ok {
			if n.ShortTag() != "!!bool" {
				r.errorf(n, advice, "%s is %s", key, describe(n))
				return
			}
			*dst = strings.EqualFold(s, "true")
		}
	}
}

// list reads a list of equal entries.
func list[T any](r *reader, dst *[]T, entry func(*T) read) read {
	return func(key string, n *yaml.Node) {
		r.items(key, n, func(n *yaml.Node) {
			var v T
			entry(&v)("an entry of "+key, n)
			*dst = append(*dst, v)
		})
	}
}

// date reads a day. With past it may not lie ahead of every time zone.
func (r *reader) date(dst *time.Time, past bool) read {
	return func(key string, n *yaml.Node) {
		const advice = "write it as YYYY-MM-DD"
		s, ok := r.scalar(key, n, advice)
		if !ok {
			return
		}
		day, ok := parseDate(s)
		switch {
		case !ok:
			r.errorf(n, advice, "%s is not a date that exists", key)
		case past && r.ahead(day, eastmost):
			r.errorf(n, "write the day it happened", "%s is in the future", key)
		default:
			*dst = day
		}
	}
}

// instant reads a point in time that has passed; with days a bare date stands
// for its midnight in UTC.
func (r *reader) instant(dst *time.Time, days bool) read {
	return func(key string, n *yaml.Node) {
		advice := "write it with time and zone, as in 2026-08-02T09:10:00Z"
		if days {
			advice = "write it as YYYY-MM-DD, or with time and zone as in 2026-08-02T09:10:00Z"
		}
		s, ok := r.scalar(key, n, advice)
		if !ok {
			return
		}
		t, ok := parseInstant(s)
		ahead := skew
		if d, isDate := parseDate(s); !ok && isDate && days {
			t, ok, ahead = d, true, eastmost
		}
		switch {
		case !ok:
			r.errorf(n, advice, "%s is not a point in time", key)
		case r.ahead(t, ahead):
			r.errorf(n, "write when it happened", "%s is in the future", key)
		default:
			*dst = t
		}
	}
}

// ahead reports whether t lies more than tolerance after now.
func (r *reader) ahead(t time.Time, tolerance time.Duration) bool {
	return !r.known.Now.IsZero() && t.After(r.known.Now.Add(tolerance))
}

// duration reads a length of time between two bounds; an upper bound of 0 is
// none.
func (r *reader) duration(dst *Duration, least, most time.Duration) read {
	return func(key string, n *yaml.Node) {
		const advice = "write it as 90d, 24h or 30m, or as an ISO 8601 duration like P90D"
		s, ok := r.scalar(key, n, advice)
		if !ok {
			return
		}
		d, ok := parseDuration(s)
		switch {
		case !ok:
			r.errorf(n, advice, "%s is not a length of time up to a hundred years", key)
		case d.Length < least:
			r.errorf(n, "write at least "+inDays(least), "%s is too short", key)
		case most > 0 && d.Length > most:
			r.errorf(n, "write at most "+inDays(most), "%s is too long", key)
		default:
			*dst = d
		}
	}
}

// inDays prints a bound the way the file would write it.
func inDays(d time.Duration) string {
	if d%day == 0 && d > 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

// path reads a file of the repository, or a folder where folders may stand.
func (r *reader) path(dst *string, folders bool) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxName)
		if !ok {
			return
		}
		if message, advice := pathProblem(s, folders); message != "" {
			r.errorf(n, advice, "%s %s", key, message)
			return
		}
		*dst = s
	}
}

// url reads an https address; endpoint asks for one that can be probed.
func (r *reader) url(dst *string, endpoint bool) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxText)
		if !ok {
			return
		}
		if message, advice := urlProblem(s, endpoint); message != "" {
			r.errorf(n, advice, "%s %s", key, message)
			return
		}
		*dst = s
	}
}

// reference reads a repository file or an https address.
func (r *reader) reference(dst *string) read {
	return func(key string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "://") {
			r.url(dst, false)(key, n)
			return
		}
		r.path(dst, false)(key, n)
	}
}

// handle reads a GitHub login or team.
func (r *reader) handle(dst *string) read {
	return r.pattern(dst, handleShape.MatchString, "is not a GitHub login or team", `write "@login" or "@org/team", with the quotes`)
}

// owner reads who answers for an entry: a GitHub login or team or an e-mail
// address, and where officers may, a name with a role.
func (r *reader) owner(dst *string, officers bool) read {
	advice := `write "@login", "@org/team" or an e-mail address`
	if officers {
		advice += `, or "Name, role" of an officer`
	}
	return r.pattern(dst, func(s string) bool {
		name, role, ok := strings.Cut(s, ", ")
		return handleShape.MatchString(s) || validEmail(s) ||
			officers && ok && strings.TrimSpace(name) != "" && strings.TrimSpace(role) != "" && !strings.ContainsAny(s, "@\n")
	}, "names nobody", advice)
}

// id reads an identifier of a list the caller knows, or of a shape when the
// list is nil.
func (r *reader) id(dst *string, what string, ids []string, fits func(string) bool) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxText)
		switch {
		case !ok:
		case ids == nil && !fits(s):
			r.errorf(n, "see the list in the documentation", "%s: %s does not look like a %s", key, quoted(s), what)
		case ids != nil && !slices.Contains(ids, s):
			r.errorf(n, suggest(s, ids), "%s: there is no %s %s", key, what, quoted(s))
		default:
			*dst = s
		}
	}
}

func (r *reader) marketplace(dst *string) read {
	return r.id(dst, "marketplace", r.known.Marketplaces, marketplaceShape.MatchString)
}

func (r *reader) requirement(dst *string) read {
	read := r.id(dst, "requirement", r.known.Requirements, requirementShape.MatchString)
	return func(key string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && slices.Contains(r.known.Controls, n.Value) {
			r.errorf(n, "write the id of a requirement, as in DRUVA-SC-07", "%s: %s is a control", key, quoted(n.Value))
			return
		}
		read(key, n)
	}
}

// ownPrefix reports whether a rule is called after one of our own verifiers, so
// that the list of known rules decides about it.
func (r *reader) ownPrefix(id string) bool {
	prefix, _, _ := strings.Cut(id, ":")
	return slices.ContainsFunc(r.known.Rules, func(known string) bool { return strings.HasPrefix(known, prefix+":") })
}

// rule reads the exact id of a rule or of an advisory.
func (r *reader) rule(dst *string) read {
	read := r.id(dst, "rule", r.known.Rules, func(s string) bool { return ruleShape.MatchString(s) || toolRuleShape.MatchString(s) })
	return func(key string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && toolRuleShape.MatchString(n.Value) && !r.ownPrefix(n.Value) {
			*dst = n.Value
			return
		}
		if n.Kind == yaml.ScalarNode && advisoryShape.MatchString(n.Value) {
			*dst = n.Value
			return
		}
		if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "*?[") {
			r.errorf(n, "write one entry a rule", "%s has a wildcard", key)
			return
		}
		read(key, n)
	}
}

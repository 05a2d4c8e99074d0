package secrets

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	ahocorasick "github.com/BobuSumisu/aho-corasick"
	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
)

// A secretHit is one match of a pattern in a text. It holds the secret's place
// and never leaves the package.
type secretHit struct {
	pattern *secretPattern
	// from and to are the whole match, value and end the secret in it: offsets in
	// bytes of the text.
	from, to   int
	value, end int
	// hidden is the secret where the text holds it encoded; value and end are the
	// place of the encoded text then.
	hidden []byte
}

// secret returns the secret's value in text.
func (h secretHit) secret(text []byte) []byte {
	if h.hidden != nil {
		return h.hidden
	}
	return text[h.value:h.end]
}

// How the matches of a pattern are looked for. All ways give what running the
// regular expression over the whole text gives; they differ in how much of the
// text the expression has to see.
const (
	everywhere = iota // over the whole text, as soon as a keyword is in it
	atKeyword         // every match begins with a keyword: tried there alone
	aroundIt          // every match holds a keyword and is short: in a window around it
	atName            // a name with the keyword, an operator, a value: at the keyword, where they follow
)

// A secretPattern is a rule of gitleaks, or one of ours in the same shape, made
// ready to be searched for.
type secretPattern struct {
	config.Rule
	kind     kindOfSecret
	named    bool // it knows its secrets by the name beside them
	how      int
	anchored *regexp.Regexp // for atKeyword and atName: what begins with the keyword
	word     bool           // atKeyword: no word character may stand before the match
	before   int            // atName: how much of a name may stand before the keyword
	reach    int            // bytes that a match can have, its unbounded runs left out
	runs     bool           // a match has unbounded runs of characters other than white space
}

// secretPatterns are all patterns and what finds their keywords.
type secretPatterns struct {
	list     []*secretPattern
	trie     *ahocorasick.Trie
	users    [][]int // keyword number to patterns
	always   []int   // patterns without keywords
	byPath   []int   // patterns over names of files alone
	allowed  []*config.Allowlist
	keywords int
}

// Gitleaks' rules for "name, operator, value" share what may stand before and
// behind the keyword in the name. An expression that has these parts can be
// tried at the keyword: what is in front of it is optional, and without an
// operator behind it nothing matches.
const (
	namePart    = `[\w.-]{0,50}?`
	assignment  = `(?:[ \t\w.-]{0,20})[\s'"]{0,3}`
	maxNamePart = 50
)

// loadSecretPatterns reads gitleaks' default rules and adds our own. Nothing of
// the environment, of the scanned repository and of the process's global
// configuration enters it.
func loadSecretPatterns() (*secretPatterns, error) {
	v := viper.New()
	v.SetConfigType("toml")
	if err := v.ReadConfig(strings.NewReader(config.DefaultConfig)); err != nil {
		return nil, fmt.Errorf("reading gitleaks' rules: %w", err)
	}
	var raw config.ViperConfig
	if err := v.Unmarshal(&raw); err != nil {
		return nil, fmt.Errorf("reading gitleaks' rules: %w", err)
	}
	cfg, err := raw.Translate()
	if err != nil {
		return nil, fmt.Errorf("reading gitleaks' rules: %w", err)
	}
	all := &secretPatterns{allowed: cfg.Allowlists}
	for _, r := range slices.Concat(cfg.GetOrderedRules(), marketplaceSecrets()) {
		if r.SkipReport || len(r.RequiredRules) > 0 {
			// Of the default rules none is of this sort.
			return nil, fmt.Errorf("gitleaks' rule %s depends on others, which is not supported", r.RuleID)
		}
		all.list = append(all.list, prepare(r))
	}
	return all, all.index()
}

// index builds what finds the keywords.
func (all *secretPatterns) index() error {
	number := map[string]int{}
	var words []string
	for i, p := range all.list {
		switch {
		case p.Regex == nil:
			all.byPath = append(all.byPath, i)
		case len(p.Keywords) == 0:
			all.always = append(all.always, i)
		}
		if p.Regex == nil {
			continue
		}
		for _, k := range p.Keywords {
			k = strings.ToLower(k)
			n, ok := number[k]
			if !ok {
				n = len(words)
				number[k] = n
				words = append(words, k)
				all.users = append(all.users, nil)
			}
			if !slices.Contains(all.users[n], i) {
				all.users[n] = append(all.users[n], i)
			}
		}
	}
	all.keywords = len(words)
	all.trie = ahocorasick.NewTrieBuilder().AddStrings(words).Build()
	return nil
}

// prepare chooses how a rule is searched for, from what its expression says.
func prepare(r config.Rule) *secretPattern {
	p := &secretPattern{Rule: r, kind: kindOf(r.RuleID)}
	p.named = r.Regex != nil && strings.Contains(r.Regex.String(), assignment)
	if r.Regex == nil || len(r.Keywords) == 0 {
		return p
	}
	tree, err := syntax.Parse(r.Regex.String(), syntax.Perl)
	if err != nil {
		return p
	}
	var bounded bool
	p.reach, p.runs, bounded = extentOf(tree)
	if !bounded || p.reach > maxReach {
		return p
	}
	how, anchored := everywhere, r.Regex.String()
	word, ok := begins(tree, r.Keywords)
	switch {
	case p.named:
		how = atName
		for _, name := range []string{`(?i)` + namePart, namePart + `(?i:` + namePart} {
			if rest, ok := strings.CutPrefix(anchored, name); ok {
				anchored = strings.TrimSuffix(name, namePart) + rest
				anchored = strings.TrimPrefix(anchored, namePart)
				p.before = maxNamePart * strings.Count(name, namePart)
			}
		}
		tail, err := syntax.Parse(anchored, syntax.Perl)
		if err != nil || p.before == 0 {
			return p
		}
		if _, ok := begins(tail, r.Keywords); !ok {
			// The keyword is a part of the value; the name's beginnings find the
			// same places.
			starts, _ := startsOf(tail)
			if slices.ContainsFunc(starts, func(s string) bool { return len(s) < 3 }) {
				return p
			}
			p.Keywords = starts
		}
	case ok:
		how, p.word = atKeyword, word
	case holds(tree, r.Keywords):
		p.how = aroundIt
		return p
	default:
		return p
	}
	if p.anchored, err = regexp.Compile(`\A(?:` + anchored + `)`); err == nil {
		p.how = how
	}
	return p
}

// maxReach is how many bytes a match may have for a window to be worth it.
const maxReach = 4096

// extentOf returns how many bytes an expression matches at most. Unbounded runs
// of anything but white space are reported in runs and count with their least
// length; with other unbounded parts bounded is false.
func extentOf(re *syntax.Regexp) (n int, runs, bounded bool) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			n += widest(r, r, re.Flags)
		}
		return n, false, true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			n = max(n, widest(re.Rune[i], re.Rune[i+1], re.Flags))
		}
		return n, false, true
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return utf8.UTFMax, false, true
	case syntax.OpConcat, syntax.OpAlternate:
		for _, sub := range re.Sub {
			m, r, ok := extentOf(sub)
			if !ok {
				return 0, false, false
			}
			runs = runs || r
			if re.Op == syntax.OpConcat {
				n += m
			} else {
				n = max(n, m)
			}
		}
		return n, runs, true
	case syntax.OpCapture, syntax.OpQuest:
		return extentOf(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		m, r, ok := extentOf(re.Sub[0])
		if !ok {
			return 0, false, false
		}
		if re.Op == syntax.OpRepeat && re.Max >= 0 {
			return m * re.Max, r, true
		}
		if !solid(re.Sub[0]) {
			return 0, false, false
		}
		return m * max(1, re.Min), true, true
	}
	return 0, false, true // empty matches
}

// widest is the most bytes that a character of the range has in UTF-8.
func widest(lo, hi rune, flags syntax.Flags) int {
	n := utf8.RuneLen(min(hi, utf8.MaxRune))
	if n < 0 {
		n = utf8.UTFMax
	}
	if flags&syntax.FoldCase != 0 && n == 1 && lo <= 'z' {
		n = 3 // k and s fold to the Kelvin sign and the long s
	}
	return n
}

// solid reports whether an expression matches no white space.
func solid(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return !slices.ContainsFunc(re.Rune, func(r rune) bool { return r <= ' ' })
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= ' ' {
				return false
			}
		}
		return true
	case syntax.OpConcat, syntax.OpAlternate, syntax.OpCapture, syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !solid(sub) })
	}
	return false
}

// holds reports whether every match of the expression certainly has one of the
// keywords in it.
func holds(re *syntax.Regexp, keywords []string) bool {
	switch re.Op {
	case syntax.OpLiteral:
		text := strings.ToLower(string(re.Rune))
		return slices.ContainsFunc(keywords, func(k string) bool { return strings.Contains(text, strings.ToLower(k)) })
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return holds(sub, keywords) })
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !holds(sub, keywords) })
	case syntax.OpCapture, syntax.OpPlus:
		return holds(re.Sub[0], keywords)
	case syntax.OpRepeat:
		return re.Min > 0 && holds(re.Sub[0], keywords)
	}
	return false
}

// begins reports whether every match begins with one of the keywords, and
// whether a word boundary is asked for in front of it.
func begins(re *syntax.Regexp, keywords []string) (word, ok bool) {
	starts, _ := startsOf(re)
	ok = !slices.ContainsFunc(starts, func(s string) bool {
		return !slices.ContainsFunc(keywords, func(k string) bool { return strings.HasPrefix(s, strings.ToLower(k)) })
	})
	for first := re; ; first = first.Sub[0] {
		if first.Op == syntax.OpWordBoundary {
			return true, ok
		}
		if (first.Op != syntax.OpConcat && first.Op != syntax.OpCapture) || len(first.Sub) == 0 {
			return false, ok
		}
	}
}

// maxStarts bounds how many beginnings of an expression are told apart.
const maxStarts = 64

// startsOf returns, in small letters, texts of which every match begins with
// one. whole is true when they are everything that the expression matches.
func startsOf(re *syntax.Regexp) (starts []string, whole bool) {
	none := []string{""}
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}, true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if starts = append(starts, strings.ToLower(string(r))); len(starts) > 8 {
					return none, false
				}
			}
		}
		slices.Sort(starts)
		return slices.Compact(starts), true
	case syntax.OpCapture:
		return startsOf(re.Sub[0])
	case syntax.OpQuest:
		starts, whole = startsOf(re.Sub[0])
		return append(slices.Clone(starts), ""), whole
	case syntax.OpPlus:
		starts, _ = startsOf(re.Sub[0])
		return starts, false
	case syntax.OpRepeat:
		if re.Min == 0 {
			return none, false
		}
		starts, _ = startsOf(re.Sub[0])
		return starts, false
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			more, w := startsOf(sub)
			starts, whole = append(starts, more...), whole && w
		}
	case syntax.OpConcat:
		starts, whole = none, true
		for _, sub := range re.Sub {
			more, w := startsOf(sub)
			var longer []string
			for _, s := range starts {
				for _, m := range more {
					longer = append(longer, s+m)
				}
			}
			if starts, whole = longer, w; !whole || len(starts) > maxStarts {
				break
			}
		}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return none, true
	default:
		return none, false
	}
	if len(starts) > maxStarts {
		return none, false
	}
	return starts, whole
}

// A span is a piece of a text.
type span struct{ from, to int }

// A secretView is the patterns that are for one file, by its name.
type secretView struct {
	*secretPatterns
	name string
	skip []bool // by pattern
}

// view chooses the patterns for a file.
func (all *secretPatterns) view(name string) *secretView {
	v := &secretView{secretPatterns: all, name: name, skip: make([]bool, len(all.list))}
	passed := all.passedOver(name)
	for i, p := range all.list {
		v.skip[i] = p.Regex == nil || p.Path != nil && !p.Path.MatchString(name) || allowedPath(p.Allowlists, name) || passed && p.named
	}
	return v
}

// find returns the hits of all patterns in a file's text, by place. lowered is
// text in small letters, byte by byte; [lower] makes it.
func (v *secretView) find(text, lowered []byte) []secretHit {
	places := map[int][]span{} // pattern to its keywords' places
	v.trie.Walk(lowered, func(end, n, keyword int64) bool {
		at := span{int(end - n + 1), int(end + 1)}
		checked, follows := false, false
		for _, i := range v.users[keyword] {
			p := v.list[i]
			switch {
			case v.skip[i]:
				continue
			case p.how == everywhere:
				if len(places[i]) > 0 {
					continue
				}
			case p.how == atKeyword:
				if p.word && at.from > 0 && wordByte(text[at.from-1]) {
					continue
				}
			case p.how == atName:
				if !checked {
					checked, follows = true, assigned(text[at.to:])
				}
				if !follows {
					continue
				}
			}
			places[i] = append(places[i], at)
		}
		return true
	})
	for _, i := range v.always {
		if !v.skip[i] {
			places[i] = []span{{}}
		}
	}
	var hits []secretHit
	for i, at := range places {
		hits = append(hits, v.list[i].search(text, at)...)
	}
	hits = slices.DeleteFunc(hits, func(h secretHit) bool { return !v.counts(h, v.name, text) })
	sortHits(hits)
	return hits
}

// sortHits sorts by place and then by pattern.
func sortHits(hits []secretHit) {
	slices.SortFunc(hits, func(a, b secretHit) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.end, b.end), cmp.Compare(a.pattern.RuleID, b.pattern.RuleID))
	})
}

// search returns the matches of one pattern, given the places of its keywords
// in rising order.
func (p *secretPattern) search(text []byte, at []span) []secretHit {
	var hits []secretHit
	add := func(base int, m []int) {
		h := secretHit{pattern: p, from: base + m[0], to: base + m[1]}
		// As gitleaks does: the group asked for, else the first that matched, else
		// everything.
		h.value, h.end = h.from, h.to
		if g := p.SecretGroup; g > 0 && 2*g+1 < len(m) && m[2*g] >= 0 {
			h.value, h.end = base+m[2*g], base+m[2*g+1]
		} else if g == 0 {
			for i := 2; i+1 < len(m); i += 2 {
				if m[i] >= 0 && m[i+1] > m[i] {
					h.value, h.end = base+m[i], base+m[i+1]
					break
				}
			}
		}
		for h.value < h.end && text[h.value] == '\n' {
			h.value++
		}
		for h.end > h.value && text[h.end-1] == '\n' {
			h.end--
		}
		hits = append(hits, h)
	}
	ends := windowEnd{text: text, pattern: p}
	switch p.how {
	case atKeyword, atName:
		done := 0
		for _, k := range at {
			if k.from < done {
				continue
			}
			m := p.anchored.FindSubmatchIndex(text[k.from:ends.after(k.to)])
			if m == nil {
				continue
			}
			add(k.from, m)
			h := &hits[len(hits)-1]
			for n := 0; n < p.before && h.from > done && nameByte(text[h.from-1]); n++ {
				h.from--
			}
			done = h.to
		}
	case aroundIt:
		var window span
		flush := func() {
			for _, m := range p.Regex.FindAllSubmatchIndex(text[window.from:window.to], -1) {
				add(window.from, m)
			}
		}
		for i, k := range at {
			next := span{p.since(text, k.from), ends.after(k.to)}
			switch {
			case i == 0:
				window = next
			case next.from <= window.to:
				window.to = max(window.to, next.to)
			default:
				flush()
				window = next
			}
		}
		if len(at) > 0 {
			flush()
		}
	default:
		for _, m := range p.Regex.FindAllSubmatchIndex(text, -1) {
			add(0, m)
		}
	}
	return hits
}

// maxRun bounds how far a window follows an unbounded run of characters.
const maxRun = 256 << 10

// A windowEnd finds where windows end. It is asked for places in rising order
// and remembers the run it walked last, so that a text without white space
// costs no more than any other.
type windowEnd struct {
	text     []byte
	pattern  *secretPattern
	from, to int // no white space between them
}

// after returns where a window that begins with a keyword ends: behind the
// longest match from there and one character more, so that the window's end is
// never taken for the text's.
func (w *windowEnd) after(from int) int {
	text, reach := w.text, w.pattern.reach+utf8.UTFMax
	end := min(len(text), from+reach)
	if w.pattern.runs {
		run := end
		if w.from <= end && end <= w.to {
			run = w.to
		}
		for limit := min(len(text), end+maxRun); run < limit && text[run] > ' '; {
			run++
		}
		w.from, w.to = end, run
		end = min(len(text), run+reach)
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return end
}

// since is the same to the left, of a pattern whose matches have no runs there.
func (p *secretPattern) since(text []byte, to int) int {
	begin := max(0, to-p.reach-utf8.UTFMax)
	for begin > 0 && !utf8.RuneStart(text[begin]) {
		begin--
	}
	return begin
}

// assigned reports whether behind a keyword, and what may belong to the same
// name, an operator and a value stand. It asks for less than the expressions do.
func assigned(rest []byte) bool {
	const (
		farthest = 64 // of the operator
		shortest = 8  // of the values that the rules look for
	)
	for i := 0; i+shortest < len(rest) && i < farthest; i++ {
		c := rest[i]
		if !isOperator(c) {
			if !wordByte(c) && c < utf8.RuneSelf && !isFiller(c) && c != '.' && c != '-' {
				return false
			}
			continue
		}
		// An operator of up to four characters, quotes and blanks of up to five.
		value := i
		for n := 0; n < 9 && value < len(rest) && (isOperator(rest[value]) || isFiller(rest[value])); n++ {
			value++
		}
		if len(rest)-value >= shortest && !slices.ContainsFunc(rest[value:value+shortest], isFiller) {
			return true
		}
	}
	return false
}

func isOperator(c byte) bool {
	return c == '=' || c == '>' || c == ':' || c == '|' || c == '?' || c == ','
}

func isFiller(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '\'' || c == '"' || c == '`'
}

func wordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func nameByte(c byte) bool { return wordByte(c) || c == '.' || c == '-' }

// lower puts text into small letters, ASCII alone, so that places stay what
// they are.
func lower(dst, text []byte) []byte {
	dst = append(dst[:0], text...)
	for i, c := range dst {
		if 'A' <= c && c <= 'Z' {
			dst[i] = c + 'a' - 'A'
		}
	}
	return dst
}

// passedOver reports whether gitleaks does not look into files of that name:
// pictures as text, lock files with their sums, vendored code. Here the formats
// that are known by themselves are looked for all the same.
func (all *secretPatterns) passedOver(name string) bool { return allowedPath(all.allowed, name) }

func allowedPath(lists []*config.Allowlist, name string) bool {
	return slices.ContainsFunc(lists, func(a *config.Allowlist) bool {
		if a.MatchCondition == config.AllowlistMatchAnd && (len(a.Regexes) > 0 || len(a.StopWords) > 0) {
			return false
		}
		return a.PathAllowed(name)
	})
}

// counts applies the filters that gitleaks has behind the expressions: entropy,
// and what the rules allow.
func (all *secretPatterns) counts(h secretHit, name string, text []byte) bool {
	if h.pattern.kind == randomValue && len(lineAround(text, h.from, h.to, longLine)) >= longLine {
		return false // names and random texts are all that a bundler's line is made of
	}
	secret := string(h.secret(text))
	if h.pattern.Entropy != 0 && entropy(secret) <= h.pattern.Entropy {
		return false
	}
	for _, lists := range [2][]*config.Allowlist{all.allowed, h.pattern.Allowlists} {
		for _, a := range lists {
			target := secret
			switch a.RegexTarget {
			case "match":
				target = strings.Trim(string(text[h.from:h.to]), "\n")
			case "line":
				target = string(lineAround(text, h.from, h.to, 512))
			}
			matched := a.RegexAllowed(target)
			stopped, _ := a.ContainsStopWord(secret)
			if a.MatchCondition != config.AllowlistMatchAnd {
				if matched || stopped {
					return false
				}
				continue
			}
			if (len(a.Regexes) == 0 || matched) && (len(a.StopWords) == 0 || stopped) && (len(a.Paths) == 0 || a.PathAllowed(name)) && len(a.Commits) == 0 {
				return false
			}
		}
	}
	return true
}

// longLine is the length of a line that nobody wrote by hand.
const longLine = 4096

// lineAround returns the lines a match stands on, up to so many bytes to either
// side: a file may be one line of many megabytes with a match every twenty bytes.
func lineAround(text []byte, from, to, most int) []byte {
	begin, end := max(0, from-most), min(len(text), to+most)
	if i := bytes.LastIndexByte(text[begin:from], '\n'); i >= 0 {
		begin += i + 1
	}
	last := max(from, to-1)
	if i := bytes.IndexByte(text[last:end], '\n'); i >= 0 {
		end = last + i
	}
	return text[begin:max(begin, end)]
}

// entropy is Shannon's, in bits a character, counted as gitleaks counts it.
func entropy(s string) float64 {
	counts := map[rune]int{}
	for _, r := range s {
		counts[r]++
	}
	sum := 0.0
	for _, n := range counts {
		f := float64(n) / float64(len(s))
		sum -= f * math.Log2(f)
	}
	return sum
}

package deps

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// NoAssertion is the SPDX word for a licence that is not known.
const NoAssertion = "NOASSERTION"

// A licence is an SPDX licence expression taken apart
// (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/): either an
// id, or parts joined by one word.
type licence struct {
	id    string
	word  string // "AND" or "OR"; empty for an id
	parts []licence
}

var (
	licenceToken = regexp.MustCompile(`^\s*(\(|\)|[A-Za-z0-9][A-Za-z0-9.:-]*\+?)`)
	licenceID    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*\+?$|^(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$`)
)

// maxExpression bounds a licence expression in bytes, and with it how deep it
// nests.
const maxExpression = 1000

// parseLicence takes an expression apart. It does not know which ids there are.
func parseLicence(text string) (licence, error) {
	if len(text) > maxExpression {
		return licence{}, errors.New("too long")
	}
	var tokens []string
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		m := licenceToken.FindStringSubmatchIndex(rest)
		if m == nil {
			return licence{}, errors.New("not an SPDX licence expression")
		}
		tokens = append(tokens, rest[m[2]:m[3]])
		rest = rest[m[3]:]
	}
	p := licenceParser{tokens: tokens}
	l, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = errors.New("not an SPDX licence expression")
	}
	return l, err
}

type licenceParser struct{ tokens []string }

func (p *licenceParser) word(want string) bool {
	if len(p.tokens) > 0 && strings.EqualFold(p.tokens[0], want) {
		p.tokens = p.tokens[1:]
		return true
	}
	return false
}

func (p *licenceParser) or() (licence, error)  { return p.joined("OR", p.and) }
func (p *licenceParser) and() (licence, error) { return p.joined("AND", p.one) }

func (p *licenceParser) joined(word string, next func() (licence, error)) (licence, error) {
	first, err := next()
	if err != nil {
		return licence{}, err
	}
	parts := []licence{first}
	for p.word(word) {
		part, err := next()
		if err != nil {
			return licence{}, err
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return first, nil
	}
	return licence{word: word, parts: parts}, nil
}

func (p *licenceParser) one() (licence, error) {
	if p.word("(") {
		l, err := p.or()
		if err == nil && !p.word(")") {
			err = errors.New("a bracket is not closed")
		}
		return l, err
	}
	id, err := p.id()
	if err != nil {
		return licence{}, err
	}
	if p.word("WITH") {
		exception, err := p.id()
		if err != nil {
			return licence{}, err
		}
		id += " WITH " + exception
	}
	return licence{id: id}, nil
}

func (p *licenceParser) id() (string, error) {
	if len(p.tokens) == 0 || !licenceID.MatchString(p.tokens[0]) {
		return "", errors.New("a licence id is missing")
	}
	id := p.tokens[0]
	switch strings.ToUpper(id) {
	case "AND", "OR", "WITH":
		return "", errors.New("a licence id is missing")
	}
	p.tokens = p.tokens[1:]
	return id, nil
}

// String writes the expression as SPDX does.
func (l *licence) String() string {
	if l.word == "" {
		return l.id
	}
	texts := make([]string, len(l.parts))
	for i := range l.parts {
		texts[i] = l.parts[i].String()
		if l.word == "AND" && l.parts[i].word == "OR" {
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, " "+l.word+" ")
}

// ids lists the ids in the expression.
func (l *licence) ids() []string {
	if l.word == "" {
		return []string{l.id}
	}
	var list []string
	for i := range l.parts {
		list = append(list, l.parts[i].ids()...)
	}
	return list
}

// refused reports whether no choice among the alternatives avoids what deny
// reports: every alternative of an OR, or some part of an AND.
func (l *licence) refused(deny func(id string) bool) bool {
	refused := func(part licence) bool { return part.refused(deny) }
	switch l.word {
	case "OR":
		return !slices.ContainsFunc(l.parts, func(part licence) bool { return !refused(part) })
	case "AND":
		return slices.ContainsFunc(l.parts, refused)
	}
	return deny(l.id)
}

// LicenceExpression returns what a lockfile says about a licence as an SPDX
// expression in its usual form, or [NoAssertion] for what is none or names a
// licence that SPDX does not list.
func LicenceExpression(text string) string {
	l, err := parseLicence(text)
	if err != nil || slices.ContainsFunc(l.ids(), func(id string) bool { return !listed(id) }) {
		return NoAssertion
	}
	l.normalise()
	return l.String()
}

// AnyOf joins expressions of which one may be chosen, AllOf expressions that
// apply together. One that is not known makes the whole unknown.
func AnyOf(expressions []string) string { return joinLicences("OR", expressions) }

// AllOf joins expressions that apply together; see [AnyOf].
func AllOf(expressions []string) string { return joinLicences("AND", expressions) }

func joinLicences(word string, expressions []string) string {
	if len(expressions) == 0 || slices.Contains(expressions, NoAssertion) {
		return NoAssertion
	}
	whole := licence{word: word}
	for _, text := range expressions {
		part, err := parseLicence(text)
		if err != nil {
			return NoAssertion
		}
		parts := []licence{part}
		if part.word == word {
			parts = part.parts
		}
		for _, part := range parts {
			if !slices.ContainsFunc(whole.parts, func(l licence) bool { return l.String() == part.String() }) {
				whole.parts = append(whole.parts, part)
			}
		}
	}
	if len(whole.parts) == 1 {
		return whole.parts[0].String()
	}
	return whole.String()
}

// normalise spells ids as the SPDX list does.
func (l *licence) normalise() {
	if l.word == "" {
		id, exception, with := strings.Cut(l.id, " WITH ")
		bare, plus := strings.CutSuffix(id, "+")
		if name, ok := spdxIDs()[strings.ToLower(bare)]; ok {
			bare = name
		}
		if plus {
			bare += "+"
		}
		if with {
			bare += " WITH " + exception
		}
		l.id = bare
	}
	for i := range l.parts {
		l.parts[i].normalise()
	}
}

// listed reports whether SPDX lists the licence of an id.
func listed(id string) bool {
	id, _, _ = strings.Cut(id, " WITH ")
	_, ok := spdxIDs()[strings.ToLower(strings.TrimSuffix(id, "+"))]
	return ok
}

// ListedLicence reports whether text is one id of the SPDX licence list and
// nothing else.
func ListedLicence(text string) bool {
	name, ok := spdxIDs()[strings.ToLower(text)]
	return ok && name == text
}

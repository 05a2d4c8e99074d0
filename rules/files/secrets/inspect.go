package secrets

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// A foundSecret is one finding in the making. It holds no value, only what may
// be told of it and a digest with a key of this process alone.
type foundSecret struct {
	rule    string
	pattern string // "aws-access-token", "" for what is known by its place
	name    string // what the value is called in the file, if that can be shown
	what    string
	digest  uint64
	at      int // offset in the text
	line    int
	column  int
	rank    int
	span    span // of the value; empty when none is written down
	more    int  // how many others of the file it stands for
}

// maxFound is how many findings of one file are told one by one.
const maxFound = 100

// inspect returns what one file's content holds, by place.
func (s *secretScan) inspect(name string, text []byte) []foundSecret {
	view := s.patterns.view(name)
	hits := append(view.find(text, lower(nil, text)), view.findEncoded(text)...)
	var found []foundSecret
	var values [][]byte
	add := func(rule, pattern, what, called string, at int, value []byte, place span) {
		found = append(found, foundSecret{rule: rule, pattern: pattern, what: what, name: called, rank: s.rank[rule], span: place, at: at,
			digest: s.digest(pattern, value)})
		if len(value) > 0 {
			values = append(values, value)
		}
	}
	for _, h := range hits {
		rule := s.judge(name, text, h)
		if rule == "" {
			continue
		}
		what := "what looks like a credential of the format " + h.pattern.RuleID
		if h.pattern.kind == randomValue {
			what = "what looks like a secret (" + h.pattern.RuleID + ")"
		} else if h.pattern.kind == publicNumber {
			what = "an identifier of the format " + h.pattern.RuleID
		}
		if h.hidden != nil {
			what += ", in encoded form,"
		}
		add(rule, h.pattern.RuleID, what, nameOf(text, h.value), h.value, h.secret(text), span{h.value, h.end})
		if h.hidden != nil {
			values = append(values, text[h.value:h.end])
		}
	}
	for _, h := range findInURLs(name, text) {
		pattern := "url"
		if h.rule == ruleProxyArgument || h.value == h.end {
			pattern = h.what
		}
		add(h.rule, pattern, h.what, "", h.at, text[h.value:h.end], span{h.value, h.end})
	}
	for _, h := range findDefaults(name, text) {
		what := "a value for a key that is named like a secret"
		if h.rule == ruleDefault && weakValue(string(text[h.value:h.end])) {
			what = "a value that everybody can guess for a key that is named like a secret"
		}
		add(h.rule, "default", what, h.key, h.value, text[h.value:h.end], span{h.value, h.end})
	}
	found = strongest(found)
	if exercise.MatchString(name) {
		found = oncePattern(found)
	}
	if len(found) == 0 {
		return nil
	}
	if n := len(found) - maxFound; n > 0 {
		// The strongest ones are told one by one.
		slices.SortStableFunc(found, func(a, b foundSecret) int { return cmp.Compare(a.rank, b.rank) })
		found = found[:maxFound]
		found[maxFound-1].more += n
	}
	slices.SortStableFunc(found, func(a, b foundSecret) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank)) })
	lines := linesOf(text)
	names := make([]string, len(found))
	for i := range found {
		found[i].line, found[i].column = lines.place(found[i].at)
		names[i] = found[i].name
	}
	for i := range revealing(names, values) {
		found[i].name = ""
	}
	return found
}

// judge says which rule a hit belongs to; "" when it is none.
func (s *secretScan) judge(name string, text []byte, h secretHit) string {
	secret := h.secret(text)
	id := h.pattern.RuleID
	switch {
	case id == privateKey:
		if h.hidden == nil && emptyKey(text[h.from:h.to]) || h.hidden != nil && emptyKey(secret) {
			return ""
		}
	case id == "jwt" && s.expired(secret):
		return ""
	case len(secret) < 200 && placeholder(secret):
		return ""
	case len(secret) >= 200 && slices.ContainsFunc(documented, func(d string) bool { return bytes.Contains(secret, []byte(d)) }):
		return ""
	}
	kind := h.pattern.kind
	if kind == knownFormat && ambiguous(text, h) {
		kind = randomValue
	}
	switch {
	case kind == publicNumber:
		return ruleIdentifier
	case kind == randomValue:
		if h.pattern.kind == randomValue && len(secret) < 200 && sequence(secret) {
			return ""
		}
		if minified.MatchString(name) || h.hidden == nil && digested(nameOf(text, h.value)) {
			return ""
		}
		return ruleRandom
	case exercise.MatchString(name) || len(secret) < 200 && sequence(secret):
		return ruleDoubtful
	}
	return ruleSecret
}

// expired reports whether a web token says that its time is over (RFC 7519
// §4.1.4). It opens nothing any more.
func (s *secretScan) expired(token []byte) bool {
	parts := bytes.Split(token, []byte("."))
	if len(parts) < 2 {
		return false
	}
	payload, err := base64.RawURLEncoding.DecodeString(string(parts[1]))
	if err != nil {
		return false
	}
	var claims struct {
		Expiry *float64 `json:"exp"`
	}
	return json.Unmarshal(payload, &claims) == nil && claims.Expiry != nil && *claims.Expiry < float64(s.now.Unix())
}

// ambiguous reports whether a hit of a format could as well be something else.
func ambiguous(text []byte, h secretHit) bool {
	secret := h.secret(text)
	switch h.pattern.RuleID {
	case "sourcegraph-access-token":
		return !bytes.HasPrefix(bytes.ToLower(secret), []byte("sgp_")) // any commit's hash
	case "square-access-token":
		return bytes.HasPrefix(secret, []byte("EAAA")) // zeroes in base64
	case "twilio-api-key":
		return h.hidden == nil && (h.from > 0 && wordByte(text[h.from-1]) || h.to < len(text) && wordByte(text[h.to]))
	case "kubernetes-secret-yaml":
		return bytes.Contains(secret, []byte("{{")) || bytes.HasSuffix(bytes.TrimSpace(secret), []byte(`""`)) || bytes.HasSuffix(bytes.TrimSpace(secret), []byte(`''`))
	}
	return false
}

// strongest leaves one finding for each value: overlapping ones are the same.
// What is said of URLs stands beside what is said of the repository. A private
// key may reach from one header to another far below, so what has a format of its
// own between them is told as well.
func strongest(found []foundSecret) []foundSecret {
	slices.SortStableFunc(found, func(a, b foundSecret) int { return cmp.Compare(a.rank, b.rank) })
	var keys, repo, urls []span
	out := found[:0]
	for _, f := range found {
		kept := &repo
		switch {
		case f.span.from == f.span.to:
			out = append(out, f)
			continue
		case f.pattern == privateKey:
			kept = &keys
		case strings.HasPrefix(f.rule, verifierURLs+"/"):
			kept = &urls
		case f.rule == ruleRandom && (overlaps(urls, f.span) || overlaps(keys, f.span)):
			continue
		}
		if overlaps(*kept, f.span) {
			continue
		}
		i, _ := slices.BinarySearchFunc(*kept, f.span, byFrom)
		*kept = slices.Insert(*kept, i, f.span)
		out = append(out, f)
	}
	return out
}

func byFrom(a, b span) int { return cmp.Compare(a.from, b.from) }

// privateKey is gitleaks' id of the rule about private keys.
const privateKey = "private-key"

// overlaps reports whether a span has a byte in common with one of a sorted
// list of spans that have none in common.
func overlaps(list []span, s span) bool {
	i, _ := slices.BinarySearchFunc(list, s, byFrom)
	return i < len(list) && list[i].from < s.to || i > 0 && list[i-1].to > s.from
}

// oncePattern leaves one finding for each pattern about tokens and random
// values, where the first of them stands. In tests they are made up by the dozen.
func oncePattern(found []foundSecret) []foundSecret {
	slices.SortStableFunc(found, func(a, b foundSecret) int { return cmp.Compare(a.at, b.at) })
	first := map[string]int{}
	out := found[:0]
	for _, f := range found {
		if i, ok := first[f.pattern]; ok && f.rule == ruleRandom {
			out[i].more++
			continue
		}
		if f.rule == ruleRandom {
			first[f.pattern] = len(out)
		}
		out = append(out, f)
	}
	return out
}

// lineStarts are the offsets at which a text's lines begin.
type lineStarts []int

func linesOf(text []byte) lineStarts {
	starts := lineStarts{0}
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// place returns line and column, both from 1.
func (l lineStarts) place(at int) (line, column int) {
	i, exact := slices.BinarySearch(l, at)
	if !exact {
		i--
	}
	return i + 1, at - l[i] + 1
}

// finding makes the finding of a present file.
func (s *secretScan) finding(name string, f foundSecret) rules.Finding {
	out := s.rules[f.rule].Finding("file", f.message(), rules.Location{Path: printableName(name), Line: f.line, Column: f.column})
	out.Tokens = rules.TokenDigest("secret", f.rule, f.pattern, f.name)
	return out
}

// message says what was found, and never more of it than what it is called.
func (f foundSecret) message() string {
	called := ""
	if f.name != "" {
		called = " under the name " + f.name
	}
	var text string
	switch f.rule {
	case ruleIdentifier:
		text = f.what + called + " is written here; it is no secret, the one that belongs to it is"
	case ruleProxyArgument:
		text = f.what + " takes a secret from the query of a URL; take it from a header"
	case ruleQueryLiteral, ruleQueryReview:
		text = f.what + " carries a secret in a URL; send it in a header, and rotate it if it is written here"
	case ruleEnvironment, ruleDefault:
		text = f.what + called + " is committed; leave it empty and read it from a vault or the environment"
	case ruleRandom, ruleDoubtful, ruleConnectionReview, ruleUserinfoReview:
		text = f.what + called + " is written here; if it opens anything, rotate it and read it from a vault or the environment"
	default:
		text = f.what + called + " is written here; rotate it first, then read it from a vault or the environment"
	}
	if f.more > 0 {
		text += fmt.Sprintf("; %d more values like these are in this file", f.more)
	}
	return text
}

// printableName replaces control characters of a file's name.
func printableName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, name)
}

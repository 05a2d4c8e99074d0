package probe

import (
	"regexp"
	"slices"
	"strings"
)

// A Policy is one Content Security Policy: source lists by directive name, in
// lower case (CSP Level 3).
type Policy map[string][]string

// maxPolicies bounds how many policies of one response are read.
const maxPolicies = 50

// ParseCSP reads the enforced policies of a response: each field may hold
// several, set apart by commas. Of a directive that appears twice the first one
// counts.
func ParseCSP(fields []string) []Policy {
	var all []Policy
	for _, field := range fields {
		for text := range strings.SplitSeq(field, ",") {
			if len(all) == maxPolicies {
				return all
			}
			if p := parsePolicy(text); len(p) > 0 {
				all = append(all, p)
			}
		}
	}
	return all
}

// ParseMetaCSP reads a policy of a meta element, which cannot say who may frame
// the page (CSP3 §3.3).
func ParseMetaCSP(content string) Policy {
	p := parsePolicy(content)
	for _, name := range []string{"frame-ancestors", "report-uri", "report-to", "sandbox"} {
		delete(p, name)
	}
	return p
}

func parsePolicy(text string) Policy {
	p := Policy{}
	for directive := range strings.SplitSeq(text, ";") {
		words := strings.FieldsFunc(directive, asciiSpace)
		if len(words) == 0 {
			continue
		}
		name := strings.ToLower(words[0])
		if _, twice := p[name]; !twice {
			p[name] = words[1:]
		}
	}
	return p
}

func asciiSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r'
}

var (
	nonceSource = regexp.MustCompile(`^(?i:'nonce-)[A-Za-z0-9+/_-]+={0,2}'$`)
	hashSource  = regexp.MustCompile(`^(?i:'sha(?:256|384|512)-)[A-Za-z0-9+/_-]+={0,2}'$`)
)

// list returns the sources of the first directive of names that the policy has,
// and whether it has one.
func (p Policy) list(names ...string) ([]string, bool) {
	for _, name := range names {
		if sources, found := p[name]; found {
			return sources, true
		}
	}
	return nil, false
}

func has(sources []string, keyword string) bool {
	return slices.ContainsFunc(sources, func(s string) bool { return strings.EqualFold(s, keyword) })
}

// pinnedScripts reports whether a list names scripts by nonce or hash.
func pinnedScripts(sources []string) bool {
	return slices.ContainsFunc(sources, func(s string) bool { return nonceSource.MatchString(s) || hashSource.MatchString(s) })
}

// wide returns the first source that stands for anything at all: a star or a
// scheme alone.
func wide(sources []string) string {
	for _, s := range sources {
		low := strings.ToLower(s)
		bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(low, "https://"), "http://"), "/")
		host, _, _ := strings.Cut(bare, ":")
		if low == "data:" || low == "https:" || low == "http:" || low == "filesystem:" || host == "*" {
			return s
		}
	}
	return ""
}

// scriptLists are the lists that rule what may be loaded and what may stand in
// the page: elements and attributes may have their own.
var scriptLists = [][]string{{"script-src-elem", "script-src", "default-src"}, {"script-src-attr", "script-src", "default-src"}}

// A weakness is what a single policy lets through; the empty word is nothing.
type weakness func(p Policy) string

// unruled is a policy that does not say where scripts come from.
func unruled(p Policy) string {
	if _, ok := p.list("script-src", "default-src"); ok {
		return ""
	}
	elem, attr := p["script-src-elem"], p["script-src-attr"]
	if elem != nil && attr != nil {
		return ""
	}
	return "no script-src and no default-src"
}

// inline is a policy that runs scripts written into the page.
func inline(p Policy) string {
	for _, names := range scriptLists {
		sources, ok := p.list(names...)
		switch {
		case !ok:
			return "no script-src and no default-src"
		case !has(sources, "'unsafe-inline'"), pinnedScripts(sources), has(sources, "'strict-dynamic'"):
		default:
			return "'unsafe-inline' without a nonce or a hash"
		}
	}
	return ""
}

// eval is a policy that turns text into script.
func eval(p Policy) string {
	sources, ok := p.list("script-src", "default-src")
	switch {
	case !ok:
		return "no script-src and no default-src"
	case has(sources, "'unsafe-eval'"):
		return "'unsafe-eval'"
	}
	return ""
}

// anySource is a policy that loads scripts from anywhere. With 'strict-dynamic'
// hosts and schemes do nothing; without a nonce or a hash beside it, it is a
// mistake and is not relied on.
func anySource(p Policy) string {
	sources, ok := p.list(scriptLists[0]...)
	if !ok {
		return "no script-src and no default-src"
	}
	if has(sources, "'strict-dynamic'") && pinnedScripts(sources) {
		return ""
	}
	return wide(sources)
}

// objects is a policy that lets plugins in.
func objects(p Policy) string {
	sources, ok := p.list("object-src", "default-src")
	if !ok {
		return "no object-src and no default-src"
	}
	if source := wide(sources); source != "" {
		return "plugins from " + source
	}
	return ""
}

// framing is a policy that lets anybody frame the page.
func framing(p Policy) string {
	sources, ok := p["frame-ancestors"]
	if !ok {
		return "no frame-ancestors"
	}
	if source := wide(sources); source != "" {
		return "frame-ancestors " + source
	}
	return ""
}

// letThrough returns what every policy lets through: several policies hold
// together, so what one of them stops is stopped. Without any policy the word
// none is returned.
func letThrough(all []Policy, w weakness, none string) string {
	found := none
	for _, p := range all {
		word := w(p)
		if word == "" {
			return ""
		}
		if found == none {
			found = word
		}
	}
	return found
}

// cspWeaknesses returns what the policies of a page let through together.
func cspWeaknesses(all []Policy) []string {
	const none = "no policy"
	if word := letThrough(all, unruled, none); word != "" {
		return []string{word}
	}
	var found []string
	for _, w := range []weakness{inline, eval, anySource, objects} {
		if word := letThrough(all, w, none); word != "" && !slices.Contains(found, word) {
			found = append(found, word)
		}
	}
	return found
}

// hasBase reports whether some policy says where relative addresses may point.
func hasBase(all []Policy) bool {
	return slices.ContainsFunc(all, func(p Policy) bool { _, ok := p["base-uri"]; return ok })
}

package scan

import (
	"bytes"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Scripts inside pages, and addresses inside server code that no rule reads.

// maxPage is how much of a page or source file is read, in bytes. A longer page
// counts as one with scripts, a longer source as one without addresses.
const maxPage = 4 << 20

var (
	scriptTag = regexp.MustCompile(`(?is)<script(\s[^>]*)?/?>|<script(?:\s|$)`)
	dataType  = regexp.MustCompile(`(?i)\stype\s*=\s*["']?\s*application/(?:ld\+)?json\s*(?:["';\s/]|$)`)
	// An attribute that holds a script, in a tag or, because holes of templates
	// end what looks like one, with its quotes anywhere.
	handler = regexp.MustCompile(`(?i)<[a-z][^<>]*[\s"'/]on[a-z]{3,24}\s*=|[\s"'/(]on[a-z]{3,24}\s*=\s*["']|["'=(]\s*javascript:`)
	// The tags of templates that leave the angle brackets out.
	bareScript = regexp.MustCompile(`(?m)^\s*(?:%?script\b|:?javascript:?\s*$)`)
)

// holdsScript reports whether a page brings a script to the browser: an element
// that is not plain data, a handler in an attribute, or an address that is one.
// What cannot be read may.
func holdsScript(name string) bool {
	text, err := readLimited(name, maxPage)
	if err != nil || handler.Match(text) {
		return true
	}
	for _, m := range scriptTag.FindAllSubmatch(text, -1) {
		if !dataType.Match(m[1]) {
			return true
		}
	}
	return slices.Contains([]string{".pug", ".jade", ".haml", ".slim"}, strings.ToLower(path.Ext(name))) && bareScript.Match(text)
}

// quotedAddress finds the host of an address that begins a text in quotes. A
// host that goes on in a hole of the text is none.
var quotedAddress = regexp.MustCompile("(?i)[\"'`]https://([a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,10})(?::[0-9]{1,5})?[/?#\"'`]")

// comments begin lines that run nothing.
var comments = []string{"//", "#", "*", "/*", "--", ";", "%", "<!--", "\"\"\"", "'''"}

// marketplaceCalls finds, for each marketplace, the first place at which server
// code in other languages holds the address of its API. Templates are left out:
// what they hold are links.
func marketplaceCalls(t *walk, sources []string) map[string]rules.Item {
	out := map[string]rules.Item{}
	for _, rel := range slices.Sorted(slices.Values(sources)) {
		if slices.Contains(templateEndings, strings.ToLower(path.Ext(rel))) {
			continue
		}
		text, err := readLimited(filepath.Join(t.root, filepath.FromSlash(rel)), maxPage)
		if err != nil || !bytes.Contains(bytes.ToLower(text), []byte("https://")) {
			continue
		}
		line := 0
		for row := range bytes.Lines(text) {
			line++
			code := strings.TrimSpace(string(row))
			if slices.ContainsFunc(comments, func(c string) bool { return strings.HasPrefix(code, c) }) {
				continue
			}
			for _, m := range quotedAddress.FindAllStringSubmatchIndex(code, -1) {
				if before := code[:m[0]]; strings.Contains(before, "// ") || strings.Contains(before, " # ") {
					continue // the rest of the line is a comment
				}
				host := strings.ToLower(code[m[2]:m[3]])
				if market := rules.MarketplaceOf(host); market != "" && out[market].Name == "" {
					out[market] = rules.Item{Name: host, Location: rules.Location{Path: printable(rel), Line: line}}
				}
			}
		}
	}
	return out
}

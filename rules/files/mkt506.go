package files

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/staylisted/staylisted/rules"
)

func htmlRules() []rules.Rule {
	return []rules.Rule{
		{ID: sriRule, Name: "missing-sri", Title: "External script or style has no integrity hash", Class: rules.Review, Controls: []string{"sri-static-client"}, CWE: []int{353, 829}, Vector: v47,
			Flags: "`<script src>` and `<link rel=stylesheet>` of another origin without `integrity` and `crossorigin`, or over http://, in HTML, html/template, templ and the entry pages of JSX applications: " +
				"whoever controls the other host runs code in the page.",
			Safe:        "`integrity` with a hash and `crossorigin`, for an address whose content does not change; files of the product's own origin or of a declared endpoint. An address that a template puts in is not known and never counts.",
			Remediation: "Serve the file yourself, or add `integrity` with the SHA-384 hash of a versioned file and `crossorigin=\"anonymous\"`. Suppress loaders that forbid it (payment, maps) with the reason.",
			Wrong:       "<script src=\"https://cdn.example.net/lib.js\"></script>",
			Right:       "<script src=\"https://cdn.example.net/lib@1.2.3.js\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>"},
		{ID: inlineRule, Name: "csp-inline-conflict", Title: "Page needs what a strict CSP forbids", Class: rules.Review, Controls: []string{"csp"}, CWE: []int{693}, Vector: v47,
			Flags: "An inline `<script>` without a nonce, an event handler in an attribute (`onclick=…`) and a `javascript:` address: a Content Security Policy without `unsafe-inline` blocks them. " +
				"Also a policy in a `<meta>` tag that allows inline scripts, `eval` or every host.",
			Safe:        "A `nonce` attribute; a script whose hash stands in a policy of this repository; data blocks (`type=\"application/json\"`); scripts in files.",
			Remediation: "Move the code to a file, or give the tag a fresh nonce for each answer. Replace handlers by `addEventListener`.",
			Wrong:       "<button onclick=\"save()\">", Right: "<script nonce=\"{{.Nonce}}\">document.querySelector(\"button\").addEventListener(\"click\", save)</script>"},
	}
}

// external returns the host of an address of another origin. What a template
// fills in before the host is over is unknown, and so no host.
func external(address string, own func(host string) bool) (host, scheme string, ok bool) {
	address = strings.TrimSpace(address)
	rest, found := strings.CutPrefix(address, "//")
	if !found {
		scheme, rest, found = strings.Cut(address, "://")
		scheme = strings.ToLower(scheme)
	}
	if !found || scheme != "" && scheme != "http" && scheme != "https" {
		return "", "", false
	}
	authority, _, _ := strings.Cut(rest, "/")
	authority, _, _ = strings.Cut(authority, "?")
	if filled(authority) || strings.Contains(authority, "$") || strings.Contains(authority, "{") {
		return "", "", false
	}
	u, err := url.Parse("https://" + authority)
	if err != nil || u.Hostname() == "" {
		return "", "", false
	}
	host = strings.ToLower(u.Hostname())
	return host, scheme, reachOf(host) == publicHost && !own(host)
}

// missingSRI looks for scripts and styles of others without a hash.
func missingSRI(tags []tag, own func(string) bool) []rules.Finding {
	var out []rules.Finding
	for _, t := range tags {
		if t.closed {
			continue
		}
		key, what := "src", "script"
		switch {
		case strings.EqualFold(t.name, "script"): // next/script and gatsby/script have a capital
		case t.atom == atom.Link:
			rel, _ := t.attr("rel")
			if !slices.Contains(strings.Fields(strings.ToLower(rel)), "stylesheet") {
				continue
			}
			key, what = "href", "style"
		default:
			continue
		}
		address, _ := t.attr(key)
		host, scheme, ok := external(address, own)
		if !ok {
			continue
		}
		_, integrity := t.attr("integrity")
		_, crossorigin := t.attr("crossorigin")
		shown := strings.ReplaceAll(address, string(hole), "")
		message := ""
		switch {
		case scheme == "http":
			message = fmt.Sprintf("the %s comes from %s without encryption: anybody on the way can change it", what, quote(host))
		case !integrity && t.unknown: // the template may put it in
		case !integrity:
			message = fmt.Sprintf("the %s comes from %s and has no integrity hash: whoever controls that host runs code in this page", what, quote(host))
		case !crossorigin && !t.unknown:
			message = fmt.Sprintf("the %s from %s has an integrity hash and no crossorigin attribute, so browsers block it or do not check it", what, quote(host))
		}
		if message != "" {
			out = append(out, finding(ruleOf(sriRule), message, t.at, what, shown))
		}
	}
	return out
}

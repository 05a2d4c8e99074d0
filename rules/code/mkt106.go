package code

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt106 flags security headers whose value protects from little, and those
// that are set when the headers have been sent already.
func mkt106() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT106",
		Name:     "weak-security-header",
		Title:    "Security header has a weak value or comes too late",
		Class:    rules.Review,
		Controls: []string{"security-headers", "csp", "no-secrets-in-referrer"},
		CWE:      []int{693, 1021},
		Vector:   v43i,
		Flags: "`X-Frame-Options` other than DENY or SAMEORIGIN (ALLOW-FROM included); `Referrer-Policy` unsafe-url, origin, origin-when-cross-origin or no-referrer-when-downgrade; " +
			"a `Content-Security-Policy` that allows scripts by 'unsafe-inline' without a nonce or hash, by 'unsafe-eval', `*`, `data:` or a bare scheme, or framing by `*`; " +
			"any of these headers, HSTS and `X-Content-Type-Options` set after the response has begun. Options of unrolled/secure, gin-contrib/secure, echo's Secure and fiber's helmet are read too.",
		Safe: "Valid constants; a CSP whose scripts come from named hosts, nonces or hashes ('strict-dynamic' included); `frame-ancestors` with named hosts for an app that a marketplace embeds; " +
			"`Content-Security-Policy-Report-Only`; a header that a probed proxy sends.",
		Remediation: "Send `X-Frame-Options: DENY` (or CSP `frame-ancestors` with the marketplace's hosts), `Referrer-Policy: strict-origin-when-cross-origin` and a CSP with nonces, " +
			"in a middleware that runs before the handler.",
		Wrong:      "w.WriteHeader(http.StatusOK)\nw.Header().Set(\"X-Frame-Options\", \"ALLOWALL\")",
		Right:      "w.Header().Set(\"X-Frame-Options\", \"DENY\")\nw.WriteHeader(http.StatusOK)",
		Frameworks: []string{"net/http", "gin", "echo", "fiber", "fasthttp", "unrolled/secure", "gin-contrib/secure"},
	}, []rules.Rule{{
		ID: headersMissing, Name: "security-headers-missing", Title: "Pages are served without security headers", CWE: []int{693, 1021}, Vector: v43i,
		Controls: []string{"security-headers", "csp"},
		Flags: "A server on an address that others reach, in a package that renders HTML, where nothing sets `X-Frame-Options`, `Content-Security-Policy`, `X-Content-Type-Options` or `Referrer-Policy`: " +
			"no header, no options of a header middleware, and no function of another package whose name speaks of headers or security.",
		Safe:        "A middleware that sets them; a server on loopback; a JSON API; a proxy whose headers the live probe sees, which outweighs the code.",
		Remediation: "Add one middleware in front of all routes that sends the four headers.",
		Wrong:       "e := echo.New()\ne.Renderer = pages\ne.Start(\":8080\")",
		Right:       "e := echo.New()\ne.Use(middleware.SecureWithConfig(headers))\ne.Renderer = pages\ne.Start(\":8080\")",
	}}, headerGate, runMKT106)
}

// headersMissing is the variant of MKT106 for servers that set none at all.
const headersMissing = "MKT106/missing"

func runMKT106(p *pkg) []Hit {
	var hits []Hit
	for _, u := range p.headerUses() {
		for _, t := range u.texts {
			if why := weakHeader(u.name, t.s); why != "" {
				hits = append(hits, Hit{Rule: "MKT106", Pos: u.pos, End: u.end, Message: why, Steps: t.steps})
				break
			}
		}
		if u.call == nil {
			continue
		}
		if sent := p.tooLate(u.call); sent != nil {
			hits = append(hits, p.hit("MKT106", u.call.instr, -1, u.name+" is set when the response has begun, so clients never see it; set it before", Step{sent.Pos(), "the headers are sent here"}))
		}
	}
	return append(hits, p.headersMissing()...)
}

// headersMissing finds the servers of a package with pages that sets no header.
func (p *pkg) headersMissing() []Hit {
	listenings := p.listenings()
	if len(listenings) == 0 || !p.rendersHTML() || p.speaksOfHeaders() {
		return nil
	}
	var hits []Hit
	for _, l := range listenings {
		if !l.local() {
			hits = append(hits, p.hit(headersMissing, l.call.instr, -1, "this server has pages, and nothing here sets security headers; set them in a middleware, or show by the live probe that a proxy does"))
			break // one is enough: they share their handlers
		}
	}
	return hits
}

// speaksOfHeaders reports whether the package sets a security header, or uses
// something of another package that may.
func (p *pkg) speaksOfHeaders() bool {
	if len(p.headerUses()) > 0 || p.importsPath("github.com/unrolled/secure", "github.com/gin-contrib/secure", "github.com/gofiber/helmet", "github.com/gofiber/fiber/middleware/helmet", "net/http/httputil") {
		return true
	}
	for id, obj := range p.info.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == p.types || receiverName(fn) != "" && !SplitName(receiverName(fn)).Has("headers", "security", "secure") {
			continue
		}
		if n := SplitName(id.Name); n.Has("secure", "security", "headers", "helmet", "csp", "hsts", "nosniff", "harden", "hardened") {
			return true
		}
	}
	return false
}

// weakHeader says what is weak about a header's value; "" when nothing is. The
// value may hold holes.
func weakHeader(name, value string) string {
	whole := !strings.Contains(value, hole)
	switch name {
	case headerFrame:
		v := strings.ToUpper(strings.TrimSpace(value))
		known, _, _ := strings.Cut(v, hole)
		switch {
		case strings.HasPrefix(known, "ALLOW-FROM"):
			return "X-Frame-Options ALLOW-FROM is ignored by browsers; use CSP frame-ancestors with the host"
		case whole && v != "" && v != "DENY" && v != "SAMEORIGIN":
			return "X-Frame-Options knows DENY and SAMEORIGIN only; any other value lets every site frame the page"
		}
	case headerReferrer:
		if !whole {
			return ""
		}
		// Browsers take the last policy they know.
		policies := strings.Split(strings.ToLower(value), ",")
		switch last := strings.TrimSpace(policies[len(policies)-1]); last {
		case "unsafe-url", "origin", "origin-when-cross-origin", "no-referrer-when-downgrade":
			return fmt.Sprintf("Referrer-Policy %s tells other sites where visitors come from; use strict-origin-when-cross-origin or no-referrer", last)
		}
	case headerCSP:
		return weakCSP(value)
	}
	return ""
}

// weakCSP says what is weak about a Content-Security-Policy.
func weakCSP(policy string) string {
	directives := map[string][]string{}
	for d := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(d)
		if len(words) == 0 || strings.Contains(words[0], hole) {
			continue
		}
		name := strings.ToLower(words[0])
		if _, again := directives[name]; !again { // the first counts
			directives[name] = words[1:]
		}
	}
	if slices.ContainsFunc(directives["frame-ancestors"], anyHost) {
		return "CSP frame-ancestors lets every site frame the page; name the hosts"
	}
	for _, name := range []string{"script-src", "script-src-elem", "script-src-attr", "default-src"} {
		sources, ok := directives[name]
		if !ok {
			continue
		}
		if _, scripts := directives["script-src"]; name == "default-src" && scripts {
			break // default-src speaks of scripts only when script-src is absent
		}
		if why := weakScripts(sources); why != "" {
			return fmt.Sprintf("CSP %s allows %s", name, why)
		}
	}
	return ""
}

// weakScripts says which source of a list lets an attacker's script run.
func weakScripts(sources []string) string {
	var inline, hashed, dynamic, open bool
	var why string
	for _, s := range sources {
		switch s := strings.ToLower(s); {
		case strings.Contains(s, "nonce-"), strings.HasPrefix(s, "'sha256-"), strings.HasPrefix(s, "'sha384-"), strings.HasPrefix(s, "'sha512-"), s == "$nonce", s == "{nonce}", s == "{{nonce}}":
			hashed = true
		case s == "'strict-dynamic'":
			dynamic = true
		case s == "'unsafe-inline'":
			inline = true
		case s == "'unsafe-eval'":
			return "'unsafe-eval': texts can become code; drop it"
		case strings.Contains(s, hole):
			open = true
		case anyHost(s), s == "data:":
			why = s + " as a source of scripts; name the hosts, or use nonces"
		}
	}
	switch {
	case inline && !hashed && !open && !dynamic:
		return "inline scripts; use nonces or hashes instead of 'unsafe-inline'"
	case why != "" && !(dynamic && hashed):
		return why
	}
	return ""
}

// anyHost reports whether a source stands for every host.
func anyHost(source string) bool {
	switch strings.ToLower(source) {
	case "*", "http:", "https:", "http://*", "https://*":
		return true
	}
	return false
}

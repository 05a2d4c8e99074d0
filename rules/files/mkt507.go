package files

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/staylisted/staylisted/rules"
)

// runs reports whether a script's type makes browsers run it, or obey it as
// they do an import map. Anything else is data.
func runs(kind string) bool {
	kind, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(kind)), ";")
	switch strings.TrimSpace(kind) {
	case "", "module", "importmap", "speculationrules", "text/javascript", "application/javascript", "application/ecmascript", "text/ecmascript", "application/x-javascript",
		"text/babel", "text/jsx", "text/hyperscript":
		return true
	}
	return false
}

// hashes returns the CSP sources that allow an inline script by its hash.
func hashes(content string) [3]string {
	a, b, c := sha256.Sum256([]byte(content)), sha512.Sum384([]byte(content)), sha512.Sum512([]byte(content))
	return [3]string{
		"sha256-" + base64.StdEncoding.EncodeToString(a[:]),
		"sha384-" + base64.StdEncoding.EncodeToString(b[:]),
		"sha512-" + base64.StdEncoding.EncodeToString(c[:]),
	}
}

// bookmarklet is what works on the page it is called on.
var bookmarklet = regexp.MustCompile(`(?i)^\s*javascript:.*encodeURIComponent\(\s*(?:window\.|document\.|self\.|top\.)?(?:location|URL|title)`)

// An inlinePage is what a page holds that a strict policy blocks.
type inlinePage struct {
	scripts  []tag // inline scripts without a nonce
	handlers []tag
	links    []tag // javascript: addresses
	policies []policyTag
}

// A policyTag is a policy in a meta tag with what weakens it.
type policyTag struct {
	tag  tag
	weak string
}

// inlineOf sorts the tags of a page.
func inlineOf(tags []tag) inlinePage {
	var p inlinePage
	for _, t := range tags {
		if t.closed {
			continue
		}
		if t.atom == atom.Meta {
			if equiv, _ := t.attr("http-equiv"); strings.EqualFold(strings.TrimSpace(equiv), "content-security-policy") {
				content, _ := t.attr("content")
				if weak := weakPolicy(content); weak != "" {
					p.policies = append(p.policies, policyTag{t, weak})
				}
			}
		}
		if t.atom == atom.Script {
			_, src := t.attr("src")
			_, nonce := t.attr("nonce")
			kind, _ := t.attr("type")
			if !src && !nonce && !t.unknown && !filled(kind) && runs(kind) && strings.Trim(t.content, " \t\r\n"+string(hole)) != "" {
				p.scripts = append(p.scripts, t)
			}
			continue
		}
		for _, a := range t.attrs {
			key := strings.ToLower(a.Key)
			switch {
			case strings.HasPrefix(key, "on") && eventHandlers[key] && a.Val != "":
				p.handlers = append(p.handlers, t)
			case bookmarklet.MatchString(a.Val): // made to be dragged to the browser's bar
			case (key == "href" || key == "action" || key == "formaction") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
				// javascript:void(0) is blocked as well, but nothing is lost with it.
				if rest := strings.Trim(strings.TrimSpace(a.Val)[len("javascript:"):], " ;"); rest != "" && rest != "void(0)" && rest != "void 0" {
					p.links = append(p.links, t)
				}
			default:
				continue
			}
			break
		}
	}
	return p
}

// weakPolicy names what makes a policy allow foreign scripts: of script-src, or
// of default-src where there is none.
func weakPolicy(policy string) string {
	if filled(policy) {
		return ""
	}
	directives := map[string][]string{}
	for d := range strings.SplitSeq(policy, ";") {
		if words := strings.Fields(strings.ToLower(d)); len(words) > 0 && directives[words[0]] == nil {
			directives[words[0]] = append([]string{}, words[1:]...)
		}
	}
	sources := directives["script-src"]
	if sources == nil {
		sources = directives["default-src"]
	}
	strict := false
	for _, s := range sources {
		if strings.HasPrefix(s, "'nonce-") || strings.HasPrefix(s, "'sha") || s == "'strict-dynamic'" {
			strict = true
		}
	}
	for _, s := range sources {
		switch s {
		case "'unsafe-eval'":
			return s
		case "'unsafe-inline'", "*", "data:", "https:", "http:":
			if !strict {
				return s
			}
		}
	}
	return ""
}

// inlineConflicts makes one finding a page for each kind of conflict. allowed
// reports whether a hash stands in a policy of the repository.
func inlineConflicts(name string, p inlinePage, allowed func(source string) bool) []rules.Finding {
	var out []rules.Finding
	add := func(kind string, tags []tag, one, many string) {
		if len(tags) == 0 {
			return
		}
		message := one
		if len(tags) > 1 {
			message = fmt.Sprintf(many, len(tags))
		}
		out = append(out, finding(ruleOf(inlineRule), message+": a Content Security Policy without unsafe-inline blocks it", tags[0].at, kind))
	}
	var scripts []tag
	for _, t := range p.scripts {
		hashed := false
		if !filled(t.content) {
			for _, source := range hashes(t.content) {
				hashed = hashed || allowed(source)
			}
		}
		if !hashed {
			scripts = append(scripts, t)
		}
	}
	add("script", scripts, "the page has an inline script without a nonce", "the page has %d inline scripts without a nonce")
	add("handler", p.handlers, "the page has an event handler in an attribute", "the page has %d tags with event handlers in attributes")
	add("link", p.links, "the page has a javascript: address", "the page has %d javascript: addresses")
	for _, w := range p.policies {
		out = append(out, finding(ruleOf(inlineRule), fmt.Sprintf("the page's own Content Security Policy allows scripts by %s", quote(w.weak)), w.tag.at, "policy", w.weak))
	}
	return out
}

// eventHandlers are the attributes of the HTML standard that hold code.
var eventHandlers = func() map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq("onabort onanimationend onanimationstart onbeforeunload onblur oncancel onchange onclick onclose oncontextmenu oncopy oncut ondblclick ondrag ondragend " +
		"ondragenter ondragleave ondragover ondragstart ondrop onended onerror onfocus onfocusin onfocusout onhashchange oninput oninvalid onkeydown onkeypress onkeyup onload onmessage " +
		"onmousedown onmouseenter onmouseleave onmousemove onmouseout onmouseover onmouseup onpaste onpause onplay onpointerdown onpointermove onpointerup onpopstate onreset onresize " +
		"onscroll onselect onsubmit onstorage ontoggle ontouchend ontouchmove ontouchstart onunload onwheel") {
		set[name] = true
	}
	return set
}()

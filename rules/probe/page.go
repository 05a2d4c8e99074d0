package probe

import (
	"bytes"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of what is kept of one page.
const (
	maxLoads = 200
	maxMeta  = 10
)

// A Page is what matters of an HTML document.
type Page struct {
	Loads    []Load   `json:"loads,omitempty"`    // external scripts and styles
	CSP      []string `json:"csp,omitempty"`      // policies of meta elements
	Referrer string   `json:"referrer,omitempty"` // the last policy a meta element sets
	Password bool     `json:"password,omitempty"` // there is a field for a password
	More     bool     `json:"more,omitempty"`     // it has more than is kept
}

// A Load is a script or style that a page takes from another origin.
type Load struct {
	Kind        string `json:"kind"` // "script", "style"
	URL         string `json:"url"`  // without query
	Integrity   bool   `json:"integrity,omitempty"`
	CrossOrigin bool   `json:"cross_origin,omitempty"`
}

// isHTML reports whether an answer is a page: by its type, or where it names
// none, by its beginning.
func isHTML(contentType string, body []byte) bool {
	if contentType == "" {
		head := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 512)]))
		return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// integrity matches one hash of Subresource Integrity (SRI §3.5).
var integrity = regexp.MustCompile(`(?:^|[ \t\n\f\r])sha(?:256|384|512)-[A-Za-z0-9+/_-]{43,88}={0,2}(?:\?[^ \t\n\f\r]*)?(?:$|[ \t\n\f\r])`)

// readPage reads an HTML document served at base.
func readPage(body []byte, base *url.URL) *Page {
	p := &Page{}
	origin := base
	based := false
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(1 << 20)
	// Browsers take a policy from the head alone (CSP3 §3.3, HTML §4.2.5.3),
	// which ends with its end tag or with the first element that cannot be in it.
	head, templates := true, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "head":
				head = false
			case "template":
				templates = max(0, templates-1)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			attr := attributes(t.Attr)
			head = head && (inHead[t.DataAtom] || templates > 0)
			switch t.DataAtom {
			case atom.Template:
				templates++
			case atom.Base:
				if u, err := origin.Parse(strings.TrimSpace(attr["href"])); err == nil && !based && attr["href"] != "" {
					base, based = u, true // only the first one counts
				}
			case atom.Meta:
				p.meta(attr, head && templates == 0)
			case atom.Input:
				p.Password = p.Password || strings.EqualFold(attr["type"], "password")
			case atom.Script:
				if src, found := attr["src"]; found && runs(attr["type"]) {
					p.load("script", src, attr, base, origin)
				}
			case atom.Link:
				if has(strings.Fields(attr["rel"]), "stylesheet") {
					p.load("style", attr["href"], attr, base, origin)
				}
			}
		}
	}
}

// attributes returns an element's attributes; of two of a name the first counts.
func attributes(list []html.Attribute) map[string]string {
	m := map[string]string{}
	for _, a := range list {
		if _, twice := m[a.Key]; !twice && a.Namespace == "" {
			m[a.Key] = a.Val
		}
	}
	return m
}

// runs reports whether a script of that type is run: templates and data blocks
// are not.
func runs(kind string) bool {
	kind, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(kind)), ";")
	return kind == "" || kind == "module" || strings.HasSuffix(kind, "javascript") || strings.HasSuffix(kind, "ecmascript")
}

// inHead are the elements that the head of a page may hold, and what is around
// it.
var inHead = map[atom.Atom]bool{atom.Html: true, atom.Head: true, atom.Base: true, atom.Link: true, atom.Meta: true, atom.Noscript: true,
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Title: true}

// meta reads a meta element. What may only loosen a page is taken from anywhere,
// a policy from the head alone.
func (p *Page) meta(attr map[string]string, head bool) {
	content, found := attr["content"]
	if !found {
		return
	}
	switch {
	case strings.EqualFold(strings.TrimSpace(attr["http-equiv"]), "content-security-policy"):
		if !head {
			return
		}
		if len(p.CSP) == maxMeta {
			p.More = true
			return
		}
		p.CSP = append(p.CSP, clip(content, 8<<10))
	case strings.EqualFold(strings.TrimSpace(attr["name"]), "referrer"):
		if policy := strings.ToLower(strings.TrimSpace(content)); known(policy) {
			p.Referrer = policy
		}
	}
}

// load notes what another origin gives. Scripts without an address, and data:
// and blob: ones, come with the page.
func (p *Page) load(kind, src string, attr map[string]string, base, origin *url.URL) {
	u, err := base.Parse(asBrowser(src))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || sameOrigin(u, origin) {
		return
	}
	if len(p.Loads) == maxLoads {
		p.More = true
		return
	}
	_, cross := attr["crossorigin"]
	p.Loads = append(p.Loads, Load{Kind: kind, URL: bare(u), Integrity: integrity.MatchString(attr["integrity"]), CrossOrigin: cross})
}

// asBrowser writes an address as browsers read it (URL Standard §4.4): tabs and
// line breaks are left out, a backslash is a slash.
func asBrowser(src string) string {
	return strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimSpace(src))
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// bare writes an address without what may hold secrets.
func bare(u *url.URL) string {
	return clip((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String(), 500)
}

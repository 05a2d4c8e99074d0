package code

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt102 flags requests to other machines over a scheme without TLS.
//
// It starts at the calls that send a request and asks the flow model which
// texts may be their URL, so a literal that only names something (an XML
// namespace, a schema id, a licence) is never looked at.
func mkt102() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT102",
		Name:     "cleartext-outbound",
		Title:    "Request to another machine without TLS",
		Class:    rules.Violation,
		Controls: []string{"tls-1.2-or-higher"},
		CWE:      []int{319},
		Vector:   v59c,
		Flags: "A literal that begins with `http://`, `ws://`, `ftp://` or `ldap://` and reaches a call that sends a request: directly, " +
			"through constants, concatenation, `fmt.Sprintf`, struct fields, package variables or parameters of the same package. " +
			"A host on a private network, or one that is only known at run time, is a review finding.",
		Safe: "Loopback and link-local addresses, `.local` and `.svc.cluster.local` names, the reserved names of RFC 2606 " +
			"(`example.com`, `.test`, `.invalid`, `.localhost`), LDAP connections that call `StartTLS`, and literals that never reach a request.",
		Remediation: "Use the service's TLS endpoint (`https://`, `wss://`, `ldaps://`). Where the address is configured, refuse a value whose scheme has no TLS.",
		Wrong:       "resp, err := http.Get(\"http://api.partner.io/v1/orders\")",
		Right:       "resp, err := http.Get(\"https://api.partner.io/v1/orders\")",
		Frameworks: []string{"net/http", "gorilla/websocket", "coder/websocket", "nhooyr.io/websocket", "x/net/websocket", "gobwas/ws", "resty",
			"fasthttp", "retryablehttp", "sling", "colly", "chromedp", "go-ldap", "jlaffaye/ftp", "x/oauth2", "go-elasticsearch"},
	}, nil, outboundGate, runMKT102)
}

// requestSinks says which argument of which call is the URL of a request. Keys
// are the clean import path, a space and the callee.
var requestSinks = symbols(map[string]int{
	"net/http Get": 0, "net/http Head": 0, "net/http Post": 0, "net/http PostForm": 0,
	"net/http NewRequest": 1, "net/http NewRequestWithContext": 2,
	"net/http Client.Get": 0, "net/http Client.Head": 0, "net/http Client.Post": 0, "net/http Client.PostForm": 0,
	"net/http/httputil NewSingleHostReverseProxy": 0,

	"github.com/gorilla/websocket Dialer.Dial": 0, "github.com/gorilla/websocket Dialer.DialContext": 1,
	"github.com/coder/websocket Dial": 1, "nhooyr.io/websocket Dial": 1,
	"golang.org/x/net/websocket Dial": 0, "golang.org/x/net/websocket NewConfig": 0,
	"github.com/gobwas/ws Dial": 1, "github.com/gobwas/ws Dialer.Dial": 1,

	"github.com/valyala/fasthttp Get": 1, "github.com/valyala/fasthttp Post": 1, "github.com/valyala/fasthttp GetTimeout": 1, "github.com/valyala/fasthttp GetDeadline": 1,
	"github.com/valyala/fasthttp Client.Get": 1, "github.com/valyala/fasthttp Client.Post": 1, "github.com/valyala/fasthttp Client.GetTimeout": 1,
	"github.com/valyala/fasthttp Client.GetDeadline": 1, "github.com/valyala/fasthttp Request.SetRequestURI": 0,

	"github.com/hashicorp/go-retryablehttp Get": 0, "github.com/hashicorp/go-retryablehttp Head": 0, "github.com/hashicorp/go-retryablehttp Post": 0,
	"github.com/hashicorp/go-retryablehttp PostForm": 0, "github.com/hashicorp/go-retryablehttp NewRequest": 1,
	"github.com/hashicorp/go-retryablehttp NewRequestWithContext": 2, "github.com/hashicorp/go-retryablehttp Client.Get": 0,
	"github.com/hashicorp/go-retryablehttp Client.Head": 0, "github.com/hashicorp/go-retryablehttp Client.Post": 0, "github.com/hashicorp/go-retryablehttp Client.PostForm": 0,

	"github.com/dghubble/sling Sling.Base": 0, "github.com/dghubble/sling Sling.Get": 0, "github.com/dghubble/sling Sling.Post": 0,
	"github.com/gocolly/colly Collector.Visit": 0, "github.com/chromedp/chromedp Navigate": 0,
	"github.com/go-ldap/ldap DialURL": 0, "gopkg.in/ldap DialURL": 0,
	"github.com/jlaffaye/ftp Dial": 0, "github.com/jlaffaye/ftp DialTimeout": 0, "github.com/jlaffaye/ftp Connect": 0,
	"github.com/influxdata/influxdb-client-go NewClient": 0, "github.com/influxdata/influxdb-client-go NewClientWithOptions": 0,
})

// verbSinks are client types whose methods are named after HTTP verbs and take
// the URL first; Execute, Send and the like take it second.
var verbSinks = clients(
	"github.com/go-resty/resty Request", "resty.dev Request", "gopkg.in/resty Request",
	"github.com/imroc/req Request", "github.com/imroc/req ",
	"github.com/levigross/grequests ", "github.com/levigross/grequests Session",
	"github.com/parnurzeal/gorequest SuperAgent",
)

// baseSinks set the URL that later requests begin with.
var baseSinks = clients(
	"github.com/go-resty/resty Client", "resty.dev Client", "gopkg.in/resty Client", "github.com/imroc/req Client",
)

// clients builds a set of client types written "path Type"; without a type the
// package's functions are meant.
func clients(list ...string) map[symbol]bool {
	out := map[symbol]bool{}
	for _, s := range list {
		path, typ, _ := strings.Cut(s, " ")
		out[symbol{path, typ, ""}] = true
	}
	return out
}

var outboundPackages = func() map[string]bool {
	set := packagesOf(requestSinks)
	set["golang.org/x/oauth2"] = true
	set["github.com/elastic/go-elasticsearch"] = true
	for _, clients := range []map[symbol]bool{verbSinks, baseSinks} {
		for s := range clients {
			set[s.path] = true
		}
	}
	return set
}()

func outboundGate(path string) bool { return outboundPackages[path] }

// requestURL returns the URL argument of a call that sends a request, and its
// index among the arguments; -1 when the call sends none.
func requestURL(c *call) int {
	if i, ok := requestSinks[c.symbol()]; ok && i < len(c.args) {
		return i
	}
	if verbSinks[symbol{c.path, c.recv, ""}] {
		switch c.name {
		case "Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "MustGet", "MustPost", "MustPut", "MustPatch", "MustDelete", "MustHead":
			if len(c.args) > 0 {
				return 0
			}
		case "Execute", "Send", "CustomMethod":
			if len(c.args) > 1 {
				return 1
			}
		}
	}
	if baseSinks[symbol{c.path, c.recv, ""}] {
		switch c.name {
		case "SetBaseURL", "SetHostURL":
			if len(c.args) > 0 {
				return 0
			}
		}
	}
	return -1
}

// urlFields are struct fields that hold the URL of requests to come.
var urlFields = map[string][]string{
	"golang.org/x/oauth2 Endpoint":               {"TokenURL", "AuthURL", "DeviceAuthURL"},
	"github.com/elastic/go-elasticsearch Config": {"Addresses"},
}

// An outboundURL is a URL that reaches a request.
type outboundURL struct {
	text text
	at   ssa.CallInstruction // the call, or nil
	arg  int
	set  *ssa.Store // the struct field's store when there is no call
	call *call
	// choice is true when the same request may also go over TLS, so that
	// configuration decides.
	choice bool
}

// outboundURLs visits every text that may be the URL of a request.
func (p *pkg) outboundURLs(do func(outboundURL)) {
	p.eachCall(outboundGate, func(c *call) {
		i := requestURL(c)
		if i < 0 {
			return
		}
		var texts []text
		if isURL(c.args[i].Type()) {
			texts, _ = p.urlTexts(c.args[i], 0)
		} else {
			texts, _ = p.texts(c.args[i])
		}
		choice := slices.ContainsFunc(texts, overTLS)
		for _, t := range texts {
			do(outboundURL{text: t, at: c.instr, arg: i, call: c, choice: choice})
		}
	})
	if !importsAny(p.types, paths("golang.org/x/oauth2", "github.com/elastic/go-elasticsearch")) {
		return
	}
	p.literals(func(path, name string) bool { return urlFields[path+" "+name] != nil }, func(l *literal) {
		for _, field := range urlFields[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()] {
			for _, s := range l.set[field] {
				vals := []ssa.Value{s.Val}
				if elems, ok := variadic(s.Val); ok {
					vals = elems
				}
				for _, v := range vals {
					texts, _ := p.texts(v)
					for _, t := range texts {
						do(outboundURL{text: t, set: s})
					}
				}
			}
		}
	})
}

// overTLS reports whether a URL's scheme brings TLS.
func overTLS(t text) bool {
	scheme, _, _ := urlHost(t)
	return scheme == "https" || scheme == "wss" || scheme == "ldaps" || scheme == "ftps"
}

// cleartext schemes and what to use instead.
var tlsTwin = map[string]string{"http": "https", "ws": "wss", "ftp": "SFTP or FTPS", "ldap": "ldaps"}

func runMKT102(p *pkg) []Hit {
	var hits []Hit
	startTLS := -1 // whether the package calls StartTLS: not asked yet
	p.outboundURLs(func(u outboundURL) {
		scheme, host, complete := urlHost(u.text)
		if u.call != nil && u.call.path == "github.com/jlaffaye/ftp" {
			if p.ftpSecured(u.call) {
				return
			}
			known, whole := u.text.prefix()
			host, complete = hostOnly(known)
			complete = complete || whole
			scheme = "ftp"
		}
		twin := tlsTwin[scheme]
		if twin == "" {
			return
		}
		class, where := rules.Class(""), host
		if u.choice {
			class = rules.Review
		}
		switch r := reachOf(host); {
		case !complete || r == hostUnknown:
			class, where = rules.Review, "a host that is only known at run time"
			if u.choice || host != "" && complete {
				return // configuration may choose TLS; or "http://{placeholder}", a template
			}
		case r == hostSafe:
			return
		case r == hostPrivate:
			class = rules.Review
		}
		if scheme == "ldap" {
			if startTLS < 0 {
				startTLS = 0
				p.eachCall(paths("github.com/go-ldap/ldap", "gopkg.in/ldap"), func(c *call) {
					if c.name == "StartTLS" {
						startTLS = 1
					}
				})
			}
			if startTLS == 1 {
				return
			}
		}
		msg := fmt.Sprintf("%s:// request to %s is sent without TLS; use %s", scheme, where, twin)
		if u.at != nil {
			h := p.hit("MKT102", u.at, u.arg, msg, u.text.steps...)
			h.Class = class
			hits = append(hits, h)
			return
		}
		pos := u.set.Pos()
		hits = append(hits, Hit{Rule: "MKT102", Pos: pos, End: pos + 1, Message: msg, Steps: u.text.steps, Class: class})
	})
	return hits
}

// ftpSecured reports whether an FTP dial passes a TLS option, or options that
// cannot be read.
func (p *pkg) ftpSecured(c *call) bool {
	if c.name != "Dial" || len(c.args) < 2 {
		return false
	}
	opts, ok := variadic(c.args[1])
	if !ok {
		return true
	}
	for _, o := range opts {
		oc, ok := o.(*ssa.Call)
		if !ok {
			return true
		}
		if d := p.asCall(oc, nil); d == nil || d.name == "DialWithTLS" || d.name == "DialWithExplicitTLS" || d.name == "DialWithDialFunc" {
			return true
		}
	}
	return false
}

func isURL(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "URL" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/url"
}

// urlTexts returns the texts of a *url.URL: what url.Parse was given, or scheme
// and host of a literal.
func (f *flow) urlTexts(v ssa.Value, depth int) (all []text, open bool) {
	if depth > 4 {
		return nil, true
	}
	origins, open := f.origins(v)
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Extract:
			c, ok := x.Tuple.(*ssa.Call)
			if !ok {
				open = true
				continue
			}
			d := f.p.asCall(c, paths("net/url"))
			if d == nil || (d.callee() != "Parse" && d.callee() != "ParseRequestURI") || len(d.args) != 1 {
				open = true
				continue
			}
			ts, more := f.textsAt(d.args[0], depth+1)
			open = open || more
			for _, t := range ts {
				t.steps = append(t.steps, o.steps...)
				all = append(all, t)
			}
		case *ssa.Alloc:
			ts, more := f.builtURL(x, depth)
			open = open || more
			all = append(all, ts...)
		default:
			open = true
		}
	}
	return all, open
}

// builtURL reads url.URL{Scheme: …, Host: …}.
func (f *flow) builtURL(al *ssa.Alloc, depth int) ([]text, bool) {
	if !isURL(al.Type()) {
		return nil, true
	}
	named := namedType(al.Type())
	lit := f.p.literal(al, named)
	if lit.passed || len(lit.set["Scheme"]) != 1 {
		return nil, true
	}
	schemes, open := f.textsAt(lit.set["Scheme"][0].Val, depth+1)
	if open || len(schemes) != 1 || len(lit.set["Host"]) > 1 {
		return nil, true
	}
	t := text{s: schemes[0].s + "://" + hole}
	if len(lit.set["Host"]) == 1 {
		hosts, more := f.textsAt(lit.set["Host"][0].Val, depth+1)
		if !more && len(hosts) == 1 {
			t.s = schemes[0].s + "://" + hosts[0].s + "/" + hole
		}
	}
	return []text{t}, true
}

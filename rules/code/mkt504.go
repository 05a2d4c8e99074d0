package code

import (
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt504 flags redirects of frameworks whose target a request chooses.
func mkt504() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT504",
		Name:     "open-redirect-frameworks",
		Title:    "Request input decides where a redirect leads",
		Class:    rules.Violation,
		Controls: []string{"no-open-redirect"},
		CWE:      []int{601},
		Vector:   v61,
		Flags: "Input at the beginning of the target of gin's, echo's, fiber's or fasthttp's redirect, of `http.RedirectHandler`, or in a `Location` header. " +
			"A prefix check for \"/\" alone does not help: browsers read `//host` and `/\\host` as another host. Input that only a request's body can carry is a review finding, because a link cannot bring it.",
		Safe: "A constant beginning that fixes host and path (`/items/` + id, `https://example.com/` + path); a target chosen from a list or map; the parsed URL's host compared; " +
			"a check that refuses `//` and `/\\` at the beginning; a regular expression that is anchored and leaves the host no choice; a function of yours that decides whether the target is allowed. Headers, cookies and the request's own URL are no way to attack a redirect.",
		Remediation: "Choose the target from a list, or accept only paths: parse the URL, require an empty host and scheme, and refuse a second slash or backslash.",
		Wrong:       "c.Redirect(http.StatusFound, c.Query(\"next\"))",
		Right:       "u, err := url.Parse(c.Query(\"next\"))\nif err != nil || u.Host != \"\" || u.Scheme != \"\" || strings.HasPrefix(u.Path, \"//\") {\n\tu = &url.URL{Path: \"/\"}\n}\nc.Redirect(http.StatusFound, u.Path)",
		Frameworks:  []string{"net/http", "gin", "echo", "fiber v2, v3", "fasthttp", "chi"},
	}, nil, func(path string) bool { return jumpSinks.imported(path) || inputPackages(path) }, runMKT504)
}

var jumpSinks = sinkCalls(map[string]string{
	"net/http":                          `RedirectHandler:0`,
	pathGin:                             `Context.Redirect:1`,
	pathEcho:                            `Context.Redirect:1`,
	pathFiber:                           `Ctx.Redirect:0 Redirect.To:0 Ctx.Location:0`,
	pathFasthttp:                        `RequestCtx.Redirect:0 RequestCtx.RedirectBytes:0`,
	"github.com/beego/beego/server/web": `Controller.Redirect:0`,
	"github.com/beego/beego/server/web/context": `Context.Redirect:1`,
	"github.com/astaxie/beego":                  `Controller.Redirect:0`,
	"github.com/astaxie/beego/context":          `Context.Redirect:1`,
	"github.com/kataras/iris/context":           `Context.Redirect:0`,
	"github.com/gogf/gf/net/ghttp":              `Response.RedirectTo:0`,
})

// headerCalls set a header of the response: its name and value are the first
// two arguments.
var headerCalls = sinkCalls(map[string]string{
	"net/http": `Header.Set:1 Header.Add:1`, pathGin: `Context.Header:1`, pathFiber: `Ctx.Set:1 Ctx.Append:1`, pathFasthttp: `ResponseHeader.Set:1 ResponseHeader.Add:1`,
	pathEcho: `Response.Header:1`,
})

func runMKT504(p *pkg) []Hit {
	hits := p.redirectHits("MKT504", jumpSinks)
	n := jumpNeed()
	p.each(headerCalls, func(c *call, args []int) {
		name, ok := constText(c.arg(0))
		if !ok || !strings.EqualFold(name, "Location") {
			return
		}
		if in := p.inputs().find(c.arg(1), c.instr, n); in != nil {
			hits = append(hits, p.reached("MKT504", c, in, n, "decides where the Location header leads; check the host or choose the target from a list"))
		}
	})
	return hits
}

// jumpNeed names the media that a link can carry to a victim's browser.
func jumpNeed() need {
	return need{use: useJump, media: fromQuery | fromForm | fromBody | fromContext, doubtful: fromBody | fromContext}
}

// redirectHits judges the targets of redirects.
func (p *pkg) redirectHits(rule string, sinks sinkTable) []Hit {
	return p.sinkHits(rule, sinks, jumpNeed(), "decides where the redirect leads; check the host or choose the target from a list")
}

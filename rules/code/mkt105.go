package code

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt105 flags HSTS that is too short or off.
func mkt105() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT105",
		Name:     "hsts-short-or-off",
		Title:    "HSTS is missing or shorter than a year",
		Class:    rules.Review,
		Controls: []string{"hsts-one-year"},
		CWE:      []int{319},
		Vector:   v42,
		Flags: "A `Strict-Transport-Security` value with a `max-age` below 31536000 or none; `STSSeconds` of unrolled/secure and gin-contrib/secure and `HSTSMaxAge` of echo's and fiber's " +
			"header middleware below that, or left at 0, which sends no header; a TLS server that renders HTML in a package that never sets the header.",
		Safe: "`max-age=31536000` or more; a value that comes from configuration; options with `IsDevelopment`; " +
			"a proxy file or the live probe that shows the header, which outweighs the code.",
		Remediation: "Send `Strict-Transport-Security: max-age=31536000; includeSubDomains` on every HTTPS response.",
		Wrong:       "w.Header().Set(\"Strict-Transport-Security\", \"max-age=86400\")",
		Right:       "w.Header().Set(\"Strict-Transport-Security\", \"max-age=31536000; includeSubDomains\")",
		Frameworks:  []string{"net/http", "gin", "echo", "fiber", "fasthttp", "unrolled/secure", "gin-contrib/secure"},
	}, nil, headerGate, runMKT105)
}

const hstsYear = 31536000

var maxAge = regexp.MustCompile(`(?i)(?:^|;)\s*max-age\s*=\s*"?([0-9]+)`)

func runMKT105(p *pkg) []Hit {
	var hits []Hit
	add := func(h Hit, seconds int64) {
		h.Rule = "MKT105"
		h.Measure = &rules.Measurement{Name: "hsts-max-age-seconds", Value: float64(seconds)}
		if h.Message == "" && seconds == 0 {
			h.Message = "HSTS is switched off; send max-age=31536000 or more"
		} else if h.Message == "" {
			h.Message = fmt.Sprintf("HSTS lasts %d seconds; send max-age=31536000 (a year) or more", seconds)
		}
		hits = append(hits, h)
	}
	known := false // the package sets the header somewhere
	for _, u := range p.headerUses() {
		if u.name != headerHSTS {
			continue
		}
		known = true
		for _, t := range u.texts {
			seconds, ok := hstsSeconds(t)
			if ok && seconds < hstsYear {
				add(Hit{Pos: u.pos, End: u.end, Steps: t.steps}, seconds)
				break
			}
		}
	}
	var unset []*literal
	p.literals(func(path, name string) bool { return headerOptions[path+" "+name].fields != nil }, func(l *literal) {
		field := headerOptions[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()].hsts
		for _, s := range l.set["IsDevelopment"] {
			if yes, _ := p.isTrue(s.Val); yes {
				return
			}
		}
		if len(l.set[field]) == 0 {
			if !l.passed && len(l.set) > 0 {
				unset = append(unset, l)
			}
			return
		}
		known = true
		for _, s := range l.set[field] {
			ns, _ := p.ints(s.Val)
			for _, n := range ns {
				if n.n < hstsYear {
					pos, end := p.valueRegion(s)
					add(Hit{Pos: pos, End: end, Steps: n.steps}, n.n)
					break
				}
			}
		}
	})
	if known {
		return hits
	}
	for _, l := range unset {
		field := headerOptions[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()].hsts
		add(Hit{Pos: l.alloc.Pos(), Message: fmt.Sprintf("%s is not set, so no HSTS header is sent; set it to 31536000 or more", field)}, 0)
	}
	p.eachCall(paths("github.com/labstack/echo/middleware", "github.com/gofiber/fiber/middleware/helmet", "github.com/gofiber/helmet"), func(c *call) {
		none := c.name == "Secure" && c.recv == ""
		if c.name == "New" && len(c.args) == 1 {
			elems, ok := variadic(c.args[0])
			none = ok && len(elems) == 0
		}
		if none {
			known = true
			add(p.hit("MKT105", c.instr, -1, "this middleware sends no HSTS header by default; set HSTSMaxAge to 31536000 or more"), 0)
		}
	})
	if known || len(unset) > 0 || !p.rendersHTML() || p.importsPath("github.com/unrolled/secure", "github.com/gin-contrib/secure") {
		return hits
	}
	for _, l := range p.listenings() {
		if l.tls && !l.local() {
			add(p.hit("MKT105", l.call.instr, -1, "a TLS server with HTML pages sends no HSTS header here; send max-age=31536000 or more"), 0)
		}
	}
	return hits
}

// hstsSeconds returns the max-age of a header's value; a value without one
// counts as zero. ok is false when the number is not known.
func hstsSeconds(t text) (seconds int64, ok bool) {
	if m := maxAge.FindStringSubmatchIndex(t.s); m != nil {
		if strings.HasPrefix(t.s[m[3]:], hole) {
			return 0, false
		}
		n, err := strconv.ParseInt(t.s[m[2]:m[3]], 10, 64)
		return n, err == nil
	}
	return 0, t.s != "" && !strings.Contains(t.s, hole)
}

// rendersHTML reports whether the package renders HTML.
func (p *pkg) rendersHTML() bool {
	if p.importsPath("html/template", "github.com/a-h/templ", "github.com/flosch/pongo2", "github.com/maragudk/gomponents", "maragu.dev/gomponents") {
		return true
	}
	found := false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || found {
			return
		}
		if c := p.asCall(ci, headerGate); c != nil {
			switch c.callee() {
			case "Context.HTML", "Context.HTMLBlob", "Context.Render", "Ctx.Render":
				found = true
			}
		}
	})
	return found
}

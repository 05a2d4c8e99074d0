package code

import (
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt207 flags text/template where the output is HTML.
func mkt207() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT207",
		Name:     "text-template-html",
		Title:    "Text template writes HTML without escaping",
		Class:    rules.Violation,
		Controls: []string{"output-encoding", "input-validation-server"},
		CWE:      []int{79},
		Vector:   v61,
		Flags: "`Execute` or `ExecuteTemplate` of a text/template whose source has tags or whose file is named as HTML, or that writes to a response with the content type HTML, with data that is not constant. " +
			"It counts where the output goes to a response (net/http, gin, echo), or to a buffer in a package that sends mail as text/html.",
		Safe:        "html/template; output that is no HTML: configuration, SQL, code, plain text with its content type set; constant data.",
		Remediation: "Import html/template instead: it has the same functions and escapes by context.",
		Wrong:       "import \"text/template\"\n\ntemplate.Must(template.New(\"p\").Parse(\"<p>{{.Name}}</p>\")).Execute(w, user)",
		Right:       "import \"html/template\"\n\ntemplate.Must(template.New(\"p\").Parse(\"<p>{{.Name}}</p>\")).Execute(w, user)",
		Frameworks:  []string{"text/template", "net/http", "gin", "echo", "net/smtp", "gomail", "go-mail"},
	}, nil, paths("text/template"), runMKT207)
}

var (
	templateSinksText = sinkCalls(map[string]string{"text/template": "Template.Execute:1 Template.ExecuteTemplate:2"})
	tag               = regexp.MustCompile(`(?i)<(?:!doctype|html|body|head|div|p|span|a|table|tr|td|h[1-6]|ul|ol|li|form|input|br|b|i|strong|script|title|section|img|button)[\s>/]`)
	htmlFile          = regexp.MustCompile(`(?i)\.(?:html?|gohtml|xhtml|tmpl\.html|html\.tmpl)$`)
	mailPackages      = paths("net/smtp", "gopkg.in/gomail", "github.com/go-mail/mail", "github.com/wneessen/go-mail", "github.com/jordan-wright/email", "github.com/sendgrid/sendgrid-go", "github.com/mailgun/mailgun-go",
		"github.com/sendgrid/sendgrid-go/helpers/mail", "github.com/xhit/go-simple-mail", "github.com/aws/aws-sdk-go-v2/service/ses", "github.com/aws/aws-sdk-go-v2/service/sesv2")
)

func runMKT207(p *pkg) []Hit {
	var hits []Hit
	p.each(templateSinksText, func(c *call, args []int) {
		if allConstant(c.arg(args[0])) || p.escapedText(c.arg(args[0])) {
			return
		}
		source := p.templateSource(c)
		_, response := p.writerOf(c.args[0])
		class := rules.Class("")
		switch {
		case response:
			page := p.contentType(c.instr, 0)
			switch {
			case page == pageOther:
				return
			case page == pageHTML || source == sourceHTML:
			case source == sourcePlain:
				return
			default:
				class = rules.Review
			}
		case source == sourceHTML && p.sendsHTMLMail():
			if _, ok := unwrapInterface(c.args[0]).(*ssa.Alloc); !ok {
				class = rules.Review
			}
		default:
			return
		}
		h := p.hit("MKT207", c.instr, -1, "text/template escapes nothing, and its output is HTML; import html/template instead")
		h.Class = class
		h.Steps = []Step{{h.Pos, "written without escaping"}}
		hits = append(hits, h)
	})
	return hits
}

// allConstant reports whether a template's data cannot bring text.
func allConstant(v ssa.Value) bool {
	v = unwrapInterface(v)
	if _, ok := v.(*ssa.Const); ok {
		return true
	}
	return v == nil || !carriesText(v.Type(), false, false)
}

// escapedText reports whether a template's data is a text that was escaped.
func (p *pkg) escapedText(v ssa.Value) bool {
	origins, more := p.origins(v)
	for _, o := range origins {
		c, ok := o.v.(*ssa.Call)
		if !ok {
			return false
		}
		d := p.asCall(c, nil)
		if d == nil || sanitizers[d.path+"."+d.callee()]&useHTML == 0 {
			return false
		}
	}
	return !more && len(origins) > 0
}

type sourceKind int

const (
	sourceUnknown sourceKind = iota
	sourceHTML
	sourcePlain
)

// templateSource looks at the text or the file that a template was parsed from.
func (p *pkg) templateSource(c *call) sourceKind {
	if len(c.args) == 3 {
		if name, ok := constText(c.args[1]); ok && htmlFile.MatchString(name) {
			return sourceHTML
		}
	}
	found := sourceUnknown
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value, depth int)
	visit = func(v ssa.Value, depth int) {
		if v == nil || seen[v] || depth > 10 {
			return
		}
		seen[v] = true
		origins, _ := p.origins(v)
		for _, o := range origins {
			x := o.v
			if ex, ok := x.(*ssa.Extract); ok {
				x = ex.Tuple
			}
			call, ok := x.(*ssa.Call)
			if !ok {
				continue
			}
			d := p.asCall(call, paths("text/template"))
			if d == nil {
				continue
			}
			for _, a := range d.args {
				switch {
				case d.name == "Parse":
					ts, _ := p.texts(a)
					for _, t := range ts {
						switch {
						case tag.MatchString(t.s):
							found = sourceHTML
						case found == sourceUnknown && t.s != "" && !strings.Contains(t.s, hole):
							found = sourcePlain
						}
					}
				case strings.HasPrefix(d.name, "Parse") || d.name == "New":
					list, _ := variadic(a)
					for _, f := range append(list, a) {
						if f == nil {
							continue
						}
						ts, _ := p.texts(f)
						for _, t := range ts {
							if htmlFile.MatchString(t.s) {
								found = sourceHTML
							}
						}
					}
				}
				visit(a, depth+1)
			}
			visit(d.on, depth+1)
		}
	}
	visit(c.on, 0)
	return found
}

// sendsHTMLMail reports whether the package imports a mail library and names the
// content type HTML.
func (p *pkg) sendsHTMLMail() bool {
	if !importsAny(p.types, mailPackages) {
		return false
	}
	found := false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if found {
			return
		}
		var ops []*ssa.Value
		for _, op := range instr.Operands(ops) {
			if c, ok := (*op).(*ssa.Const); ok {
				if s, ok := constText(c); ok && strings.Contains(strings.ToLower(s), "text/html") {
					found = true
				}
			}
		}
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if d := p.asCall(ci, mailPackages); d != nil && (strings.Contains(d.name, "HTML") || d.name == "NewSingleEmail") {
				found = true
			}
		}
		if s, ok := instr.(*ssa.Store); ok {
			if fa, ok := s.Addr.(*ssa.FieldAddr); ok && fieldVar(fa) != nil && fieldVar(fa).Name() == "HTML" {
				found = true
			}
		}
	})
	return found
}

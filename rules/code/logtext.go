package code

import (
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The text of log lines: which calls write their arguments into a line as they
// come, so that a line break in one forges a further line. Fields and attributes
// are not text: encoders quote them. logsinks.go asks the other question, who
// can read what is logged.

// A logText is a call that writes text into a log line.
type logText struct {
	c *call
	// format and rest are a format and its arguments, texts are written as they
	// are. Either may be missing.
	format, rest ssa.Value
	texts        []ssa.Value
}

// A line break is what forges a line, and not every input can bring one: a
// server refuses control characters in the lines of a request, so that header
// values, the Host and the raw forms of the URL hold none.
func (t *taint) breaksLines(info sourceInfo, v ssa.Value) bool {
	if info.medium&(fromHeader|fromCookie|fromHost) != 0 {
		c, ok := v.(*ssa.Call)
		if ex, isExtract := v.(*ssa.Extract); isExtract {
			c, ok = ex.Tuple.(*ssa.Call)
		}
		if !ok {
			return false
		}
		// Decoded after the check: base64, and gin's cookies.
		d := t.m.p.asCall(c, nil)
		return d != nil && (d.name == "BasicAuth" || d.path == pathGin && d.name == "Cookie")
	}
	return !rawURL(v)
}

// rawURL reports whether a value is a part of a URL as it was sent. Browsers
// escape tags in it, and servers refuse control characters.
func rawURL(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || fieldVar(fa) == nil {
		return false
	}
	switch fieldVar(fa).Name() {
	case "RawQuery", "RawPath", "RawFragment", "RequestURI":
		return true
	}
	return false
}

// logHits judges calls that put text into log lines. Arguments for %q and for
// verbs of numbers are safe.
func (p *pkg) logHits(rule string, list []logText) []Hit {
	n := needForeign.of(useLog)
	var hits []Hit
	seen := map[ssa.CallInstruction]bool{}
	for _, l := range list {
		p.judgeLog(l, n, 0, func(c *call, in *inbound) {
			if !seen[c.instr] {
				seen[c.instr] = true
				hits = append(hits, p.reached(rule, c, in, n, "becomes part of a log line's text, where it can forge further lines; log it as a field or with %q"))
			}
		})
	}
	return hits
}

// judgeLog looks for input in one call. A function of the package that hands its
// own format and arguments on is judged where it is called.
func (p *pkg) judgeLog(l logText, n need, depth int, report func(*call, *inbound)) {
	m := p.inputs()
	if fn, f, r := passedOn(l); fn != nil && depth < 3 {
		for _, site := range m.callSites(fn) {
			if c := p.asCall(site, nil); c != nil {
				p.judgeLog(logText{c: c, format: argument(site, fn, f), rest: argument(site, fn, r)}, n, depth+1, report)
			}
		}
		return
	}
	for _, part := range p.logParts(l, n) {
		if in := m.find(part, l.c.instr, n); in != nil {
			report(l.c, in)
			return
		}
	}
}

// logParts are the values that bring text into a line.
func (p *pkg) logParts(l logText, n need) []ssa.Value {
	var parts []ssa.Value
	if l.format != nil {
		format, constant := constText(l.format)
		rest, known := variadic(l.rest)
		if l.rest == nil {
			known = true
		}
		switch {
		case constant && known:
			parts = (&taint{m: p.inputs(), need: n}).formatParts(format, rest)
		case known:
			parts = append([]ssa.Value{l.format}, p.chosenFormats(l.format, rest, n)...)
		default:
			parts = []ssa.Value{l.format, l.rest}
		}
	}
	for _, v := range l.texts {
		if rest, known := variadic(v); known {
			parts = append(parts, rest...)
		} else {
			parts = append(parts, v)
		}
	}
	return slices.DeleteFunc(parts, func(part ssa.Value) bool {
		return part == nil || isNamed(unwrapInterface(part).Type(), "net/url", "URL") // a URL prints itself escaped
	})
}

// chosenFormats returns the arguments that bring text under any of the formats
// that a value may be, and all of them when these are not known.
func (p *pkg) chosenFormats(format ssa.Value, rest []ssa.Value, n need) []ssa.Value {
	ts, open := p.texts(format)
	if open || len(ts) == 0 {
		return rest
	}
	var parts []ssa.Value
	for _, text := range ts {
		if strings.Contains(text.s, hole) {
			return rest
		}
		parts = append(parts, (&taint{m: p.inputs(), need: n}).formatParts(text.s, rest)...)
	}
	return parts
}

// relayed follows a format and its arguments that a function of the package was
// given itself: to each call, where both are known. ok is false when they were
// not, or no call is.
func (t *taint) relayed(format, rest ssa.Value, fr *frame, depth int) (in *inbound, ok bool) {
	fn, f, r := passedOn(logText{format: format, rest: rest})
	if fn == nil {
		return nil, false
	}
	sites := t.m.callSites(fn)
	var up *frame
	if fr != nil && fr.fn == fn {
		sites, up = []ssa.CallInstruction{fr.call}, fr.up
	}
	for _, site := range sites {
		text, constant := constText(argument(site, fn, f))
		args, known := variadic(argument(site, fn, r))
		if !constant || !known {
			return nil, false
		}
		if in == nil {
			if in = t.parts(t.formatParts(text, args), site, up, depth+1); in != nil {
				in.steps = append(in.steps, Step{site.Pos(), "passed to " + fn.Name()})
			}
		}
	}
	return in, len(sites) > 0
}

// passedOn returns the function whose format and variadic rest a call hands on,
// with the places of the two among its parameters.
func passedOn(l logText) (fn *ssa.Function, format, rest int) {
	f, ok := l.format.(*ssa.Parameter)
	if !ok {
		return nil, 0, 0
	}
	r, ok := l.rest.(*ssa.Parameter)
	if !ok || !r.Parent().Signature.Variadic() {
		return nil, 0, 0
	}
	fn = r.Parent()
	return fn, slices.Index(fn.Params, f), slices.Index(fn.Params, r)
}

// logTexts are the calls of a table, with the arguments that are text: two of
// them are a format and its arguments where the name ends in f, or where the
// first is a constant with verbs.
func (p *pkg) logTexts(sinks sinkTable) []logText {
	var out []logText
	p.each(sinks, func(c *call, args []int) {
		if c.arg(args[0]) != nil {
			out = append(out, newLogText(c, args))
		}
	})
	return out
}

func newLogText(c *call, args []int) logText {
	l := logText{c: c}
	if len(args) == 2 {
		format, ok := constText(unwrapInterface(c.arg(args[0])))
		if strings.HasSuffix(c.name, "f") || ok && strings.Contains(format, "%") {
			l.format, l.rest = unwrapInterface(c.arg(args[0])), c.arg(args[1])
			return l
		}
	}
	for _, i := range args {
		if v := c.arg(i); v != nil {
			l.texts = append(l.texts, v)
		}
	}
	return l
}

// printTexts are the calls of fmt and io that write to the standard output or
// error, where services log.
func (p *pkg) printTexts() []logText {
	var out []logText
	for _, c := range p.inputs().calls("fmt", "io") {
		switch c.path + "." + c.name {
		case "fmt.Print", "fmt.Println":
			out = append(out, newLogText(c, []int{0}))
		case "fmt.Printf":
			out = append(out, newLogText(c, []int{0, 1}))
		case "fmt.Fprint", "fmt.Fprintln", "io.WriteString":
			if standardStream(c.arg(0)) {
				out = append(out, newLogText(c, []int{1}))
			}
		case "fmt.Fprintf":
			if standardStream(c.arg(0)) {
				out = append(out, newLogText(c, []int{1, 2}))
			}
		}
	}
	return out
}

// standardStream reports whether a writer is os.Stdout or os.Stderr.
func standardStream(v ssa.Value) bool {
	load, ok := unwrapInterface(v).(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Pkg != nil && g.Pkg.Pkg.Path() == "os" && (g.Name() == "Stdout" || g.Name() == "Stderr")
}

// logMethod matches the names that loggers give to their functions.
var logMethod = regexp.MustCompile(`^(?:Trace|Debug|Info|Informational|Notice|Warn|Warning|Error|Critical|Fatal|Panic|DPanic|Alert|Emergency|Print|Log|Verbose)(?:f|ln|w|S|c|x|Context|Ctx)?$`)

// ownLogTexts are the calls of loggers that no table names: an interface of the
// package, a package of the product around a logging library. They are known by
// the name of their type or package, and read by their signature: arguments
// after a message are fields, those after a format or alone are text.
func (p *pkg) ownLogTexts() []logText {
	m := p.inputs()
	m.prepare()
	var out []logText
	for path, calls := range m.byPath {
		if libraryLogs[path] != nil || logSinks[path] != nil || printsFields[path] || path == "fmt" {
			continue
		}
		for _, c := range calls {
			if !logMethod.MatchString(c.name) || !isLogger(path, c.fn.Pkg().Name(), c.recv) {
				continue
			}
			if args := textArgs(c.fn); args != nil && c.arg(args[0]) != nil {
				out = append(out, newLogText(c, args))
			}
		}
	}
	slices.SortFunc(out, func(a, b logText) int { return int(a.c.instr.Pos() - b.c.instr.Pos()) })
	return out
}

// printsFields are loggers whose arguments are all fields.
var printsFields = setOf(`testing github.com/go-kit/log github.com/go-kit/kit/log github.com/go-kit/log/level github.com/go-kit/kit/log/level`)

// textArgs reads a logger's signature: the places of its text arguments, or nil.
func textArgs(fn *types.Func) []int {
	sig := fn.Signature()
	n := sig.Params().Len()
	text := func(i int) bool { return isText(sig.Params().At(i).Type()) }
	if sig.Variadic() {
		elem := sig.Params().At(n - 1).Type().(*types.Slice).Elem()
		switch {
		case n == 1 && fn.Name() != "Log" && (types.IsInterface(elem) || isText(elem)):
			return []int{0} // Info(args ...any); Log(pairs ...any) takes fields
		case n == 1:
			return nil
		case types.IsInterface(elem) && takesFormat(fn, sig.Params().At(n-2)):
			return []int{n - 2, n - 1}
		case text(n - 2):
			return []int{n - 2} // Info(message, fields...)
		}
		return nil
	}
	var out []int
	for i := range n {
		if text(i) {
			out = append(out, i)
		}
	}
	return out
}

// takesFormat reports whether a parameter in front of variadic arguments is
// their format, by the function's name or its own.
func takesFormat(fn *types.Func, before *types.Var) bool {
	if strings.HasSuffix(fn.Name(), "f") {
		return isText(before.Type())
	}
	switch strings.ToLower(before.Name()) {
	case "format", "fmt", "template", "tmpl", "f":
		return true
	}
	return false
}

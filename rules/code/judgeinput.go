package code

import (
	"go/token"
	"maps"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// A judgedRule says which calls a rule of gosec looks at and what for.
type judgedRule struct {
	sinks sinkTable
	need  need
}

// The calls that gosec's rules look at, where those are more than one of ours
// does.
var (
	sentSinks     = sinkCalls(map[string]string{"net/http": `Client.Do:0`, "net": `LookupHost:0`})
	judgedURLs    = joined(httpSinks, sentSinks)
	judgedTargets = joined(httpSinks, clientSinks, sentSinks)
	judgedFiles   = joined(fileSinks, sinkCalls(map[string]string{"os": `Stat:0 Lstat:0`}))
	judgedQueries = joined(sqlDBSinks, queryTexts, firstTexts)
	judgedLogs    = joined(logSinks, libraryLogs)
)

// judgedRuleOf returns what one of gosec's rules about input looks at; ok is
// false for other rules.
func judgedRuleOf(rule string) (r judgedRule, ok bool) {
	switch rule {
	case "G107":
		return judgedRule{judgedURLs, hostNeed()}, true
	case "G703":
		path := needForeign.of(usePath)
		path.doubtful |= fromURL
		return judgedRule{judgedFiles, path}, true
	case "G704":
		return judgedRule{judgedTargets, hostNeed()}, true
	case "G710":
		return judgedRule{redirectSinks, jumpNeed()}, true
	}
	return judgedRule{}, false
}

func joined(tables ...sinkTable) sinkTable {
	out := sinkTable{}
	for _, t := range tables {
		for path, m := range t {
			if out[path] == nil {
				out[path] = map[string][]int{}
			}
			maps.Copy(out[path], m)
		}
	}
	return out
}

// judgeInput judges a finding of one of gosec's rules about input. All calls of
// the line that the rule may mean are looked at, and the worst counts.
func (p *pkg) judgeInput(rule string, pos token.Pos) *Judgement {
	switch rule {
	case "G204", "G702":
		return p.judgeCommand(pos)
	case "G305":
		return p.judgeJoin(pos)
	}
	r, ok := judgedRuleOf(rule)
	if !ok {
		return nil
	}
	var worst *Judgement
	seen, reached := false, false
	p.each(r.sinks, func(c *call, args []int) {
		if !p.sameLine(c.instr.Pos(), pos) {
			return
		}
		seen = true
		for _, i := range args {
			j := p.judgeArgument(c, c.arg(i), r.need)
			if rule == "G704" && (j == nil || j.Class == rules.Review) {
				if d := judgeDialing(p.dials(c)); d != nil && (j == nil || d.Class == rules.Informational) {
					j = d
				}
			}
			reached = reached || j == nil
			worst = worseOf(worst, j)
		}
	})
	switch {
	case reached && rule == "G704":
		// Our own rule on these calls knows what guards a request on its way.
		for _, h := range p.targetHits() {
			if p.sameLine(h.Pos, pos) && h.Class == rules.Review {
				return &Judgement{Class: rules.Review, Reason: "a guard on its way is not certain to hold"}
			}
		}
		return nil
	case reached:
		return nil
	case !seen:
		// A violation is certain, and of this call nothing is known.
		return &Judgement{Class: rules.Review, Reason: "the call is none of those whose input is followed"}
	}
	return worst
}

// judgeDialing judges a request whose host input chooses by the client that sends
// it; nil means that nothing is seen to refuse an address.
func judgeDialing(d dialing) *Judgement {
	switch {
	case d.safe && d.known && !d.named:
		return &Judgement{Class: rules.Informational, Reason: "its client looks at the address it connects to and refuses those that are not public"}
	case d.safe:
		return &Judgement{Class: rules.Review, Reason: "a client that refuses addresses may send it; whether it does is not all seen here"}
	}
	return nil
}

// worseOf returns the judgement of the higher class.
func worseOf(a, b *Judgement) *Judgement {
	if a == nil || b != nil && b.Class == rules.Review && a.Class != rules.Review {
		return b
	}
	return a
}

func (p *pkg) sameLine(a, b token.Pos) bool {
	if !a.IsValid() || !b.IsValid() {
		return false
	}
	fa, fb := p.fset.File(a), p.fset.File(b)
	return fa == fb && fa.Line(a) == fb.Line(b)
}

// judgeArgument judges one argument; nil means that a request chooses it.
func (p *pkg) judgeArgument(c *call, v ssa.Value, n need) *Judgement {
	if v == nil {
		return &Judgement{Class: rules.Review, Reason: "the argument is not seen"}
	}
	if isNamed(v.Type(), "net/http", "Request") {
		return p.judgeRequest(v, n)
	}
	return p.judgeValue(v, c.instr, n)
}

// judgeRequest judges the URL of a request that is sent.
func (p *pkg) judgeRequest(v ssa.Value, n need) *Judgement {
	unseen := &Judgement{Class: rules.Review, Reason: "where the request is made is not seen"}
	origins, more := p.origins(v)
	if more || len(origins) == 0 {
		return unseen
	}
	var worst *Judgement
	for _, o := range origins {
		made, ok := o.v.(*ssa.Call)
		if ex, isExtract := o.v.(*ssa.Extract); isExtract {
			made, ok = ex.Tuple.(*ssa.Call)
		}
		if !ok {
			return unseen
		}
		d := p.asCall(made, paths("net/http"))
		if d == nil || d.recv != "" || !strings.HasPrefix(d.name, "NewRequest") || touched(made) {
			return unseen
		}
		j := p.judgeValue(d.args[httpSinks["net/http"][d.name][0]], d.instr, n)
		if j == nil {
			return nil
		}
		worst = worseOf(worst, j)
	}
	return worst
}

// touched reports whether the URL or the host of a request is changed, or may
// be, between its making and its sending.
func touched(made *ssa.Call) bool {
	for _, r := range *made.Referrers() {
		ex, ok := r.(*ssa.Extract)
		if !ok || ex.Index != 0 {
			continue
		}
		for _, use := range *ex.Referrers() {
			switch x := use.(type) {
			case *ssa.FieldAddr:
				if name := fieldName(x); name == "URL" || name == "Host" {
					return true
				}
			case *ssa.Store, *ssa.MakeInterface, *ssa.MakeClosure:
				return true
			case ssa.CallInstruction:
				fn := x.Common().StaticCallee()
				if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "net/http" {
					return true
				}
			}
		}
	}
	return false
}

// judgeValue follows one value over all ways, the doubtful ones too.
func (p *pkg) judgeValue(v ssa.Value, at ssa.Instruction, n need) *Judgement {
	if _, ok := v.(*ssa.Const); ok {
		return &Judgement{Class: rules.Informational, Reason: "the argument is a constant"}
	}
	m := p.inputs()
	if in := m.find(v, at, n); in != nil {
		if in.certain(n) {
			return nil
		}
		return &Judgement{Class: rules.Review, Reason: "whether " + in.what + " is foreign here is not certain"}
	}
	m.prepare()
	t := &taint{m: m, need: n, seen: map[visit]bool{}, left: maxTaintVisits}
	switch in := t.trace(v, nil, at, nil, 0); {
	case in != nil || t.lost || t.left <= 0:
		return &Judgement{Class: rules.Review, Reason: "no input of a request is seen to decide this"}
	case t.why != "":
		return &Judgement{Class: rules.Informational, Reason: "what a request brings cannot decide this: " + t.why}
	}
	return &Judgement{Class: rules.Informational, Reason: "no input of a request decides this"}
}

// judgeCommand judges a call that starts a program, by what MKT203 says of it.
func (p *pkg) judgeCommand(pos token.Pos) *Judgement {
	lesser := false
	for _, h := range p.commandHits() {
		if p.sameLine(h.Pos, pos) {
			if h.Rule == "MKT203/command" && h.Class == "" {
				return nil
			}
			lesser = true
		}
	}
	if lesser {
		return &Judgement{Class: rules.Review, Reason: "the input is an argument of a program, or not certain to be foreign"}
	}
	m := p.inputs()
	n := needForeign.of(useCommand)
	var worst *Judgement
	for _, c := range m.calls("os/exec", "os", "syscall") {
		var args []ssa.Value
		switch c.path + "." + c.callee() {
		case "os/exec.Command", "os.StartProcess", "syscall.Exec", "syscall.ForkExec", "syscall.StartProcess":
			args = c.args[:2]
		case "os/exec.CommandContext":
			args = c.args[1:3]
		}
		if !p.sameLine(c.instr.Pos(), pos) {
			continue
		}
		for _, a := range args {
			j := p.judgeValue(a, c.instr, n)
			if j == nil {
				j = &Judgement{Class: rules.Review, Reason: "a checked argument"}
			}
			worst = worseOf(worst, j)
		}
	}
	return worst
}

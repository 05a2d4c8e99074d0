package code

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// judgeSteps is the way from an input to the call that gosec reports at pos,
// empty where the pass finds none. gosec itself tells none. A way that is
// certain goes before one that is not.
func (p *pkg) judgeSteps(rule string, pos token.Pos) []Step {
	var doubtful []Step
	for _, g := range p.judgedTexts(rule, pos) {
		in := p.inputs().find(g.value, g.at, g.need)
		if in == nil {
			continue
		}
		steps := append(slices.Compact(slices.Clone(in.steps)), Step{g.at.Pos(), g.end})
		steps = slices.DeleteFunc(steps, func(s Step) bool { return !s.Pos.IsValid() })
		if in.certain(g.need) {
			return steps
		}
		if doubtful == nil {
			doubtful = steps
		}
	}
	return doubtful
}

// A judgedText is a value that a judged call uses.
type judgedText struct {
	value ssa.Value
	at    ssa.Instruction
	need  need
	end   string // what becomes of it
}

// judgedTexts are the values that the rule is about on the line of pos.
func (p *pkg) judgedTexts(rule string, pos token.Pos) (out []judgedText) {
	calls := func(sinks sinkTable, n need) {
		p.each(sinks, func(c *call, args []int) {
			if !p.sameLine(c.instr.Pos(), pos) {
				return
			}
			for _, i := range args {
				for _, v := range p.sentTexts(c.arg(i)) {
					out = append(out, judgedText{v, c.instr, n, "reaches " + c.name})
				}
			}
		})
	}
	switch rule {
	case "G107", "G703", "G704", "G710":
		r, _ := judgedRuleOf(rule)
		calls(r.sinks, r.need)
	case "G201", "G202":
		out = p.queryParts(pos)
	case "G203":
		p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
			if x, name := trustedConversion(instr); x != nil && p.sameLine(instr.Pos(), pos) {
				out = append(out, judgedText{x, instr, pageNeed(), "declared safe as template." + name})
			}
		})
	case "G204", "G702":
		for _, c := range p.inputs().calls("os/exec", "os", "syscall") {
			if !p.sameLine(c.instr.Pos(), pos) || !startsProgram(c) {
				continue
			}
			for _, a := range c.args {
				out = append(out, judgedText{a, c.instr, needForeign.of(useCommand), "reaches " + c.name})
			}
		}
	case "G701":
		calls(judgedQueries, queryNeed())
	case "G705":
		for _, w := range p.pageWrites() {
			if !p.sameLine(w.c.instr.Pos(), pos) {
				continue
			}
			for _, part := range w.parts {
				if part != nil {
					out = append(out, judgedText{part, w.c.instr, pageNeed(), "written to the client by " + w.c.name})
				}
			}
		}
	case "G706":
		n := needForeign.of(useLog)
		for _, l := range append(p.logTexts(judgedLogs), p.printTexts()...) {
			if !p.sameLine(l.c.instr.Pos(), pos) {
				continue
			}
			for _, part := range p.logParts(l, n) {
				out = append(out, judgedText{part, l.c.instr, n, "written to the log by " + l.c.name})
			}
		}
	case "G708":
		calls(templateSinks, needForeign.of(useCode))
	}
	return slices.DeleteFunc(out, func(g judgedText) bool { return g.value == nil })
}

func startsProgram(c *call) bool {
	switch c.path + "." + c.callee() {
	case "os/exec.Command", "os/exec.CommandContext", "os.StartProcess", "syscall.Exec", "syscall.ForkExec", "syscall.StartProcess":
		return true
	}
	return false
}

// sentTexts is what decides where an argument leads: of a request that is sent
// the address it was made with, else the argument itself.
func (p *pkg) sentTexts(v ssa.Value) []ssa.Value {
	if v == nil || !isNamed(v.Type(), "net/http", "Request") {
		return []ssa.Value{v}
	}
	var out []ssa.Value
	origins, _ := p.origins(v)
	for _, o := range origins {
		made, _ := o.v.(*ssa.Call)
		if ex, ok := o.v.(*ssa.Extract); ok {
			made, _ = ex.Tuple.(*ssa.Call)
		}
		if made == nil {
			continue
		}
		if d := p.asCall(made, paths("net/http")); d != nil && d.recv == "" && strings.HasPrefix(d.name, "NewRequest") {
			out = append(out, d.arg(httpSinks["net/http"][d.name][0]))
		}
	}
	return out
}

// queryParts are the texts that the statement at pos puts together.
func (p *pkg) queryParts(pos token.Pos) (out []judgedText) {
	for _, node := range p.enclosingNodes(pos) {
		stmt, ok := node.(ast.Stmt)
		if !ok {
			continue
		}
		p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
			if at := instr.Pos(); at < stmt.Pos() || at >= stmt.End() {
				return
			}
			switch x := instr.(type) {
			case *ssa.BinOp:
				if x.Op == token.ADD && isText(x.Type()) && topConcat(x) {
					out = append(out, judgedText{x, x, queryNeed(), "becomes part of the query"})
				}
			case *ssa.Call:
				if d := p.asCall(x, paths("fmt")); d != nil && d.name == "Sprintf" {
					out = append(out, judgedText{x, x, queryNeed(), "becomes part of the query"})
				}
			}
		})
		return out
	}
	return out
}

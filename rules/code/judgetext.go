package code

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// The second look at what gosec reports about text that is put together: SQL,
// pages, log lines, template source. See [Package.Judge] for what a judgement
// may say.

// judgeText judges a finding of one of these rules; ok is false for others.
func (p *pkg) judgeText(rule string, pos token.Pos) (j *Judgement, ok bool) {
	switch rule {
	case "G201", "G202":
		return onlyNote(p.judgeQueryText(pos)), true
	case "G203":
		return onlyNote(p.judgeTrusted(pos)), true
	case "G701":
		return p.judgeCalls(judgedQueries, queryNeed(), pos), true
	case "G705":
		return p.judgePage(pos), true
	case "G706":
		return onlyNote(p.judgeLogs(pos)), true
	case "G708":
		return p.judgeCalls(templateSinks, needForeign.of(useCode), pos), true
	}
	return nil, false
}

// onlyNote keeps a judgement of a finding that is for review anyway where it
// says that the finding does not count.
func onlyNote(j *Judgement) *Judgement {
	if j == nil || j.Class != rules.Informational {
		return nil
	}
	return j
}

// queryNeed asks for all that can bring SQL: rows that were stored before, too.
func queryNeed() need {
	n := sqlNeed()
	n.media |= fromStore | fromPeer
	n.doubtful |= fromStore | fromPeer
	return n
}

// judgeCalls judges the arguments of a line's calls of a table.
func (p *pkg) judgeCalls(sinks sinkTable, n need, pos token.Pos) *Judgement {
	var worst *Judgement
	reached := false
	p.each(sinks, func(c *call, args []int) {
		if !p.sameLine(c.instr.Pos(), pos) {
			return
		}
		for _, i := range args {
			if v := c.arg(i); v != nil {
				j := p.judgeValue(v, c.instr, n)
				reached = reached || j == nil
				worst = worseOf(worst, j)
			}
		}
	})
	if reached {
		return nil
	}
	return worst
}

// judgeQueryText judges SQL that a statement puts together: what the statement
// builds, and what the function around it gives to databases, for a text may be
// built in several steps. A function that gives none to a database is left
// alone: where its text goes is not seen.
func (p *pkg) judgeQueryText(pos token.Pos) *Judgement {
	var stmt ast.Stmt
	for _, node := range p.enclosingNodes(pos) {
		if s, ok := node.(ast.Stmt); ok {
			stmt = s
			break
		}
	}
	decl := p.enclosing(pos)
	if stmt == nil || decl == nil {
		return nil
	}
	n := queryNeed()
	var worst *Judgement
	reached, given := false, false
	judge := func(v ssa.Value, at ssa.Instruction) {
		j := p.judgeValue(v, at, n)
		reached = reached || j == nil
		worst = worseOf(worst, j)
	}
	p.each(judgedQueries, func(c *call, args []int) {
		if at := c.instr.Pos(); at < decl.Pos() || at >= decl.End() {
			return
		}
		for _, i := range args {
			if v := c.arg(i); v != nil {
				given = true
				judge(v, c.instr)
			}
		}
	})
	if !given || reached {
		return nil
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if at := instr.Pos(); reached || at < stmt.Pos() || at >= stmt.End() {
			return
		}
		switch x := instr.(type) {
		case *ssa.BinOp:
			if x.Op == token.ADD && isText(x.Type()) && topConcat(x) {
				judge(x, x)
			}
		case *ssa.Call:
			if d := p.asCall(x, paths("fmt")); d != nil && d.name == "Sprintf" {
				judge(x, x)
			}
		}
	})
	if reached {
		return nil
	}
	return worst
}

// judgeTrusted judges conversions to types that html/template trusts.
func (p *pkg) judgeTrusted(pos token.Pos) *Judgement {
	var worst *Judgement
	reached := false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		x, _ := trustedConversion(instr)
		if x == nil || !p.sameLine(instr.Pos(), pos) {
			return
		}
		j := p.judgeValue(x, instr, pageNeed())
		reached = reached || j == nil
		worst = worseOf(worst, j)
	})
	if reached {
		return nil
	}
	return worst
}

// trustedConversion returns what an instruction converts to a type that
// html/template trusts, and the type's name; nil for other instructions.
func trustedConversion(instr ssa.Instruction) (from ssa.Value, name string) {
	switch c := instr.(type) {
	case *ssa.ChangeType:
		from = c.X
	case *ssa.Convert:
		from = c.X
	default:
		return nil, ""
	}
	named, ok := types.Unalias(instr.(ssa.Value).Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "html/template" || !trustedTypes[named.Obj().Name()] {
		return nil, ""
	}
	return from, named.Obj().Name()
}

// notDecided is the reason of judgeValue where no input was found; for a log line
// it means input that breaks lines.
const notDecided = "no input of a request decides this"

// judgeLogs judges what a line writes to a log.
func (p *pkg) judgeLogs(pos token.Pos) *Judgement {
	n := needForeign.of(useLog)
	var worst *Judgement
	for _, l := range append(p.logTexts(judgedLogs), p.printTexts()...) {
		if !p.sameLine(l.c.instr.Pos(), pos) {
			continue
		}
		parts := p.logParts(l, n)
		if len(parts) == 0 {
			worst = worseOf(worst, &Judgement{Class: rules.Informational, Reason: "nothing in it can break a line: it is constant, quoted, a number or a header's value"})
		}
		for _, part := range parts {
			if isNamed(unwrapInterface(part).Type(), "golang.org/x/oauth2", "Token") {
				worst = worseOf(worst, &Judgement{Class: rules.Informational, Reason: "a token is the identity provider's text, not the request's"})
				continue
			}
			if _, constant := constText(part); constant && len(parts) > 1 {
				continue // it is not what the finding is about
			}
			j := p.judgeValue(part, l.c.instr, n)
			if j == nil {
				return nil
			}
			if j.Class == rules.Informational && j.Reason == notDecided {
				j.Reason = "nothing that a request brings can break this line"
			}
			worst = worseOf(worst, j)
		}
	}
	return worst
}

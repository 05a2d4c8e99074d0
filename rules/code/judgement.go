package code

import (
	"go/token"

	"github.com/staylisted/staylisted/rules"
)

// A second look at what gosec reports: its rules know fewer checks than the
// taint pass does, and take the environment, the command line and any reader for
// input; and they see a literal or a call without what it is for.
//
// # Contract
//
//	(*Package).Judge(rule, message, pos) ──► *Judgement, or nil
//
// Nil means that there is nothing to add. Otherwise the finding is to be shown
// with the class (its own where the judgement has none), the reason and the steps
// of the judgement, never dropped. For rules about input no class means that the
// pass finds input of a request at the call as well; else it is
//
//   - [rules.Informational] only where the pass has followed every way to its
//     end and each one ends at a constant, a type without text, or a check or
//     function of the standard library that it recognises. A function of
//     another package, a parameter whose callers are not all in the package, a
//     call through a function value, an exhausted budget, a check known by
//     nothing but its name: each of them rules it out.
//   - [rules.Review] where the pass finds no input of a request but has not seen
//     everything, does not know the call, where what it finds is not certain, and
//     where it knows the weakness in a lesser form.
//
// For the others (judgeuse.go, judgeplace.go) the class follows from what the value is for.

// A Judgement is what a second look makes of a finding.
type Judgement struct {
	Class  rules.Class
	Reason string // half a sentence to add to the message; may be empty
	// Steps lead from an input that the pass finds, certain or not, to the call.
	Steps []Step
}

// Judge takes a second look at a finding of gosec at pos, given gosec's rule and
// message.
func (k *Package) Judge(rule, message string, pos token.Pos) *Judgement {
	j := k.judge(rule, message, pos)
	if j != nil && j.Class == rules.Informational {
		return j
	}
	if steps := k.p.judgeSteps(rule, pos); len(steps) > 0 {
		if j == nil {
			j = &Judgement{}
		}
		j.Steps = steps
	}
	return j
}

func (k *Package) judge(rule, message string, pos token.Pos) *Judgement {
	if j := k.p.judgeUse(rule, message, pos); j != nil {
		return j
	}
	if j, ok := k.p.judgeText(rule, pos); ok {
		return j
	}
	j := k.p.judgeInput(rule, pos)
	if j != nil && j.Class == rules.Review && (rule == "G107" || rule == "G204") {
		return nil // which are for review anyway
	}
	return j
}

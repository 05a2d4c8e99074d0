package code

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A validator in a field's tag protects the field only after somebody has run
// it and looked at what it said: json.Unmarshal knows no validators, and gin's
// ShouldBind leaves the value in the struct when it returns an error.

// unproven reports whether the field of a local struct is read at a place that
// the checks in its tags do not protect: the struct has been filled by then, and
// no call that may have validated it was asked for its error. Wherever the
// struct goes where it cannot be followed, the tags are believed.
func (t *taint) unproven(base ssa.Value, at ssa.Instruction) bool {
	local, ok := base.(*ssa.Alloc)
	if !ok || at.Parent() != local.Parent() {
		return false
	}
	filled := false
	for _, c := range t.gets(local) {
		if c == nil {
			return false
		}
		if !before(c, at) {
			continue
		}
		d := t.m.p.asCall(c, nil)
		if d == nil {
			return false
		}
		switch {
		case standardPath(d.path) && decoders.MatchString(d.name), bareBinder(d):
			filled = true
		case standardPath(d.path): // a log line, a copy
		default:
			if _, binds := fillCalls[d.path][d.callee()]; binds {
				filled = true
			}
			if heeded(c, at) {
				return false
			}
		}
	}
	return filled
}

// bareBinder reports whether a framework's call fills a struct without running
// the validators in its tags.
func bareBinder(d *call) bool {
	return d.path == pathFiber && strings.HasSuffix(d.name, "Parser")
}

// gets returns the calls that get a local struct or its address; a nil among
// them stands for a place where it cannot be followed.
func (t *taint) gets(local *ssa.Alloc) []*ssa.Call {
	var calls []*ssa.Call
	var follow func(v ssa.Value, depth int)
	follow = func(v ssa.Value, depth int) {
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.FieldAddr, *ssa.DebugRef:
			case *ssa.UnOp:
				if x.Op == token.MUL && depth < 4 {
					follow(x, depth+1)
				}
			case *ssa.MakeInterface:
				follow(x, depth+1)
			case *ssa.Call:
				calls = append(calls, x)
			case *ssa.Store:
				if x.Val == v {
					calls = append(calls, nil)
				}
			default:
				calls = append(calls, nil)
			}
		}
	}
	follow(local, 0)
	return calls
}

// heeded reports whether at is only reached when the call returned no error, as
// far as that can be seen: an error that goes elsewhere may have been looked at.
func heeded(c *ssa.Call, at ssa.Instruction) bool {
	isError := func(ty types.Type) bool { return types.Identical(ty, types.Universe.Lookup("error").Type()) }
	results := c.Call.Signature().Results()
	if results.Len() == 0 || !isError(results.At(results.Len()-1).Type()) {
		return true
	}
	var errs []ssa.Value
	if results.Len() == 1 {
		errs = append(errs, c)
	} else {
		for _, r := range *c.Referrers() {
			if ex, ok := r.(*ssa.Extract); ok && ex.Index == results.Len()-1 {
				errs = append(errs, ex)
			}
		}
	}
	for _, e := range errs {
		for _, r := range *e.Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if !ok {
				if _, debug := r.(*ssa.DebugRef); !debug {
					return true
				}
				continue
			}
			for _, use := range *cmp.Referrers() {
				branch, ok := use.(*ssa.If)
				if !ok {
					return true
				}
				good := branch.Block().Succs[0]
				if cmp.Op == token.NEQ {
					good = branch.Block().Succs[1]
				}
				if len(good.Preds) == 1 && good.Dominates(at.Block()) {
					return true
				}
			}
		}
	}
	return false
}

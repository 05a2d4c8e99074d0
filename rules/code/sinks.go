package code

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// A sinkTable names dangerous calls by clean path and callee, with the
// arguments that must hold no input.
type sinkTable map[string]map[string][]int

// sinkCalls reads "Recv.Name:0,1 …" by path.
func sinkCalls(text map[string]string) sinkTable {
	out := sinkTable{}
	for path, entries := range text {
		m := map[string][]int{}
		for e := range strings.FieldsSeq(entries) {
			callee, list, _ := strings.Cut(e, ":")
			for n := range strings.SplitSeq(list, ",") {
				m[callee] = append(m[callee], int(n[0]-'0'))
			}
		}
		out[path] = m
	}
	return out
}

// imported is a gate: the package imports one of the table's packages.
func (t sinkTable) imported(path string) bool { return t[path] != nil }

// each visits the calls of the table in the package.
func (p *pkg) each(t sinkTable, do func(c *call, args []int)) {
	m := p.inputs()
	m.prepare()
	for _, path := range slices.Sorted(maps.Keys(t)) {
		for _, c := range m.byPath[path] {
			if args, ok := t[path][c.callee()]; ok {
				do(c, args)
			}
		}
	}
}

// arg returns an argument of a call, or nil.
func (c *call) arg(i int) ssa.Value {
	if i < 0 || i >= len(c.args) {
		return nil
	}
	return c.args[i]
}

// reached builds the hit of a call that an input reaches.
func (p *pkg) reached(rule string, c *call, in *inbound, n need, message string) Hit {
	h := p.hit(rule, c.instr, -1, upper(in.what)+" "+message)
	for _, s := range in.steps {
		if len(h.Steps) > 0 && h.Steps[len(h.Steps)-1] == s {
			continue
		}
		h.Steps = append(h.Steps, s)
	}
	h.Steps = append(h.Steps, Step{h.Pos, "reaches " + c.name})
	if !in.certain(n) {
		h.Class = rules.Review
	}
	return h
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// sinkHits reports every call of the table that an input reaches.
func (p *pkg) sinkHits(rule string, t sinkTable, n need, message string) []Hit {
	var hits []Hit
	p.each(t, func(c *call, args []int) {
		for _, i := range args {
			if in := p.inputs().find(c.arg(i), c.instr, n); in != nil {
				hits = append(hits, p.reached(rule, c, in, n, message))
				return
			}
		}
	})
	return hits
}

// textOf returns the string that an argument of interface type holds, or the
// first string of a variadic rest; nil when it holds no text of its own, as a
// struct or a map does.
func textOf(v ssa.Value) ssa.Value {
	if v == nil {
		return nil
	}
	if rest, ok := variadic(v); ok {
		if len(rest) == 0 {
			return nil
		}
		v = rest[0]
	}
	v = unwrapInterface(v)
	switch u := v.Type().Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return v
		}
	case *types.Slice:
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return v
		}
	case *types.Interface:
		// What a decoder put into an interface may be text.
		return v
	}
	return nil
}

// Needs that rules share.
var (
	// needForeign is what reaches a server from outside, by any way.
	needForeign = need{media: anyForeign | fromContext, doubtful: fromQueue | fromContext}
)

func (n need) of(u purpose) need {
	n.use = u
	return n
}

package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// Names in the documents of a NoSQL store. A string is no danger as a value: it
// cannot hold an operator. As a name it is one: under "$where" the value beside
// it is a program.

// namesIn follows what names the entries of a map or of an ordered document.
// What begins with a constant cannot be an operator.
func (t *taint) namesIn(key ssa.Value, at ssa.Instruction, fr *frame, depth int) *inbound {
	if t.need.use != useNoSQL || !isText(key.Type()) {
		return nil
	}
	if _, ok := key.(*ssa.Const); ok {
		return nil
	}
	if parts := flatText(key); len(parts) > 0 && parts[0] != nil {
		if s, ok := constText(parts[0]); ok && s != "" {
			return nil
		}
	}
	t.need.use = useGraph
	in := t.trace(key, nil, at, fr, depth+1)
	t.need.use = useNoSQL
	if in != nil {
		in.naming = true
		in.steps = append(in.steps, Step{at.Pos(), "becomes the name of a field or an operator"})
	}
	return in
}

// isDocumentName reports whether a field is the name in an element of an ordered
// document: bson.E, and DocElem of mgo.
func isDocumentName(x *ssa.FieldAddr) bool {
	f := fieldVar(x)
	return f != nil && (f.Name() == "Key" && typeName(x.X.Type()) == "E" || f.Name() == "Name" && typeName(x.X.Type()) == "DocElem")
}

// elementName returns the constant name beside the value of an element of an
// ordered document, or "".
func elementName(value *ssa.FieldAddr) string {
	refs := value.X.Referrers()
	if f := fieldVar(value); f == nil || f.Name() != "Value" || refs == nil {
		return ""
	}
	for _, r := range *refs {
		name, ok := r.(*ssa.FieldAddr)
		if !ok || !isDocumentName(name) {
			continue
		}
		for _, nr := range *name.Referrers() {
			if s, ok := nr.(*ssa.Store); ok {
				if text, ok := constText(s.Val); ok {
					return text
				}
			}
		}
	}
	return ""
}

// under judges input that was found below an entry: the names below stages that
// only sort or shape the result choose fields, never operators.
func (in *inbound) under(name string) *inbound {
	if in == nil || !in.naming || !strings.HasPrefix(name, "$") {
		return in
	}
	switch name {
	case "$match", "$or", "$and", "$nor", "$not", "$elemMatch", "$expr":
		return in
	}
	return nil
}

// patternHits judges input that becomes a regular expression of a query: it can
// match what was not meant to be found, and take time.
func (p *pkg) patternHits() []Hit {
	if !importsAny(p.types, documentStores) {
		return nil
	}
	n := needForeign.of(usePattern)
	n.doubtful = n.media // what a search is meant to match is for a person to say
	var hits []Hit
	judge := func(instr ssa.Instruction, v ssa.Value) {
		in := p.inputs().find(v, instr, n)
		if in == nil {
			return
		}
		h := Hit{Rule: "MKT202", Pos: instr.Pos(), Message: upper(in.what) + " becomes a regular expression of a query, where it can match more than was meant; quote it with regexp.QuoteMeta", Class: rules.Review}
		h.Steps = append(append(h.Steps, in.steps...), Step{instr.Pos(), "becomes a regular expression"})
		hits = append(hits, h)
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.MapUpdate:
			if key, ok := constText(x.Key); ok && key == "$regex" {
				judge(instr, x.Value)
			}
		case *ssa.Store:
			fa, ok := x.Addr.(*ssa.FieldAddr)
			if !ok {
				return
			}
			f := fieldVar(fa)
			if f == nil || f.Pkg() == nil {
				return
			}
			if f.Name() == "Pattern" && typeName(fa.X.Type()) == "Regex" && documentStores(f.Pkg().Path()) || elementName(fa) == "$regex" {
				judge(instr, x.Val)
			}
		}
	})
	return hits
}

// documentStores are the packages of MongoDB's drivers.
func documentStores(path string) bool {
	return strings.HasPrefix(path, "go.mongodb.org/") || strings.HasPrefix(path, "gopkg.in/mgo") || strings.HasPrefix(path, "github.com/globalsign/mgo")
}

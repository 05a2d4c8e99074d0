package code

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"strings"
)

// index judges x[i].
func (q *secretAsk) index(x *ast.IndexExpr, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(x.X)
	if t == nil {
		return nil
	}
	switch t.Underlying().(type) {
	case *types.Map:
		key, ok := q.p.constString(x.Index)
		if !ok || q.shapeOf(q.p.info.TypeOf(x)) == shapeNone {
			return nil
		}
		if !q.personal && q.p.isType(t, "net/http", "Header") {
			return q.keyed(x, "the "+key+" header", key, secretHeader(key))
		}
		return q.keyed(x, exprName(x.X)+"["+key+"]", key, q.byName(SplitName(key), nil))
	case *types.Slice, *types.Array, *types.Pointer:
		i, ok := q.p.constInt(x.Index)
		if c, isCall := ast.Unparen(x.X).(*ast.CallExpr); isCall && q.splits(c) {
			if ok && i == 0 {
				return nil // the scheme, the name before the colon
			}
			if len(c.Args) > 0 {
				return q.walk(c.Args[0], depth+1, fr)
			}
		}
		if id, isIdent := ast.Unparen(x.X).(*ast.Ident); isIdent {
			if v, isVar := q.p.info.ObjectOf(id).(*types.Var); isVar {
				for _, d := range q.defs[v] {
					if q.splits(d.expr) {
						if c, isCall := ast.Unparen(d.expr).(*ast.CallExpr); isCall && len(c.Args) > 0 && ok && i > 0 {
							return q.walk(c.Args[0], depth+1, fr)
						}
						return nil
					}
				}
			}
		}
		return q.walk(x.X, depth+1, fr)
	}
	return nil
}

// keyed makes a finding of a value that a constant key names.
func (q *secretAsk) keyed(e ast.Expr, name, key string, level sensitivity) *secretUse {
	if level < maybeSecret {
		return nil
	}
	return &secretUse{name: name, words: SplitName(key), expr: e, doubt: level == maybeSecret}
}

// ranged judges an element of a value that is ranged over.
func (q *secretAsk) ranged(e ast.Expr, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(e)
	if t == nil || q.splits(e) {
		return nil
	}
	if _, ok := t.Underlying().(*types.Map); ok && !q.p.isType(t, "net/http", "Header") {
		return nil
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return nil
	}
	return q.walk(e, depth+1, fr)
}

// cookieValue judges the Value field of a cookie by the cookie's name.
func (q *secretAsk) cookieValue(e ast.Expr, v *types.Var, sel ast.Expr) (*secretUse, bool) {
	if v.Name() != "Value" || sel == nil || q.personal {
		return nil, false
	}
	n := namedType(q.p.info.TypeOf(sel))
	if n == nil || n.Obj().Name() != "Cookie" || n.Obj().Pkg() == nil || !strings.HasSuffix(q.p.pathOf(n.Obj().Pkg()), "http") && !strings.HasSuffix(q.p.pathOf(n.Obj().Pkg()), "/fiber") {
		return nil, false
	}
	level, name := maybeSecret, "the value of a cookie"
	if base := q.p.objectOf(q.p.bare(sel)); base != nil {
		for _, d := range q.defs[base] {
			if key, ok := q.cookieName(d.expr); ok {
				level, name = secretCookie(key), "the value of cookie "+key
			}
		}
	}
	return &secretUse{name: name, words: Name{"cookie"}, expr: e, doubt: level != sureSecret}, true
}

func (q *secretAsk) cookieName(e ast.Expr) (string, bool) {
	switch x := q.p.bare(e).(type) {
	case *ast.CallExpr:
		if q.calleeName(x) == "Cookie" && len(x.Args) > 0 {
			return q.p.constString(x.Args[0])
		}
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Name" {
					return q.p.constString(kv.Value)
				}
			}
		}
	}
	return "", false
}

// composite judges a literal: the values of a map or slice, the fields of a
// struct.
func (q *secretAsk) composite(x *ast.CompositeLit, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(x)
	st := structOf(t)
	if st != nil && (q.noDumps || q.p.masksItself(t)) {
		return nil
	}
	var best *secretUse
	for i, el := range x.Elts {
		val, field, key := el, (*types.Var)(nil), ""
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			val = kv.Value
			if id, ok := kv.Key.(*ast.Ident); ok && st != nil {
				field, _ = q.p.info.ObjectOf(id).(*types.Var)
			} else if s, ok := q.p.constString(kv.Key); ok {
				key = s
			}
		} else if st != nil && i < st.NumFields() {
			field = st.Field(i)
		}
		if field != nil {
			best = better(best, q.fieldValue(field, val, st, depth, fr))
			continue
		}
		u := q.walk(val, depth+1, fr)
		if u == nil && key != "" {
			u = q.namedValue(SplitName(key), key, val)
		}
		best = better(best, u)
	}
	return best
}

// namedValue is the doubt that a value may be what its key says, when the value
// itself does not show it.
func (q *secretAsk) namedValue(n Name, key string, val ast.Expr) *secretUse {
	tv := q.p.info.Types[val]
	if tv.Value != nil || tv.IsNil() || q.byName(n, nil) != sureSecret || q.masks(val) || q.p.masksItself(tv.Type) {
		return nil
	}
	if q.shapeOf(tv.Type) != shapeText || q.excusedWord(val, nil, n, nil) {
		return nil
	}
	switch x := q.p.bare(val).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if last := SplitName(q.p.nameOf(val)); len(last) > 0 {
			switch last[len(last)-1] {
			case "id", "ids", "name", "type", "kind", "path", "url", "count", "len", "status", "reason", "prefix", "suffix", "error", "err", "message", "msg", "state", "ref":
				return nil
			}
		}
		return &secretUse{name: "the value of " + key, words: n, expr: x, doubt: true}
	case *ast.CallExpr:
		if q.redactor(x) || len(x.Args) > 0 && q.calleeName(x) != "String" {
			return nil
		}
		return &secretUse{name: "the value of " + key, words: n, expr: x, doubt: true}
	}
	return nil
}

// fieldValue judges one field of a struct that is shown whole.
func (q *secretAsk) fieldValue(field *types.Var, val ast.Expr, st *types.Struct, depth int, fr *secretFrame) *secretUse {
	if q.tagged && hiddenField(st, field) {
		return nil
	}
	tv := q.p.info.Types[val]
	empty := tv.IsNil() || tv.Value != nil && tv.Value.Kind() == constant.String && !plausibleSecret(constant.StringVal(tv.Value))
	if level := q.byName(SplitName(field.Name()), nil); level == sureSecret && q.shapeOf(field.Type()) == shapeText && !isPointer(field.Type()) {
		if empty || q.masks(val) || q.p.masksItself(field.Type()) {
			return nil
		}
		if q.excusedWord(val, field, SplitName(field.Name()), nil) {
			return nil
		}
		return &secretUse{name: "field " + field.Name(), words: SplitName(field.Name()), expr: val}
	} else if level == maskedValue {
		return nil
	}
	if isPointer(field.Type()) {
		return nil // printed as an address
	}
	return q.walk(val, depth+1, fr)
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// hiddenField reports whether encoding/json leaves a field out.
func hiddenField(st *types.Struct, field *types.Var) bool {
	if !field.Exported() {
		return true
	}
	for i := range st.NumFields() {
		if st.Field(i) == field || st.Field(i).Origin() == field.Origin() {
			return reflect.StructTag(st.Tag(i)).Get("json") == "-"
		}
	}
	return false
}

// A dumped is the secret that shows when a struct is printed whole.
type dumped struct {
	field string
	level sensitivity
}

// dump judges a struct that is shown whole.
func (q *secretAsk) dump(e ast.Expr, v *types.Var, t types.Type, defs []secretDef, depth int, fr *secretFrame) *secretUse {
	if q.noDumps || q.p.masksItself(t) {
		return nil
	}
	// What this variable is set to in the package, when that is all there is.
	known := !v.IsField() && len(defs) > 0
	var best *secretUse
	for _, d := range defs {
		lit, ok := q.p.bare(d.expr).(*ast.CompositeLit)
		if !ok || d.ranged {
			known = false
			continue
		}
		best = better(best, q.composite(lit, depth+1, fr))
	}
	st := structOf(t)
	if st != nil && !v.IsField() {
		for field := range st.Fields() {
			f := field.Origin()
			for _, d := range q.before(q.defs[f], e, f) {
				if d.base != nil && d.base == v && d.result == 0 {
					if u := q.fieldValue(f, d.expr, st, depth+1, fr); u != nil {
						best = better(best, u)
					} else if q.byName(SplitName(f.Name()), nil) == sureSecret {
						return best // masked before it is shown
					}
				}
			}
		}
	}
	if best != nil || known {
		return best
	}
	d := q.dumpOf(t, 0)
	if d.level < maybeSecret {
		return nil
	}
	return &secretUse{name: fmt.Sprintf("%s with its field %s", exprName(e), d.field), words: SplitName(d.field), expr: e, doubt: d.level == maybeSecret}
}

// dumpOf finds a field of a struct type that shows a secret.
func (q *secretAsk) dumpOf(t types.Type, depth int) dumped {
	if q.personal {
		return q.dumpField(t, depth)
	}
	key := t
	if d, ok := q.dumps[key]; ok && depth == 0 && !q.tagged {
		return d
	}
	d := q.dumpField(t, depth)
	if depth == 0 && !q.tagged {
		q.dumps[key] = d
	}
	return d
}

func (q *secretAsk) dumpField(t types.Type, depth int) dumped {
	if sl, ok := t.Underlying().(*types.Slice); ok {
		t = sl.Elem()
		if isPointer(t) && !q.tagged {
			return dumped{} // a slice of addresses
		}
	}
	st := structOf(t)
	if st == nil || depth > 2 {
		return dumped{}
	}
	var best dumped
	for i := range st.NumFields() {
		f := st.Field(i)
		ft := f.Type()
		if q.tagged && (!f.Exported() || tagOf(st, i).Get("json") == "-") || q.p.masksItself(ft) {
			continue
		}
		if q.shapeOf(ft) == shapeText && !isPointer(ft) {
			n := SplitName(f.Name())
			if level := q.byName(n, SplitName(typeName(t))); level > best.level && level >= maybeSecret {
				if len(n.head()) == 1 && n.head()[0] == "token" && (q.lexical || q.lexicalType(t)) {
					continue
				}
				if level == sureSecret && hasTag(tagOf(st, i), storageTags) && n.Password() {
					level = maybeSecret // most likely its hash
				}
				best = dumped{f.Name(), level}
			}
			continue
		}
		if isPointer(ft) && !q.tagged {
			continue
		}
		if _, ok := ft.Underlying().(*types.Struct); ok {
			if in := q.dumpField(ft, depth+1); in.level > best.level {
				best = dumped{f.Name() + "." + in.field, in.level}
			}
		}
	}
	return best
}

func (q *secretAsk) lexicalType(t types.Type) bool {
	return SplitName(typeName(t)).Has("lexer", "parser", "scanner", "node", "expr", "tokenizer")
}

// calleeName returns the last name of what a call calls.
func (s *secretFlow) calleeName(x *ast.CallExpr) string {
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

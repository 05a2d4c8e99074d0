package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// FactDataNames lists data that the code handles, by the name of its kind
// ("email address", "access token"): fields named like personal data that are
// stored, or decoded from a request or a reply, fields named like credentials
// that are stored, and columns of both kinds in SQL. Detail says which field and
// how it is known.
//
// It goes by names, as MKT402 does, so it is for comparing with what people
// declare, never a proof that data is there or not.
const FactDataNames = "data-names"

// dataKinds are the kinds of personal data, by what ends a name.
var dataKinds = []struct {
	kind string
	ends []Name
}{
	{"email address", []Name{{"email"}, {"email", "address"}, {"mail", "address"}}},
	{"telephone number", []Name{{"phone"}, {"phone", "number"}, {"mobile", "number"}, {"telephone"}, {"telephone", "number"}}},
	{"date of birth", []Name{{"date", "of", "birth"}, {"birth", "date"}, {"birthdate"}, {"birthday"}, {"dob"}}},
	{"social security number", []Name{{"ssn"}, {"social", "security", "number"}}},
	{"passport number", []Name{{"passport"}, {"passport", "number"}}},
	{"national id", []Name{{"national", "id"}}},
	{"tax id", []Name{{"tax", "id"}}},
	{"bank account", []Name{{"iban"}}},
	{"payment card", []Name{{"credit", "card"}, {"card", "number"}}},
	{"postal address", []Name{{"home", "address"}, {"street", "address"}, {"postal", "address"}}},
	{"name of a person", []Name{{"first", "name"}, {"last", "name"}, {"surname"}, {"family", "name"}, {"given", "name"}}},
}

// personalKind returns the kind of personal data a name speaks of, or "".
func personalKind(n, owner Name) string {
	h := singularWords(n.head())
	if len(h) == 0 || n.Has(maskWords...) || n.Has("anonymous", "pseudonym") || h.turned() || n.Has(ownAddresses...) || owner.Has("config", "cfg", "smtp", "sender", "template") {
		return ""
	}
	for _, k := range dataKinds {
		for _, end := range k.ends {
			if h.endsIn(end...) {
				return k.kind
			}
		}
	}
	return ""
}

// secretKind returns the kind of credential a name speaks of, or "".
func secretKind(n Name) string {
	h := n.head()
	switch {
	case len(h) == 0 || !n.Secret():
		return ""
	case n.Password():
		return "password"
	case h[len(h)-1] == "token":
		return "access token"
	case h[len(h)-1] == "key" || h[len(h)-1] == "base":
		return "key"
	}
	return "secret"
}

// storedFields reads a struct whose fields a database library stores.
func (g *gather) storedFields(owner string, st *types.Struct) {
	model := gormModel(st)
	for i := range st.NumFields() {
		f := st.Field(i)
		tag := reflect.StructTag(st.Tag(i))
		if !hasTag(tag, storageTags) && (!model || leftOut(tag)) || !holdsText(f.Type()) {
			continue
		}
		n := SplitName(f.Name())
		kind := personalKind(n, SplitName(owner))
		if kind == "" && !serviceName(n) {
			kind = secretKind(n)
		}
		if kind != "" {
			g.seen(FactDataNames, kind, f.Pos(), fieldLabel(owner, f.Name())+", stored")
		}
	}
}

// leftOut reports whether a tag keeps a field out of the table.
func leftOut(tag reflect.StructTag) bool {
	for _, k := range storageTags {
		if v, ok := tag.Lookup(k); ok && v == "-" {
			return true
		}
	}
	return false
}

func fieldLabel(owner, field string) string {
	if owner == "" {
		return field
	}
	return owner + "." + field
}

// holdsText reports whether a field may hold text, a null one included.
func holdsText(t types.Type) bool {
	if isText(t) {
		return true
	}
	n := namedType(t)
	return n != nil && (n.Obj().Name() == "NullString" || n.Obj().Name() == "Text")
}

// maxDecoded bounds how deep a decoded type is looked into.
const maxDecoded = 4

// decoded reads the type behind a decoding target: personal data of a request or
// of another system's reply. Credentials are left out, since what is decoded is
// not yet kept.
func (g *gather) decoded(target ssa.Value, pos token.Pos) {
	g.decodedType(unwrap(target).Type(), pos, maxDecoded, map[types.Type]bool{})
}

func (g *gather) decodedType(t types.Type, pos token.Pos, depth int, seen map[types.Type]bool) {
	for depth >= 0 {
		switch u := types.Unalias(t).Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Struct:
			g.decodedStruct(t, u, pos, depth, seen)
			return
		default:
			return
		}
		depth--
	}
}

func (g *gather) decodedStruct(t types.Type, st *types.Struct, pos token.Pos, depth int, seen map[types.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	owner := ""
	if n := namedType(t); n != nil {
		owner = n.Obj().Name()
		if n.Obj().Pkg() == nil || !strings.Contains(n.Obj().Pkg().Path(), ".") && n.Obj().Pkg() != g.types {
			return // the standard library's
		}
	}
	for i := range st.NumFields() {
		f := st.Field(i)
		if !f.Exported() || reflect.StructTag(st.Tag(i)).Get("json") == "-" {
			continue
		}
		if !holdsText(f.Type()) {
			g.decodedType(f.Type(), pos, depth-1, seen)
			continue
		}
		if kind := personalKind(SplitName(f.Name()), SplitName(owner)); kind != "" {
			at := pos
			if f.Pkg() == g.types {
				at = f.Pos()
			}
			g.seen(FactDataNames, kind, at, fieldLabel(owner, f.Name())+", decoded")
		}
	}
}

// sqlColumns reads the columns of a statement that creates or fills a table.
func (g *gather) sqlColumns(s string, pos token.Pos) {
	up := strings.ToUpper(s)
	if !strings.Contains(up, "INSERT INTO") && !strings.Contains(up, "CREATE TABLE") {
		return
	}
	told := map[string]bool{}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		n := SplitName(w)
		kind := personalKind(n, nil)
		if kind == "" && len(n) > 1 && !serviceName(n) {
			kind = secretKind(n)
		}
		if kind != "" && !told[kind] {
			told[kind] = true
			g.seen(FactDataNames, kind, pos, "column "+w+", stored")
		}
	}
}

// typeStruct returns the struct a declaration makes and the name it gives it.
func (g *gather) typeStruct(ts *ast.TypeSpec) (*types.Struct, string) {
	obj := g.info.Defs[ts.Name]
	if obj == nil {
		return nil, ""
	}
	st, _ := obj.Type().Underlying().(*types.Struct)
	return st, ts.Name.Name
}

package code

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt209 flags values that a request fills and a store keeps as they are, with
// fields that the client has no business to set.
//
// It starts at the calls that write to a store and goes back to the call that
// decoded the value, through parameters and results of the package. What is
// assigned to a field on the way takes that field from the client.
func mkt209() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT209",
		Name:     "mass-assignment",
		Title:    "Request body is stored with privileged fields",
		Class:    rules.Violation,
		Controls: []string{"mass-assignment"},
		CWE:      []int{915},
		Vector:   v71m,
		Flags: "A value decoded from a request (gin, echo, fiber, chi/render, gorilla/schema, encoding/json) that is itself passed to gorm `Create`, `Save` or `Updates`, sqlx `NamedExec`, bun `Model` of an insert or update, or mongo `InsertOne`, `ReplaceOne` or `$set`, " +
			"and whose type has fields the client may fill but must not: id, owner, tenant, role, admin, verified, balance, price, timestamps. A `map[string]any` from the body that goes to `Updates` is the same. Where a method or hook of another package may reset the fields, and for messages of a queue, it is a review finding.",
		Safe: "A type of its own for input that is copied field by field; `json:\"-\"` or `form:\"-\"` on privileged fields; gorm's `->` and `<-:false` tags; `Select` and `Omit`, bun's `Column` and `ExcludeColumn`; fields that are assigned between decoding and storing; " +
			"a type without privileged fields; a named query that does not mention them.",
		Remediation: "Decode into a type that has only the fields the client may set, and copy them one by one into the model; or name the columns with `Select`.",
		Wrong:       "var user User\nc.ShouldBindJSON(&user)\ndb.Create(&user) // {\"role\":\"admin\"}",
		Right:       "var in struct{ Name, Email string }\nc.ShouldBindJSON(&in)\ndb.Create(&User{Name: in.Name, Email: in.Email})",
		Frameworks:  []string{"net/http", "gin", "echo v4", "fiber v2", "chi/render", "gorilla/schema", "gorm", "sqlx", "bun", "mongo-driver"},
	}, nil, storeGate, runMKT209)
}

const (
	gormPath  = "gorm.io/gorm"
	sqlxPath  = "github.com/jmoiron/sqlx"
	bunPath   = "github.com/uptrace/bun"
	mongoPath = "go.mongodb.org/mongo-driver/mongo"
)

var storeGate = paths(gormPath, sqlxPath, bunPath, mongoPath)

// modelSinks say which argument of which call is stored.
var modelSinks = symbols(map[string]int{
	"gorm.io/gorm DB.Create": 0, "gorm.io/gorm DB.Save": 0, "gorm.io/gorm DB.Updates": 0, "gorm.io/gorm DB.UpdateColumns": 0,
	"gorm.io/gorm DB.CreateInBatches": 0, "gorm.io/gorm DB.FirstOrCreate": 0,
	"github.com/jmoiron/sqlx NamedExec": 2, "github.com/jmoiron/sqlx NamedExecContext": 3, "github.com/jmoiron/sqlx Named": 1,
	"github.com/jmoiron/sqlx DB.NamedExec": 1, "github.com/jmoiron/sqlx DB.NamedExecContext": 2, "github.com/jmoiron/sqlx DB.NamedQuery": 1, "github.com/jmoiron/sqlx DB.NamedQueryContext": 2,
	"github.com/jmoiron/sqlx Tx.NamedExec": 1, "github.com/jmoiron/sqlx Tx.NamedExecContext": 2, "github.com/jmoiron/sqlx Tx.NamedQuery": 1,
	"github.com/uptrace/bun InsertQuery.Model": 0, "github.com/uptrace/bun UpdateQuery.Model": 0,
	"go.mongodb.org/mongo-driver/mongo Collection.InsertOne": 1, "go.mongodb.org/mongo-driver/mongo Collection.InsertMany": 1,
	"go.mongodb.org/mongo-driver/mongo Collection.ReplaceOne": 2, "go.mongodb.org/mongo-driver/mongo Collection.FindOneAndReplace": 2,
	"go.mongodb.org/mongo-driver/mongo Collection.UpdateOne": 2, "go.mongodb.org/mongo-driver/mongo Collection.UpdateMany": 2,
	"go.mongodb.org/mongo-driver/mongo Collection.UpdateByID": 2, "go.mongodb.org/mongo-driver/mongo Collection.FindOneAndUpdate": 2,
})

var decodePaths = paths("encoding/json", "encoding/xml", ginPath, echoPath, fiberPath, "github.com/gorilla/schema", "github.com/go-chi/render", "github.com/json-iterator/go", "github.com/bytedance/sonic", "github.com/goccy/go-json", "github.com/go-playground/form")

// A decoding is a call that fills a value from outside.
type decoding struct {
	call  *call
	form  bool // reads form values only
	queue bool // the data is a message of a queue
}

// decodedTarget returns the argument a call decodes a request into, or nil.
func (p *pkg) decodedTarget(c *call) (ssa.Value, *decoding) {
	d := &decoding{call: c}
	switch c.path {
	case ginPath:
		switch c.callee() {
		case "Context.ShouldBindJSON", "Context.BindJSON", "Context.ShouldBind", "Context.Bind", "Context.ShouldBindXML", "Context.BindXML", "Context.ShouldBindYAML",
			"Context.ShouldBindBodyWith", "Context.ShouldBindBodyWithJSON", "Context.ShouldBindWith", "Context.MustBindWith", "Context.ShouldBindQuery", "Context.BindQuery":
			d.form = strings.HasSuffix(c.name, "Query")
			return c.args[0], d
		}
		return nil, nil
	case echoPath:
		if c.callee() == "Context.Bind" || c.name == "BindBody" && len(c.args) == 2 {
			return c.args[len(c.args)-1], d
		}
		return nil, nil
	case fiberPath:
		switch c.callee() {
		case "Ctx.BodyParser", "Ctx.QueryParser", "Bind.Body", "Bind.JSON", "Bind.Form":
			return c.args[0], d
		}
		return nil, nil
	}
	var source, target ssa.Value
	switch {
	case (c.name == "Bind" || c.name == "DecodeJSON" || c.name == "Decode" && c.path == "github.com/go-chi/render") && len(c.args) == 2:
		source, target = c.args[0], c.args[1]
	case c.name == "Decode" && c.on != nil && len(c.args) == 1:
		source, target = c.on, c.args[0]
	case c.name == "Decode" && c.on != nil && len(c.args) == 2:
		source, target, d.form = c.args[1], c.args[0], true
	case (c.name == "Unmarshal" || c.name == "UnmarshalFromString") && len(c.args) == 2:
		source, target = c.args[0], c.args[1]
	default:
		return nil, nil
	}
	switch {
	case p.fromRequest(source):
		return target, d
	case p.derives(source, p.isMessage):
		d.queue = true
		return target, d
	}
	return nil, nil
}

// isMessage reports whether a value is a message of a queue.
func (p *pkg) isMessage(v ssa.Value) bool {
	n := namedType(v.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() {
	case "github.com/nats-io/nats.go Msg", "github.com/segmentio/kafka-go Message", "github.com/rabbitmq/amqp091-go Delivery", "github.com/streadway/amqp Delivery", "github.com/IBM/sarama ConsumerMessage":
		return true
	}
	return false
}

// A massModel knows which values of a package requests fill.
type massModel struct {
	p       *pkg
	decoded map[ssa.Value]*decoding // by pointer: the decoded variable
	callers map[*ssa.Function][]ssa.CallInstruction
}

func runMKT209(p *pkg) []Hit {
	var sinks []*call
	p.eachCall(storeGate, func(c *call) {
		if i, ok := modelSinks[c.symbol()]; ok && i < len(c.args) {
			sinks = append(sinks, c)
		}
	})
	if len(sinks) == 0 {
		return nil
	}
	m := &massModel{p: p, decoded: map[ssa.Value]*decoding{}, callers: map[*ssa.Function][]ssa.CallInstruction{}}
	p.eachCall(decodePaths, func(c *call) {
		target, d := p.decodedTarget(c)
		if target == nil {
			return
		}
		// A helper of the package decodes into what its callers pass.
		origins, _ := p.origins(target)
		for _, o := range origins {
			switch o.v.(type) {
			case *ssa.Alloc, *ssa.FieldAddr:
				if m.decoded[o.v] == nil {
					m.decoded[o.v] = d
				}
			}
		}
	})
	if len(m.decoded) == 0 {
		return nil
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if fn := ci.Common().StaticCallee(); fn != nil {
				if fn.Origin() != nil {
					fn = fn.Origin()
				}
				if fn.Pkg == p.ssa.Pkg {
					m.callers[fn] = append(m.callers[fn], ci)
				}
			}
		}
	})
	var hits []Hit
	for _, c := range sinks {
		if h, ok := m.judge(c); ok {
			hits = append(hits, h)
		}
	}
	return hits
}

// A bound is a decoded value that reached a store.
type bound struct {
	d     *decoding
	typ   types.Type
	set   map[*types.Var]bool // assigned on every way from decoding to the store
	maybe map[*types.Var]bool // assigned on some way
	open  bool                // code that is not seen may have changed it
	steps []Step
}

func (m *massModel) judge(c *call) (Hit, bool) {
	p := m.p
	arg := modelSinks[c.symbol()]
	v := unwrap(c.args[arg])
	if c.path == mongoPath && strings.Contains(c.name, "Update") {
		if v = setDocument(v); v == nil {
			return Hit{}, false
		}
	}
	b := &bound{set: map[*types.Var]bool{}, maybe: map[*types.Var]bool{}}
	if !m.trace(v, c.instr, b, map[ssa.Value]bool{}, 0) {
		return Hit{}, false
	}
	columns, limited := m.columns(c)
	if limited == nil && columns {
		return Hit{}, false
	}
	typ := elementType(b.typ)
	h := p.hit("MKT209", c.instr, arg, "", append([]Step{{b.d.call.instr.Pos(), "decoded from the request by " + b.d.call.name}}, b.steps...)...)
	if b.d.queue {
		h.Steps[0].Message = "decoded from a message by " + b.d.call.name
		h.Class = rules.Review
	}
	if mp, ok := typ.Underlying().(*types.Map); ok {
		if k, ok := mp.Key().Underlying().(*types.Basic); !ok || k.Kind() != types.String || columns || len(limited) > 0 {
			return Hit{}, false
		}
		loose := c.path == gormPath && strings.HasPrefix(c.name, "Update") || c.path == mongoPath || c.path == sqlxPath && m.namedAll(c)
		if !loose || b.maybe[nil] {
			return Hit{}, false
		}
		if b.open {
			h.Class = rules.Review
		}
		h.Message = "the map decoded from the request is stored as it is: the client chooses the columns; decode into a type with the fields it may set"
		return h, true
	}
	fields := m.privileged(typ, b, c)
	if len(limited) > 0 {
		fields = slices.DeleteFunc(fields, func(f privilegedField) bool { return limited[columnName(f.name)] })
	}
	if len(fields) == 0 {
		return Hit{}, false
	}
	if m.hooked(typ, fields) || b.open {
		h.Class = rules.Review
	}
	// A price or a time stamp alone may be what the form is for.
	names := make([]string, 0, 4)
	doubt := true
	// What the client gains most by comes first.
	slices.SortStableFunc(fields, func(a, b privilegedField) int { return cmp.Compare(a.weight(), b.weight()) })
	for _, f := range fields {
		doubt = doubt && (f.doubt || b.maybe[f.path[len(f.path)-1]])
		if len(names) < 4 && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	if doubt {
		h.Class = rules.Review
	}
	h.Message = "a " + types.TypeString(typ, func(p *types.Package) string { return p.Name() }) + " decoded from the request is stored as it is: the client may set " + strings.Join(names, ", ") + "; copy the fields it may set into a new value"
	return h, true
}

// elementType strips pointers and slices.
func elementType(t types.Type) types.Type {
	for {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		default:
			return t
		}
	}
}

// setDocument returns the value under "$set" of a mongo update, or nil.
func setDocument(v ssa.Value) ssa.Value {
	mm, ok := v.(*ssa.MakeMap)
	if !ok {
		return nil
	}
	for _, r := range *mm.Referrers() {
		if u, ok := r.(*ssa.MapUpdate); ok {
			if k, ok := constText(u.Key); ok && k == "$set" {
				return unwrap(u.Value)
			}
		}
	}
	return nil
}

// trace follows a stored value back to its decoding.
func (m *massModel) trace(v ssa.Value, at ssa.Instruction, b *bound, seen map[ssa.Value]bool, depth int) bool {
	v = unwrap(v)
	if seen[v] || depth > 12 {
		return false
	}
	seen[v] = true
	if d := m.decoded[v]; d != nil {
		b.d, b.typ = d, v.Type()
		m.assigned(v, at, b, d)
		return true
	}
	next := func(v ssa.Value, at ssa.Instruction, steps ...Step) bool {
		n := len(b.steps)
		b.steps = append(steps, b.steps...)
		if m.trace(v, at, b, seen, depth+1) {
			return true
		}
		b.steps = b.steps[len(b.steps)-n:]
		return false
	}
	switch x := v.(type) {
	case *ssa.Alloc:
		for _, r := range *x.Referrers() {
			s, ok := r.(*ssa.Store)
			if !ok || s.Addr != ssa.Value(x) {
				continue
			}
			if next(s.Val, s) {
				m.assigned(x, at, b, nil)
				return true
			}
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			// A captured variable is the variable.
			return next(x.X, x)
		}
	case *ssa.FieldAddr:
		// Part of a decoded value, when nothing else is stored there.
		if next(x.X, at) {
			b.typ = x.Type()
			m.assigned(x, at, b, nil)
			return true
		}
	case *ssa.Field:
		if next(x.X, at) {
			b.typ = x.Type()
			return true
		}
	case *ssa.FreeVar:
		m.p.index()
		if mc := m.p.closures[x.Parent()]; mc != nil {
			for i, fv := range x.Parent().FreeVars {
				if fv == x && i < len(mc.Bindings) && next(mc.Bindings[i], mc) {
					m.assigned(x, at, b, nil)
					return true
				}
			}
		}
	case *ssa.Parameter:
		i := slices.Index(x.Parent().Params, x)
		for _, ci := range m.callers[x.Parent()] {
			if i < len(ci.Common().Args) && next(ci.Common().Args[i], ci, Step{ci.Pos(), "passed to " + x.Parent().Name()}) {
				m.assigned(x, at, b, nil)
				return true
			}
		}
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok && m.result(call, x.Index, next) {
			b.instance(x.Type())
			m.assigned(x, at, b, nil)
			return true
		}
	case *ssa.Call:
		if m.result(x, 0, next) {
			b.instance(x.Type())
			m.assigned(x, at, b, nil)
			return true
		}
	case *ssa.Phi:
		for _, e := range x.Edges {
			if next(e, at) {
				return true
			}
		}
	}
	return false
}

// instance replaces a type parameter by what it stands for at a call.
func (b *bound) instance(t types.Type) {
	if _, ok := types.Unalias(elementType(b.typ)).(*types.TypeParam); ok {
		b.typ = t
	}
}

func (m *massModel) result(call *ssa.Call, i int, next func(ssa.Value, ssa.Instruction, ...Step) bool) bool {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return false
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if fn.Pkg != m.p.ssa.Pkg {
		return false
	}
	for _, blk := range fn.Blocks {
		if ret, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) && next(ret.Results[i], ret, Step{ret.Pos(), "returned by " + fn.Name()}) {
			return true
		}
	}
	return false
}

// assigned notes the fields of the struct behind v that are assigned before
// at. When v was decoded, what is assigned before that is lost.
func (m *massModel) assigned(v ssa.Value, at ssa.Instruction, b *bound, d *decoding) {
	refs := v.Referrers()
	if refs == nil {
		return
	}
	var from ssa.Instruction
	if d != nil {
		from = d.call.instr
		if from.Parent() != at.Parent() {
			from = nil
		}
	}
	note := func(f *types.Var, s ssa.Instruction) {
		if f == nil || from != nil && surelyBefore(s, from) || surelyBefore(at, s) {
			return
		}
		b.maybe[f] = true
		if surelyBefore(s, at) {
			b.set[f] = true
		}
	}
	var fields func(addr ssa.Value, f *types.Var, depth int)
	fields = func(addr ssa.Value, f *types.Var, depth int) {
		for _, r := range *addr.Referrers() {
			switch s := r.(type) {
			case *ssa.Store:
				if s.Addr == addr {
					note(f, s)
				}
			case *ssa.FieldAddr:
				if depth < 4 {
					fields(s, fieldVar(s), depth+1)
				}
			}
		}
	}
	for _, r := range *refs {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			fields(x, fieldVar(x), 0)
		case *ssa.UnOp:
			// A map that is ranged over or cleaned is looked at key by key.
			if x.Op == token.MUL {
				for _, lr := range *x.Referrers() {
					switch y := lr.(type) {
					case *ssa.Range, *ssa.MapUpdate:
						b.maybe[nil] = true
					case *ssa.Call:
						m.passed(x, y, at, note, b)
					}
				}
			}
		case *ssa.MakeInterface:
			for _, ir := range *x.Referrers() {
				if ci, ok := ir.(ssa.CallInstruction); ok {
					m.passed(x, ci, at, note, b)
				}
			}
		case ssa.CallInstruction:
			m.passed(v, x, at, note, b)
		}
	}
}

// passed judges a call that is given the value before it is stored: what a
// function of this package assigns counts, what another may assign is open.
func (m *massModel) passed(v ssa.Value, ci ssa.CallInstruction, at ssa.Instruction, note func(*types.Var, ssa.Instruction), b *bound) {
	if ci == at || surelyBefore(at, ci) {
		return
	}
	if bi, ok := ci.Common().Value.(*ssa.Builtin); ok {
		if bi.Name() == "delete" {
			b.maybe[nil] = true
		}
		return
	}
	c := m.p.asCall(ci, nil)
	if c == nil {
		b.open = true
		return
	}
	if fn := ci.Common().StaticCallee(); fn != nil && len(fn.Blocks) > 0 && fn.Pkg == m.p.ssa.Pkg {
		for i, a := range ci.Common().Args {
			if a != v || i >= len(fn.Params) {
				continue
			}
			for _, r := range *fn.Params[i].Referrers() {
				if fa, ok := r.(*ssa.FieldAddr); ok {
					for _, fr := range *fa.Referrers() {
						if s, ok := fr.(*ssa.Store); ok && s.Addr == ssa.Value(fa) {
							note(fieldVar(fa), ci)
						}
					}
				}
			}
		}
		return
	}
	// Frameworks, validators and stores change nothing they are not told to.
	if storeGate(c.path) || decodePaths(c.path) || !strings.Contains(c.path, ".") || isLogPath(c.path) || strings.Contains(c.path, "valid") {
		return
	}
	if strings.Contains(strings.ToLower(c.name), "valid") && c.name != "ValidateAndClean" {
		return
	}
	if _, ok := v.Type().Underlying().(*types.Pointer); ok || types.IsInterface(v.Type()) {
		b.open = true
	}
}

func isLogPath(path string) bool {
	switch path {
	case "log", "log/slog", "go.uber.org/zap", "github.com/sirupsen/logrus", "github.com/rs/zerolog", "github.com/rs/zerolog/log", "github.com/golang/glog", "k8s.io/klog", "github.com/charmbracelet/log":
		return true
	}
	return false
}

// surelyBefore reports whether a runs before b whenever b runs, inside one
// function.
func surelyBefore(a, b ssa.Instruction) bool {
	if a.Block() == nil || b.Block() == nil || a.Parent() != b.Parent() {
		return false
	}
	if a.Block() == b.Block() {
		return slices.Index(a.Block().Instrs, a) < slices.Index(a.Block().Instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

// columns returns whether the columns of a write are limited to a list, or,
// when some are left out, which.
func (m *massModel) columns(c *call) (limited bool, without map[string]bool) {
	note := func(d *call) {
		switch d.path + " " + d.name {
		case gormPath + " Select":
			if t, ok := constText(d.args[0]); !ok || t != "*" {
				limited = true
			}
		case bunPath + " Column":
			limited = true
		case gormPath + " Omit", bunPath + " ExcludeColumn":
			if without == nil {
				without = map[string]bool{}
			}
			elems, ok := variadic(d.args[0])
			if !ok {
				limited = true // a list that is not known
			}
			for _, e := range elems {
				if s, ok := constText(e); ok {
					without[columnName(s)] = true
				}
			}
		}
	}
	v := c.on
	for range 24 {
		if v == nil {
			break
		}
		origins, more := m.p.origins(v)
		if more || len(origins) != 1 {
			break
		}
		x, ok := origins[0].v.(*ssa.Call)
		if !ok {
			break
		}
		d := m.p.asCall(x, storeGate)
		if d == nil {
			break
		}
		note(d)
		v = d.on
	}
	// bun names columns after the model.
	if c.path == bunPath {
		x, ok := c.instr.(*ssa.Call)
		for range 24 {
			if !ok || x.Referrers() == nil {
				break
			}
			var following *ssa.Call
			for _, r := range *x.Referrers() {
				if y, isCall := r.(*ssa.Call); isCall {
					if d := m.p.asCall(y, storeGate); d != nil && d.on == ssa.Value(x) {
						note(d)
						if d.name == "Set" || d.name == "Value" {
							limited = limited || strings.HasPrefix(c.recv, "Update")
						}
						following = y
					}
				}
			}
			if following == nil {
				break
			}
			x = following
		}
	}
	if limited {
		without = nil
	}
	return limited, without
}

// columnName compares field and column names: without case and underscores.
func columnName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// namedAll reports whether the text of a named query is not known.
func (m *massModel) namedAll(c *call) bool {
	_, open := m.p.texts(c.args[modelSinks[c.symbol()]-1])
	return open
}

type privilegedField struct {
	name  string
	path  []*types.Var
	doubt bool
}

// weight orders fields for people: rights and owners, then money and the like,
// then time stamps.
func (f *privilegedField) weight() int {
	n := SplitName(f.name)
	switch {
	case n.Has("created", "updated", "deleted"):
		return 2
	case f.doubt, n.Has("id", "uuid") && len(n) == 1:
		return 1
	}
	return 0
}

// privileged lists the fields of a type that the client may set and should
// not.
func (m *massModel) privileged(t types.Type, b *bound, c *call) []privilegedField {
	var query []text
	if c.path == sqlxPath {
		if q, open := m.p.texts(c.args[modelSinks[c.symbol()]-1]); !open {
			query = q
		}
	}
	var out []privilegedField
	var visit func(t types.Type, path []*types.Var)
	visit = func(t types.Type, path []*types.Var) {
		st, ok := t.Underlying().(*types.Struct)
		if !ok || len(path) > 3 {
			return
		}
		for i := range st.NumFields() {
			f := st.Field(i).Origin()
			at := append(slices.Clone(path), f)
			if b.set[f] || !writable(reflect.StructTag(st.Tag(i)), b.d, c) {
				continue
			}
			if f.Embedded() {
				inner := f.Type()
				if ptr, ok := inner.Underlying().(*types.Pointer); ok {
					inner = ptr.Elem()
				}
				visit(inner, at)
				continue
			}
			if !f.Exported() {
				continue
			}
			privilege, doubt := privilegedName(f.Name(), f.Type())
			if !privilege || query != nil && !inQuery(query, reflect.StructTag(st.Tag(i)).Get("db"), f.Name()) {
				continue
			}
			out = append(out, privilegedField{f.Name(), at, doubt})
		}
	}
	visit(t, nil)
	return out
}

// writable reports whether a field is filled by the decoder and kept by the
// store.
func writable(tag reflect.StructTag, d *decoding, c *call) bool {
	first := func(key string) string {
		name, _, _ := strings.Cut(tag.Get(key), ",")
		return name
	}
	decoder := []string{"json"}
	if d.form {
		decoder = []string{"form", "schema", "query"}
	}
	for _, key := range decoder {
		if tag.Get(key) == "-" {
			return false
		}
	}
	switch c.path {
	case gormPath:
		for part := range strings.SplitSeq(tag.Get("gorm"), ";") {
			part = strings.ReplaceAll(strings.TrimSpace(part), " ", "")
			if part == "-" || part == "->" || part == "<-:false" || part == "-:all" || part == "<-:create" && c.name != "Create" || part == "<-:update" && c.name == "Create" {
				return false
			}
		}
	case bunPath:
		return first("bun") != "-" && !strings.Contains(tag.Get("bun"), ",scanonly")
	case mongoPath:
		return tag.Get("bson") != "-"
	case sqlxPath:
		return tag.Get("db") != "-"
	}
	return true
}

func inQuery(query []text, db, field string) bool {
	if db == "" {
		db = strings.ToLower(field)
	}
	for _, q := range query {
		for rest := q.s; ; {
			_, after, ok := strings.Cut(rest, ":"+db)
			if !ok {
				break
			}
			if after == "" || !strings.ContainsAny(after[:1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") {
				return true
			}
			rest = after
		}
	}
	return false
}

// privilegedName reports whether a field of that name is not the client's to
// set; doubt, whether that depends on what the type is.
func privilegedName(name string, t types.Type) (privileged, doubt bool) {
	n := SplitName(name)
	if len(n) == 0 {
		return false, false
	}
	last := n[len(n)-1]
	boolean := false
	if b, ok := t.Underlying().(*types.Basic); ok {
		boolean = b.Info()&types.IsBoolean != 0
	}
	switch {
	case len(n) == 1 && (last == "id" || last == "uuid"):
		return true, false
	case last == "id" && n.Has("owner", "tenant", "organization", "organisation", "org", "creator", "user", "account", "role") && len(n) <= 3:
		return true, false
	case len(n) == 1 && ownerWords[last], n.HasPair("created", "by") || n.HasPair("updated", "by") || n.HasPair("owned", "by"):
		return true, false
	case last == "role" || last == "roles" || last == "permission" || last == "permissions" || last == "privileges" || n.HasPair("access", "level") || len(n) == 1 && last == "scopes":
		return true, false
	case boolean && (last == "admin" || last == "administrator" || last == "superuser" || last == "staff" || n.HasPair("super", "user")):
		return true, false
	case last == "verified" || n.HasPair("verified", "at") || boolean && (last == "approved" || last == "banned"):
		return true, false
	case last == "balance" || last == "credits" && len(n) <= 2:
		return true, false
	case last == "price" || n.HasPair("total", "amount") || len(n) == 1 && last == "amount":
		return true, true
	case n.HasPair("created", "at") || n.HasPair("updated", "at") || n.HasPair("deleted", "at") || len(n) == 2 && last == "on" && (n[0] == "created" || n[0] == "updated"):
		return true, false
	}
	return false, false
}

var ownerWords = setOf("owner tenant role admin")

// hooked reports whether methods that the store or the decoder calls may reset
// the fields: those of another package are not seen, those of this one are
// read.
func (m *massModel) hooked(t types.Type, fields []privilegedField) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	doubt := false
	for _, name := range []string{"BeforeCreate", "BeforeSave", "BeforeUpdate", "BeforeAppendModel", "UnmarshalJSON", "MarshalBSON", "Bind"} {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, n.Obj().Pkg(), name)
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		body := m.p.ssa.Pkg.Prog.FuncValue(fn)
		if body == nil || len(body.Blocks) == 0 || fn.Pkg() != m.p.types {
			return true
		}
		within(body, func(instr ssa.Instruction) {
			if s, ok := instr.(*ssa.Store); ok {
				if fa, ok := s.Addr.(*ssa.FieldAddr); ok && slices.ContainsFunc(fields, func(f privilegedField) bool { return slices.Contains(f.path, fieldVar(fa)) }) {
					doubt = true
				}
			}
		})
		if name == "UnmarshalJSON" {
			doubt = true
		}
	}
	return doubt
}

package code

import (
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The taint pass: from the argument of a dangerous call back to an input.
//
// # Contract
//
//	inputs.find(v, at, need) ──► *inbound, or nil
//
// It is driven by the sinks: each dangerous argument is followed backwards over
// the package's SSA form, through locals, struct fields, slices, maps, closures,
// concatenation, formatting, builders, conversions, calls of this package's
// functions and the calls of the function it stands in, decoders and binders.
// Calls are matched: a helper that one caller feeds with input and another with
// a constant taints the first caller's result only. All rules share the index
// that this needs; a query costs what its own value's history costs and is
// bounded by maxTaintVisits.
//
// Text is only followed through functions that are known to keep it: those of
// the standard library, getters of messages. What an unknown function makes of
// its arguments is not input: that keeps the pass precise, and blind to helpers
// of other packages.
//
// Sanitizers (sanitize.go) end the way for the uses they protect, guards
// (guards.go) end it where a check of the value dominates its use.
//
// The uses host and jump look at positions: once a constant text has fixed
// host and path, what follows cannot choose the host.
type taint struct {
	m    *inputs
	need need
	seen map[visit]bool
	left int
	// trail is what has been seen, in order. What was seen behind a check is
	// forgotten: another way may lead there past the check.
	trail []visit
	// strict leaves doubtful ways out; skipped says that there was one.
	strict, skipped bool
	// mixed is set when a constant text stands beside what is followed.
	mixed bool
	// below counts the texts in front of what is followed: a constant, a base.
	below int
	// encoded counts the decoders that what is followed passes yet: a check of
	// single characters says nothing about what they make of it.
	encoded int
	// bare leaves checks out.
	bare bool
	// inPath is set where what is followed continues the path of a URL.
	inPath bool
	// What the judgements of gosec's findings ask for.
	sight
}

const (
	maxTaintVisits = 3000
	maxTaintDepth  = 60
)

// A frame is a call that the pass has gone down into, looking for what it
// returns: parameters of the callee are this call's arguments.
type frame struct {
	call ssa.CallInstruction
	fn   *ssa.Function
	up   *frame
}

type visit struct {
	v     ssa.Value
	sel   *types.Var
	call  ssa.CallInstruction
	write bool
}

// find returns the way from an input to v, which at uses, or nil. A certain way
// is preferred to a doubtful one.
func (m *inputs) find(v ssa.Value, at ssa.Instruction, n need) *inbound {
	if !m.possible && n.media&fromCaller == 0 || v == nil {
		return nil
	}
	if _, ok := v.(*ssa.Const); ok {
		return nil
	}
	m.prepare()
	t := &taint{m: m, need: n, seen: map[visit]bool{}, left: maxTaintVisits, strict: true}
	in := t.trace(v, nil, at, nil, 0)
	if in == nil && t.skipped {
		t = &taint{m: m, need: n, seen: map[visit]bool{}, left: maxTaintVisits}
		in = t.trace(v, nil, at, nil, 0)
		if in != nil && in.medium == fromCaller && n.use == useSQL && !t.mixed {
			return nil // a function that passes whole texts on
		}
	}
	return in
}

// trace follows the value v as at uses it. sel, when not nil, is the field of
// the struct behind v that matters.
func (t *taint) trace(v ssa.Value, sel *types.Var, at ssa.Instruction, fr *frame, depth int) *inbound {
	from := len(t.trail)
	in := t.step(v, sel, at, fr, depth)
	if in == nil || t.need.use == useLink {
		return in
	}
	// A check may be of any stage of the value: the raw text, the parsed URL.
	fn := at.Parent()
	in.stages = slices.DeleteFunc(in.stages, func(s ssa.Value) bool { return s.Parent() != fn })
	if checkable(v.Type()) {
		in.stages = append(in.stages, v)
	}
	for _, stage := range in.stages {
		d := t.guarded(stage, at, in.below)
		if d.ok {
			t.cleared("it is checked on every way to the call")
			t.forget(from)
			return nil
		}
		in.resolved = in.resolved || d.resolves
		in.doubtful = in.doubtful || d.half
	}
	return in
}

// see marks a value as seen.
func (t *taint) see(key visit) {
	t.seen[key] = true
	t.trail = append(t.trail, key)
	t.left--
}

// forget takes back what has been seen since from.
func (t *taint) forget(from int) {
	for _, key := range t.trail[from:] {
		delete(t.seen, key)
	}
	t.trail = t.trail[:from]
}

// checkable reports whether a check of a value of this type is about the text:
// one of a whole form or header is about any of its values.
func checkable(ty types.Type) bool {
	if isText(ty) || isNamed(ty, "net/url", "URL") {
		return true
	}
	_, isInterface := ty.Underlying().(*types.Interface)
	return isInterface || isNamed(ty, "net", "IP") || isNamed(ty, "net/netip", "Addr")
}

// doubt reports whether a doubtful way may be followed now.
func (t *taint) doubt() bool {
	t.skipped = true
	return !t.strict
}

func (t *taint) step(v ssa.Value, sel *types.Var, at ssa.Instruction, fr *frame, depth int) *inbound {
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return nil
	}
	if t.target != nil && v == t.target {
		return &inbound{what: "it", medium: fromArchive}
	}
	if sel == nil && !t.carries(v.Type()) {
		t.because("it is a number or of another type that carries no text")
		return nil
	}
	var top ssa.CallInstruction
	if fr != nil {
		top = fr.call
	}
	key := visit{v, sel, top, false}
	if t.seen[key] {
		t.again()
		return nil
	}
	if depth > maxTaintDepth || t.left <= 0 {
		return t.lose()
	}
	t.see(key)
	if t.need.media&fromArchive != 0 {
		if info, pos, ok := archiveSource(v); ok {
			in := t.found(info, pos, v)
			if in != nil {
				in.steps = append(t.m.p.archiveOpened(v.(*ssa.UnOp).X), in.steps...)
			}
			return in
		}
	}
	if info, pos, ok := t.m.source(v); ok {
		return t.found(info, pos, v)
	}
	if from := converted(v); from != nil {
		return t.trace(from, sel, v.(ssa.Instruction), fr, depth+1)
	}
	switch x := v.(type) {
	case *ssa.Phi:
		for i, e := range x.Edges {
			if in := t.edge(x, i, e, sel, fr, depth); in != nil {
				return in
			}
		}
		return nil
	case *ssa.Slice:
		if in := t.trace(x.X, sel, x, fr, depth+1); in != nil {
			return in
		}
		return t.written(x, sel, fr, depth+1)
	case *ssa.BinOp:
		if x.Op == token.ADD {
			return t.concat(x, fr, depth)
		}
	case *ssa.UnOp:
		switch x.Op {
		case token.MUL:
			return t.load(x, sel, fr, depth)
		case token.ARROW:
			return t.trace(x.X, sel, x, fr, depth+1)
		}
	case *ssa.Field:
		return t.field(x.X, structField(x.X.Type(), x.Field), x, fr, depth)
	case *ssa.Index:
		return t.trace(x.X, sel, x, fr, depth+1)
	case *ssa.Lookup:
		return t.trace(x.X, sel, x, fr, depth+1)
	case *ssa.Extract:
		switch tuple := x.Tuple.(type) {
		case *ssa.Call:
			if in := t.result(tuple, x.Index, sel, fr, depth); in != nil {
				return in
			}
			return t.changed(x, sel, fr, depth)
		case *ssa.Lookup:
			if x.Index == 0 {
				return t.trace(tuple.X, sel, tuple, fr, depth+1)
			}
		case *ssa.UnOp:
			if x.Index == 0 {
				return t.trace(tuple.X, sel, tuple, fr, depth+1)
			}
		case *ssa.Next:
			if r, ok := tuple.Iter.(*ssa.Range); ok && x.Index > 0 {
				return t.trace(r.X, nil, tuple, fr, depth+1)
			}
		}
	case *ssa.Call:
		if in := t.result(x, 0, sel, fr, depth); in != nil {
			return in
		}
		return t.changed(x, sel, fr, depth)
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice:
		return t.written(v, sel, fr, depth+1)
	case *ssa.FieldAddr:
		if in := t.written(v, sel, fr, depth+1); in != nil {
			return in
		}
		return t.field(x.X, fieldVar(x), x, fr, depth)
	case *ssa.IndexAddr:
		return t.trace(x.X, sel, x, fr, depth+1)
	case *ssa.Global:
		return t.global(x, sel, depth)
	case *ssa.FreeVar:
		return t.captured(x, sel, depth)
	case *ssa.Parameter:
		return t.param(x, sel, fr, depth)
	case *ssa.MakeChan:
		return t.sent(x, sel, fr, depth)
	}
	return t.lose()
}

// sent follows what is sent to a channel, in the function that makes it, in its
// closures and wherever else the channel is given.
func (t *taint) sent(x *ssa.MakeChan, sel *types.Var, fr *frame, depth int) *inbound {
	for _, s := range t.m.sends {
		if s.Chan != ssa.Value(x) {
			origins, more := t.m.p.origins(s.Chan)
			if more {
				t.lose()
			}
			if !slices.ContainsFunc(origins, func(o origin) bool { return o.v == ssa.Value(x) }) {
				continue
			}
		}
		if s.Parent() != x.Parent() {
			fr = nil
		}
		if in := t.trace(s.X, sel, s, fr, depth+1); in != nil {
			in.steps = append(in.steps, Step{s.Pos(), "sent to a channel"})
			return in
		}
	}
	return nil
}

// inputStep begins the text of the step at which input is taken.
const inputStep = "input: "

// found starts a way.
func (t *taint) found(info sourceInfo, pos token.Pos, v ssa.Value) *inbound {
	if t.need.use == useEndpoint && !t.inPath || info.medium&(t.need.media|fromHelper) == 0 || info.medium&(t.need.doubtful|fromHelper) != 0 && !t.doubt() {
		return nil
	}
	if t.need.use == useLog && !t.breaksLines(info, v) {
		return nil
	}
	if !pos.IsValid() {
		pos = v.Pos()
	}
	in := &inbound{what: info.what, medium: info.medium, doubtful: t.need.use == useHTML && rawURL(v)}
	if pos.IsValid() {
		in.steps = []Step{{pos, inputStep + info.what}}
	}
	return in
}

// carries reports whether a value of type ty can bring text of the use. Numbers,
// times and ids that a parser has checked cannot; for NoSQL only values that may
// hold an operator can, which a string never does.
func (t *taint) carries(ty types.Type) bool {
	return carriesText(ty, t.need.use == useNoSQL, t.need.use == useHost)
}

func carriesText(ty types.Type, onlyObjects, addresses bool) bool {
	return carriesWithin(ty, onlyObjects, addresses, 0)
}

func carriesWithin(ty types.Type, onlyObjects, addresses bool, depth int) bool {
	if depth > 8 {
		return false // a slice of itself
	}
	if n := namedType(ty); n != nil && n.Obj().Pkg() != nil {
		switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
		case "time.Time", "time.Duration", "time.Location", "math/big.Int", "github.com/google/uuid.UUID", "github.com/gofrs/uuid.UUID", "github.com/satori/go.uuid.UUID",
			"go.mongodb.org/mongo-driver/bson/primitive.ObjectID", "go.mongodb.org/mongo-driver/v2/bson.ObjectID", "github.com/rs/xid.ID", "github.com/oklog/ulid/v2.ULID",
			"github.com/shopspring/decimal.Decimal", "regexp.Regexp":
			return false
		case "net/netip.Addr", "net/netip.AddrPort", "net.IP", "net.IPAddr", "net.TCPAddr":
			return addresses
		}
	}
	switch u := ty.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 && !onlyObjects || u.Kind() == types.UnsafePointer || u.Kind() == types.Invalid
	case *types.Slice:
		if isByte(u.Elem()) {
			return true
		}
		return carriesWithin(u.Elem(), onlyObjects, addresses, depth+1)
	case *types.Array:
		return isByte(u.Elem()) || carriesWithin(u.Elem(), onlyObjects, addresses, depth+1)
	case *types.Pointer:
		if b, ok := u.Elem().Underlying().(*types.Basic); ok {
			return b.Info()&types.IsString != 0
		}
		return true
	case *types.Signature:
		return false
	}
	return true
}

// edge follows one edge of a phi. A check that the edge has passed counts.
func (t *taint) edge(phi *ssa.Phi, i int, e ssa.Value, sel *types.Var, fr *frame, depth int) *inbound {
	if _, ok := e.(*ssa.Const); ok {
		return nil
	}
	pred := phi.Block().Preds[i]
	from := len(t.trail)
	in := t.step(e, sel, pred.Instrs[len(pred.Instrs)-1], fr, depth+1)
	if in == nil || t.need.use == useLink {
		return in
	}
	for _, stage := range append(in.stages, e) {
		if stage.Parent() != phi.Parent() {
			continue
		}
		d := t.guardedEdge(stage, pred, phi.Block(), in.below)
		if d.ok {
			t.cleared("it is checked on every way to the call")
			t.forget(from)
			return nil
		}
		in.resolved = in.resolved || d.resolves
		in.doubtful = in.doubtful || d.half
	}
	return in
}

// load follows a read through an address.
func (t *taint) load(x *ssa.UnOp, sel *types.Var, fr *frame, depth int) *inbound {
	switch a := x.X.(type) {
	case *ssa.FieldAddr:
		return t.field(a.X, fieldVar(a), x, fr, depth)
	case *ssa.IndexAddr:
		return t.trace(a.X, sel, x, fr, depth+1)
	default:
		in := t.trace(x.X, sel, x, fr, depth+1)
		if in == nil && isReference(x.Type()) {
			return t.changed(x, sel, fr, depth)
		}
		return in
	}
}

// field follows the field of a struct that base points to or is.
func (t *taint) field(base ssa.Value, field *types.Var, at ssa.Instruction, fr *frame, depth int) *inbound {
	if field == nil {
		return t.lose()
	}
	if t.harmlessField(base.Type(), field) {
		return nil
	}
	if t.checkedTag(base.Type(), field) {
		if !t.unproven(base, at) || !t.doubt() {
			return nil
		}
		in := t.trace(base, field, at, fr, depth+1)
		if in != nil {
			in.doubtful = true
		}
		return in
	}
	// A struct inside a struct: what is stored into the inner field.
	if outer, ok := base.(*ssa.FieldAddr); ok {
		if in := t.nested(outer, field, fr, depth); in != nil {
			return in
		}
		return t.field(outer.X, fieldVar(outer), at, fr, depth+1)
	}
	if s := overwritten(base, field, at); s != nil {
		return t.trace(s.Val, nil, s, fr, depth+1)
	}
	in := t.trace(base, field, at, fr, depth+1)
	if in != nil || field.Pkg() != t.m.p.types || !t.open(base) || len(t.m.p.fieldSet[field]) == 0 || !t.doubt() {
		return in
	}
	// The struct comes from where it cannot be seen: whatever the package stores
	// in the field may be it.
	for _, s := range t.m.p.fieldSet[field] {
		got := t.trace(s.Val, nil, s, nil, depth+1)
		if got == nil {
			continue
		}
		got.steps = append(got.steps, Step{s.Pos(), "kept in field " + field.Name()})
		got.doubtful = true
		return got
	}
	return nil
}

// overwritten returns the store that decides a field of a struct that was copied
// from another one, as in "target := *r.URL; target.Host = backend": the only
// store to the field, after every copy and before at. It is nil when another
// function is given the struct, which may set the field.
func overwritten(base ssa.Value, field *types.Var, at ssa.Instruction) *ssa.Store {
	al, ok := base.(*ssa.Alloc)
	if !ok || at == nil || at.Parent() != al.Parent() || at.Block() == nil {
		return nil
	}
	var only *ssa.Store
	var copies []*ssa.Store
	for _, r := range *al.Referrers() {
		switch x := r.(type) {
		case *ssa.Store:
			if x.Addr != ssa.Value(al) {
				return nil
			}
			copies = append(copies, x)
		case *ssa.FieldAddr:
			for _, use := range *x.Referrers() {
				s, ok := use.(*ssa.Store)
				_, loads := use.(*ssa.UnOp)
				switch {
				case loads, fieldVar(x) != field:
				case !ok || s.Addr != ssa.Value(x) || only != nil:
					return nil
				default:
					only = s
				}
			}
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Call:
			if fn := x.Call.StaticCallee(); fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "net/url" {
				return nil
			}
		default:
			return nil
		}
	}
	if only == nil || len(copies) == 0 || !before(only, at) {
		return nil
	}
	for _, c := range copies {
		if !before(c, only) {
			return nil
		}
	}
	return only
}

// open reports whether a struct pointer leads out of what can be followed.
func (t *taint) open(base ssa.Value) bool {
	switch x := base.(type) {
	case *ssa.Parameter:
		return len(t.m.callSites(x.Parent())) == 0 || x.Parent().Signature.Recv() != nil && x == x.Parent().Params[0]
	case *ssa.UnOp:
		switch x.X.(type) {
		case *ssa.FieldAddr, *ssa.Global, *ssa.FreeVar:
			return true
		}
	case *ssa.FreeVar, *ssa.Global:
		return true
	}
	return false
}

// nested follows stores to outer.field where outer is a struct held by value.
func (t *taint) nested(outer *ssa.FieldAddr, field *types.Var, fr *frame, depth int) *inbound {
	refs := outer.X.Referrers()
	if refs == nil {
		return nil
	}
	for _, r := range *refs {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok || fa.Field != outer.Field {
			continue
		}
		if in := t.written(fa, field, fr, depth+1); in != nil {
			return in
		}
	}
	return nil
}

// harmlessField reports whether a field cannot bring what the use needs.
func (t *taint) harmlessField(base types.Type, field *types.Var) bool {
	n := namedType(base)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "net/url.URL":
		if t.need.use == useLog && (strings.HasPrefix(field.Name(), "Raw") || field.Name() == "Host" || field.Name() == "Scheme") {
			return true // parsing refuses control characters
		}
		switch field.Name() {
		case "Scheme", "RawQuery", "Fragment", "RawFragment":
			return t.need.use&(useHost|useJump|usePath|useEndpoint) != 0
		case "Host", "User":
			return t.need.use == useEndpoint
		case "Path", "RawPath":
			return t.need.use == useHost
		}
	case "mime/multipart.FileHeader":
		// Its reader takes the directory off since Go 1.17.
		return field.Name() == "Filename" && t.need.use == usePath || field.Name() == "Size"
	case "net/http.Request":
		switch field.Name() {
		case "RemoteAddr", "Method", "Proto", "TLS", "ContentLength", "Pattern", "Response", "Close":
			return true
		}
	case "net/http.Cookie":
		return field.Name() != "Value" && field.Name() != "Raw" && field.Name() != "Name"
	}
	return false
}

// strictTags are validators of struct tags that leave no room for an attack.
var strictTags = regexp.MustCompile(`(?:validate|binding):"[^"]*\b(alpha|alphanum|numeric|number|uuid[0-9a-z_]*|oneof=[^"]*|hexadecimal|boolean|ulid|mongodb|isbn|iso3166_1_alpha[23]|bcp47_language_tag|semver|credit_card|e164|latitude|longitude|datetime=[^"]*|md5|sha256)\b`)

// checkedTag reports whether a struct tag restricts the field to harmless text.
func (t *taint) checkedTag(base types.Type, field *types.Var) bool {
	if ptr, ok := base.Underlying().(*types.Pointer); ok {
		base = ptr.Elem()
	}
	s, ok := base.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range s.NumFields() {
		if s.Field(i).Origin() == field && strings.Contains(s.Tag(i), ":\"") {
			return strictTags.MatchString(s.Tag(i))
		}
	}
	return false
}

// concat follows a concatenation.
func (t *taint) concat(x *ssa.BinOp, fr *frame, depth int) *inbound {
	var parts []ssa.Value
	var flatten func(v ssa.Value, n int)
	flatten = func(v ssa.Value, n int) {
		if b, ok := v.(*ssa.BinOp); ok && b.Op == token.ADD && n < 40 {
			flatten(b.X, n+1)
			flatten(b.Y, n+1)
			return
		}
		parts = append(parts, v)
	}
	flatten(x, 0)
	return t.parts(parts, x, fr, depth)
}

// fixedHost and fixedJump match texts after which nothing can change the host,
// or where a redirect leads.
var (
	fixedHost = regexp.MustCompile(`^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#\x00]+[/?#]|^[^/?#:\x00]+(?::[0-9]+)?[/?#]|^/`)
	fixedJump = regexp.MustCompile(`^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#\x00]+[/?#]|^/[^/\\\x00]|^[?#.]|^[^:/\x00]+[/?#]`)
)

// fixed reports whether what follows text does not matter any more.
func (t *taint) fixed(text string) bool {
	switch t.need.use {
	case useHost:
		return fixedHost.MatchString(text)
	case useJump:
		return fixedJump.MatchString(text)
	}
	return false
}

// parts follows the parts of a text from left to right.
func (t *taint) parts(parts []ssa.Value, at ssa.Instruction, fr *frame, depth int) *inbound {
	if t.need.use == useEndpoint {
		return t.endpoint(parts, at, fr, depth)
	}
	known := ""
	positional := t.need.use == useHost || t.need.use == useJump
	for i, part := range parts {
		if part == nil {
			continue
		}
		if s, ok := constText(part); ok {
			known += s
			t.mixed = true
			if positional && t.fixed(known) {
				t.because("a constant text in front fixes where it leads")
				return nil
			}
			continue
		}
		if known == "/" && t.need.use == useJump && t.slashless(part) {
			t.because("no slash follows the one in front")
			return nil
		}
		if i > 0 {
			t.below++
		}
		in := t.trace(part, nil, at, fr, depth+1)
		if i > 0 {
			t.below--
		}
		if in != nil {
			in.below = in.below || i > 0
			return in
		}
		if !positional {
			continue
		}
		// A part of its own that is no input: a base URL fixes what follows; a
		// scheme does not.
		if known == "" && t.isScheme(part) {
			known = "https"
			continue
		}
		if !t.anchored(known, parts[i:]) {
			return t.lose()
		}
		return nil
	}
	return nil
}

// slashless reports whether a text begins with neither a slash nor a backslash,
// which browsers take for one: strings.TrimLeft has removed both, or the slashes
// of an escaped path, in which a backslash is %5C.
func (t *taint) slashless(v ssa.Value) bool {
	c, ok := unwrap(v).(*ssa.Call)
	if !ok {
		return false
	}
	d := t.m.p.asCall(c, paths("strings"))
	if d == nil || d.name != "TrimLeft" {
		return false
	}
	cut, ok := constText(d.args[1])
	if !ok || !strings.Contains(cut, "/") {
		return false
	}
	if strings.Contains(cut, `\`) {
		return true
	}
	origins, more := t.m.p.origins(d.args[0])
	return !more && len(origins) > 0 && !slices.ContainsFunc(origins, func(o origin) bool {
		from, ok := o.v.(*ssa.Call)
		if !ok {
			return true
		}
		e := t.m.p.asCall(from, paths("net/url"))
		return e == nil || e.callee() != "URL.EscapedPath"
	})
}

// isScheme reports whether a value is only ever "http", "https" or the like.
func (t *taint) isScheme(v ssa.Value) bool {
	ts, _ := t.m.p.texts(v)
	for _, x := range ts {
		if s := strings.TrimSuffix(x.s, "://"); s == "http" || s == "https" || s == "ws" || s == "wss" {
			return true
		}
	}
	return false
}

// isReference reports whether a copy of a value still shares its contents.
func isReference(ty types.Type) bool {
	switch ty.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Interface, *types.Chan:
		return true
	}
	return false
}

// changed follows what is written into the object that a call gave.
func (t *taint) changed(v ssa.Value, sel *types.Var, fr *frame, depth int) *inbound {
	if !isReference(v.Type()) {
		return nil
	}
	return t.written(v, sel, fr, depth+1)
}

// global follows a package variable. Whoever stored into it, and when, is not
// seen, so the way is doubtful.
func (t *taint) global(g *ssa.Global, sel *types.Var, depth int) *inbound {
	if g.Pkg != t.m.p.ssa.Pkg || t.m.p.flow.leaks[g] {
		t.lose()
	}
	if len(t.m.p.globalSet[g]) == 0 || !t.doubt() {
		return nil
	}
	for _, s := range t.m.p.globalSet[g] {
		in := t.trace(s.Val, sel, s, nil, depth+1)
		if in == nil {
			continue
		}
		in.steps = append(in.steps, Step{s.Pos(), "kept in " + g.Name()})
		in.doubtful = true
		return in
	}
	return nil
}

// captured follows a variable of an enclosing function.
func (t *taint) captured(x *ssa.FreeVar, sel *types.Var, depth int) *inbound {
	mc := t.m.p.closures[x.Parent()]
	i := slices.Index(x.Parent().FreeVars, x)
	if mc == nil || i < 0 || i >= len(mc.Bindings) {
		return t.lose()
	}
	if in := t.written(x, sel, nil, depth+1); in != nil {
		return in
	}
	return t.trace(mc.Bindings[i], sel, mc, nil, depth+1)
}

// param follows a parameter: to the call the pass came down through, or to all
// calls in this package.
func (t *taint) param(x *ssa.Parameter, sel *types.Var, fr *frame, depth int) *inbound {
	if isReference(x.Type()) {
		if in := t.written(x, sel, fr, depth+1); in != nil {
			return in
		}
	}
	fn := x.Parent()
	i := slices.Index(fn.Params, x)
	if fr != nil && fr.fn == fn {
		arg := argument(fr.call, fn, i)
		if arg == nil {
			return t.lose()
		}
		return t.trace(arg, sel, fr.call, fr.up, depth+1)
	}
	sites := t.m.callSites(fn)
	if len(sites) == 0 || t.m.p.calledElsewhere(fn) {
		t.lose()
	}
	if t.need.media&fromCaller != 0 && len(sites) == 0 && fn.Object() != nil && fn.Object().Exported() && x.Type().Underlying() == types.Typ[types.String] && t.doubt() {
		return t.found(sourceInfo{what: "the parameter " + x.Name(), medium: fromCaller}, x.Pos(), x)
	}
	for _, site := range sites {
		arg := argument(site, fn, i)
		if arg == nil {
			t.lose()
			continue
		}
		if in := t.trace(arg, sel, site, nil, depth+1); in != nil {
			in.steps = append(in.steps, Step{site.Pos(), "passed to " + fn.Name()})
			return in
		}
	}
	return nil
}

// argument returns what a call gives for fn's i-th parameter.
func argument(site ssa.CallInstruction, fn *ssa.Function, i int) ssa.Value {
	common := site.Common()
	if common.IsInvoke() {
		if i == 0 {
			return common.Value
		}
		i--
	}
	if i < 0 || i >= len(common.Args) {
		return nil
	}
	return common.Args[i]
}

// result follows the i-th result of a call.
func (t *taint) result(c *ssa.Call, i int, sel *types.Var, fr *frame, depth int) *inbound {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" || b.Name() == "min" || b.Name() == "max" {
			for _, a := range c.Call.Args {
				if in := t.trace(a, sel, c, fr, depth+1); in != nil {
					return in
				}
			}
		}
		return nil
	}
	fns := t.m.callees(c)
	for _, fn := range fns {
		// Whether a function that is named a sanitizer is one for this use is
		// more than its body shows.
		named := cleaning(fn.Name())
		if named && !t.doubt() {
			continue
		}
		if in := t.returned(fn, c, i, sel, fr, depth); in != nil {
			in.doubtful = in.doubtful || named
			return in
		}
	}
	d := t.m.p.asCall(c, nil)
	if d == nil {
		if len(fns) == 0 {
			t.lose()
		}
		return nil
	}
	before := t.lost
	in := t.external(d, c, i, sel, fr, depth)
	if len(fns) > 0 && !c.Call.IsInvoke() {
		t.lost = before // its body has been seen
	}
	return in
}

// returned follows what a function of this package returns from the call c.
func (t *taint) returned(fn *ssa.Function, c *ssa.Call, i int, sel *types.Var, fr *frame, depth int) *inbound {
	for f, n := fr, 0; f != nil; f, n = f.up, n+1 {
		if f.fn == fn || n > 8 {
			return t.lose() // recursion
		}
	}
	down := &frame{c, fn, fr}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			continue
		}
		if in := t.trace(ret.Results[i], sel, ret, down, depth+1); in != nil {
			in.steps = append(in.steps, Step{c.Pos(), "returned by " + fn.Name()})
			return in
		}
	}
	return nil
}

// external follows the result of a function of another package.
func (t *taint) external(d *call, c *ssa.Call, i int, sel *types.Var, fr *frame, depth int) *inbound {
	if key, ok := t.m.getter(d); ok && i == 0 {
		return t.context(key, c, sel, depth)
	}
	k := t.keeps(d, i)
	if k.none || k.half && !t.doubt() {
		return nil
	}
	if k.half || k.decoded {
		return t.through(k, d, c, fr, depth)
	}
	if d.path == "fmt" && (d.name == "Sprintf" || d.name == "Errorf" || d.name == "Appendf") && len(d.args) >= 2 {
		return t.formatted(d, c, fr, depth)
	}
	if d.path == "net/url" && d.callee() == "URL.String" {
		if t.need.use == useHost || t.need.use == useJump {
			host := lookField(d.on.Type(), "Host")
			if in := t.trace(d.on, host, c, fr, depth+1); in != nil {
				return t.asURL(in)
			}
			return nil
		}
	}
	args := d.args
	if d.path == "strings" && d.name == "Join" || d.path == "path/filepath" && d.name == "Join" || d.path == "path" && d.name == "Join" {
		if parts, ok := variadic(args[0]); ok {
			return t.parts(parts, c, fr, depth)
		}
	}
	if d.path == "fmt" && strings.HasPrefix(d.name, "Sprint") {
		if parts, ok := variadic(args[0]); ok {
			return t.parts(parts, c, fr, depth)
		}
	}
	if k.receiver && d.on != nil {
		if in := t.trace(d.on, nil, c, fr, depth+1); in != nil {
			if d.recv == "URL" {
				in = t.asURL(in)
			}
			return in
		}
	}
	for j, a := range args {
		if k.all || slices.Contains(k.args, j) {
			if in := t.trace(a, nil, c, fr, depth+1); in != nil {
				return in
			}
		}
	}
	return nil
}

// through follows the text that a call decodes, or takes something out of.
func (t *taint) through(k kept, d *call, c *ssa.Call, fr *frame, depth int) *inbound {
	if k.decoded {
		t.encoded++
		defer func() { t.encoded-- }()
	}
	for _, j := range k.args {
		in := t.trace(d.args[j], nil, c, fr, depth+1)
		if in == nil {
			continue
		}
		in.doubtful = in.doubtful || k.half
		if k.decoded {
			in.stages = nil // what was checked before is another text
		}
		return in
	}
	return nil
}

// asURL keeps a request's own URL from being a target: its host is the server's.
func (t *taint) asURL(in *inbound) *inbound {
	if in.medium == fromURL && t.need.use&(useHost|useJump) != 0 {
		if t.need.use == useHost {
			t.lose() // but for a proxy, whose clients name the host in it
		}
		return nil
	}
	return in
}

// context follows a value that was put into a request's context. Which handler
// put it there is not known, so the way is doubtful.
func (t *taint) context(key string, c *ssa.Call, sel *types.Var, depth int) *inbound {
	if t.lose(); len(t.m.kept[key]) == 0 || !t.doubt() {
		return nil // other packages may have put it there
	}
	for _, site := range t.m.kept[key] {
		d := t.m.p.asCall(site, nil)
		if d == nil {
			continue
		}
		_, value, ok := t.m.setter(d)
		if !ok {
			continue
		}
		in := t.trace(value, sel, site, nil, depth+1)
		if in == nil {
			continue
		}
		in.steps = append(in.steps, Step{site.Pos(), "kept in the request's context"}, Step{c.Pos(), "read from the context"})
		in.doubtful = true
		return in
	}
	return nil
}

// formatted follows the arguments of a format as far as their verbs let text
// through.
func (t *taint) formatted(d *call, c *ssa.Call, fr *frame, depth int) *inbound {
	at := 0
	if d.name == "Appendf" {
		at = 1
	}
	if in, ok := t.relayed(d.args[at], d.args[len(d.args)-1], fr, depth); ok {
		return in
	}
	args, ok := variadic(d.args[len(d.args)-1])
	format, known := constText(d.args[at])
	if !ok {
		if in := t.trace(d.args[len(d.args)-1], nil, c, fr, depth+1); in != nil {
			return in
		}
	}
	if !known {
		if in := t.trace(d.args[at], nil, c, fr, depth+1); in != nil {
			return in
		}
		return t.parts(args, c, fr, depth)
	}
	return t.parts(t.formatParts(format, args), c, fr, depth)
}

// formatParts splits a format into constants and the arguments that bring text.
func (t *taint) formatParts(format string, args []ssa.Value) []ssa.Value {
	var parts []ssa.Value
	add := func(s string) {
		if s != "" {
			parts = append(parts, ssa.NewConst(constant.MakeString(s), types.Typ[types.String]))
		}
	}
	next, indexed := 0, false
	for {
		m := formatVerb.FindStringSubmatchIndex(format)
		if m == nil {
			add(format)
			if !indexed && next < len(args) {
				// What no verb takes is appended as it is.
				parts = append(parts, args[next:]...)
			}
			return parts
		}
		add(format[:m[0]])
		v := format[m[0]:m[1]]
		if v != "%%" {
			next += strings.Count(v, "*") // a width is an argument of its own
		}
		if i := max(m[2], m[4]); i >= 0 {
			n, err := strconv.Atoi(v[i-m[0] : i-m[0]+strings.IndexByte(v[i-m[0]:], ']')])
			if err == nil {
				next, indexed = n-1, true
			}
		}
		format = format[m[1]:]
		if v == "%%" {
			add("%")
			continue
		}
		switch v[len(v)-1] {
		case 'd', 'x', 'X', 't', 'b', 'o', 'f', 'e', 'g', 'T', 'p', 'c', 'U':
			add("0")
			if next >= 0 && next < len(args) && !strings.ContainsRune("xXTp", rune(v[len(v)-1])) && holdsString(args[next]) {
				parts = append(parts, args[next]) // a verb that does not fit prints the text
			}
		case 'q':
			if t.need.use == useLog {
				add("q")
			} else if next >= 0 && next < len(args) {
				parts = append(parts, args[next])
			}
		default:
			if next >= 0 && next < len(args) {
				parts = append(parts, args[next])
			}
		}
		next++
	}
}

// formatVerb matches a verb of a format; its groups are explicit argument indexes.
var formatVerb = regexp.MustCompile(`%[-+# 0]*(?:\[([0-9]+)\])?(?:\*|[0-9]*)(?:\.(?:\*|[0-9]*))?(?:\[([0-9]+)\])?[a-zA-Z%]`)

// written follows what is put into the object v refers to: an address, a map, a
// slice, a builder.
func (t *taint) written(v ssa.Value, sel *types.Var, fr *frame, depth int) *inbound {
	refs := v.Referrers()
	var top ssa.CallInstruction
	if fr != nil {
		top = fr.call
	}
	key := visit{v, sel, top, true}
	if refs == nil {
		return nil
	}
	if t.seen[key] {
		t.again()
		return nil
	}
	if depth > maxTaintDepth || t.left <= 0 {
		return t.lose()
	}
	t.see(key)
	for _, r := range *refs {
		var in *inbound
		switch x := r.(type) {
		case *ssa.Store:
			if x.Addr == v {
				in = t.trace(x.Val, sel, x, fr, depth+1)
				if name, ok := v.(*ssa.FieldAddr); ok && in == nil && isDocumentName(name) {
					in = t.namesIn(x.Val, x, fr, depth)
				}
			} else if site := variadicSite(x); site != nil {
				in = t.filled(site, v, sel, fr, depth+1)
			}
		case *ssa.FieldAddr:
			if f := fieldVar(x); x.X == v && f != nil && (sel == nil || f == sel) && !t.harmlessField(v.Type(), f) && !t.checkedTag(v.Type(), f) {
				in = t.written(x, nil, fr, depth+1)
				if t.need.use == useNoSQL {
					in = in.under(elementName(x))
				}
			}
		case *ssa.IndexAddr:
			if x.X == v {
				in = t.written(x, sel, fr, depth+1)
			}
		case *ssa.MapUpdate:
			if x.Map == v {
				in = t.trace(x.Value, nil, x, fr, depth+1)
				if name, ok := constText(x.Key); ok {
					in = in.under(name)
				} else if in == nil {
					in = t.namesIn(x.Key, x, fr, depth)
				}
			}
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Slice, *ssa.Convert:
			in = t.written(x.(ssa.Value), sel, fr, depth+1)
		case *ssa.UnOp:
			if x.Op == token.MUL && isReference(x.Type()) {
				in = t.written(x, sel, fr, depth+1)
			}
		case *ssa.MakeClosure:
			if i := slices.Index(x.Bindings, v); i >= 0 {
				in = t.written(x.Fn.(*ssa.Function).FreeVars[i], sel, nil, depth+1)
			}
		case ssa.CallInstruction:
			in = t.filled(x, v, sel, fr, depth+1)
		}
		if in != nil {
			return in
		}
	}
	return nil
}

// variadicSite returns the call for whose variadic rest a value is stored.
func variadicSite(x *ssa.Store) ssa.CallInstruction {
	ia, ok := x.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	al, ok := ia.X.(*ssa.Alloc)
	if !ok || al.Comment != "varargs" {
		return nil
	}
	for _, r := range *al.Referrers() {
		if s, ok := r.(*ssa.Slice); ok {
			for _, sr := range *s.Referrers() {
				if ci, ok := sr.(ssa.CallInstruction); ok {
					return ci
				}
			}
		}
	}
	return nil
}

// filled follows what a call writes into its argument v.
func (t *taint) filled(ci ssa.CallInstruction, v ssa.Value, sel *types.Var, fr *frame, depth int) *inbound {
	common := ci.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "copy" && common.Args[0] == v {
			return t.trace(common.Args[1], nil, ci, fr, depth+1)
		}
		return nil
	}
	if fns := t.m.callees(ci); len(fns) > 0 {
		if common.IsInvoke() {
			t.lose()
		}
		for _, fn := range fns {
			if in := t.filledBy(fn, ci, v, sel, fr, depth); in != nil {
				return in
			}
		}
		return nil
	}
	d := t.m.p.asCall(ci, nil)
	if d == nil {
		return t.lose()
	}
	if info, ok := fillCalls[d.path][d.callee()]; ok {
		if !slices.Contains(d.args, v) && !holds(d.args, v) {
			return nil
		}
		if d.path == pathGorilla || strings.Contains(d.path, "websocket") {
			for _, conn := range append([]ssa.Value{d.on}, d.args...) {
				if conn != nil && conn != v && t.m.dialled(conn) {
					info.medium = fromPeer
				}
			}
		}
		info.what = info.medium.words()
		return t.found(info, ci.Pos(), v)
	}
	from, ok := t.decodes(d, v)
	if !ok {
		if !standardPath(d.path) || pointsToText(v) && (slices.Contains(d.args, v) || holds(d.args, v)) {
			t.lose() // it may write into v
		}
		return nil
	}
	for _, f := range from {
		if f == nil || f == v {
			continue
		}
		if isNamed(f.Type(), "net/http", "Request") {
			if t.m.incoming(f) && d.path != "net/http" {
				return t.found(sourceInfo{what: fromForm.words(), medium: fromForm}, ci.Pos(), v)
			}
			continue
		}
		if in := t.trace(f, nil, ci, fr, depth+1); in != nil {
			in.steps = append(in.steps, Step{ci.Pos(), "decoded or written by " + d.name})
			return in
		}
	}
	return nil
}

// pointsToText reports whether a value is the address of something that can
// hold text.
func pointsToText(v ssa.Value) bool {
	ptr, ok := unwrapInterface(v).Type().Underlying().(*types.Pointer)
	return ok && carriesText(ptr.Elem(), false, false)
}

// holdsString reports whether a value is known to be a string.
func holdsString(v ssa.Value) bool {
	if v == nil {
		return false
	}
	ty := unwrapInterface(v).Type()
	if ty == nil {
		return false
	}
	b, ok := ty.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// holds reports whether v is one of the variadic values of a call.
func holds(args []ssa.Value, v ssa.Value) bool {
	if len(args) == 0 {
		return false
	}
	rest, _ := variadic(args[len(args)-1])
	for _, r := range rest {
		if r != nil && unwrapInterface(r) == unwrapInterface(v) {
			return true
		}
	}
	return false
}

// filledBy follows what a function of this package writes through the parameter
// that v is passed for.
func (t *taint) filledBy(fn *ssa.Function, ci ssa.CallInstruction, v ssa.Value, sel *types.Var, fr *frame, depth int) *inbound {
	for f, n := fr, 0; f != nil; f, n = f.up, n+1 {
		if f.fn == fn || n > 8 {
			return t.lose()
		}
	}
	for i, param := range fn.Params {
		if argument(ci, fn, i) != v {
			continue
		}
		if !isReference(param.Type()) {
			continue
		}
		if in := t.written(param, sel, &frame{ci, fn, fr}, depth+1); in != nil {
			in.steps = append(in.steps, Step{ci.Pos(), "written by " + fn.Name()})
			return in
		}
	}
	return nil
}

// lookField returns a struct's field by name.
func lookField(ty types.Type, name string) *types.Var {
	n := namedType(ty)
	if n == nil {
		return nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// sight is what a taint pass knows about its own completeness.
type sight struct {
	// lost is set when a way ended where it could not be followed.
	lost bool
	// cut is set when a check ended a way: what was seen behind the check is not
	// looked at again, so a second way to it counts as lost.
	cut bool
	// named is set when a check or a function that makes text harmless is known
	// by nothing but its name.
	named bool
	// twice is set when a way leads to what was seen behind such a check.
	twice bool
	// target, when not nil, is what is looked for instead of input.
	target ssa.Value
	why    string // the first reason for which a way ended
}

// lose notes that a way could not be followed. It returns nil so that a pass
// can return it.
func (s *sight) lose() *inbound {
	s.lost = true
	return nil
}

// trust notes that a way ended at something that is known by its name only.
func (s *sight) trust() {
	s.lost, s.named = true, true
}

func (s *sight) cleared(why string) {
	s.cut = true
	s.because(why)
}

func (s *sight) because(why string) {
	if s.why == "" {
		s.why = why
	}
}

// again notes that a way leads to what was seen before.
func (s *sight) again() {
	s.twice = s.twice || s.cut
	s.lost = s.lost || s.cut
}

// calledElsewhere reports whether code that is not seen may call fn.
func (p *pkg) calledElsewhere(fn *ssa.Function) bool {
	p.index()
	if p.escaped[fn] {
		return true
	}
	obj := fn.Object()
	return obj != nil && obj.Exported() && (p.types.Name() != "main" || fn.Signature.Recv() != nil)
}

// anchored reports whether a text that begins with known and parts, of which
// the first holds no input, leads to a place that the rest cannot change.
func (t *taint) anchored(known string, parts []ssa.Value) bool {
	ts, open := t.m.p.texts(parts[0])
	if open || len(ts) == 0 {
		return false
	}
	var after strings.Builder
	for _, part := range parts[1:] {
		s, ok := constText(part)
		if !ok {
			break
		}
		after.WriteString(s)
	}
	for _, x := range ts {
		if !t.fixed(known + x.s + after.String()) {
			return false
		}
	}
	return true
}

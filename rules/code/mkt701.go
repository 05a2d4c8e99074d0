package code

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt701 flags answers to clients that carry the text of an internal error.
//
// It starts at the calls that answer (replies.go), takes each error whose text
// they include, and asks where that error comes from (errorflow.go).
func mkt701() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT701",
		Name:     "error-detail-to-client",
		Title:    "Internal error text reaches the client",
		Class:    rules.Violation,
		Controls: []string{"error-safe"},
		CWE:      []int{209},
		Vector:   v53c,
		Flags: "The text of an error (`err.Error()`, `%v`, `fmt.Sprint(err)`), or the value `recover()` returned, in what a client is sent: `http.Error`, writes to a `ResponseWriter`, " +
			"the answer methods of gin, echo, fiber, fasthttp and chi/render, `echo.NewHTTPError`, `fiber.NewError`, gRPC and Connect status errors. " +
			"It is a violation when the error can come from a database, the network, the operating system, another process, cryptography or a template; " +
			"when this package cannot see where it comes from, or an encoder or a helper of another package gets the error itself, it is a review finding, one for a function, for the statuses of a file, or for such a helper. Stack traces are rule MKT703.",
		Safe: "A fixed message with a correlation id while the error goes to the log; errors the package words itself; sentinels and typed errors (`errors.Is`, `errors.As`, a type switch); " +
			"what parsers, binders and validators say of the request.",
		Remediation: "Log the error with a correlation id, and answer with a fixed message and that id. Keep texts that a client may read in errors of a type of their own.",
		Wrong:       "if err := db.QueryRow(q, id).Scan(&u.Name); err != nil {\n\thttp.Error(w, err.Error(), http.StatusInternalServerError)\n}",
		Right: "if err := db.QueryRow(q, id).Scan(&u.Name); err != nil {\n\tslog.Error(\"load user\", \"err\", err, \"request\", requestID)\n" +
			"\thttp.Error(w, \"internal error, request \"+requestID, http.StatusInternalServerError)\n}",
		Frameworks: []string{"net/http", "gin", "echo", "fiber", "chi/render", "fasthttp", "gRPC status", "Connect"},
	}, nil, replyGate, runMKT701)
}

func runMKT701(p *pkg) []Hit {
	var hits []Hit
	doubts := map[token.Pos]doubt{}
	for _, r := range p.replies() {
		leaks := p.leaks(r)
		if slices.ContainsFunc(leaks, func(l leak) bool { return l.kind == leakStack }) {
			continue // MKT703 speaks of it
		}
		for _, l := range leaks {
			h, ok := p.judgeLeak(r, l)
			if !ok {
				continue
			}
			switch {
			case h.Class != rules.Review:
			case l.by != "":
				doubts[h.Pos] = doubt{helper: l.by}
			case !strings.HasSuffix(h.Message, mayTell):
			case p.isStatus(r):
				doubts[h.Pos] = doubt{file: p.fset.File(h.Pos)}
			default:
				doubts[h.Pos] = doubt{file: p.fset.File(h.Pos), fn: outermost(r.at.Parent())}
			}
			hits = append(hits, h)
		}
	}
	hits = append(hits, p.handedOn()...)
	return p.gatherDoubts(mergePlaces(hits), doubts)
}

// mayTell ends the message about an error of another package, of which nothing
// else is known.
const mayTell = "which may tell of the inside"

// isStatus reports whether a reply is a gRPC or Connect status.
func (p *pkg) isStatus(r reply) bool {
	return r.call != nil && (r.call.path == "google.golang.org/grpc/status" || r.call.path == "connectrpc.com/connect")
}

// A doubt is what doubtful places have in common: the function they are in, the
// file of a status, or the helper of another package that words the errors.
// They have one answer.
type doubt struct {
	file   *token.File
	fn     *ssa.Function
	helper string
}

// gatherDoubts makes one finding of those with a doubt in common.
func (p *pkg) gatherDoubts(hits []Hit, doubts map[token.Pos]doubt) []Hit {
	first := map[doubt]int{}
	more := map[int]int{}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Pos, b.Pos) })
	var out []Hit
	for _, h := range hits {
		d, ok := doubts[h.Pos]
		if !ok || h.Class != rules.Review {
			out = append(out, h)
			continue
		}
		i, ok := first[d]
		if !ok {
			first[d] = len(out)
			out = append(out, h)
			continue
		}
		more[i]++
		if more[i] <= maxPlaces {
			out[i].Steps = append(out[i].Steps, Step{h.Pos, "another such text is sent here"})
		}
	}
	for i, n := range more {
		where := "function"
		switch d := doubts[out[i].Pos]; {
		case d.helper != "":
			where = "package"
		case d.fn == nil:
			where = "file"
		}
		out[i].Message += fmt.Sprintf("; likewise at %d more of this %s", n, where)
	}
	return out
}

// maxPlaces bounds how many further places one finding shows.
const maxPlaces = 20

// mergePlaces keeps the gravest hit of each place.
func mergePlaces(hits []Hit) []Hit {
	at := map[[2]int]int{}
	var out []Hit
	for _, h := range hits {
		key := [2]int{int(h.Pos), int(h.End)}
		i, ok := at[key]
		switch {
		case !ok:
			at[key] = len(out)
			out = append(out, h)
		case h.Class == "" && out[i].Class != "":
			out[i] = h
		}
	}
	return out
}

// judgeLeak turns what a reply includes into a hit.
func (p *pkg) judgeLeak(r reply, l leak) (Hit, bool) {
	h := p.leakHit("MKT701", r, l)
	if l.kind == leakRecovered {
		h.Message = "the client is shown what the panic was called with; answer with a fixed message and log the value"
		if p.debugOnly(l.at) || p.debugOnly(r.at) {
			h.Class = rules.Review
		}
		return h, true
	}
	o := p.errorOrigin(l)
	switch {
	case o.class == errorTold, noAnswer(r), o.class == errorUnknown && callersFault(r):
		return Hit{}, false
	case o.class == errorUnknown:
		h.Class = rules.Review
		h.Message = "the client is shown the text of an error whose origin this package does not tell"
		if o.from != "" {
			h.Message = fmt.Sprintf("the client is shown the text of an error of %s, "+mayTell, originName(o))
		}
	case o.kind == "panic":
		h.Message = "the client is shown the text of a panic; answer with a fixed message and log the error"
	default:
		h.Message = fmt.Sprintf("the client is shown the text of an error of %s (%s); answer with a fixed message and log the error", o.kind, originName(o))
	}
	switch {
	case l.by != "":
		h.Class = rules.Review
		h.Message = fmt.Sprintf("the client is sent what %s makes of an error (%s); see that its text is not in there", l.by, originName(o))
	case l.raw:
		// Most error types have no exported field, and encode to {}.
		h.Class = rules.Review
		h.Message = strings.Replace(h.Message, "the text of", "the fields of", 1)
	case p.debugOnly(l.at) || p.debugOnly(r.at):
		h.Class = rules.Review
	}
	h.Steps = append(slices.Clone(o.steps), h.Steps...)
	if n := len(h.Steps); n == 0 || h.Steps[n-1].Message != sentHere {
		h.Steps = append(h.Steps, Step{h.Pos, sentHere})
	}
	return h, true
}

// sentHere ends the way of an error's text.
const sentHere = "sent to the client here"

// noAnswer reports whether a reply cannot be shown: a status that is built to
// be compared or logged, never returned.
func noAnswer(r reply) bool {
	v, ok := r.at.(ssa.Value)
	return ok && r.call != nil && r.call.recv == "" && r.call.path == "google.golang.org/grpc/status" && v.Referrers() != nil && len(*v.Referrers()) == 0
}

// callersFault reports whether a gRPC status blames the request, so that its
// text is more likely written for the caller.
func callersFault(r reply) bool {
	if r.call == nil || r.call.recv != "" || len(r.call.args) == 0 {
		return false
	}
	var fault []int64
	switch r.call.path {
	case "google.golang.org/grpc/status", "connectrpc.com/connect":
		fault = []int64{3, 5, 6, 7, 9, 11, 12, 16} // InvalidArgument, NotFound, AlreadyExists, PermissionDenied, FailedPrecondition, OutOfRange, Unimplemented, Unauthenticated
	}
	code, ok := r.call.args[0].(*ssa.Const)
	return ok && code.Value != nil && slices.Contains(fault, code.Int64())
}

// leakHit places a hit: at the reply when the text is made in the same function
// or in one it calls, else where the function that answers is given the text.
func (p *pkg) leakHit(rule string, r reply, l leak) Hit {
	place := l.at
	for fr := l.within; fr != nil; fr = fr.parent {
		place = fr.call
	}
	h := Hit{Rule: rule, Steps: slices.Clone(l.steps)}
	if place == nil || place == r.at || outermost(place.Parent()) == outermost(r.at.Parent()) {
		if r.call != nil {
			h.Pos, h.End = p.region(r.call.instr, r.arg)
		} else {
			h.Pos = r.at.Pos()
		}
		if l.at != nil && l.at != r.at {
			h.Steps = slices.Insert(h.Steps, 0, Step{l.at.Pos(), "becomes text here"})
		}
		return h
	}
	if ci, ok := place.(ssa.CallInstruction); ok {
		h.Pos, h.End = p.region(ci, -1)
	} else {
		h.Pos = place.Pos()
	}
	h.Steps = append(h.Steps, Step{r.at.Pos(), sentHere})
	return h
}

// debugOnly reports whether an instruction runs only where a switch named after
// debugging or development is on.
func (p *pkg) debugOnly(instr ssa.Instruction) bool {
	return instr != nil && p.onlyIf(instr.Block(), func(cond ssa.Value, outcome bool) bool { return p.debugSwitch(cond, outcome, 0) })
}

var debugWords = []string{"debug", "dev", "development", "devel", "verbose", "trace", "local", "testing", "playground", "pprof", "profile", "profiling", "profiler", "swagger", "graphiql", "introspection", "expvar"}

// debugSwitch reports whether a condition that has this outcome says that
// debugging is on.
func (p *pkg) debugSwitch(cond ssa.Value, outcome bool, depth int) bool {
	if depth > 4 {
		return false
	}
	// named says that a switch of that name being on means debugging, or being
	// off: disableStackTrace, production.
	named := func(v ssa.Value) (on, off bool) {
		n := SplitName(valueName(v))
		debug, not := n.Has(debugWords...), n.Has("disable", "disabled", "no", "hide", "hidden", "suppress", "skip")
		return debug && !not, debug && not || n.Has("prod", "production", "release")
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			return p.debugSwitch(x.X, !outcome, depth+1)
		}
	case *ssa.BinOp:
		// env == "development", mode != "production"
		if x.Op != token.EQL && x.Op != token.NEQ {
			return false
		}
		equal := (x.Op == token.EQL) == outcome
		for _, side := range []ssa.Value{x.X, x.Y} {
			if t, ok := side.(*ssa.Const); ok && t.Value != nil {
				words := SplitName(strings.Trim(t.Value.ExactString(), `"`))
				if equal && words.Has(debugWords...) || !equal && words.Has("prod", "production", "release") {
					return true
				}
				xOn, xOff := named(x.X)
				yOn, yOff := named(x.Y)
				switch strings.Trim(t.Value.ExactString(), `"`) {
				case "", "0", "false":
					return !equal && (xOn || yOn) || equal && (xOff || yOff)
				case "true", "1":
					return equal && (xOn || yOn) || !equal && (xOff || yOff)
				}
			}
		}
		return false
	}
	on, off := named(cond)
	return outcome && on || !outcome && off
}

// valueName is the name a value goes by in the source: a variable's, a field's,
// a called function's, a parameter's; "" for none.
func valueName(v ssa.Value) string {
	switch x := unwrap(v).(type) {
	case *ssa.Parameter:
		return x.Name()
	case *ssa.FreeVar:
		return x.Name()
	case *ssa.Global:
		return x.Name()
	case *ssa.Alloc:
		return x.Comment
	case *ssa.FieldAddr:
		if f := fieldVar(x); f != nil {
			return f.Name()
		}
	case *ssa.Field:
		if f := structField(x.X.Type(), x.Field); f != nil {
			return f.Name()
		}
	case *ssa.UnOp:
		return valueName(x.X)
	case *ssa.Extract:
		return valueName(x.Tuple)
	case *ssa.Phi:
		return x.Comment
	case *ssa.Call:
		if x.Call.IsInvoke() {
			return x.Call.Method.Name()
		}
		if fn := x.Call.StaticCallee(); fn != nil {
			var name strings.Builder
			name.WriteString(fn.Name())
			for _, a := range x.Call.Args {
				// os.Getenv("DEBUG"), viper.GetBool("debug")
				if c, ok := a.(*ssa.Const); ok && c.Value != nil && isText(c.Type()) {
					name.WriteString("_" + strings.Trim(c.Value.ExactString(), `"`))
				}
			}
			return name.String()
		}
	}
	return ""
}

// handedOn finds error texts that are given, beside the response, to a function
// of another package, which most likely sends them.
func (p *pkg) handedOn() []Hit {
	var hits []Hit
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		ci, ok := instr.(*ssa.Call)
		if !ok {
			return
		}
		c := p.asCall(ci, nil)
		if c == nil || c.fn.Pkg() == p.types || replyGate(c.path) || len(c.args) < 2 || !answers(c) {
			return
		}
		responds := slices.ContainsFunc(c.args, func(a ssa.Value) bool { return p.isResponse(a.Type()) || p.isContext(a.Type()) })
		if !responds {
			return
		}
		for i, a := range c.args {
			text, ok := unwrap(a).(*ssa.Call)
			if !ok || !isText(text.Type()) {
				continue
			}
			t := &tracer{p: p, seen: map[traced]bool{}}
			t.walk(text, ci, nil, false, nil)
			for _, l := range t.out {
				if l.kind != leakError {
					continue
				}
				o := p.errorOrigin(l)
				if o.class == errorTold {
					continue
				}
				h := p.hit("MKT701", ci, i, fmt.Sprintf("the text of an error (%s) is given to %s, which answers the client", originName(o), c.fn.Pkg().Name()+"."+c.callee()), o.steps...)
				h.Class = rules.Review
				hits = append(hits, h)
			}
		}
	})
	return hits
}

func originName(o errorOrigin) string {
	if o.from == "" {
		return "unknown origin"
	}
	return o.from[strings.LastIndexByte(o.from, '/')+1:]
}

// answers reports whether a function's name says that it answers a request.
func answers(c *call) bool {
	if SplitName(c.fn.Pkg().Name()).Has("log", "logger", "logging", "slog", "zap", "sentry", "trace", "metrics") {
		return false
	}
	return SplitName(c.name).Has("error", "fail", "failed", "failure", "respond", "response", "reply", "render", "write", "json", "abort", "send", "internal", "bad", "unauthorized", "forbidden")
}

// isContext reports whether a type is a framework's request context.
func (p *pkg) isContext(t types.Type) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() {
	case "github.com/gin-gonic/gin Context", "github.com/labstack/echo Context", "github.com/gofiber/fiber Ctx", "github.com/valyala/fasthttp RequestCtx":
		return true
	}
	return false
}

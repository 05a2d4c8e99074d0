package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt706 flags loggers that write records without the time.
func mkt706() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT706",
		Name:     "log-without-time",
		Title:    "Log records carry no time",
		Class:    rules.Review,
		Controls: []string{"audit-logging"},
		CWE:      []int{778},
		Vector:   v31i,
		Flags: "`log.SetFlags` and `log.New` with flags without date and time, zap's `TimeKey` empty or left out of an `EncoderConfig`, `zerolog.New` in a package that never calls `Timestamp`, " +
			"slog's `ReplaceAttr` dropping `slog.TimeKey`, logrus' `DisableTimestamp`.",
		Safe:        "Flags with `log.Ldate` or `log.Ltime`; loggers that write nowhere.",
		Remediation: "Keep the time in each record, in UTC, and let the platform add its own beside it.",
		Wrong:       "log.SetFlags(0)",
		Right:       "log.SetFlags(log.LstdFlags | log.LUTC)",
		Frameworks:  []string{"log", "log/slog", "zap", "zerolog", "logrus"},
	}, nil, timeGate, runMKT706)
}

var timeGate = paths("log", "log/slog", "go.uber.org/zap", "go.uber.org/zap/zapcore", "github.com/rs/zerolog", "github.com/sirupsen/logrus")

func runMKT706(p *pkg) []Hit {
	var hits []Hit
	add := func(c *call, arg int, message string) {
		hits = append(hits, p.hit("MKT706", c.instr, arg, message))
	}
	stamped := false
	var bare []*call
	p.eachCall(timeGate, func(c *call) {
		switch c.path + " " + c.callee() {
		case "log SetFlags", "log Logger.SetFlags":
			if p.timeless(c.args[0]) {
				add(c, 0, "these flags leave the time out of each record")
			}
		case "log New":
			if len(c.args) == 3 && p.timeless(c.args[2]) && p.endsHere(c.args[0]) {
				add(c, 2, "these flags leave the time out of each record")
			}
		case "github.com/rs/zerolog Context.Timestamp", "github.com/rs/zerolog Event.Timestamp", "github.com/rs/zerolog Event.Time":
			stamped = true
		case "github.com/rs/zerolog New":
			if !discards(c.args[0]) {
				bare = append(bare, c)
			}
		}
	})
	if !stamped {
		for _, c := range bare {
			add(c, -1, "this logger writes no time; make it with .With().Timestamp().Logger()")
		}
	}
	p.literals(func(path, name string) bool {
		return path == "go.uber.org/zap/zapcore" && name == "EncoderConfig" || path == "github.com/sirupsen/logrus" && strings.HasSuffix(name, "Formatter") || path == "log/slog" && name == "HandlerOptions"
	}, func(l *literal) {
		at := func(s *ssa.Store, message string) {
			hits = append(hits, Hit{Rule: "MKT706", Pos: s.Pos(), End: s.Pos() + 1, Message: message})
		}
		switch l.typ.Obj().Name() {
		case "EncoderConfig":
			stores := l.set["TimeKey"]
			if len(stores) == 0 && !l.passed && (len(l.set["MessageKey"]) > 0 || len(l.set["LevelKey"]) > 0) {
				hits = append(hits, Hit{Rule: "MKT706", Pos: l.alloc.Pos(), End: l.alloc.Pos() + 1, Message: "this encoder has no TimeKey and writes no time"})
			}
			for _, s := range stores {
				if t, ok := constText(s.Val); ok && t == "" {
					at(s, "an empty TimeKey leaves the time out of each record")
				}
			}
		case "HandlerOptions":
			for _, s := range l.set["ReplaceAttr"] {
				if fn := p.funcOf(s.Val); fn != nil && p.dropsTime(fn) {
					at(s, "ReplaceAttr drops the time from each record")
				}
			}
		default:
			for _, s := range l.set["DisableTimestamp"] {
				if yes, _ := p.isTrue(s.Val); yes {
					at(s, "DisableTimestamp leaves the time out of each record")
				}
			}
		}
	})
	// zap's presets are changed by field: cfg.EncoderConfig.TimeKey = "".
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok || fieldName(fa) != "TimeKey" || !p.isType(fa.X.Type(), "go.uber.org/zap/zapcore", "EncoderConfig") {
			return
		}
		if _, local := fa.X.(*ssa.Alloc); local {
			return // read above
		}
		if t, ok := constText(s.Val); ok && t == "" {
			hits = append(hits, Hit{Rule: "MKT706", Pos: s.Pos(), End: s.Pos() + 1, Message: "an empty TimeKey leaves the time out of each record"})
		}
	})
	return hits
}

// timeless reports whether flags of package log are certain to hold neither
// date nor time.
func (p *pkg) timeless(v ssa.Value) bool {
	all, open := p.ints(v)
	if open || len(all) == 0 {
		return false
	}
	for _, n := range all {
		if n.n&7 != 0 { // Ldate, Ltime, Lmicroseconds
			return false
		}
	}
	return true
}

// endsHere reports whether a writer is a file or the console, and no adapter to
// another logger, which adds the time itself.
func (p *pkg) endsHere(w ssa.Value) bool {
	w = unwrap(w)
	if x, ok := w.(*ssa.Call); ok {
		c := p.asCall(x, paths("io"))
		return c != nil && c.name == "MultiWriter"
	}
	return p.isType(w.Type(), "os", "File") || p.isType(w.Type(), "bufio", "Writer") || p.isType(w.Type(), "gopkg.in/natefinch/lumberjack", "Logger")
}

// discards reports whether a writer is io.Discard.
func discards(w ssa.Value) bool {
	u, ok := unwrap(w).(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := u.X.(*ssa.Global)
	return ok && g.Name() == "Discard"
}

// dropsTime reports whether a ReplaceAttr function compares the key with
// slog.TimeKey and returns an empty attribute then.
func (p *pkg) dropsTime(fn *ssa.Function) bool {
	compares, empty := false, false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.BinOp:
				for _, v := range []ssa.Value{x.X, x.Y} {
					if t, ok := constText(v); ok && t == "time" {
						compares = true
					}
				}
			case *ssa.Return:
				if len(x.Results) != 1 {
					continue
				}
				switch r := x.Results[0].(type) {
				case *ssa.Const:
					empty = true // slog.Attr{}
				case *ssa.UnOp:
					if al, ok := r.X.(*ssa.Alloc); ok && untouched(al) {
						empty = true
					}
				}
			}
		}
	}
	return compares && empty
}

// untouched reports whether a local struct is only read: it is zero.
func untouched(al *ssa.Alloc) bool {
	for _, r := range *al.Referrers() {
		switch r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

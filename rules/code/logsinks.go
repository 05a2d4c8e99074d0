package code

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A logSink is a call that writes its arguments where others read them: a log,
// standard output, a panic, a span.
type logSink struct {
	call *ast.CallExpr
	name string // "log.Printf", "zap.String"
	args []ast.Expr
	// keys are the constant keys of args, "" where there is none; nil when no
	// argument has one.
	keys []string
	// tagged says that structs are written as JSON.
	tagged bool
	// printed says that the call writes to the standard output or error, where a
	// command line tool may show on purpose what its user asked for.
	printed bool
	// attr says that a handler's ReplaceAttr sees the value.
	attr bool
}

// logLevels are the names of functions and methods that loggers have.
var logLevels = setOf("Print Printf Println Printw Debug Debugf Debugln Debugw DebugS Debugc Info Infof Infoln Infow InfoS Infoc Warn Warnf Warnln Warnw Warning Warningf Warningln WarningS Error Errorf Errorln Errorw ErrorS Errorc " +
	"Fatal Fatalf Fatalln Fatalw FatalS Panic Panicf Panicln Panicw DPanic DPanicf DPanicw Trace Tracef Traceln Tracew Notice Noticef Noticew Critical Criticalf Alert Alertf Log Logf Logln Logw LogAttrs Output Verbose Verbosef " +
	"DebugContext InfoContext WarnContext ErrorContext DebugCtx InfoCtx WarnCtx ErrorCtx DebugDepth InfoDepth WarningDepth ErrorDepth FatalDepth Exit Exitf Exitln V With WithField WithFields WithValues WithError")

// attrMakers build one key and value of a structured log or a span.
var attrMakers = map[string]map[string]bool{
	"log/slog":                                  setOf("String Any StringValue AnyValue"),
	"go.uber.org/zap":                           setOf("String Strings Stringp ByteString ByteStrings Binary Any Reflect Stringer Error NamedError Inline"),
	"go.opentelemetry.io/otel/attribute":        setOf("String StringSlice Stringer"),
	"github.com/opentracing/opentracing-go/log": setOf("String Object Error Message"),
	"cdr.dev/slog":                              setOf("F Error"),
}

// eventMethods are the methods of zerolog's chains that take a value.
var eventMethods = setOf("Str Strs Stringer Bytes Hex RawJSON Interface Any Err AnErr Fields Object EmbedObject Msg Msgf MsgFunc Dict Errs")

// loggerPackages are found by path; others by their name (isLogger).
var loggerPackages = setOf(`log log/slog go.uber.org/zap github.com/rs/zerolog github.com/rs/zerolog/log github.com/sirupsen/logrus k8s.io/klog github.com/golang/glog
	github.com/go-logr/logr github.com/hashicorp/go-hclog github.com/charmbracelet/log github.com/apex/log github.com/go-kit/log github.com/go-kit/kit/log github.com/gookit/slog github.com/inconshreveable/log15
	github.com/phuslu/log github.com/op/go-logging github.com/labstack/gommon/log`)

// logSinks visits the calls of the package that write to a log, the standard
// output, a panic or a span.
func (p *pkg) logSinks(do func(*logSink)) {
	wrappers := map[*types.Func]string{}
	var later []*ast.CallExpr
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
		x := cur.Node().(*ast.CallExpr)
		if s := p.logSink(x); s != nil {
			if v, fn := p.passesOn(x); v {
				wrappers[fn] = fn.Name()
				continue
			}
			do(s)
		} else if fn := p.callee(x); fn != nil && fn.Pkg() == p.types {
			later = append(later, x)
		}
	}
	for _, x := range later {
		if fn := p.callee(x); wrappers[fn] != "" {
			do(&logSink{call: x, name: fn.Name(), args: p.shownArgs(x)})
		}
	}
}

// passesOn reports whether a call passes the variadic rest of the function
// around it, so that this function is a logger itself.
func (p *pkg) passesOn(x *ast.CallExpr) (bool, *types.Func) {
	if !x.Ellipsis.IsValid() || len(x.Args) == 0 {
		return false, nil
	}
	id, ok := ast.Unparen(x.Args[len(x.Args)-1]).(*ast.Ident)
	if !ok {
		return false, nil
	}
	d := p.enclosing(x.Pos())
	if d == nil {
		return false, nil
	}
	fn, ok := p.info.Defs[d.Name].(*types.Func)
	if !ok || !fn.Signature().Variadic() {
		return false, nil
	}
	last := fn.Signature().Params().At(fn.Signature().Params().Len() - 1)
	return p.info.Uses[id] == types.Object(last), fn
}

// logSink describes a call as a sink, or returns nil.
func (p *pkg) logSink(x *ast.CallExpr) *logSink {
	if len(x.Args) == 0 {
		return nil
	}
	if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "panic" {
		if _, ok := p.info.Uses[id].(*types.Builtin); ok {
			return &logSink{call: x, name: "panic", args: x.Args}
		}
		return nil
	}
	fn := p.callee(x)
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	path, name := p.pathOf(fn.Pkg()), fn.Name()
	recv := receiverName(fn)
	if recv == "" {
		if sel, ok := x.Fun.(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
			recv = typeName(p.info.TypeOf(sel.X))
		}
	}
	s := &logSink{call: x, name: cutPath(fn.Pkg().Name(), recv, name)}
	if makers := attrMakers[path]; makers != nil && recv == "" && makers[name] {
		s.attr = path == "log/slog"
		s.tagged = path == "go.uber.org/zap"
		if len(x.Args) >= 2 {
			key, _ := p.constString(x.Args[0])
			s.args, s.keys = x.Args[1:2], []string{key}
		} else {
			s.args = x.Args[:1]
		}
		return s
	}
	switch path {
	case "fmt":
		switch name {
		case "Print", "Printf", "Println":
			s.printed = true
			s.args = p.shownArgs(x)
			return s
		case "Fprint", "Fprintf", "Fprintln":
			if p.standardStream(x.Args[0]) {
				s.printed = true
				s.args = p.shownArgs(&ast.CallExpr{Fun: x.Fun, Args: x.Args, Ellipsis: x.Ellipsis})[1:]
				return s
			}
		}
		return nil
	case "io":
		if name == "WriteString" && len(x.Args) == 2 && p.standardStream(x.Args[0]) {
			s.printed, s.args = true, x.Args[1:]
			return s
		}
		return nil
	case "go.opentelemetry.io/otel/attribute":
		if recv == "Key" && (name == "String" || name == "StringSlice") {
			s.args = x.Args
			return s
		}
		return nil
	case "github.com/rs/zerolog":
		if (recv == "Event" || recv == "Context" || recv == "Array") && eventMethods[name] {
			s.tagged = true
			if len(x.Args) == 2 && name != "Msgf" {
				key, _ := p.constString(x.Args[0])
				s.args, s.keys = x.Args[1:], []string{key}
			} else {
				s.args = p.shownArgs(x)
			}
			return s
		}
	case "github.com/getsentry/sentry-go":
		switch name {
		case "CaptureMessage", "SetTag", "SetExtra", "SetContext":
			return p.pairs(s, x.Args)
		}
		return nil
	case "testing":
		return nil
	}
	if name == "SetTag" || name == "LogKV" || name == "SetAttributes" {
		if recv == "Span" || strings.Contains(strings.ToLower(recv), "span") {
			return p.pairs(s, x.Args)
		}
		return nil
	}
	if !logLevels[name] || !isLogger(path, fn.Pkg().Name(), recv) {
		return nil
	}
	s = p.leveled(s, x, fn, path, name)
	if s != nil && s.keys == nil {
		s.args = slices.DeleteFunc(slices.Clone(s.args), func(a ast.Expr) bool { return !takesText(fn, x, a) })
	}
	return s
}

// takesText reports whether the parameter an argument is passed to is written
// as it comes: text, an error, anything. A typed parameter such as a request is
// the logger's to read from.
func takesText(fn *types.Func, x *ast.CallExpr, a ast.Expr) bool {
	i := slices.Index(x.Args, a)
	params := fn.Signature().Params()
	if i < 0 || params.Len() == 0 {
		return true
	}
	t := params.At(min(i, params.Len()-1)).Type()
	if sl, ok := t.(*types.Slice); ok && fn.Signature().Variadic() && i >= params.Len()-1 {
		t = sl.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Interface, *types.Map:
		return true
	}
	return isText(t)
}

// leveled fills the sink of a logger's function or method.
func (p *pkg) leveled(s *logSink, x *ast.CallExpr, fn *types.Func, path, name string) *logSink {
	if name == "V" || name == "Output" && len(x.Args) < 2 {
		return nil
	}
	sig := fn.Signature()
	rest := sig.Variadic()
	args := p.shownArgs(x)
	switch {
	case name == "WithField" && len(x.Args) == 2:
		key, _ := p.constString(x.Args[0])
		s.args, s.keys = x.Args[1:], []string{key}
		return s
	case !rest, strings.HasSuffix(name, "f"), strings.HasSuffix(name, "ln"):
		s.args = args
		return s
	}
	// A message and pairs, where the rest holds constant keys at every second
	// place: slog, zap's sugared logger, logr, hclog, klog's InfoS.
	s.attr = path == "log/slog"
	first := sig.Params().Len() - 1
	if first > 0 && first <= len(x.Args) || path == "log/slog" || strings.HasSuffix(name, "w") || name == "With" || name == "WithValues" {
		if first > len(x.Args) {
			first = len(x.Args)
		}
		if len(x.Args) > first {
			if _, ok := p.constString(x.Args[first]); ok || p.isAttr(x.Args[first]) {
				out := p.pairs(s, x.Args[first:])
				out.args = append(out.args, x.Args[:first]...)
				for range first {
					out.keys = append(out.keys, "")
				}
				return out
			}
		}
	}
	s.args = nil
	for _, a := range args {
		if !p.isAttr(a) {
			s.args = append(s.args, a)
		}
	}
	return s
}

// pairs splits keys from values. Attributes made by a call are sinks of their
// own and are left out.
func (p *pkg) pairs(s *logSink, args []ast.Expr) *logSink {
	for i := 0; i < len(args); i++ {
		if p.isAttr(args[i]) {
			continue
		}
		if key, ok := p.constString(args[i]); ok && i+1 < len(args) {
			i++
			s.args = append(s.args, args[i])
			s.keys = append(s.keys, key)
			continue
		}
		s.args = append(s.args, args[i])
		s.keys = append(s.keys, "")
	}
	return s
}

// isAttr reports whether an expression is a ready key and value.
func (p *pkg) isAttr(e ast.Expr) bool {
	n := namedType(p.info.TypeOf(e))
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() {
	case "log/slog Attr", "go.uber.org/zap Field", "go.uber.org/zap/zapcore Field", "go.opentelemetry.io/otel/attribute KeyValue", "log/slog Value":
		return true
	}
	return false
}

// isLogger reports whether a function belongs to a logger, by the path or name
// of its package or the name of its receiver's type.
func isLogger(path, pkgName, recv string) bool {
	if loggerPackages[path] {
		return true
	}
	switch recv {
	case "Logger", "SugaredLogger", "StdLogger", "FieldLogger", "Log", "LogEntry", "LeveledLogger", "LoggerInterface":
		return true
	case "":
		switch pkgName {
		case "log", "logger", "logging", "logs", "logx", "xlog", "zlog", "applog", "logutil", "klog", "glog", "dlog", "slog", "mlog", "llog":
			return true
		}
	}
	return false
}

// standardStream reports whether a writer is the standard output or error.
func (p *pkg) standardStream(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Stdout" && sel.Sel.Name != "Stderr" {
		return false
	}
	v := p.info.Uses[sel.Sel]
	return v != nil && v.Pkg() != nil && v.Pkg().Path() == "os"
}

// cutPath writes a function's name for a message.
func cutPath(pkgName, recv, name string) string {
	if recv != "" {
		return recv + "." + name
	}
	return pkgName + "." + name
}

// commandLine reports whether the package is part of a command line tool, whose
// output is for the one who ran it.
func (p *pkg) commandLine() bool {
	if importsAny(p.types, func(path string) bool {
		switch path {
		case "github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/urfave/cli", "github.com/alecthomas/kong", "github.com/alecthomas/kingpin", "gopkg.in/alecthomas/kingpin", "github.com/mitchellh/cli", "github.com/jessevdk/go-flags", "golang.org/x/term", "github.com/manifoldco/promptui", "github.com/AlecAivazis/survey":
			return true
		}
		return false
	}) {
		return true
	}
	for part := range strings.SplitSeq(p.types.Path(), "/") {
		switch part {
		case "cmd", "cli", "command", "commands", "scripts", "tools", "examples", "example", "demo":
			return true
		}
	}
	return p.types.Name() == "main" && (p.importsPath("flag") || !p.importsPath("net/http"))
}

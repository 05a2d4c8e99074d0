package code

import (
	"go/types"
	"reflect"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// Options are what a repository's policy file tells the rules. The zero value
// tells nothing.
type Options struct {
	// Teach names functions the rules cannot know by themselves.
	Teach Teach
	// Anonymous lists the routes that are meant to be open, each as "GET /path"
	// or "/path" for every method. A path that ends in "/" or "/*" stands for all
	// below it, a segment "*" or in braces for any one segment.
	Anonymous []string
	// SessionAbsolute and SessionIdle bound how long sessions may live; zero
	// means 24 hours and 30 minutes (catalogue §2.4, MKT309).
	SessionAbsolute, SessionIdle time.Duration
	// Personal names the personal data of the policy's data section ("contact
	// email"). Without one, nothing is known to be personal and MKT402 is off.
	Personal []string
	// Scopes are the OAuth scopes the policy declares (MKT307).
	Scopes []DeclaredScopes
}

// Idle reports whether a rule has nothing to look for under the options: it
// compares the code with what only a policy file says.
func (o Options) Idle(rule string) bool {
	switch rule {
	case "MKT307":
		return len(o.Scopes) == 0
	case "MKT402":
		return len(o.Personal) == 0
	}
	return false
}

// Teach names functions, each as "import/path.Func", "import/path.Type.Method"
// or "import/path.(*Type).Method", by what calling them does. A type,
// "import/path.Type", stands for all its methods.
type Teach struct {
	Auth        []string // proves who asks
	TenantScope []string // restricts a query to the caller's tenant
	Redact      []string // takes secrets and personal data out of a value
	URLGuard    []string // refuses targets that are not meant to be reached
	Audit       []string // writes an audit record
}

// Defaults of the session limits.
const (
	defaultSessionAbsolute = 24 * time.Hour
	defaultSessionIdle     = 30 * time.Minute
)

// A taughtKind is one list of [Teach].
type taughtKind uint8

const (
	taughtAuth taughtKind = 1 << iota
	taughtTenantScope
	taughtRedact
	taughtURLGuard
	taughtAudit
)

// byName indexes taught names by import path and name as written.
func (t *Teach) byName() map[string]taughtKind {
	index := map[string]taughtKind{}
	for kind, names := range map[taughtKind][]string{
		taughtAuth: t.Auth, taughtTenantScope: t.TenantScope, taughtRedact: t.Redact, taughtURLGuard: t.URLGuard, taughtAudit: t.Audit,
	} {
		for _, name := range names {
			// Both ways in which people write a method of a pointer.
			index[strings.NewReplacer("(*", "", ")", "").Replace(name)] |= kind
		}
	}
	return index
}

// taught reports whether a function was taught to be of that kind.
func (p *pkg) taught(kind taughtKind, fn *types.Func) bool {
	if len(p.taughtNames) == 0 || fn == nil || fn.Pkg() == nil {
		return false
	}
	name := fn.Pkg().Path() + "."
	if recv := receiverName(fn); recv != "" {
		name += recv
		if p.taughtNames[name]&kind != 0 {
			return true // the type stands for all its methods
		}
		name += "."
	}
	return p.taughtNames[name+fn.Name()]&kind != 0
}

// share lets the rules of one call of [With] see each package through one
// *pkg, so that what one rule has computed about it is there for the next.
func share(list []*Rule, opts Options) []*Rule {
	if opts.SessionAbsolute <= 0 {
		opts.SessionAbsolute = defaultSessionAbsolute
	}
	if opts.SessionIdle <= 0 {
		opts.SessionIdle = defaultSessionIdle
	}
	taught := opts.Teach.byName()
	model := &analysis.Analyzer{
		Name:       "staylisted",
		Doc:        "one package as the rules see it\n\nIt reports nothing.",
		Requires:   []*analysis.Analyzer{inspect.Analyzer, buildssa.Analyzer},
		ResultType: reflect.TypeFor[*Package](),
		Run: func(pass *analysis.Pass) (any, error) {
			p, err := newPkg(pass)
			if err != nil {
				return nil, err
			}
			p.opts, p.taughtNames = opts, taught
			return &Package{p}, nil
		},
	}
	for _, r := range list {
		r.Analyzer.Requires = append(r.Analyzer.Requires, model)
	}
	return list
}

// A Package is one package with the models that its rules share. It is made by
// an analyzer that every rule requires, and is not safe for concurrent use.
type Package struct{ p *pkg }

// Measure has start called whenever the rules begin to build a model they
// share, with the model's name, and what start returns when it is built. Models
// may be built while others are. A benchmark tells with it what a rule costs by
// itself from what any rule would have to pay that comes first.
func (p *Package) Measure(start func(model string) (end func())) { p.p.meter = start }

// building says that a shared model is being built; the caller calls what it
// returns at the end.
func (p *pkg) building(model string) func() {
	if p.meter == nil {
		return func() {}
	}
	return p.meter(model)
}

// packageOf returns the shared package among a pass's results.
func packageOf(pass *analysis.Pass) (*pkg, error) {
	for _, a := range pass.Analyzer.Requires {
		if shared, ok := pass.ResultOf[a].(*Package); ok {
			return shared.p, nil
		}
	}
	return newPkg(pass) // a rule that did not come from With
}

// importsPath reports whether the package imports a clean path that begins
// with one of the prefixes.
func (p *pkg) importsPath(prefixes ...string) bool {
	return importsAny(p.types, func(path string) bool {
		for _, prefix := range prefixes {
			if path == prefix || strings.HasPrefix(path, prefix+"/") {
				return true
			}
		}
		return false
	})
}

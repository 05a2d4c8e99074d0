package code

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt705 flags routes that do what an auditor asks about later, and leave no
// record of it.
func mkt705() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT705",
		Name:     "critical-action-unlogged",
		Title:    "Critical action leaves no log record",
		Class:    rules.Review,
		Controls: []string{"audit-logging"},
		CWE:      []int{778},
		Vector:   v31i,
		Flags: "A route that signs in or out, exchanges tokens, changes passwords, roles or permissions, deletes, exports, or manages keys, whose handler calls no logger and no audit function within three calls in its package. " +
			"One finding a package; handlers of other packages are listed apart, because what they log is not in sight.",
		Safe: "A call of a logging package or of a logger's method, of a function named after audit, log or record of events, or of one the policy teaches (`teach: audit`). " +
			"A middleware that logs every request counts for deletions, exports and keys, and not for sign-ins and permissions: who was refused is not in it. One that logs only what it refuses does not count.",
		Remediation: "Write a structured record with time, actor, action, target and result where the action is done, also when it is refused.",
		Wrong:       "r.DELETE(\"/accounts/:id\", func(c *gin.Context) { db.Delete(&Account{}, c.Param(\"id\")) })",
		Right:       "r.DELETE(\"/accounts/:id\", func(c *gin.Context) {\n\tdb.Delete(&Account{}, c.Param(\"id\"))\n\tslog.Info(\"account deleted\", \"account\", c.Param(\"id\"), \"by\", user(c))\n})",
		Frameworks:  []string{"net/http", "chi", "gorilla/mux", "gin", "echo v4", "fiber v2", "httprouter"},
	}, nil, httpGate, runMKT705)
}

func runMKT705(p *pkg) []Hit {
	t := p.routeTable()
	var silent, unseen []*route
	for _, r := range t.routes {
		kind, always := criticalAction(r)
		if kind == "" {
			continue
		}
		logged, seen := false, false
		for _, h := range r.handlers {
			if h.fn == nil {
				logged = logged || h.obj != nil && (p.taught(taughtAudit, h.obj) || auditName(h.obj.Name()))
				continue
			}
			seen = true
			logged = logged || p.logs(h.fn)
		}
		for _, l := range r.layers {
			switch {
			case l.fn != nil:
				logged = logged || (!always || auditName(l.fn.Name())) && p.logs(l.fn) && !p.logsRefusalsOnly(l.fn)
			case l.obj != nil:
				n := SplitName(l.obj.Name())
				logged = logged || p.taught(taughtAudit, l.obj) || n.Has("audit") || !always && (n.Has("log", "logger", "logging", "access") || l.obj.Pkg() != nil && isLogPath(p.pathOf(l.obj.Pkg())))
			}
		}
		switch {
		case logged:
		case seen:
			silent = append(silent, r)
		default:
			unseen = append(unseen, r)
		}
	}
	var hits []Hit
	if len(silent) > 0 {
		hits = append(hits, p.routeHit("MKT705", silent[0], fmt.Sprintf("%s without a log or audit record in this package: %s", actions(len(silent)), routeNames(silent))))
	}
	if len(unseen) > 0 {
		hits = append(hits, p.routeHit("MKT705", unseen[0], fmt.Sprintf("%s answered by code that is not in sight here; whether it writes a log or audit record is to be seen there: %s", actions(len(unseen)), routeNames(unseen))))
	}
	return hits
}

func actions(n int) string {
	if n == 1 {
		return "a critical action is"
	}
	return fmt.Sprintf("%d critical actions are", n)
}

func routeNames(routes []*route) string {
	var names []string
	for _, r := range routes {
		if name := r.name(); !slices.Contains(names, name) {
			if len(names) == 4 {
				return strings.Join(names, ", ") + ", …"
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// criticalAction says what a route does that must be on record, "" for
// nothing; always, that a log of requests is not enough.
func criticalAction(r *route) (kind string, always bool) {
	var words Name
	for segment := range strings.SplitSeq(r.pattern, "/") {
		if !isVariable(segment) && !strings.Contains(segment, hole) {
			words = append(words, SplitName(segment)...)
		}
	}
	var handler Name
	for _, h := range r.handlers {
		switch {
		case h.fn != nil && h.fn.Parent() == nil:
			handler = SplitName(h.fn.Name())
		case h.obj != nil:
			handler = SplitName(h.obj.Name())
		}
	}
	// Reading pages about an action is no action.
	changes := r.unsafeMethod() || r.method == ""
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	switch {
	case changes && (last == "login" || last == "logout" || last == "signin" || last == "signout" || words.endsIn("sign", "in") || words.endsIn("sign", "out") || words.endsIn("log", "in") || words.endsIn("log", "out")),
		last == "logout" || last == "callback" && words.Has("oauth", "oauth2", "oidc", "auth", "sso", "login"),
		changes && words.Has("oauth", "oauth2", "oidc", "auth") && last == "token":
		return "sign-in", true
	case changes && words.Has("role", "roles", "permission", "permissions", "grants", "privileges"):
		return "permission change", true
	case changes && words.Has("password") && r.method != "":
		return "password change", true
	case r.method == "DELETE", changes && (last == "delete" || last == "destroy" || last == "purge" || last == "wipe"),
		changes && len(handler) > 0 && (handler[0] == "delete" || handler[0] == "destroy" || handler[0] == "purge"):
		return "deletion", false
	case last == "export" || words.Has("exports") || len(handler) > 0 && handler[0] == "export":
		return "export", false
	case changes && (words.HasPair("api", "key") || words.Has("apikeys", "credentials") || last == "keys" || last == "rotate" && words.Has("key", "secret")):
		return "key change", false
	}
	return "", false
}

// logs reports whether a function, with what it calls three calls deep in the
// package, writes to a log or an audit trail.
func (p *pkg) logs(fn *ssa.Function) bool {
	seen := map[*ssa.Function]bool{}
	var in func(fn *ssa.Function, depth int) bool
	in = func(fn *ssa.Function, depth int) bool {
		if seen[fn] {
			return false
		}
		seen[fn] = true
		if obj := funcObject(fn); obj != nil && (p.taught(taughtAudit, obj) || auditName(obj.Name())) {
			return true
		}
		found := false
		within(fn, func(instr ssa.Instruction) {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok || found {
				return
			}
			found = p.logCall(ci)
			if callee := ci.Common().StaticCallee(); !found && callee != nil && callee.Pkg == p.ssa.Pkg && depth > 0 {
				found = in(callee, depth-1)
			}
		})
		return found
	}
	return in(fn, 3)
}

// logCall reports whether a call is one of a logger or of an audit trail.
func (p *pkg) logCall(ci ssa.CallInstruction) bool {
	c := p.asCall(ci, nil)
	if c == nil {
		return false
	}
	recv := SplitName(c.recv)
	return isLogPath(c.path) || p.taught(taughtAudit, c.fn) || auditName(c.name) || recv.Has("logger", "audit", "auditor", "log") || loggerPackage(c.fn.Pkg())
}

// logsRefusalsOnly reports whether a layer writes to a log only where it does
// not hand on: that says who was refused and nothing of the action. A layer
// whose log or whose next handler is not in sight beside the other is believed.
func (p *pkg) logsRefusalsOnly(fn *ssa.Function) bool {
	var next, logs []*ssa.BasicBlock
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee := ci.Common().StaticCallee()
			switch {
			case p.logCall(ci) || callee != nil && callee.Pkg == p.ssa.Pkg && p.logs(callee):
				logs = append(logs, b)
			case callsNext(ci):
				next = append(next, b)
			}
		}
	}
	if len(next) == 0 || len(logs) == 0 {
		return slices.ContainsFunc(fn.AnonFuncs, p.logsRefusalsOnly)
	}
	for _, l := range logs {
		for _, n := range next {
			if leadsTo(l, n) || leadsTo(n, l) {
				return false
			}
		}
	}
	return true
}

// callsNext reports whether a call may be the one of what comes next: a function
// value, or a method named as frameworks name it.
func callsNext(ci ssa.CallInstruction) bool {
	common := ci.Common()
	if common.IsInvoke() {
		return common.Method.Name() == "ServeHTTP" || common.Method.Name() == "Next"
	}
	if callee := common.StaticCallee(); callee != nil {
		return callee.Name() == "ServeHTTP" || callee.Name() == "Next"
	}
	_, builtin := common.Value.(*ssa.Builtin)
	return !builtin
}

// leadsTo reports whether control can come from one block to another.
func leadsTo(from, to *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	var walk func(b *ssa.BasicBlock) bool
	walk = func(b *ssa.BasicBlock) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, walk)
	}
	return walk(from)
}

// loggerPackage reports whether a package is there to log, by its name.
func loggerPackage(pkg *types.Package) bool {
	return pkg != nil && (pkg.Name() == "log" || pkg.Name() == "logger" || pkg.Name() == "logging" || pkg.Name() == "audit" || pkg.Name() == "auditlog")
}

// auditName reports whether a function of that name writes a record.
func auditName(name string) bool {
	n := SplitName(name)
	if n.Has("audit", "auditlog") {
		return true
	}
	return len(n) > 1 && n[0] == "log" && n[1] != "in" && n[1] != "out" || n.HasPair("record", "event") || n.HasPair("emit", "event") || n.HasPair("write", "log") || n.HasPair("activity", "log")
}

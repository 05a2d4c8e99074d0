package scan

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
)

// A violation fails a partner's check at once, so it needs certainty. Some of
// gosec's rules say only that something may be wrong: its taint analysis takes
// every parameter of type *http.Request for hostile, those of outbound requests
// too, knows no content types and few checks; its rule on archives does not see
// the check of the joined path. What such a rule reports stays a violation where
// the code bears it out, and is a review finding elsewhere. It never disappears.

// taintedWeakness names what gosec's rules over tainted data report, whose sinks
// our own model of request input judges as well; nil for any other rule.
func taintedWeakness(rule string) []int {
	switch rule {
	case "G701":
		return []int{89}
	case "G702":
		return []int{78}
	case "G703":
		return []int{22}
	case "G704":
		return []int{918}
	case "G705":
		return []int{79}
	case "G707":
		return []int{93}
	case "G708":
		return []int{94, 79}
	case "G710":
		return []int{601}
	}
	return nil
}

// confirm makes review findings of what gosec's taint analysis alone reports.
// known describes our rules. Where one of them did not end, nothing is known of
// what it would have said, and gosec's word stands.
func confirm(hits []hit, known map[string]rules.Rule, failed map[string]string) {
	for id := range failed {
		if _, ours := known[id]; ours {
			return
		}
	}
	type line struct {
		path string
		line int
	}
	certain := map[line][]int{} // weaknesses our rules are certain of
	for _, h := range hits {
		if rule, ok := known[h.Rule]; ok && h.Tool != "gosec" && cmp.Or(h.Class, rule.Class) == rules.Violation {
			at := line{h.Location.Path, h.Location.Line}
			certain[at] = append(certain[at], rule.CWE...)
		}
	}
	for i := range hits {
		h := &hits[i]
		if h.Tool != "gosec" {
			continue
		}
		if cwe := taintedWeakness(h.Rule); cwe != nil && !sameWeakness(cwe, certain[line{h.Location.Path, h.Location.Line}]) {
			h.Class = rules.Review
		}
	}
}

// doubts reports whether the code around a hit of gosec's leaves open whether
// it is one.
func (pl *placer) doubts(f gosecIssue, pos token.Pos) bool {
	file := pl.files[position(pl.p.fset, pos).Filename]
	if file == nil {
		return false
	}
	switch f.rule {
	case "G108":
		return !pl.servesDefaultMux()
	case "G123":
		// Clients keep no sessions unless they are given a cache.
		return !strings.Contains(string(pl.src[f.file]), "ClientSessionCache")
	case "G305":
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		return callsIn(function(path), "HasPrefix", "IsLocal", "Rel", "SecureJoin", "OpenInRoot", "OpenRoot", "Localize")
	case "G402":
		if !strings.HasPrefix(f.message, "TLS InsecureSkipVerify set to true") {
			return false
		}
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		return pl.optedIn(path, pos)
	case "G407":
		// A buffer that random bytes are read into is no fixed nonce.
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		return strings.Contains(f.message, "zeroed buffer from make") && callsIn(function(path), "ReadFull", "Read", "ReadAtLeast")
	}
	return false
}

// function returns the body of the outermost function around a node.
func function(path []ast.Node) ast.Node {
	for _, n := range path {
		if fn, ok := n.(*ast.FuncDecl); ok {
			return fn
		}
	}
	return nil
}

// callsIn reports whether a function calls one of the names.
func callsIn(fn ast.Node, names ...string) bool {
	if fn == nil {
		return false
	}
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			name := ""
			switch f := ast.Unparen(c.Fun).(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			for _, want := range names {
				found = found || name == want
			}
		}
		return !found
	})
	return found
}

// optedIn reports whether a place is only reached when a switch for it is on:
// an if whose condition reads a name like insecureSkipVerify or ignoreTLSErrors.
// Whether anybody sets the switch is not in the code.
func (pl *placer) optedIn(path []ast.Node, pos token.Pos) bool {
	for _, n := range path {
		s, ok := n.(*ast.IfStmt)
		if !ok || s.Body == nil || pos < s.Body.Pos() || pos > s.Body.End() {
			continue
		}
		if tv := pl.p.info.Types[s.Cond]; tv.Value != nil {
			continue // always, or never
		}
		found := false
		ast.Inspect(s.Cond, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if v, ok := pl.p.info.Uses[id].(*types.Var); ok && isSwitch(v.Type()) &&
				code.SplitName(id.Name).Has("insecure", "skip", "verify", "verification", "ignore", "untrusted", "trust", "selfsigned", "certificate", "certificates", "cert", "certs", "check") {
				found = true
			}
			return true
		})
		if found {
			return true
		}
	}
	return false
}

// isSwitch reports whether a type is bool or a pointer to it.
func isSwitch(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// servesDefaultMux reports whether the package hands http.DefaultServeMux to a
// server that others than this machine can reach: by name, or as the nil handler
// of http.ListenAndServe and its relatives, or with a server that has none.
func (pl *placer) servesDefaultMux() bool {
	served := false
	for _, f := range pl.p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
				if !ok || !pl.isHTTP(sel.Sel) || len(n.Args) == 0 {
					return true
				}
				switch sel.Sel.Name {
				case "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS":
					if _, method := pl.p.info.Selections[sel]; method {
						return true
					}
					handler := n.Args[len(n.Args)-1]
					if strings.HasPrefix(sel.Sel.Name, "Serve") && len(n.Args) > 1 {
						handler = n.Args[1]
					}
					if pl.p.info.Types[handler].IsNil() && !pl.loopback(n.Args[0]) {
						served = true
					}
				}
			case *ast.SelectorExpr:
				if n.Sel.Name == "DefaultServeMux" && pl.isHTTP(n.Sel) {
					served = true
				}
			case *ast.CompositeLit:
				named, ok := types.Unalias(pl.p.info.TypeOf(n)).(*types.Named)
				if !ok || named.Obj().Name() != "Server" || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "net/http" {
					return true
				}
				handler, local := false, false
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if key, ok := kv.Key.(*ast.Ident); ok {
							handler = handler || key.Name == "Handler"
							local = local || key.Name == "Addr" && pl.loopback(kv.Value)
						}
					}
				}
				served = served || !handler && !local
			}
			return !served
		})
	}
	return served
}

func (pl *placer) isHTTP(id *ast.Ident) bool {
	o := pl.p.info.Uses[id]
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "net/http"
}

// loopback reports whether an address is a constant that only this machine can
// reach.
func (pl *placer) loopback(e ast.Expr) bool {
	v := pl.p.info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return false
	}
	host, _, err := net.SplitHostPort(constant.StringVal(v))
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

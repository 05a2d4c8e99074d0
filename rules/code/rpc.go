package code

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

const grpcPath = "google.golang.org/grpc"

// openRPC are the gRPC servers of a package whose options hold no interceptor
// that asks who calls, while the methods of their services do not ask either.
// It is for review: a mesh or a gateway may check before them.
func (p *pkg) openRPC(t *routeTable) []Hit {
	if !importsAny(p.types, paths(grpcPath)) {
		return nil
	}
	var servers []*call
	var services []string
	proven, own := false, false
	p.eachCall(nil, func(c *call) {
		switch {
		case c.path == grpcPath && c.callee() == "NewServer":
			servers = append(servers, c)
		case c.recv == "" && strings.HasPrefix(c.name, "Register") && len(c.args) == 2 && isRegistrar(c.args[0].Type()):
			if strings.HasPrefix(c.path, grpcPath+"/") && !p.ownImplementation(c.args[1]) {
				return // health and reflection as the library has them
			}
			own = true
			services = append(services, strings.TrimSuffix(strings.TrimPrefix(c.name, "Register"), "Server"))
			proven = proven || t.methodsProve(c.args[1])
		}
	})
	if len(servers) == 0 || proven || !own && !p.registersElsewhere(servers) {
		return nil
	}
	var hits []Hit
	for _, s := range servers {
		if p.rpcGuarded(t, s) {
			continue
		}
		what := "of this server"
		if len(services) > 0 {
			what = "of this server (" + strings.Join(services[:min(len(services), 3)], ", ") + ")"
		}
		h := p.hit("MKT301", s.instr, -1, "the gRPC services "+what+" are served without an interceptor that asks who calls, and no client certificate is required; add one with grpc.ChainUnaryInterceptor and grpc.ChainStreamInterceptor")
		h.Class = rules.Review
		hits = append(hits, h)
	}
	return hits[:min(len(hits), 1)]
}

// isRegistrar reports whether a type is what gRPC services are registered on.
func isRegistrar(typ types.Type) bool {
	n := namedType(typ)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == grpcPath && (n.Obj().Name() == "Server" || n.Obj().Name() == "ServiceRegistrar")
}

// ownImplementation reports whether a service is of a type of this package.
func (p *pkg) ownImplementation(v ssa.Value) bool {
	n := namedType(unwrap(v).Type())
	return n != nil && n.Obj().Pkg() == p.types
}

// registersElsewhere reports whether a server that is made here leaves the
// function that makes it, so that services may be registered on it elsewhere.
func (p *pkg) registersElsewhere(servers []*call) bool {
	for _, s := range servers {
		v, ok := s.instr.(*ssa.Call)
		if !ok {
			continue
		}
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.Return, *ssa.Store, *ssa.MakeInterface:
				return true
			case *ssa.Call:
				if c := p.asCall(x, nil); c != nil && c.path != grpcPath && !strings.HasPrefix(c.path, grpcPath+"/") {
					return true
				}
			}
		}
	}
	return false
}

// methodsProve reports whether the methods of a service of this package look at
// the metadata of a call, or at what an interceptor has left.
func (t *routeTable) methodsProve(v ssa.Value) bool {
	n := namedType(unwrap(v).Type())
	if n == nil || n.Obj().Pkg() != t.p.types {
		return false
	}
	asks, open := 0, 0
	for m := range n.Methods() {
		fn := t.p.ssa.Pkg.Prog.FuncValue(m)
		if !m.Exported() || fn == nil || len(fn.Blocks) == 0 || m.Signature().Params().Len() == 0 {
			continue
		}
		if t.effectsOf(fn, effectDepth)&(proofs&^proofPassword) != 0 {
			asks++
		} else {
			open++
		}
	}
	// Methods to sign in are open beside those that ask.
	return asks > 0 && asks >= open
}

// rpcGuarded reports whether the options of a gRPC server ask who calls, or may
// do so where they are not in sight by name.
func (p *pkg) rpcGuarded(t *routeTable, server *call) bool {
	guarded := false
	var option func(v ssa.Value, depth int)
	interceptor := func(v ssa.Value) {
		for _, l := range t.middleware(v, nil, 0) {
			if l.open || t.of(l.target)&proofs != 0 {
				guarded = true
			}
		}
	}
	option = func(v ssa.Value, depth int) {
		if guarded || depth > 6 {
			return
		}
		if elems, ok := variadic(v); ok {
			for _, el := range elems {
				option(el, depth+1)
			}
			return
		}
		vs, _ := t.leaves(v)
		for _, leaf := range vs {
			x, ok := leaf.(*ssa.Call)
			if !ok {
				continue
			}
			if bi, ok := x.Call.Value.(*ssa.Builtin); ok && bi.Name() == "append" {
				for _, a := range x.Call.Args {
					option(a, depth+1)
				}
				continue
			}
			c := p.asCall(x, nil)
			switch {
			case c == nil:
			case c.path == grpcPath && strings.HasSuffix(c.name, "Interceptor") && len(c.args) == 1:
				elems, ok := variadic(c.args[0])
				if !ok {
					elems = []ssa.Value{c.args[0]}
				}
				for _, el := range elems {
					interceptor(el)
				}
			case c.path == grpcPath && c.name == "Creds":
				guarded = guarded || p.wantsCertificates()
			case c.path != grpcPath && (proofName(SplitName(c.name)) || proofPackage(c.path)):
				guarded = true
			case x.Call.StaticCallee() != nil && len(x.Call.StaticCallee().Blocks) > 0:
				for _, b := range x.Call.StaticCallee().Blocks {
					if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 {
						option(ret.Results[0], depth+1)
					}
				}
			}
		}
	}
	for _, a := range server.args {
		option(a, 0)
	}
	if guarded {
		return true
	}
	// Options that are gathered in a slice: any interceptor of the package that
	// asks may be among them.
	if len(server.args) == 1 {
		if elems, ok := variadic(server.args[0]); ok && len(elems) > 0 || isNilConst(server.args[0]) {
			return false
		}
		p.eachCall(paths(grpcPath), func(c *call) {
			if strings.HasSuffix(c.name, "Interceptor") && len(c.args) == 1 {
				elems, ok := variadic(c.args[0])
				if !ok {
					elems = []ssa.Value{c.args[0]}
				}
				for _, el := range elems {
					interceptor(el)
				}
			}
			guarded = guarded || c.name == "Creds" && p.wantsCertificates()
		})
	}
	return guarded
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// wantsCertificates reports whether some TLS configuration of the package
// requires a client's certificate and verifies it.
func (p *pkg) wantsCertificates() bool {
	found := false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok || found {
			return
		}
		if fa, ok := s.Addr.(*ssa.FieldAddr); ok {
			if f := fieldVar(fa); f != nil && f.Name() == "ClientAuth" && p.isType(fa.X.Type(), "crypto/tls", "Config") {
				k, ok := s.Val.(*ssa.Const)
				found = !ok || k.Value != nil && k.Value.ExactString() == "4" // RequireAndVerifyClientCert
			}
		}
	})
	return found
}

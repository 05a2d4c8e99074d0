package code

import (
	"fmt"
	"go/constant"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

const (
	tls12 = 0x0303 // tls.VersionTLS12
	tls13 = 0x0304 // tls.VersionTLS13
)

// mkt104 flags TLS floors that are not certain to be 1.2, where gosec is
// silent: gosec reads a constant in place and takes everything else for the
// safe default.
func mkt104() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT104",
		Name:     "tls-floor-unresolved",
		Title:    "Minimum TLS version is not certain to be 1.2 or higher",
		Class:    rules.Review,
		Controls: []string{"tls-1.2-or-higher"},
		CWE:      []int{326},
		Vector:   v59c,
		Flags: "`tls.Config.MinVersion` that comes from a call, a variable or configuration and may be below TLS 1.2, or cannot be resolved; " +
			"`tls.InsecureCipherSuites()` where cipher suites are chosen; `//go:debug` and go.mod `godebug` settings that bring back TLS 1.0, RSA key exchange, 3DES or SHA-1 certificates.",
		Safe: "A constant of 1.2 or more on every path, a lookup in a table that holds only such versions, a clamp (`max(v, tls.VersionTLS12)`), " +
			"or a comparison with TLS 1.2 that guards the value. MinVersion left out is TLS 1.2 since Go 1.18 (clients) and 1.22 (servers).",
		Remediation: "Set a constant floor, or clamp the configured one: `MinVersion: max(cfg.MinVersion, tls.VersionTLS12)`.",
		Wrong:       "tlsConfig := &tls.Config{MinVersion: cfg.TLSVersion}",
		Right:       "tlsConfig := &tls.Config{MinVersion: max(cfg.TLSVersion, tls.VersionTLS12)}",
		Frameworks:  []string{"crypto/tls", "//go:debug", "go.mod godebug"},
	}, []rules.Rule{{
		ID:          "MKT104/godebug",
		Title:       "A godebug setting brings old TLS behaviour back",
		Flags:       "`tls10server=1`, `tlsrsakex=1`, `tls3des=1` or `x509sha1=1` in a `//go:debug` line of a main package or a `godebug` line of go.mod or go.work.",
		Safe:        "The setting is absent or `0`.",
		Remediation: "Remove the setting; if one old peer needs it, give that peer its own small binary.",
		Wrong:       "//go:debug tls10server=1\npackage main",
		Right:       "package main",
	}}, nil, runMKT104)
}

func runMKT104(p *pkg) []Hit {
	hits := p.goDebug()
	if !importsAny(p.types, paths("crypto/tls")) {
		return hits
	}
	chooses := false // the package chooses cipher suites
	var insecure []*call
	p.eachInstr(func(fn *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.Store:
			a, ok := x.Addr.(*ssa.FieldAddr)
			if !ok || !p.isType(a.X.Type(), "crypto/tls", "Config") {
				return
			}
			switch fieldName(a) {
			case "CipherSuites":
				chooses = true
			case "MinVersion":
				if why, steps := p.weakFloor(x.Val); why != "" {
					pos, end := p.valueRegion(x)
					hits = append(hits, Hit{Rule: "MKT104", Pos: pos, End: end, Message: why, Steps: steps})
				}
			}
		case *ssa.Call:
			if c := p.asCall(x, paths("crypto/tls")); c != nil && c.name == "InsecureCipherSuites" {
				insecure = append(insecure, c)
			}
		}
	})
	if chooses {
		for _, c := range insecure {
			hits = append(hits, p.hit("MKT104", c.instr, -1, "insecure cipher suites can be chosen; offer tls.CipherSuites() only"))
		}
	}
	return hits
}

// valueRegion returns the region of the value a store writes, as the source
// has it; a store's position is the colon or the assignment.
func (p *pkg) valueRegion(s *ssa.Store) (token.Pos, token.Pos) {
	if pos := s.Val.Pos(); pos.IsValid() && p.fset.File(pos) == p.fset.File(s.Pos()) && p.fset.Position(pos).Line == p.fset.Position(s.Pos()).Line {
		return pos, pos + 1
	}
	return s.Pos(), s.Pos() + 1
}

// weakFloor says why a MinVersion is not certain to be TLS 1.2 or higher.
func (p *pkg) weakFloor(v ssa.Value) (string, []Step) {
	if _, ok := v.(*ssa.Const); ok {
		return "", nil // a constant in place is gosec's G402
	}
	origins, more := p.origins(v)
	open := more
	var openSteps []Step
	for _, o := range origins {
		switch low, steps, known := p.floorOf(o); {
		case !known:
			if open = true; openSteps == nil {
				openSteps = o.steps
			}
		case low != 0 && low < tls12:
			return fmt.Sprintf("the minimum TLS version may be %s; the floor is TLS 1.2", versionName(low)), append(steps, o.steps...)
		}
	}
	if open && !p.guardedFloor(v, origins) {
		return "the minimum TLS version cannot be read from the code; clamp it to TLS 1.2", openSteps
	}
	return "", nil
}

// floorOf returns the lowest version an origin may have. 0 means Go's default.
func (p *pkg) floorOf(o origin) (low int64, steps []Step, known bool) {
	switch x := o.v.(type) {
	case *ssa.Const:
		if x.Value == nil {
			return 0, nil, true
		}
		n, ok := constant.Int64Val(constant.ToInt(x.Value))
		return n, nil, ok
	case *ssa.Call:
		// max(v, tls.VersionTLS12) is at least the constant.
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "max" {
			for _, a := range x.Call.Args {
				if ns, open := p.ints(a); !open && len(ns) == 1 && ns[0].n >= tls12 {
					return tls12, nil, true
				}
			}
		}
	case *ssa.Lookup:
		return p.tableFloor(x.X)
	case *ssa.Extract:
		if l, ok := x.Tuple.(*ssa.Lookup); ok && x.Index == 0 {
			return p.tableFloor(l.X)
		}
	}
	return 0, nil, false
}

// tableFloor returns the lowest version in a map that is built from constants.
func (p *pkg) tableFloor(m ssa.Value) (int64, []Step, bool) {
	origins, more := p.origins(m)
	if more || len(origins) != 1 {
		return 0, nil, false
	}
	mk, ok := origins[0].v.(*ssa.MakeMap)
	if !ok {
		return 0, nil, false
	}
	lowest := int64(0)
	var steps []Step
	for _, r := range *mk.Referrers() {
		u, ok := r.(*ssa.MapUpdate)
		if !ok || u.Map != ssa.Value(mk) {
			continue
		}
		ns, open := p.ints(u.Value)
		if open {
			return 0, nil, false
		}
		for _, n := range ns {
			if n.n != 0 && (lowest == 0 || n.n < lowest) {
				lowest, steps = n.n, []Step{{u.Pos(), "the table offers " + versionName(n.n)}}
			}
		}
	}
	return lowest, steps, true
}

// guardedFloor reports whether the value, or one it comes from, is compared
// with TLS 1.2 or 1.3.
func (p *pkg) guardedFloor(v ssa.Value, origins []origin) bool {
	compared := func(v ssa.Value) bool {
		if v.Referrers() == nil {
			return false
		}
		for _, r := range *v.Referrers() {
			b, ok := r.(*ssa.BinOp)
			if !ok {
				continue
			}
			switch b.Op {
			case token.LSS, token.LEQ, token.GTR, token.GEQ:
			default:
				continue
			}
			other := b.X
			if other == v {
				other = b.Y
			}
			if ns, open := p.ints(other); !open && len(ns) == 1 && (ns[0].n == tls12 || ns[0].n == tls13) {
				return true
			}
		}
		return false
	}
	if compared(v) {
		return true
	}
	for _, o := range origins {
		if compared(o.v) {
			return true
		}
		// A field or variable is loaded anew for the comparison: another load of
		// the same place counts.
		if u, ok := o.v.(*ssa.UnOp); ok && u.Op == token.MUL {
			if p.sameLoadCompared(u, compared) {
				return true
			}
		}
	}
	return false
}

func (p *pkg) sameLoadCompared(u *ssa.UnOp, compared func(ssa.Value) bool) bool {
	for _, b := range u.Parent().Blocks {
		for _, instr := range b.Instrs {
			if l, ok := instr.(*ssa.UnOp); ok && l != u && l.Op == token.MUL && sameAddress(l.X, u.X) && compared(l) {
				return true
			}
		}
	}
	return false
}

// sameAddress reports whether two addresses are the same variable or the same
// field of the same value.
func sameAddress(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	fa, ok := a.(*ssa.FieldAddr)
	fb, ok2 := b.(*ssa.FieldAddr)
	if ok && ok2 {
		return fa.Field == fb.Field && sameAddress(fa.X, fb.X)
	}
	la, ok := a.(*ssa.UnOp)
	lb, ok2 := b.(*ssa.UnOp)
	return ok && ok2 && la.Op == token.MUL && lb.Op == token.MUL && sameAddress(la.X, lb.X)
}

func versionName(v int64) string {
	switch v {
	case 0x0300:
		return "SSL 3.0"
	case 0x0301:
		return "TLS 1.0"
	case 0x0302:
		return "TLS 1.1"
	case tls12:
		return "TLS 1.2"
	case tls13:
		return "TLS 1.3"
	}
	return fmt.Sprintf("version %#04x", v)
}

// goDebug reads the //go:debug lines of a main package. They stand before the
// package clause.
func (p *pkg) goDebug() []Hit {
	if p.types.Name() != "main" {
		return nil
	}
	var hits []Hit
	for _, f := range p.files {
		for _, group := range f.Comments {
			if group.Pos() > f.Package {
				break
			}
			for _, c := range group.List {
				setting, ok := strings.CutPrefix(c.Text, "//go:debug ")
				if !ok {
					continue
				}
				for pair := range strings.FieldsSeq(setting) {
					key, value, _ := strings.Cut(pair, "=")
					if why := weakGodebug(key, value); why != "" {
						hits = append(hits, hitNode("MKT104/godebug", c, why))
					}
				}
			}
		}
	}
	return hits
}

package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// judgeProfiles weighs profiles on the default mux, which nobody may serve.
func (p *pkg) judgeProfiles(token.Pos) rules.Class {
	if asked(&p.servesMux, p.servesDefaultMux) {
		return ""
	}
	return rules.Review
}

// judgeResumption weighs checks that resumed sessions pass by, which nobody may
// keep.
func (p *pkg) judgeResumption(token.Pos) rules.Class {
	if asked(&p.resumes, p.resumesSessions) {
		return ""
	}
	return rules.Review
}

// asked returns what is known, and asks when nothing is.
func asked(known **bool, ask func() bool) bool {
	if *known == nil {
		*known = new(ask())
	}
	return **known
}

// resumesSessions reports whether the package serves TLS or gives a client a
// cache of sessions: a client without one never resumes.
func (p *pkg) resumesSessions() bool {
	for cur := range p.insp.Root().Preorder((*ast.Ident)(nil)) {
		switch id := cur.Node().(*ast.Ident); id.Name {
		case "ClientSessionCache":
			return true
		case "NewListener", "ListenAndServeTLS", "ServeTLS", "GetConfigForClient", "ClientAuth", "ClientCAs":
			if o := p.info.Uses[id]; o != nil && o.Pkg() != nil && (o.Pkg().Path() == "crypto/tls" || o.Pkg().Path() == "net/http") {
				return true
			}
		case "Listen", "Server":
			if o := p.info.Uses[id]; o != nil && o.Pkg() != nil && o.Pkg().Path() == "crypto/tls" {
				return true
			}
		}
	}
	return false
}

// servesDefaultMux reports whether the package hands http.DefaultServeMux to a
// server that others than this machine can reach: by name, or as the nil handler
// of http.ListenAndServe and its relatives, or with a server that has none.
func (p *pkg) servesDefaultMux() bool {
	served := false
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil), (*ast.SelectorExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			if !ok || !p.isHTTPName(sel.Sel) || len(n.Args) == 0 {
				continue
			}
			switch sel.Sel.Name {
			case "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS":
				if _, method := p.info.Selections[sel]; method {
					continue
				}
				handler := n.Args[len(n.Args)-1]
				if strings.HasPrefix(sel.Sel.Name, "Serve") && len(n.Args) > 1 {
					handler = n.Args[1]
				}
				if p.info.Types[handler].IsNil() && !p.constLoopback(n.Args[0]) {
					served = true
				}
			}
		case *ast.SelectorExpr:
			if n.Sel.Name == "DefaultServeMux" && p.isHTTPName(n.Sel) {
				served = true
			}
		case *ast.CompositeLit:
			named, ok := types.Unalias(p.info.TypeOf(n)).(*types.Named)
			if !ok || named.Obj().Name() != "Server" || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "net/http" {
				continue
			}
			handler, local := false, false
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if key, ok := kv.Key.(*ast.Ident); ok {
						handler = handler || key.Name == "Handler"
						local = local || key.Name == "Addr" && p.constLoopback(kv.Value)
					}
				}
			}
			served = served || !handler && !local
		}
		if served {
			return true
		}
	}
	return false
}

func (p *pkg) isHTTPName(id *ast.Ident) bool {
	o := p.info.Uses[id]
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "net/http"
}

// constLoopback reports whether an address is a constant that only this machine
// can reach.
func (p *pkg) constLoopback(e ast.Expr) bool {
	v := p.info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return false
	}
	host, _, err := net.SplitHostPort(constant.StringVal(v))
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// judgePage judges what gosec takes for HTML made of input by what is known of
// the response: its content type, and where its parts come from.
func (p *pkg) judgePage(pos token.Pos) *Judgement {
	var worst *Judgement
	all := p.pageWrites()
	for _, w := range all {
		if !p.sameLine(w.c.instr.Pos(), pos) {
			continue
		}
		j := p.judgeWrite(w, all)
		if j == nil {
			return nil
		}
		worst = worseOf(worst, j)
	}
	if worst == nil {
		return &Judgement{Class: rules.Review, Reason: "how the response is written is not seen"}
	}
	return worst
}

// judgeWrite judges one write; nil means that a request's input becomes HTML.
func (p *pkg) judgeWrite(w pageWrite, all []pageWrite) *Judgement {
	other := &Judgement{Class: rules.Informational, Reason: "the response is no HTML"}
	if w.page == pageOther {
		return other
	}
	var worst *Judgement
	for _, part := range w.parts {
		if part == nil {
			continue
		}
		j := p.judgeValue(part, w.c.instr, pageNeed())
		if j == nil {
			page := w.page
			if page == pageUnset {
				page = p.guessed(w, all)
			}
			switch page {
			case pageOther:
				return other
			case pageUnknown:
				j = &Judgement{Class: rules.Review, Reason: "whether the response is HTML is not certain"}
			default:
				return nil
			}
		}
		worst = worseOf(worst, j)
	}
	if worst == nil {
		return &Judgement{Class: rules.Informational, Reason: "what is written is constant"}
	}
	return worst
}

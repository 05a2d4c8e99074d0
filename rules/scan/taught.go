package scan

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
)

// A taughtName is one name of the policy's teach section and what the packages
// of the build have of it. The verdict rests on these names without anybody
// checking them, so they are reported, and those that name nothing are told.
type taughtName struct {
	evidence.Name
	list string // "auth"
	// found is true when something the rules can recognise has the name.
	found bool
	// inBuild is true when the package was listed, whatever is in it.
	inBuild bool
	// why is what the package has instead, for a person who looks for a slip.
	why string
	// near is a package whose path ends like the name's.
	near string
}

// taughtNames lists the names of a policy in the order of its lists.
func taughtNames(f *evidence.File) []*taughtName {
	if f == nil {
		return nil
	}
	var out []*taughtName
	for _, list := range f.Teach.Lists() {
		for _, n := range list.Names {
			out = append(out, &taughtName{Name: n, list: list.Key})
		}
	}
	return out
}

// lookUp looks for taught names among the packages of a unit. Only the packages
// they name are read, and of those only the declarations: results may come from
// the cache, where no package is loaded.
func lookUp(names []*taughtName, list []*listed) {
	read := map[*listed]map[string]string{}
	for _, n := range names {
		if n.found {
			continue
		}
		// As package code compares them.
		plain := strings.NewReplacer("(*", "", ")", "").Replace(n.Text)
		for _, p := range list {
			if n.near == "" && p.Module != nil && strings.HasSuffix(p.ImportPath, "/"+packageOf(plain)) {
				n.near = p.ImportPath // the path lacks its beginning
			}
			what, ok := strings.CutPrefix(plain, p.ImportPath+".")
			if !ok || strings.Contains(what, "/") {
				continue
			}
			has, done := read[p]
			if !done {
				has = declared(p)
				read[p] = has
			}
			n.inBuild = true
			switch kind, known := has[what]; {
			case kind == "func":
				n.found = true
			case kind != "":
				n.why = kind
			case !known && n.why == "":
				n.why = "has no " + what
			}
		}
	}
}

// packageOf returns what stands before the first dot of a name's last element.
func packageOf(name string) string {
	slash := strings.LastIndexByte(name, '/') + 1
	last, _, _ := strings.Cut(name[slash:], ".")
	return name[:slash] + last
}

// declared maps what a package's files declare ("Func", "Type", "Type.Method")
// to "func" where a rule can recognise a call by it, and otherwise to why not.
func declared(p *listed) map[string]string {
	out := map[string]string{}
	methods := map[string]bool{}
	fset := token.NewFileSet()
	for _, name := range p.sources() {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		file, _ := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if file == nil {
			continue
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					out[d.Name.Name] = "func"
				} else if t := receiverType(d.Recv); t != "" {
					out[t+"."+d.Name.Name], methods[t] = "func", true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					declaredBy(spec, out, methods)
				}
			}
		}
	}
	for t := range methods {
		out[t] = "func" // it stands for its methods
	}
	return out
}

func declaredBy(spec ast.Spec, out map[string]string, methods map[string]bool) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, n := range spec.Names {
			out[n.Name] = "has " + n.Name + " as a variable or constant, and only functions and methods can be taught"
		}
	case *ast.TypeSpec:
		t := spec.Name.Name
		out[t] = "has no method of " + t + " itself"
		if spec.Assign.IsValid() {
			out[t] = "has " + t + " as another name of a type; write the type's own"
		}
		body, ok := spec.Type.(*ast.InterfaceType)
		if !ok {
			return
		}
		for _, m := range body.Methods.List {
			if _, ok := m.Type.(*ast.FuncType); !ok {
				continue // embedded or a constraint
			}
			for _, n := range m.Names {
				out[t+"."+n.Name], methods[t] = "func", true
			}
		}
	}
}

// receiverType names the type of a receiver: "T" of (t *T[K]).
func receiverType(recv *ast.FieldList) string {
	if len(recv.List) == 0 {
		return ""
	}
	e := recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// taughtFindings tells the names that have no effect. A build that could not
// be listed in full may hold them after all.
func (s *run) taughtFindings(known map[string]rules.Rule) []rules.Finding {
	var out []rules.Finding
	for _, n := range s.taught {
		if n.found || s.unlisted {
			continue
		}
		why := "no package of that path is part of the build"
		switch {
		case n.inBuild:
			why = "its package " + n.why
		case n.near != "":
			why += "; did you mean " + n.near + "?"
		}
		text := fmt.Sprintf("teach: %s lists %s without effect: %s", n.list, printable(n.Text), printable(why))
		if s.opts.Policy != "" {
			// The file may lie outside the repository, where no finding can be.
			s.notes = append(s.notes, fmt.Sprintf("line %d of the policy file: %s", n.Line, text))
			continue
		}
		f := known[uselessTeaching].Finding("code", text, rules.Location{Path: s.policy.Name, Line: n.Line, Column: n.Column})
		f.Tokens = rules.TokenDigest(n.list + " " + n.Text)
		out = append(out, f)
	}
	return out
}

// taughtCoverage reports what the policy taught.
func (s *run) taughtCoverage() []rules.Taught {
	var out []rules.Taught
	for _, n := range s.taught {
		out = append(out, rules.Taught{List: n.list, Name: printable(n.Text), Line: n.Line, Found: n.found})
	}
	return slices.Clip(out)
}

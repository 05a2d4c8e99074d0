package touch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// goUnits cuts both sides of a Go file into units, or says that one of them does
// not parse: then the file is compared by lines.
func goUnits(f *File) (before, after []*unit, ok bool) {
	if f.OldPath != "" {
		if before, ok = goSide(f.Before); !ok {
			return nil, nil, false
		}
	}
	if f.NewPath != "" {
		if after, ok = goSide(f.After); !ok {
			return nil, nil, false
		}
	}
	return before, after, true
}

// goSide cuts one side. The entries of each unit stand in its after.
func goSide(src []byte) (units []*unit, ok bool) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", src, parser.SkipObjectResolution)
	if err != nil || file == nil {
		return nil, false
	}
	tf := set.File(file.FileStart)
	toks := tokens(string(src), goLanguage)
	offset := func(p token.Pos) int {
		if !p.IsValid() {
			return 0
		}
		return tf.Offset(p)
	}
	seen := map[string]int{}
	add := func(u *unit, node ast.Node) {
		// Two of one name, as init functions and blank variables are, stay apart.
		if n := seen[u.symbol]; n > 0 && u.symbol != "import" {
			u.symbol += " "
		}
		seen[u.symbol]++
		from, to := offset(node.Pos()), offset(node.End())
		lo, _ := slices.BinarySearchFunc(toks, from, func(t tok, off int) int { return t.off - off })
		hi, _ := slices.BinarySearchFunc(toks, to, func(t tok, off int) int { return t.off - off })
		u.after = goEntries(node, toks[lo:hi], offset)
		for i := range u.after {
			u.after[i].imports = u.symbol == "import"
		}
		u.newNames = ownNames(node)
		units = append(units, u)
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil && len(d.Recv.List) > 0 {
				if r := receiver(d.Recv.List[0].Type); r != "" {
					name = r + "." + name
				}
			}
			add(&unit{symbol: name, function: true}, d)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ImportSpec:
					add(&unit{symbol: "import"}, s)
				case *ast.TypeSpec:
					add(&unit{symbol: s.Name.Name}, s)
				case *ast.ValueSpec:
					add(&unit{symbol: s.Names[0].Name, list: true}, s)
				}
			}
		}
	}
	return units, true
}

func receiver(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// goEntries gives each statement, each element of a literal and each field of a
// type an entry of its own, with the tokens that belong to nothing smaller.
func goEntries(root ast.Node, toks []tok, offset func(token.Pos) int) []entry {
	type span struct {
		from, to int
		about    string
		toks     []tok
	}
	spans := []span{{offset(root.Pos()), offset(root.End()), "", nil}}
	whole := map[ast.Node]bool{} // stays with its parent
	about := map[ast.Node]string{}
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil || n == root || whole[n] {
			return true
		}
		mark := false
		switch n := n.(type) {
		case *ast.IfStmt:
			if n.Init != nil {
				whole[n.Init] = true
			}
			mark = true
		case *ast.ForStmt:
			if n.Init != nil {
				whole[n.Init] = true
			}
			if n.Post != nil {
				whole[n.Post] = true
			}
			mark = true
		case *ast.SwitchStmt:
			if n.Init != nil {
				whole[n.Init] = true
			}
			mark = true
		case *ast.BlockStmt, *ast.LabeledStmt, *ast.EmptyStmt:
		case *ast.DeclStmt:
		case *ast.CommClause:
			if n.Comm != nil {
				whole[n.Comm] = true
			}
			mark = true
		case ast.Stmt:
			mark = true
		case ast.Spec:
			mark = true
		case *ast.CompositeLit:
			name := typeName(n.Type)
			for _, e := range n.Elts {
				if _, ok := e.(*ast.KeyValueExpr); ok || len(n.Elts) > 3 {
					about[e] = name
				}
			}
		case *ast.Field:
			// The fields of types, not of parameter lists.
			if about[n] == "type" {
				mark = true
			}
		case *ast.StructType:
			for _, f := range n.Fields.List {
				about[f] = "type"
			}
		case *ast.InterfaceType:
			for _, f := range n.Methods.List {
				about[f] = "type"
			}
		}
		if e, ok := n.(ast.Expr); ok {
			if _, ok := about[e]; ok {
				mark = true
			}
		}
		if mark {
			spans = append(spans, span{offset(n.Pos()), offset(n.End()), about[n], nil})
		}
		return true
	})
	// Inspect goes from outside inwards and from left to right, so the spans are
	// ordered by start and the innermost one that holds a token is found on a stack.
	var stack []int
	next := 0
	for _, t := range toks {
		for next < len(spans) && spans[next].from <= t.off {
			for len(stack) > 0 && spans[stack[len(stack)-1]].to <= spans[next].from {
				stack = stack[:len(stack)-1]
			}
			stack = append(stack, next)
			next++
		}
		for len(stack) > 0 && spans[stack[len(stack)-1]].to <= t.off {
			stack = stack[:len(stack)-1]
		}
		if len(stack) > 0 {
			s := &spans[stack[len(stack)-1]]
			s.toks = append(s.toks, t)
		}
	}
	var out []entry
	for _, s := range spans {
		out = append(out, cutText(s.toks, s.about)...)
	}
	return out
}

// cutText makes the tokens of one statement an entry, and each line of a string
// that has several lines one more.
func cutText(toks []tok, about string) []entry {
	if len(toks) == 0 {
		return nil
	}
	var head []tok
	var rest []entry
	for i, t := range toks {
		if t.kind == text && i > 0 && toks[i-1].kind == text && toks[i-1].line == t.line-1 {
			rest = append(rest, entry{line: t.line, toks: toks[i : i+1], key: joined(toks[i : i+1]), about: about})
			continue
		}
		head = append(head, t)
	}
	return append([]entry{{line: head[0].line, toks: head, key: joined(head), about: about}}, rest...)
}

// typeName writes the type of a literal as it stands in the source.
func typeName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		if x, ok := t.X.(*ast.Ident); ok {
			return x.Name + "." + t.Sel.Name
		}
		return t.Sel.Name
	case *ast.ArrayType:
		return typeName(t.Elt)
	case *ast.MapType:
		return typeName(t.Value)
	}
	return ""
}

// ownNames lists what a function itself names: parameters, results and variables.
func ownNames(node ast.Node) map[string]bool {
	if _, ok := node.(*ast.FuncDecl); !ok {
		return nil
	}
	names := map[string]bool{}
	put := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
			names[id.Name] = true
		}
	}
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			return false
		case *ast.Field:
			for _, id := range n.Names {
				put(id)
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, e := range n.Lhs {
					put(e)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				put(n.Key)
				put(n.Value)
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				put(id)
			}
		}
		return true
	})
	return names
}

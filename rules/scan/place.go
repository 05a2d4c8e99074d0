package scan

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/staylisted/staylisted/rules"
)

// A place is where a hit is, with what gives it an identity that outlives moved
// lines: the enclosing declaration and the tokens of the flagged statement.
type place struct {
	location rules.Location
	tokens   string // digest of the normalised tokens
}

// placer finds places in one package.
type placer struct {
	p     *pkg
	files map[string]*ast.File // by absolute name
	src   map[string][]byte
}

func newPlacer(p *pkg) *placer {
	pl := &placer{p: p, files: map[string]*ast.File{}, src: map[string][]byte{}}
	for i, f := range p.files {
		name := p.fset.File(f.FileStart).Name()
		pl.files[name] = f
		pl.src[name] = p.text[i]
	}
	return pl
}

// at returns the place of the region [pos, end); end may be token.NoPos.
func (pl *placer) at(pos, end token.Pos) place {
	start := position(pl.p.fset, pos)
	loc := pl.p.location(start)
	if end > pos {
		if stop := position(pl.p.fset, end); stop.Filename == start.Filename {
			loc.EndLine, loc.EndColumn = stop.Line, stop.Column
		}
	}
	f := pl.files[start.Filename]
	if f == nil {
		return place{location: loc}
	}
	path, _ := astutil.PathEnclosingInterval(f, pos, pos)
	loc.Symbol = symbol(path)
	return place{location: loc, tokens: rules.TokenDigest(pl.tokens(start.Filename, statement(path)))}
}

// find turns a file, line and column into a position, token.NoPos when the
// package has no such place. A column of 0 means the line's first byte.
func (pl *placer) find(file string, line, column int) token.Pos {
	f := pl.files[file]
	if f == nil {
		return token.NoPos
	}
	tf := pl.p.fset.File(f.FileStart)
	if line < 1 || line > tf.LineCount() {
		return token.NoPos
	}
	pos := tf.LineStart(line) + token.Pos(max(column, 1)-1)
	return min(pos, token.Pos(tf.Base()+tf.Size()))
}

// symbol names the declaration around the innermost node of path, as Go tools
// write it: "Login", "(*Server).Login", "config.Default". Function literals
// belong to the declaration they stand in.
func symbol(path []ast.Node) string {
	for i, n := range path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil || len(n.Recv.List) == 0 {
				return n.Name.Name
			}
			return receiver(n.Recv.List[0].Type) + "." + n.Name.Name
		case *ast.TypeSpec:
			return n.Name.Name
		case *ast.ValueSpec:
			// Only a package-level name is a symbol.
			if i+2 < len(path) {
				if _, ok := path[i+2].(*ast.File); ok && len(n.Names) > 0 {
					return n.Names[0].Name
				}
			}
		}
	}
	return ""
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return "(*" + receiver(t.X) + ")"
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

// statement returns the smallest statement, specification, field or declaration
// around the innermost node of path.
func statement(path []ast.Node) ast.Node {
	for _, n := range path {
		switch n := n.(type) {
		case *ast.BlockStmt:
			continue
		case ast.Stmt, ast.Spec, *ast.Field, *ast.FuncDecl:
			return n
		}
	}
	if len(path) > 0 {
		return path[0]
	}
	return nil
}

// tokens returns the statement's tokens without comments, layout and the blocks
// inside it, so that neither reformatting nor an edit deeper down changes them.
func (pl *placer) tokens(file string, n ast.Node) string {
	if n == nil {
		return ""
	}
	if _, whole := n.(*ast.File); whole {
		return ""
	}
	tf := pl.p.fset.File(n.Pos())
	src := pl.src[file]
	if tf == nil || tf.Size() != len(src) {
		return ""
	}
	var blocks []*ast.BlockStmt
	ast.Inspect(n, func(m ast.Node) bool {
		if b, ok := m.(*ast.BlockStmt); ok {
			blocks = append(blocks, b)
			return false
		}
		return true
	})
	var out strings.Builder
	from := tf.Offset(n.Pos())
	scan := func(to int) {
		if from < to {
			fset := token.NewFileSet()
			var s scanner.Scanner
			s.Init(fset.AddFile("", fset.Base(), to-from), src[from:to], func(token.Position, string) {}, 0)
			for {
				_, tok, lit := s.Scan()
				if tok == token.EOF {
					break
				}
				if tok == token.SEMICOLON && lit == "\n" {
					continue
				}
				if lit == "" {
					lit = tok.String()
				}
				out.WriteString(lit)
				out.WriteByte(' ')
			}
		}
	}
	for _, b := range blocks {
		scan(tf.Offset(b.Pos()))
		from = tf.Offset(b.End())
	}
	scan(tf.Offset(min(n.End(), token.Pos(tf.Base()+tf.Size()))))
	return out.String()
}

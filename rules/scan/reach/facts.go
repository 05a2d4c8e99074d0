package reach

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Facts are calls that only the source text or the linker knows of. A caller
// gathers them with Directives and Assembly over the files of the closure and
// joins them with Add.
type Facts struct {
	Links []Link   // go:linkname directives
	Roots []Symbol // functions that C or assembly code may call
}

// A Symbol is a package-level function.
type Symbol struct {
	Package string // import path
	Name    string
}

// A Link is one go:linkname directive: in the package Local stands in, the
// function Local and the linker symbol Remote are one. Which of the two has
// the body is not known from the directive.
type Link struct {
	Local  Symbol
	Remote Symbol
}

// Add appends the facts of more.
func (f *Facts) Add(more Facts) {
	f.Links = append(f.Links, more.Links...)
	f.Roots = append(f.Roots, more.Roots...)
}

// Directives reads go:linkname and cgo's export directives from the text of a
// Go file of the package with import path pkg. It looks at lines only, so that
// text in a string literal that looks like a directive counts as one: that can
// only make the analysis more careful. A name the linker treats as method
// ("net.(*Resolver).lookup") is not a function of its package and is left out.
func Directives(pkg string, src []byte) Facts {
	var facts Facts
	if !bytes.Contains(src, []byte("//go:linkname ")) && !bytes.Contains(src, []byte("//export ")) {
		return facts
	}
	for line := range bytes.Lines(src) {
		text := string(bytes.TrimSpace(line))
		if rest, ok := strings.CutPrefix(text, "//export "); ok {
			if fields := strings.Fields(rest); len(fields) > 0 {
				facts.Roots = append(facts.Roots, Symbol{pkg, fields[0]})
			}
			continue
		}
		rest, ok := strings.CutPrefix(text, "//go:linkname ")
		if !ok {
			continue
		}
		fields := strings.Fields(rest)
		switch len(fields) {
		case 1: // "this may be linked to from anywhere"
			facts.Roots = append(facts.Roots, Symbol{pkg, fields[0]})
		case 2:
			// The package is what stands before the first dot after the last
			// slash; dots in the last path element are escaped by the linker.
			remote := fields[1]
			slash := strings.LastIndexByte(remote, '/') + 1
			path, name, ok := strings.Cut(remote[slash:], ".")
			if !ok {
				continue
			}
			path = strings.ReplaceAll(remote[:slash]+path, "%2e", ".")
			facts.Links = append(facts.Links, Link{Symbol{pkg, fields[0]}, Symbol{path, name}})
		}
	}
	return facts
}

// asmName matches a symbol reference of Go's assembler: "·name(SB)",
// "path∕of∕package·name<ABIInternal>(SB)". The middle dot and the division
// slash are the characters the assembler requires.
var asmName = regexp.MustCompile(`([\pL\pN_.∕%]*)·([\pL\pN_·]+)(?:<[^>\n]*>)?(?:[+-]\d+)?\(SB\)`)

// Assembly reads from the text of a .s file of the package with import path
// pkg which Go functions it may call: every symbol it refers to other than by
// defining it. Data symbols are among them and do no harm.
func Assembly(pkg string, src []byte) Facts {
	var facts Facts
	for line := range bytes.Lines(src) {
		text, _, _ := strings.Cut(string(line), "//")
		first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		if op, _, _ := strings.Cut(first, "\t"); op == "TEXT" || op == "GLOBL" || op == "DATA" {
			continue
		}
		for _, m := range asmName.FindAllStringSubmatch(text, -1) {
			path := strings.ReplaceAll(strings.ReplaceAll(m[1], "∕", "/"), "%2e", ".")
			if path == "" {
				path = pkg
			}
			facts.Roots = append(facts.Roots, Symbol{path, m[2]})
		}
	}
	return facts
}

// Names are the method names that code outside the closure can call through an
// interface: those an interface type there declares and some expression there
// selects. The zero value is empty and ready for Read. Not safe for concurrent
// use.
type Names struct {
	declared map[string]bool
	selected map[string]bool
}

// Read adds what the text of one Go file declares and selects. It looks at
// bytes, not at syntax, and takes rather too many names than too few: dots and
// the word "interface" in comments and strings count as well.
func (n *Names) Read(src []byte) {
	if n.declared == nil {
		n.declared, n.selected = make(map[string]bool), make(map[string]bool)
	}
	const keyword = "interface"
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '.':
			if name := identifier(src, skipSpace(src, i+1)); len(name) > 0 && !n.selected[string(name)] {
				n.selected[string(name)] = true
			}
		case 'i':
			if bytes.HasPrefix(src[i:], []byte(keyword)) {
				n.readInterface(src, skipSpace(src, i+len(keyword)))
			}
		}
	}
}

// readInterface adds the methods of an interface type whose braces open at i,
// if they do. Interface types inside of it are left to Read.
func (n *Names) readInterface(src []byte, i int) {
	if i >= len(src) || src[i] != '{' {
		return
	}
	for depth := 0; i < len(src); {
		switch c := src[i]; {
		case c == '{':
			depth++
			i++
		case c == '}':
			depth--
			i++
			if depth == 0 {
				return
			}
		case c == '"' || c == '`': // the tag of a struct type
			end := bytes.IndexByte(src[i+1:], c)
			if end < 0 {
				return
			}
			i += end + 2
		case isIdentifier(c):
			name := identifier(src, i)
			i += len(name)
			if next := skipSpace(src, i); depth == 1 && next < len(src) && src[next] == '(' {
				n.declared[string(name)] = true
			}
		default:
			if next := skipSpace(src, i); next > i {
				i = next
			} else {
				i++
			}
		}
	}
}

// all is the set of names that are both declared and selected. Error is
// declared by no package.
func (n *Names) all() map[string]bool {
	both := map[string]bool{"Error": true}
	for name := range n.declared {
		if n.selected[name] {
			both[name] = true
		}
	}
	return both
}

// identifier returns the identifier that starts at i; it may be empty.
func identifier(src []byte, i int) []byte {
	end := i
	for end < len(src) && isIdentifier(src[end]) {
		end++
	}
	return src[i:end]
}

// skipSpace returns the offset of the first byte from i on that is neither
// white space nor in a comment.
func skipSpace(src []byte, i int) int {
	for i < len(src) {
		switch {
		case src[i] == ' ' || src[i] == '\t' || src[i] == '\n' || src[i] == '\r':
			i++
		case bytes.HasPrefix(src[i:], []byte("//")):
			n := bytes.IndexByte(src[i:], '\n')
			if n < 0 {
				return len(src)
			}
			i += n
		case bytes.HasPrefix(src[i:], []byte("/*")):
			n := bytes.Index(src[i+2:], []byte("*/"))
			if n < 0 {
				return len(src)
			}
			i += n + 4
		default:
			return i
		}
	}
	return i
}

// isIdentifier reports whether a byte can be part of an identifier; every byte
// of a letter that is not ASCII can.
func isIdentifier(b byte) bool {
	return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// links is Facts resolved to functions of the closure.
type links struct {
	bound map[*ssa.Function][]*ssa.Function // function without body -> what the linker binds
	roots []*ssa.Function                   // assumed to be called from outside
}

func newLinks(facts Facts, byPath map[string]*ssa.Package) *links {
	l := &links{bound: make(map[*ssa.Function][]*ssa.Function)}
	find := func(s Symbol) *ssa.Function {
		if pkg := byPath[s.Package]; pkg != nil {
			return pkg.Func(s.Name)
		}
		return nil
	}
	for _, s := range facts.Roots {
		if f := find(s); f != nil {
			l.roots = append(l.roots, f)
		}
	}
	for _, link := range facts.Links {
		local, remote := find(link.Local), find(link.Remote)
		// Pull: the local function has no body and means the remote one.
		if local != nil && local.Blocks == nil && remote != nil {
			l.bound[local] = append(l.bound[local], remote)
		}
		if local == nil || local.Blocks == nil {
			continue
		}
		// Push: the local body is what the remote name means. A remote name
		// outside the closure may be called by anyone.
		if remote != nil && remote.Blocks == nil {
			l.bound[remote] = append(l.bound[remote], local)
		} else {
			l.roots = append(l.roots, local)
		}
	}
	return l
}

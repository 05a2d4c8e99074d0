package code

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// Archives: the names and link targets in them are whatever their maker wrote,
// "../../etc/cron.d/x" too (MKT203/archive, MKT203/symlink).

// archiveSinks create files by name; symlinkSinks create links.
var (
	archiveSinks = sinkCalls(map[string]string{
		"os":        `Create:0 OpenFile:0 WriteFile:0 Mkdir:0 MkdirAll:0 Rename:1 Symlink:1 Link:0,1`,
		"io/ioutil": `WriteFile:0`,
	})
	symlinkSinks = sinkCalls(map[string]string{"os": `Symlink:0`})
)

// archiveNames are the fields that an archive fills, by clean path.
var archiveNames = map[string]map[string]bool{
	"archive/zip": setOf("FileHeader.Name"),
	"archive/tar": setOf("Header.Name Header.Linkname"),
}

// archiveSource reports whether v is a name or a link's target in an archive.
func archiveSource(v ssa.Value) (sourceInfo, token.Pos, bool) {
	u, ok := v.(*ssa.UnOp)
	if !ok || u.Op != token.MUL {
		return sourceInfo{}, token.NoPos, false
	}
	fa, ok := u.X.(*ssa.FieldAddr)
	if !ok {
		return sourceInfo{}, token.NoPos, false
	}
	n := namedType(fa.X.Type())
	if n == nil || n.Obj().Pkg() == nil || !archiveNames[n.Obj().Pkg().Path()][n.Obj().Name()+"."+fieldName(fa)] {
		return sourceInfo{}, token.NoPos, false
	}
	return sourceInfo{what: fromArchive.words(), medium: fromArchive}, fa.Pos(), true
}

// archiveCalls give an archive, or the next entry of one.
var archiveCalls = map[string]string{
	"archive/zip OpenReader": "the archive is opened here", "archive/zip NewReader": "the archive is opened here",
	"archive/tar Reader.Next": "the next entry is read here",
}

// archiveOpened returns where the archive, or the entry of it, was read that v is
// a name in, or no step where this package does not show it.
func (p *pkg) archiveOpened(v ssa.Value) []Step {
	seen := map[ssa.Value]bool{}
	for v != nil && !seen[v] && len(seen) < maxTaintDepth {
		seen[v] = true
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.Index:
			v = x.X
		case *ssa.Call:
			if c := p.asCall(x, paths("archive/zip", "archive/tar")); c != nil {
				if what := archiveCalls[c.path+" "+c.callee()]; what != "" {
					return []Step{{x.Pos(), what}}
				}
			}
			v = p.oneOrigin(x)
		case *ssa.Extract:
			switch tuple := x.Tuple.(type) {
			case *ssa.Call:
				if v = p.oneOrigin(x); v == ssa.Value(x) {
					v = tuple // not of this package
				}
			case *ssa.Next:
				if r, ok := tuple.Iter.(*ssa.Range); ok {
					v = r.X
				}
			default:
				v = nil
			}
		case *ssa.UnOp:
			if v = p.oneOrigin(x); v == ssa.Value(x) {
				v = x.X
			}
		default:
			v = p.oneOrigin(x)
		}
	}
	return nil
}

// oneOrigin returns the only place that v comes from, nil when there are others.
func (p *pkg) oneOrigin(v ssa.Value) ssa.Value {
	origins, more := p.origins(v)
	var only ssa.Value
	for _, o := range origins {
		if c, ok := o.v.(*ssa.Const); ok && c.Value == nil {
			continue
		}
		if only != nil {
			return nil
		}
		only = o.v
	}
	if more {
		return nil
	}
	return only
}

// archiveHits judges what is done with names in archives: one hit for every
// place where a name is taken, at its first use.
func (p *pkg) archiveHits() []Hit {
	if !importsAny(p.types, paths("archive/zip", "archive/tar")) {
		return nil
	}
	names := need{use: usePath, media: fromArchive}
	var hits []Hit
	taken := map[token.Pos]bool{}
	report := func(rule string, c *call, in *inbound, n need, message string) {
		for _, s := range in.steps {
			if !strings.HasPrefix(s.Message, inputStep) {
				continue
			}
			if taken[s.Pos] {
				return
			}
			taken[s.Pos] = true
			break
		}
		hits = append(hits, p.reached(rule, c, in, n, message))
	}
	p.each(archiveSinks, func(c *call, args []int) {
		for _, i := range args {
			if in := p.inputs().findAny(c.arg(i), c.instr, names); in != nil {
				report("MKT203/archive", c, in, names, "chooses the file that is written; check it with filepath.IsLocal or write through os.Root")
				return
			}
		}
	})
	if p.resolvesLinks() {
		return hits
	}
	clear(taken)
	links := need{use: useLink, media: fromArchive}
	p.each(symlinkSinks, func(c *call, args []int) {
		for _, i := range args {
			in := p.inputs().findAny(c.arg(i), c.instr, links)
			if in == nil {
				in = p.linkText(c)
			}
			if in != nil {
				report("MKT203/symlink", c, in, links, "is where a link from an archive leads; a later entry is written through it whatever its own name is checked for. Resolve links with filepath.EvalSymlinks, or write through os.Root")
				return
			}
		}
	})
	return hits
}

// linkText finds a link whose target is text that the archive holds, as zip
// does it: the link's name then comes from the same archive.
func (p *pkg) linkText(c *call) *inbound {
	links := need{use: useLink, media: fromArchive}
	if _, ok := constText(c.arg(0)); ok {
		return nil
	}
	return p.inputs().findAny(c.arg(1), c.instr, links)
}

// resolvesLinks reports whether the package looks at where links lead before it
// writes, or writes through functions that cannot leave a directory.
func (p *pkg) resolvesLinks() bool {
	m := p.inputs()
	has := func(path string, is func(c *call) bool) bool { return slices.ContainsFunc(m.calls(path), is) }
	if has("path/filepath", func(c *call) bool { return c.name == "EvalSymlinks" }) ||
		has("os", func(c *call) bool {
			return c.recv == "Root" || c.name == "OpenRoot" || c.name == "OpenInRoot" || c.name == "Lstat" || c.name == "Readlink"
		}) {
		return true
	}
	for _, imported := range p.types.Imports() {
		if strings.Contains(imported.Path(), "securejoin") {
			return true
		}
	}
	return false
}

// findAny is find for what is input by its own nature, not by what the package
// imports.
func (m *inputs) findAny(v ssa.Value, at ssa.Instruction, n need) *inbound {
	if v == nil {
		return nil
	}
	m.prepare()
	t := &taint{m: m, need: n, seen: map[visit]bool{}, left: maxTaintVisits, strict: true}
	return t.trace(v, nil, at, nil, 0)
}

// archiveVariants describes both.
func archiveVariants(controls []string) []rules.Rule {
	return []rules.Rule{{
		ID: "MKT203/archive", Title: "Name in an archive chooses the file that is written", Vector: v65i, Class: rules.Review, CWE: []int{22}, Controls: controls,
		Flags: "The name or link target of an entry of a zip or tar archive in the path of a function that creates files, directories or links. It is a violation (MKT203/path) where the archive itself comes from a request.",
		Safe: "`os.Root`; `filepath.IsLocal`, `filepath.Localize`; `filepath.Base`; a check that the joined path begins with the directory, or that the name holds no `..`; " +
			"a function of yours that checks the name.",
		Remediation: "Write through os.Root, or refuse names for which filepath.IsLocal is false.",
		Wrong:       "path := filepath.Join(dir, entry.Name)\nout, err := os.Create(path)",
		Right:       "root, err := os.OpenRoot(dir)\n…\nout, err := root.Create(entry.Name)",
	}, {
		ID: "MKT203/symlink", Title: "Archive creates symbolic links that are not resolved", Vector: v65i, Class: rules.Review, CWE: []int{59, 22}, Controls: controls,
		Flags:       "`os.Symlink` with a target from an archive in a package that resolves no links. A check of the names alone does not help: a link that was written first turns a harmless name into a path elsewhere.",
		Safe:        "Links left out; `filepath.EvalSymlinks` before writing; `os.Root`; an archive library or path joiner that resolves links.",
		Remediation: "Leave links out when you unpack, or write through os.Root, which follows none out of its directory.",
		Wrong:       "if header.Typeflag == tar.TypeSymlink {\n\tos.Symlink(header.Linkname, filepath.Join(dir, header.Name))\n}",
		Right:       "if header.Typeflag == tar.TypeSymlink {\n\treturn fmt.Errorf(\"%s: links are not unpacked\", header.Name)\n}",
	}}
}

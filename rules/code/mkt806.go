package code

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt806 flags programs that fetch code and run it, or replace themselves by
// it, without a proof of who made it.
//
// It starts where what a server answered is written to a file, follows the
// file's path to callers and results of the package, and asks whether the file
// is started, loaded, or put in the place of the program.
func mkt806() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT806",
		Name:     "unsigned-update",
		Title:    "Downloaded code is run without a signature check",
		Class:    rules.Violation,
		Controls: []string{"signed-updates"},
		CWE:      []int{494},
		Vector:   v75u,
		Flags: "A file filled from an HTTP response that is started, loaded as a plugin, or renamed over the running program, with no signature check near; `Apply` of go-update and selfupdate without a verifier; " +
			"go-selfupdate without a validator. A checksum without a signature is a review finding: whoever replaces the file replaces the sum beside it.",
		Safe:        "A check with minisign, ed25519, ECDSA, RSA, OpenPGP, cosign or sigstore, or TUF in the function, its callers or its callees; validators that check signatures; `go install` and package managers.",
		Remediation: "Sign releases (minisign, cosign, goreleaser's `signs`), build the public key into the program, and check the signature before the file is made executable.",
		Wrong:       "io.Copy(f, resp.Body)\nos.Rename(f.Name(), exe)",
		Right:       "if !ed25519.Verify(releaseKey, data, sig) {\n\treturn errors.New(\"update is not signed by us\")\n}\nos.WriteFile(tmp, data, 0o755)\nos.Rename(tmp, exe)",
		Frameworks:  []string{"net/http", "os/exec", "plugin", "inconshreveable/go-update", "minio/selfupdate", "creativeprojects/go-selfupdate"},
	}, nil, updateGate, runMKT806)
}

var (
	appliers       = paths("github.com/inconshreveable/go-update", "github.com/minio/selfupdate", "github.com/fynelabs/selfupdate")
	githubUpdaters = paths("github.com/rhysd/go-github-selfupdate/selfupdate", "github.com/creativeprojects/go-selfupdate")
	oldUpdater     = paths("github.com/sanbornm/go-selfupdate/selfupdate")
)

func updateGate(path string) bool {
	return path == "os" || path == "plugin" || appliers(path) || githubUpdaters(path) || oldUpdater(path)
}

func runMKT806(p *pkg) []Hit {
	hits := p.updateLibraries()
	if p.importsPath("os") && p.importsPath("net/http", "github.com/go-resty/resty", "github.com/hashicorp/go-retryablehttp", "github.com/valyala/fasthttp") {
		hits = append(hits, p.fetchedCode()...)
	}
	return hits
}

func (p *pkg) updateLibraries() []Hit {
	if !importsAny(p.types, func(path string) bool { return appliers(path) || githubUpdaters(path) || oldUpdater(path) }) {
		return nil
	}
	var hits []Hit
	add := func(c *call, class rules.Class, message string) {
		h := p.hit("MKT806", c.instr, -1, message)
		h.Class = class
		hits = append(hits, h)
	}
	const bare = "the update is applied without a signature check; give it a verifier and the public key of the releases"
	const summed = "the update is checked by a checksum alone, which whoever replaces the file replaces too; check a signature"
	p.eachCall(func(path string) bool { return appliers(path) || githubUpdaters(path) || oldUpdater(path) }, func(c *call) {
		switch {
		case appliers(c.path) && c.callee() == "Apply" && len(c.args) == 2:
			set, known := p.optionsSet(c.args[1])
			signed := func(name string) bool {
				return name == "Verifier" || name == "Signature" || name == "PublicKey" || strings.HasPrefix(name, "SetPublicKey")
			}
			switch {
			case !known || slices.ContainsFunc(set, signed) || p.verifiedNear(outermost(c.instr.Parent())):
			case slices.Contains(set, "Checksum"):
				add(c, rules.Review, summed)
			default:
				add(c, "", bare)
			}
		case githubUpdaters(c.path) && c.recv == "" && (strings.HasPrefix(c.name, "Update") || c.name == "DefaultUpdater"):
			if !p.verifiedNear(outermost(c.instr.Parent())) {
				add(c, "", "the default updater checks no signature; make one with NewUpdater and a validator of signatures")
			}
		case githubUpdaters(c.path) && c.callee() == "NewUpdater" && len(c.args) == 1:
			set, known := p.optionsSet(c.args[0])
			switch {
			case !known:
			case !slices.Contains(set, "Validator"):
				add(c, "", "the updater has no Validator: it installs what it is sent; set one that checks signatures")
			case p.checksumValidator(c.args[0]):
				add(c, rules.Review, summed)
			}
		case oldUpdater(c.path) && (c.callee() == "Updater.BackgroundRun" || c.callee() == "Updater.Update"):
			add(c, "", "this updater compares a checksum from the same server and no signature; use one that checks signatures")
		}
	})
	return hits
}

// optionsSet lists the fields set in an options struct, and methods called on
// it; known is false when it is not built here.
func (p *pkg) optionsSet(v ssa.Value) (set []string, known bool) {
	al := copied(v)
	if al == nil {
		if k, ok := v.(*ssa.Const); ok && k.Value == nil {
			return nil, true
		}
		al, _ = v.(*ssa.Alloc)
	}
	if al == nil {
		return nil, false
	}
	n := namedType(al.Type())
	if n == nil {
		return nil, false
	}
	l := p.literal(al, n)
	for name := range l.set {
		set = append(set, name)
	}
	for _, r := range *al.Referrers() {
		if ci, ok := r.(ssa.CallInstruction); ok {
			if callee := ci.Common().StaticCallee(); callee != nil {
				set = append(set, callee.Name())
			}
		}
	}
	slices.Sort(set)
	return set, !l.passed
}

// checksumValidator reports whether the validator of a configuration compares
// checksums only.
func (p *pkg) checksumValidator(v ssa.Value) bool {
	al := copied(v)
	if al == nil {
		return false
	}
	n := namedType(al.Type())
	if n == nil {
		return false
	}
	for _, s := range p.literal(al, n).set["Validator"] {
		t := typeName(unwrap(s.Val).Type())
		if t == "SHA2Validator" || t == "SHAValidator" || t == "ChecksumValidator" {
			return true
		}
	}
	return false
}

// A fetched is a file on disk with what a server sent.
type fetched struct {
	path    ssa.Value     // its name, or the open file
	fn      *ssa.Function // where path is a value
	written *ssa.Function // where the data is written
	by      *call         // what writes it
	steps   []Step
}

// fetchedCode looks for files with network data that become code.
func (p *pkg) fetchedCode() []Hit {
	var files []fetched
	add := func(c *call, path ssa.Value) {
		fn := outermost(c.instr.Parent())
		files = append(files, fetched{path, fn, fn, c, []Step{{c.instr.Pos(), "what the server sent is written to a file"}}})
	}
	p.eachCall(paths("os", "io", "io/ioutil"), func(c *call) {
		switch c.path + " " + c.callee() {
		case "os WriteFile", "io/ioutil WriteFile":
			if p.fromServer(c.args[1]) {
				add(c, c.args[0])
			}
		case "io Copy", "io CopyN", "io CopyBuffer":
			if path := p.fileBehind(c.args[0]); path != nil && p.fromServer(c.args[1]) {
				add(c, path)
			}
		case "os File.Write", "os File.ReadFrom":
			if path := p.fileBehind(c.on); path != nil && p.fromServer(c.args[0]) {
				add(c, path)
			}
		}
	})
	if len(files) == 0 {
		return nil
	}
	var hits []Hit
	done := map[[2]*ssa.Function]bool{} // one finding for one download in one function
	report := func(c *call, f fetched, what string) {
		key := [2]*ssa.Function{f.written, outermost(c.instr.Parent())}
		if done[key] || p.verifiedNear(f.fn) || p.verifiedNear(f.written) {
			return
		}
		done[key] = true
		h := p.hit("MKT806", c.instr, -1, "the downloaded file "+what+" without a signature check: whoever controls the server or the way to it runs code here", f.steps...)
		if p.summedNear(f.fn) || p.summedNear(f.written) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	// What is written over the program itself needs no further step.
	files = slices.DeleteFunc(files, func(f fetched) bool {
		if !p.isProgram(f.path, 0) {
			return false
		}
		report(f.by, f, "replaces the program")
		return true
	})
	// A helper that downloads: its callers know the file by what they pass, or by
	// what it returns.
	for i := 0; i < len(files) && len(files) < 64; i++ {
		f := files[i]
		if len(f.steps) > 2 {
			continue
		}
		for _, ci := range p.callersOf(f.fn) {
			steps := append(slices.Clone(f.steps), Step{ci.Pos(), "by " + f.fn.Name()})
			for j, prm := range f.fn.Params {
				if j < len(ci.Common().Args) && p.derivesFrom(f.path, prm) && isText(prm.Type()) {
					files = append(files, fetched{ci.Common().Args[j], outermost(ci.Parent()), f.written, f.by, steps})
				}
			}
			if v, ok := ci.(*ssa.Call); ok && p.returnsPath(f) {
				files = append(files, fetched{v, outermost(ci.Parent()), f.written, f.by, steps})
			}
		}
	}
	p.eachCall(paths("os/exec", "os", "syscall", "plugin"), func(c *call) {
		if f := p.unpacked(c, files); f != nil {
			files = append(files, *f)
		}
		for _, f := range files {
			if f.fn != outermost(c.instr.Parent()) {
				continue
			}
			if what := p.runs(c, f); what != "" {
				report(c, f, what)
				return
			}
		}
	})
	return hits
}

// unpacked recognises a program that is replaced by a file which comes from
// outside the program's own path, in a function that fetches: what it renames
// was unpacked from what it fetched.
func (p *pkg) unpacked(c *call, files []fetched) *fetched {
	if !c.is("os", "Rename") || !p.ownProgram(c.args[1]) || p.ownProgram(c.args[0]) {
		return nil
	}
	fn := outermost(c.instr.Parent())
	for _, f := range files {
		if f.fn == fn || p.calls(fn, f.written, 2) {
			return &fetched{c.args[0], fn, f.written, f.by, append(slices.Clone(f.steps[:1]), Step{c.args[0].Pos(), "and unpacked"})}
		}
	}
	return nil
}

// calls reports whether fn calls another function of the package, some calls
// deep.
func (p *pkg) calls(fn, other *ssa.Function, depth int) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok && !found {
			callee := ci.Common().StaticCallee()
			found = callee != nil && callee.Pkg == p.ssa.Pkg && (callee == other || depth > 0 && p.calls(callee, other, depth-1))
		}
	})
	return found
}

// runs says how a call makes a fetched file code; "" when it does not.
func (p *pkg) runs(c *call, f fetched) string {
	is := func(v ssa.Value) bool { return p.derivesFrom(v, f.path) || sameText(v, f.path) }
	switch c.path + " " + c.callee() {
	case "os/exec Command", "os/exec CommandContext":
		args := c.args
		if c.name == "CommandContext" {
			args = args[1:]
		}
		if is(args[0]) {
			return "is started"
		}
		if shell, ok := constText(args[0]); ok && interpreters[strings.TrimPrefix(shell, "/bin/")] && len(args) > 1 {
			elems, _ := variadic(args[1])
			for _, e := range elems {
				if e != nil && is(e) {
					return "is run by " + shell
				}
			}
		}
	case "syscall Exec", "os StartProcess":
		if is(c.args[0]) {
			return "is started"
		}
	case "plugin Open":
		if is(c.args[0]) {
			return "is loaded as a plugin"
		}
	case "os Rename":
		if is(c.args[0]) && p.ownProgram(c.args[1]) {
			return "replaces the program"
		}
	case "os Chmod":
		if is(c.args[0]) && p.ownProgram(c.args[0]) {
			return "replaces the program"
		}
	}
	return ""
}

var interpreters = setOf("sh bash zsh python python3 powershell pwsh node perl")

// ownProgram reports whether a path is that of the running program.
func (p *pkg) ownProgram(v ssa.Value) bool {
	return p.derives(v, func(v ssa.Value) bool {
		c, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		d := p.asCall(c, paths("os", "github.com/kardianos/osext"))
		return d != nil && d.recv == "" && d.name == "Executable"
	})
}

// isProgram reports whether a path may be that of the running program itself,
// not of a file beside it.
func (p *pkg) isProgram(v ssa.Value, depth int) bool {
	origins, _ := p.origins(v)
	for _, o := range origins {
		ex, ok := o.v.(*ssa.Extract)
		if !ok {
			continue
		}
		x, ok := ex.Tuple.(*ssa.Call)
		if !ok {
			continue
		}
		switch d := p.asCall(x, paths("os", "path/filepath", "github.com/kardianos/osext")); {
		case d == nil:
		case d.name == "Executable":
			return true
		case d.name == "EvalSymlinks" || d.name == "Abs":
			if depth < 3 && p.isProgram(d.args[0], depth+1) {
				return true
			}
		}
	}
	return false
}

// derivesFrom reports whether v is computed from w.
func (p *pkg) derivesFrom(v, w ssa.Value) bool {
	if _, ok := w.(*ssa.Const); ok {
		return false
	}
	return p.derives(v, func(x ssa.Value) bool { return x == w || sameValue(x, w) })
}

// sameText reports whether two values are the same constant text.
func sameText(a, b ssa.Value) bool {
	s, ok := constText(a)
	t, ok2 := constText(b)
	return ok && ok2 && s == t && s != ""
}

// fromServer reports whether a value is computed from the answer of a server.
func (p *pkg) fromServer(v ssa.Value) bool { return p.fromServerAt(v, 0) }

func (p *pkg) fromServerAt(v ssa.Value, depth int) bool {
	return p.derives(v, func(v ssa.Value) bool {
		if c, ok := v.(*ssa.Call); ok && depth < 3 {
			// A function of the package that returns what it has read.
			if fn := c.Call.StaticCallee(); fn != nil && fn.Pkg == p.ssa.Pkg {
				for _, b := range fn.Blocks {
					if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 && p.fromServerAt(ret.Results[0], depth+1) {
						return true
					}
				}
			}
		}
		n := namedType(v.Type())
		if n == nil || n.Obj().Pkg() == nil || n.Obj().Name() != "Response" {
			return false
		}
		switch p.pathOf(n.Obj().Pkg()) {
		case "net/http", "github.com/go-resty/resty", "github.com/valyala/fasthttp":
			return true
		}
		return false
	})
}

// fileBehind returns the path an open file was made with, or the file itself;
// nil when a writer is no file that this package opens.
func (p *pkg) fileBehind(v ssa.Value) ssa.Value {
	origins, _ := p.origins(v)
	for _, o := range origins {
		ex, ok := o.v.(*ssa.Extract)
		if !ok {
			continue
		}
		x, ok := ex.Tuple.(*ssa.Call)
		if !ok {
			continue
		}
		switch d := p.asCall(x, paths("os", "io/ioutil")); {
		case d == nil:
		case d.callee() == "Create" || d.callee() == "OpenFile":
			return d.args[0]
		case d.callee() == "CreateTemp" || d.callee() == "TempFile":
			return ex
		}
	}
	return nil
}

// returnsPath reports whether a function returns the path of the file it
// fetched.
func (p *pkg) returnsPath(f fetched) bool {
	res := f.fn.Signature.Results()
	if res.Len() == 0 {
		return false
	}
	if b, ok := res.At(0).Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
		return false
	}
	for _, b := range f.fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && (p.derivesFrom(ret.Results[0], f.path) || sameText(ret.Results[0], f.path)) {
			return true
		}
	}
	return false
}

// verifiedNear reports whether a function, what it calls, or what calls it
// checks a signature.
func (p *pkg) verifiedNear(fn *ssa.Function) bool { return p.near(fn, verifiesSignature) }

// summedNear is verifiedNear for checksums.
func (p *pkg) summedNear(fn *ssa.Function) bool {
	return p.near(fn, func(c *call) bool {
		return strings.HasPrefix(c.path, "crypto/sha") || SplitName(c.name).Has("checksum", "digest")
	})
}

func verifiesSignature(c *call) bool {
	n := SplitName(c.name)
	if n.Has("verify", "verifies", "verified", "signature", "signatures", "cosign", "minisign", "gpg", "pgp", "attestation") {
		return true
	}
	for _, part := range []string{"minisign", "sigstore", "cosign", "openpgp", "go-tuf", "signify"} {
		if strings.Contains(c.path, part) {
			return true
		}
	}
	if c.path == "os/exec" && len(c.args) > 0 {
		for _, a := range c.args[:min(2, len(c.args))] {
			if s, ok := constText(a); ok {
				switch s[strings.LastIndex(s, "/")+1:] {
				case "gpg", "gpgv", "cosign", "minisign", "signify", "openssl", "codesign", "slsa-verifier":
					return true
				}
			}
		}
	}
	return false
}

// near reports whether fn, what it calls three calls deep in this package, or
// what calls it makes a call that is accepts.
func (p *pkg) near(fn *ssa.Function, is func(*call) bool) bool {
	seen := map[*ssa.Function]bool{}
	var in func(fn *ssa.Function, depth int) bool
	in = func(fn *ssa.Function, depth int) bool {
		if seen[fn] {
			return false
		}
		seen[fn] = true
		found := false
		within(fn, func(instr ssa.Instruction) {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok || found {
				return
			}
			if c := p.asCall(ci, nil); c != nil && is(c) {
				found = true
				return
			}
			if callee := ci.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg && depth > 0 {
				found = in(callee, depth-1)
			}
		})
		return found
	}
	if in(fn, 3) {
		return true
	}
	for _, ci := range p.callersOf(fn) {
		if in(outermost(ci.Parent()), 2) {
			return true
		}
	}
	return false
}

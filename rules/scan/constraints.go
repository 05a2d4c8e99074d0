package scan

import (
	"bytes"
	"go/build"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// whyExcluded says why build constraints, in a Go file or in its name, leave it
// out; "" when they do not, or when the file cannot be read.
//
// The platform and the Go version are the usual reasons. Any other tag is named:
// a product that is built with it ships code that this scan did not see.
func whyExcluded(name string, p rules.Platform) string {
	match := func(change func(*build.Context)) bool {
		ctx := build.Default
		ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = p.GOOS, p.GOARCH, p.Cgo, p.Tags
		change(&ctx)
		ok, err := ctx.MatchFile(filepath.Dir(name), filepath.Base(name))
		return ok || err != nil
	}
	if match(func(*build.Context) {}) {
		return ""
	}
	if !p.Cgo && match(func(c *build.Context) { c.CgoEnabled = true }) {
		return needsCgo
	}
	tags := fileTags(name)
	if slices.Contains(tags, "ignore") {
		return "excluded by the build tag ignore"
	}
	for _, tag := range tags {
		if !knownTag(tag) && match(func(c *build.Context) { c.BuildTags = append(slices.Clone(p.Tags), tag) }) {
			return "excluded unless the build tag " + tag + " is set (--tags " + tag + " scans it)"
		}
	}
	return "excluded by build constraints for " + p.GOOS + "/" + p.GOARCH
}

// needsCgo is the reason for files that only a build with cgo has.
const needsCgo = "needs cgo, which is off"

// fileTags lists the tags of a file's //go:build line.
func fileTags(name string) []string {
	src, err := readLimited(name, 1<<20)
	if err != nil {
		return nil
	}
	var tags []string
	for line := range bytes.Lines(src) {
		text := strings.TrimSpace(string(line))
		if text != "" && !strings.HasPrefix(text, "//") {
			break
		}
		expr, err := constraint.Parse(text)
		if err != nil || !constraint.IsGoBuild(text) {
			continue
		}
		expr.Eval(func(tag string) bool { tags = append(tags, printable(tag)); return true })
		expr.Eval(func(tag string) bool { tags = append(tags, printable(tag)); return false })
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// knownTag reports tags that name a platform, a compiler or a Go version.
func knownTag(tag string) bool {
	switch tag {
	case "cgo", "unix", "gc", "gccgo", "race", "msan", "asan", "purego", "tinygo", "appengine":
		return true
	}
	return strings.HasPrefix(tag, "go1.") || slices.Contains(knownOS, tag) || slices.Contains(knownArch, tag)
}

// Platforms of `go tool dist list`, which go/build does not export.
var (
	knownOS = []string{"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
		"openbsd", "plan9", "solaris", "wasip1", "windows", "zos"}
	knownArch = []string{"386", "amd64", "amd64p32", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
		"ppc64le", "riscv64", "s390x", "sparc64", "wasm"}
)

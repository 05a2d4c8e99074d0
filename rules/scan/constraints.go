package scan

import (
	"go/build"
	"path/filepath"

	"github.com/staylisted/staylisted/rules"
)

// excluded reports whether build constraints, in the file or in its name, leave
// a Go file out on the platform. A file that cannot be read is not excluded.
func excluded(name string, p rules.Platform) bool {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = p.GOOS, p.GOARCH, p.Cgo, p.Tags
	match, err := ctx.MatchFile(filepath.Dir(name), filepath.Base(name))
	return err == nil && !match
}

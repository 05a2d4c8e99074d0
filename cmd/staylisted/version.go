package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name:  "version",
		short: "the versions of the program and its catalogue",
		long:  "Prints the versions that decide what a scan finds and how it is judged.",
		examples: [][2]string{
			{"staylisted version", ""},
		},
		setup: func(*flag.FlagSet) action {
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) > 0 {
					return &usageError{text: "version takes no operand"}
				}
				set, err := loadRuleset()
				if err != nil {
					return err
				}
				return p.print(fmt.Sprintf("staylisted %s\ncatalogue %s\nbuilt with %s for %s/%s\n",
					toolVersion(), set.ref.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH))
			}
		},
	}
}

// toolVersion returns the version of the program as its build recorded it:
// a release, a commit, or "devel".
func toolVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+changes"
		}
	}
	if len(revision) < 12 {
		return "devel"
	}
	return "devel-" + revision[:12] + modified
}

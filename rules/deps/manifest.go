package deps

import (
	"fmt"

	"golang.org/x/mod/modfile"

	"github.com/staylisted/staylisted/rules"
)

// A Manifest knows where a go.mod sets versions.
type Manifest struct {
	path string
	file *modfile.File
}

// ParseManifest reads a go.mod; path is where it is in the repository.
func ParseManifest(path string, data []byte) (*Manifest, error) {
	file, err := modfile.ParseLax(path, data, nil)
	if err != nil {
		return nil, fmt.Errorf("cannot tell where dependencies are required: %w", err)
	}
	// ParseLax leaves replace directives out; they matter where they parse.
	if strict, err := modfile.Parse(path, data, nil); err == nil {
		file = strict
	}
	return &Manifest{path: path, file: file}, nil
}

// Line returns the place that sets a module's version: its replace line, else
// its require line; for Stdlib and Toolchain the toolchain line, else the go
// line. For a module that only other modules require it is the whole file.
func (m *Manifest) Line(module string) rules.Location {
	if module == Stdlib || module == Toolchain {
		if m.file.Toolchain != nil {
			return m.at(m.file.Toolchain.Syntax)
		}
		if m.file.Go != nil {
			return m.at(m.file.Go.Syntax)
		}
		return m.at(nil)
	}
	for _, r := range m.file.Replace {
		if r.Old.Path == module {
			return m.at(r.Syntax)
		}
	}
	for _, r := range m.file.Require {
		if r.Mod.Path == module {
			return m.at(r.Syntax)
		}
	}
	return m.at(nil)
}

// Direct reports whether the module is required without an "// indirect" mark.
func (m *Manifest) Direct(module string) bool {
	for _, r := range m.file.Require {
		if r.Mod.Path == module {
			return !r.Indirect
		}
	}
	return false
}

func (m *Manifest) at(line *modfile.Line) rules.Location {
	at := rules.Location{Path: m.path}
	if line != nil {
		at.Line = line.Start.Line
	}
	return at
}

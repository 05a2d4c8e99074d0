// Package mkt203resolved unpacks links with care.
package mkt203resolved

import (
	"archive/tar"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

func link(h *tar.Header, dir string) error {
	path := filepath.Join(dir, h.Name)
	if !strings.HasPrefix(path, filepath.Clean(dir)+"/") {
		return errors.New("name leads out")
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil || !strings.HasPrefix(parent, dir) {
		return errors.New("parent leads out")
	}
	return os.Symlink(h.Linkname, path) // ok: links above it are resolved first
}

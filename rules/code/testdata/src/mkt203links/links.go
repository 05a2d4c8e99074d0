// Package mkt203links exercises MKT203/symlink: links that an archive brings.
package mkt203links

import (
	"archive/tar"
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func inside(name, dir string) bool {
	return strings.HasPrefix(filepath.Join(dir, name), filepath.Clean(dir)+"/")
}

// Checking the names does not help: the second entry goes through the first.
func untar(r io.Reader, dir string) error {
	tr := tar.NewReader(r)
	for {
		h, err := tr.Next()
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeSymlink && inside(h.Name, dir) && inside(h.Linkname, dir) {
			os.Symlink(h.Linkname, filepath.Join(dir, h.Name)) // want `R MKT203/symlink: A name in an archive is where a link from an archive leads`
		}
	}
}

func unzip(r *zip.Reader, dir string) {
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			return
		}
		target, err := io.ReadAll(rc)
		if err != nil || !inside(string(target), dir) || !inside(f.Name, dir) {
			return
		}
		os.Symlink(string(target), filepath.Join(dir, f.Name)) // want `R MKT203/symlink: `
	}
}

func current(version string) {
	os.Symlink(filepath.Join("/opt/app", version), "/opt/app/current") // ok: nothing of an archive
}

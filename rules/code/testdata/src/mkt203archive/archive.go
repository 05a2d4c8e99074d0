// Package mkt203archive exercises MKT203/archive: names in archives that choose
// files.
package mkt203archive

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
)

func unzip(name, dir string) error {
	r, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, f := range r.File {
		path := filepath.Join(dir, f.Name)
		if f.FileInfo().IsDir() {
			os.MkdirAll(path, 0o750) // want `R MKT203/archive: A name in an archive chooses the file that is written`
			continue
		}
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		out.Close()
	}
	return nil
}

func untar(r io.Reader, dir string) error {
	tr := tar.NewReader(r)
	for {
		h, err := tr.Next()
		if err != nil {
			return err
		}
		if err := write(dir+"/"+h.Name, tr); err != nil {
			return err
		}
	}
}

func write(path string, r io.Reader) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) // want `R MKT203/archive: `
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, r)
	return err
}

// An archive that came with the request is certainly foreign.
func upload(c *gin.Context) {
	file, err := c.FormFile("archive")
	if err != nil {
		return
	}
	in, err := file.Open()
	if err != nil {
		return
	}
	r, err := zip.NewReader(in, file.Size)
	if err != nil {
		return
	}
	for _, f := range r.File {
		os.Mkdir("/srv/plugins/"+f.Name, 0o750) // want `V MKT203/path: ` `R MKT203/archive: `
	}
}

func local(r *zip.Reader, dir string) error {
	for _, f := range r.File {
		if !filepath.IsLocal(f.Name) {
			return errors.New("name leads out")
		}
		os.MkdirAll(filepath.Join(dir, f.Name), 0o750) // ok: filepath.IsLocal
	}
	return nil
}

func below(r *zip.Reader, dir string) error {
	dir = filepath.Clean(dir) + string(os.PathSeparator)
	for _, f := range r.File {
		path := filepath.Join(dir, f.Name)
		if !strings.HasPrefix(path, dir) {
			return errors.New("name leads out")
		}
		os.MkdirAll(filepath.Dir(path), 0o750) // ok: checked to be below the directory
	}
	return nil
}

func dots(tr *tar.Reader, dir string) error {
	h, err := tr.Next()
	if err != nil {
		return err
	}
	if strings.Contains(h.Name, "..") {
		return errors.New("name leads out")
	}
	return os.MkdirAll(filepath.Join(dir, h.Name), 0o750) // ok: holds no dots
}

func flat(r *zip.Reader, dir string) {
	for _, f := range r.File {
		os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), nil, 0o600) // ok: the last element only
	}
}

func inside(root *os.Root, r *zip.Reader) {
	for _, f := range r.File {
		root.Create(f.Name) // ok: os.Root does not leave its directory
	}
}

func safePath(dir, name string) error {
	if strings.HasPrefix(filepath.Join(dir, name), dir) {
		return nil
	}
	return errors.New("name leads out")
}

func byFunction(tr *tar.Reader, dir string) error {
	h, err := tr.Next()
	if err != nil {
		return err
	}
	if err := safePath(dir, h.Name); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(dir, h.Name), 0o750) // ok: a function of the package checks it
}

func listed(w http.ResponseWriter, r *zip.Reader) {
	for _, f := range r.File {
		io.WriteString(w, f.Name+"\n") // ok: shown, not written to
	}
}

func numbered(r *zip.Reader, dir string) {
	for i := range r.File {
		os.Create(filepath.Join(dir, string(rune('a'+i)))) // ok: a name of its own
	}
}

// Package export writes status pages and reads uploaded archives.
package export

import (
	"io"
	"os"
	"path/filepath"

	"example.com/legacy/archive"
	"example.com/legacy/markup"
)

// Import unpacks an uploaded archive into a folder.
func Import(body io.Reader, folder string) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	files, err := archive.NewReader(data).Files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := WritePage(filepath.Join(folder, f.Name), string(f.Data)); err != nil {
			return err
		}
	}
	return nil
}

// WritePage writes a public status page.
func WritePage(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(markup.Plain(text)), 0o644)
}

// Package export reads uploaded archives.
package export

import (
	"errors"
	"io"
	"os"

	"example.com/legacy/archive"
	"example.com/legacy/markup"
)

const maxUpload = 8 << 20

// Import unpacks an uploaded archive into a folder and nowhere else.
func Import(body io.Reader, folder string) (err error) {
	data, err := io.ReadAll(io.LimitReader(body, maxUpload))
	if err != nil {
		return err
	}
	files, err := archive.NewReader(data).Files()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for _, f := range files {
		if err := root.WriteFile(f.Name, []byte(markup.Plain(string(f.Data))), 0o600); err != nil {
			return err
		}
	}
	return nil
}

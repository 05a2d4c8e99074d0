// Package archive is a stand-in for a small unpacking library.
package archive

import "errors"

// A File is one unpacked file.
type File struct {
	Name string
	Data []byte
}

// A Reader unpacks one archive.
type Reader struct{ data []byte }

// NewReader reads an archive.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Files returns all files.
func (r *Reader) Files() ([]File, error) { return r.unpack() }

func (r *Reader) unpack() ([]File, error) {
	if len(r.data) == 0 {
		return nil, errors.New("archive: empty")
	}
	return []File{{Name: string(r.data[:1]), Data: r.data[1:]}}, nil
}

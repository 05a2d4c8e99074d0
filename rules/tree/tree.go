// Package tree is a repository's files as verifiers see them.
//
// A [Tree] lists the files of one commit that lie in the scanned folder and
// reads them with a limit. The scan decides what belongs to it: regular files
// that git tracks (or all, outside git), nothing below .git, node_modules or a
// vendored module. No symbolic link is followed and nothing outside the folder
// can be reached; what a file says is hostile all the same.
//
// What the commit has and the folder does not is listed as missing, so that a
// verifier which would have read it can say that it did not see everything.
package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// A Tree is the files of a repository. It is safe for concurrent use.
type Tree struct {
	fsys    fs.FS
	names   []string
	missing []string
}

// New returns the tree of the named files in fsys. missing names files that the
// commit has and fsys does not. Names are slash-separated and relative.
func New(fsys fs.FS, names, missing []string) *Tree {
	sorted := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return &Tree{fsys: fsys, names: sorted(names), missing: sorted(missing)}
}

// Names lists the files, sorted. The caller must not change the list.
func (t *Tree) Names() []string { return t.names }

// Missing lists, sorted, what the commit has and the folder does not.
func (t *Tree) Missing() []string { return t.missing }

// Has reports whether a file of that exact name is in the tree.
func (t *Tree) Has(name string) bool {
	_, found := slices.BinarySearch(t.names, name)
	return found
}

// ErrTooLarge says that a file is larger than the reader's limit.
var ErrTooLarge = errors.New("larger than what is read")

// Read returns a file of the tree. One of more than limit bytes gives
// [ErrTooLarge], one that is not in the tree [fs.ErrNotExist].
func (t *Tree) Read(name string, limit int64) ([]byte, error) {
	if !t.Has(name) {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", name, err)
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("%s: %w (%d bytes)", name, ErrTooLarge, limit)
	}
	return data, nil
}

// Binary reports whether content is no text: it has a NUL byte near its
// beginning, as git decides it.
func Binary(data []byte) bool {
	return bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0
}

package deps

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Bounds of advisory data. The largest file of the databases we know is half a
// megabyte; osv.dev's data for npm has some hundred thousand entries, most of
// them about malicious packages.
const (
	maxFile    = 16 << 20 // bytes of one file, unpacked
	maxTotal   = 4 << 30  // bytes of all files, unpacked
	maxArchive = 1 << 30  // bytes of a zip
	maxFiles   = 600_000
)

// A store is a set of named JSON files, in a folder or a zip. Names are
// slash-separated and relative; they only ever serve to look something up.
type store struct {
	names  []string // sorted
	open   func(name string) (io.ReadCloser, error)
	close  func() error
	digest string      // of a zip's bytes; a folder's is computed from its files
	gaps   []rules.Gap // files that are there and cannot be used
}

// read returns a file's content, or an error when it is larger than maxFile.
func (s *store) read(name string) (data []byte, err error) {
	r, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	data, err = io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("larger than %d bytes", maxFile)
	}
	return data, err
}

func (s *store) has(name string) bool {
	_, found := slices.BinarySearch(s.names, name)
	return found
}

func (s *store) skip(name, reason string) {
	s.gaps = append(s.gaps, rules.Gap{Subject: clip(name, 200), Reason: reason})
}

// wanted reports whether a file can be an entry: JSON, and not below a folder
// that tools keep their own things in.
func wanted(name string) bool {
	if !strings.HasSuffix(name, ".json") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return false
		}
	}
	return true
}

// openStore opens a folder or a zip.
func openStore(place string) (*store, error) {
	info, err := os.Stat(place)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return openFolder(place)
	case info.Mode().IsRegular():
		return openZip(place)
	}
	return nil, errors.New("neither a folder nor a file")
}

// openFolder lists a folder. It reads through an os.Root, so that no symbolic
// link leads out of it; a link to a folder is not followed and is a gap.
func openFolder(place string) (*store, error) {
	root, err := os.OpenRoot(place)
	if err != nil {
		return nil, err
	}
	s := &store{close: root.Close, open: func(name string) (io.ReadCloser, error) { return root.Open(name) }}
	var total int64
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if name == "." {
				return err
			}
			s.skip(name, "cannot be read: "+err.Error())
			return nil
		case d.IsDir():
			if name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		case d.Type()&fs.ModeSymlink == 0 && !wanted(name):
			return nil
		}
		info, err := root.Stat(name)
		switch {
		case err != nil && wanted(name):
			s.skip(name, "cannot be read: "+err.Error())
			return nil
		case err != nil:
			return nil
		case info.IsDir():
			s.skip(name, "is a symbolic link to a folder and was not followed: give the folder itself")
			return nil
		case !wanted(name):
			return nil
		case !info.Mode().IsRegular():
			s.skip(name, "is not a regular file")
			return nil
		case info.Size() > maxFile:
			s.skip(name, fmt.Sprintf("is larger than %d bytes", maxFile))
			return nil
		}
		if total += info.Size(); total > maxTotal || len(s.names) >= maxFiles {
			return fmt.Errorf("more than %d files or %d bytes of JSON: give a smaller set of advisories", maxFiles, maxTotal)
		}
		s.names = append(s.names, name)
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	slices.Sort(s.names)
	return s, nil
}

// openZip lists a zip. Names that could not be those of an honest archive
// (absolute, with "..", twice the same) are gaps; sizes are checked before
// anything is unpacked, and archive/zip stops a file that unpacks to more than
// it declared.
func openZip(place string) (*store, error) {
	f, err := os.Open(place)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, io.LimitReader(f, maxArchive+1))
	if err == nil && size > maxArchive {
		err = fmt.Errorf("larger than %d bytes", int64(maxArchive))
	}
	var s *store
	if err == nil {
		s, err = listZip(f, size)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.digest, s.close = hex.EncodeToString(sum.Sum(nil)), f.Close
	return s, nil
}

func listZip(r io.ReaderAt, size int64) (*store, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("not a folder and not a readable zip: %w", err)
	}
	if len(archive.File) > maxFiles {
		return nil, fmt.Errorf("more than %d files", maxFiles)
	}
	s := &store{}
	files := make(map[string]*zip.File, len(archive.File))
	var total uint64
	for _, entry := range archive.File {
		hostile := !fs.ValidPath(entry.Name) || strings.ContainsAny(entry.Name, "\\\x00")
		if !strings.HasSuffix(entry.Name, ".json") || !hostile && !wanted(entry.Name) {
			continue
		}
		if total += min(entry.UncompressedSize64, maxTotal); total > maxTotal {
			return nil, fmt.Errorf("unpacks to more than %d bytes", int64(maxTotal))
		}
		_, twice := files[entry.Name]
		switch {
		case hostile:
			s.skip(entry.Name, "has a name that leads out of the archive")
		case twice:
			s.skip(entry.Name, "is in the archive twice")
		case !entry.Mode().IsRegular():
			s.skip(entry.Name, "is not a regular file")
		case entry.UncompressedSize64 > maxFile:
			s.skip(entry.Name, fmt.Sprintf("is larger than %d bytes", maxFile))
		default:
			files[entry.Name] = entry
		}
	}
	prefix := commonFolder(files)
	for name := range files {
		s.names = append(s.names, strings.TrimPrefix(name, prefix))
	}
	slices.Sort(s.names)
	s.open = func(name string) (io.ReadCloser, error) {
		entry, ok := files[prefix+name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return entry.Open()
	}
	return s, nil
}

// commonFolder returns the one folder ("vulndb/") that a Go vulnerability
// database was packed in, if everything of the archive lies in it.
func commonFolder(files map[string]*zip.File) string {
	var folders []string
	for name := range files {
		if folder, ok := strings.CutSuffix(name, "index/db.json"); ok {
			folders = append(folders, folder)
		}
	}
	if len(folders) != 1 {
		return ""
	}
	for name := range files {
		if !strings.HasPrefix(name, folders[0]) {
			return ""
		}
	}
	return folders[0]
}

package evidence

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// The two names a policy file may have.
const (
	PolicyPath    = ".github/staylisted.yml"
	PolicyPathAlt = ".github/staylisted.yaml"
)

// MaxSize is how large a policy file may be, in bytes.
const MaxSize = 256 << 10

// Find returns the policy file of a repository. ok is false, without an error,
// when there is none. It is an error when both names exist, when the file or
// its folder is a symbolic link or not a regular file, or when it cannot be
// read: a policy that is there and cannot be seen is not an absent one.
//
// At most one byte more than MaxSize is read, so that [Parse] can tell.
func Find(fsys fs.FS) (name string, src []byte, ok bool, err error) {
	dir, err := fs.Lstat(fsys, ".github")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, false, nil
	case err != nil:
		return "", nil, false, fmt.Errorf("looking for the policy file in .github: %w; make the folder readable", err)
	case dir.Mode()&fs.ModeSymlink != 0:
		return "", nil, false, errors.New(".github is a symbolic link, and links are not followed; make it a folder")
	case !dir.IsDir():
		return "", nil, false, nil
	}
	var found []string
	for _, p := range []string{PolicyPath, PolicyPathAlt} {
		info, err := fs.Lstat(fsys, p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", nil, false, fmt.Errorf("looking for the policy file %s: %w; make it readable", p, err)
		}
		if !info.Mode().IsRegular() {
			return "", nil, false, fmt.Errorf("the policy %s is not a regular file, and links are not followed; put the file itself there", p)
		}
		found = append(found, p)
	}
	switch len(found) {
	case 0:
		return "", nil, false, nil
	case 2:
		return "", nil, false, fmt.Errorf("both %s and %s exist; keep one of them", PolicyPath, PolicyPathAlt)
	}
	name = found[0]
	f, err := fsys.Open(name)
	if err != nil {
		return "", nil, false, fmt.Errorf("opening the policy file: %w; make it readable", err)
	}
	defer f.Close()
	src, err = io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return "", nil, false, fmt.Errorf("reading the policy file %s: %w; make it readable", name, err)
	}
	return name, src, true, nil
}

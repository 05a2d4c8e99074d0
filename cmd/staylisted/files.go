package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A target is where a file named on the command line is to be written: the
// place itself, after all symbolic links.
type target struct {
	name string      // as the command line has it, for messages
	path string      // what is written
	info fs.FileInfo // nil when nothing is there yet
}

// maxLinks is how many symbolic links a name may lead over, as in Linux.
const maxLinks = 40

// findTarget follows the symbolic links of a name. The error says why nothing
// can be written there, as far as that can be told before there is anything to
// write.
func findTarget(name string) (*target, error) {
	t := &target{name: name, path: name}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s cannot be written: it is a folder", name)
	case err == nil && !info.Mode().IsRegular():
		// The names of open files, as /dev/stdout, lead to places that have no
		// path of their own, so what is no regular file keeps its name.
		t.info = info
		return t, nil
	case err == nil:
		t.info = info
		if t.path, err = filepath.EvalSymlinks(name); err != nil {
			return nil, fmt.Errorf("%s cannot be written: %w", name, err)
		}
		return t, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s cannot be written: %w", name, err)
	}
	// Nothing is there, but links may lead to where it will be.
	for range maxLinks {
		next, err := os.Readlink(t.path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(t.path))
			if err != nil {
				break
			}
			next = filepath.Join(dir, next)
		}
		t.path = next
	}
	dir, base := filepath.Split(t.path)
	if base == "" {
		return nil, fmt.Errorf("%s cannot be written: there is no such folder", name)
	}
	dir = filepath.Clean(dir)
	folder, err := filepath.EvalSymlinks(dir)
	if err == nil {
		info, err = os.Stat(folder)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s cannot be written: there is no folder %s", name, dir)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be written: %w", name, err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s cannot be written: %s is not a folder", name, dir)
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", name, err)
	}
	t.path = filepath.Join(folder, base)
	return t, nil
}

// regular reports whether a file is made or replaced, and not a device or a
// pipe written to.
func (t *target) regular() bool { return t.info == nil || t.info.Mode().IsRegular() }

// same reports whether two targets are one file.
func (t *target) same(u *target) bool {
	if t.info != nil && u.info != nil {
		return os.SameFile(t.info, u.info)
	}
	return t.info == nil && u.info == nil && t.path == u.path
}

// write writes a regular file whole or not at all, into a temporary file beside
// it that takes its name once everything is on disk; a file that was there
// keeps its permissions. A device or a pipe is written to as it is, since a file
// of the same name is not what its readers wait for.
func (t *target) write(ctx context.Context, data []byte) error {
	var err error
	if t.regular() {
		err = t.replace(data)
	} else {
		err = t.pour(ctx, data)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", t.name, err)
	}
	return nil
}

func (t *target) replace(data []byte) (err error) {
	mode := fs.FileMode(0o644)
	if t.info != nil {
		mode = t.info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(t.path), "."+filepath.Base(t.path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), t.path)
}

// pour writes to a device or a pipe. A pipe nobody reads makes it wait, until
// ctx ends.
func (t *target) pour(ctx context.Context, data []byte) error {
	done := make(chan error, 1)
	go func() {
		f, err := os.OpenFile(t.path, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(data)
			err = errors.Join(err, f.Close())
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		// Not ctx.Err, which says that nothing was written at all.
		return errors.New("interrupted while waiting for its reader")
	}
}

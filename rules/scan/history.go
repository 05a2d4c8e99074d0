package scan

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/staylisted/staylisted/rules/files"
	"github.com/staylisted/staylisted/rules/tree"
)

// maxBlob is the largest text of the history that is looked at. A larger one is
// named in the error that ends the walk; larger binary files are passed over.
const maxBlob = 64 << 20

// blobs hands over every version of every file of the history once: with the
// oldest commit that has it and the path it has there. What the folder still
// holds, byte for byte, is left out; it was looked at as a file. Binary files
// are left out as well.
//
// An error says that not everything was handed over, and what to do about it.
// each's own error ends the walk and is returned.
func (g *gitTree) blobs(ctx context.Context, each func(files.Blob) error) error {
	switch {
	case g.commit == "":
		return errors.New("the folder is not the top of a git repository with commits, or git is not installed; scan a clone")
	case g.shallow:
		return errors.New("the clone is shallow; fetch the whole history (`git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout)")
	}
	list, lost, err := g.objects(ctx)
	if err != nil {
		return err
	}
	present := g.presentBlobs(ctx)
	list = slices.DeleteFunc(list, func(o object) bool { return present[o.hash] })
	if list, err = g.blobsAmong(ctx, list); err != nil {
		return err
	}
	if err := g.contents(ctx, list, each); err != nil {
		return err
	}
	if lost > 0 {
		return fmt.Errorf("%d files of the history are not in this clone; %s", lost, wholeClone)
	}
	return nil
}

// wholeClone is what to do when a clone lacks files of its history.
const wholeClone = "scan a complete clone (`git fetch --refetch --no-filter` completes a partial one)"

// An object is one that the history reaches by a path.
type object struct {
	hash, commit, path string
	size               int64
}

// objects lists what the history reaches and has a path, oldest commit first,
// and counts what the clone lacks of it.
func (g *gitTree) objects(ctx context.Context) (list []object, lost int, err error) {
	out, err := g.piped(ctx, nil, "rev-list", "--objects", "--in-commit-order", "--missing=print", "--reverse", "--all", "HEAD")
	if err != nil {
		return nil, 0, errors.New("git could not list the history; " + wholeClone)
	}
	commit := ""
	seen := map[string]bool{}
	for line := range bytes.Lines(out) {
		hash, path, named := strings.Cut(string(bytes.TrimSuffix(line, []byte("\n"))), " ")
		switch {
		case strings.HasPrefix(hash, "?"):
			lost++
		case !named:
			commit = hash
		case path == "" || seen[hash]: // the top folder of a commit
		default:
			seen[hash] = true
			list = append(list, object{hash: hash, commit: commit, path: path})
		}
	}
	return list, lost, nil
}

// presentBlobs returns the hashes of the files that the folder holds unchanged.
func (g *gitTree) presentBlobs(ctx context.Context) map[string]bool {
	present := map[string]bool{}
	out, err := g.piped(ctx, nil, "ls-files", "--stage", "-z")
	if err != nil {
		return present
	}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		info, name, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(info)
		if !ok || len(fields) < 2 || len(fields[1]) != hex.EncodedLen(sha1.Size) {
			continue
		}
		file := filepath.Join(g.dir, filepath.FromSlash(name))
		if at, err := os.Lstat(file); err == nil && at.Mode().IsRegular() && at.Size() <= maxBlob && !differs(file, fields[1]) {
			present[fields[1]] = true
		}
	}
	return present
}

// blobsAmong asks for kind and size of the objects and leaves the files.
func (g *gitTree) blobsAmong(ctx context.Context, list []object) ([]object, error) {
	out, err := g.piped(ctx, hashes(list), "cat-file", "--batch-check=%(objecttype) %(objectsize)", "--buffer")
	if err != nil {
		return nil, errors.New("git could not tell what the history holds; " + wholeClone)
	}
	var blobs []object
	i := 0
	for line := range bytes.Lines(out) {
		if i == len(list) {
			break
		}
		o := list[i]
		i++
		kind, size, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		switch kind {
		case "blob":
			if o.size, err = strconv.ParseInt(size, 10, 64); err != nil {
				return nil, fmt.Errorf("git answered %s with a size that is no number", cut(printable(kind), 20))
			}
			blobs = append(blobs, o)
		case "tree", "commit", "tag":
		default:
			return nil, errors.New("the clone lacks files of its history; " + wholeClone)
		}
	}
	if i != len(list) {
		return nil, errors.New("git stopped before it had told what the history holds; scan again")
	}
	return blobs, nil
}

// contents reads the blobs one after the other.
func (g *gitTree) contents(ctx context.Context, list []object, each func(files.Blob) error) error {
	if len(list) == 0 {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := g.command(ctx, "cat-file", "--batch", "--buffer")
	cmd.Env = append(cmd.Env, "GIT_NO_REPLACE_OBJECTS=1")
	cmd.Stdin = hashes(list)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("reading the history: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting git: %w", err)
	}
	var large []string
	read := func() error {
		in := bufio.NewReaderSize(pipe, 1<<16)
		for _, o := range list {
			header, err := in.ReadString('\n')
			if err != nil {
				return errors.New("git stopped before the history's end; " + wholeClone)
			}
			fields := strings.Fields(header)
			if len(fields) != 3 || fields[0] != o.hash || fields[1] != "blob" || fields[2] != strconv.FormatInt(o.size, 10) {
				return errors.New("the clone lacks files of its history; " + wholeClone)
			}
			head := make([]byte, min(o.size, 8000))
			if _, err := io.ReadFull(in, head); err != nil {
				return fmt.Errorf("reading the history: %w", err)
			}
			rest := o.size - int64(len(head)) + 1 // and the line's end
			binary := tree.Binary(head) && !bytes.HasPrefix(head, []byte{0xff, 0xfe}) && !bytes.HasPrefix(head, []byte{0xfe, 0xff})
			if binary || o.size > maxBlob {
				if !binary {
					large = append(large, printable(o.path)+" of commit "+cut(o.commit, 12))
				}
				if _, err := io.CopyN(io.Discard, in, rest); err != nil {
					return fmt.Errorf("reading the history: %w", err)
				}
				continue
			}
			data := make([]byte, o.size+1)
			copy(data, head)
			if _, err := io.ReadFull(in, data[len(head):]); err != nil {
				return fmt.Errorf("reading the history: %w", err)
			}
			if err := each(files.Blob{Commit: o.commit, Path: o.path, Data: data[:o.size]}); err != nil {
				return err
			}
		}
		return nil
	}
	err = read()
	if err != nil {
		stop()
	}
	if wait := cmd.Wait(); err == nil && wait != nil {
		err = errors.New("git ended with an error behind the history's end; scan again")
	}
	switch {
	case err != nil:
		return err
	case len(large) > 0:
		return fmt.Errorf("texts larger than %d MiB were not looked at: %s", maxBlob>>20, cut(strings.Join(large, ", "), 200))
	}
	return nil
}

// hashes lists the objects' names for git to read.
func hashes(list []object) io.Reader {
	var b bytes.Buffer
	for _, o := range list {
		b.WriteString(o.hash)
		b.WriteByte('\n')
	}
	return &b
}

// piped runs a read-only git command with an input and returns its output
// unchanged. Objects that stand in for others (git replace) are not heeded: they
// could hide what the history holds.
func (g *gitTree) piped(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	cmd := g.command(ctx, args...)
	cmd.Env = append(cmd.Env, "GIT_NO_REPLACE_OBJECTS=1")
	cmd.Stdin = in
	return cmd.Output()
}

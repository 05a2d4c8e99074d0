//go:build unix

package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWritePipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		data, err := os.ReadFile(pipe)
		if err != nil {
			data = []byte(err.Error())
		}
		read <- string(data)
	}()
	text := strings.Repeat("more than a pipe holds ", 10000)
	if err := write(t, pipe, text); err != nil {
		t.Error(err)
	}
	if got := <-read; got != text {
		t.Errorf("%d bytes came out, want %d", len(got), len(text))
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe was replaced: %v", info.Mode())
	}
	// Nobody reads: an interrupt ends the wait.
	to, err := findTarget(pipe)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := to.write(ctx, []byte("x")); err == nil || !strings.HasSuffix(err.Error(), "interrupted while waiting for its reader") {
		t.Errorf("writing to a pipe nobody reads: %v", err)
	}
	// Lets the writer that still waits end.
	if f, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil {
		f.Close()
	}
}

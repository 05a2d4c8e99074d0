package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Environ(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	os.Exit(finish(os.Stderr, err))
}

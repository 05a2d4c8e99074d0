// Command govulnoracle prints what govulncheck v1.9.0 says of one module.
//
//	govulnoracle -db URL [-C dir] [-tags list] [-goversion version] [pattern ...]
//
// It runs golang.org/x/vuln/scan in this process with -format json (so that
// time and memory measured from outside are govulncheck's) and folds the
// stream into one JSON object an advisory, sorted by id:
//
//	{"id","level","module","version","packages","symbols","trace"}
//
// level is the strongest one found: "called" (some vulnerable symbol is
// reachable; symbols names them as path.Symbol and trace is one call stack,
// entry first), "imported" (a vulnerable package is in the import graph;
// packages names them) or "required" (only the module is in the build list).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/staylisted/staylisted/rules/scan/oracle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "govulnoracle:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("govulnoracle", flag.ContinueOnError)
	fs.SetOutput(stderr)
	var s oracle.Scan
	fs.StringVar(&s.Dir, "C", ".", "module `dir`ectory to scan")
	fs.StringVar(&s.DB, "db", "", "vulnerability database `URL`, file:// or https://")
	fs.StringVar(&s.Tags, "tags", "", "comma separated build tags")
	fs.StringVar(&s.GoVersion, "goversion", "", "pretended `version` of the standard library, such as go1.24.1")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if s.DB == "" {
		return errors.New("-db is required: give the URL of a vulnerability database, for example file:///path/to/vulndb")
	}
	if s.Patterns = fs.Args(); len(s.Patterns) == 0 {
		s.Patterns = []string{"./..."}
	}
	advisories, err := oracle.Vulnerabilities(ctx, stderr, s)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	for _, a := range advisories {
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

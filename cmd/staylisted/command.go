package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// A process is what a command may use of the process it runs in.
type process struct {
	env            []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// getenv returns the last value of an environment variable, or "".
func (p *process) getenv(name string) string {
	for _, pair := range slices.Backward(p.env) {
		if k, v, ok := strings.Cut(pair, "="); ok && k == name {
			return v
		}
	}
	return ""
}

// terminal returns the width of w and true when w is a terminal that
// understands escape sequences. COLUMNS, where set, decides the width.
func (p *process) terminal(w io.Writer) (width int, ok bool) {
	width = 80
	f, isFile := w.(*os.File)
	if isFile && term.IsTerminal(int(f.Fd())) && p.getenv("TERM") != "dumb" {
		ok = true
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			width = min(n, 120)
		}
	}
	var columns int
	if _, err := fmt.Sscan(p.getenv("COLUMNS"), &columns); err == nil && columns >= 40 {
		width = min(columns, 200)
	}
	return width, ok
}

// colored decides whether to colour what goes to w. An explicit choice wins,
// then NO_COLOR (no-color.org), then what w is.
func (p *process) colored(choice string, w io.Writer) bool {
	switch choice {
	case "always":
		return true
	case "never":
		return false
	}
	_, ok := p.terminal(w)
	return ok && p.getenv("NO_COLOR") == ""
}

// A command is one thing the program does.
type command struct {
	name     string
	args     string // operands as the usage line shows them
	short    string // one line
	long     string // paragraphs, separated by empty lines
	examples [][2]string
	// setup declares the flags and returns what to do with the operands.
	setup func(*flag.FlagSet) action
}

// An action carries a command out.
type action func(ctx context.Context, p *process, operands []string) error

// commands lists the commands in the order help shows them.
func commands() []command {
	return []command{
		scanCommand(),
		initCommand(),
		sbomCommand(),
		settingsCommand(),
		explainCommand(),
		requirementsCommand(),
		rulesCommand(),
		questionnaireCommand(),
		dueCommand(),
		versionCommand(),
	}
}

// run carries out one command line. What it returns is for finish.
func run(ctx context.Context, env, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	p := &process{env: env, stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		if err := p.print(overview()); err != nil {
			return err
		}
		return &usageError{text: "no command given"}
	}
	name, rest := args[0], args[1:]
	switch name {
	case "help", "-h", "--help", "-help":
		return p.help(rest)
	case "--version", "-version":
		name = "version"
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		names := []string{"help"}
		for _, c := range all {
			names = append(names, c.name)
		}
		return &usageError{text: fmt.Sprintf("there is no command %q%s", name, didYouMean(name, names))}
	}
	c := all[i]
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	do := c.setup(fs)
	operands, err := parseFlags(fs, rest)
	if errors.Is(err, flag.ErrHelp) {
		return p.print(c.help())
	}
	if err != nil {
		return &usageError{command: c.name, text: err.Error()}
	}
	err = do(ctx, p, operands)
	var usage *usageError
	if errors.As(err, &usage) && usage.command == "" {
		usage.command = c.name
	}
	return err
}

// print writes text to standard output. All of a program's standard output
// comes by here.
func (p *process) print(text string) error {
	if _, err := io.WriteString(p.stdout, inert(text)); err != nil {
		return fmt.Errorf("writing to standard output: %w", err)
	}
	return nil
}

// warn tells standard error what a person should know though nothing failed.
func (p *process) warn(text string) { say(p.stderr, "warning: "+text) }

// say writes a message to standard error. All messages come by here.
func say(stderr io.Writer, text string) {
	fmt.Fprintln(stderr, inert(cleanLines("staylisted: "+text)))
}

// parseFlags parses flags wherever they stand, before, between and after the
// operands. "--" ends them.
func parseFlags(fs *flag.FlagSet, args []string) (operands []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, flagError(fs, err)
		}
		rest := fs.Args()
		if len(rest) == 0 {
			return operands, nil
		}
		if used := len(args) - len(rest); used > 0 && args[used-1] == "--" {
			return append(operands, rest...), nil
		}
		operands = append(operands, rest[0])
		args = rest[1:]
	}
}

// invalidValue matches what package flag says of a value it cannot use.
var invalidValue = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-([^:]+): (.*)$`)

// flagError puts an error of package flag into words that help.
func flagError(fs *flag.FlagSet, err error) error {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: -"); ok {
			return fmt.Errorf("--%s needs a value", clean(name))
		}
		if m := invalidValue.FindStringSubmatch(err.Error()); m != nil {
			return fmt.Errorf("--%s cannot be %s: %s", clean(m[2]), clean(m[1]), clean(m[3]))
		}
		return err
	}
	if _, err := strconv.ParseFloat(name, 64); err == nil && fs.Name() == "due" {
		return notScore("-" + name) // a negative number looks like a flag
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	name = strings.TrimPrefix(name, "-")
	suggestion := didYouMean(name, names)
	suggestion = strings.ReplaceAll(suggestion, "mean ", "mean --")
	return fmt.Errorf("there is no flag --%s%s", clean(name), strings.ReplaceAll(suggestion, " or ", " or --"))
}

// help prints the help of the program or of one command.
func (p *process) help(args []string) error {
	if len(args) == 0 {
		return p.print(overview())
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return p.print(c.help())
		}
	}
	return &usageError{text: fmt.Sprintf("there is no command %q", args[0])}
}

// overview is the help of the program.
func overview() string {
	out := newPrinter(80, false)
	out.line(span{text: "staylisted checks a repository against the security rules of the"})
	out.line(span{text: "marketplaces it is listed on, and says what it could not verify."})
	out.blank()
	out.line(span{text: "Usage: staylisted COMMAND [flags] [operands]"})
	out.blank()
	for _, c := range commands() {
		out.wrap([]span{{plain, "  " + pad(c.name, 14)}}, 16, span{text: c.short})
	}
	out.wrap([]span{{plain, "  " + pad("help COMMAND", 14)}}, 16, span{text: "the flags of a command, with examples"})
	out.blank()
	out.line(span{text: "Start with: staylisted scan"})
	return out.String()
}

// help is the help of one command. A flag's usage text names its value in back
// quotes, as package flag wants it.
func (c command) help() string {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.setup(fs)
	out := newPrinter(80, false)
	usage := "Usage: staylisted " + c.name
	hasFlags := false
	fs.VisitAll(func(*flag.Flag) { hasFlags = true })
	if hasFlags {
		usage += " [flags]"
	}
	if c.args != "" {
		usage += " " + c.args
	}
	out.line(span{text: usage})
	out.blank()
	for paragraph := range strings.SplitSeq(c.long, "\n\n") {
		out.wrap(nil, 0, span{text: paragraph})
		out.blank()
	}
	if hasFlags {
		out.line(span{text: "Flags, before or after the operands:"})
		fs.VisitAll(func(f *flag.Flag) {
			value, text := flag.UnquoteUsage(f)
			text = strings.TrimPrefix(text, value+": ")
			head := "  --" + f.Name
			if value != "" {
				head += " " + value
			}
			if utf8.RuneCountInString(head) > 24 {
				out.line(span{text: head})
				head = ""
			}
			out.wrap([]span{{plain, pad(head, 26)}}, 26, span{text: text})
		})
		out.blank()
	}
	out.line(span{text: "Examples:"})
	for _, e := range c.examples {
		out.line(span{text: "  " + e[0]})
		if e[1] != "" {
			out.wrap(indent(6), 6, span{text: e[1]})
		}
	}
	return out.String()
}

// didYouMean returns ": did you mean x or y?" with the names closest to a
// misspelt one, or "".
func didYouMean(name string, names []string) string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	lower := strings.ToLower(name)
	for _, n := range names {
		d := distance(lower, strings.ToLower(n))
		if len(lower) >= 3 && strings.HasPrefix(strings.ToLower(n), lower) {
			d = min(d, 1)
		}
		if d <= max(1, min(3, utf8.RuneCountInString(n)/3)) {
			near = append(near, candidate{n, d})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var best []string
	for _, c := range near {
		if c.distance == near[0].distance && len(best) < 3 && !slices.Contains(best, c.name) {
			best = append(best, c.name)
		}
	}
	if len(best) == 0 {
		return ""
	}
	return ": did you mean " + strings.Join(best, " or ") + "?"
}

// distance is the number of inserted, deleted, replaced or swapped characters
// between two words (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if max(len(x), len(y)) > 64 {
		return 64
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}

// A choice is a flag that takes one of a few words.
type choice struct {
	value   string
	allowed []string
}

// String returns the chosen word.
func (c *choice) String() string {
	if c == nil {
		return ""
	}
	return c.value
}

// Set takes a word and refuses those that are not allowed.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.allowed, s) {
		return fmt.Errorf("choose %s%s", strings.Join(c.allowed, ", "), didYouMean(s, c.allowed))
	}
	c.value = s
	return nil
}

// choiceFlag declares a flag that takes one of a few words; the first is the
// default.
func choiceFlag(fs *flag.FlagSet, name, usage string, allowed ...string) *choice {
	c := &choice{allowed[0], allowed}
	fs.Var(c, name, "`"+strings.Join(allowed, "|")+"`: "+usage)
	return c
}

// A list is a flag that may be given several times and takes comma-separated
// values.
type list struct {
	values []string
	// check refuses a value; it is asked about "" when none was given.
	check func(string) error
}

// String returns the values joined by commas.
func (l *list) String() string {
	if l == nil {
		return ""
	}
	return strings.Join(l.values, ",")
}

// Set adds values.
func (l *list) Set(s string) error {
	given := false
	for v := range strings.SplitSeq(s, ",") {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		given = true
		if err := l.check(v); err != nil {
			return err
		}
		if !slices.Contains(l.values, v) {
			l.values = append(l.values, v)
		}
	}
	if !given {
		return l.check("")
	}
	return nil
}

// listFlag declares a repeatable flag.
func listFlag(fs *flag.FlagSet, name, usage string, check func(string) error) *list {
	l := &list{check: check}
	fs.Var(l, name, usage)
	return l
}

// marketplaceFlag declares the flag that chooses marketplaces. Which there are
// is known to the catalogue; that one must be named is known here, for a choice
// of none would be taken for a choice of all.
func marketplaceFlag(fs *flag.FlagSet, usage string) *list {
	return listFlag(fs, "marketplace", usage, func(v string) error {
		if v == "" {
			return errors.New("name at least one marketplace")
		}
		return nil
	})
}

// checkTag refuses what cannot be a build tag (package go/build/constraint).
// No tag at all is fine: a workflow may have none to add.
func checkTag(tag string) error {
	if strings.ContainsFunc(tag, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.'
	}) {
		return fmt.Errorf("%q is no build tag: write letters, digits, _ and . only, with commas between tags", tag)
	}
	return nil
}

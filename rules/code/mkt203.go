package code

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt203 runs the request-input model (input.go) over the sinks of the standard
// library that gosec knows as G701 to G710, which sees fewer inputs, and over
// the frameworks' file functions.
func mkt203() *Rule {
	variant := func(id, title, vector string, class rules.Class, cwe int, controls []string, flags, safe, fix, wrong, right string) rules.Rule {
		return rules.Rule{ID: "MKT203/" + id, Title: title, Vector: vector, Class: class, CWE: []int{cwe}, Controls: controls, Flags: flags, Safe: safe, Remediation: fix, Wrong: wrong, Right: right}
	}
	validation := "input-validation-server"
	return newRule(rules.Rule{
		ID:       "MKT203",
		Name:     "request-input-model",
		Title:    "Framework input reaches a dangerous call",
		Class:    rules.Violation,
		Controls: []string{"no-injection-query", "no-injection-other", "no-ssrf", "output-encoding", "no-open-redirect", validation},
		CWE:      []int{20},
		Vector:   v98,
		Flags: "Input of gin, echo, fiber, chi, gorilla, fasthttp, WebSocket, gRPC, queue and webhook handlers, and bodies decoded into structs, that reaches a command, a path, SQL text, a URL, " +
			"a response, a log line, a mail, a template or a decoder of the standard library. Each sink is a variant with its own score; the rule itself reports nothing.",
		Safe:        "A conversion to a number, UUID or time; a check against a list or a regular expression on every way to the call; the escaping or the API that the variant names.",
		Remediation: "Convert or check the input where it arrives, and pass it as data: an argument, a bound parameter, a field.",
		Wrong:       "exec.Command(\"sh\", \"-c\", \"convert \"+c.Query(\"file\"))",
		Right:       "exec.Command(\"convert\", \"--\", filepath.Base(c.Query(\"file\")))",
		Frameworks: []string{"net/http", "gin", "echo", "fiber", "fasthttp", "chi", "gorilla/mux", "gorilla/websocket", "coder/websocket", "gRPC", "connect", "Kafka", "NATS", "AMQP", "SQS",
			"asynq", "AWS Lambda"},
	}, append([]rules.Rule{
		variant("command", "Request input chooses a command", v98, rules.Violation, 78, []string{"no-injection-other", validation},
			"Input as the program of `exec.Command`, `os.StartProcess` or `syscall.Exec`, or in the arguments of a shell, an interpreter or a program that runs its arguments.",
			"A fixed program; a program chosen from a list; input as a plain argument of a fixed program (see MKT203/argument).",
			"Run a fixed program with arguments, never a shell.",
			"exec.Command(\"sh\", \"-c\", \"ping \"+c.Query(\"host\"))", "exec.Command(\"ping\", \"-c\", \"1\", \"--\", host)"),
		variant("argument", "Request input is an argument that may be an option", v50, rules.Review, 78, []string{"no-injection-other", validation},
			"Input as an argument of a fixed program, where a value that begins with a dash would be read as an option.",
			"An argument after `--`, with a constant beginning, or checked.",
			"Put `--` before arguments that come from outside, or refuse values that begin with a dash.",
			"exec.Command(\"git\", \"log\", c.Query(\"ref\"))", "exec.Command(\"git\", \"log\", \"--\", c.Query(\"path\"))"),
		variant("path", "Request input chooses a file", v75c, rules.Violation, 22, []string{"no-injection-other", validation},
			"Input in the path of a file function of `os`, of `http.ServeFile`, or of gin's, echo's and fiber's file functions.",
			"`os.Root`; `filepath.Base`, `filepath.IsLocal`; `filepath.Rel` whose result does not begin with `..`; `filepath.Clean(\"/\"+name)`; a check that the joined or cleaned path begins with a directory and its separator, or that a name below one holds no `..`; an upload's `Filename`, which Go cuts to its last element.",
			"Open files through os.Root, or take filepath.Base of the name.",
			"os.ReadFile(filepath.Join(dir, c.Param(\"name\")))", "root.Open(c.Param(\"name\"))"),
		variant("sql", "Request input becomes SQL text of database/sql", v98, rules.Violation, 89, []string{"no-injection-query", validation},
			"Input in the SQL text of a method of `sql.DB` or `sql.Tx`.",
			"Bound arguments; identifiers chosen from a list.",
			"Pass values as arguments; choose identifiers from a map.",
			"db.Query(\"SELECT * FROM t WHERE name = '\" + c.Query(\"name\") + \"'\")", "db.Query(\"SELECT * FROM t WHERE name = $1\", c.Query(\"name\"))"),
		variant("ssrf", "Request input chooses the host of net/http", v86, rules.Violation, 918, []string{"no-ssrf", validation},
			"Input in the host of a URL that `http.Get` and its relatives, `http.NewRequest`, `net.Dial` or a reverse proxy gets, or that is written into a request which a client sends.",
			"A constant host; a check of the host against a list; a client whose dialer refuses private addresses (see MKT508).",
			"Check the host against a list, and dial through a function that refuses private addresses.",
			"http.Get(c.Query(\"url\"))", "http.Get(\"https://api.example.com/items/\" + url.PathEscape(c.Query(\"id\")))"),
		variant("xss", "Request input is written as HTML through net/http", v61, rules.Violation, 79, []string{"output-encoding", validation},
			"Input written to an `http.ResponseWriter` whose content type is HTML, or is guessed from a text that begins with the input or with a tag.",
			"html/template; `html.EscapeString`; a content type other than HTML; a constant text that does not begin with a tag in front.",
			"Render with html/template, or set the content type.",
			"fmt.Fprintf(w, \"<p>%s</p>\", r.FormValue(\"q\"))", "page.Execute(w, r.FormValue(\"q\"))"),
		variant("log", "Request input becomes part of a log line's text", v53i, rules.Review, 117, []string{"no-injection-other"},
			"Input in the text of a line of package log, or in the message of log/slog.",
			"An attribute of log/slog; `%q`; `strconv.Quote`; line breaks removed.",
			"Log the value as an attribute, or with %q.",
			"log.Printf(\"login of %s\", r.FormValue(\"user\"))", "slog.Info(\"login\", \"user\", r.FormValue(\"user\"))"),
		variant("smtp", "Request input gets into a mail's header or envelope", v53i, rules.Violation, 93, []string{"no-injection-other", validation},
			"Input in the header lines of a message for `smtp.SendMail`, where a line break adds headers and text; input as sender or recipient without `mail.ParseAddress` (review).",
			"Line breaks removed or refused; `mime.QEncoding.Encode`; `mail.ParseAddress`.",
			"Encode header values with mime.QEncoding and parse addresses with net/mail.",
			"msg := []byte(\"Subject: \" + r.FormValue(\"subject\") + \"\\r\\n\\r\\n\" + text)", "msg := []byte(\"Subject: \" + mime.QEncoding.Encode(\"utf-8\", subject) + \"\\r\\n\\r\\n\" + text)"),
		variant("template", "Request input becomes template or script source", v98, rules.Violation, 94, []string{"no-injection-other", validation},
			"Input in the text that text/template or html/template parses, or that an embedded interpreter runs: otto, goja, V8, Lua, yaegi. For Starlark and tengo, "+
				"which cannot leave their interpreter, it is a review finding.",
			"Input as the data of a fixed template, as a variable of a fixed script; expression languages that always end (CEL, expr, gval).",
			"Keep templates and scripts fixed and pass input as data.",
			"template.New(\"t\").Parse(\"Hello \" + c.Query(\"name\"))", "page.Execute(w, c.Query(\"name\"))"),
		variant("deserialisation", "Request input is decoded by a format that builds types", v75a, rules.Review, 502, []string{"no-injection-other", validation},
			"Input read by `gob.NewDecoder` or yaml.v2. encoding/xml is left out: it resolves no entities and builds only the types it is given.",
			"JSON; yaml.v3; a reader bounded by `io.LimitReader` or `http.MaxBytesReader`.",
			"Decode JSON into a type, with a bounded reader.",
			"gob.NewDecoder(r.Body).Decode(&v)", "json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&v)"),
		variant("redirect", "Request input decides where http.Redirect leads", v61, rules.Violation, 601, []string{"no-open-redirect", validation},
			"Input at the beginning of the URL of `http.Redirect`, so that it may name another host.",
			"A constant path in front; a comparison of the parsed host; a check that refuses `//` and `/\\` at the beginning.",
			"Redirect to a path chosen from a list, or check the parsed host.",
			"http.Redirect(w, r, r.FormValue(\"next\"), http.StatusFound)", "http.Redirect(w, r, \"/items/\"+url.PathEscape(id), http.StatusFound)"),
	}, archiveVariants([]string{"no-injection-other", validation})...), func(path string) bool {
		return inputPackages(path) || path == "os/exec" || strings.HasPrefix(path, "archive/")
	}, runMKT203)
}

func runMKT203(p *pkg) []Hit {
	hits := p.commandHits()
	hits = append(hits, p.pathHits()...)
	hits = append(hits, p.archiveHits()...)
	hits = append(hits, p.sinkHits("MKT203/sql", sqlDBSinks, sqlNeed(), "becomes SQL text; bind it as an argument")...)
	hits = append(hits, p.sourceHits()...)
	hits = append(hits, p.sinkHits("MKT203/deserialisation", decodeSinks, needForeign.of(useBytes), "is decoded by a format that builds types; bound it and prefer JSON")...)
	hits = append(hits, p.logHits("MKT203/log", append(p.logTexts(logSinks), p.printTexts()...))...)
	hits = append(hits, p.mailHits()...)
	hits = append(hits, p.redirectHits("MKT203/redirect", redirectSinks)...)
	for _, h := range p.targetHits() {
		if h.Rule == "MKT203/ssrf" { // the variant rebind is MKT508's to report
			hits = append(hits, h)
		}
	}
	hits = append(hits, p.pageHits("MKT203/xss", httpWriter)...)
	return hits
}

var (
	sqlDBSinks = sinkCalls(map[string]string{"database/sql": `DB.Query:0 DB.QueryContext:1 DB.QueryRow:0 DB.QueryRowContext:1 DB.Exec:0 DB.ExecContext:1 DB.Prepare:0 DB.PrepareContext:1
		Tx.Query:0 Tx.QueryContext:1 Tx.QueryRow:0 Tx.QueryRowContext:1 Tx.Exec:0 Tx.ExecContext:1 Tx.Prepare:0 Tx.PrepareContext:1`})
	decodeSinks = sinkCalls(map[string]string{"encoding/gob": "NewDecoder:0", "gopkg.in/yaml": "Unmarshal:0 NewDecoder:0"})
	logSinks    = sinkCalls(map[string]string{
		"log": `Print:0 Printf:0,1 Println:0 Fatal:0 Fatalf:0,1 Fatalln:0 Panic:0 Panicf:0,1 Panicln:0 Output:1 Logger.Print:0 Logger.Printf:0,1 Logger.Println:0
			Logger.Fatal:0 Logger.Fatalf:0,1 Logger.Fatalln:0 Logger.Panic:0 Logger.Panicf:0,1 Logger.Panicln:0 Logger.Output:1`,
		"log/slog": `Info:0 Warn:0 Error:0 Debug:0 InfoContext:1 WarnContext:1 ErrorContext:1 DebugContext:1 Log:2 LogAttrs:2
			Logger.Info:0 Logger.Warn:0 Logger.Error:0 Logger.Debug:0 Logger.InfoContext:1 Logger.WarnContext:1 Logger.ErrorContext:1 Logger.DebugContext:1 Logger.Log:2 Logger.LogAttrs:2`,
	})
	redirectSinks = sinkCalls(map[string]string{"net/http": "Redirect:2"})
	fileSinks     = sinkCalls(map[string]string{
		"os":            `Open:0 OpenFile:0 Create:0 ReadFile:0 WriteFile:0 Remove:0 RemoveAll:0 Rename:0,1 Mkdir:0 MkdirAll:0 Chmod:0 Chown:0 ReadDir:0 Symlink:0,1 Link:0,1 Truncate:0 DirFS:0 OpenRoot:0`,
		"io/ioutil":     `ReadFile:0 WriteFile:0 ReadDir:0`,
		"path/filepath": `Walk:0 WalkDir:0`,
		"net/http":      `ServeFile:2 ServeFileFS:3`,
		pathGin:         `Context.File:0 Context.FileAttachment:0 Context.SaveUploadedFile:1`,
		pathEcho:        `Context.File:0 Context.Attachment:0 Context.Inline:0`,
		pathFiber:       `Ctx.SendFile:0 Ctx.Download:0 Ctx.SaveFile:1`,
		pathFasthttp:    `RequestCtx.SendFile:0 ServeFile:1 SaveMultipartFile:1`,
	})
)

// shells read their arguments as programs; runners run one of their arguments.
var shells = setOf(`sh bash zsh dash ksh ash fish csh tcsh cmd cmd.exe powershell powershell.exe pwsh busybox
	sudo doas su env xargs nohup timeout nice setsid chroot nsenter unshare script watch eval
	python python2 python3 perl ruby node nodejs php lua awk gawk osascript`)

// commandHits judges the calls that start programs.
func (p *pkg) commandHits() []Hit {
	if p.commandList == nil {
		p.commandList = append([]Hit{}, p.findCommandHits()...)
	}
	return slices.Clone(p.commandList)
}

func (p *pkg) findCommandHits() []Hit {
	m := p.inputs()
	n := needForeign.of(useCommand)
	var hits []Hit
	judge := func(c *call, program, args ssa.Value, skip int) {
		if in := m.find(program, c.instr, n); in != nil {
			hits = append(hits, p.reached("MKT203/command", c, in, n, "names the program to run; use a fixed program"))
			return
		}
		if args == nil {
			return
		}
		shell := false
		ts, _ := p.texts(program)
		for _, t := range ts {
			shell = shell || shells[path.Base(t.s)]
		}
		parts, known := variadic(args)
		if !known {
			in := m.find(args, c.instr, n)
			if in == nil {
				return
			}
			if shell {
				hits = append(hits, p.reached("MKT203/command", c, in, n, "is run by a shell; use a fixed program with arguments"))
			} else {
				hits = append(hits, p.reached("MKT203/argument", c, in, n, "is an argument that may be read as an option; put -- before it"))
			}
			return
		}
		for i, a := range parts {
			if i < skip || a == nil {
				continue
			}
			if s, ok := constText(a); ok {
				if s == "--" && !shell {
					return
				}
				shell = shell || shells[path.Base(s)]
				continue
			}
			if !shell && begins(a) {
				continue
			}
			need := n
			if shell {
				need.media, need.doubtful = n.media|fromCaller, n.doubtful|fromCaller
			}
			in := m.find(a, c.instr, need)
			switch {
			case in == nil:
				continue
			case shell:
				hits = append(hits, p.reached("MKT203/command", c, in, need, "is run by a shell; use a fixed program with arguments"))
			case m.find(a, c.instr, n.of(useOption)) == nil:
				continue // a dash at the beginning was refused
			default:
				hits = append(hits, p.reached("MKT203/argument", c, in, n, "is an argument that may be read as an option; put -- before it"))
			}
			return
		}
	}
	for _, c := range m.calls("os/exec", "os", "syscall") {
		switch c.path + "." + c.callee() {
		case "os/exec.Command":
			judge(c, c.args[0], c.args[1], 0)
		case "os/exec.CommandContext":
			judge(c, c.args[1], c.args[2], 0)
		case "os.StartProcess", "syscall.Exec", "syscall.ForkExec", "syscall.StartProcess":
			judge(c, c.args[0], c.args[1], 1)
		}
	}
	return hits
}

// begins reports whether a text starts with a constant that is no dash.
func begins(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.BinOp:
			v = x.X
		case *ssa.Const:
			s, ok := constText(x)
			return ok && s != "" && s[0] != '-' || ok && strings.HasPrefix(s, "--") && strings.Contains(s, "=")
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Name() != "Sprintf" || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "fmt" {
				return false
			}
			s, ok := constText(x.Call.Args[0])
			return ok && s != "" && s[0] != '-' && s[0] != '%'
		default:
			return false
		}
	}
}

// pathHits judges the calls that open, write or serve files.
func (p *pkg) pathHits() []Hit {
	n := needForeign.of(usePath)
	n.doubtful |= fromURL
	var hits []Hit
	p.each(fileSinks, func(c *call, args []int) {
		for _, i := range args {
			in := p.inputs().find(c.arg(i), c.instr, n)
			if in == nil || in.medium == fromURL && strings.HasPrefix(c.name, "ServeFile") {
				continue // net/http refuses ".." in the request's own path
			}
			hits = append(hits, p.reached("MKT203/path", c, in, n, "chooses the file; open it through os.Root or take filepath.Base"))
			return
		}
	})
	return hits
}

// mailHits judges mail: header lines of the message, sender and recipients.
func (p *pkg) mailHits() []Hit {
	m := p.inputs()
	n := needForeign.of(useMail)
	var hits []Hit
	for _, c := range m.calls("net/smtp") {
		switch c.callee() {
		case "SendMail":
			if in := m.findHeader(c.args[4], c.instr, n); in != nil {
				hits = append(hits, p.reached("MKT203/smtp", c, in, n, "stands in a header line of the mail, where a line break adds headers; encode it with mime.QEncoding"))
				continue
			}
			for _, i := range []int{2, 3} {
				if in := m.find(c.args[i], c.instr, n); in != nil {
					in.doubtful = true
					hits = append(hits, p.reached("MKT203/smtp", c, in, n, "is a mail address as it came; parse it with mail.ParseAddress"))
					break
				}
			}
		case "Client.Mail", "Client.Rcpt":
			if in := m.find(c.args[0], c.instr, n); in != nil {
				in.doubtful = true
				hits = append(hits, p.reached("MKT203/smtp", c, in, n, "is a mail address as it came; parse it with mail.ParseAddress"))
			}
		}
	}
	return hits
}

// findHeader finds input in front of the empty line that ends a mail's header.
func (m *inputs) findHeader(v ssa.Value, at ssa.Instruction, n need) *inbound {
	v = unwrap(v)
	t := &taint{m: m, need: n}
	var parts []ssa.Value
	switch x := v.(type) {
	case *ssa.BinOp:
		var flatten func(v ssa.Value)
		flatten = func(v ssa.Value) {
			if b, ok := v.(*ssa.BinOp); ok {
				flatten(b.X)
				flatten(b.Y)
				return
			}
			parts = append(parts, v)
		}
		flatten(x)
	case *ssa.Call:
		d := m.p.asCall(x, paths("fmt"))
		if d == nil || d.name != "Sprintf" {
			return nil
		}
		format, ok := constText(d.args[0])
		args, known := variadic(d.args[1])
		if !ok || !known {
			return nil
		}
		parts = t.formatParts(format, args)
	default:
		return nil
	}
	header := false
	for _, part := range parts {
		if part == nil {
			continue
		}
		if s, ok := constText(part); ok {
			if strings.Contains(s, "\r\n\r\n") || strings.Contains(s, "\n\n") {
				return nil
			}
			header = header || strings.Contains(s, ":")
			continue
		}
		if in := m.find(part, at, n); in != nil && header {
			return in
		}
	}
	return nil
}

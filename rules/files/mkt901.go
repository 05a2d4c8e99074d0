package files

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/staylisted/staylisted/rules"
)

// dockerSecretRule is the variant about secrets, with a vector and a control of
// its own.
const dockerSecretRule = dockerRule + "/secret"

func dockerRules() []rules.Rule {
	return []rules.Rule{
		{ID: dockerRule, Name: "dockerfile", Title: "Image is built unsafely", Class: rules.Review, Controls: []string{"secure-coding-baseline"}, CWE: []int{250, 494}, Vector: v53k,
			Flags: "A Dockerfile whose final stage runs as root; a base image without a digest; `ADD` of a URL without a checksum; a download that goes straight into a shell.",
			Safe: "`USER` with another user in the final stage, or a base that brings one (`nonroot`, `unprivileged`), or an entry point that gives root up (gosu, su-exec); `FROM image:tag@sha256:…`, `scratch` and earlier stages; " +
				"`ADD --checksum`; a file that is checked before it runs. A name that comes from a variable without a default is not known and never counts.",
			Remediation: "Add `USER 65532` to the final stage, pin bases by digest (Dependabot and Renovate update them), and check what is downloaded.",
			Wrong:       "FROM alpine:3.20\nRUN curl https://get.example.com | sh",
			Right:       "FROM alpine:3.20@sha256:…\nUSER 65532"},
		{ID: dockerSecretRule, Name: "dockerfile-secret", Title: "Image or its history holds a secret", Class: rules.Review, Controls: []string{"no-secrets-in-repo"}, CWE: []int{798}, Vector: v91,
			Flags:       "`ENV` or `ARG` whose name is that of a password, token or key, with a value; and an `ARG` of such a name in the final stage: its value stays in the image's history.",
			Safe:        "`RUN --mount=type=secret`; a value that is given when the container starts; names of files that hold secrets.",
			Remediation: "Rotate the secret, mount it with `RUN --mount=type=secret,id=…`, or set it when the container starts.",
			Wrong:       "ARG NPM_TOKEN\nRUN npm ci", Right: "RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci"},
	}
}

// maxDockerfile is how much of a Dockerfile is read.
const maxDockerfile = 1 << 20

// dockerfile reports names of Dockerfiles that build the product. Those of
// development machines and tests build none.
func dockerfile(name string) bool {
	base := strings.ToLower(path.Base(name))
	named := base == "dockerfile" || base == "containerfile" || strings.HasSuffix(base, ".dockerfile") || strings.HasSuffix(base, ".containerfile") ||
		strings.HasPrefix(base, "dockerfile.") || strings.HasPrefix(base, "containerfile.")
	if !named || !shipped(name) || inFolder(name, toolFolders) {
		return false
	}
	for word := range strings.FieldsFuncSeq(base, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		switch word {
		case "dev", "development", "test", "tests", "testing", "e2e", "ci", "local", "debug", "builder", "coverage", "lint", "bench", "dockerignore", "tmpl", "template", "j2",
			"md", "txt", "go", "js", "ts", "py", "rb", "json", "yml", "yaml", "html", "lock":
			return false
		}
	}
	return true
}

// A stage is one FROM with what belongs to it.
type stage struct {
	name, base string
	from       *parser.Node
	variable   bool   // the image's name comes from a variable
	user       string // the last USER, as written
	userAt     *parser.Node
	userKnown  bool
	env        map[string]string
	args       []*parser.Node
}

// dockerFindings judges one Dockerfile. credential is the word model; nil knows
// no name. drops reports whether a script of the repository gives up root.
func dockerFindings(name string, data []byte, credential func(string) bool, drops func(script string) bool) ([]rules.Finding, error) {
	result, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(data, []byte("\n"))
	j := &imageJudge{name: name, lines: lines, credential: credential, global: map[string]string{}}
	for _, n := range result.AST.Children {
		j.instruction(n)
	}
	j.end(drops)
	return j.out, nil
}

type imageJudge struct {
	name       string
	lines      [][]byte
	credential func(string) bool
	global     map[string]string // ARG before the first FROM
	stages     []*stage
	entry      []string // words of the final stage's ENTRYPOINT and CMD, and names it copies
	text       strings.Builder
	out        []rules.Finding
	secrets    map[string]bool
}

func (j *imageJudge) at(n *parser.Node) rules.Location {
	at := rules.Location{Path: j.name, Line: n.StartLine, EndLine: n.EndLine}
	if i := n.StartLine - 1; i >= 0 && i < len(j.lines) {
		at.Column = len(j.lines[i]) - len(bytes.TrimLeft(j.lines[i], " \t")) + 1
	}
	if i := n.EndLine - 1; i >= 0 && i < len(j.lines) {
		at.EndColumn = len(j.lines[i]) + 1
	}
	return at
}

// words lists the arguments of an instruction.
func words(n *parser.Node) []string {
	var out []string
	for a := n.Next; a != nil && len(out) < 10_000; a = a.Next {
		out = append(out, a.Value)
	}
	return out
}

func (j *imageJudge) instruction(n *parser.Node) {
	args := words(n)
	switch strings.ToLower(n.Value) {
	case "from":
		if len(args) == 0 {
			return
		}
		base, known := expand(strings.Trim(args[0], `"'`), j.global)
		image, _, _ := strings.Cut(args[0], ":")
		s := &stage{base: base, from: n, variable: strings.Contains(image, "$"), env: map[string]string{}}
		if len(args) > 2 && strings.EqualFold(args[1], "as") {
			s.name = strings.ToLower(args[2])
		}
		if parent := j.stage(base); parent != nil {
			s.user, s.userAt, s.userKnown, s.variable = parent.user, parent.userAt, parent.userKnown, parent.variable
		} else if known {
			j.pin(n, base)
		}
		j.stages = append(j.stages, s)
		j.entry = nil
		return
	case "arg":
		for _, a := range args {
			name, value, set := strings.Cut(a, "=")
			if len(j.stages) == 0 {
				if set {
					j.global[name] = strings.Trim(value, `"'`)
				}
				continue
			}
			s := j.stages[len(j.stages)-1]
			if !set {
				value = j.global[name]
			}
			s.env[name] = strings.Trim(value, `"'`)
			j.secretArg(n, name, value, set)
		}
	case "env":
		// The parser gives names, values and separators in turn.
		for i := 0; i+1 < len(args); i += 3 {
			if len(j.stages) > 0 {
				j.stages[len(j.stages)-1].env[args[i]] = strings.Trim(args[i+1], `"'`)
			}
			j.secretEnv(n, args[i], strings.Trim(args[i+1], `"'`))
		}
	case "user":
		if len(j.stages) > 0 && len(args) > 0 {
			s := j.stages[len(j.stages)-1]
			s.user, s.userKnown = expand(args[0], s.env)
			s.userAt = n
		}
	case "add":
		j.add(n, args)
	case "run":
		j.text.WriteString(strings.Join(args, " "))
		j.text.WriteByte('\n')
		j.run(n, args)
	case "copy":
		j.entry = append(j.entry, args...)
	case "entrypoint", "cmd":
		for _, a := range args {
			j.entry = append(j.entry, strings.Fields(a)...)
		}
	}
}

// stage returns the earlier stage of a name or number.
func (j *imageJudge) stage(name string) *stage {
	for i, s := range j.stages {
		if s.name != "" && s.name == strings.ToLower(name) || fmt.Sprint(i) == name {
			return s
		}
	}
	return nil
}

// expand puts variables in. known is false where one has no value.
func expand(text string, env map[string]string) (out string, known bool) {
	known = true
	for range 20 {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 >= len(text) {
			return text, known
		}
		name, fallback, end := "", "", i+1
		if text[end] == '{' {
			closing := strings.IndexByte(text[end:], '}')
			if closing < 0 {
				return text, false
			}
			name, fallback, _ = strings.Cut(text[end+1:end+closing], ":-")
			end += closing + 1
		} else {
			for end < len(text) && nameByte(text[end]) && text[end] != '-' {
				end++
			}
			name = text[i+1 : end]
		}
		value := env[name]
		if value == "" {
			value = fallback
		}
		if value == "" || strings.Contains(value, "$") {
			return text, false
		}
		text = text[:i] + value + text[end:]
	}
	return text, false
}

// pin looks at a base image.
func (j *imageJudge) pin(n *parser.Node, base string) {
	if base == "scratch" || strings.Contains(base, "@sha256:") || strings.Contains(base, "@sha512:") {
		return
	}
	image, tag := base, "latest"
	if i := strings.LastIndexByte(base, ':'); i > strings.LastIndexByte(base, '/') {
		image, tag = base[:i], base[i+1:]
	}
	j.out = append(j.out, finding(ruleOf(dockerRule), fmt.Sprintf("the base image %s is named by the tag %s, which can be moved; pin it by digest", quote(image), quote(tag)), j.at(n), "base", image))
}

// add looks at files that are fetched while the image is built.
func (j *imageJudge) add(n *parser.Node, args []string) {
	if slices.ContainsFunc(n.Flags, func(f string) bool { return strings.HasPrefix(f, "--checksum=") }) || len(args) < 2 {
		return
	}
	for _, source := range args[:len(args)-1] {
		lower := strings.ToLower(source)
		if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
			continue
		}
		if _, ref, git := strings.Cut(source, ".git#"); git && len(ref) >= 40 && commit(ref[:40]) {
			continue
		}
		j.out = append(j.out, finding(ruleOf(dockerRule), fmt.Sprintf("ADD fetches %s and checks nothing; give --checksum", quote(withoutQuery(source))), j.at(n), "add", withoutQuery(source)))
	}
}

// withoutQuery cuts what may hold a credential from an address.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	if scheme, rest, ok := strings.Cut(address, "://"); ok {
		if host, path, ok := strings.Cut(rest, "/"); ok {
			return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + path
		}
		return scheme + "://" + rest[strings.LastIndexByte(rest, '@')+1:]
	}
	return address
}

// shells run what they read.
var shells = []string{"sh", "bash", "zsh", "dash", "ash", "ksh", "python", "python3", "perl", "ruby", "node"}

// run looks for downloads that nobody checks before they run.
func (j *imageJudge) run(n *parser.Node, args []string) {
	script := strings.Join(args, " ")
	if n.Attributes["json"] {
		if len(args) < 3 {
			return
		}
		script = args[len(args)-1]
	}
	if strings.HasPrefix(strings.TrimSpace(script), "<<") { // the here document is the script
		script = ""
		for _, h := range n.Heredocs {
			script += h.Content + "\n"
		}
	}
	if downloadRuns(script) {
		j.out = append(j.out, finding(ruleOf(dockerRule), "a download goes straight into a shell; whoever controls the other end, or the way there, runs code in the build", j.at(n), "pipe"))
	}
}

// downloadRuns reports whether a script hands what it fetches to a shell.
func downloadRuns(script string) bool {
	fetch := func(name string) bool { return name == "curl" || name == "wget" }
	all := commands(script)
	for i, c := range all {
		name, args := c.name()
		if fetch(name) && c.piped && !c.into {
			for k := i + 1; k < len(all); k++ {
				if next, rest := all[k].name(); slices.Contains(shells, next) && readsInput(rest) {
					return true
				}
				if !all[k].piped {
					break
				}
			}
		}
		// sh -c "$(curl …)", bash <(curl …), eval "$(curl …)"
		if slices.Contains(shells, name) || name == "eval" || name == "." || name == "source" {
			for _, a := range args {
				for _, open := range []string{"$(", "<(", "`"} {
					if _, inner, ok := strings.Cut(a, open); ok {
						if inside := commands(inner); len(inside) > 0 {
							if first, _ := inside[0].name(); fetch(first) {
								return true
							}
						}
					}
				}
			}
		}
	}
	return false
}

// readsInput reports whether a shell with these arguments runs its input: it is
// given no file and no text to run instead.
func readsInput(args []string) bool {
	for _, a := range args {
		switch {
		case a == "-" || a == "-s" || a == "/dev/stdin" || a == "--":
			return true
		case a == "-c" || a == "-m" || a == "-e":
			return false
		case !strings.HasPrefix(a, "-"):
			return false
		}
	}
	return true
}

// literal reports whether a value is written down, not taken from a variable.
func literal(value string) bool { return value != "" && !strings.HasPrefix(value, "$") }

func (j *imageJudge) secretEnv(n *parser.Node, name, value string) {
	if j.credential == nil || !j.credential(name) || value == "" || boolean(value) || strings.HasPrefix(value, "/") {
		return
	}
	if !literal(value) {
		source := strings.Trim(value, "${}")
		source, _, _ = strings.Cut(source, ":")
		if len(j.stages) == 0 || !slices.ContainsFunc(j.stages[len(j.stages)-1].args, func(a *parser.Node) bool { return a.Value == source }) {
			j.secret(n, name, fmt.Sprintf("ENV %s keeps a secret of the build in the image", quote(name)))
		}
		return
	}
	j.secret(n, name, fmt.Sprintf("ENV %s writes a secret into the image and the repository", quote(name)))
}

func (j *imageJudge) secretArg(n *parser.Node, name, value string, set bool) {
	if j.credential == nil || !j.credential(name) || boolean(value) || strings.HasPrefix(value, "/") {
		return
	}
	if set && literal(strings.Trim(value, `"'`)) {
		j.secret(n, name, fmt.Sprintf("ARG %s writes a secret into the repository and the image's history", quote(name)))
		return
	}
	// Without a value it matters in the final stage alone, which end decides.
	s := j.stages[len(j.stages)-1]
	s.args = append(s.args, &parser.Node{Value: name, StartLine: n.StartLine, EndLine: n.EndLine})
}

func boolean(value string) bool {
	return value == "true" || value == "false" || value == "0" || value == "1"
}

func (j *imageJudge) secret(n *parser.Node, name, message string) {
	if j.secrets == nil {
		j.secrets = map[string]bool{}
	}
	if !j.secrets[name] {
		j.secrets[name] = true
		j.out = append(j.out, finding(ruleOf(dockerSecretRule), message, j.at(n), name))
	}
}

// nonRootBases are words in names of images that bring a user of their own.
var nonRootBases = []string{"nonroot", "unprivileged", "rootless", "cgr.dev/chainguard/", "/ubi-micro-nonroot"}

// droppers give root up at the start.
var droppers = []string{"gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chpst", "setuidgid", "suexec"}

// end judges the final stage.
func (j *imageJudge) end(drops func(string) bool) {
	if len(j.stages) == 0 {
		return
	}
	final := j.stages[len(j.stages)-1]
	for _, a := range final.args {
		j.secret(a, a.Value, fmt.Sprintf("ARG %s leaves the secret it is given in the image's history", quote(a.Value)))
	}
	root := false
	at := final.from
	message := "the final stage sets no USER, so the program runs as root"
	switch user, _, _ := strings.Cut(final.user, ":"); {
	case final.userAt == nil:
		// A base of this repository or of a variable may bring a user.
		base := final.base
		for range j.stages {
			if parent := j.stage(base); parent != nil && parent != final {
				base = parent.base
			}
		}
		root = !final.variable && !slices.ContainsFunc(nonRootBases, func(w string) bool { return strings.Contains(base, w) })
	case final.userKnown && (user == "root" || user == "0"):
		root, at = true, final.userAt
		message = "the final stage runs as root"
	}
	if !root || strings.Contains(strings.ToLower(path.Base(j.name)), "base") { // an image that others build on
		return
	}
	text := j.text.String() + strings.Join(j.entry, " ")
	if slices.ContainsFunc(droppers, func(d string) bool { return strings.Contains(text, d) }) || slices.ContainsFunc(j.entry, drops) {
		return
	}
	j.out = append(j.out, finding(ruleOf(dockerRule), message, j.at(at), "root"))
}

// images runs the verifier that reads Dockerfiles.
func (r *repository) images() (g rules.Gathered) {
	rd := r.reading()
	drops := func(word string) bool {
		word = strings.TrimLeft(strings.Trim(word, `[]",'`), "./")
		if !strings.HasSuffix(word, ".sh") && !strings.Contains(word, "entrypoint") || word == "" {
			return false
		}
		for _, name := range r.tree.Names() {
			if path.Base(name) != path.Base(word) {
				continue
			}
			if data, err := r.tree.Read(name, 1<<20); err == nil && slices.ContainsFunc(droppers, func(d string) bool { return bytes.Contains(data, []byte(d)) }) {
				return true
			}
		}
		return false
	}
	rd.each(dockerfile, maxDockerfile, func(name string, data []byte) {
		findings, err := dockerFindings(name, data, r.opts.Credential, drops)
		if err != nil {
			rd.problem("%s is no valid Dockerfile: %v; correct it", name, err)
			return
		}
		g.Findings = append(g.Findings, findings...)
	})
	rd.end(&g, dockerRule)
	return g
}

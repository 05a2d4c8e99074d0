package files

import (
	"strings"
)

// Shell scripts
//
// A script of a workflow or Dockerfile is cut into its simple commands, as far
// as that takes no running of it: quotes, comments, lines that go on, command
// substitutions, here documents, pipes and redirections. What an alias, a
// function or a variable does is not known.

// A command is one simple command of a script.
type command struct {
	words []string // as written, quotes included
	line  int      // of its first word, 0-based
	piped bool     // its output goes to the next command
	into  bool     // its output goes to a file
	or    bool     // `||` follows: its failure is taken care of
}

// maxCommands bounds what is kept of one script.
const maxCommands = 5000

// plain returns a word without its quotes.
func plain(word string) string { return strings.NewReplacer(`"`, "", `'`, "", `\`, "").Replace(word) }

// name returns the name of the program a command runs, without its path:
// behind assignments, sudo and the like.
func (c *command) name() (string, []string) {
	for i, w := range c.words {
		w = plain(w)
		if strings.Contains(w, "=") && !strings.HasPrefix(w, "-") && i == 0 || w == "" {
			continue
		}
		switch w {
		case "sudo", "env", "exec", "time", "command", "nice", "nohup", "then", "do", "else", "if", "elif", "while", "until", "!", "{", "(", "set":
			continue
		}
		if i > 0 && (strings.HasPrefix(w, "-") || assignment(w)) {
			continue
		}
		return w[strings.LastIndexByte(w, '/')+1:], c.words[i+1:]
	}
	return "", nil
}

func assignment(w string) bool {
	name, _, ok := strings.Cut(w, "=")
	if !ok || name == "" {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// commands cuts a script.
func commands(script string) []command {
	s := &shellScanner{src: script}
	s.scan()
	return s.out
}

type shellScanner struct {
	src    string
	at     int
	line   int
	out    []command
	cur    command
	word   strings.Builder
	inWord bool
	begun  int      // line of the current word
	target bool     // the next word names a file of a redirection
	groups []int    // first command of each open { or (
	heres  []string // delimiters of here documents whose bodies follow
}

func (s *shellScanner) endWord() {
	if !s.inWord {
		return
	}
	w := s.word.String()
	s.word.Reset()
	s.inWord = false
	if s.target { // the file that output goes to
		s.target = false
		return
	}
	if len(s.cur.words) == 0 {
		s.cur.line = s.begun
		switch w {
		case "{":
			s.groups = append(s.groups, len(s.out))
			return
		case "}":
			s.cur.words = append(s.cur.words, w)
			return
		}
	}
	s.cur.words = append(s.cur.words, w)
}

// endCommand closes the current command. A closed group hands what happens to
// its output on to what it holds.
func (s *shellScanner) endCommand(piped, or bool) {
	s.endWord()
	s.target = false
	s.cur.piped, s.cur.or = piped, or
	if len(s.cur.words) > 0 && s.cur.words[0] == "}" {
		s.closeGroup()
	} else if len(s.cur.words) > 0 && len(s.out) < maxCommands {
		s.out = append(s.out, s.cur)
	}
	s.cur = command{}
}

func (s *shellScanner) closeGroup() {
	if len(s.groups) == 0 {
		return
	}
	first := s.groups[len(s.groups)-1]
	s.groups = s.groups[:len(s.groups)-1]
	for i := first; i < len(s.out); i++ {
		s.out[i].piped = s.out[i].piped || s.cur.piped
		s.out[i].into = s.out[i].into || s.cur.into
	}
}

func (s *shellScanner) put(from, to int) {
	if !s.inWord {
		s.begun = s.line
	}
	s.inWord = true
	s.word.WriteString(s.src[from:to])
	s.line += strings.Count(s.src[from:to], "\n")
}

func (s *shellScanner) scan() {
	for s.at < len(s.src) {
		c := s.src[s.at]
		switch {
		case c == '\\' && s.at+1 < len(s.src):
			if s.src[s.at+1] == '\n' {
				s.endWord()
				s.line++
			} else {
				s.put(s.at, s.at+2)
			}
			s.at += 2
		case c == '\'' || c == '"' || c == '`':
			end := s.quoteEnd(s.at)
			s.put(s.at, end)
			s.at = end
		case c == '$' && s.at+1 < len(s.src) && (s.src[s.at+1] == '(' || s.src[s.at+1] == '{'):
			end := s.bracketEnd(s.at + 1)
			s.put(s.at, end)
			s.at = end
		case c == '<' && s.at+1 < len(s.src) && s.src[s.at+1] == '(' || c == '>' && s.at+1 < len(s.src) && s.src[s.at+1] == '(':
			end := s.bracketEnd(s.at + 1)
			s.put(s.at, end)
			s.at = end
		case c == '#' && !s.inWord:
			for s.at < len(s.src) && s.src[s.at] != '\n' {
				s.at++
			}
		case c == '\n':
			s.endCommand(false, false)
			s.at++
			s.line++
			s.bodies()
		case c == ' ' || c == '\t' || c == '\r':
			s.endWord()
			s.at++
		case c == ';':
			s.endCommand(false, false)
			s.at++
		case c == '|':
			or := strings.HasPrefix(s.src[s.at:], "||")
			s.endCommand(!or, or)
			s.at++
			if s.at < len(s.src) && (s.src[s.at] == '|' || s.src[s.at] == '&') {
				s.at++
			}
		case c == '&' && strings.HasPrefix(s.src[s.at:], "&>"):
			s.endWord()
			s.cur.into, s.target = true, true
			s.at += 2
		case c == '&':
			if s.inWord && strings.HasSuffix(s.word.String(), ">") { // 2>&1
				s.put(s.at, s.at+1)
				s.at++
				continue
			}
			s.endCommand(false, false)
			s.at++
			if s.at < len(s.src) && s.src[s.at] == '&' {
				s.at++
			}
		case c == '>':
			s.redirect()
		case c == '<' && strings.HasPrefix(s.src[s.at:], "<<") && !strings.HasPrefix(s.src[s.at:], "<<<"):
			s.here()
		case c == '(' && !s.inWord && len(s.cur.words) == 0:
			s.groups = append(s.groups, len(s.out))
			s.at++
		case c == ')' && !s.inWord && len(s.groups) > 0, c == ')' && len(s.groups) > 0 && !strings.Contains(s.word.String(), "("):
			s.endCommand(false, false)
			s.cur.words = []string{"}"}
			s.at++
		default:
			s.put(s.at, s.at+1)
			s.at++
		}
	}
	s.endCommand(false, false)
}

// redirect takes `>`, `>>`, `>|` and `2>`. Only standard output into a file
// counts.
func (s *shellScanner) redirect() {
	stream := ""
	if s.inWord {
		if w := s.word.String(); w == "1" || w == "2" {
			stream = w
			s.word.Reset()
			s.inWord = false
		} else {
			s.endWord()
		}
	}
	s.at++
	for s.at < len(s.src) && (s.src[s.at] == '>' || s.src[s.at] == '|') {
		s.at++
	}
	if s.at < len(s.src) && s.src[s.at] == '&' { // >&2: another stream of the log
		s.at++
		for s.at < len(s.src) && (s.src[s.at] >= '0' && s.src[s.at] <= '9' || s.src[s.at] == '-') {
			s.at++
		}
		return
	}
	for s.at < len(s.src) && (s.src[s.at] == ' ' || s.src[s.at] == '\t') {
		s.at++
	}
	s.target = true
	if stream == "2" || strings.HasPrefix(s.src[s.at:], "/dev/stdout") || strings.HasPrefix(s.src[s.at:], "/dev/stderr") {
		return
	}
	s.cur.into = true
}

// here takes a here document's opening; its body follows the line.
func (s *shellScanner) here() {
	s.endWord()
	s.at += 2
	if s.at < len(s.src) && s.src[s.at] == '-' {
		s.at++
	}
	for s.at < len(s.src) && (s.src[s.at] == ' ' || s.src[s.at] == '\t') {
		s.at++
	}
	start := s.at
	for s.at < len(s.src) && !strings.ContainsRune(" \t\r\n;|&<>()", rune(s.src[s.at])) {
		s.at++
	}
	if word := plain(s.src[start:s.at]); word != "" && len(s.heres) < 16 {
		s.heres = append(s.heres, word)
	}
}

// bodies skips the here documents that begin at the current line.
func (s *shellScanner) bodies() {
	for _, delimiter := range s.heres {
		for s.at < len(s.src) {
			line, _, found := strings.Cut(s.src[s.at:], "\n")
			s.at += len(line)
			if found {
				s.at++
				s.line++
			}
			if strings.TrimSpace(line) == delimiter {
				break
			}
		}
	}
	s.heres = nil
}

// quoteEnd returns the offset behind the quote that closes the one at i.
func (s *shellScanner) quoteEnd(i int) int {
	q := s.src[i]
	for j := i + 1; j < len(s.src); j++ {
		switch {
		case q != '\'' && s.src[j] == '\\':
			j++
		case s.src[j] == q:
			return j + 1
		}
	}
	return len(s.src)
}

// bracketEnd returns the offset behind the bracket that closes the one at i.
func (s *shellScanner) bracketEnd(i int) int {
	depth := 0
	for j := i; j < len(s.src); j++ {
		switch s.src[j] {
		case '\\':
			j++
		case '\'', '"':
			j = s.quoteEnd(j) - 1
		case '(', '{':
			depth++
		case ')', '}':
			if depth--; depth == 0 {
				return j + 1
			}
		}
	}
	return len(s.src)
}

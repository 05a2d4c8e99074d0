package files

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Database schemas
//
// Migrations are followed in the order of their names: what a later one drops,
// renames or turns into another type is gone. The way back (down migrations, the
// down sections of goose, dbmate and sql-migrate, Flyway's undo) is not read.

func migrationsRule() rules.Rule {
	return rules.Rule{ID: migrationsVerifier, Name: "plaintext-secret-column", Title: "Database column may hold a secret in the clear", Class: rules.Review, Controls: []string{"no-plaintext-secrets-storage"},
		CWE: []int{256, 312}, Vector: v55,
		Flags: "A column of a SQL migration, a SQL schema or a Prisma model whose name is that of a password, token, secret or key, and whose type is text.",
		Safe: "A name that says what is left of the secret (`token_hash`, `password_encrypted`), a binary type, a type as long as a hash (`char(60)`, `char(64)`), " +
			"and a comment that names the hash or the cipher.",
		Remediation: "Encrypt the value with an AEAD before it is written, or store a hash of it, and let the column's name say so. Suppress the finding with the reason where the code hashes it already.",
		Wrong:       "CREATE TABLE accounts (api_token text NOT NULL)", Right: "CREATE TABLE accounts (api_token_hash bytea NOT NULL)"}
}

// maxSQL is how much of a migration or schema is read.
const maxSQL = 4 << 20

// sqlFile reports names of SQL files that may build the product's database.
func sqlFile(name string) bool {
	lower := strings.ToLower(name)
	base := path.Base(lower)
	if !strings.HasSuffix(base, ".sql") || !shipped(name) || inFolder(name, []string{"seeds", "seed", "queries", "query"}) {
		return false
	}
	return !strings.HasSuffix(base, ".down.sql") && !strings.HasSuffix(base, "_down.sql") && base != "down.sql" && !undoName.MatchString(base)
}

// undoName is Flyway's name of an undo migration: U2__name.sql.
var undoName = regexp.MustCompile(`^u[0-9][0-9._]*__`)

// A sqlToken is a word, quoted name, text, number or sign of SQL.
type sqlToken struct {
	text   string // names without their quotes
	lower  string
	kind   byte // 'w' word, 'q' quoted name, 's' text, '0' number, 'o' sign
	offset int
}

func (t sqlToken) is(words ...string) bool { return t.kind != 's' && slices.Contains(words, t.lower) }

// maxSQLTokens bounds what is kept of one file.
const maxSQLTokens = 2_000_000

// sqlTokens cuts SQL, of any dialect, into tokens. Comments come along, by the
// offset of their line, because they may say how a column is kept.
func sqlTokens(src string) (tokens []sqlToken, comments []sqlToken) {
	add := func(kind byte, from, to int, text string) {
		tokens = append(tokens, sqlToken{text, strings.ToLower(text), kind, from})
	}
	for i := 0; i < len(src) && len(tokens) < maxSQLTokens; {
		c := src[i]
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
		case strings.HasPrefix(src[i:], "--") || c == '#':
			end := len(src)
			if n := strings.IndexByte(src[i:], '\n'); n >= 0 {
				end = i + n
			}
			comments = append(comments, sqlToken{src[i:end], strings.ToLower(src[i:end]), 'c', i})
			i = end
		case strings.HasPrefix(src[i:], "/*"):
			end := len(src)
			if n := strings.Index(src[i+2:], "*/"); n >= 0 {
				end = i + 2 + n + 2
			}
			comments = append(comments, sqlToken{src[i:end], strings.ToLower(src[i:end]), 'c', i})
			i = end
		case c == '\'':
			end := i + 1
			for end < len(src) {
				if src[end] == '\'' {
					if end+1 < len(src) && src[end+1] == '\'' {
						end += 2
						continue
					}
					break
				}
				if src[end] == '\\' && end+1 < len(src) && src[end+1] == '\'' {
					end++ // MySQL; PostgreSQL ends the text here, and the next quote heals it
				}
				end++
			}
			add('s', i, end, src[min(i+1, len(src)):min(end, len(src))])
			i = end + 1
		case c == '"' || c == '`' || c == '[':
			closing := c
			if c == '[' {
				closing = ']'
			}
			n := strings.IndexByte(src[i+1:], closing)
			if n < 0 || n > 200 {
				add('o', i, i+1, string(c))
				i++
				continue
			}
			add('q', i, i+n+2, src[i+1:i+1+n])
			i += n + 2
		case c == '$':
			// PostgreSQL's $tag$ … $tag$ holds the body of a function.
			n := strings.IndexByte(src[i+1:], '$')
			tag := ""
			if n >= 0 && n < 64 && wordText(src[i+1:i+1+n]) {
				tag = src[i : i+n+2]
			}
			if tag == "" {
				add('o', i, i+1, "$")
				i++
				continue
			}
			end := strings.Index(src[i+len(tag):], tag)
			if end < 0 {
				return tokens, comments
			}
			i += len(tag) + end + len(tag)
		case wordByte(c):
			end := i
			for end < len(src) && wordByte(src[end]) {
				end++
			}
			kind := byte('w')
			if c >= '0' && c <= '9' {
				kind = '0'
			}
			add(kind, i, end, src[i:end])
			i = end
		default:
			add('o', i, i+1, string(c))
			i++
		}
	}
	return tokens, comments
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func wordText(s string) bool {
	for i := range len(s) {
		if !wordByte(s[i]) {
			return false
		}
	}
	return true
}

// A column is a column of a table as the migrations leave it.
type column struct {
	table, name, kind string
	size              string // what stands in brackets behind the type
	comment           string
	at                rules.Location
}

// A schema is the tables that migrations build, by table and column.
type schema struct {
	columns map[string]map[string]*column
	// rowSecurity are the places where row-level security is turned on, policies
	// those that say whose rows are whose.
	rowSecurity, policies []rules.Location
}

func newSchema() *schema { return &schema{columns: map[string]map[string]*column{}} }

// downMarks begin the way back in files that hold both ways.
var downMarks = []string{"+goose down", "migrate:down", "+migrate down"}

// read follows the statements of one file.
func (s *schema) read(name, src string) {
	// A template may name the schema: {{ .Namespace }}.users.
	src = strings.ReplaceAll(string(maskActions([]byte(src))), string(hole), "x")
	lines := lineStarts([]byte(src))
	tokens, comments := sqlTokens(src)
	for _, c := range comments {
		if slices.ContainsFunc(downMarks, func(m string) bool { return strings.Contains(c.lower, m) }) {
			tokens = tokens[:countBefore(tokens, c.offset)]
			comments = comments[:countBefore(comments, c.offset)]
			break
		}
	}
	p := &sqlParser{schema: s, name: name, lines: lines, tokens: tokens, comments: comments}
	for p.at < len(p.tokens) {
		p.statement()
	}
}

func countBefore(tokens []sqlToken, offset int) int {
	n, _ := slices.BinarySearchFunc(tokens, offset, func(t sqlToken, at int) int { return cmp.Compare(t.offset, at) })
	return n
}

type sqlParser struct {
	schema   *schema
	name     string
	lines    []int
	tokens   []sqlToken
	comments []sqlToken
	at       int
}

func (p *sqlParser) peek(k int) sqlToken {
	if p.at+k < len(p.tokens) {
		return p.tokens[p.at+k]
	}
	return sqlToken{kind: 'e'}
}

func (p *sqlParser) skip(words ...string) bool {
	if p.peek(0).is(words...) {
		p.at++
		return true
	}
	return false
}

// statement reads one statement and leaves off behind its semicolon.
func (p *sqlParser) statement() {
	start := p.peek(0)
	switch {
	case p.skip("create"):
		for p.skip("or", "replace", "temp", "temporary", "unlogged", "global", "local", "external") {
		}
		switch {
		case p.skip("table"):
			p.createTable()
		case p.skip("policy"):
			p.schema.policies = append(p.schema.policies, place(p.name, p.lines, start.offset, start.offset+1))
		}
	case p.skip("alter"):
		if p.skip("table") {
			p.alterTable(start)
		}
	case p.skip("drop"):
		if p.skip("table") {
			p.ifExists()
			for {
				delete(p.schema.columns, p.tableName())
				if !p.skip(",") {
					break
				}
			}
		}
	case p.skip("comment"):
		// COMMENT ON COLUMN table.column IS 'text'
		if p.skip("on") && p.skip("column") {
			var parts []string
			for p.peek(0).kind == 'w' && !p.peek(0).is("is") || p.peek(0).kind == 'q' {
				parts = append(parts, p.peek(0).lower)
				p.at++
				if !p.skip(".") {
					break
				}
			}
			if p.skip("is") && len(parts) > 1 {
				if c := p.schema.columns[parts[len(parts)-2]][parts[len(parts)-1]]; c != nil {
					c.comment += " " + p.peek(0).lower
				}
			}
		}
	}
	for p.at < len(p.tokens) {
		if p.skip(";") {
			return
		}
		p.at++
	}
}

func (p *sqlParser) ifExists() {
	for p.skip("if", "not", "exists", "only") {
	}
}

// tableName reads schema.table and returns the table.
func (p *sqlParser) tableName() string {
	name := ""
	for p.peek(0).kind == 'w' || p.peek(0).kind == 'q' {
		name = p.peek(0).lower
		p.at++
		if !p.skip(".") {
			break
		}
	}
	return name
}

// constraintWords begin an entry of a table that is no column.
var constraintWords = []string{"primary", "foreign", "unique", "key", "constraint", "check", "index", "exclude", "like", "fulltext", "spatial", "period"}

func (p *sqlParser) createTable() {
	p.ifExists()
	table := p.tableName()
	if table == "" || !p.skip("(") {
		return
	}
	columns := map[string]*column{}
	for p.at < len(p.tokens) && !p.peek(0).is(")", ";") {
		if p.peek(0).kind == 'q' || !p.peek(0).is(constraintWords...) || p.peek(0).is("key", "index", "like", "period") && p.peek(1).kind == 'w' && p.peek(2).is(",", ")", "(", "not", "null", "default") && !p.peek(1).is("key") {
			if c := p.column(table); c != nil {
				columns[c.name] = c
			}
		}
		p.entryEnd()
		p.skip(",")
	}
	if _, again := p.schema.columns[table]; !again {
		p.schema.columns[table] = columns
	}
}

// entryEnd moves to the comma or bracket that ends an entry.
func (p *sqlParser) entryEnd() {
	depth := 0
	for p.at < len(p.tokens) {
		switch t := p.peek(0); {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth == 0 {
				return
			}
			depth--
		case t.is(",") && depth == 0, t.is(";"):
			return
		}
		p.at++
	}
}

// column reads a name and a type; p is left within the entry.
func (p *sqlParser) column(table string) *column {
	t := p.peek(0)
	if t.kind != 'w' && t.kind != 'q' {
		return nil
	}
	p.at++
	kind := p.peek(0)
	if kind.kind != 'w' && kind.kind != 'q' {
		return nil
	}
	p.at++
	c := &column{table: table, name: t.lower, kind: kind.lower, at: place(p.name, p.lines, t.offset, t.offset+len(t.text))}
	if p.skip("varying", "character", "large") {
		p.skip("object")
	}
	if p.peek(0).is("(") && p.peek(1).kind == '0' {
		c.size = p.peek(1).text
	}
	if p.peek(0).is("[") {
		c.kind += "[]"
	}
	// What follows in the entry, and the comments on its lines, may say how the
	// value is kept.
	from := p.at
	end := p.at
	for depth := 0; end < len(p.tokens); end++ {
		x := p.tokens[end]
		if x.is("(") {
			depth++
		}
		if x.is(")") {
			depth--
		}
		if depth < 0 || x.is(",") && depth == 0 || x.is(";") {
			break
		}
		if x.is("comment") && end+1 < len(p.tokens) && p.tokens[end+1].kind == 's' {
			c.comment += " " + p.tokens[end+1].lower
		}
	}
	last := t.offset
	if end < len(p.tokens) {
		last = p.tokens[end].offset
	} else if from < len(p.tokens) {
		last = p.tokens[len(p.tokens)-1].offset
	}
	first, _ := slices.BinarySearch(p.lines, t.offset+1)
	behind, _ := slices.BinarySearch(p.lines, last+1)
	begin := p.lines[max(first-2, 0)] // the line above as well
	stop := 1 << 62
	if behind < len(p.lines) {
		stop = p.lines[behind]
	}
	for i, n := countBefore(p.comments, begin), 0; i < len(p.comments) && p.comments[i].offset < stop && n < 20; i, n = i+1, n+1 {
		// A comment above belongs to the column if it has the line to itself.
		if p.comments[i].offset < p.lines[max(first-1, 0)] && p.tokenOnLine(begin, p.comments[i].offset) {
			continue
		}
		c.comment += " " + cut(p.comments[i].lower, 500)
	}
	return c
}

// tokenOnLine reports whether a token stands between two offsets.
func (p *sqlParser) tokenOnLine(from, to int) bool {
	i := countBefore(p.tokens, from)
	return i < len(p.tokens) && p.tokens[i].offset < to
}

func (p *sqlParser) alterTable(start sqlToken) {
	p.ifExists()
	table := p.tableName()
	columns := p.schema.columns[table]
	if columns == nil {
		columns = map[string]*column{}
		p.schema.columns[table] = columns
	}
	for p.at < len(p.tokens) && !p.peek(0).is(";") {
		switch {
		case p.skip("enable", "force"):
			if p.peek(0).is("row") && p.peek(1).is("level") && p.peek(2).is("security") {
				p.schema.rowSecurity = append(p.schema.rowSecurity, place(p.name, p.lines, start.offset, start.offset+1))
			}
		case p.skip("add"):
			p.skip("column")
			p.ifExists()
			list := p.skip("(")
			for {
				if p.peek(0).kind == 'q' || !p.peek(0).is(constraintWords...) {
					if c := p.column(table); c != nil {
						columns[c.name] = c
					}
				}
				p.entryEnd()
				if !list || !p.skip(",") {
					break
				}
			}
			if list {
				p.skip(")")
			}
		case p.skip("drop"):
			p.skip("column")
			p.ifExists()
			delete(columns, p.peek(0).lower)
		case p.skip("rename"):
			if p.skip("to") {
				delete(p.schema.columns, table)
				table = p.tableName()
				moved := map[string]*column{}
				for name, c := range columns {
					renamed := *c
					renamed.table = table
					moved[name] = &renamed
				}
				columns = moved
				p.schema.columns[table] = columns
				break
			}
			p.skip("column")
			old, moved := p.peek(0).lower, columns[p.peek(0).lower]
			if p.peek(1).is("to") {
				p.at += 2
				if moved != nil {
					delete(columns, old)
					renamed := *moved
					t := p.peek(0)
					renamed.name, renamed.at = t.lower, place(p.name, p.lines, t.offset, t.offset+len(t.text))
					columns[renamed.name] = &renamed
				}
			}
		case p.skip("alter"), p.skip("modify"):
			p.skip("column")
			old := columns[p.peek(0).lower]
			name := p.peek(0).lower
			if p.peek(1).is("type") {
				p.at += 2
				if old != nil {
					changed := *old
					changed.kind, changed.size = p.peek(0).lower, ""
					columns[name] = &changed
				}
			} else if p.peek(1).is("set") && p.peek(2).is("data") && p.peek(3).is("type") && old != nil {
				changed := *old
				changed.kind, changed.size = p.peek(4).lower, ""
				columns[name] = &changed
			}
		case p.skip("change"):
			p.skip("column")
			delete(columns, p.peek(0).lower)
			p.at++
			if c := p.column(table); c != nil {
				columns[c.name] = c
			}
		}
		p.entryEnd()
		if !p.skip(",") {
			if p.peek(0).is(")") {
				p.at++
				continue
			}
			break
		}
	}
}

// textTypes hold text as it is.
var textTypes = []string{"text", "varchar", "char", "character", "nvarchar", "nchar", "string", "citext", "clob", "tinytext", "mediumtext", "longtext", "varchar2", "nvarchar2", "bpchar", "ntext"}

// hashLengths are the lengths of hashes in hexadecimal and of bcrypt; a column
// of exactly that length holds nothing else.
var hashLengths = []string{"32", "40", "56", "60", "64", "96", "97", "128"}

// keptWords say that a secret is not stored as it is.
var keptWords = []string{"hash", "digest", "encrypt", "cipher", "bcrypt", "argon", "scrypt", "sha256", "sha-256", "sha512", "hmac", "pbkdf", "sealed", "kms", "vault", "masked", "redact", "crypt", "aes", "last four", "prefix"}

// suspicious reports whether a column may hold a secret in the clear.
func (c *column) suspicious(credential func(string) bool) bool {
	if !slices.Contains(textTypes, c.kind) || !credential(c.name) || strings.Contains(c.name, "csrf") || strings.Contains(c.name, "xsrf") {
		return false
	}
	if slices.Contains(hashLengths, c.size) && strings.HasPrefix(c.kind, "char") || c.size == "60" || c.size == "64" {
		return false
	}
	return !slices.ContainsFunc(keptWords, func(w string) bool {
		return strings.Contains(c.name, w) || strings.Contains(c.table, w) || strings.Contains(c.comment, w)
	})
}

// prismaField is a field of a Prisma model with a text type.
var (
	prismaModel = regexp.MustCompile(`(?m)^[ \t]*model[ \t]+(\w+)[ \t]*\{`)
	prismaField = regexp.MustCompile(`^[ \t]*(\w+)[ \t]+String\b(\?)?([^\n]*)`)
)

// readPrisma adds the models of a Prisma schema.
func (s *schema) readPrisma(name, src string) {
	model, above := "", ""
	for i, line := range strings.Split(src, "\n") {
		if m := prismaModel.FindStringSubmatch(line); m != nil {
			model = strings.ToLower(m[1])
			s.columns[model] = map[string]*column{}
		}
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "}"):
			model = ""
		case strings.HasPrefix(trimmed, "//"):
			above = trimmed
			continue
		}
		if m := prismaField.FindStringSubmatchIndex(line); m != nil && model != "" {
			field := line[m[2]:m[3]]
			c := &column{table: model, name: field, kind: "text", comment: strings.ToLower(above + line[m[6]:m[7]]),
				at: rules.Location{Path: name, Line: i + 1, Column: m[2] + 1, EndLine: i + 1, EndColumn: m[3] + 1}}
			for _, length := range hashLengths {
				if strings.Contains(line, "@db.Char("+length+")") || strings.Contains(line, "@db.VarChar("+length+")") && (length == "60" || length == "64") {
					c.kind, c.size = "char", length
				}
			}
			s.columns[model][strings.ToLower(field)] = c
		}
		above = ""
	}
}

// findings lists the suspicious columns in order of their places.
func (s *schema) findings(credential func(string) bool) []rules.Finding {
	var found []*column
	for _, columns := range s.columns {
		for _, c := range columns {
			if c.suspicious(credential) {
				found = append(found, c)
			}
		}
	}
	slices.SortFunc(found, func(a, b *column) int {
		return cmp.Or(cmp.Compare(a.at.Path, b.at.Path), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Column, b.at.Column), cmp.Compare(a.table, b.table), cmp.Compare(a.name, b.name))
	})
	var out []rules.Finding
	for _, c := range found {
		out = append(out, finding(migrationsRule(), fmt.Sprintf("column %s of table %s holds text under the name of a secret, and nothing says that it is hashed or encrypted", quote(c.name), quote(c.table)), c.at, c.table, c.name))
	}
	return out
}

// migrations runs the verifier of database schemas.
func (r *repository) migrations() (g rules.Gathered) {
	if r.opts.Credential == nil {
		g.Skipped("the names of secrets are not known to this scan; run the whole scan", migrationsVerifier)
		return g
	}
	rd := r.reading()
	// Folders are separate databases, or ways to one of them in several dialects.
	byFolder := map[string]*schema{}
	var folders []string
	in := func(name string) *schema {
		folder := path.Dir(name)
		if byFolder[folder] == nil {
			byFolder[folder] = newSchema()
			folders = append(folders, folder)
		}
		return byFolder[folder]
	}
	type file struct {
		name string
		data []byte
	}
	var files []file
	rd.each(sqlFile, maxSQL, func(name string, data []byte) { files = append(files, file{name, data}) })
	slices.SortStableFunc(files, func(a, b file) int {
		return cmp.Or(cmp.Compare(path.Dir(a.name), path.Dir(b.name)), natural(path.Base(a.name), path.Base(b.name)))
	})
	for _, f := range files {
		in(f.name).read(f.name, string(f.data))
	}
	rd.each(func(name string) bool { return strings.HasSuffix(name, ".prisma") && shipped(name) }, maxSQL, func(name string, data []byte) {
		in(name).readPrisma(name, string(data))
	})
	seen := map[string]bool{}
	var guarded []rules.Location
	for _, folder := range folders {
		s := byFolder[folder]
		for _, f := range s.findings(r.opts.Credential) {
			// The same column in several dialects is one.
			if !seen[f.Message] {
				seen[f.Message] = true
				g.Findings = append(g.Findings, f)
			}
		}
		if len(s.rowSecurity) > 0 && len(s.policies) > 0 {
			guarded = append(guarded, s.rowSecurity...)
		}
	}
	if len(guarded) > 0 {
		g.Observations = append(g.Observations, rules.Observation{Verifier: migrationsVerifier, Control: "tenant-isolation", Letter: "M", At: r.opts.Now.UTC(), Link: printable(guarded[0].Path),
			Text: fmt.Sprintf("row-level security with policies is turned on for %d tables (%s:%d)", len(guarded), printable(guarded[0].Path), guarded[0].Line)})
	}
	rd.end(&g, migrationsVerifier)
	return g
}

// natural compares names of migrations as people number them: 2 before 10.
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if c := cmp.Compare(a[0], b[0]); c != 0 {
			return c
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

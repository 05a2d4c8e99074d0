// Package mkt203guards checks a part of what it uses, or less than it takes.
package mkt203guards

import (
	"database/sql"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

type app struct {
	db     *sql.DB
	base   string
	client *http.Client
	known  map[string]bool
}

// The kind is checked, the token is not.
func (a *app) bearer(w http.ResponseWriter, r *http.Request) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if kind != "Bearer" {
		return
	}
	a.db.QueryRow("SELECT id FROM sessions WHERE token='" + token + "'") // want `V MKT203/sql: `
	a.db.QueryRow("SELECT id FROM sessions WHERE kind='" + kind + "'")   // ok: it is one word
}

func (a *app) pair(w http.ResponseWriter, r *http.Request) {
	name, value, _ := strings.Cut(r.FormValue("filter"), "=")
	if name != "status" && name != "owner" {
		return
	}
	a.db.Query("SELECT * FROM jobs WHERE " + name + "='open'")    // ok: one of two columns
	a.db.Query("SELECT * FROM jobs WHERE status='" + value + "'") // want `V MKT203/sql: `
}

func (a *app) order(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.FormValue("sort"), ":")
	if len(parts) != 2 || parts[0] != "name" {
		return
	}
	a.db.Query("SELECT * FROM jobs ORDER BY name " + parts[1]) // want `V MKT203/sql: `
	a.db.Query("SELECT * FROM jobs ORDER BY " + parts[0])      // ok: the part that was compared
}

// Both sides come from the same form.
func (a *app) twice(w http.ResponseWriter, r *http.Request) {
	nick := r.FormValue("nick")
	if nick != r.FormValue("nick_again") {
		return
	}
	a.db.Exec("UPDATE users SET nick='" + nick + "'") // want `V MKT203/sql: `
}

var columns = []string{"name", "created", "owner"}

func (a *app) listed(w http.ResponseWriter, r *http.Request) {
	by := strings.ToLower(r.FormValue("by"))
	if !slices.Contains(columns, by) {
		by = "name"
	}
	a.db.Query("SELECT * FROM jobs ORDER BY " + by) // ok: one of the list
}

// Whoever registers a name finds it in the table.
func (a *app) register(w http.ResponseWriter, r *http.Request) {
	a.known[r.FormValue("table")] = true
}

func (a *app) registered(w http.ResponseWriter, r *http.Request) {
	table := r.FormValue("table")
	if !a.known[table] {
		return
	}
	a.db.Query("SELECT * FROM " + table) // want `V MKT203/sql: `
}

var (
	word     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)
	anywhere = regexp.MustCompile(`[a-z]+`)
	lines    = regexp.MustCompile(`(?m)^[a-z]+$`)
	anything = regexp.MustCompile(`^.+$`)
	fileName = regexp.MustCompile(`^[a-z0-9-]+\.pdf$`)
	nested   = regexp.MustCompile(`^[\w./-]+$`)
	notWord  = regexp.MustCompile(`[^a-zA-Z0-9_]+`)
	markup   = regexp.MustCompile(`--+`)
)

func (a *app) patterns(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if word.MatchString(name) {
		a.db.Query("SELECT * FROM " + name) // ok: a word and nothing else
	}
	if anywhere.MatchString(name) {
		a.db.Query("SELECT * FROM " + name) // want `V MKT203/sql: `
	}
	if lines.MatchString(name) {
		a.db.Query("SELECT * FROM " + name) // want `V MKT203/sql: `
	}
	if anything.MatchString(name) {
		a.db.Query("SELECT * FROM " + name) // want `V MKT203/sql: `
	}
	if ok, _ := regexp.MatchString(os.Getenv("NAMES"), name); ok {
		a.db.Query("SELECT * FROM " + name) // want `R MKT203/sql: `
	}
	a.db.Query("SELECT * FROM " + notWord.ReplaceAllString(name, "")) // ok: letters, digits and _ are left
	a.db.Query("SELECT * FROM " + markup.ReplaceAllString(name, ""))  // want `R MKT203/sql: `
	a.db.Query("SELECT '" + strings.ReplaceAll(name, "'", "") + "'")  // want `R MKT203/sql: `
}

func (a *app) files(w http.ResponseWriter, r *http.Request) {
	f := r.FormValue("f")
	if fileName.MatchString(f) {
		os.ReadFile(filepath.Join(a.base, f)) // ok: no separator
	}
	if nested.MatchString(f) {
		os.ReadFile(filepath.Join(a.base, f)) // want `V MKT203/path: `
	}
	if i := strings.LastIndex(f, "."); i >= 0 && f[i:] == ".txt" {
		os.ReadFile(filepath.Join(a.base, f)) // want `V MKT203/path: `
	}
	if !strings.Contains(f, "..") {
		os.ReadFile(filepath.Join(a.base, f)) // ok: it stays below
		os.ReadFile(f)                        // want `V MKT203/path: `
	}
	if !strings.Contains(f, `\`) {
		os.ReadFile(filepath.Join(a.base, f)) // want `V MKT203/path: `
	}
	os.ReadFile(filepath.Join(a.base, strings.ReplaceAll(f, "../", ""))) // want `R MKT203/path: `
	os.ReadFile(a.base + "/" + strings.Replace(f, "..", "", 1))          // want `R MKT203/path: `
	os.ReadFile(a.base + "/" + strings.ReplaceAll(f, "..", ""))          // ok: nothing leads up any more
}

func (a *app) inside(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(a.base, r.FormValue("f"))
	if strings.HasPrefix(path, a.base) {
		os.ReadFile(path) // want `R MKT203/path: `
	}
	if strings.HasPrefix(path, a.base+string(filepath.Separator)) {
		os.ReadFile(path) // ok: joined, and below the directory
	}
	raw := r.FormValue("raw")
	if strings.HasPrefix(raw, "/srv/files/") {
		os.ReadFile(raw) // want `V MKT203/path: `
	}
	if clean := filepath.Clean(raw); strings.HasPrefix(clean, "/srv/files/") {
		os.ReadFile(clean) // ok: cleaned first
	}
}

func (a *app) relative(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(a.base, r.FormValue("f"))
	if _, err := filepath.Rel(a.base, path); err != nil {
		return
	}
	os.ReadFile(path) // want `V MKT203/path: `
}

func (a *app) below(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(a.base, r.FormValue("f"))
	rel, err := filepath.Rel(a.base, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return
	}
	os.ReadFile(path) // ok: the way from the base does not lead up
}

func (a *app) local(w http.ResponseWriter, r *http.Request) {
	path := filepath.Join(a.base, r.FormValue("f"))
	if rel, err := filepath.Rel(a.base, path); err != nil || !filepath.IsLocal(rel) {
		return
	}
	os.ReadFile(path) // ok: the way from the base is local
}

// The check sees the escaped text.
func (a *app) decodedLate(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("f")
	if strings.Contains(raw, "..") {
		return
	}
	name, err := url.PathUnescape(raw)
	if err != nil {
		return
	}
	os.ReadFile(filepath.Join(a.base, name)) // want `V MKT203/path: `
	if strings.Contains(name, "..") {
		return
	}
	os.ReadFile(filepath.Join(a.base, name)) // ok: checked as it is used
}

func (a *app) packed(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("f")
	if !filepath.IsLocal(raw) {
		return
	}
	b, _ := base64.StdEncoding.DecodeString(raw)
	os.ReadFile(filepath.Join(a.base, string(b))) // want `V MKT203/path: `
}

func (a *app) fetch(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("u")
	u, err := url.Parse(raw)
	if err != nil {
		return
	}
	if u.Port() == "443" {
		http.Get(u.String()) // want `V MKT203/ssrf: `
	}
	if u.Path == "/hook" {
		http.Get(u.String()) // want `V MKT203/ssrf: `
	}
	if u.Query().Get("v") == "1" {
		http.Get(raw) // want `V MKT203/ssrf: `
	}
	if u.Scheme == "https" {
		http.Get(raw) // want `V MKT203/ssrf: `
	}
	if len(raw) > 8 && raw[:8] == "https://" {
		http.Get(raw) // want `V MKT203/ssrf: `
	}
	if scheme, _, ok := strings.Cut(raw, "://"); ok && scheme == "https" {
		http.Get(raw) // want `V MKT203/ssrf: `
	}
	if u.Hostname() == "hooks.partner.io" {
		http.Get(u.String()) // ok: the host is compared
		http.Get(raw)        // ok: the host is compared
	}
	if strings.HasSuffix(u.Hostname(), "partner.io") {
		http.Get(u.String()) // want `R MKT203/ssrf: `
	}
	if strings.HasSuffix(u.Hostname(), ".partner.io") {
		http.Get(u.String()) // ok: a host below the domain
	}
	if slices.Contains([]string{"https", "wss"}, strings.Split(raw, ":")[0]) {
		http.Get(raw) // want `R MKT203/ssrf: `
	}
}

func body(w http.ResponseWriter, r *http.Request) {
	note := r.FormValue("note")
	w.Header().Set("Content-Type", "text/html")
	if !strings.Contains(note, "<script") {
		io.WriteString(w, "<p>"+note) // want `V MKT203/xss: `
	}
	io.WriteString(w, "<p>"+strings.NewReplacer("<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace(note)) // ok: tags and quotes are escaped
}

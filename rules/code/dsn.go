package code

import (
	"net/url"
	"strings"
)

// A dsn is what a data source name says about host and transport. Parts that
// are only known at run time are holes and read as unknown.
type dsn struct {
	host     string            // lower case, no port; "" when not written down
	known    bool              // the host is written down in full
	unix     bool              // a socket
	settings map[string]string // parameters in lower case that are written down
}

// parsePostgres reads both forms of libpq: a URL and key=value pairs.
func parsePostgres(t text) (dsn, bool) {
	for _, scheme := range []string{"postgres://", "postgresql://", "cockroachdb://", "pgx://", "pgx5://", "pgx4://"} {
		if rest, ok := strings.CutPrefix(t.s, scheme); ok {
			return parseURLRest(rest), true
		}
	}
	if strings.Contains(t.s, "://") {
		return dsn{}, false
	}
	d := dsn{settings: map[string]string{}}
	pairs := keyValues(t.s)
	if len(pairs) == 0 {
		return dsn{}, false
	}
	for k, v := range pairs {
		d.settings[strings.ToLower(k)] = v
	}
	host, ok := d.settings["host"]
	if h, has := d.settings["hostaddr"]; has && h != "" {
		host, ok = h, true
	}
	switch {
	case strings.HasPrefix(host, "/"), strings.HasPrefix(host, "@"):
		d.unix = true
	case strings.Contains(host, hole):
	case ok && host != "":
		d.host, d.known = strings.ToLower(host), true
	case !ok && !strings.Contains(t.s, hole):
		d.unix = true // libpq's default is the local socket
	}
	return d, true
}

// keyValues splits "k=v k2='quoted value'". Holes are part of values.
func keyValues(s string) map[string]string {
	out := map[string]string{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		k, rest, ok := strings.Cut(s, "=")
		k = strings.TrimSpace(k)
		if !ok {
			break
		}
		// A hole or loose word before the key is not part of it.
		if i := strings.LastIndexAny(k, " \t\n"+hole); i >= 0 {
			k = k[i+1:]
		}
		rest = strings.TrimLeft(rest, " \t\n")
		var v string
		if strings.HasPrefix(rest, "'") {
			v, rest, _ = strings.Cut(rest[1:], "'")
		} else {
			i := strings.IndexAny(rest, " \t\n;")
			if i < 0 {
				i = len(rest)
			}
			v, rest = rest[:i], strings.TrimPrefix(rest[i:], ";")
		}
		if k != "" {
			out[k] = v
		}
		s = rest
	}
	return out
}

// parseURLRest reads what follows "scheme://": user, host, path and parameters.
func parseURLRest(rest string) dsn {
	d := dsn{settings: map[string]string{}}
	rest, query, hasQuery := strings.Cut(rest, "?")
	authority, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	// Several hosts: the first that leaves the machine stands for all.
	for h := range strings.SplitSeq(authority, ",") {
		host, _ := hostOnly(h)
		if host == "" || strings.Contains(host, hole) {
			continue
		}
		if !d.known || reachOf(d.host) == hostSafe {
			d.host, d.known = strings.ToLower(host), true
		}
	}
	if authority == "" {
		d.unix = true
	}
	if strings.Contains(d.host, "%2f") {
		d = dsn{unix: true, settings: d.settings}
	}
	if hasQuery {
		d.parameters(query)
	}
	if h := d.settings["host"]; strings.HasPrefix(h, "/") {
		d.unix = true
	}
	return d
}

func (d *dsn) parameters(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if u, err := url.QueryUnescape(v); err == nil {
			v = u
		}
		d.settings[strings.ToLower(k)] = v
	}
}

// parseMySQL reads go-sql-driver's "user:password@net(address)/db?params".
func parseMySQL(t text) (dsn, bool) {
	s := strings.TrimPrefix(t.s, "mysql://")
	slash := strings.LastIndexByte(s, '/')
	if slash < 0 {
		return dsn{}, false
	}
	d := dsn{settings: map[string]string{}}
	left, right := s[:slash], s[slash+1:]
	if q := strings.IndexByte(s, '?'); q >= 0 && q < slash {
		// The slash belongs to a parameter's value ("loc=Europe/Berlin").
		i := strings.LastIndexByte(s[:q], '/')
		if i < 0 {
			return dsn{}, false
		}
		left, right = s[:i], s[i+1:]
	}
	if _, query, ok := strings.Cut(right, "?"); ok {
		d.parameters(query)
	}
	if i := strings.LastIndexByte(left, '@'); i >= 0 {
		left = left[i+1:]
	}
	network, addr, ok := strings.Cut(left, "(")
	switch {
	case network == "unix":
		d.unix = true
	case ok:
		host, _ := hostOnly(strings.TrimSuffix(addr, ")"))
		if host != "" && !strings.Contains(host, hole) {
			d.host, d.known = strings.ToLower(host), true
		}
	case !strings.Contains(left, hole):
		// "tcp/db" and "/db" mean 127.0.0.1.
		d.host, d.known = "127.0.0.1", true
	}
	return d, true
}

// parseSQLServer reads the URL and the key=value;… form.
func parseSQLServer(t text) (dsn, bool) {
	if rest, ok := strings.CutPrefix(t.s, "sqlserver://"); ok {
		return parseURLRest(rest), true
	}
	if strings.Contains(t.s, "://") || !strings.Contains(t.s, "=") {
		return dsn{}, false
	}
	d := dsn{settings: map[string]string{}}
	for part := range strings.SplitSeq(t.s, ";") {
		k, v, _ := strings.Cut(part, "=")
		k = strings.ToLower(strings.TrimSpace(k))
		if i := strings.LastIndex(k, hole); i >= 0 {
			k = k[i+1:]
		}
		d.settings[k] = strings.TrimSpace(v)
	}
	host := d.settings["server"]
	if host != "" && !strings.Contains(host, hole) {
		host, _, _ = strings.Cut(host, `\`)
		host, _, _ = strings.Cut(host, ",")
		if host == "." || host == "(local)" {
			host = "localhost"
		}
		d.host, d.known = strings.ToLower(host), true
	}
	return d, true
}

// safe reports whether the data store is on this machine.
func (d dsn) safe() bool { return d.unix || d.known && reachOf(d.host) == hostSafe }

package secrets

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A urlHit is a secret that travels in a URL, or a password written into one.
type urlHit struct {
	rule       string // of the descriptions in secrets_rules.go
	at         int
	value, end int    // the secret; equal when none is written down
	what       string // what the message calls it
}

// findInURLs looks for secrets in URLs and connection strings.
func findInURLs(name string, text []byte) []urlHit {
	hits := userinfo(name, text)
	if !strings.HasSuffix(name, ".go") {
		// What Go code puts into a query is MKT403's to judge.
		hits = append(hits, queries(name, text)...)
	}
	return append(hits, proxyArguments(name, text)...)
}

// urlEnd are the bytes that end a URL in any kind of file.
const urlEnd = " \t\r\n\"'`<>\\|[]"

// maxURL is how much of a URL is read.
const maxURL = 2048

// userinfo finds scheme://user:password@host.
func userinfo(name string, text []byte) []urlHit {
	var hits []urlHit
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("://"))
		if i < 0 {
			return hits
		}
		i += from
		from = i + 3
		begin := i
		for begin > 0 && (wordByte(text[begin-1]) || strings.IndexByte("+-.", text[begin-1]) >= 0) && i-begin < 20 {
			begin--
		}
		scheme := strings.ToLower(strings.TrimLeft(string(text[begin:i]), "+-._0123456789"))
		rest := text[from:min(len(text), from+maxURL)]
		if e := bytes.IndexAny(rest, urlEnd+"/?#,;"); e >= 0 {
			rest = rest[:e]
		}
		at := bytes.LastIndexByte(rest, '@')
		colon := bytes.IndexByte(rest, ':')
		if scheme == "" || at < 0 || colon < 0 || colon > at {
			continue
		}
		user, password, host := string(rest[:colon]), string(rest[colon+1:at]), string(rest[at+1:])
		h := urlHit{at: begin, value: from + colon + 1, end: from + at, what: "the password of a " + word(scheme) + " URL"}
		if !writtenPassword(user, password) || host == "" || !letterOrDigit(host[0]) {
			continue
		}
		near := local(host)
		weak := weakValue(password) || strings.EqualFold(user, password)
		switch {
		case near && weak, reserved(host) || weak && manual(name):
			continue
		case near || weak || exercise.MatchString(name) || manual(name):
			h.rule = ruleConnectionReview
		default:
			h.rule = ruleConnection
		}
		if scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss" || scheme == "ftp" {
			h.rule = map[string]string{ruleConnection: ruleUserinfo, ruleConnectionReview: ruleUserinfoReview}[h.rule]
		}
		hits = append(hits, h)
	}
}

// word returns a scheme that can be shown: it may be up to a dozen letters of
// the file.
func word(scheme string) string {
	known := []string{"http", "https", "ws", "wss", "ftp", "ftps", "sftp", "ssh", "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb+srv", "redis", "rediss",
		"amqp", "amqps", "ldap", "ldaps", "smtp", "smtps", "imap", "nats", "kafka", "mssql", "sqlserver", "clickhouse", "cassandra", "mqtt", "mqtts", "jdbc", "git", "socks5", "cockroachdb", "oracle"}
	if slices.Contains(known, scheme) {
		return scheme
	}
	return "connection"
}

func letterOrDigit(c byte) bool { return wordByte(c) && c != '_' }

// writtenPassword reports whether the part behind the colon is a password and
// no variable, placeholder or port.
func writtenPassword(user, password string) bool {
	if len(password) < 3 || strings.ContainsAny(user+password, "${}<>%()") && !percentEncoded(password) || strings.Contains(user, "$") {
		return false
	}
	return !placeholder([]byte(password)) || weakValue(password)
}

// percentEncoded reports whether every % of a text begins an encoded byte and
// nothing else in it marks a variable.
func percentEncoded(s string) bool {
	if strings.ContainsAny(s, "${}<>()") {
		return false
	}
	for i := range len(s) {
		if s[i] == '%' && (i+2 >= len(s) || !hexDigit(s[i+1]) || !hexDigit(s[i+2])) {
			return false
		}
	}
	return true
}

// local reports whether a host is this machine or a name that only a private
// network knows: a service of a compose file.
func local(host string) bool {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	if !strings.Contains(host, ".") {
		return true
	}
	return strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "0.0.0.0") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".localhost") ||
		strings.HasPrefix(host, "10.") || strings.HasPrefix(host, "192.168.") || strings.HasSuffix(host, ".internal")
}

// reserved reports whether a host is one that stands in examples (RFC 2606, RFC
// 5737).
func reserved(host string) bool {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	for _, end := range []string{"example.com", "example.org", "example.net", ".example", ".test", ".invalid", "host.com", "yourdomain.com", "domain.com", "host.tld"} {
		if host == strings.TrimPrefix(end, ".") || strings.HasSuffix(host, "."+strings.TrimPrefix(end, ".")) {
			return true
		}
	}
	return strings.HasPrefix(host, "192.0.2.") || strings.HasPrefix(host, "198.51.100.") || strings.HasPrefix(host, "203.0.113.")
}

// manual reports whether a file is text for people.
func manual(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".rst", ".adoc", ".txt":
		return true
	}
	return false
}

// queryNames are parameters that carry a secret, whatever the server.
var queryNames = []string{"apikey", "accesstoken", "authtoken", "clientsecret", "password", "passwd", "secret", "secretkey", "privatekey", "accesskey", "sessiontoken", "refreshtoken", "idtoken", "bearertoken"}

// queries finds ?api_key=… and the like.
func queries(name string, text []byte) []urlHit {
	var hits []urlHit
	for i := range text {
		if text[i] != '?' && text[i] != '&' {
			continue
		}
		j := i + 1
		if bytes.HasPrefix(text[j:], []byte("amp;")) {
			j += len("amp;")
		}
		begin := j
		for j < len(text) && j-begin < 32 && nameByte(text[j]) {
			j++
		}
		if j == begin || j+1 >= len(text) || text[j] != '=' {
			continue
		}
		key := string(text[begin:j])
		flat := strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(key))
		strong := slices.Contains(queryNames, flat)
		if !strong && flat != "token" && flat != "key" || !inURL(text, i) {
			continue
		}
		value := j + 1
		end := value
		for end < len(text) && end-value < maxURL && text[end] != '&' && text[end] != '#' && strings.IndexByte(urlEnd+",;)", text[end]) < 0 {
			end++
		}
		v := text[value:end]
		h := urlHit{at: i, value: value, end: end, what: "query parameter " + flatName(flat)}
		switch {
		case len(v) >= 12 && !placeholder(v) && entropy(string(v)) > 3 && hasDigit(v) && !bytes.ContainsAny(v, "${}()"):
			h.rule = ruleQueryLiteral
			if flat == "key" || flat == "token" || exercise.MatchString(name) || manual(name) {
				h.rule = ruleQueryReview
			}
		case strong && flat != "secret" && !manual(name) && !exercise.MatchString(name) && reference(text, value):
			h.rule, h.end = ruleQueryReview, value
		default:
			continue
		}
		hits = append(hits, h)
	}
	return hits
}

// flatName writes a known parameter the way people do.
func flatName(flat string) string {
	if rest, ok := strings.CutSuffix(flat, "token"); ok && rest != "" {
		return rest + "_token"
	}
	if rest, ok := strings.CutSuffix(flat, "key"); ok && rest != "" {
		return rest + "_key"
	}
	if flat == "clientsecret" {
		return "client_secret"
	}
	return flat
}

func hasDigit(b []byte) bool { return bytes.ContainsAny(b, "0123456789") }

// reference reports whether a value is put together when the program runs:
// ${key}, {key}, " + key, $key.
func reference(text []byte, at int) bool {
	rest := text[at:min(len(text), at+64)]
	if len(rest) < 2 {
		return false
	}
	switch {
	case rest[0] == '$' && (rest[1] == '{' || wordByte(rest[1])), rest[0] == '{' && (wordByte(rest[1]) || rest[1] == '{'), rest[0] == '%' && rest[1] == 's':
		return true
	case rest[0] == '"' || rest[0] == '\'':
		tail := bytes.TrimLeft(rest[1:], " \t")
		return len(tail) > 0 && (tail[0] == '+' || tail[0] == '.')
	}
	return false
}

// inURL reports whether the ? or & at a place belongs to a URL: an address or a
// path stands before it in the same word, and for & a ? as well.
func inURL(text []byte, at int) bool {
	begin := at
	for begin > 0 && at-begin < maxURL && strings.IndexByte(urlEnd, text[begin-1]) < 0 {
		begin--
	}
	before := text[begin:at]
	return (text[at] == '?' || bytes.IndexByte(before, '?') >= 0) && bytes.IndexByte(before, '/') >= 0
}

// arguments finds nginx's variables for query parameters.
var arguments = regexp.MustCompile(`\$arg_((?i:api_?key|access_?token|auth_?token|token|jwt|secret|client_?secret|password|passwd|signature_?key))\b`)

// proxyFile recognises configuration of nginx, and what it is generated from.
var proxyFile = regexp.MustCompile(`(?i)\.(?:conf|nginx|vhost|tmpl|template|tpl|j2|ya?ml|lua)$|(?:^|/)(?:nginx|sites-(?:available|enabled))[^/]*(?:/|$)`)

// proxyArguments finds secrets that a proxy takes from the query of a URL.
func proxyArguments(name string, text []byte) []urlHit {
	if !bytes.Contains(text, []byte("$arg_")) || !proxyFile.MatchString(name) {
		return nil
	}
	var hits []urlHit
	for _, m := range arguments.FindAllSubmatchIndex(text, -1) {
		hits = append(hits, urlHit{rule: ruleProxyArgument, at: m[0], value: m[1], end: m[1],
			what: "$arg_" + strings.ToLower(string(text[m[2]:m[3]]))})
	}
	return hits
}

package secrets

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A defaultHit is a secret-named key with a value in a file that is committed.
type defaultHit struct {
	rule       string
	value, end int
	key        string
}

// weakValues are what people write until they think of something better.
var weakValues = []string{"changeme", "change_me", "change-me", "changethis", "changeit", "secret", "secretkey", "secret-key", "supersecret", "mysecret", "password", "passwd", "pass",
	"p@ssw0rd", "passw0rd", "password1", "password123", "admin", "admin123", "administrator", "root", "toor", "test", "test123", "testing", "default", "example", "letmein", "qwerty",
	"123456", "12345678", "123456789", "1234567890", "1234", "guest", "user", "postgres", "mysql", "mariadb", "mongo", "redis", "rabbitmq", "minio", "minioadmin", "minio123", "insecure", "dev", "development", "foobar", "abc123", "token", "apikey", "api-key", "dummy"}

func weakValue(s string) bool { return slices.Contains(weakValues, strings.ToLower(s)) }

var (
	// environmentFile recognises files of environment variables: .env,
	// .env.production, prod.env.
	environmentFile = regexp.MustCompile(`(?i)(?:^|/)(?:\.env(?:\.[\w.-]+|rc)?|[\w-]+\.env)$`)
	// sampleFile recognises those that show what to set.
	sampleFile = regexp.MustCompile(`(?i)[._-](?:example|sample|template|tmpl|dist|tpl|defaults?|schema|skel|demo|docs?)(?:\.|$)|(?:^|/)(?:example|sample|template|demo)[._-]`)
	// trialFile recognises those that never reach production.
	trialFile = regexp.MustCompile(`(?i)[._-](?:test|testing|dev|development|local|ci|e2e)(?:\.|$)|(?:^|/)(?:test|testing|dev|development|local|ci)\.env$`)
	// wording recognises translations: what a field is called, not what is in it.
	wording = regexp.MustCompile(`(?i)(?:^|/)(?:locales?|i18n|l10n|translations?|lang|langs|languages?|messages)(?:/|[._-])`)
	// assignedLine is KEY=value, export KEY=value, key: value, "key": "value".
	assignedLine = regexp.MustCompile(`^[ \t]*(?:- )?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+)?["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*[=:][ \t]*(.*?)[ \t\r]*$`)
)

// settingsFile reports whether a file holds settings as keys and values.
func settingsFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".properties", ".ini", ".toml", ".json", ".conf", ".cfg", ".tfvars":
		return true
	}
	return false
}

// findDefaults looks for secrets that a repository sets: any value of a
// secret-named key in a committed environment file, and values that are made to
// be replaced in other settings.
func findDefaults(name string, text []byte) []defaultHit {
	environment := environmentFile.MatchString(name)
	if sampleFile.MatchString(name) || exercise.MatchString(name) || strings.HasPrefix(name, ".github/") || strings.Contains(name, "/.github/") || wording.MatchString(name) ||
		!environment && !settingsFile(name) {
		return nil
	}
	var hits []defaultHit
	for at := 0; at < len(text); {
		line := text[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		start := at
		at += len(line) + 1
		if len(line) > longLine {
			continue
		}
		m := assignedLine.FindSubmatchIndex(line)
		if m == nil || m[4] == m[5] {
			continue
		}
		key := string(line[m[2]:m[3]])
		if !namesSecret(key) {
			continue
		}
		from, to := unquoted(line, m[4], m[5])
		h := defaultHit{value: start + from, end: start + to, key: key}
		switch value := string(line[from:to]); {
		case environment && written(value):
			h.rule = ruleEnvironment
			if trialFile.MatchString(name) {
				h.rule = ruleDefault
			}
		case !environment && weakValue(value):
			h.rule = ruleDefault
		default:
			continue
		}
		hits = append(hits, h)
	}
	return hits
}

// unquoted narrows a value to what stands inside its quotes, or before a comma
// or comment behind it.
func unquoted(line []byte, from, to int) (int, int) {
	if q := line[from]; q == '"' || q == '\'' {
		if i := bytes.IndexByte(line[from+1:to], q); i >= 0 {
			return from + 1, from + 1 + i
		}
	}
	if i := bytes.Index(line[from:to], []byte(" #")); i >= 0 {
		to = from + len(bytes.TrimRight(line[from:from+i], " \t"))
	}
	for to > from && (line[to-1] == ',' || line[to-1] == ' ') {
		to--
	}
	return from, to
}

// written reports whether the value of an environment file is one that works:
// neither empty, nor a reference, nor a text that asks for one, nor encrypted.
func written(value string) bool {
	small := strings.ToLower(value)
	switch {
	case weakValue(value):
		return true
	case len(value) < 4, slices.Contains([]string{"true", "false", "null", "none", "undefined"}, small):
		return false
	case strings.HasPrefix(value, "$"), strings.HasPrefix(value, "#"), strings.HasPrefix(value, "op://"), strings.HasPrefix(small, "vault:"), strings.HasPrefix(small, "encrypted:"),
		strings.HasPrefix(value, "ENC["), strings.HasPrefix(small, "arn:"), strings.HasPrefix(value, "/"), strings.HasPrefix(value, "./"):
		return false
	case strings.HasPrefix(small, "http://"), strings.HasPrefix(small, "https://"):
		return false
	}
	return !placeholder([]byte(value)) && !strings.HasPrefix(small, "your") && !strings.Contains(small, "todo") && !strings.Contains(small, "set-me") && !strings.Contains(small, "set_me")
}

package probe

import (
	"math"
	"strings"
)

// hstsYear is the least max-age in seconds that counts as a year.
const hstsYear = 31536000

// An HSTS is a Strict-Transport-Security field as browsers read it (RFC 6797
// §6.1 and §8.1).
type HSTS struct {
	MaxAge     int64 // seconds
	SubDomains bool
	Problem    string // why the field has no effect; MaxAge is 0 then
}

// ParseHSTS reads the fields of one response. Only the first counts (§8.1). A
// directive that appears twice, a max-age that is missing or not a number makes
// the field void; unknown directives are ignored.
func ParseHSTS(fields []string) HSTS {
	if len(fields) == 0 {
		return HSTS{Problem: "it is missing"}
	}
	seen := map[string]bool{}
	h := HSTS{MaxAge: -1}
	parts, ok := splitQuoted(fields[0], ';')
	if !ok {
		return HSTS{Problem: "a quotation is not closed"}
	}
	for _, part := range parts {
		name, value, valued := strings.Cut(strings.Trim(part, " \t"), "=")
		name, value = strings.ToLower(strings.Trim(name, " \t")), strings.Trim(value, " \t")
		if name == "" && !valued {
			continue // empty directives are allowed
		}
		if !isToken(name) {
			return HSTS{Problem: "it cannot be read"}
		}
		if seen[name] {
			return HSTS{Problem: name + " appears twice"}
		}
		seen[name] = true
		switch name {
		case "max-age":
			seconds, ok := deltaSeconds(value)
			if !valued || !ok {
				return HSTS{Problem: "max-age is not a number"}
			}
			h.MaxAge = seconds
		case "includesubdomains":
			h.SubDomains = true
		}
	}
	if h.MaxAge < 0 {
		return HSTS{Problem: "max-age is missing"}
	}
	return h
}

// deltaSeconds reads digits, quoted or not. What does not fit counts as very
// long.
func deltaSeconds(value string) (int64, bool) {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	if value == "" {
		return 0, false
	}
	var n int64
	for i := range len(value) {
		c := value[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		if n > (math.MaxInt32-9)/10 {
			n = math.MaxInt32
			continue
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// splitQuoted splits at a separator outside quoted strings; ok is false when a
// quotation is not closed.
func splitQuoted(s string, sep byte) (parts []string, ok bool) {
	from, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			parts = append(parts, s[from:i])
			from = i + 1
		}
	}
	return append(parts, s[min(from, len(s)):]), !quoted
}

// isToken reports whether s is a token of RFC 9110 §5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

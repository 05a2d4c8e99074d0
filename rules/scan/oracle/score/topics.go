package main

import (
	"slices"
	"strings"
)

// A topic groups the rules that speak of one kind of flaw, under the name the
// manifest uses.
type topic struct {
	name string
	// rules are families ("G402") or single variants ("G708/execute").
	rules []string
	// outside says why no control asks for it; empty for the topics that count.
	outside string
}

// topics lists every topic of the manifest.
func topics() []topic {
	return []topic{
		{name: "sql-injection", rules: []string{"G201", "G202", "G701", "MKT201", "MKT202", "MKT203/sql"}},
		{name: "xss", rules: []string{"G203", "G705", "G708", "MKT207", "MKT208", "MKT203/xss"}},
		{name: "ssrf", rules: []string{"G107", "G704", "MKT508", "MKT203/ssrf"}},
		{name: "open-redirect", rules: []string{"G710", "MKT504", "MKT203/redirect"}},
		{name: "path-traversal", rules: []string{"G111", "G125", "G304", "G305", "G703", "MKT203/path", "MKT203/archive", "MKT203/symlink"}},
		{name: "command-injection", rules: []string{"G204", "G702", "MKT203/command", "MKT203/argument"}},
		{name: "code-injection", rules: []string{"G204", "G702", "G708", "MKT203/command", "MKT203/argument", "MKT203/template"}},
		{name: "log-injection", rules: []string{"G706", "MKT707", "MKT203/log"}},
		{name: "cookie-flags", rules: []string{"G124", "MKT505", "MKT309"}},
		{name: "cors", rules: []string{"MKT503"}},
		{name: "csrf", rules: []string{"G121", "MKT304", "MKT501", "MKT502"}},
		{name: "tls-config", rules: []string{"G123", "G402", "MKT104"}},
		{name: "ssh-hostkey", rules: []string{"G106"}},
		{name: "plaintext-transport", rules: []string{"MKT101", "MKT102", "MKT103"}},
		{name: "weak-crypto", rules: []string{"G401", "G403", "G405", "G406", "G407", "G501", "G502", "G503", "G505", "G506", "G507", "MKT601", "MKT602"}},
		{name: "weak-rand", rules: []string{"G404", "MKT603"}},
		{name: "password-hashing", rules: []string{"G401", "G501", "G505", "MKT601"}},
		{name: "hardcoded-secrets", rules: []string{"G101", "MKT309", "MKT405", "MKT408", "MKT605"}},
		{name: "secrets-in-logs", rules: []string{"MKT401", "MKT402"}},
		{name: "error-leak", rules: []string{"MKT701", "MKT703"}},
		{name: "info-exposure", rules: []string{"G102", "MKT404", "MKT702"}},
		{name: "debug-exposure", rules: []string{"G108", "MKT702"}},
		{name: "jwt", rules: []string{"G408", "MKT303"}},
		{name: "access-control", rules: []string{"MKT301", "MKT302", "MKT308", "MKT704"}},
		{name: "mass-assignment", rules: []string{"MKT209"}},
		{name: "security-headers", rules: []string{"MKT105", "MKT106"}},
		{name: "dos", rules: []string{"G110", "G112", "G114", "G120", "MKT203/deserialisation", "MKT210"}},
		{name: "file-permissions", rules: []string{"G301", "G302", "G303", "G306", "G307"}},
		{name: "email-injection", rules: []string{"G707", "MKT203/smtp"}},
		{name: "rate-limit", outside: "no control asks how often one may log in"},
		{name: "xxe", outside: "the standard library reads no external entities"},
		{name: "unsafe", rules: []string{"G103"}, outside: "use of unsafe is no flaw"},
		{name: "other", outside: "belongs to no control"},
	}
}

// family is a rule's id without its variant.
func family(rule string) string {
	first, _, _ := strings.Cut(rule, "/")
	return first
}

// covers reports whether a rule speaks of the topic.
func (t *topic) covers(rule string) bool {
	for _, r := range t.rules {
		if r == rule || r == family(rule) {
			return true
		}
	}
	return false
}

// elsewhere reports whether a row is about another side of its topic than a
// rule. The sides are the attributes of a cookie: the CWE of a row names one, a
// variant of ours speaks of one, and a cookie that is safe from scripts may well
// lack Secure. A finding of another side says nothing about a row.
func (r row) elsewhere(rule string) bool {
	if r.Topic != "cookie-flags" {
		return false
	}
	sides := map[string]int{"MKT505/http-only": 1004, "MKT505/secure": 614, "MKT505/same-site": 1275}
	side, one := sides[rule]
	if !one || slices.Contains(r.CWE, side) {
		return false
	}
	for _, other := range sides {
		if slices.Contains(r.CWE, other) {
			return true
		}
	}
	return false
}

// topicNamed finds a topic of the manifest; one nobody has judged is outside.
func topicNamed(name string) topic {
	for _, t := range topics() {
		if t.name == name {
			return t
		}
	}
	return topic{name: name, outside: "not assigned to rules yet"}
}

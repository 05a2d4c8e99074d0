package probe

import (
	"regexp"
	"strings"
)

// A leak is a mark that an error answer gives away how the app is built.
type leak struct {
	kind   string
	review bool // a version alone; no inside of the app
	shape  *regexp.Regexp
}

// leaks are the marks, by what people call them. The text around a mark is never
// kept.
var leaks = []leak{
	{"a Go stack trace", false, regexp.MustCompile(`goroutine \d+ \[[a-z ]+(?:, \d+ minutes)?\]:|\bruntime error: |\S+\.go:\d+ \+0x[0-9a-f]+`)},
	{"a Java stack trace", false, regexp.MustCompile(`\bat [\w.$]+\.[\w$<>]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)|\bjava\.lang\.\w+(?:Exception|Error)\b`)},
	{"a Python stack trace", false, regexp.MustCompile(`Traceback \(most recent call last\)|File (?:"|&quot;|&#34;)[^"&\n]{1,300}\.py(?:"|&quot;|&#34;), line \d+`)},
	{"a JavaScript stack trace", false, regexp.MustCompile(`\bat (?:[\w.$<>\[\] ]{1,100} \()?(?:file://)?(?:/|[A-Z]:\\|node:)[^\s()<>]{1,300}\.[cm]?[jt]sx?:\d+:\d+\)?|\bat [\w.$<>]{1,100} \(node:internal/`)},
	{"a Ruby stack trace", false, regexp.MustCompile(`[\w/.-]+\.rb:\d+:in (?:` + "`" + `|'|&#39;|&#x27;)|Action Controller: Exception caught`)},
	{"a PHP error", false, regexp.MustCompile(`(?:Fatal error|Parse error|Warning|Notice|Deprecated)(?:</b>)?: .{1,500} in (?:<b>)?/\S+\.php(?:</b>)? on line|Stack trace:\s*(?:<br />)?\s*#0 `)},
	{"a .NET stack trace", false, regexp.MustCompile(`\bat [\w.` + "`" + `]+\([^)]{0,200}\) in [A-Za-z]:\\[^:]{1,300}\.(?:cs|vb):line \d+|Server Error in '[^']{0,100}' Application|\bSystem\.\w+(?:\.\w+)*Exception: `)},
	{"a debug page", false, regexp.MustCompile(`DEBUG\s*=\s*True|Werkzeug Debugger|Whoops, looks like something went wrong|class="sf-dump|Ignition\\?/Exceptions|Better Errors`)},
	{"a database error", false, regexp.MustCompile(`SQLSTATE\[?\w{5}|\bORA-\d{5}\b|You have an error in your SQL syntax|\bpq: |\bERROR: .{1,200} \(SQLSTATE \w{5}\)|syntax error at or near "|sqlite3\.\w*Error|SQLITE_[A-Z]+\b|\bUnclosed quotation mark after|\bsql: no rows in result set|MongoServerError|\bmysql_\w+\(\)`)},
	{"a path of the server", false, regexp.MustCompile(`(?:/home/[\w.-]+|/var/www|/usr/src/app|/usr/local/(?:app|lib|go)|/opt/[\w.-]+|/srv/[\w.-]+|/root|/Users/[\w.-]+|[A-Z]:\\(?:inetpub|Users|Windows)\\)[\w./\\@-]{0,300}\.(?:go|py|rb|js|ts|php|java|cs|jar|sql|db|ya?ml|env|conf)\b`)},
	{"the version of a server or framework", true, regexp.MustCompile(`\b(?:nginx|Apache|openresty|Microsoft-IIS|Apache Tomcat|Tomcat|Jetty|Werkzeug|gunicorn|PHP|Express|Django|Laravel|Rails|Spring Boot|ASP\.NET(?: Version)?|Phusion Passenger|lighttpd|Caddy|WildFly|WebLogic)[/ :(v]{1,2}\d+\.\d+`)},
}

// findLeaks returns the kinds of marks in the body of an error answer.
func findLeaks(body string) []string {
	var found []string
	for _, l := range leaks {
		if l.shape.MatchString(body) {
			found = append(found, l.kind)
		}
	}
	return found
}

// onlyVersion reports whether a kind gives away nothing but a version.
func onlyVersion(kind string) bool {
	for _, l := range leaks {
		if l.kind == kind {
			return l.review
		}
	}
	return false
}

// readable reports whether a body is text by its type or by its look.
func readable(contentType string, body []byte) bool {
	low := strings.ToLower(contentType)
	for _, binary := range []string{"image/", "font/", "audio/", "video/", "application/zip", "application/octet-stream"} {
		if strings.HasPrefix(low, binary) {
			return false
		}
	}
	return len(body) > 0
}

package evidence

import (
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/staylisted/staylisted/rules"
)

// A Duration is a length of time as people write it. A year counts 365 days
// and a month 30, except that twelve months are a year.
type Duration struct {
	Text   string // as written: "P90D", "90d", "24h"
	Length time.Duration
}

const day = 24 * time.Hour

// maxDuration keeps arithmetic on durations safe and catches slips of the pen.
const maxDuration = 100 * 365 * day

var (
	shortDuration = regexp.MustCompile(`^([0-9]{1,5})([dhm])$`)
	isoDuration   = regexp.MustCompile(`^P(?:([0-9]{1,5})W|(?:([0-9]{1,5})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})S)?)?)$`)
)

// parseDuration reads "90d", "24h", "30m" and ISO 8601 durations without
// fractions up to a hundred years.
func parseDuration(s string) (Duration, bool) {
	var seconds int64
	if m := shortDuration.FindStringSubmatch(s); m != nil {
		seconds = number(m[1]) * map[string]int64{"d": 86400, "h": 3600, "m": 60}[m[2]]
	} else if m := isoDuration.FindStringSubmatch(s); m != nil && s != "P" && !strings.HasSuffix(s, "T") {
		months := 12*number(m[2]) + number(m[3])
		days := 7*number(m[1]) + months/12*365 + months%12*30 + number(m[4])
		seconds = days*86400 + number(m[5])*3600 + number(m[6])*60 + number(m[7])
	} else {
		return Duration{}, false
	}
	if seconds > int64(maxDuration/time.Second) {
		return Duration{}, false
	}
	return Duration{Text: s, Length: time.Duration(seconds) * time.Second}, true
}

// number reads up to five digits; the empty string is 0.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // the callers' patterns leave nothing but digits
	return n
}

// parseDate reads a day that exists, of this century.
func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil && t.Year() >= 2000 && t.Year() < 2100
}

// parseInstant reads a point in time with its zone and returns it in UTC.
func parseInstant(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err == nil && t.Year() >= 2000 && t.Year() < 2100
}

var (
	wordShape        = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/+ -]*$`)
	cipherShape      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/+, -]*$`)
	scopeShape       = regexp.MustCompile(`^[!#-\[\]-~]+$`) // RFC 6749 scope-token
	secretNameShape  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./:-]*$`)
	handleShape      = regexp.MustCompile(`^@[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,99})?$`)
	mailboxShape     = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*$`)
	labelShape       = regexp.MustCompile(`^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$`)
	marketplaceShape = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	requirementShape = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+$`)
	ruleShape        = regexp.MustCompile(`^[A-Z]+[0-9]+(?:/[a-z0-9-]+)?$`)
	// toolRuleShape is a rule of another tool, whose report was imported, or of a
	// verifier that has no number: "codeql:js/xss", "probe:hsts".
	toolRuleShape    = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,29}:[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$`)
	advisoryShape    = regexp.MustCompile(`^(?:GHSA(?:-[0-9a-z]{4}){3}|[A-Z][A-Z0-9]*-[0-9]{4}-[0-9]+)$`)
	fingerprintShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
	licenceShape     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*\+?$`)
	componentShape   = regexp.MustCompile(`^[A-Za-z][A-Za-z.]*:[^\s:][^\s]*$`)
	expressionShape  = regexp.MustCompile(`^(?:[A-Za-z0-9.+:-]+|[()]|\s)+$`)
	goNameShape      = regexp.MustCompile(`^(?:[A-Za-z0-9][A-Za-z0-9._~-]*/)*[A-Za-z0-9][A-Za-z0-9_~-]*(?:\.v[0-9]+)?\.(?:\(\*[\pL_][\pL\pN_]*\)|[\pL_][\pL\pN_]*)(?:\.[\pL_][\pL\pN_]*)?$`)
	routeShape       = regexp.MustCompile(`^(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) )?(/[^ ?#\\]*)$`)
	placeholderShape = regexp.MustCompile(`(?i)\b(?:todo|tbd|fixme|lorem|xxx)\b|<[a-z _-]+>`)
	// unfilled is a value that is a placeholder and nothing else, as the snippets
	// of shortfalls have them: copied as it is, it must not read as an answer.
	unfilled    = regexp.MustCompile(`^\s*<[A-Za-z0-9 ,._/@-]+>\s*$`)
	drivePrefix = regexp.MustCompile(`^[A-Za-z]:`)
)

// validEmail accepts a plain address without display name or quoting.
func validEmail(s string) bool {
	box, host, ok := strings.Cut(s, "@")
	return ok && len(s) <= 254 && mailboxShape.MatchString(box) && validHost(host)
}

// validHost accepts a DNS name of at least two labels, in any case.
func validHost(s string) bool {
	s = strings.ToLower(s)
	if len(s) > 253 || !strings.Contains(s, ".") {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if !labelShape.MatchString(label) {
			return false
		}
		last = label
	}
	return strings.ContainsFunc(last, unicode.IsLetter) // else it is an address
}

// pathProblem says what keeps a path from naming something in the repository,
// and what to write; both empty when nothing does. A trailing slash is for a
// folder and allowed on request.
func pathProblem(p string, folders bool) (message, advice string) {
	const relative = "write it relative to the root of the repository, as in docs/architecture.md"
	switch {
	case p == "":
		return "is empty", relative
	case strings.HasPrefix(p, "/"), strings.HasPrefix(p, "~"), drivePrefix.MatchString(p):
		return "is an absolute path", relative
	case strings.Contains(p, `\`):
		return "has a backslash", "separate folders with /"
	case strings.ContainsAny(p, "*?["):
		return "has a wildcard", "name one file, or one folder where folders are allowed"
	}
	clean := path.Clean(p)
	switch {
	case clean == ".." || strings.HasPrefix(clean, "../"):
		return "leads out of the repository", relative
	case clean == ".":
		return "names the whole repository", "name a file, or a folder below the root"
	case strings.HasSuffix(p, "/") && !folders:
		return "names a folder", "name the file in it"
	case strings.TrimSuffix(p, "/") != clean:
		return `has empty, "." or ".." parts`, "write the shortest form, as in docs/architecture.md"
	}
	return "", ""
}

// urlProblem says what is wrong with an https address and what to write; both
// empty when nothing is. endpoint asks for one that can be probed.
func urlProblem(s string, endpoint bool) (message, advice string) {
	const full = "write a full address, as in https://app.example.com/"
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Scheme == "", u.Opaque != "", u.Host == "":
		return "is not a web address", full
	case u.Scheme == "http" && endpoint:
		return "is not encrypted", "write the https:// address; the step from http to https is tested by itself"
	case u.Scheme == "http":
		return "is not encrypted", "write the https:// address"
	case u.Scheme != "https":
		return "is not a web address", full
	case u.User != nil:
		return "carries a user name or a password", "take it out, and replace that password: it has been in the repository"
	}
	host := u.Hostname()
	if addr, err := netip.ParseAddr(host); err == nil {
		addr = addr.Unmap()
		if !addr.IsGlobalUnicast() || addr.IsPrivate() {
			return "is not on the public internet", "name the public address"
		}
	} else if !validHost(host) {
		return "has no public host name", full
	}
	if !endpoint {
		return "", ""
	}
	switch {
	case u.Port() != "" && u.Port() != "443":
		return "has a port that is not probed", "use port 443 and leave it out"
	case u.RawQuery != "" || u.ForceQuery:
		return "has a query", "leave out everything from the ? on"
	case u.Fragment != "" || strings.Contains(s, "#"):
		return "has a fragment", "leave out everything from the # on"
	}
	return "", ""
}

// parseVector reads a CVSS 3.0, 3.1 or 4.0 vector with every base metric. What
// advisories may leave to be guessed, the version, a policy has to say.
func parseVector(s string) (string, bool) {
	if !strings.HasPrefix(s, "CVSS:3.") && !strings.HasPrefix(s, "CVSS:4.") {
		return "", false
	}
	v, err := rules.ParseVector(s)
	return v.Vector, err == nil
}

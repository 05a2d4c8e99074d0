package probe

import (
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// maxCookies bounds how many cookies of one response are read.
const maxCookies = 50

// A Cookie is a Set-Cookie field without its value.
type Cookie struct {
	Name     string `json:"name"`
	Secure   bool   `json:"secure,omitempty"`
	HTTPOnly bool   `json:"http_only,omitempty"`
	SameSite string `json:"same_site,omitempty"` // "Lax", "Strict", "None"; empty when absent or unknown
	Domain   string `json:"domain,omitempty"`
	Path     string `json:"path,omitempty"`
	// Lifetime is in seconds from the answer on; -1 means until the browser
	// closes, 0 that the cookie is being deleted.
	Lifetime    int64 `json:"lifetime"`
	Partitioned bool  `json:"partitioned,omitempty"`
}

// ParseSetCookie reads one Set-Cookie field as browsers do (RFC 6265bis §5.6),
// received at now; ok is false for one they drop.
func ParseSetCookie(field string, now time.Time) (c Cookie, ok bool) {
	if len(field) > 8<<10 || strings.ContainsFunc(field, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
		return Cookie{}, false
	}
	pair, rest, _ := strings.Cut(field, ";")
	name, value, valued := strings.Cut(pair, "=")
	if !valued {
		name, value = "", pair
	}
	name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
	if name == "" && value == "" || len(name)+len(value) > 4096 {
		return Cookie{}, false
	}
	c = Cookie{Name: name, Lifetime: -1}
	aged := false // Max-Age counts before Expires
	for attribute := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(attribute, "=")
		key, value = strings.ToLower(strings.Trim(key, " \t")), strings.Trim(value, " \t")
		if len(value) > 1024 {
			continue
		}
		switch key {
		case "secure":
			c.Secure = true
		case "httponly":
			c.HTTPOnly = true
		case "partitioned":
			c.Partitioned = true
		case "path":
			c.Path = value
		case "domain":
			c.Domain = strings.ToLower(strings.TrimPrefix(value, "."))
		case "samesite":
			c.SameSite = ""
			for _, known := range []string{"Lax", "Strict", "None"} {
				if strings.EqualFold(value, known) {
					c.SameSite = known
				}
			}
		case "max-age":
			if seconds, ok := maxAge(value); ok {
				c.Lifetime, aged = seconds, true
			}
		case "expires":
			if at, err := http.ParseTime(value); err == nil && !aged {
				c.Lifetime = max(0, int64(at.Sub(now)/time.Second))
			} else if at, err := time.Parse("Mon, 02-Jan-2006 15:04:05 MST", value); err == nil && !aged {
				c.Lifetime = max(0, int64(at.Sub(now)/time.Second))
			}
		}
	}
	return c, true
}

// maxAge reads the digits of Max-Age; what is not above zero deletes.
func maxAge(value string) (int64, bool) {
	if value != "" && value[0] == '-' {
		_, ok := deltaSeconds(value[1:])
		return 0, ok
	}
	if strings.HasPrefix(value, `"`) {
		return 0, false
	}
	n, ok := deltaSeconds(value)
	return min(n, math.MaxInt32), ok
}

// infrastructure names cookies that load balancers and shields in front of an
// app set by themselves; the app cannot change them.
var infrastructure = regexp.MustCompile(`^(?:AWSALB.*|AWSELB.*|__cf.*|_cfuvid|cf_.*|GCLB|ARRAffinity.*|TiPMix|x-ms-routing-name|incap_ses_.*|visid_incap_.*|nlbi_.*|ak_bmsc|bm_.*|_abck|BIGipServer.*|TS[0-9a-f]{6,})$`)

// sessionWords tell session cookies by the words of their name.
var sessionWords = []string{"session", "sess", "sessid", "sid", "auth", "authentication", "token", "jwt", "login", "remember", "jsessionid", "phpsessid", "sessionid", "identity", "access", "refresh"}

// scriptWords tell cookies that scripts are meant to read.
var scriptWords = []string{"csrf", "xsrf", "csrftoken", "xsrftoken"}

// session reports whether the cookie's name says that it carries a session.
func (c Cookie) session() bool {
	words := nameWords(c.Name)
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(scriptWords, w) }) {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(sessionWords, w) })
}

// nameWords splits a name where its case, a digit or a sign changes.
func nameWords(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			flush()
			continue
		case unicode.IsUpper(r) && i > 0 && unicode.IsLower(runes[i-1]),
			unicode.IsUpper(r) && i > 0 && unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return words
}

// problems says what is wrong with a cookie that an app sets, embedded in
// another's page or not.
func (c Cookie) problems(embedded bool) []string {
	var found []string
	if !c.Secure {
		found = append(found, "no Secure")
	}
	if c.session() && !c.HTTPOnly {
		found = append(found, "no HttpOnly")
	}
	switch c.SameSite {
	case "":
		found = append(found, "no SameSite")
	case "None":
		if c.session() && !embedded {
			found = append(found, "SameSite=None although the endpoint is not embedded")
		}
	}
	low := strings.ToLower(c.Name) // browsers compare the prefixes without case
	switch {
	case strings.HasPrefix(low, "__host-"):
		if !c.Secure || c.Domain != "" || c.Path != "/" {
			found = append(found, "the prefix __Host- needs Secure, Path=/ and no Domain, so browsers drop it")
		}
	case strings.HasPrefix(low, "__secure-"):
		if !c.Secure {
			found = append(found, "the prefix __Secure- needs Secure, so browsers drop it")
		}
	}
	return found
}

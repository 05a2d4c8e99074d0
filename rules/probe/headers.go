package probe

import (
	"slices"
	"strings"
)

// members returns the comma-separated members of a field's values, trimmed, the
// empty ones left out.
func members(fields []string) []string {
	var out []string
	for _, field := range fields {
		for m := range strings.SplitSeq(field, ",") {
			if m = strings.Trim(m, " \t"); m != "" {
				out = append(out, m)
			}
		}
	}
	return out
}

// nosniff reports whether X-Content-Type-Options says nosniff and nothing else.
func nosniff(fields []string) bool {
	all := members(fields)
	return len(all) > 0 && !slices.ContainsFunc(all, func(m string) bool { return !strings.EqualFold(m, "nosniff") })
}

// frameOptions reports whether X-Frame-Options (RFC 7034, HTML §7.7) keeps
// strangers from framing the page: DENY or SAMEORIGIN, however often, but not
// both and nothing else. problem says what is wrong otherwise.
func frameOptions(fields []string) (ok bool, problem string) {
	all := members(fields)
	if len(all) == 0 {
		return false, "X-Frame-Options is missing"
	}
	first := strings.ToUpper(all[0])
	for _, m := range all[1:] {
		if strings.ToUpper(m) != first {
			return false, "X-Frame-Options is sent with different values"
		}
	}
	switch {
	case first == "DENY" || first == "SAMEORIGIN":
		return true, ""
	case strings.HasPrefix(first, "ALLOW-FROM"):
		return false, "X-Frame-Options ALLOW-FROM is ignored by browsers"
	}
	return false, "X-Frame-Options has a value that browsers ignore"
}

// The values of Referrer-Policy that browsers know (W3C Referrer Policy §3),
// and whether they keep paths and queries from other origins.
var referrerPolicies = map[string]bool{
	"no-referrer": true, "same-origin": true, "strict-origin": true, "strict-origin-when-cross-origin": true,
	"no-referrer-when-downgrade": false, "origin": false, "origin-when-cross-origin": false, "unsafe-url": false,
}

// ParseReferrerPolicy returns the policy in force: the last value that browsers
// know; unknown ones are ignored, and "" means that there is none.
func ParseReferrerPolicy(fields []string) string {
	policy := ""
	for _, m := range members(fields) {
		if m = strings.ToLower(m); known(m) {
			policy = m
		}
	}
	return policy
}

func known(policy string) bool {
	_, ok := referrerPolicies[policy]
	return ok
}

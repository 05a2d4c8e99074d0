package touch

import (
	"regexp"
	"strings"
)

// A check is a statement that lets somebody in or keeps somebody out.
type check struct {
	what  string
	topic Topic
	// name tells one check from another, so that a check that is gone can be found
	// among those that came.
	name string
}

// checkAt reports whether entry i of a list is a check: a condition about identity
// or rights whose branch refuses, or a call of a function that verifies.
func (c *computation) checkAt(u *unit, list []entry, i int) (check, bool) {
	e := &list[i]
	if name, n, ok := c.taught.calls(u, e); ok {
		return check{"call of " + name + " (" + strings.TrimPrefix(n.why, "function that ") + ")", n.topic, name}, true
	}
	if name, topic := verifierCall(e, u.lang); name != "" {
		return check{"call of " + name, topic, name}, true
	}
	if refusalIn(e) == "no" && !limits(e) {
		return check{"refusal of a request", Routes, "refusal"}, true
	}
	if isCondition(e) {
		if refusal := refusalNear(list, i); refusal != "" {
			if who := identity(e, refusal); who != "" {
				return check{"check of " + who, Routes, "if " + who}, true
			}
		}
	}
	return check{}, false
}

// verifierCall returns the function called in an entry that verifies by its name.
func verifierCall(e *entry, l *language) (string, Topic) {
	declared := lastName(heads(e.toks, l))
	for i, t := range e.toks {
		if t.kind != word || i+1 >= len(e.toks) || e.toks[i+1].text != "(" {
			continue
		}
		// The head of a function's declaration is no call of it.
		if t.text == declared {
			continue
		}
		qualifier := ""
		if i > 1 && e.toks[i-1].text == "." {
			qualifier = e.toks[i-2].text
		}
		switch qualifier + "." + t.text {
		case "subtle.ConstantTimeCompare", "hmac.Equal", "bcrypt.CompareHashAndPassword", "crypto.timingSafeEqual", "bcrypt.compare", "bcrypt.compareSync", "hmac.compare_digest",
			"bcrypt.checkpw", "argon2.verify", "jwt.verify", "jwt.decode", "secrets.compare_digest":
			return qualifier + "." + t.text, Password
		case "jwt.Parse", "jwt.ParseWithClaims", "jwt.ParseSigned":
			return qualifier + "." + t.text, Token
		}
		words := split(t.text)
		if len(words) == 0 {
			continue
		}
		if predicate(words) != "" && !(words[0] == "check" && holds(words, "user")) {
			return t.text, Routes
		}
		switch words[0] {
		case "verify", "validate", "check", "authenticate", "authorize", "authorise", "require", "enforce":
			if f := strongest(notions(strings.Join(words[1:], "_"))); f != nil {
				return t.text, f.topic
			}
			if len(words) == 1 && words[0] != "check" && words[0] != "validate" && words[0] != "require" && words[0] != "enforce" {
				// X.Verify(…): what is verified stands before it.
				if f := strongest(notions(qualifier)); f != nil || words[0] != "verify" {
					topic := Routes
					if f != nil {
						topic = f.topic
					}
					return t.text, topic
				}
			}
		case "use":
			// Hooks and middleware of JavaScript: useAuth, useRequireLogin.
			if f := strongest(notions(t.text)); f != nil && f.strong && (f.topic == Routes || f.name == "login") && f.name != "cors" {
				return t.text, f.topic
			}
		}
	}
	return "", ""
}

// isCondition reports whether an entry starts a branch.
func isCondition(e *entry) bool {
	for _, t := range e.toks[:min(3, len(e.toks))] {
		switch t.text {
		case "if", "elif", "unless", "case", "switch", "elsif":
			return t.kind == word
		}
	}
	return false
}

// refusals are the names and numbers by which code says no. Those of strength "no"
// are said to people without rights; those of strength "gone" hide that there is
// anything.
var refusals = map[string]string{
	"StatusUnauthorized": "no", "StatusForbidden": "no", "Unauthorized": "no", "Forbidden": "no", "unauthorized": "no", "forbidden": "no", "PermissionDenied": "no",
	"Unauthenticated": "no", "UnauthorizedError": "no", "ForbiddenError": "no", "PERMISSION_DENIED": "no", "UNAUTHENTICATED": "no", "JSONUnauthorized": "no", "JSONForbidden": "no",
	"HTMLForbidden": "no", "HTTPForbidden": "no", "HTTPUnauthorized": "no", "PermissionError": "no", "AccessDenied": "no", "accessDenied": "no", "ErrUnauthorized": "no", "ErrForbidden": "no",
	"ErrPermissionDenied": "no", "HTTP_401_UNAUTHORIZED": "no", "HTTP_403_FORBIDDEN": "no", "401": "no", "403": "no", "TooManyRequests": "no", "StatusTooManyRequests": "no", "TooManyRequestsError": "no", "429": "no",
	"NotFound": "gone", "StatusNotFound": "gone", "notFound": "gone", "404": "gone", "NotFoundError": "gone",
}

// limits reports whether an entry refuses because of too many requests, which is said
// to anybody.
func limits(e *entry) bool {
	for _, t := range e.toks {
		if strings.HasPrefix(t.text, "TooMany") || t.text == "StatusTooManyRequests" || t.text == "429" {
			return true
		}
	}
	return false
}

// refusalIn returns how an entry refuses, if it does.
func refusalIn(e *entry) string {
	answers := false
	for _, t := range e.toks {
		if r := refusals[t.text]; r != "" && (t.kind == word || t.kind == number && answers) {
			return r
		}
		// A number alone is a status only where an answer is made.
		answers = answers || t.kind == word && statusWord.MatchString(t.text)
	}
	return ""
}

var statusWord = regexp.MustCompile(`(?i)^(set|send)?(status|statuscode|code|writeheader|json|error|abort\w*|http\w*|\w*response|\w*exception|respond\w*|string|render|return)$`)

// reach is how many entries after a condition its refusal may stand.
const reach = 4

// refusalNear returns how the branch that a condition opens refuses: by a status
// ("no", "gone"), by an error, or by an end without one ("return false").
func refusalNear(list []entry, i int) string {
	for k := i; k < len(list) && k <= i+reach; k++ {
		if r := refusalIn(&list[k]); r != "" && !(k > i && list[k].imports) {
			return r
		}
		if k > i && isCondition(&list[k]) {
			break
		}
		for n, t := range list[k].toks {
			if t.kind == word && (t.text == "return" || t.text == "throw" || t.text == "raise" || t.text == "panic") {
				if n+1 < len(list[k].toks) {
					switch list[k].toks[n+1].text {
					case "false", "False", "nil", "null", "None":
						if len(list[k].toks) <= n+3 {
							return "end"
						}
					}
				}
				return "error"
			}
		}
	}
	return ""
}

// identity words say who somebody is or what they own.
var identityWords = map[string]bool{
	"user": true, "owner": true, "admin": true, "actor": true, "principal": true, "member": true, "creator": true, "account": true, "viewer": true, "poster": true, "caller": true, "superuser": true, "collaborator": true, "membership": true,
}

// identity returns what a condition asks about a person's identity or rights, or "".
func identity(e *entry, refusal string) string {
	var who, right string
	failed := false
	ids, compared := 0, false
	for i, t := range e.toks {
		if t.kind == sign {
			switch t.text {
			case "!=", "==", "<", ">", "<=", ">=":
				compared = true
			}
			continue
		}
		if t.kind != word {
			continue
		}
		words := split(t.text)
		if n := len(words); n > 0 && (words[n-1] == "id" || words[n-1] == "uuid") {
			ids++
		}
		if f := strongest(notions(t.text)); f != nil && (f.strong || f.name == "role" || f.name == "permission" || f.name == "scope" || f.name == "tenant") {
			right = cmpOr(right, t.text)
		}
		if why := predicate(words); why != "" {
			right = cmpOr(right, t.text)
		}
		if holds(words, "access") && !holds(words, "accessor") {
			right = cmpOr(right, t.text)
		}
		failed = failed || t.text == "err" || t.text == "ErrNoRows" || t.text == "error"
		for _, w := range words {
			if identityWords[w] && who == "" {
				// A name or address that is taken or malformed is no right, and an error of a
				// look-up is none either.
				if holds(words, "exists", "exist", "name", "email", "agent", "input", "count") || i > 0 && e.toks[i-1].text == "func" {
					continue
				}
				who = t.text
			}
		}
	}
	if (refusal == "error" || refusal == "end" || refusal == "gone") && failed {
		return "" // what failed was a look-up
	}
	if right != "" {
		return right
	}
	switch {
	case refusal == "no" && who != "":
		return who
	case refusal == "no" && ids >= 2 && compared, refusal == "gone" && ids >= 2 && compared:
		return "ownership"
	}
	return ""
}

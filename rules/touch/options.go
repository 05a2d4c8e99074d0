package touch

import (
	"slices"
	"strconv"
	"strings"
)

// An option is a field or argument that decides how safe something is.
type option struct {
	topic Topic
	// in are words of what it has to stand in, or near; empty means the name is
	// enough.
	in []string
	// label is how the change is called.
	label string
}

// options by the name of a field, key or function. Names with another life need the
// literal, or the call, they belong to.
var options = map[string]option{
	"InsecureSkipVerify": {Password, nil, "TLS verification"}, "MinVersion": {Password, []string{"tls"}, "lowest TLS version"}, "MaxVersion": {Password, []string{"tls"}, "highest TLS version"},
	"CipherSuites": {Password, nil, "TLS ciphers"}, "RootCAs": {Password, nil, "trusted authorities"}, "ClientAuth": {Password, []string{"tls"}, "client certificates"}, "rejectUnauthorized": {Password, nil, "TLS verification"},
	"HttpOnly": {Session, nil, "cookie flag HttpOnly"}, "httpOnly": {Session, nil, "cookie flag HttpOnly"}, "HTTPOnly": {Session, nil, "cookie flag HttpOnly"}, "httponly": {Session, nil, "cookie flag HttpOnly"},
	"SameSite": {Session, nil, "cookie flag SameSite"}, "sameSite": {Session, nil, "cookie flag SameSite"}, "samesite": {Session, nil, "cookie flag SameSite"},
	"Secure": {Session, []string{"cookie", "session", "csrf"}, "cookie flag Secure"}, "secure": {Session, []string{"cookie", "session", "csrf"}, "cookie flag Secure"},
	"MaxAge": {Session, []string{"cookie", "session", "csrf", "cors"}, "lifetime"}, "maxAge": {Session, []string{"cookie", "session", "csrf", "cors"}, "lifetime"}, "max_age": {Session, []string{"cookie", "session", "csrf"}, "lifetime"},
	"Expires": {Session, []string{"cookie"}, "expiry of a cookie"}, "expiresIn": {Token, nil, "lifetime of a token"},
	"AllowedOrigins": {Routes, nil, "origins CORS allows"}, "AllowOrigins": {Routes, nil, "origins CORS allows"}, "AllowOriginFunc": {Routes, nil, "origins CORS allows"}, "AllowAllOrigins": {Routes, nil, "origins CORS allows"}, "allow_origins": {Routes, nil, "origins CORS allows"},
	"AllowCredentials": {Routes, nil, "credentials across origins"}, "allow_credentials": {Routes, nil, "credentials across origins"}, "AllowedHeaders": {Routes, []string{"cors"}, "headers CORS allows"}, "AllowedMethods": {Routes, []string{"cors"}, "methods CORS allows"},
	"origin": {Routes, []string{"cors"}, "origins CORS allows"}, "credentials": {Routes, []string{"cors"}, "credentials across origins"},
	"CrossOriginProtection": {Routes, nil, "cross-origin protection"}, "AddInsecureBypassPattern": {Routes, nil, "cross-origin protection"}, "AddTrustedOrigin": {Routes, nil, "cross-origin protection"}, "NewCrossOriginProtection": {Routes, nil, "cross-origin protection"},
	"GenerateFromPassword": {Password, nil, "hashing of passwords"}, "IDKey": {Password, []string{"argon2"}, "hashing of passwords"}, "BcryptCost": {Password, nil, "cost of bcrypt"}, "genSalt": {Password, nil, "cost of bcrypt"}, "saltRounds": {Password, nil, "cost of bcrypt"}, "SALT_ROUNDS": {Password, nil, "cost of bcrypt"},
	"RedirectURL": {Token, []string{"oauth2", "oauth", "oidc"}, "redirect URL of OAuth"}, "Scopes": {Token, []string{"oauth2", "oauth", "oidc", "config"}, "OAuth scopes"}, "scope": {Token, []string{"oauth", "oauth2", "authorize", "oidc"}, "OAuth scopes"}, "scopes": {Token, []string{"oauth", "oauth2", "authorize", "oidc"}, "OAuth scopes"},
	"AuthURL": {Token, nil, "OAuth endpoint"}, "TokenURL": {Token, nil, "OAuth endpoint"}, "Endpoint": {Token, []string{"oauth2"}, "OAuth endpoint"}, "ClientSecret": {Token, []string{"oauth2", "oidc"}, "OAuth client"}, "ClientID": {Token, []string{"oauth2", "oidc"}, "OAuth client"},
	"SESSION_COOKIE_SECURE": {Session, nil, "cookie flag Secure"}, "CSRF_COOKIE_SECURE": {Session, nil, "cookie flag Secure"}, "SESSION_COOKIE_HTTPONLY": {Session, nil, "cookie flag HttpOnly"}, "SESSION_COOKIE_SAMESITE": {Session, nil, "cookie flag SameSite"},
	"SESSION_COOKIE_AGE": {Session, nil, "session lifetime"}, "PERMANENT_SESSION_LIFETIME": {Session, nil, "session lifetime"}, "CORS_ALLOW_ALL_ORIGINS": {Routes, nil, "origins CORS allows"}, "CORS_ALLOWED_ORIGINS": {Routes, nil, "origins CORS allows"},
	"CSRF_TRUSTED_ORIGINS": {Routes, nil, "origins CSRF trusts"}, "ALLOWED_HOSTS": {Routes, nil, "hosts allowed"}, "SECURE_SSL_REDIRECT": {Routes, nil, "redirect to TLS"}, "PASSWORD_HASHERS": {Password, nil, "hashing of passwords"},
}

// ages are words of a name that say how long something lasts.
var ages = []string{"lifetime", "ttl", "expiry", "expires", "expiration", "expire", "timeout", "duration", "age", "idle", "lifespan", "validity", "lives", "remember"}

// A setting is an option that an entry sets.
type setting struct {
	e    *entry
	at   int // of the name in the entry
	name string
	o    option
}

// settingsIn returns the options that entry i of a list sets.
func settingsIn(list []entry, i int) (out []setting) {
	e := &list[i]
	for k, t := range e.toks {
		if t.kind != word && !(t.kind == text && k+1 < len(e.toks) && e.toks[k+1].text == ":") || !sets(e, k) {
			continue
		}
		if o, known := options[t.text]; known {
			if len(o.in) == 0 || slices.ContainsFunc(o.in, func(w string) bool { return standsIn(list, i, w) }) {
				out = append(out, setting{e, k, t.text, o})
			}
			continue
		}
		if !holds(split(t.text), ages...) {
			continue
		}
		for _, f := range notions(t.text) {
			topic := Topic("")
			switch f.name {
			case "session", "cookie", "sessioncookie":
				topic = Session
			case "token", "accesstoken", "jwt", "oauth", "login", "mfa", "csrf", "auth":
				topic = Token
			case "password":
				topic = Password
			default:
				continue
			}
			out = append(out, setting{e, k, t.text, option{topic, nil, f.label() + " lifetime"}})
			break
		}
	}
	return out
}

func (f *family) label() string {
	switch f.name {
	case "sessioncookie":
		return "session"
	case "accesstoken":
		return "token"
	}
	return f.name
}

// sets reports whether the name at k is given a value, or called: "Name:", "Name =",
// "Name(", "WithName(".
func sets(e *entry, k int) bool {
	if k+1 >= len(e.toks) {
		return false
	}
	switch e.toks[k+1].text {
	case ":", "=", "(", ":=":
		return true
	}
	// A typed constant: "const sessionTTL time.Duration = …".
	for _, t := range e.toks[k+1 : min(k+5, len(e.toks))] {
		if t.text == "=" {
			return true
		}
		if t.kind == sign && t.text != "." {
			return false
		}
	}
	return false
}

// near is how many entries before an option its literal or call may stand where
// there is no syntax tree to ask.
const near = 8

// standsIn reports whether a word stands in the type of the literal around an entry,
// in the entry itself, or in the few before it.
func standsIn(list []entry, i int, w string) bool {
	if about := list[i].about; about != "" && about != "type" {
		return holds(split(about), w) || strings.HasPrefix(strings.ToLower(about), w+".")
	}
	for k := max(0, i-near); k <= i; k++ {
		for _, t := range list[k].toks {
			if t.kind == word && (strings.ToLower(t.text) == w || holds(split(t.text), w, w+"s")) {
				return true
			}
		}
	}
	return false
}

// optionsOf gives T4 for the options of a unit that differ.
func (c *computation) optionsOf(u *unit) bool {
	collect := func(list []entry) (out []setting) {
		for i := range list {
			if list[i].changed && !list[i].imports {
				out = append(out, settingsIn(list, i)...)
			}
		}
		return out
	}
	before, after := collect(u.before), collect(u.after)
	waiting := queues[string]{}
	for i, b := range before {
		waiting.put(b.name, i)
	}
	used := make([]bool, len(before))
	any := false
	for _, a := range after {
		s := Signal{ID: T4, Level: High, Path: u.path, Line: a.e.line, Symbol: u.symbol, Topic: a.o.topic, What: a.o.label + " set"}
		if i := waiting.take(a.name, used); i >= 0 {
			b := before[i]
			used[i] = true
			from, to := b.argument(), a.argument()
			if joined(from) == joined(to) {
				continue // something else in the same statement changed
			}
			s.OldLine = b.e.line
			s.What = a.o.label + " changed"
			if from, to := value(from), value(to); from != "" && to != "" && from != to {
				s.What = a.o.label + " " + from + " -> " + to
			}
		}
		any = true
		c.add(s)
	}
	for i, b := range before {
		if !used[i] {
			any = true
			c.add(Signal{ID: T4, Level: High, Path: u.path, OldLine: b.e.line, Symbol: u.symbol, Topic: b.o.topic, What: b.o.label + " no longer set"})
		}
	}
	return any
}

// argument returns the tokens that an option is set to: what follows its name and the
// sign after it, to the comma or bracket that ends it.
func (s *setting) argument() []tok {
	toks := s.e.toks[s.at+1:]
	for len(toks) > 0 {
		t := toks[0]
		toks = toks[1:]
		if t.kind == sign && (t.text == ":" || t.text == "=" || t.text == ":=" || t.text == "(") {
			break
		}
	}
	depth := 0
	for i, t := range toks {
		if t.kind != sign {
			continue
		}
		switch t.text {
		case "(", "{", "[":
			depth++
		case ")", "}", "]":
			if depth--; depth < 0 {
				return toks[:i]
			}
		case ",", ";":
			// The arguments of a call belong together.
			if depth == 0 && s.e.toks[s.at+1].text != "(" {
				return toks[:i]
			}
		}
	}
	return toks
}

// value writes down what an option is set to, if that is a number, a duration, a
// boolean or a constant of a known package: never a string.
func value(toks []tok) string {
	var b strings.Builder
	for _, t := range toks {
		switch {
		case t.kind == number:
			b.WriteString(t.text)
		case t.kind == word && (valueWords[t.text] || strings.HasSuffix(b.String(), ".")):
			b.WriteString(t.text)
		case t.kind == sign && (t.text == "*" || t.text == "." || t.text == "-" || t.text == "+" || t.text == "/"):
			b.WriteString(t.text)
		default:
			return ""
		}
		if b.Len() > 40 {
			return ""
		}
	}
	return plainDuration(b.String())
}

var valueWords = map[string]bool{"true": true, "false": true, "True": true, "False": true, "nil": true, "null": true, "None": true, "time": true, "tls": true, "http": true, "bcrypt": true}

// plainDuration writes "30*time.Minute" as "30m".
func plainDuration(s string) string {
	n, unit, ok := strings.Cut(s, "*time.")
	if !ok {
		if unit, isUnit := strings.CutPrefix(s, "time."); isUnit && timeUnits[unit] != "" {
			return "1" + timeUnits[unit]
		}
		return s
	}
	product := 1
	for part := range strings.SplitSeq(n, "*") {
		v, err := strconv.Atoi(part)
		if err != nil || v < 0 || v > 1<<20 || product > 1<<20 {
			return s
		}
		product *= v
	}
	if timeUnits[unit] == "" {
		return s
	}
	return strconv.Itoa(product) + timeUnits[unit]
}

var timeUnits = map[string]string{"Second": "s", "Minute": "m", "Hour": "h", "Millisecond": "ms"}

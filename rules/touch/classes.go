package touch

import (
	"path"
	"slices"
	"strings"
)

// A class is what a function is for, as far as its name, its file or its calls say.
type class struct {
	topic Topic
	why   string
	// by says how it was told: "name", "file" or "taught".
	by string
}

// classOf classes a unit. Names speak first, then the file, because a file can hold
// helpers of another kind. A name with only a word that has another life ("session",
// "token") needs a second notion somewhere in the function.
func (c *computation) classOf(u *unit) (class, bool) {
	name := lastName(u.symbol)
	if t, why := c.taught.defines(u); why != "" {
		return class{t, why, "taught"}, true
	}
	words := split(name)
	if why := predicate(words); why != "" {
		return class{Routes, why, "name"}, true
	}
	for _, id := range []string{name, u.symbol} {
		found := notions(id)
		if f := strongest(found); f != nil {
			if f.strong || holds(words, certain...) && f.name != "vault" || bodyHolds(u, f) {
				return class{f.topic, "function about " + noun(f.name), "name"}, true
			}
		}
	}
	if holds(words, "webhook", "webhooks") && holds(words, "handle", "handler", "receive", "serve", "verify", "validate", "post") {
		return class{Outbound, "webhook handler", "name"}, true
	}
	if f := fileNotion(u.path); f != nil {
		return class{f.topic, "function of a file about " + noun(f.name), "file"}, true
	}
	return class{}, false
}

// certain are verbs that one does to a credential and to nothing else of its name:
// an analyst counts sessions, and only a login revokes one.
var certain = []string{"verify", "validate", "revoke", "issue", "mint", "sign", "rotate", "renew", "destroy"}

// strongest returns the first strong family, or the first at all.
func strongest(found []*family) *family {
	for _, f := range found {
		if f.strong {
			return f
		}
	}
	if len(found) > 0 {
		return found[0]
	}
	return nil
}

// noun is how a family is called in a sentence.
func noun(name string) string {
	switch name {
	case "auth":
		return "authentication"
	case "crypto":
		return "cryptography"
	case "mfa":
		return "a second factor"
	case "access", "rbac", "role", "permission":
		return "access rights"
	case "accesstoken", "token":
		return "tokens"
	case "sessioncookie", "session":
		return "sessions"
	case "csrf", "cors", "jwt":
		return strings.ToUpper(name)
	case "oauth":
		return "OAuth"
	}
	return name + "s"
}

// predicate reports whether a name asks whether somebody may do something.
func predicate(words []string) string {
	if len(words) < 2 {
		return ""
	}
	rest := words[1:]
	switch words[0] {
	case "can", "may", "could":
		if holds(rest[:1], "view", "read", "edit", "write", "update", "delete", "create", "manage", "invite", "transfer", "administer", "access", "see", "share", "publish") {
			return "function that decides who may do something"
		}
	case "is", "are":
		if holds(rest, "allowed", "permitted", "authorized", "authorised", "authenticated", "forbidden") || holds(rest, "admin", "superuser", "owner") && len(rest) <= 2 {
			return "function that decides who may do something"
		}
	case "has", "check", "require", "requires", "ensure", "assert", "enforce", "must", "verify":
		if holds(rest, "permission", "permissions", "role", "roles", "scope", "scopes", "login", "user", "admin", "owner", "ownership", "auth", "authenticated") && words[0] != "must" && !(len(rest) > 2) ||
			holds(rest, "access") && words[0] != "must" {
			return "function that decides who may do something"
		}
	case "disallow", "forbid", "deny":
		return "function that decides who may do something"
	}
	return ""
}

// bodyHolds reports whether a function speaks, besides a word of the given family,
// of something that makes its meaning certain: a strong notion, a cookie beside a
// session, a user's token.
func bodyHolds(u *unit, f *family) bool {
	for _, list := range [][]entry{u.before, u.after} {
		for i := range list {
			for _, t := range list[i].toks {
				if t.kind != word {
					continue
				}
				for _, g := range notions(t.text) {
					if g != f && (g.strong || f.name == "session" && g.name == "cookie" || f.name == "cookie" && g.name == "session" || f.name == "role" && g.name == "permission" || f.name == "permission" && g.name == "role") {
						return true
					}
				}
			}
		}
	}
	return false
}

// fileNotion returns what a file is about by its name and the two folders it stands
// in: "internal/oidc/config.go", "lib/auth.ts", "src/permissions/team.ts".
func fileNotion(name string) *family {
	dir, base := path.Split(name)
	if i := strings.IndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	parts := []string{base}
	folders := strings.Split(strings.Trim(dir, "/"), "/")
	slices.Reverse(folders)
	parts = append(parts, folders[:min(2, len(folders))]...)
	for i, p := range parts {
		for _, f := range notions(p) {
			// A folder of secrets or of login pages is that; "permissions" and "roles" are
			// strong as names of files, where they are a subject.
			if f.strong || f.name == "permission" || f.name == "role" {
				if i > 0 && len(split(p)) > 2 {
					continue
				}
				return f
			}
		}
	}
	return nil
}

// taught are the functions that a policy file names.
type taught map[string][]taughtName // by the function's name

type taughtName struct {
	pkg   string // last element of the package path: "auth"
	topic Topic
	why   string
	// method says that it is one, so that its calls do not name the package.
	method bool
}

// teach reads the names of a policy file: "example.com/app/internal/auth.Require",
// "example.com/app/internal/auth.Guard.Require", with or without "(*…)".
func teach(o Options) taught {
	t := taught{}
	for _, list := range []struct {
		names []string
		topic Topic
		why   string
	}{
		{o.Auth, Routes, "function that the policy names as authentication"},
		{o.TenantScope, Routes, "function that the policy names as tenant scope"},
		{o.Redact, Logging, "function that the policy names as redaction"},
		{o.URLGuard, Outbound, "function that the policy names as guard of URLs"},
		{o.Audit, Logging, "function that the policy names as audit log"},
	} {
		for _, full := range list.names {
			full = strings.NewReplacer("(", "", ")", "", "*", "").Replace(full)
			_, rest := path.Split(full)
			pkg, name, ok := strings.Cut(rest, ".")
			if !ok {
				continue
			}
			method := strings.Contains(name, ".")
			name = lastName(name)
			t[name] = append(t[name], taughtName{pkg, list.topic, list.why, method})
		}
	}
	return t
}

// defines reports whether a unit is the body of a taught function.
func (t taught) defines(u *unit) (Topic, string) {
	dir := "/" + path.Dir(u.path)
	for _, n := range t[lastName(strings.TrimSpace(u.symbol))] {
		if strings.HasSuffix(dir, "/"+n.pkg) {
			return n.topic, n.why
		}
	}
	return "", ""
}

// calls returns the taught function that an entry calls, if it does: by its
// package's name, or by the name alone inside its own package.
func (t taught) calls(u *unit, e *entry) (name string, n taughtName, ok bool) {
	if len(t) == 0 {
		return "", taughtName{}, false
	}
	for i, tk := range e.toks {
		if tk.kind != word {
			continue
		}
		for _, n := range t[tk.text] {
			qualified := i > 1 && e.toks[i-1].text == "." && e.toks[i-2].text == n.pkg
			inside := (i == 0 || e.toks[i-1].text != ".") && strings.HasSuffix("/"+path.Dir(u.path), "/"+n.pkg)
			method := n.method && i > 1 && e.toks[i-1].text == "."
			if qualified || inside || method {
				return tk.text, n, true
			}
		}
	}
	return "", taughtName{}, false
}

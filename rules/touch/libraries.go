package touch

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// An importChange counts in how many files of a directory an import came and went:
// a file that is split in two imports nothing new.
type importChange struct {
	topic      Topic
	came, gone int
	file       string
	line, old  int
}

// importOf returns the modules that an import line names.
func importOf(e *entry, l *language) []string {
	var strs, words []string
	for _, t := range e.toks {
		switch t.kind {
		case text:
			strs = append(strs, t.text)
		case word:
			words = append(words, t.text)
		}
	}
	if l.name == "python" {
		if len(words) > 1 && words[0] == "from" {
			m := words[1]
			if i := slices.Index(words, "import"); i > 2 {
				m = strings.Join(words[1:i], "/")
			}
			return []string{m}
		}
		if len(words) > 1 && words[0] == "import" {
			return words[1:]
		}
		return nil
	}
	if len(strs) == 0 && l.name == "c" {
		return []string{strings.Join(words, "/")}
	}
	return strs
}

// noteImport notes that an import came or went.
func (c *computation) noteImport(u *unit, e *entry, came bool) {
	for _, module := range importOf(e, u.lang) {
		topic, ok := library(module, u.lang.name)
		if !ok || slices.ContainsFunc(c.modules, func(m string) bool { return module == m || strings.HasPrefix(module, m+"/") }) {
			continue
		}
		module = majorVersion.ReplaceAllString(module, "$1")
		if c.imported == nil {
			c.imported = map[string]map[string]*importChange{}
		}
		dir := path.Dir(u.path)
		if c.imported[dir] == nil {
			c.imported[dir] = map[string]*importChange{}
		}
		ch := c.imported[dir][module]
		if ch == nil {
			ch = &importChange{topic: topic, file: u.path}
			c.imported[dir][module] = ch
		}
		if came {
			ch.came++
			ch.file, ch.line = u.path, e.line
		} else {
			ch.gone++
			ch.old = e.line
			if ch.came == 0 {
				ch.file = u.path
			}
		}
	}
}

// A major version is part of a Go module's path; a new one is the same library.
var majorVersion = regexp.MustCompile(`/v[0-9]+(/|$)`)

// imports gives T3 for the libraries that more files import than before, or fewer.
func (c *computation) imports() {
	for _, dir := range slices.Sorted(maps.Keys(c.imported)) {
		for _, module := range slices.Sorted(maps.Keys(c.imported[dir])) {
			ch := c.imported[dir][module]
			switch {
			case ch.came > ch.gone:
				c.add(Signal{ID: T3, Level: High, Path: ch.file, Line: ch.line, Symbol: module, What: "import of " + module + " added", Topic: ch.topic})
			case ch.gone > ch.came:
				c.add(Signal{ID: T3, Level: High, Path: ch.file, OldLine: ch.old, Symbol: module, What: "import of " + module + " removed", Topic: ch.topic})
			}
		}
	}
}

// library reports whether an imported module, or a dependency, is about
// authentication, cryptography or secrets.
func library(module, lang string) (Topic, bool) {
	lower := strings.ToLower(module)
	if lang == "go" {
		head, _, _ := strings.Cut(lower, "/")
		switch {
		case checksums[lower]:
			return "", false
		case lower == "crypto", strings.HasPrefix(lower, "crypto/"), strings.HasPrefix(lower, "golang.org/x/crypto"):
			return Password, true
		case !strings.Contains(head, "."):
			return "", false // the rest of the standard library
		case strings.Contains(lower+"/", "/internal/"):
			return "", false // only its own module can import it
		case head == "github.com" || head == "gitlab.com" || head == "bitbucket.org":
			// There the first three elements name the library; what lies below may be about
			// anything, and is often the project's own.
			if parts := strings.SplitN(lower, "/", 4); len(parts) == 4 && !strings.HasPrefix(parts[3], "service/") && !strings.HasPrefix(parts[3], "middleware/") && !strings.Contains(parts[3], "/middleware/") {
				lower = strings.Join(parts[:3], "/")
			}
		}
	} else if strings.HasPrefix(module, ".") || strings.HasPrefix(module, "@/") || strings.HasPrefix(module, "~/") {
		return "", false // the project's own
	} else if lang == "js" {
		// A package is its name, with its scope; what lies below it is a file of it.
		parts := strings.SplitN(lower, "/", 3)
		if strings.HasPrefix(lower, "@") && len(parts) == 3 {
			lower = parts[0] + "/" + parts[1]
		} else if !strings.HasPrefix(lower, "@") {
			lower = parts[0]
		}
	}
	for _, l := range libraries {
		if l.pattern.MatchString(lower) {
			return l.topic, true
		}
	}
	return "", false
}

// checksums are packages of crypto/ that cannot keep a secret and are imported for
// file names and cache keys. Calls that use them on secrets show by their names.
var checksums = map[string]bool{"crypto/md5": true, "crypto/sha1": true, "crypto/sha256": true, "crypto/sha512": true, "golang.org/x/crypto/blake2b": true, "golang.org/x/crypto/sha3": true}

// libraries are told by the words of their paths; each alternative is a whole word
// between separators.
var libraries = []struct {
	topic   Topic
	pattern *regexp.Regexp
}{
	{Token, libraryWords(`oauth|oauth2|oauth2-proxy|oidc|go-oidc|openid|openid-client|jwt|jwt-go|golang-jwt|jsonwebtoken|pyjwt|jwks|jwks-rsa|jose|go-jose|jwx|jws|jwe|saml|gosaml2|go-saml|authlib|next-auth|nextauth|passport|auth0|okta|keycloak|gocloak|supertokens|clerk|lucia|msal|fosite|kratos|hydra|ory|goth|oauthlib|allauth|python-jose|paseto|auth`)},
	{Session, libraryWords(`sessions|session|gorilla/sessions|securecookie|scs|csrf|nosurf|csurf|cookie-session|express-session|iron-session|cookie-parser|gosession|webauthn|go-webauthn|simplewebauthn|fido2|otp|pquerna|totp|speakeasy|otplib|pyotp`)},
	{Routes, libraryWords(`cors|casbin|casl|opa|oso|cerbos|helmet|flask-login|rbac|openfga|spicedb`)},
	{Password, libraryWords(`bcrypt|bcryptjs|argon2|scrypt|passlib|crypto|cryptography|nacl|tweetnacl|libsodium|sodium|age|pgp|openpgp|pycryptodome|crypto-js|node-forge|tink|hashlib|hmac`)},
	{Secrets, libraryWords(`vault|hvac|kms|client-kms|secretmanager|client-secrets-manager|secretsmanager|keyvault|azidentity|azsecrets|keyvault-secrets|keyring|sops|doppler|infisical|secrets`)},
}

func libraryWords(alternatives string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[/@.])(` + alternatives + `)([/@.]|$)`)
}

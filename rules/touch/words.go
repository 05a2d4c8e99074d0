package touch

import (
	"slices"
	"strings"
	"unicode"
)

// split cuts an identifier or key into lower-case words: at anything but letters
// and digits, between lower and upper case, before the last capital of an acronym
// and inside the compounds of compoundWords. A digit stays with what precedes it
// ("oauth2", "sha256").
func split(ident string) []string {
	var words []string
	add := func(w string) {
		if w == "" {
			return
		}
		w = strings.ToLower(w)
		if parts, ok := compoundWords[w]; ok {
			words = append(words, parts...)
			return
		}
		// "OAuth" is cut into "o" and "auth", "WebAuthn" into "web" and "authn",
		// "OpenID" into "open" and "id".
		if n := len(words); n > 0 {
			switch {
			case words[n-1] == "o" && strings.HasPrefix(w, "auth"):
				words[n-1] = "oauth"
				return
			case words[n-1] == "web" && (w == "authn" || w == "auth"):
				words[n-1] = "webauthn"
				return
			case words[n-1] == "open" && w == "id":
				words[n-1] = "oidc"
				return
			}
		}
		words = append(words, w)
	}
	runes := []rune(ident)
	if len(runes) > 200 {
		runes = runes[:200]
	}
	start := 0
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			add(string(runes[start:i]))
			start = i + 1
		case i == start:
		case unicode.IsUpper(r) && !unicode.IsUpper(runes[i-1]):
			add(string(runes[start:i]))
			start = i
		case unicode.IsLower(r) && unicode.IsUpper(runes[i-1]) && i-1 > start:
			// The plural of an acronym stays whole: "userIDs".
			if r == 's' && (i+1 == len(runes) || !unicode.IsLower(runes[i+1])) {
				continue
			}
			add(string(runes[start : i-1]))
			start = i - 1
		}
	}
	add(string(runes[min(start, len(runes)):]))
	return words
}

var compoundWords = map[string][]string{
	"apikey": {"api", "key"}, "apikeys": {"api", "key"}, "apitoken": {"api", "token"}, "accesskey": {"access", "key"},
	"accesstoken": {"access", "token"}, "authtoken": {"auth", "token"}, "refreshtoken": {"refresh", "token"},
	"clientsecret": {"client", "secret"}, "secretkey": {"secret", "key"}, "privatekey": {"private", "key"},
	"sessionid": {"session", "id"}, "sessionkey": {"session", "key"}, "csrftoken": {"csrf", "token"}, "xsrftoken": {"csrf", "token"},
	"passwordhash": {"password", "hash"}, "jwtsecret": {"jwt", "secret"}, "jsonwebtoken": {"jwt"}, "twofactor": {"mfa"},
	"signin": {"sign", "in"}, "signout": {"sign", "out"}, "signup": {"sign", "up"}, "openid": {"oidc"},
	"openidconnect": {"oidc"}, "webauthn": {"webauthn"}, "basicauth": {"basic", "auth"}, "userinfo": {"user", "info"},
}

// A family is one notion of the word model: words that say the same count once.
type family struct {
	name string
	// strong words speak of authentication, authorisation or secrets wherever they
	// stand. The others have another life: analytics have sessions, parsers have
	// tokens, files have permissions, code has scopes.
	strong bool
	topic  Topic
	words  string
}

// families is the word model of catalogue §6, T10, with the inflections and the
// synonyms real code uses.
var families = []family{
	{"auth", true, Routes, "auth authn authz authenticate authenticated authenticates authenticating authentication authenticator authorize authorized authorizes authorization authorise authorised authorisation authorizer unauthorized unauthorised unauthenticated preauth impersonate impersonation impersonator"},
	{"login", true, Session, "login logins logout logon signin signout"},
	{"oauth", true, Token, "oauth oauth2 oidc saml sso idp pkce"},
	{"jwt", true, Token, "jwt jwts jwks jwk jws jwe"},
	{"csrf", true, Session, "csrf xsrf"},
	{"cors", true, Routes, "cors"},
	{"password", true, Password, "password passwords passwd passwds pwd passphrase bcrypt scrypt argon2 argon2id pbkdf2"},
	{"secret", true, Secrets, "secret secrets credential credentials creds apikey keyring keystore"},
	{"crypto", true, Password, "hmac encrypt encrypted encrypts encryption encryptor decrypt decrypted decryption decryptor kms cipher ciphers ciphertext aes rsa ecdsa ed25519 aead x509 tls mtls"},
	{"mfa", true, Session, "mfa totp otp otps webauthn passkey passkeys 2fa passcode u2f fido2"},
	{"rbac", true, Routes, "rbac abac"},
	{"access list", false, Routes, "acl acls"},
	{"session", false, Session, "session sessions"},
	{"cookie", false, Session, "cookie cookies"},
	{"token", false, Token, "token tokens"},
	{"signature", false, Outbound, "signature signatures"},
	{"vault", false, Secrets, "vault vaults"},
	{"role", false, Routes, "role roles superuser superusers"},
	{"permission", false, Routes, "permission permissions"},
	{"scope", false, Token, "scope scopes"},
	{"tenant", false, Routes, "tenant tenants"},
}

// pairs are notions that take two neighbouring words.
var pairs = map[[2]string]string{
	{"api", "key"}: "secret", {"api", "keys"}: "secret", {"access", "key"}: "secret", {"private", "key"}: "secret", {"signing", "key"}: "secret",
	{"secret", "key"}: "secret", {"encryption", "key"}: "crypto", {"deploy", "key"}: "secret", {"ssh", "key"}: "secret",
	{"sign", "in"}: "login", {"sign", "out"}: "login", {"log", "out"}: "login", {"signed", "in"}: "login", {"sign", "up"}: "login",
	{"two", "factor"}: "mfa", {"second", "factor"}: "mfa", {"recovery", "code"}: "mfa", {"recovery", "codes"}: "mfa", {"backup", "code"}: "mfa", {"backup", "codes"}: "mfa",
	{"access", "mode"}: "access", {"access", "level"}: "access", {"access", "control"}: "access", {"access", "rights"}: "access", {"access", "policy"}: "access",
	{"has", "access"}: "access", {"can", "access"}: "access", {"check", "access"}: "access", {"access", "rule"}: "access", {"access", "rules"}: "access",
	{"is", "admin"}: "role", {"is", "owner"}: "role", {"trusted", "proxy"}: "access", {"trusted", "proxies"}: "access",
	{"client", "secret"}: "secret", {"redirect", "uri"}: "oauth", {"access", "token"}: "accesstoken", {"refresh", "token"}: "accesstoken", {"auth", "token"}: "accesstoken",
	{"bearer", "token"}: "accesstoken", {"id", "token"}: "accesstoken", {"session", "token"}: "accesstoken", {"reset", "token"}: "accesstoken", {"api", "token"}: "accesstoken",
	{"share", "token"}: "accesstoken", {"verification", "token"}: "accesstoken",
	{"session", "cookie"}: "sessioncookie", {"user", "session"}: "sessioncookie",
	{"login", "session"}: "sessioncookie", {"auth", "session"}: "sessioncookie",
}

// pairFamilies are the families that only pairs lead to.
var pairFamilies = []family{
	{"access", true, Routes, ""},
	{"accesstoken", true, Token, ""},
	{"sessioncookie", true, Session, ""},
}

var (
	familyOfWord = func() map[string]*family {
		m := map[string]*family{}
		for i := range families {
			for w := range strings.FieldsSeq(families[i].words) {
				m[w] = &families[i]
			}
		}
		return m
	}()
	familyByName = func() map[string]*family {
		m := map[string]*family{}
		for _, list := range [][]family{families, pairFamilies} {
			for i := range list {
				m[list[i].name] = &list[i]
			}
		}
		return m
	}()
)

// neutralTokenWords stand in names of tokens that are no credentials: those of a
// lexer, of pages and of language models.
var neutralTokenWords = map[string]bool{
	"next": true, "prev": true, "previous": true, "page": true, "continuation": true, "sync": true, "cursor": true, "cancel": true, "cancellation": true,
	"peek": true, "lexer": true, "parser": true, "eof": true, "delim": true, "operator": true, "keyword": true, "ident": true, "stop": true, "max": true, "prompt": true, "completion": true,
}

// notions returns the families an identifier or key speaks of, in the order of its
// words, each once.
func notions(ident string) []*family {
	words := split(ident)
	var found []*family
	put := func(f *family) {
		if f != nil && !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) {
			if name, ok := pairs[[2]string{words[i], words[i+1]}]; ok {
				put(familyByName[name])
				i++
				continue
			}
		}
		f := familyOfWord[words[i]]
		if f == nil {
			continue
		}
		if f.name == "token" && (slices.ContainsFunc(words, func(w string) bool { return neutralTokenWords[w] }) || strings.Contains(strings.ToLower(ident), "tokeniz")) {
			continue
		}
		put(f)
	}
	return found
}

// holds reports whether words hold one of the given.
func holds(words []string, any ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(any, w) })
}

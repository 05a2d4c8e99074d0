package code

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Name is an identifier, key or environment variable split into lower-case
// words. Rules that go by names compare words and word pairs, never substrings:
// tokenizer, author, compass and monkey hold no token, auth, pass or key.
//
// English compounds end in what they name: a reset token is a token, a token
// URL is a URL. So the kinds below look at the end of a name ("head"), after
// neutral endings such as "value" or a number, and give up where an earlier
// word turns the meaning ("hashed password", "has token", "next page token").
type Name []string

// SplitName splits an identifier: at anything but letters and digits, between
// lower and upper case, before the last capital of an acronym (HTTPServer),
// between letters and digits, and inside well-known compounds (apikey).
func SplitName(ident string) Name {
	var words Name
	add := func(w string) {
		if w == "" {
			return
		}
		w = strings.ToLower(w)
		if parts, ok := compounds[w]; ok {
			words = append(words, parts...)
			return
		}
		if s, ok := strings.CutSuffix(w, "s"); ok && singular[s] {
			w = s
		}
		// "OAuth" splits into "o" and "auth", "WebAuthn" must not.
		if w == "auth" && len(words) > 0 && words[len(words)-1] == "o" {
			words[len(words)-1] = "oauth"
			return
		}
		words = append(words, w)
	}
	start := 0
	runes := []rune(ident)
	class := func(i int) int {
		switch r := runes[i]; {
		case unicode.IsDigit(r):
			return 'd'
		case unicode.IsUpper(r):
			return 'u'
		case unicode.IsLetter(r):
			return 'l'
		default:
			return 0
		}
	}
	for i := range runes {
		c := class(i)
		if c == 0 {
			add(string(runes[start:i]))
			start = i + 1
			continue
		}
		if i == start {
			continue
		}
		switch prev := class(i - 1); {
		case prev == c && c != 'u', prev == 'u' && c == 'u':
		case prev == 'u' && c == 'l':
			// The capital before i opens a word, unless this is the plural of
			// an acronym: "userIDs", "APIs".
			end := i+1 == len(runes) || class(i+1) != 'l'
			if runes[i] == 's' && end && i-start >= 2 {
				continue
			}
			if i-1 > start {
				add(string(runes[start : i-1]))
				start = i - 1
			}
		default:
			add(string(runes[start:i]))
			start = i
		}
	}
	if start < len(runes) {
		add(string(runes[start:]))
	}
	return words
}

// Has reports whether the name holds one of the words, anywhere.
func (n Name) Has(words ...string) bool {
	return slices.ContainsFunc(n, func(w string) bool { return slices.Contains(words, w) })
}

// HasPair reports whether a is directly followed by b.
func (n Name) HasPair(a, b string) bool {
	for i := 1; i < len(n); i++ {
		if n[i-1] == a && n[i] == b {
			return true
		}
	}
	return false
}

// Password reports whether a value of that name is a password in the clear.
func (n Name) Password() bool {
	h := n.head()
	if len(h) == 0 || h.turned() {
		return false
	}
	last := h[len(h)-1]
	if passwordWords[last] {
		return true
	}
	switch last {
	case "pass", "pw":
		// Alone or after a word that says whose it is; "analysis pass" is none.
		return len(h) == 1 || accountWords[h[len(h)-2]]
	case "pin":
		return len(h) > 1 && pinWords[h[len(h)-2]]
	case "code":
		return h.endsIn("pin", "code")
	}
	return false
}

// MentionsPassword reports whether the name speaks of a password at all, as a
// value, a hash or a setting. It is the wide net the applicability facts need.
func (n Name) MentionsPassword() bool {
	if n.Password() {
		return true
	}
	for _, w := range n {
		if passwordWords[w] {
			return true
		}
	}
	return len(n) == 1 && n[0] == "pin"
}

// Secret reports whether a value of that name is a credential: a password, an
// API token, a signing or private key.
func (n Name) Secret() bool {
	if n.Password() {
		return true
	}
	h := n.head()
	if len(h) == 0 || h.turned() {
		return false
	}
	switch last := h[len(h)-1]; last {
	case "secret", "psk":
		return true
	case "token":
		return len(h) == 1 || !neutralTokens[h[len(h)-2]]
	case "key":
		return len(h) > 1 && keyWords[h[len(h)-2]]
	case "base":
		return h.endsIn("key", "base") && h.Has("secret")
	}
	return false
}

// Token reports whether a value of that name must be unguessable: session ids,
// reset tokens, one-time codes, nonces, salts, keys.
func (n Name) Token() bool {
	h := n.head()
	if len(h) == 0 || h.turned() {
		return false
	}
	last := h[len(h)-1]
	prev := ""
	if len(h) > 1 {
		prev = h[len(h)-2]
	}
	switch last {
	case "token":
		return !neutralTokens[prev]
	case "nonce", "otp", "salt", "csrf", "xsrf", "totp", "secret", "passcode", "sid", "pkce":
		return true
	case "session":
		return true
	case "id":
		return prev == "session" || prev == "sess"
	case "key":
		return keyWords[prev] || prev == "session" || prev == "reset"
	case "code":
		return codeWords[prev]
	case "state":
		return stateWords[prev]
	case "verifier":
		return prev == "code" || prev == "pkce"
	}
	return passwordWords[last]
}

// head cuts neutral endings: "passwordValue2" names a password.
func (n Name) head() Name {
	for len(n) > 1 {
		last := n[len(n)-1]
		r, _ := utf8.DecodeRuneInString(last)
		if !neutralEndings[last] && !unicode.IsDigit(r) {
			break
		}
		n = n[:len(n)-1]
	}
	return n
}

// turned reports whether a word before the head makes the value something
// else: a flag about it, or what is left after hashing.
func (n Name) turned() bool {
	for _, w := range n[:len(n)-1] {
		if turningWords[w] {
			return true
		}
	}
	return false
}

func (n Name) endsIn(words ...string) bool {
	return len(n) >= len(words) && slices.Equal(n[len(n)-len(words):], words)
}

// setOf builds a set of space-separated words.
func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// The vocabulary. All of it is read-only.
var (
	compounds = map[string][]string{
		"apikey": {"api", "key"}, "apikeys": {"api", "key"}, "apitoken": {"api", "token"}, "accesskey": {"access", "key"},
		"accesstoken": {"access", "token"}, "authtoken": {"auth", "token"}, "refreshtoken": {"refresh", "token"},
		"clientsecret": {"client", "secret"}, "secretkey": {"secret", "key"}, "privatekey": {"private", "key"},
		"privkey": {"private", "key"}, "signingkey": {"signing", "key"}, "encryptionkey": {"encryption", "key"},
		"sessionid": {"session", "id"}, "sessionkey": {"session", "key"}, "sessiontoken": {"session", "token"},
		"resettoken": {"reset", "token"}, "csrftoken": {"csrf", "token"}, "xsrftoken": {"xsrf", "token"},
		"passwordhash": {"password", "hash"}, "userpassword": {"user", "password"}, "dbpassword": {"db", "password"},
		"dbpass": {"db", "pass"}, "userpass": {"user", "pass"}, "jwtsecret": {"jwt", "secret"}, "jwttoken": {"jwt", "token"},
		"filename": {"file", "name"}, "username": {"user", "name"}, "passfile": {"pass", "file"},
		"passwords": {"password"}, "pswd": {"passwd"}, "passwds": {"passwd"}, "pwds": {"pwd"},
		"newpassword": {"new", "password"}, "oldpassword": {"old", "password"}, "rootpassword": {"root", "password"},
	}
	singular       = setOf("token secret key nonce salt otp session password passphrase code id pin")
	passwordWords  = setOf("password passwd passphrase pwd passwort")
	accountWords   = setOf("db database smtp mail email user admin redis mysql pg postgres postgresql mongo mongodb ldap root ftp ssh auth login basic http account my imap new old bind sa rabbitmq amqp clickhouse proxy")
	pinWords       = setOf("user login card account access security")
	neutralEndings = setOf("value val str string bytes byte raw plain plaintext text b s buf confirm confirmation confirmed again repeat new old input param arg in current")
	turningWords   = setOf("hash hashed hashing encrypted masked redacted bcrypt scrypt argon digest salted is has had should needs can use uses using skip show hide enable disable allow allowed require required requires no not without with missing invalid wrong bad forgot change changed must max min num number count total len prompt completion checksum public fingerprint sha md obfuscated sealed wrapped")
	neutralTokens  = setOf("page next prev previous sync continuation continue cursor end start begin lexer parser delimiter first last skip peek current open close left right semicolon comma operator keyword text word type string ident identifier json xml html css sql mask stop special unknown pad eos bos expected unexpected got want device fcm apns push cancel cancellation idempotency fencing template placeholder separator change watch pagination marker scan list")
	keyWords       = setOf("api secret private signing sign encryption encrypt auth jwt hmac master access app cookie crypt crypto account shared service aes rsa cipher decryption webhook")
	codeWords      = setOf("reset verification verify auth authorization confirmation confirm invite invitation recovery backup otp pin security login activation sms mfa access")
	stateWords     = setOf("oauth auth csrf login oidc sso")
)

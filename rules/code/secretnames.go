package code

// A sensitivity says what a name tells about a value.
type sensitivity uint8

const (
	openValue   sensitivity = iota // the name says nothing
	maskedValue                    // a harmless form: hashed, masked, encrypted
	maybeSecret                    // may be a secret; a person should look
	sureSecret                     // a credential
)

// secretByName says whether a value of that name is a credential. Names that
// are secrets in one place and public in another ("access key", "csrf token",
// "cookie", "dsn") only may be.
func secretByName(n Name) sensitivity {
	h := n.head()
	if len(h) == 0 || n.Has("test", "example", "sample", "dummy", "fake", "mock", "public", "publishable") {
		return openValue
	}
	if n.Has(maskWords...) {
		return maskedValue
	}
	last := h[len(h)-1]
	prev := ""
	if len(h) > 1 {
		prev = h[len(h)-2]
	}
	switch {
	case len(h) == 1 && last == "pwd": // often the working directory
		return maybeSecret
	case n.Password():
		return sureSecret
	case n.Secret():
		if last == "token" && (prev == "csrf" || prev == "xsrf") || last == "key" && doubtfulKeys[prev] || last == "token" && coinTokens[prev] {
			return maybeSecret
		}
		return sureSecret
	case h.turned():
		return openValue
	}
	switch last {
	case "jwt", "bearer", "otp", "totp", "passcode", "authorization":
		return sureSecret
	case "credential", "credentials", "creds", "cookie", "dsn", "csrf", "xsrf":
		return maybeSecret
	case "header":
		if prev == "auth" || prev == "authorization" {
			return sureSecret
		}
	case "url", "uri":
		if storeWords[prev] {
			return maybeSecret
		}
	}
	if n.endsIn("connection", "string") || n.endsIn("conn", "string") || n.endsIn("conn", "str") {
		return maybeSecret
	}
	return openValue
}

// oneTime reports whether a name or text speaks of a value that is made to
// travel in a link: it works once, or only shows what its owner shared.
func (n Name) oneTime() bool {
	for _, w := range n {
		if oneTimeWords[w] {
			return true
		}
	}
	return false
}

// explicitCredential reports whether a name says that a credential serves many
// requests, so that it is no link made for one click.
func (n Name) explicitCredential() bool {
	if secretByName(n) != sureSecret {
		return false
	}
	h := n.head()
	return !(len(h) == 1 && h[0] == "token") && !n.oneTime()
}

// secretHeader says how certain it is that a header of that name carries a
// credential.
func secretHeader(key string) sensitivity {
	n := SplitName(key)
	switch {
	case n.Has("csrf", "xsrf"):
		return maybeSecret
	case len(n) > 0 && (n[len(n)-1] == "authorization" || n[len(n)-1] == "cookie"):
		return sureSecret
	}
	return secretByName(n)
}

// secretCookie says how certain it is that a cookie of that name carries a
// credential.
func secretCookie(name string) sensitivity {
	n := SplitName(name)
	switch {
	case n.Has("csrf", "xsrf", "state", "nonce"):
		return maybeSecret
	case n.Has("session", "sess", "sid", "auth", "token", "jwt", "login", "remember", "access", "refresh", "credential", "secret"):
		return sureSecret
	}
	return maybeSecret
}

// secretEnv says how certain it is that an environment variable or
// configuration key holds a credential.
func secretEnv(key string) sensitivity {
	n := SplitName(key)
	if s := secretByName(n); s != openValue {
		return s
	}
	h := n.head()
	if len(h) > 1 && h[len(h)-1] == "key" && !h.turned() && !n.Has("public", "publishable") && !plainKeys[h[len(h)-2]] {
		return sureSecret
	}
	return openValue
}

// The vocabulary. All of it is read-only.
var (
	maskWords = []string{"hash", "hashed", "hashes", "masked", "mask", "redacted", "redact", "encrypted", "encoded", "encrypt", "sealed", "digest", "checksum", "fingerprint", "obfuscated",
		"sanitized", "scrubbed", "censored", "crypted", "salted", "bcrypt", "scrypt", "argon", "sha", "sha256", "md5", "hmac", "hidden", "truncated", "anonymized", "crypt", "ciphertext", "cipher"}
	// redactWords are words of functions whose result no longer shows what they
	// were given.
	redactWords = []string{"redact", "redacted", "redactor", "mask", "masked", "masker", "hash", "hashed", "hasher", "fingerprint", "sanitize", "sanitized", "sanitise", "scrub", "obfuscate", "censor",
		"conceal", "hide", "anonymize", "anonymise", "pseudonymize", "pseudonymise", "encrypt", "encrypted", "encryptor", "crypt", "bcrypt", "scrypt", "argon", "seal", "sha", "md", "hmac", "digest", "checksum",
		"sum", "elide", "blur", "tokenize", "filtered", "clean", "strip"}
	oneTimeWords = setOf("reset verification verify confirm confirmation invite invited invitation unsubscribe optout activation activate magic download share shared sharing preview signed presign presigned presigner recovery forgot unlock onetime callback optin deleteme twofa")
	doubtfulKeys = setOf("access app account service crypto crypt")
	coinTokens   = setOf("from to base quote pool sell buy input output erc native asset resume verb path name")
	storeWords   = setOf("database db redis mongo mongodb postgres postgresql pg mysql amqp rabbitmq nats dsn")
	plainKeys    = setOf("tls ssl cert certificate ssh path file sort partition primary foreign cache map row idempotency publishable site measurement object bucket s hash range shard routing hot public host dedup group")
)

package secrets

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/zricethezav/gitleaks/v8/config"
)

// kindOfSecret says how sure a pattern is of what it finds.
type kindOfSecret int

const (
	knownFormat  kindOfSecret = iota // a provider's format, or its name beside a value of the right shape
	randomValue                      // a name that says secret beside a random value, or a token of anybody's
	publicNumber                     // an identifier that its provider does not keep secret
)

// kinds lists the rules of gitleaks that are no provider's format.
var kinds = map[string]kindOfSecret{
	"generic-api-key":       randomValue,
	"curl-auth-header":      randomValue,
	"curl-auth-user":        randomValue,
	"jwt":                   randomValue, // often expired, often the sample of a manual
	"jwt-base64":            randomValue,
	"hashicorp-tf-password": randomValue,
	"vault-service-token":   randomValue, // the older form is "s." and any 24 characters
	"sidekiq-secret":        randomValue,
	"gcp-api-key":           randomValue, // those for browsers are public

	// A client's id is public (RFC 6749 §2.2); public keys are what they say.
	"adobe-client-id":             publicNumber,
	"asana-client-id":             publicNumber,
	"bitbucket-client-id":         publicNumber,
	"discord-client-id":           publicNumber,
	"linkedin-client-id":          publicNumber,
	"looker-client-id":            publicNumber,
	"messagebird-client-id":       publicNumber,
	"plaid-client-id":             publicNumber,
	"lob-pub-api-key":             publicNumber,
	"mailgun-pub-key":             publicNumber,
	"flutterwave-public-key":      publicNumber,
	"sendbird-access-id":          publicNumber,
	"new-relic-browser-api-token": publicNumber,
}

func kindOf(id string) kindOfSecret { return kinds[id] }

// valueEnd is what gitleaks lets follow a value.
const valueEnd = "(?:[\\x60'\"\\s;]|\\\\[nr]|$)"

// marketplaceSecrets are the credentials that the marketplaces hand out. Their
// documentation gives no length for most of them, so a name beside a random
// value is asked for: Druva's client id and secret key (Manage API
// Credentials), Apollo's API key (22 URL-safe characters as of today, sent as
// x-api-key) and OAuth secret, monday's client and signing secret (32
// hexadecimal digits, as its client ids) and its personal tokens, JWTs whose
// payload begins with the claim "tid".
func marketplaceSecrets() []config.Rule {
	named := func(id, keyword, name, value string, least float64) config.Rule {
		r := config.Rule{
			RuleID: id, Keywords: []string{keyword}, Entropy: least,
			Regex: regexp.MustCompile(`(?i)` + namePart + `(?:` + keyword + `[\w.-]{0,30}?(?:` + name + `))` + assignment +
				`(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(` + value + `)` + valueEnd),
			Allowlists: []*config.Allowlist{{Regexes: []*regexp.Regexp{
				// No digit: a name, a reference, words. The rest: where it is read from.
				regexp.MustCompile(`^[a-zA-Z_./+=~-]+$`),
				regexp.MustCompile(`(?i)^(?:process|os|env|config|settings|self|this|ctx|secrets|vars|var|data|local|module)\.`),
			}}},
		}
		return r
	}
	return []config.Rule{
		named("druva-credential", "druva", `secret|api[_.-]?key|access[_.-]?key|token|passw(?:or)?d`, `[a-z0-9_+/=.~-]{16,256}`, 3),
		named("apollo-credential", "apollo", `secret|api[_.-]?key|access[_.-]?key|token`, `[a-z0-9_=.~-]{20,256}`, 3.2),
		named("monday-secret", "monday", `secret|api[_.-]?key|token`, `[a-z0-9_=.~-]{24,512}`, 3),
		{
			RuleID: "monday-api-token", Keywords: []string{"eyjhbgcioijiuzi1nij9.eyj0awqio"}, Entropy: 3,
			Regex: regexp.MustCompile(`\b(eyJhbGciOiJIUzI1NiJ9\.eyJ0aWQiO[\w-]{20,}\.[\w-]{20,})`),
		},
	}
}

// documented are keys that vendors print in their own manuals. They open
// nothing. They are put together here so that this file does not hold them.
var documented = []string{
	"AKIAIOSFODNN7" + "EXAMPLE", "AKIAI44QH8DHB" + "EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
	"sk" + "_test_4eC39HqLyjWDarjtT1zdp7dc", "sk" + "_test_BQokikJOvBiI2HlWgH4olfQ2",
	"AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "xox" + "b-123456789012-1234567890123-4mt0t4l1yf3kevent",
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI",
}

// stand are what people write where a secret belongs.
var stand = []string{
	"example", "placeholder", "changeme", "change_me", "change-me", "changethis", "replace_", "replace-", "replaceme", "your_", "your-", "yourapi", "yoursecret", "yourtoken",
	"xxxx", "****", "....", "redacted", "<", ">", "${", "{{", "$(", "insert_", "insert-", "_here", "-here", "dummy", "notreal", "not-a-real", "not_a_real",
}

// sequences are what people type when they make a value up. A real one may have
// one of them by chance.
var sequences = []string{"1234567890", "0123456789abcdef", "abcdefghij"}

// sequence reports whether a value looks typed by hand.
func sequence(secret []byte) bool {
	small := strings.ToLower(string(secret))
	return slices.ContainsFunc(sequences, func(s string) bool { return strings.Contains(small, s) })
}

// placeholder reports whether a value is no secret but stands where one
// belongs, or is one of the keys that manuals print.
func placeholder(secret []byte) bool {
	if slices.ContainsFunc(documented, func(d string) bool { return bytes.Contains(secret, []byte(d)) }) {
		return true
	}
	small := strings.ToLower(string(secret))
	if slices.ContainsFunc(stand, func(s string) bool { return strings.Contains(small, s) }) {
		return true
	}
	return distinct(small) < 5
}

// distinct counts the different bytes of a text.
func distinct(s string) int {
	var seen [256]bool
	n := 0
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			n++
		}
	}
	return n
}

// digested reports whether a name says that its value was made from a secret and
// is none itself, or that everybody may know it.
func digested(name string) bool {
	return slices.ContainsFunc(wordsOf(name), func(w string) bool {
		return slices.Contains([]string{"hash", "hashed", "hashes", "digest", "checksum", "sha", "md", "fingerprint", "integrity", "public", "etag"}, w)
	})
}

// emptyKey reports whether what looks like a private key has no body: headers
// one after the other in a parser, or dots for the rest.
func emptyKey(match []byte) bool {
	if bytes.Contains(match, []byte("...")) || bytes.Contains(match, []byte("<")) {
		return true
	}
	long, run, runs := 0, 0, 0
	for _, c := range append(bytes.Clone(match), ' ') {
		if inBase64[c] && c != '-' && c != '_' {
			run++
			continue
		}
		if run >= 20 {
			runs++
		}
		long, run = max(long, run), 0
	}
	return long < 40 && runs < 3
}

// exercise recognises files that are there to test with. A real key in one of
// them is a leak all the same, but most are made up.
var exercise = regexp.MustCompile(`(?i)(?:^|/)(?:testdata|tests?|__tests__|__mocks__|mocks?|specs?|fixtures?|e2e|examples?|samples?)/|_test\.[a-z]+$|(?:^|/)test_[^/]*\.py$|[._-](?:test|spec|mock|fixture)s?\.[a-z]+$`)

// minified recognises files that a bundler wrote.
var minified = regexp.MustCompile(`(?i)[.-]min\.(?:js|css|mjs)$|\.map$|[.-]bundle\.js$`)

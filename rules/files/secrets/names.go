package secrets

import (
	"bytes"
	"slices"
	"strings"
)

// wordsOf splits a name into its words, in small letters: camelCase,
// snake_case, kebab-case, dots, digits (catalogue §2.4, name model).
func wordsOf(name string) []string {
	var words []string
	var word []byte
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	upper := func(c byte) bool { return 'A' <= c && c <= 'Z' }
	for i := range len(name) {
		c := name[i]
		switch {
		case !wordByte(c) || c == '_' || '0' <= c && c <= '9':
			flush()
			continue
		case upper(c) && i > 0 && (!upper(name[i-1]) || i+1 < len(name) && wordByte(name[i+1]) && name[i+1] != '_' && !upper(name[i+1])):
			flush()
		}
		word = append(word, c)
	}
	flush()
	return words
}

var (
	secretWords = []string{"password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "apikey", "credential", "credentials", "secretkey", "privatekey", "authtoken", "accesstoken"}
	secretPairs = []string{"api key", "access key", "secret key", "private key", "signing key", "encryption key", "auth key", "master key", "account key", "app key", "hmac key", "session key", "jwt key", "db pass", "smtp pass", "mail pass", "user pass", "admin pass", "root pass", "redis pass"}
	// trailing words do not change what a name names.
	trailing = []string{"base", "value", "default", "current", "old", "new", "prod", "production", "dev", "staging", "live", "text", "string", "plain"}
	// harmless words in front of "token" make it a place in a list, a protection
	// of forms, or a word of a language model.
	harmless = []string{"page", "next", "continue", "continuation", "sync", "sort", "csrf", "xsrf", "public", "pad", "eos", "bos", "unk", "mask", "special", "max", "stop", "cancellation", "pagination", "publishable", "device"}
)

// namesSecret reports whether a name says that its value is a secret.
func namesSecret(name string) bool {
	words := wordsOf(name)
	for len(words) > 1 && slices.Contains(trailing, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return false
	}
	last, before := words[len(words)-1], ""
	if len(words) > 1 {
		before = words[len(words)-2]
	}
	if slices.Contains(harmless, before) {
		return false
	}
	return slices.Contains(secretWords, last) || slices.Contains(secretPairs, before+" "+last)
}

// nameOf returns the name that the value at a place is given to: what stands
// before it on its line, behind quotes, blanks and operators. Empty when there
// is none.
func nameOf(text []byte, value int) string {
	i := value
	for n := 0; i > 0 && n < 16 && !nameByte(text[i-1]) && text[i-1] < 0x80 && text[i-1] != '\n'; n++ {
		i--
	}
	end := i
	for i > 0 && end-i < maxName && nameByte(text[i-1]) {
		i--
	}
	name := strings.Trim(string(text[i:end]), ".-")
	if len(name) >= 16 && hasDigit(text[i:end]) && entropy(name) > 3.6 {
		return "" // it looks like a value itself
	}
	return name
}

// maxName is how much of a name is shown.
const maxName = 64

// shared is how many characters of a secret in a row may stand in an output by
// chance.
const shared = 4

// revealing returns which of the names have five characters or more in a row of
// any of the values, in any case, or a whole value that is shorter. Nothing that
// reveals one is ever written anywhere. It takes time in proportion to the
// values' length, however many names there are.
func revealing(names []string, values [][]byte) map[int]bool {
	grams := map[string][]int{} // what may not be in a value, and in which names it is
	short := map[string]bool{}
	for _, v := range values {
		if len(v) > 0 && len(v) <= shared {
			short[string(bytes.ToLower(v))] = true
		}
	}
	out := map[int]bool{}
	for n, name := range names {
		name = strings.ToLower(name)
		for i := 0; i+shared < len(name); i++ {
			gram := name[i : i+shared+1]
			grams[gram] = append(grams[gram], n)
		}
		for v := range short {
			if strings.Contains(name, v) {
				out[n] = true
			}
		}
	}
	for _, v := range values {
		v = bytes.ToLower(v)
		for i := 0; i+shared < len(v) && len(grams) > 0; i++ {
			for _, n := range grams[string(v[i:i+shared+1])] {
				out[n] = true
			}
		}
	}
	return out
}

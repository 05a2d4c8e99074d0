// Package planted makes up secrets for tests: values in the formats of real
// credentials, files that hold them, and a search for them in whatever the
// program writes. The values are put together when the test runs and are the
// same in every run; the source holds none of them. Nobody ever issued one.
package planted

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Secret is one value and the file it is planted in.
type Secret struct {
	Name  string // what it imitates, "aws"
	File  string // the path in [Files]
	Value string
}

// Secrets returns the planted values.
func Secrets() []Secret {
	return []Secret{
		{"aws", "deploy/env.sh", "AKIA" + random("aws", 16, upperBase32)},
		{"github", "scripts/release.py", "ghp_" + random("github", 36, alphanumeric)},
		{"stripe", "web/pay.js", "sk_live_" + random("stripe", 24, alphanumeric)},
		{"private key", "certs/server.pem", random("key", 64, alphanumeric) + "\n" + random("key2", 64, alphanumeric)},
		{"monday token", "config/monday.json", "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"tid":`+random("tid", 9, digits)+`,"uid":`+random("uid", 8, digits)+`}`)) +
			"." + random("signature", 43, alphanumeric)},
		{"monday secret", "config/app.yaml", hexadecimal("monday")},
		{"apollo", ".env", random("apollo", 22, alphanumeric)},
		{"druva", ".env", random("druva", 32, alphanumeric)},
		{"environment", ".env", random("environment", 14, alphanumeric)},
		{"connection", "config/app.yaml", random("connection", 18, alphanumeric)},
		{"query", "config/app.yaml", random("query", 28, alphanumeric)},
		{"generic", "web/client.ts", random("generic", 30, alphanumeric)},
		{"encoded", "k8s/secret.yaml", "glpat-" + random("encoded", 20, alphanumeric)},
		{"go", "main.go", "xoxb-" + random("slack1", 12, digits) + "-" + random("slack2", 12, digits) + random("slack3", 24, alphanumeric)},
	}
}

// Files returns the files that hold the planted values.
func Files() map[string]string {
	v := map[string]string{}
	for _, s := range Secrets() {
		v[s.Name] = s.Value
	}
	return map[string]string{
		"deploy/env.sh":      "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=" + v["aws"] + "\n",
		"scripts/release.py": "import os\n\nTOKEN = '" + v["github"] + "'\n",
		"web/pay.js":         "const stripe = require('stripe')('" + v["stripe"] + "');\n",
		"certs/server.pem":   "-----BEGIN " + "PRIVATE KEY-----\n" + v["private key"] + "\n-----END " + "PRIVATE KEY-----\n",
		"config/monday.json": "{\n  \"token\": \"" + v["monday token"] + "\"\n}\n",
		"config/app.yaml": "monday:\nmonday_signing_secret: " + v["monday secret"] + "\ndatabase: postgres://app:" + v["connection"] + "@db.acme.io:5432/app\n" +
			"callback: https://api.acme.io/v1/people?access_token=" + v["query"] + "\n",
		".env":            "APOLLO_API_KEY=" + v["apollo"] + "\nDRUVA_CLIENT_SECRET=" + v["druva"] + "\nSMTP_PASSWORD=" + v["environment"] + "\n",
		"web/client.ts":   "export const apiKey = \"" + v["generic"] + "\";\n",
		"k8s/secret.yaml": "stringData:\n  gitlab: " + base64.StdEncoding.EncodeToString([]byte("token="+v["encoded"]+" ")) + "\n",
		"main.go":         "package main\n\nconst slack = \"" + v["go"] + "\"\n\nfunc main() { _ = slack }\n",
	}
}

// In returns the names of the planted values of which an output shows more than
// four characters in a row, in clear or in base64. Beginnings that all secrets
// of a format share do not count.
func In(output []byte) []string {
	shown := map[string]bool{}
	for _, s := range Secrets() {
		for part := range strings.SplitSeq(s.Value, "\n") {
			secret := part
			for _, prefix := range []string{"AKIA", "ghp_", "sk_live_", "eyJhbGciOiJIUzI1NiJ9.eyJ0aWQiO", "glpat-", "xoxb-"} {
				secret = strings.TrimPrefix(secret, prefix)
			}
			least := 5
			if len(strings.Trim(secret, "0123456789abcdef-")) == 0 {
				least = 9 // digests are made of the same digits
			}
			for i := 0; i+least <= len(secret); i++ {
				if bytes.Contains(output, []byte(secret[i:i+least])) {
					shown[s.Name] = true
				}
			}
			if bytes.Contains(output, []byte(base64.RawStdEncoding.EncodeToString([]byte(part)))) {
				shown[s.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(shown))
}

const (
	digits       = "0123456789"
	upperBase32  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

// random returns n characters that depend on the seed alone. The second one is
// a digit where the alphabet has any, and the first none, so that a value looks
// like a key and not like a word or a number.
func random(seed string, n int, alphabet string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", seed, i))
		for _, c := range sum {
			if b.Len() < n {
				b.WriteByte(alphabet[int(c)%len(alphabet)])
			}
		}
	}
	text := []byte(b.String())
	if alphabet == alphanumeric && n > 1 {
		text[0], text[1] = 'q', '7'
	}
	return string(text)
}

func hexadecimal(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:16])
}

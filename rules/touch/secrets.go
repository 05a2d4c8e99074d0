package touch

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"regexp"
	"strings"
)

// A secretShape is a form that values of one issuer have and nothing else does.
// The prefixes are those the issuers publish: GitHub (docs.github.com, "About
// authentication to GitHub", token formats), Slack (api.slack.com, token types),
// Stripe (docs.stripe.com/keys), AWS (IAM identifiers, unique ids), Google
// (cloud.google.com, API keys), GitLab (docs.gitlab.com, token prefixes), npm, PyPI,
// SendGrid, Twilio.
type secretShape struct {
	name    string
	prefix  string // what a line must hold to be looked at closer
	pattern *regexp.Regexp
	entropy float64 // lowest of the value's own part, in bits a character
}

var secretShapes = []secretShape{
	{"an AWS access key", "AKIA", regexp.MustCompile(`\b(AKIA[A-Z2-7]{16})\b`), 3},
	{"an AWS access key", "ASIA", regexp.MustCompile(`\b(ASIA[A-Z2-7]{16})\b`), 3},
	{"a GitHub token", "gh", regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{36,251})\b`), 3},
	{"a GitHub token", "github_pat_", regexp.MustCompile(`\b(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b`), 3},
	{"a GitLab token", "glpat-", regexp.MustCompile(`\b(glpat-[A-Za-z0-9_-]{20,})`), 3},
	{"a Slack token", "xox", regexp.MustCompile(`\b(xox[abeoprs]-[0-9]{8,}-[A-Za-z0-9-]{10,})`), 3},
	{"a Slack webhook", "hooks.slack.com", regexp.MustCompile(`(hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})`), 3},
	{"a Stripe key", "k_live_", regexp.MustCompile(`\b((?:sk|rk)_live_[A-Za-z0-9]{20,})`), 3},
	{"a Stripe webhook secret", "whsec_", regexp.MustCompile(`\b(whsec_[A-Za-z0-9]{32,})`), 3},
	{"a Google API key", "AIza", regexp.MustCompile(`\b(AIza[A-Za-z0-9_-]{35})`), 3},
	{"a Google OAuth client secret", "GOCSPX-", regexp.MustCompile(`\b(GOCSPX-[A-Za-z0-9_-]{28})`), 3},
	{"a SendGrid key", "SG.", regexp.MustCompile(`\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})`), 3},
	{"an npm token", "npm_", regexp.MustCompile(`\b(npm_[A-Za-z0-9]{36})\b`), 3},
	{"a PyPI token", "pypi-", regexp.MustCompile(`\b(pypi-AgE[A-Za-z0-9_-]{50,})`), 3},
	{"an OpenAI key", "T3BlbkFJ", regexp.MustCompile(`\b(sk-(?:proj-)?[A-Za-z0-9_-]{20}T3BlbkFJ[A-Za-z0-9_-]{20,})`), 3},
	{"an Anthropic key", "sk-ant-", regexp.MustCompile(`\b(sk-ant-(?:api|admin)[0-9]{2}-[A-Za-z0-9_-]{80,})`), 3},
	{"a DigitalOcean token", "_v1_", regexp.MustCompile(`\b(do[opr]_v1_[a-f0-9]{64})\b`), 2.5},
	{"a Shopify token", "shp", regexp.MustCompile(`\b(shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})\b`), 2.5},
	{"a Vault token", "hvs.", regexp.MustCompile(`\b(hvs\.[A-Za-z0-9_-]{24,})`), 3},
}

var (
	privateKey = regexp.MustCompile(`-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----`)
	jwtShape   = regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{10,})\.(eyJ[A-Za-z0-9_-]{10,})\.([A-Za-z0-9_-]{20,})`)
	// assigned is a name of one of the marketplaces' credentials that is given a
	// quoted or bare value: MONDAY_SIGNING_SECRET=…, "apolloApiKey": "…".
	assigned = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])((?:monday|apollo|druva)[a-z0-9_.-]*?(?:secret|api[_-]?key|api[_-]?token|access[_-]?token|token|password))["']?\s*(?::=|=>|[:=])\s*(["']?)([A-Za-z0-9+/=_.~-]{20,})["'\s,;]?`)
)

// secrets gives T12 for the secrets in added lines. The value goes nowhere: not into
// the signal, not into a digest.
func (c *computation) secrets(f *File, lines []rawLine) {
	gone := map[string]bool{} // a secret that only moved within the file is not new
	for _, l := range lines {
		if !l.added {
			for _, s := range secretsIn(l.text) {
				gone[s.value] = true
			}
		}
	}
	var key strings.Builder // lines after a private key's first
	inKey := 0
	for _, l := range lines {
		if !l.added {
			continue
		}
		if inKey > 0 {
			key.WriteString(l.text)
			if key.Len() < 64 && !strings.Contains(l.text, "-----END") {
				continue
			}
			if body := key.String(); !placeholder(body) && entropy(base64Part(body)) >= 3.5 && len(base64Part(body)) >= 40 {
				c.add(Signal{ID: T12, Level: Critical, Path: f.Path(), Line: inKey, What: "a private key in added lines", Topic: Secrets})
			}
			inKey = 0
		}
		for _, s := range secretsIn(l.text) {
			if gone[s.value] {
				continue
			}
			c.add(Signal{ID: T12, Level: Critical, Path: f.Path(), Line: l.line, What: s.name + " in added lines", Topic: Secrets})
		}
		if !strings.Contains(l.text, "-----BEGIN") {
			continue
		}
		if m := privateKey.FindStringSubmatchIndex(l.text); m != nil {
			key.Reset()
			key.WriteString(l.text[m[1]:])
			inKey = l.line
			// The whole key may stand on one line, with "\n" written out.
			if rest := base64Part(strings.ReplaceAll(l.text[m[1]:], `\n`, "")); len(rest) >= 64 {
				if !placeholder(rest) && entropy(rest) >= 3.5 {
					c.add(Signal{ID: T12, Level: Critical, Path: f.Path(), Line: l.line, What: "a private key in added lines", Topic: Secrets})
				}
				inKey = 0
			}
		}
	}
	if inKey > 0 {
		if body := key.String(); !placeholder(body) && entropy(base64Part(body)) >= 3.5 && len(base64Part(body)) >= 40 {
			c.add(Signal{ID: T12, Level: Critical, Path: f.Path(), Line: inKey, What: "a private key in added lines", Topic: Secrets})
		}
	}
}

type secret struct{ name, value string }

// secretsIn returns the secrets of one line.
func secretsIn(line string) []secret {
	var out []secret
	for i := range secretShapes {
		shape := &secretShapes[i]
		if !strings.Contains(line, shape.prefix) {
			continue
		}
		for _, m := range shape.pattern.FindAllStringSubmatch(line, 10) {
			if !placeholder(m[1]) && entropy(m[1]) >= shape.entropy {
				out = append(out, secret{shape.name, m[1]})
			}
		}
	}
	if strings.Contains(line, "eyJ") {
		out = append(out, tokensIn(line)...)
	}
	lower := strings.ToLower(line)
	if !strings.Contains(lower, "monday") && !strings.Contains(lower, "apollo") && !strings.Contains(lower, "druva") {
		return out
	}
	for _, m := range assigned.FindAllStringSubmatch(line, 10) {
		if !placeholder(m[3]) && entropy(m[3]) >= 3.3 && mixed(m[3]) {
			out = append(out, secret{"a value for " + marketplaceOf(m[1]) + "'s credential", m[3]})
		}
	}
	return out
}

// withoutSecrets takes what has the form of a secret out of a name.
func withoutSecrets(s string) string {
	if len(s) < 20 {
		return s
	}
	for _, x := range secretsIn(s) {
		s = strings.ReplaceAll(s, x.value, "[secret]")
	}
	return s
}

// tokensIn returns the signed tokens of one line.
func tokensIn(line string) []secret {
	var out []secret
	for _, m := range jwtShape.FindAllStringSubmatch(line, 10) {
		if signedToken(m[1], m[2]) && !placeholder(m[3]) && entropy(m[3]) >= 3 {
			out = append(out, secret{"a signed token (JWT)", m[0]})
		}
	}
	return out
}

func marketplaceOf(name string) string {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(lower, "monday"):
		return "monday.com"
	case strings.HasPrefix(lower, "apollo"):
		return "Apollo"
	}
	return "Druva"
}

// signedToken reports whether the first two parts are a JOSE header with an
// algorithm and a claims set (RFC 7519 §7.2). A token that documentation uses, with
// the claims of jwt.io's example, is none.
func signedToken(header, claims string) bool {
	var h struct {
		Alg string `json:"alg"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil || json.Unmarshal(raw, &h) != nil || h.Alg == "" || strings.EqualFold(h.Alg, "none") {
		return false
	}
	var c map[string]any
	raw, err = base64.RawURLEncoding.DecodeString(claims)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return false
	}
	return c["sub"] != "1234567890" && c["name"] != "John Doe"
}

var placeholderWords = regexp.MustCompile(`(?i)example|placeholder|changeme|change[_-]me|dummy|redacted|your[_-]|replace|insert|sample|fake|xxxx|1234567890|0123456789|abcdefgh|test[_-]?(key|token|secret)|\.\.\.|<[a-z_ -]+>|\$\{|\{\{`)

// placeholder reports whether a value stands for another one.
func placeholder(value string) bool {
	if placeholderWords.MatchString(value) {
		return true
	}
	run := 1
	for i := 1; i < len(value); i++ {
		if value[i] == value[i-1] {
			if run++; run >= 6 {
				return true
			}
		} else {
			run = 1
		}
	}
	return false
}

// mixed reports whether a value has both letters and digits, and is no path or
// chain of names.
func mixed(value string) bool {
	letters := strings.ContainsAny(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	digits := 0
	for i := range len(value) {
		if isDigit(value[i]) {
			digits++
		}
	}
	return letters && digits >= 3 && strings.Count(value, ".") <= 2
}

// entropy is Shannon's, in bits a character.
func entropy(s string) float64 {
	if s == "" {
		return 0
	}
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// base64Part keeps the characters of base64 and stops at the end mark.
func base64Part(s string) string {
	if i := strings.Index(s, "-----END"); i >= 0 {
		s = s[:i]
	}
	return strings.Map(func(r rune) rune {
		if r < 128 && (isLetter(byte(r)) && r != '_' && r != '$' || isDigit(byte(r)) || r == '+' || r == '/' || r == '=') {
			return r
		}
		return -1
	}, s)
}

package code

import (
	"slices"
	"testing"
)

func TestSplitName(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"password", []string{"password"}},
		{"userPassword", []string{"user", "password"}},
		{"UserPassword2", []string{"user", "password", "2"}},
		{"DB_PASSWORD", []string{"db", "password"}},
		{"x-api-key", []string{"x", "api", "key"}},
		{"HTTPServer", []string{"http", "server"}},
		{"serveHTTP", []string{"serve", "http"}},
		{"OAuth2Token", []string{"oauth", "2", "token"}},
		{"oauthToken", []string{"oauth", "token"}},
		{"userIDs", []string{"user", "id"}},
		{"APIs", []string{"apis"}},
		{"APIKey", []string{"api", "key"}},
		{"apikey", []string{"api", "key"}},
		{"APIKEY", []string{"api", "key"}},
		{"sessionID", []string{"session", "id"}},
		{"sha256Sum", []string{"sha", "256", "sum"}},
		{"JWTSecret", []string{"jwt", "secret"}},
		{"__token__", []string{"token"}},
		{"tokens", []string{"token"}},
		{"Schlüssel", []string{"schlüssel"}},
		{"user.password", []string{"user", "password"}},
		{"\xff\xfe", nil},
		{"aB", []string{"a", "b"}},
		{"ABc", []string{"a", "bc"}},
	} {
		got := SplitName(tt.in)
		if tt.in == "\xff\xfe" {
			continue // only must not panic
		}
		if !slices.Equal(got, Name(tt.want)) {
			t.Errorf("SplitName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestNameKinds(t *testing.T) {
	const (
		password = 1 << iota
		secret
		token
		mention
	)
	for _, tt := range []struct {
		in   string
		want int
	}{
		{"password", password | secret | token | mention},
		{"newPassword", password | secret | token | mention},
		{"passwordConfirm", password | secret | token | mention},
		{"PASSWD", password | secret | token | mention},
		{"passphrase", password | secret | token | mention},
		{"pwd", password | secret | token | mention},
		{"DB_PASS", password | secret | mention},
		{"pass", password | secret | mention},
		{"pw", password | secret | mention},
		{"userPin", password | secret | mention},
		{"pinCode", password | secret | token | mention},
		{"pin", mention},
		{"secret", secret | token},
		{"clientSecret", secret | token},
		{"JWT_SECRET", secret | token},
		{"STRIPE_SECRET_KEY", secret | token},
		{"AWS_SECRET_ACCESS_KEY", secret | token},
		{"SECRET_KEY_BASE", secret},
		{"apiKey", secret | token},
		{"APIKEY", secret | token},
		{"signingKey", secret | token},
		{"accessToken", secret | token},
		{"GITHUB_TOKEN", secret | token},
		{"token", secret | token},
		{"refresh_token", secret | token},
		{"resetToken", secret | token},
		{"sessionID", token},
		{"session", token},
		{"nonce", token},
		{"otp", token},
		{"salt", token},
		{"resetCode", token},
		{"verificationCode", token},
		{"oauthState", token},
		{"codeVerifier", token},

		// About a secret, not the secret.
		{"passwordHash", mention},
		{"hashedPassword", mention},
		{"PasswordMinLength", mention},
		{"hasPassword", mention},
		{"passwordPolicy", mention},
		{"PASSWORD_FILE", mention},
		{"passwordResetURL", mention},
		{"forgotPassword", mention},
		{"tokenURL", 0},
		{"TOKEN_ENDPOINT", 0},
		{"tokenSource", 0},
		{"tokenType", 0},
		{"secretName", 0},
		{"SECRET_ARN", 0},
		{"secretsManager", 0},
		{"ACCESS_KEY_ID", 0},
		{"keyID", 0},
		{"publicKey", 0},
		{"sessionTimeout", 0},
		{"sessionCount", 0},
		{"tokenRefreshJitter", 0},
		{"saltLength", 0},
		{"nonceSize", 0},
		{"pageToken", 0},
		{"nextPageToken", 0},
		{"syncToken", 0},
		{"maxTokens", 0},
		{"promptTokens", 0},
		{"delimiterToken", 0},
		{"encryptedToken", 0},
		{"hashedToken", 0},
		{"state", 0},
		{"gameState", 0},
		{"statusCode", 0},
		{"errorCode", 0},

		// Words that only contain one.
		{"tokenizer", 0},
		{"tokenize", 0},
		{"author", 0},
		{"authority", 0},
		{"compass", 0},
		{"bypass", 0},
		{"passenger", 0},
		{"passport", 0},
		{"keyboard", 0},
		{"monkey", 0},
		{"turkey", 0},
		{"secretary", 0},
		{"primaryKey", 0},
		{"foreignKey", 0},
		{"cacheKey", 0},
		{"mapKey", 0},
		{"key", 0},
		{"obsession", 0},
		{"saltwater", 0},
		{"pinned", 0},
		{"spinCount", 0},
		{"announce", 0},
		{"estate", 0},
		{"first_pass", 0},
		{"analysisPass", 0},
	} {
		n := SplitName(tt.in)
		got := 0
		if n.Password() {
			got |= password
		}
		if n.Secret() {
			got |= secret
		}
		if n.Token() {
			got |= token
		}
		if n.MentionsPassword() {
			got |= mention
		}
		if got != tt.want {
			t.Errorf("%s: kinds %04b (mention token secret password), want %04b", tt.in, got, tt.want)
		}
	}
}

func FuzzSplitName(f *testing.F) {
	for _, s := range []string{"", "OAuth2Token", "a_B-c", "\xff", "ÄÖ9x", "IDs"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := SplitName(s)
		for _, w := range n {
			if w == "" {
				t.Fatalf("SplitName(%q) holds an empty word: %q", s, n)
			}
		}
		n.Password()
		n.Secret()
		n.Token()
		n.MentionsPassword()
	})
}

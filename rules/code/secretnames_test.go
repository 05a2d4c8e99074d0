package code

import (
	"slices"
	"testing"
)

func TestSecretByName(t *testing.T) {
	for level, names := range map[sensitivity][]string{
		sureSecret: {"password", "dbPassword", "accessToken", "ACCESS_TOKEN", "apiKey", "client_secret", "jwtSecret", "privateKey", "bearerToken", "authHeader", "Authorization", "otp", "passcode",
			"token", "refresh_token", "githubToken", "jwt", "passwd2"},
		maybeSecret: {"csrfToken", "accessKey", "appKey", "dsn", "databaseURL", "REDIS_URL", "connectionString", "cookie", "credentials", "pwd", "fromToken"},
		maskedValue: {"hashedPassword", "passwordHash", "maskedToken", "redactedKey", "tokenFingerprint", "encryptedSecret", "passwordSha256", "encodedPassword"},
		openValue: {"", "tokenizer", "author", "compass", "keyboard", "secretary", "monkey", "tokenID", "tokenType", "tokenURL", "tokenTTL", "secretName", "secretRef", "keyPath", "passwordLength",
			"hasPassword", "nextPageToken", "pageToken", "syncToken", "cancelToken", "publicKey", "publicToken", "primaryKey", "testPassword", "examplePassword", "passwordFile", "url", "userID", "sessionID", "header"},
	} {
		for _, name := range names {
			if got := secretByName(SplitName(name)); got != level {
				t.Errorf("secretByName(%q) = %d, want %d", name, got, level)
			}
		}
	}
}

func TestSecretKeys(t *testing.T) {
	for _, tt := range []struct {
		key  string
		of   func(string) sensitivity
		want sensitivity
	}{
		{"Authorization", secretHeader, sureSecret},
		{"Proxy-Authorization", secretHeader, sureSecret},
		{"Cookie", secretHeader, sureSecret},
		{"Set-Cookie", secretHeader, sureSecret},
		{"X-Api-Key", secretHeader, sureSecret},
		{"X-Auth-Token", secretHeader, sureSecret},
		{"X-CSRF-Token", secretHeader, maybeSecret},
		{"User-Agent", secretHeader, openValue},
		{"Idempotency-Key", secretHeader, openValue},
		{"session_id", secretCookie, sureSecret},
		{"JWT", secretCookie, sureSecret},
		{"csrf", secretCookie, maybeSecret},
		{"theme", secretCookie, maybeSecret},
		{"STRIPE_KEY", secretEnv, sureSecret},
		{"DB_PASSWORD", secretEnv, sureSecret},
		{"TLS_KEY", secretEnv, openValue},
		{"SORT_KEY", secretEnv, openValue},
		{"KEY", secretEnv, openValue},
		{"TOKEN_URL", secretEnv, openValue},
		{"DATABASE_URL", secretEnv, maybeSecret},
	} {
		if got := tt.of(tt.key); got != tt.want {
			t.Errorf("%q is judged %d, want %d", tt.key, got, tt.want)
		}
	}
}

func TestOneTimeAndExplicit(t *testing.T) {
	for name, want := range map[string][2]bool{
		"resetToken":        {true, false},
		"verification_code": {true, false},
		"inviteToken":       {true, false},
		"access_token":      {false, true},
		"api_key":           {false, true},
		"token":             {false, false},
		"q":                 {false, false},
	} {
		n := SplitName(name)
		if got := [2]bool{n.oneTime(), n.explicitCredential()}; got != want {
			t.Errorf("%q: one time and explicit are %v, want %v", name, got, want)
		}
	}
}

func TestFormatVerbs(t *testing.T) {
	for format, want := range map[string]string{
		"":                      "",
		"100%% of %s":           "s",
		"%5.2f %-10s %+v %#x %": "fsvx",
		"%[1]s %s":              "",
		"%*d":                   "",
	} {
		if got := formatVerbs(format); string(got) != want {
			t.Errorf("formatVerbs(%q) = %q, want %q", format, got, want)
		}
	}
	if syntaxText("token refused") || !syntaxText("unexpected token %q") {
		t.Error("a text about syntax is not told from others")
	}
}

func FuzzSecretByName(f *testing.F) {
	for _, s := range []string{"", "password", "X-Api-Key", "auth.jwt.secret", "\xff", "1", "Token2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := SplitName(s)
		if slices.Contains(n, "") {
			t.Fatalf("SplitName(%q) has an empty word", s)
		}
		secretByName(n)
		secretHeader(s)
		secretCookie(s)
		secretEnv(s)
		formatVerbs(s)
	})
}

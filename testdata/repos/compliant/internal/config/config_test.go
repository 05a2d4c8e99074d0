package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	good := map[string]string{
		"LISTEN": ":8443", "TLS_CERT_FILE": "c", "TLS_KEY_FILE": "k", "DATABASE_URL": "postgres://a@db.internal/b?sslmode=verify-full",
		"APOLLO_CLIENT_ID": "a", "APOLLO_CLIENT_SECRET": "b", "MONDAY_CLIENT_ID": "c", "MONDAY_CLIENT_SECRET": "d",
		"MONDAY_SIGNING_SECRET": "e", "REPOSITORY": "harbour/bridge", "REPOSITORY_ID": "9",
		"SEAL_KEYS": "k2:" + strings.Repeat("A", 43) + "=,k1:" + strings.Repeat("B", 42) + "A=",
	}
	set := func(t *testing.T, name, value string) {
		for k, v := range good {
			t.Setenv(k, v)
		}
		if name != "" {
			t.Setenv(name, value)
		}
	}
	set(t, "", "")
	c, err := Load()
	if err != nil || c.SealKey != "k2" || len(c.SealKeys) != 2 {
		t.Fatalf("%v %v", c.SealKey, err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", c.ApolloSecret, c.Database, c.MondaySigning); strings.ReplaceAll(shown, "[hidden]", "") != "  " {
		t.Errorf("shown: %s", shown)
	}
	for name, value := range map[string]string{
		"APOLLO_CLIENT_SECRET": "", "DATABASE_URL": "postgres://a@db.internal/b?sslmode=require", "SEAL_KEYS": "k1:AAAA", "REPOSITORY_ID": "R_9",
	} {
		set(t, name, value)
		if _, err := Load(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%q: %v", name, value, err)
		}
		t.Setenv(name, good[name])
	}
}

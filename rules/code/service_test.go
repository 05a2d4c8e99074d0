package code

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestUndeclared(t *testing.T) {
	at := func(line int) rules.Location { return rules.Location{Path: "a.go", Line: line} }
	items := []rules.Item{
		{Name: "api.vendor.io", Detail: "literal", Location: at(9)},
		{Name: "API.vendor.io", Detail: "literal", Location: at(3)},
		{Name: "eu.files.vendor.io", Detail: "literal", Location: at(4)},
		{Name: "*.amazonaws.com", Detail: "github.com/aws/aws-sdk-go-v2/config", Location: at(5)},
		{Name: "apis.druva.com", Detail: "literal", Location: at(6)},
	}
	for _, tt := range []struct {
		name     string
		declared []string
		want     string // hosts, first line and uses
	}{
		{"none", nil, "*.amazonaws.com:5x1 api.vendor.io:3x2 apis.druva.com:6x1 eu.files.vendor.io:4x1"},
		{"exact", []string{"api.vendor.io", "APIS.druva.com."}, "*.amazonaws.com:5x1 eu.files.vendor.io:4x1"},
		{"a domain covers itself only", []string{"files.vendor.io", "amazonaws.com", "vendor.io"}, "*.amazonaws.com:5x1 api.vendor.io:3x2 apis.druva.com:6x1 eu.files.vendor.io:4x1"},
		{"pattern", []string{"*.vendor.io", "*.amazonaws.com"}, "apis.druva.com:6x1"},
		{"dot", []string{".vendor.io"}, "*.amazonaws.com:5x1 apis.druva.com:6x1"},
		{"url", []string{"https://api.vendor.io:443/v1"}, "*.amazonaws.com:5x1 apis.druva.com:6x1 eu.files.vendor.io:4x1"},
		{"no suffix trick", []string{"*.endor.io", "*", "*.", ""}, "*.amazonaws.com:5x1 api.vendor.io:3x2 apis.druva.com:6x1 eu.files.vendor.io:4x1"},
	} {
		var got []string
		for _, u := range Undeclared(items, tt.declared) {
			got = append(got, u.Item.Name+":"+string(rune('0'+u.Item.Location.Line))+"x"+string(rune('0'+u.Uses)))
			if !strings.Contains(u.Message, u.Item.Name) {
				t.Errorf("%s: message %q does not name the host", tt.name, u.Message)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

func TestMarketplaceOf(t *testing.T) {
	for host, want := range map[string]string{
		"apis.druva.com": "druva", "API.apollo.io.": "apollo", "auth.monday.com": "monday", "monday.com": "", "api.monday.com.evil.io": "",
	} {
		if got := MarketplaceOf(host); got != want {
			t.Errorf("MarketplaceOf(%s) = %q, want %q", host, got, want)
		}
	}
}

func TestSDKHost(t *testing.T) {
	for path, want := range map[string]string{
		"cloud.google.com/go/storage": "*.googleapis.com", "github.com/stripe/stripe-go/client": "api.stripe.com", "github.com/stripe/stripe-gox": "",
		"golang.org/x/oauth2": "", "golang.org/x/oauth2/github": "github.com", cleanPath("github.com/google/go-github/v66/github"): "api.github.com",
	} {
		if got := sdkHost(path); got != want {
			t.Errorf("sdkHost(%s) = %q, want %q", path, got, want)
		}
	}
}

func TestCleanPath(t *testing.T) {
	for in, want := range map[string]string{
		"github.com/jackc/pgx/v5/pgxpool": "github.com/jackc/pgx/pgxpool", "github.com/jackc/pgx/v5": "github.com/jackc/pgx",
		"a.io/b/vendor/gopkg.in/yaml.v3": "gopkg.in/yaml", "vendor/golang.org/x/net/http2": "golang.org/x/net/http2", "math/rand/v2": "math/rand/v2",
		"gopkg.in/mgo.v2/bson": "gopkg.in/mgo/bson", "github.com/a/vault": "github.com/a/vault", "net/http": "net/http", "github.com/x/v2ray": "github.com/x/v2ray",
		"github.com/golang-jwt/jwt/v5/request": "github.com/golang-jwt/jwt/request",
	} {
		if got := cleanPath(in); got != want {
			t.Errorf("cleanPath(%s) = %s, want %s", in, got, want)
		}
	}
}

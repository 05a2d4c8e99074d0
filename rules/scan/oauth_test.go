package scan

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
)

// partnerApp is a program that calls two marketplaces; what is put before main
// says how it is authorised there. The library is declared as far as needed.
const partnerApp = `
-- go.mod --
module example.com/app

go 1.26

require golang.org/x/oauth2 v0.37.0
-- vendor/modules.txt --
# golang.org/x/oauth2 v0.37.0
## explicit; go 1.25
golang.org/x/oauth2
golang.org/x/oauth2/clientcredentials
-- vendor/golang.org/x/oauth2/oauth2.go --
package oauth2

import (
	"context"
	"net/http"
)

type Endpoint struct{ AuthURL, TokenURL string }

type Config struct {
	ClientID, ClientSecret string
	Endpoint               Endpoint
}

type Token struct{ AccessToken, RefreshToken string }

type AuthCodeOption interface{ option() }

func (c *Config) Exchange(context.Context, string, ...AuthCodeOption) (*Token, error) { return nil, nil }

func (c *Config) Client(context.Context, *Token) *http.Client { return nil }
-- vendor/golang.org/x/oauth2/clientcredentials/clientcredentials.go --
package clientcredentials

import (
	"context"
	"net/http"
)

type Config struct{ ClientID, ClientSecret, TokenURL string }

func (c *Config) Client(context.Context) *http.Client { return nil }
-- main.go --
package main

import (
	"context"
	"net/http"
	"os"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

var _, _ = oauth2.Config{}, clientcredentials.Config{}

var _, _, _ = context.Background, http.NewRequest, os.Getenv

func read(c *http.Client, url string) error {
	resp, err := c.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func main() {
	_ = read(http.DefaultClient, "https://api.apollo.io/api/v1/contacts")
	_ = read(http.DefaultClient, "https://apis.druva.com/insync/usermanagement/v1/users")
}
`

const (
	apolloCode = `
func connect(ctx context.Context, code string) error {
	conf := &oauth2.Config{ClientID: os.Getenv("ID"), Endpoint: oauth2.Endpoint{TokenURL: "https://app.apollo.io/api/v1/oauth/token"}}
	token, err := conf.Exchange(ctx, code)
	if err != nil {
		return err
	}
	return read(conf.Client(ctx, token), "https://api.apollo.io/api/v1/contacts")
}
`
	druvaCredentials = `
func users(ctx context.Context) error {
	conf := &clientcredentials.Config{ClientID: os.Getenv("ID"), TokenURL: "https://apis.druva.com/token"}
	return read(conf.Client(ctx), "https://apis.druva.com/insync/usermanagement/v1/users")
}
`
)

// TestDelegatedAccess goes from source to the status of the requirements that
// ask how the app is authorised.
func TestDelegatedAccess(t *testing.T) {
	const needs = rules.NeedsEvidence
	for _, tt := range []struct {
		name, source  string
		apollo, druva rules.Verdict
		says          string // a reason of Apollo's requirement
	}{
		{"each as its marketplace wants it", apolloCode + druvaCredentials, rules.Pass, rules.Pass, "the code is authorised at app.apollo.io by the OAuth 2.0 code flow: main.go:"},
		{"a code flow for one says nothing of the other", apolloCode, rules.Pass, needs, "code flow"},
		{"client credentials for one say nothing of the other", druvaCredentials, needs, rules.Pass, "No entry of services says how the app is authorised at apollo"},
		{"client credentials are no code flow", strings.ReplaceAll(druvaCredentials, "apis.druva.com/token", "app.apollo.io/api/v1/oauth/token"), needs, needs, "No entry of services says how"},
		{"nothing that asks for a token", ``, needs, needs, "No entry of services says how"},
		{"a host of the configuration", strings.ReplaceAll(apolloCode, `"https://app.apollo.io/api/v1/oauth/token"`, `os.Getenv("TOKEN_URL")`), needs, needs, "write the marketplace's token URL as a constant"},
		{"a login elsewhere", strings.ReplaceAll(apolloCode, "app.apollo.io", "login.partner.io"), needs, needs, "No entry of services says how"},
		{"declared and not used", `var unused = oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: "https://app.apollo.io/api/v1/oauth/token"}}` + "\n", needs, needs, "No entry of services says how"},
		{"a bearer token that is configured", `
func contacts() error {
	ask := func(req *http.Request, err error) error {
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+os.Getenv("PARTNER_TOKEN"))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	if err := ask(http.NewRequest("GET", "https://api.apollo.io/api/v1/contacts", nil)); err != nil {
		return err
	}
	return ask(http.NewRequest("GET", "https://apis.druva.com/users", nil))
}
`, needs, rules.Pass, "No entry of services says how"},
		{"an API key beside the code flow", apolloCode + druvaCredentials + `
func search() error {
	req, err := http.NewRequest("GET", "https://api.apollo.io/api/v1/search", nil)
	if err != nil {
		return err
	}
	req.Header.Set("X-Api-Key", os.Getenv("APOLLO_KEY"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
`, rules.Fail, rules.Pass, "MKT306"},
		{"what does not build", apolloCode + druvaCredentials + "func broken() { undefined() }\n", rules.Unknown, rules.Unknown, "Not all code was analysed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := scanTree(t, layOut(t, strings.Replace(partnerApp, "func main()", tt.source+"\nfunc main()", 1)))
			rep, _ := report(t, r)
			for id, want := range map[string]rules.Verdict{"APOLLO-ORG-02": tt.apollo, "DRUVA-AP-01": tt.druva} {
				i := slices.IndexFunc(rep.Assessments, func(a rules.Assessment) bool { return a.Requirement == id })
				if a := rep.Assessments[i]; a.Verdict != want {
					t.Errorf("%s is %s, want %s: %q", id, a.Verdict, want, a.Reasons)
				} else if all := strings.Join(a.Reasons, "\n"); id == "APOLLO-ORG-02" && !strings.Contains(all, tt.says) {
					t.Errorf("%s: %q does not say %q", id, all, tt.says)
				}
			}
			for _, o := range r.Evidence.Observations {
				if o.Verifier == oauthVerifier && (o.Letter != "M" || !strings.HasPrefix(o.Link, "main.go:") || len(o.Tags) != 1 || !o.At.Equal(testNow)) {
					t.Errorf("the observation %+v", o)
				}
			}
		})
	}
}

// TestOAuthRunFollowsTheFacts: where the walk that finds the clients did not
// end, nothing is known of them.
func TestOAuthRunFollowsTheFacts(t *testing.T) {
	s := newRun(t.Context(), testCatalogue(t), Options{Dir: layOut(t, partnerApp), Offline: true, Advisories: advisories}, testNow, code.With)
	if _, err := s.scan(); err != nil {
		t.Fatal(err)
	}
	s.failed[factsVerifier] = "did not end"
	r := s.finish()
	rep, _ := report(t, r)
	for _, id := range []string{"APOLLO-ORG-02", "DRUVA-AP-01"} {
		i := slices.IndexFunc(rep.Assessments, func(a rules.Assessment) bool { return a.Requirement == id })
		if a := rep.Assessments[i]; a.Verdict != rules.Unknown || !slices.ContainsFunc(a.Reasons, func(s string) bool {
			return strings.Contains(s, "run:oauth-clients did not run to the end: did not end")
		}) {
			t.Errorf("%s is %s: %q", id, a.Verdict, a.Reasons)
		}
	}
}

// TestDelegatedAccessOverPackages: one package writes where the app signs in,
// another one does it, by every kind of name that a configuration can have.
func TestDelegatedAccessOverPackages(t *testing.T) {
	const setup = `
package setup

import (
	"os"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type Settings struct {
	Apollo  *oauth2.Config
	Contact oauth2.Config
	Druva   clientcredentials.Config
}

var Endpoint = oauth2.Endpoint{TokenURL: "https://app.apollo.io/api/v1/oauth/token"}

var Shared = &oauth2.Config{Endpoint: Endpoint}

var Login = &oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: "https://login.partner.io/token"}}

var Open = &oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: os.Getenv("TOKEN_URL")}}

func Load() (*Settings, error) {
	return &Settings{Apollo: New(), Contact: oauth2.Config{Endpoint: Endpoint}, Druva: clientcredentials.Config{TokenURL: "https://apis.druva.com/token"}}, nil
}

func New() *oauth2.Config { return &oauth2.Config{ClientID: os.Getenv("ID"), Endpoint: Endpoint} }
`
	for _, tt := range []struct {
		name, use     string
		apollo, druva rules.Verdict
	}{
		{"a function", `_, err := setup.New().Exchange(ctx, code)`, rules.Pass, rules.NeedsEvidence},
		{"a variable", `_, err := setup.Shared.Exchange(ctx, code)`, rules.Pass, rules.NeedsEvidence},
		{"an endpoint", `conf := oauth2.Config{Endpoint: setup.Endpoint}; _, err := conf.Exchange(ctx, code)`, rules.Pass, rules.NeedsEvidence},
		{"a field with a pointer", `s, err := setup.Load(); if err == nil { _, err = s.Apollo.Exchange(ctx, code) }`, rules.Pass, rules.NeedsEvidence},
		{"a field with a value", `s, err := setup.Load(); if err == nil { _, err = s.Contact.Exchange(ctx, code) }`, rules.Pass, rules.NeedsEvidence},
		{"a field of another kind", `s, err := setup.Load(); if err == nil { err = read(s.Druva.Client(ctx), code) }`, rules.NeedsEvidence, rules.Pass},
		{"a field that is set here", `s := setup.Settings{Contact: oauth2.Config{Endpoint: setup.Endpoint}}; _, err := s.Contact.Exchange(ctx, code)`, rules.Pass, rules.NeedsEvidence},
		{"another service's", `_, err := setup.Login.Exchange(ctx, code)`, rules.NeedsEvidence, rules.NeedsEvidence},
		{"a host of the configuration", `_, err := setup.Open.Exchange(ctx, code)`, rules.NeedsEvidence, rules.NeedsEvidence},
		{"nothing is called", `_, err := setup.Load()`, rules.NeedsEvidence, rules.NeedsEvidence},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source := strings.Replace(partnerApp, "func main()", "func connect(ctx context.Context, code string) error {\n"+tt.use+"\nreturn err\n}\n\nfunc main()", 1)
			source = strings.Replace(source, `"golang.org/x/oauth2"`+"\n", `"golang.org/x/oauth2"`+"\n"+`"example.com/app/setup"`+"\n", 1)
			r := scanTree(t, layOut(t, source+"-- setup/setup.go --"+setup))
			rep, _ := report(t, r)
			for id, want := range map[string]rules.Verdict{"APOLLO-ORG-02": tt.apollo, "DRUVA-AP-01": tt.druva} {
				i := slices.IndexFunc(rep.Assessments, func(a rules.Assessment) bool { return a.Requirement == id })
				if a := rep.Assessments[i]; a.Verdict != want {
					t.Errorf("%s is %s, want %s: %q", id, a.Verdict, want, a.Reasons)
				}
			}
		})
	}
}

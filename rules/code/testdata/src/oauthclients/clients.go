// Package oauthclients is authorised at marketplaces by x/oauth2.
package oauthclients

import (
	"cmp"
	"context"
	"net/http"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/google"
	"golang.org/x/oauth2/jwt"

	"config.partner.io/env"
)

const apolloHost = "https://app.apollo.io"

var apolloEndpoint = oauth2.Endpoint{
	AuthURL:  apolloHost + "/#/oauth/authorize",
	TokenURL: apolloHost + "/api/v1/oauth/token",
}

var shared = oauth2.Config{ClientID: os.Getenv("ID"), Endpoint: apolloEndpoint}

type service struct {
	pointer *oauth2.Config
	value   oauth2.Config
	issued  *oauth2.Config
	druva   clientcredentials.Config
}

func newService(id, secret string) *service {
	return &service{
		pointer: &oauth2.Config{ClientID: id, ClientSecret: secret, Endpoint: apolloEndpoint},
		value:   oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: apolloHost + "/api/v1/oauth/token"}},
		druva:   clientcredentials.Config{ClientID: id, ClientSecret: secret, TokenURL: "https://apis.druva.com/token"},
	}
}

func (s *service) login(state string) string {
	return s.pointer.AuthCodeURL(state, oauth2.S256ChallengeOption("v")) // want `apollo:oauth2-code: app.apollo.io`
}

func (s *service) callback(ctx context.Context, code string) (*oauth2.Token, error) {
	if tok, err := s.value.Exchange(ctx, code); err == nil { // want `apollo:oauth2-code: app.apollo.io`
		return tok, nil
	}
	if tok, err := shared.Exchange(ctx, code); err == nil { // want `apollo:oauth2-code: app.apollo.io`
		return tok, nil
	}
	return s.pointer.Exchange(ctx, code) // want `apollo:oauth2-code: app.apollo.io`
}

func (s *service) client(ctx context.Context, stored *oauth2.Token) *http.Client {
	return s.pointer.Client(ctx, stored) // want `apollo:oauth2-code: app.apollo.io`
}

func (s *service) fixed(ctx context.Context) *http.Client {
	return s.pointer.Client(ctx, &oauth2.Token{AccessToken: os.Getenv("APOLLO_TOKEN")}) // ok: a token of the configuration
}

func (s *service) backups(ctx context.Context) *http.Client {
	return s.druva.Client(ctx) // want `druva:oauth2-client-credentials: apis.druva.com`
}

func regional(ctx context.Context) (*oauth2.Token, error) {
	conf := clientcredentials.Config{ClientID: os.Getenv("ID")}
	conf.TokenURL = cmp.Or(os.Getenv("DRUVA_URL"), "https://govcloudapis.druva.com") + "/token"
	return conf.Token(ctx) // want `druva:oauth2-client-credentials: govcloudapis.druva.com`
}

func signed(ctx context.Context, key []byte) *http.Client {
	conf := &jwt.Config{Email: "app", PrivateKey: key, TokenURL: "https://apis.druva.com/token"}
	return conf.Client(ctx) // want `druva:oauth2-jwt-bearer: apis.druva.com`
}

func device(ctx context.Context, dev *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	conf := &oauth2.Config{}
	conf.Endpoint.TokenURL = "https://auth.monday.com/oauth2/token"
	return conf.DeviceAccessToken(ctx, dev) // want `monday:oauth2-device: auth.monday.com`
}

func (s *service) discover(ctx context.Context) error {
	provider, err := oidc.NewProvider(ctx, "https://apis.druva.com")
	if err != nil {
		return err
	}
	s.issued = &oauth2.Config{Endpoint: provider.Endpoint()}
	return nil
}

func (s *service) issuedCallback(ctx context.Context, code string) (*oauth2.Token, error) {
	return s.issued.Exchange(ctx, code) // want `druva:oauth2-code: apis.druva.com` `druva:oidc: apis.druva.com`
}

var providers = map[string]*oauth2.Config{
	"google": {Endpoint: google.Endpoint},
	"monday": {Endpoint: oauth2.Endpoint{TokenURL: "https://auth.monday.com/oauth2/token"}},
}

func connect(ctx context.Context, name, code string) (*oauth2.Token, error) {
	conf, ok := providers[name]
	if !ok {
		return nil, os.ErrNotExist
	}
	return conf.Exchange(ctx, code) // want `monday:oauth2-code: auth.monday.com`
}

func configured(ctx context.Context, code string) (*oauth2.Token, error) {
	conf := &oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: os.Getenv("APOLLO_TOKEN_URL")}}
	return conf.Exchange(ctx, code) // ok: the host is only known at run time
}

func elsewhere(ctx context.Context, code string) (*oauth2.Token, error) {
	conf := &oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: env.String("APOLLO", "") + "/oauth/token"}}
	return conf.Exchange(ctx, code) // ok: another package knows the host
}

func lookalike(ctx context.Context, code string) (*oauth2.Token, error) {
	conf := &oauth2.Config{Endpoint: oauth2.Endpoint{TokenURL: "https://app.apollo.io.example.net/token"}}
	return conf.Exchange(ctx, code) // ok: another host
}

func handed(ctx context.Context, conf *oauth2.Config, code string) (*oauth2.Token, error) {
	return conf.Exchange(ctx, code) // ok: nobody here says which
}

func password(ctx context.Context, user, pass string) (*oauth2.Token, error) {
	return shared.PasswordCredentialsToken(ctx, user, pass) // ok: the grant that hands out passwords is none of those accepted
}

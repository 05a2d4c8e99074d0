// Package oauthlogin knows the marketplaces, and signs its users in elsewhere.
package oauthlogin

import (
	"context"
	"net/http"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/google"
)

// Declared and never used.
var (
	apollo = &oauth2.Config{Endpoint: oauth2.Endpoint{AuthURL: "https://app.apollo.io/#/oauth/authorize", TokenURL: "https://app.apollo.io/api/v1/oauth/token"}}
	druva  = clientcredentials.Config{TokenURL: "https://apis.druva.com/token"}
)

var login = &oauth2.Config{ClientID: os.Getenv("GOOGLE_ID"), Endpoint: google.Endpoint}

func start(w http.ResponseWriter, r *http.Request, state string) {
	http.Redirect(w, r, login.AuthCodeURL(state), http.StatusFound)
}

func callback(ctx context.Context, code string) (*oauth2.Token, error) {
	return login.Exchange(ctx, code)
}

func company(ctx context.Context, code string) (*oauth2.Token, error) {
	provider, err := oidc.NewProvider(ctx, "https://login.partner.io")
	if err != nil {
		return nil, err
	}
	conf := oauth2.Config{Endpoint: provider.Endpoint()}
	return conf.Exchange(ctx, code)
}

func contacts(ctx context.Context, token *oauth2.Token) (*http.Response, error) {
	return login.Client(ctx, token).Get("https://api.apollo.io/api/v1/contacts")
}

func names() []string { return []string{apollo.ClientID, druva.ClientID} }

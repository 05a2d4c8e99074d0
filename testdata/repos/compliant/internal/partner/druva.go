package partner

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Druva reads the state of backups with the credentials of a customer.
type Druva struct{ caller *caller }

// NewDruva returns a client.
func NewDruva(transport http.RoundTripper) *Druva { return &Druva{newCaller(transport, 1)} }

// DruvaCredentials are what a customer created in the console of Druva for us
// alone (docs/onboarding.md).
type DruvaCredentials struct {
	ClientID     string
	ClientSecret string
}

var druvaCredential = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// Valid reports whether the credentials have the form Druva gives them.
func (c DruvaCredentials) Valid() bool {
	return druvaCredential.MatchString(c.ClientID) && druvaCredential.MatchString(c.ClientSecret)
}

// A Summary counts devices by the result of their last backup.
type Summary struct {
	Devices int `json:"devices"`
	Failing int `json:"failing"`
}

// String is the sentence that partners are told.
func (s Summary) String() string {
	return fmt.Sprintf("%d of %d devices have a failing backup", s.Failing, s.Devices)
}

// token signs in with the client credentials grant. Tokens live half an hour and
// are not kept.
func (d *Druva) token(ctx context.Context, c DruvaCredentials) (*oauth2.Token, error) {
	conf := clientcredentials.Config{
		ClientID:     c.ClientID,
		ClientSecret: c.ClientSecret,
		TokenURL:     "https://apis.druva.com/token",
		Scopes:       []string{"read"},
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	return conf.Token(d.caller.context(ctx))
}

// Summary asks for the last backups of all devices.
func (d *Druva) Summary(ctx context.Context, c DruvaCredentials) (Summary, error) {
	token, err := d.token(ctx, c)
	if err != nil {
		return Summary{}, fmt.Errorf("signing in at Druva: %w", err)
	}
	var answer struct {
		Backups []struct {
			Status string `json:"backupStatus"`
		} `json:"backups"`
	}
	err = d.caller.send(ctx, jsonRequest(ctx, http.MethodGet, "https://apis.druva.com/insync/endpoints/v1/backups", token, nil), &answer)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Devices: len(answer.Backups)}
	for _, b := range answer.Backups {
		if b.Status == "Backup Failed" {
			s.Failing++
		}
	}
	return s, nil
}

package partner

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"golang.org/x/oauth2"
)

// Apollo signs people in and takes tasks about contacts.
type Apollo struct {
	OAuth  *oauth2.Config
	caller *caller
}

// NewApollo returns a client of the registered application.
func NewApollo(id, secret, redirect string, transport http.RoundTripper) *Apollo {
	return &Apollo{
		OAuth: &oauth2.Config{
			ClientID:     id,
			ClientSecret: secret,
			RedirectURL:  redirect,
			Scopes:       []string{"read_user_profile", "tasks_create"},
			Endpoint: oauth2.Endpoint{
				AuthURL:   "https://app.apollo.io/#/oauth/authorize",
				TokenURL:  "https://app.apollo.io/api/v1/oauth/token",
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		caller: newCaller(transport, 2),
	}
}

// Context is for calls of OAuth's methods.
func (a *Apollo) Context(ctx context.Context) context.Context { return a.caller.context(ctx) }

// A Person is who signed in at Apollo.
type Person struct {
	ID   string
	Team string
}

var apolloID = regexp.MustCompile(`^[0-9a-f]{24}$`)

// ValidContact reports whether a text has the form of a contact's id.
func ValidContact(id string) bool { return apolloID.MatchString(id) }

// Whoami returns the person a token was issued for.
func (a *Apollo) Whoami(ctx context.Context, token *oauth2.Token) (Person, error) {
	var answer struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	}
	err := a.caller.send(ctx, jsonRequest(ctx, http.MethodGet, "https://api.apollo.io/api/v1/users/api_profile", token, nil), &answer)
	if err != nil {
		return Person{}, err
	}
	if !apolloID.MatchString(answer.ID) || !apolloID.MatchString(answer.Team) {
		return Person{}, errors.New("the profile names no person and team")
	}
	return Person{ID: answer.ID, Team: answer.Team}, nil
}

// AddTask leaves a task about a contact.
func (a *Apollo) AddTask(ctx context.Context, token *oauth2.Token, contact, note string) error {
	body := map[string]any{"contact_ids": []string{contact}, "type": "action_item", "priority": "medium", "status": "scheduled", "note": note}
	return a.caller.send(ctx, jsonRequest(ctx, http.MethodPost, "https://api.apollo.io/api/v1/tasks/bulk_create", token, body), nil)
}

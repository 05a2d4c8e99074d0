package partner

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"golang.org/x/oauth2"
)

// Monday writes updates on boards and tells us about changes there.
type Monday struct {
	OAuth  *oauth2.Config
	caller *caller
}

// NewMonday returns a client of the registered application.
func NewMonday(id, secret, redirect string, transport http.RoundTripper) *Monday {
	return &Monday{
		OAuth: &oauth2.Config{
			ClientID:     id,
			ClientSecret: secret,
			RedirectURL:  redirect,
			Scopes:       []string{"me:read", "updates:write", "webhooks:write"},
			Endpoint: oauth2.Endpoint{
				AuthURL:   "https://auth.monday.com/oauth2/authorize",
				TokenURL:  "https://auth.monday.com/oauth2/token",
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		caller: newCaller(transport, 1),
	}
}

// Context is for calls of OAuth's methods.
func (m *Monday) Context(ctx context.Context) context.Context { return m.caller.context(ctx) }

// The documents are constants; values travel as variables.
const (
	askAccount    = `query { me { account { id } } }`
	createUpdate  = `mutation ($item: ID!, $body: String!) { create_update (item_id: $item, body: $body) { id } }`
	createWebhook = `mutation ($board: ID!, $url: String!) { create_webhook (board_id: $board, url: $url, event: change_status_column_value) { id } }`
)

// query sends a document. monday reports failures inside an answer of 200.
func (m *Monday) query(ctx context.Context, token *oauth2.Token, document string, variables map[string]string, into any) error {
	answer := struct {
		Data   any   `json:"data"`
		Errors []any `json:"errors"`
	}{Data: into}
	body := map[string]any{"query": document, "variables": variables}
	if err := m.caller.send(ctx, jsonRequest(ctx, http.MethodPost, "https://api.monday.com/v2", token, body), &answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return errors.New("monday did not carry out the request")
	}
	return nil
}

// Account returns the account a token belongs to.
func (m *Monday) Account(ctx context.Context, token *oauth2.Token) (int64, error) {
	var answer struct {
		Me struct {
			Account struct {
				ID string `json:"id"`
			} `json:"account"`
		} `json:"me"`
	}
	if err := m.query(ctx, token, askAccount, nil, &answer); err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer.Me.Account.ID, 10, 64)
}

// Watch asks for a webhook whenever a status of the board changes.
func (m *Monday) Watch(ctx context.Context, token *oauth2.Token, board int64, hook string) error {
	return m.query(ctx, token, createWebhook, map[string]string{"board": strconv.FormatInt(board, 10), "url": hook}, nil)
}

// Update writes an update below an item.
func (m *Monday) Update(ctx context.Context, token *oauth2.Token, item int64, text string) error {
	return m.query(ctx, token, createUpdate, map[string]string{"item": strconv.FormatInt(item, 10), "body": text}, nil)
}

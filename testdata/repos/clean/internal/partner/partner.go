// Package partner talks to the marketplaces.
package partner

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.com/harbour/sync/internal/config"
)

const maxAnswer = 1 << 20

func newClient() *http.Client {
	return &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}},
	}
}

// send carries a request out and decodes the answer when into is not nil.
func send(client *http.Client, req *http.Request, into any) (err error) {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		if closed := resp.Body.Close(); err == nil {
			err = closed
		}
	}()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the service answered %d", resp.StatusCode)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(into)
}

// Druva reads backup status.
type Druva struct {
	client *http.Client
	cfg    config.Config
}

// NewDruva returns a client.
func NewDruva(cfg config.Config) *Druva { return &Druva{newClient(), cfg} }

// Token asks for an access token.
func (d *Druva) Token(ctx context.Context) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://apis.druva.com/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.SetBasicAuth(d.cfg.DruvaID, d.cfg.DruvaSecret)
	answer := map[string]any{}
	if err := send(d.client, req, &answer); err != nil {
		return "", err
	}
	token, ok := answer["access_token"].(string)
	if !ok {
		return "", fmt.Errorf("the answer holds no token")
	}
	return token, nil
}

// Apollo updates contacts.
type Apollo struct {
	client *http.Client
	token  string
}

// NewApollo returns a client.
func NewApollo(cfg config.Config) *Apollo { return &Apollo{newClient(), cfg.ApolloToken} }

// Annotate writes a note on a contact.
func (a *Apollo) Annotate(ctx context.Context, contact, note string) error {
	body, err := json.Marshal(map[string]string{"contact_id": contact, "note": note})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.apollo.io/api/v1/notes", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	return send(a.client, req, nil)
}

// Monday updates boards.
type Monday struct {
	client *http.Client
	token  string
}

// NewMonday returns a client.
func NewMonday(cfg config.Config) *Monday { return &Monday{newClient(), cfg.MondayToken} }

const createUpdate = `mutation ($item: ID!, $body: String!) { create_update (item_id: $item, body: $body) { id } }`

// Post puts an update on a board.
func (m *Monday) Post(ctx context.Context, item, text string) error {
	body, err := json.Marshal(map[string]any{
		"query":     createUpdate,
		"variables": map[string]string{"item": item, "body": text},
	})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.monday.com/v2", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+m.token)
	return send(m.client, req, nil)
}

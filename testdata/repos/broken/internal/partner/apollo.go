package partner

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"

	"example.com/harbour/sync/internal/config"
)

// Apollo updates contacts.
type Apollo struct {
	client *http.Client
	key    string
}

// NewApollo returns a client that accepts the TLS version of the settings.
func NewApollo(cfg config.Config) *Apollo {
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: minimumTLS(cfg.MinimumTLS)}}
	return &Apollo{client: &http.Client{Transport: transport}, key: cfg.ApolloKey}
}

func minimumTLS(name string) uint16 {
	switch name {
	case "1.0":
		return tls.VersionTLS10
	case "1.3":
		return tls.VersionTLS13
	}
	return tls.VersionTLS12
}

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
	req.Header.Set("X-Api-Key", a.key)
	resp, err := a.client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

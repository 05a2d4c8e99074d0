// Package partner talks to the marketplaces.
package partner

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.com/harbour/sync/internal/config"
)

// Druva reads backup status.
type Druva struct {
	client *http.Client
	cfg    config.Config
}

// NewDruva returns a client. The lab's certificates are self-signed.
func NewDruva(cfg config.Config) *Druva {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	return &Druva{client: &http.Client{Transport: transport, Timeout: 30 * time.Second}, cfg: cfg}
}

// Token asks for an access token.
func (d *Druva) Token(ctx context.Context) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://apis.druva.com/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.SetBasicAuth(d.cfg.DruvaID, d.cfg.DruvaSecret)
	resp, err := d.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(resp.Body).Decode(&answer)
	return answer.AccessToken, err
}

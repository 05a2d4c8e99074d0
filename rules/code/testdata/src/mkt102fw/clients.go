// Package mkt102fw sends requests with other clients than net/http's.
package mkt102fw

import (
	"context"

	"github.com/gobwas/ws"
	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/net/websocket"
)

func send(ctx context.Context) {
	retryablehttp.Get("http://api.partner.io/v1")                                 // want `^V MKT102`
	retryablehttp.NewClient().Post("http://api.partner.io/v1", "text/plain", nil) // want `^V MKT102`
	retryablehttp.NewRequest("GET", "http://api.partner.io/v1", nil)              // want `^V MKT102`
	ws.Dial(ctx, "ws://events.partner.io/feed")                                   // want `^V MKT102`
	websocket.Dial("ws://events.partner.io/feed", "", "https://app.partner.io")   // want `^V MKT102`
	retryablehttp.Get("https://api.partner.io/v1")                                // ok: TLS
	retryablehttp.Get("http://localhost:8080/health")                             // ok: the same machine
	ws.Dial(ctx, "wss://events.partner.io/feed")                                  // ok: TLS
	websocket.Dial("wss://events.partner.io/feed", "", "http://localhost")        // ok: the origin is no address
}

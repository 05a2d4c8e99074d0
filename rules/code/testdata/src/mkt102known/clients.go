// Package mkt102known sends requests with crawlers, browsers and clients of
// services.
package mkt102known

import (
	"context"

	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"
	"github.com/dghubble/sling"
	"github.com/elastic/go-elasticsearch/v8"
	"github.com/gocolly/colly/v2"
	old "nhooyr.io/websocket"
)

func send(ctx context.Context) {
	websocket.Dial(ctx, "ws://events.partner.io/feed", nil)                               // want `^V MKT102`
	old.Dial(ctx, "ws://events.partner.io/feed", nil)                                     // want `^V MKT102`
	sling.New().Base("http://api.partner.io/").Get("v1/orders")                           // want `^V MKT102`
	sling.New().Post("http://api.partner.io/v1/orders")                                   // want `^V MKT102`
	colly.NewCollector().Visit("http://www.partner.io/")                                  // want `^V MKT102`
	chromedp.Run(ctx, chromedp.Navigate("http://www.partner.io/report"))                  // want `^V MKT102`
	websocket.Dial(ctx, "wss://events.partner.io/feed", nil)                              // ok: TLS
	old.Dial(ctx, "ws://localhost:8080/feed", nil)                                        // ok: the same machine
	sling.New().Base("https://api.partner.io/").Get("v1/orders")                          // ok: TLS
	sling.New().Base("https://api.partner.io/").Path("proxy/http://")                     // ok: a path of a TLS host
	colly.NewCollector(colly.AllowedDomains("partner.io")).Visit("https://a.partner.io/") // ok: TLS
	chromedp.Run(ctx, chromedp.Navigate("about:blank"))                                   // ok: no request
	chromedp.Run(ctx, chromedp.Navigate("http://127.0.0.1:8080/print"))                   // ok: the same machine
}

func search() {
	elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{"http://search.partner.io:9200"}})  // want `^V MKT102`
	elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{"https://search.partner.io:9200"}}) // ok: TLS
	elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{"http://localhost:9200"}})          // ok: the same machine
}

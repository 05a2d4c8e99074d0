// Package mkt508known fetches what the request names with crawlers, browsers
// and feed readers.
package mkt508known

import (
	"context"
	"net/http"
	"net/url"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
	"github.com/dghubble/sling"
	"github.com/gocolly/colly/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/proxy"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/websocket"
)

func fetch(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	colly.NewCollector().Visit(r.FormValue("url"))                      // want `^V MKT508`
	chromedp.Run(ctx, chromedp.Navigate(r.FormValue("url")))            // want `^V MKT508`
	sling.New().Get(r.FormValue("url"))                                 // want `^V MKT508`
	sling.New().Base("https://" + r.FormValue("host")).Get("v1/orders") // want `^V MKT508`
	goquery.NewDocument(r.FormValue("url"))                             // want `^V MKT508`
	gofeed.NewParser().ParseURL(r.FormValue("feed"))                    // want `^V MKT508`
	gofeed.NewParser().ParseURLWithContext(r.FormValue("feed"), ctx)    // want `^V MKT508`
	websocket.Dial(r.FormValue("url"), "", "https://app.partner.io")    // want `^V MKT508`
}

var feeds = map[string]string{"news": "https://www.partner.io/feed", "status": "https://status.partner.io/feed"}

func own(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	colly.NewCollector().Visit("https://www.partner.io/?q=" + url.QueryEscape(r.FormValue("q")))                // ok: its own host
	chromedp.Run(ctx, chromedp.Navigate("https://www.partner.io/print?id="+url.QueryEscape(r.FormValue("id")))) // ok: its own host
	sling.New().Base("https://api.partner.io/").QueryStruct(struct{ Q string }{r.FormValue("q")})               // ok: in the query
	goquery.NewDocument("https://www.partner.io/?page=" + url.QueryEscape(r.FormValue("page")))                 // ok: its own host
	gofeed.NewParser().ParseURL(feeds[r.FormValue("feed")])                                                     // ok: chosen from a list
	gofeed.NewParser().ParseString(r.FormValue("xml"))                                                          // ok: a text, no address
	websocket.Dial("wss://events.partner.io/feed", r.FormValue("protocol"), "https://app.partner.io")           // ok: the protocol
}

func proxied(c *fiber.Ctx) error {
	return proxy.Do(c, c.Query("url")) // want `^V MKT508`
}

func forwarded(c *fiber.Ctx) error {
	return proxy.Do(c, "https://api.partner.io/items?q="+url.QueryEscape(c.Query("q"))) // ok: its own host
}

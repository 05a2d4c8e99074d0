// Package mkt508 exercises rule MKT508.
package mkt508

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	coder "github.com/coder/websocket"
	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
	"google.golang.org/grpc"
)

func clients(c *gin.Context) {
	resty.New().R().Get(c.Query("u"))                                                            // want `V MKT508: The query parameter u chooses the host of an outbound request`
	fasthttp.Get(nil, c.Query("u"))                                                              // want `V MKT508: `
	grpc.NewClient(c.Query("host") + ":443")                                                     // want `V MKT508: `
	websocket.DefaultDialer.Dial("wss://"+c.Query("h")+"/feed", nil)                             // want `V MKT508: `
	coder.Dial(c.Request.Context(), c.Query("u"), nil)                                           // want `V MKT508: `
	(&net.Dialer{Timeout: time.Second}).DialContext(c.Request.Context(), "tcp", c.Query("addr")) // want `V MKT508: `
}

func echoFetch(c echo.Context) error {
	var in struct{ Webhook string }
	if err := c.Bind(&in); err != nil {
		return err
	}
	_, err := resty.New().SetBaseURL("https://api.partner.io").R().Execute("POST", in.Webhook) // want `V MKT508: The request's form chooses`
	return err
}

func fiberFetch(c *fiber.Ctx) error {
	r := &fasthttp.Request{}
	r.SetRequestURI(c.Query("u")) // want `V MKT508: `
	return nil
}

func proxy(w http.ResponseWriter, r *http.Request) {
	p := &httputil.ReverseProxy{Director: func(out *http.Request) {
		out.URL.Host = out.Header.Get("X-Target") // want `V MKT508: A request header chooses the host that the proxy`
	}}
	p.ServeHTTP(w, r)
}

type svc struct{ api *resty.Client }

// The client comes from elsewhere: its dialer is not seen.
func (s *svc) fetch(c *gin.Context) {
	s.api.R().Get(c.Query("u")) // want `R MKT508: `
}

func stored(db *sql.DB) {
	var hook string
	db.QueryRow("SELECT hook FROM t").Scan(&hook)
	resty.New().R().Get(hook) // want `R MKT508: Stored data chooses the host`
}

var errPrivate = errors.New("private address")

func rebind(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil {
		return
	}
	ips, err := net.LookupIP(u.Hostname())
	if err != nil {
		return
	}
	for _, ip := range ips {
		if ip.IsPrivate() || ip.IsLoopback() {
			return
		}
	}
	http.Get(u.String()) // want `V MKT508/rebind: The form field u chooses the host`
}

func checkURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	ips, err := net.LookupIP(u.Hostname())
	if err != nil || len(ips) == 0 || ips[0].IsPrivate() {
		return errPrivate
	}
	return nil
}

func rebind2(c *gin.Context) {
	if err := checkURL(c.Query("u")); err != nil {
		return
	}
	resty.New().R().Get(c.Query("u")) // want `V MKT508/rebind: `
}

// Below: fine.

func publicOnly(network, address string, _ syscall.RawConn) error {
	host, _, _ := net.SplitHostPort(address)
	if net.ParseIP(host).IsPrivate() {
		return errPrivate
	}
	return nil
}

func guarded(c *gin.Context) {
	dialer := &net.Dialer{Control: publicOnly}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	client.Get(c.Query("u")) // ok: the dialer's Control refuses private addresses
	req, err := http.NewRequest("GET", c.Query("u"), nil)
	if err != nil {
		return
	}
	client.Do(req)                                                  // ok: the dialer's Control refuses private addresses
	dialer.DialContext(c.Request.Context(), "tcp", c.Query("addr")) // ok: the dialer's Control refuses private addresses
}

func guarded2(c *gin.Context) {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		ips, err := net.LookupIP(addr)
		if err != nil || ips[0].IsPrivate() {
			return nil, errPrivate
		}
		return net.Dial(network, ips[0].String())
	}}}
	client.Get(c.Query("u")) // ok: the dial function looks at the address it dials
}

var hosts = []string{"a.partner.io", "b.partner.io"}

func listed(c *gin.Context) {
	u, err := url.Parse(c.Query("u"))
	if err != nil || !slices.Contains(hosts, u.Hostname()) {
		return
	}
	resty.New().R().Get(u.String())   // ok: the host is in a list
	resty.New().R().Get(c.Query("u")) // ok: the host is in a list
}

func fixed(c *gin.Context) {
	resty.New().R().Get("https://api.partner.io/items/" + url.PathEscape(c.Query("id"))) // ok: the host is fixed
	resty.New().SetBaseURL("https://api.partner.io").R().Get("/items/" + c.Query("id"))  // want `R MKT508/path: The query parameter id becomes`
	resty.New().R().SetHeader("X-Name", c.Query("name")).Get("https://api.partner.io/")  // ok: the host is fixed
	fasthttp.Get(nil, "https://api.partner.io/?q="+c.Query("q"))                         // ok: the host is fixed
	grpc.NewClient("api.partner.io:443")                                                 // ok: the host is fixed
}

func suffix(c *gin.Context) {
	u, err := url.Parse(c.Query("u"))
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Hostname(), ".partner.io") {
		return
	}
	resty.New().R().Get(u.String()) // ok: the host ends in the own domain
}

func chosen(c *gin.Context) {
	region := "eu"
	if c.Query("region") == "us" {
		region = "us"
	}
	resty.New().R().Get("https://" + region + ".partner.io/") // ok: chosen by the program
}

type config struct{ base string }

func (k *config) fetch(c *gin.Context) {
	resty.New().R().Get(k.base + "/items/" + c.Query("id")) // want `R MKT508/path: The query parameter id becomes`
}

func allowedURL(u string) bool { return strings.HasPrefix(u, "https://api.partner.io/") }

func function(c *fiber.Ctx) error {
	u := c.Query("u")
	if !allowedURL(u) {
		return fiber.NewError(400)
	}
	_, err := resty.New().R().Get(u) // ok: checked by a function
	return err
}

// Package mkt102 exercises rule MKT102.
package mkt102

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/go-resty/resty/v2"
	"github.com/gorilla/websocket"
	"github.com/jlaffaye/ftp"
	"github.com/valyala/fasthttp"
	"golang.org/x/oauth2"
)

const base = "http://api.partner.io"

var ordersURL = base + "/orders"

type client struct {
	baseURL string
	http    *http.Client
}

func newClient() *client {
	return &client{baseURL: "http://api.vendor.io/v1", http: http.DefaultClient}
}

func direct() {
	http.Get("http://api.partner.io/v1")                                          // want `V MKT102: http:// request to api.partner.io is sent without TLS; use https`
	http.Post(base+"/v1", "text/plain", nil)                                      // want `V MKT102: http:// request to api.partner.io`
	http.Get(ordersURL)                                                           // want `V MKT102: .*api.partner.io`
	http.Get(fmt.Sprintf("%s/users/%d", base, 7))                                 // want `V MKT102: .*api.partner.io`
	http.Get("http://93.184.216.34/x")                                            // want `V MKT102: .*93.184.216.34`
	http.NewRequest("GET", "http://User@api.partner.io:8080/?q=1", nil)           // want `V MKT102: .*api.partner.io`
	http.NewRequestWithContext(context.TODO(), "GET", "HTTP://A.Partner.IO", nil) // want `V MKT102: .*a.partner.io`
}

func (c *client) orders(id string) {
	c.http.Get(c.baseURL + "/orders/" + id) // want `V MKT102: .*api.vendor.io`
	u, _ := url.JoinPath(c.baseURL, "orders")
	c.http.Get(u) // want `V MKT102: .*api.vendor.io`
}

func fetch(u string) {
	http.Get(u) // want `V MKT102: .*feeds.partner.io`
}

func callers() { fetch("http://feeds.partner.io/rss") }

func conditional(secure bool) {
	scheme := "https://"
	if !secure {
		scheme = "http://"
	}
	http.Get(scheme + "api.partner.io/") // want `R MKT102: .*api.partner.io`
}

func parsed() {
	u, _ := url.Parse("http://backend.partner.io")
	httputil.NewSingleHostReverseProxy(u) // want `V MKT102: .*backend.partner.io`
	v := url.URL{Scheme: "http", Host: "built.partner.io", Path: "/x"}
	http.Get(v.String()) // want `V MKT102: .*built.partner.io`
}

func fallback() {
	u := os.Getenv("API")
	if u == "" {
		u = "http://fallback.partner.io"
	}
	http.Get(strings.TrimSuffix(u, "/") + "/x") // want `V MKT102: .*fallback.partner.io`
}

func private() {
	http.Get("http://10.0.0.7/x")                    // want `R MKT102: .*10.0.0.7`
	http.Get("http://billing:8080/x")                // want `R MKT102: .*billing`
	http.Get("http://" + os.Args[1])                 // want `R MKT102: .*a host that is only known at run time`
	http.Get("http://api." + os.Args[1])             // want `R MKT102: .*a host that is only known at run time`
	http.Get(fmt.Sprintf("http://%s/x", os.Args[1])) // want `R MKT102: .*a host that is only known at run time`
}

func frameworks() {
	websocket.DefaultDialer.Dial("ws://stream.partner.io/", nil) // want `V MKT102: ws:// request to stream.partner.io is sent without TLS; use wss`
	c := resty.New().SetBaseURL("http://rest.partner.io")        // want `V MKT102: .*rest.partner.io`
	c.R().Get("http://rest.partner.io/a")                        // want `V MKT102: .*rest.partner.io`
	c.R().Execute("GET", "http://rest.partner.io/b")             // want `V MKT102: .*rest.partner.io`
	fasthttp.Get(nil, "http://fast.partner.io/")                 // want `V MKT102: .*fast.partner.io`
	ldap.DialURL("ldap://dir.partner.io:389")                    // want `V MKT102: ldap:// request to dir.partner.io is sent without TLS; use ldaps`
	ftp.Dial("files.partner.io:21")                              // want `V MKT102: ftp:// request to files.partner.io`
	_ = oauth2.Config{Endpoint: oauth2.Endpoint{
		AuthURL:  "https://login.partner.io/auth",
		TokenURL: "http://login.partner.io/token", // want `V MKT102: .*login.partner.io`
	}}
}

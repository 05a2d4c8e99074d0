// Package factsclient calls other hosts.
package factsclient

import (
	"net"
	"net/http"
	"os"
)

type config struct{ BaseURL string }

const document = `query Boards($id: ID!) { boards(ids: [$id]) { name } }` // want `graphql-client: GraphQL document`

func Fetch(cfg config, url string) {
	http.Get("https://api.monday.com/v2")                          // want `outbound: net/http.Get` `hosts: api.monday.com`
	http.Get(os.Getenv("API_URL"))                                 // want `outbound: net/http.Get` `hosts\?: net/http.Get`
	http.Get(cfg.BaseURL + "/x")                                   // want `outbound: net/http.Get` `hosts\?: net/http.Get`
	http.Get(url)                                                  // want `outbound: net/http.Get` `hosts\?: net/http.Get` `outbound-dynamic: net/http.Get`
	req, _ := http.NewRequest("GET", "https://api.vendor.io", nil) // want `outbound: net/http.NewRequest` `hosts: api.vendor.io`
	req.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))  // want `secret: net/http.Header.Set` `secret: TOKEN`
	http.DefaultClient.Do(req)                                     // want `outbound: net/http.Client.Do`
}

func Send(req *http.Request) {
	http.DefaultClient.Do(req) // want `outbound: net/http.Client.Do` `outbound-dynamic\?: net/http.Client.Do` `hosts\?: net/http.Client.Do`
}

func listen() {
	net.Listen("tcp", ":9000") // want `http-server\?: net.Listen`
}

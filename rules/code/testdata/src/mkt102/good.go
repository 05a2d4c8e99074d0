package mkt102

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-resty/resty/v2"
	"github.com/gorilla/websocket"
	"github.com/jlaffaye/ftp"
)

// Names that look like addresses.
const (
	atomNS  = "http://www.w3.org/2005/Atom"
	licence = "http://www.apache.org/licenses/LICENSE-2.0"
	schema  = "http://json-schema.org/draft-07/schema#"
)

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	NS      string
}

func namespaces(w http.ResponseWriter) {
	f := feed{NS: atomNS}
	fmt.Fprint(w, f.NS, licence, schema) // ok: a namespace is text, nothing is fetched
	req, _ := http.NewRequest("GET", "https://api.partner.io", nil)
	req.Header.Set("Accept", atomNS)                    // ok: a header's value is not asked
	req.Header.Set("Referer", "http://www.partner.io/") // ok: a Referer is not asked
	http.DefaultClient.Do(req)
}

func near(port int) {
	http.Get("http://localhost:8080/healthz")           // ok: loopback
	http.Get("http://127.0.0.1/healthz")                // ok: loopback
	http.Get("http://[::1]:9000/")                      // ok: loopback
	http.Get(fmt.Sprintf("http://localhost:%d/", port)) // ok: loopback, whatever the port
	http.Get(fmt.Sprintf("http://127.0.0.1:%d/%s", port, "x"))
	http.Get("http://169.254.169.254/latest/meta-data/") // ok: the cloud's metadata address has no TLS
	http.Get("http://metadata.google.internal/computeMetadata/v1/")
	http.Get("http://printer.local/status")           // ok: a name of the local network
	http.Get("http://orders.shop.svc.cluster.local/") // ok: a name inside the cluster
	http.Get("http://example.com/")                   // ok: a name reserved for documentation
	http.Get("http://api.example.org/v1")
	http.Get("http://backend.test/") // ok: a name reserved for tests
	http.Get("http://unix/info")
	http.Get("https://api.partner.io")
	http.Get("/relative") // ok: no scheme
	http.Get("httpx://odd.partner.io")
	websocket.DefaultDialer.Dial("wss://stream.partner.io/", nil)                                                 // ok: wss is encrypted
	resty.New().SetBaseURL("https://rest.partner.io").R().SetHeader("Referer", "http://www.partner.io").Get("/x") // ok: https, and the other URL is a Referer
	ftp.Dial("files.partner.io:21", ftp.DialWithExplicitTLS(nil))                                                 // ok: FTP with explicit TLS
	ftp.Dial("localhost:21")
}

// upgrade never requests the literal, it replaces it.
func upgrade(u string) {
	http.Get(strings.Replace("https://api.partner.io/?next="+url.QueryEscape("http://other.partner.io"), "a", "b", 1)) // ok: the http URL is a parameter of an https one
	if strings.HasPrefix(u, "http://insecure.partner.io") {
		return
	}
}

// allowed compares with literals only.
func allowed(u string) bool {
	switch u {
	case "http://legacy.partner.io": // ok: compared, not asked
		return false
	}
	return true
}

type endpoint struct{ name, URL string }

// docs has the same field name as a client, in another type.
func docs() endpoint { return endpoint{"docs", "http://docs.partner.io"} } // ok: shown to a reader, not asked

type mirror struct{ URL string }

func (m *mirror) get() { http.Get(m.URL) }

func useMirror() { (&mirror{URL: "https://mirror.partner.io"}).get() }

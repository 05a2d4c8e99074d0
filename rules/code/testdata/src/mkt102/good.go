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
	fmt.Fprint(w, f.NS, licence, schema)
	req, _ := http.NewRequest("GET", "https://api.partner.io", nil)
	req.Header.Set("Accept", atomNS)
	req.Header.Set("Referer", "http://www.partner.io/")
	http.DefaultClient.Do(req)
}

func near(port int) {
	http.Get("http://localhost:8080/healthz")
	http.Get("http://127.0.0.1/healthz")
	http.Get("http://[::1]:9000/")
	http.Get(fmt.Sprintf("http://localhost:%d/", port))
	http.Get(fmt.Sprintf("http://127.0.0.1:%d/%s", port, "x"))
	http.Get("http://169.254.169.254/latest/meta-data/")
	http.Get("http://metadata.google.internal/computeMetadata/v1/")
	http.Get("http://printer.local/status")
	http.Get("http://orders.shop.svc.cluster.local/")
	http.Get("http://example.com/")
	http.Get("http://api.example.org/v1")
	http.Get("http://backend.test/")
	http.Get("http://unix/info")
	http.Get("https://api.partner.io")
	http.Get("/relative")
	http.Get("httpx://odd.partner.io")
	websocket.DefaultDialer.Dial("wss://stream.partner.io/", nil)
	resty.New().SetBaseURL("https://rest.partner.io").R().SetHeader("Referer", "http://www.partner.io").Get("/x")
	ftp.Dial("files.partner.io:21", ftp.DialWithExplicitTLS(nil))
	ftp.Dial("localhost:21")
}

// upgrade never requests the literal, it replaces it.
func upgrade(u string) {
	http.Get(strings.Replace("https://api.partner.io/?next="+url.QueryEscape("http://other.partner.io"), "a", "b", 1))
	if strings.HasPrefix(u, "http://insecure.partner.io") {
		return
	}
}

// allowed compares with literals only.
func allowed(u string) bool {
	switch u {
	case "http://legacy.partner.io":
		return false
	}
	return true
}

type endpoint struct{ name, URL string }

// docs has the same field name as a client, in another type.
func docs() endpoint { return endpoint{"docs", "http://docs.partner.io"} }

type mirror struct{ URL string }

func (m *mirror) get() { http.Get(m.URL) }

func useMirror() { (&mirror{URL: "https://mirror.partner.io"}).get() }

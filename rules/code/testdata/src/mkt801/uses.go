// Package mkt801 exercises rule MKT801.
package mkt801

import (
	"database/sql"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"os"

	"github.com/partner/client"
	"github.com/stripe/stripe-go/v76" // want `R MKT801: the code speaks to api.stripe.com \(github.com/stripe/stripe-go/v76\)`
)

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
}

const base = "https://API.vendor.io/v1"

func uses(id string) {
	stripe.Key = os.Getenv("STRIPE_KEY")
	http.Get(base + "/orders/" + id)                        // want `R MKT801: the code speaks to api.vendor.io \(literal\)`
	sql.Open("postgres", "postgres://app@db.vendor.io/app") // want `R MKT801: the code speaks to db.vendor.io \(data source name\)`
	smtp.SendMail("mail.vendor.io:587", nil, "", nil, nil)  // want `R MKT801: the code speaks to mail.vendor.io \(literal\)`
	net.Dial("tcp", "tcp.vendor.io:7000")                   // want `R MKT801: the code speaks to tcp.vendor.io`
	_ = client.Config{BaseURL: "https://sdk.vendor.io"}     // want `R MKT801: the code speaks to sdk.vendor.io`
}

func near(id string) {
	http.Get("http://localhost:8080/") // ok: this machine
	http.Get("https://example.com/")   // ok: a name for examples
	http.Get("http://billing/")        // ok: a name inside the cluster
	http.Get(os.Getenv("API") + "/x")  // ok: configured
	http.Get("https://" + os.Getenv("REGION") + ".vendor.io")
	fmt.Println("see https://docs.vendor.io")            // ok: printed
	_ = client.Config{Name: "https://name.vendor.io"}    // ok: a name, no address
	sql.Open("postgres", "postgres://app@localhost/app") // ok: this machine
	net.Dial("tcp", ":9000")
	net.Listen("tcp", "listen.vendor.io:80") // ok: the server itself
}

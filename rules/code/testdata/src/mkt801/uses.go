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
	http.Get("http://localhost:8080/")
	http.Get("https://example.com/")
	http.Get("http://billing/")
	http.Get(os.Getenv("API") + "/x")
	http.Get("https://" + os.Getenv("REGION") + ".vendor.io")
	fmt.Println("see https://docs.vendor.io")
	_ = client.Config{Name: "https://name.vendor.io"}
	sql.Open("postgres", "postgres://app@localhost/app")
	net.Dial("tcp", ":9000")
	net.Listen("tcp", "listen.vendor.io:80")
}

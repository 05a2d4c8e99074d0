// Package mkt207known sends mail with gomail.
package mkt207known

import (
	"bytes"
	htmpl "html/template"
	"text/template"

	"gopkg.in/gomail.v2"
)

type order struct{ Customer string }

var (
	page  = template.Must(template.New("p").Parse("<p>Thank you, {{.Customer}}</p>"))
	plain = template.Must(template.New("t").Parse("Thank you, {{.Customer}}"))
	safe  = htmpl.Must(htmpl.New("p").Parse("<p>Thank you, {{.Customer}}</p>"))
)

func html(m *gomail.Message, o order) error {
	var b bytes.Buffer
	if err := page.Execute(&b, o); err != nil { // want `^[VR] MKT207`
		return err
	}
	m.SetBody("text/html", b.String())
	return gomail.NewDialer("mail.partner.io", 587, "", "").DialAndSend(m)
}

func text(m *gomail.Message, o order) {
	var b bytes.Buffer
	plain.Execute(&b, o) // ok: plain text
	m.SetBody("text/plain", b.String())
}

func escaped(m *gomail.Message, o order) {
	var b bytes.Buffer
	safe.Execute(&b, o) // ok: html/template escapes
	m.SetBody("text/html", b.String())
}

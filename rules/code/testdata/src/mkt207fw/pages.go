// Package mkt207fw renders pages with echo and mail with go-mail.
package mkt207fw

import (
	"bytes"
	"html"
	htmpl "html/template"
	"text/template"

	"github.com/labstack/echo/v4"
	"github.com/wneessen/go-mail"
)

type user struct{ Name string }

var (
	page  = template.Must(template.New("p").Parse("<p>Hello {{.Name}}</p>"))
	safe  = htmpl.Must(htmpl.New("p").Parse("<p>Hello {{.Name}}</p>"))
	plain = template.Must(template.New("t").Parse("Hello {{.Name}}"))
)

func echoed(c echo.Context) error {
	return page.Execute(c.Response(), user{c.QueryParam("name")}) // want `^V MKT207`
}

func echoedSafe(c echo.Context) error {
	return safe.Execute(c.Response(), user{c.QueryParam("name")}) // ok: html/template escapes
}

func mailed(m *mail.Msg, u user) {
	var b bytes.Buffer
	page.Execute(&b, u) // want `^[VR] MKT207`
	m.SetBodyString(mail.TypeTextHTML, b.String())
}

func mailedPlain(m *mail.Msg, u user) {
	var b bytes.Buffer
	plain.Execute(&b, u) // ok: plain text
	m.SetBodyString(mail.TypeTextPlain, b.String())
}

func mailedSafe(m *mail.Msg, u user) {
	var b bytes.Buffer
	safe.Execute(&b, user{html.EscapeString(u.Name)}) // ok: escaped
	m.SetBodyString(mail.TypeTextHTML, b.String())
}

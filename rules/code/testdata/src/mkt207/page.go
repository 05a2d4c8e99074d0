// Package mkt207 exercises rule MKT207.
package mkt207

import (
	"bytes"
	"html"
	htmpl "html/template"
	"net/http"
	"net/smtp"
	"os"
	"strings"
	"text/template"

	"github.com/gin-gonic/gin"
)

type user struct{ Name string }

var (
	page   = template.Must(template.New("p").Parse("<p>Hello {{.Name}}</p>"))
	files  = template.Must(template.ParseFiles("views/page.html"))
	all    = template.Must(template.ParseGlob("views/*"))
	plain  = template.Must(template.New("t").Parse("Hello {{.Name}}"))
	config = template.Must(template.New("c").Parse("<listen host={{.Name}}>"))
	safe   = htmpl.Must(htmpl.New("p").Parse("<p>Hello {{.Name}}</p>"))
)

func handler(w http.ResponseWriter, r *http.Request) {
	page.Execute(w, user{r.FormValue("name")})                      // want `V MKT207: text/template escapes nothing`
	files.Execute(w, user{"x"})                                     // want `V MKT207: `
	all.ExecuteTemplate(w, "page.html", &user{r.FormValue("name")}) // want `V MKT207: `
	all.ExecuteTemplate(w, "page", &user{r.FormValue("name")})      // want `R MKT207: `
}

func typed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	plain.Execute(w, map[string]string{"Name": r.FormValue("name")}) // want `V MKT207: `
}

func ginHandler(c *gin.Context) {
	page.Execute(c.Writer, gin.H{"Name": c.Query("name")}) // want `V MKT207: `
}

func mail(u user) error {
	var b bytes.Buffer
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n")
	if err := page.Execute(&b, u); err != nil { // want `V MKT207: `
		return err
	}
	return smtp.SendMail("mail:25", nil, "a@partner.io", []string{"b@partner.io"}, b.Bytes())
}

func local(w http.ResponseWriter, r *http.Request) {
	t, err := template.New("x").Parse(`<div>{{.}}</div>`)
	if err != nil {
		return
	}
	t.Execute(w, r.FormValue("name")) // want `V MKT207: `
}

func fine(w http.ResponseWriter, r *http.Request) {
	safe.Execute(w, user{r.FormValue("name")})
	plain.Execute(w, user{r.FormValue("name")})
	page.Execute(w, nil)
	page.Execute(w, 5)
	page.Execute(w, html.EscapeString(r.FormValue("name")))
}

func metrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	all.Execute(w, user{r.FormValue("name")})
}

func download(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Disposition", "attachment; filename=report.html")
	page.Execute(w, user{r.FormValue("name")})
}

func script(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	all.ExecuteTemplate(w, "data.json", user{"x"})
}

func others() string {
	config.Execute(os.Stdout, user{"x"})
	var sql strings.Builder
	template.Must(template.New("q").Parse("SELECT * FROM {{.Name}}")).Execute(&sql, user{"t"})
	return sql.String()
}

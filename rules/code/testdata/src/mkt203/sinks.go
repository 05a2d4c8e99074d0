package mkt203

import (
	"database/sql"
	"encoding/gob"
	"fmt"
	"html/template"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/smtp"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func commands(c *gin.Context) {
	exec.Command("sh", "-c", "convert "+c.Query("f")).Run()        // want `V MKT203/command: The query parameter f is run by a shell`
	exec.Command("/usr/bin/env", "bash", "-c", c.Query("f")).Run() // want `V MKT203/command: .* is run by a shell`
	exec.Command("sudo", c.Query("f")).Run()                       // want `V MKT203/command: .* is run by a shell`
	exec.Command("git", "log", c.Query("f")).Run()                 // want `R MKT203/argument: The query parameter f is an argument that may be read as an option`
	args := []string{"log"}
	args = append(args, c.Query("f"))
	exec.Command("git", args...).Run() // want `R MKT203/argument: `
}

func files(c *gin.Context) {
	os.ReadFile(filepath.Join("/srv", c.Param("name")))               // want `V MKT203/path: The path parameter name chooses the file`
	os.Open(filepath.Clean("/srv/"+c.Param("name")) + c.Query("ext")) // want `V MKT203/path: `
	os.Remove("/srv/" + c.Query("name"))                              // want `V MKT203/path: `
	c.File("/srv/" + c.Query("name"))                                 // want `V MKT203/path: `
}

func files2(c echo.Context) error { return c.File(c.QueryParam("f")) } // want `V MKT203/path: `

func files3(c *fiber.Ctx) error { return c.SendFile("./" + c.Query("f")) } // want `V MKT203/path: `

func queries(db *sql.DB, c *gin.Context) {
	db.Query("SELECT * FROM t WHERE name = '" + c.Query("n") + "'") // want `V MKT203/sql: The query parameter n becomes SQL text`
	q := fmt.Sprintf("SELECT * FROM t ORDER BY %s", c.DefaultQuery("sort", "id"))
	db.QueryContext(c.Request.Context(), q) // want `V MKT203/sql: `
	var b strings.Builder
	b.WriteString("SELECT * FROM t WHERE a IN (")
	b.WriteString(c.Query("ids"))
	b.WriteString(")")
	db.Exec(b.String()) // want `V MKT203/sql: `
}

// Find is called from other packages.
func Find(db *sql.DB, name string) {
	db.Query("SELECT * FROM t WHERE name = '" + name + "'") // want `R MKT203/sql: The parameter name becomes SQL text`
}

func fetch(w http.ResponseWriter, r *http.Request) {
	http.Get(r.FormValue("u"))                                // want `V MKT203/ssrf: The form field u chooses the host`
	http.Get("https://" + r.FormValue("u") + ".example.com/") // want `V MKT203/ssrf: `
	req, _ := http.NewRequest("GET", r.FormValue("u"), nil)
	client := &http.Client{}
	client.Do(req) // want `V MKT203/ssrf: `
	u, _ := url.Parse("https://api.example.com/")
	u.Host = r.FormValue("h")
	http.Get(u.String()) // want `V MKT203/ssrf: `
}

func pages(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<p>%s</p>", r.FormValue("q")) // want `V MKT203/xss: The form field q is written as HTML`
	io.WriteString(w, "<p>"+r.FormValue("q"))     // want `V MKT203/xss: `
	w.Write([]byte("<html>" + r.FormValue("q")))  // want `V MKT203/xss: `
}

func pages2(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "Hello ", r.FormValue("q")) // want `V MKT203/xss: `
}

func pages3(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte(r.URL.Query().Get("q"))) // want `V MKT203/xss: `
}

func pages4(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<p>%s</p>", r.UserAgent()) // want `R MKT203/xss: `
}

func logs(w http.ResponseWriter, r *http.Request) {
	log.Printf("login of %s", r.FormValue("user")) // want `R MKT203/log: The form field user becomes part of a log line`
	log.Println("login", r.FormValue("user"))      // want `R MKT203/log: `
	slog.Info("login of " + r.FormValue("user"))   // want `R MKT203/log: `
	log.Printf("login of %q, %d", r.FormValue("user"), len(r.FormValue("user")))
	slog.Info("login", "user", r.FormValue("user"))
	log.Print(strings.ReplaceAll(r.FormValue("user"), "\n", ""))
}

func mails(c *gin.Context) {
	msg := []byte("To: me@partner.io\r\nSubject: " + c.PostForm("subject") + "\r\n\r\nHello")
	smtp.SendMail("mail:25", nil, "me@partner.io", []string{"me@partner.io"}, msg)                                 // want `V MKT203/smtp: The form field subject stands in a header line`
	smtp.SendMail("mail:25", nil, "me@partner.io", []string{c.PostForm("to")}, []byte("Subject: Hi\r\n\r\nHello")) // want `R MKT203/smtp: The form field to is a mail address`
	smtp.SendMail("mail:25", nil, "me@partner.io", []string{"me@partner.io"}, []byte("Subject: Hi\r\n\r\n"+c.PostForm("text")))
}

func sources(c *gin.Context) {
	template.New("t").Parse("<p>" + c.Query("name") + "</p>") // want `V MKT203/template: `
	gob.NewDecoder(c.Request.Body).Decode(new(int))           // want `R MKT203/deserialisation: `
}

func jump(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, r.FormValue("next"), http.StatusFound)           // want `V MKT203/redirect: The form field next decides`
	http.Redirect(w, r, "/"+r.URL.Query().Get("next"), http.StatusFound) // want `V MKT203/redirect: `
	http.Redirect(w, r, r.PostFormValue("next"), http.StatusFound)       // want `R MKT203/redirect: `
	if next := r.FormValue("next"); strings.HasPrefix(next, "/") {
		http.Redirect(w, r, next, http.StatusFound) // want `V MKT203/redirect: `
	}
}

// Package mkt701 exercises rule MKT701.
package mkt701

import (
	"crypto/aes"
	"database/sql"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"

	"app.example.io/respond"
	"app.example.io/users"
	"github.com/jmoiron/sqlx"
	"gorm.io/gorm"
)

type server struct {
	db    *sql.DB
	x     *sqlx.DB
	g     *gorm.DB
	tmpl  *template.Template
	users *users.Store
	dev   bool
}

func (s *server) database(w http.ResponseWriter, r *http.Request) {
	var name string
	if err := s.db.QueryRow("SELECT 1").Scan(&name); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // want `V MKT701: the client is shown the text of an error of a database \(sql.Row.Scan\)`
		return
	}
	if err := s.x.Get(&name, "SELECT 1"); err != nil {
		fmt.Fprintf(w, "cannot load: %v", err) // want `V MKT701: .*a database \(sqlx.DB.Get\)`
		return
	}
	if res := s.g.First(&name); res.Error != nil {
		w.WriteHeader(500)
		w.Write([]byte("db: " + res.Error.Error())) // want `V MKT701: .*a database \(gorm.DB.Error\)`
	}
}

func (s *server) files(w http.ResponseWriter, r *http.Request) {
	f, err := os.Open("/srv/data/x")
	if err != nil {
		json.NewEncoder(w).Encode(map[string]string{"error": err.Error()}) // want `V MKT701: .*the operating system \(os.Open\)`
		return
	}
	if _, err := exec.Command("convert", f.Name()).CombinedOutput(); err != nil {
		io.WriteString(w, fmt.Sprintf("failed: %s", err)) // want `V MKT701: .*another process`
	}
	if _, err := net.Dial("tcp", "10.0.0.1:25"); err != nil {
		fmt.Fprintln(w, "mail server:", err) // want `V MKT701: .*the network \(net.Dial\)`
	}
	if _, err := aes.NewCipher(nil); err != nil {
		http.Error(w, "crypto: "+err.Error(), 500) // want `V MKT701: .*cryptography \(aes.NewCipher\)`
	}
	if err := s.tmpl.Execute(w, nil); err != nil {
		http.Error(w, err.Error(), 500) // want `V MKT701: .*a template \(template.Template.Execute\)`
	}
}

// Wrapped errors and helpers.

func (s *server) load(id string) (string, error) {
	var name string
	err := s.db.QueryRow("SELECT name FROM users WHERE id = $1", id).Scan(&name)
	if err != nil {
		return "", fmt.Errorf("load user %s: %w", id, err)
	}
	return name, nil
}

type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problem{Status: status, Detail: detail})
}

func fail(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), 500) // want `V MKT701: .*a database \(sql.Row.Scan\)`
}

func (s *server) wrapped(w http.ResponseWriter, r *http.Request) {
	name, err := s.load(r.FormValue("id"))
	if err != nil {
		writeProblem(w, 500, err.Error()) // want `V MKT701: .*a database \(sql.Row.Scan\)`
		return
	}
	if _, err := s.load(name); err != nil {
		fail(w, err)
	}
	writeProblem(w, 200, "ok")
}

func (s *server) captured() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var err error
		defer func() {
			if err != nil {
				http.Error(w, err.Error(), 500) // want `V MKT701: .*the operating system \(os.ReadFile\)`
			}
		}()
		_, err = os.ReadFile("/etc/app.conf")
	}
}

func recovering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if rec := recover(); rec != nil {
				http.Error(w, fmt.Sprint(rec), 500) // want `V MKT701: the client is shown what the panic was called with`
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func recoveringError(w http.ResponseWriter) {
	defer func() {
		if rec := recover(); rec != nil {
			if err, ok := rec.(error); ok {
				http.Error(w, err.Error(), 500) // want `V MKT701: the client is shown the text of a panic`
			}
		}
	}()
}

func proxy(p *httputil.ReverseProxy) {
	p.ErrorHandler = func(w http.ResponseWriter, r *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusBadGateway) // want `V MKT701: .*the network \(httputil.ReverseProxy\)`
	}
}

// Not every origin can be seen.

func (s *server) unseen(w http.ResponseWriter, r *http.Request) {
	if _, err := s.users.Load("7"); err != nil {
		http.Error(w, err.Error(), 500) // want `R MKT701: .*users.Store.Load, which may tell of the inside`
	}
	if _, err := os.Stat("/srv"); err != nil {
		respond.Error(w, 500, err.Error()) // want `R MKT701: .*os.Stat.* is given to respond.Error`
	}
	_, err := os.Stat("/srv")
	if err != nil && s.dev {
		http.Error(w, err.Error(), 500) // want `R MKT701: .*os.Stat`
	}
	if os.IsNotExist(err) {
		http.Error(w, err.Error(), 404) // want `V MKT701: .*os.Stat`
	}
}

func Exported(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), 500) // want `R MKT701: .*parameter err`
}

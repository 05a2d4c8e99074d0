// Package mkt203chan passes texts through channels.
package mkt203chan

import (
	"database/sql"
	"net/http"
)

var db *sql.DB

func started(w http.ResponseWriter, r *http.Request) {
	ch := make(chan string, 1)
	go func() { ch <- r.FormValue("c") }()
	db.Query("SELECT " + <-ch) // want `V MKT203/sql: The form field c`
}

func given(w http.ResponseWriter, r *http.Request) {
	ch := make(chan string, 1)
	go put(ch, r)
	db.Query("SELECT " + <-ch) // want `. MKT203/sql: `
}

func put(ch chan<- string, r *http.Request) { ch <- r.FormValue("c") }

func columns(w http.ResponseWriter, r *http.Request) {
	ch := make(chan string, 2)
	other := make(chan string, 1)
	go func() { ch <- "id"; other <- r.FormValue("c") }()
	db.Query("SELECT " + <-ch)     // ok: only a constant is sent to this channel
	db.Query("SELECT $1", <-other) // ok: bound
}

package mkt701

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"time"

	"app.example.io/respond"
	"app.example.io/users"
	"github.com/go-playground/validator/v10"
)

var (
	errClosed   = errors.New("the shop is closed")
	errTooLarge = fmt.Errorf("at most %d items", 10)
)

type fieldError struct{ Field string }

func (e *fieldError) Error() string { return "bad field " + e.Field }

// The message is fixed, the error goes to the log.
func (s *server) logged(w http.ResponseWriter, r *http.Request) {
	if _, err := s.load("7"); err != nil {
		slog.Error("load", "err", err.Error())
		http.Error(w, "internal error", http.StatusInternalServerError) // ok: a fixed message
	}
}

// What the request lacks.
func parse(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // ok: what a parser says of the request
		return
	}
	if _, err := strconv.Atoi(r.FormValue("n")); err != nil {
		http.Error(w, "n: "+err.Error(), http.StatusBadRequest) // ok: what a parser says of the request
		return
	}
	if _, err := time.Parse(time.RFC3339, r.FormValue("at")); err != nil { // ok: the client's own time
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // ok: the client's own body
	}
	if err := validator.New().Struct(&in); err != nil {
		for _, fe := range err.(validator.ValidationErrors) {
			fmt.Fprintln(w, fe.Error())
		}
		http.Error(w, err.Error(), http.StatusUnprocessableEntity) // ok: what a validator says of the request
	}
}

// Own words, sentinels and types.
func check(n int) error {
	switch {
	case n == 0:
		return errClosed
	case n > 10:
		return errTooLarge
	case n < 0:
		return &fieldError{"n"}
	}
	return fmt.Errorf("%d is not a number we like", n)
}

func (s *server) own(w http.ResponseWriter, r *http.Request) {
	if err := check(7); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // ok: the package words it
	}
	_, err := s.users.Load("7")
	if errors.Is(err, users.ErrNotFound) {
		http.Error(w, err.Error(), http.StatusNotFound) // ok: a sentinel
		return
	}
	if err == errClosed || err == errTooLarge {
		http.Error(w, err.Error(), http.StatusConflict) // ok: sentinels
		return
	}
	var quota *users.QuotaError
	if errors.As(err, &quota) {
		http.Error(w, quota.Error(), http.StatusTooManyRequests) // ok: a type made for the client
		http.Error(w, err.Error(), http.StatusTooManyRequests)   // ok: recognised as a type made for the client
		return
	}
	switch e := err.(type) {
	case *fieldError:
		http.Error(w, e.Error(), http.StatusBadRequest) // ok: a type made for the client
	default:
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
	if !isOurs(err) {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	http.Error(w, err.Error(), http.StatusBadRequest) // ok: recognised by a function
}

func isOurs(err error) bool {
	var f *fieldError
	return errors.As(err, &f)
}

func (s *server) missing(w http.ResponseWriter, r *http.Request) {
	_, err := s.load("7")
	if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, err.Error(), http.StatusNotFound) // ok: a sentinel
	}
}

// A helper that tells the cases apart for all its callers.
func answer(w http.ResponseWriter, err error) {
	msg := "internal error"
	var f *fieldError
	if errors.As(err, &f) {
		msg = f.Error()
	}
	http.Error(w, msg, 500) // ok: worded for the client
}

func (s *server) told(w http.ResponseWriter, r *http.Request) {
	_, err := s.load("7")
	answer(w, err)
	writeProblem(w, 500, "could not load, request "+r.Header.Get("X-Request-Id")) // ok: a fixed message with an id
}

// The same helper with a fixed text and with an error: only the error counts,
// and that one never leaves.
func describe(detail string) problem { return problem{Detail: detail} }

func (s *server) contexts(w http.ResponseWriter, r *http.Request) {
	_, err := os.Open("/srv/x")
	slog.Error("open", "problem", describe(err.Error())) // ok: logged
	json.NewEncoder(w).Encode(describe("not there"))
}

// Errors that go elsewhere.
func elsewhere(w http.ResponseWriter, r *http.Request) {
	_, err := os.Open("/srv/x")
	fmt.Fprintln(os.Stderr, err)                                               // ok: to standard error
	json.NewEncoder(os.Stdout).Encode(map[string]string{"error": err.Error()}) // ok: to standard output
	f, _ := os.Create("/tmp/log")
	fmt.Fprintf(f, "%v", err) // ok: to a file
	respond.LogRequest(r, err.Error())
	rec := httptest.NewRecorder()
	fmt.Fprintln(rec, err)
	fmt.Fprintf(w, "failed: %t", err != nil)
}

// Fields that are not encoded.
type hidden struct {
	Message string `json:"message"`
	Cause   error  `json:"-"`
	cause   string
}

func fields(w http.ResponseWriter) {
	_, err := os.Open("/srv/x")
	json.NewEncoder(w).Encode(hidden{Message: "not there", Cause: err, cause: err.Error()}) // ok: left out of the JSON
}

// What a panic meant for clients carries.
type clientPanic struct{ Text string }

func (c clientPanic) Error() string { return c.Text }

func typedRecover(w http.ResponseWriter) {
	defer func() {
		if c, ok := recover().(clientPanic); ok {
			http.Error(w, c.Error(), http.StatusBadRequest) // ok: a panic made for the client
		}
	}()
}

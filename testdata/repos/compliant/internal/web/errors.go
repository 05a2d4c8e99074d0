package web

import (
	"errors"
	"log/slog"
	"net/http"

	"example.com/harbour/bridge/internal/store"
)

// note logs what went wrong, with the id that the person was shown.
func note(r *http.Request, what string, err error) {
	slog.ErrorContext(r.Context(), what, "request", requestOf(r).id, "err", err)
}

// refuse answers with a sentence that is the same for everybody, and an id by
// which support finds the record. The cause is only logged.
func refuse(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	http.Error(w, sentence+"\nReference: "+requestOf(r).id, status)
}

// failed answers for a call that went wrong.
func failed(w http.ResponseWriter, r *http.Request, what string, err error) {
	if errors.Is(err, store.ErrNotFound) {
		refuse(w, r, http.StatusNotFound, "There is no such record.")
		return
	}
	note(r, what, err)
	refuse(w, r, http.StatusInternalServerError, "Something went wrong. Please try again later.")
}

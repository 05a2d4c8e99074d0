// Package mkt701texts answers with errors about texts, and with others.
package mkt701texts

import (
	"net/http"

	"app.example.io/mkt701texts/texts"
)

func sanitized(w http.ResponseWriter, r *http.Request, i *texts.Importer) {
	if _, err := i.SanitizeEmail(r.FormValue("email")); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // ok: of the address that was sent
	}
}

func parsed(w http.ResponseWriter, r *http.Request) {
	if _, err := texts.ParseSchedule(r.FormValue("every"), true); err != nil {
		http.Error(w, "schedule: "+err.Error(), http.StatusBadRequest) // ok: of the schedule that was sent
	}
}

func validated(w http.ResponseWriter, r *http.Request) {
	if err := texts.ValidateDomain([]byte(r.FormValue("domain"))); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // ok: of the domain that was sent
	}
}

func asked(w http.ResponseWriter, r *http.Request, s *texts.Store) {
	if err := s.ValidateToken(r.FormValue("token")); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest) // want `^R MKT701: the client is shown the text of an error of texts.Store.ValidateToken`
	}
}

func opened(w http.ResponseWriter, r *http.Request) {
	if err := texts.ParseTemplateFile("mail.tmpl"); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // want `^R MKT701: the client is shown the text of an error of texts.ParseTemplateFile`
	}
}

func stored(w http.ResponseWriter, r *http.Request, s *texts.Store) {
	if err := texts.ParsePage(s, r.FormValue("page")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // want `^R MKT701: the client is shown the text of an error of texts.ParsePage`
	}
}

func found(w http.ResponseWriter, r *http.Request) {
	if err := texts.FindEmail(r.FormValue("email")); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound) // want `^R MKT701: the client is shown the text of an error of texts.FindEmail`
	}
}

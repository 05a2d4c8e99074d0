package mkt505bare

import "net/http"

// remember sends a session of the store that has no options.
func remember(w http.ResponseWriter, r *http.Request) {
	s, err := store.Get(r, "main")
	if err != nil {
		http.Error(w, "bad session", http.StatusBadRequest)
		return
	}
	s.Values["user"] = r.FormValue("user")
	if err := s.Save(r, w); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

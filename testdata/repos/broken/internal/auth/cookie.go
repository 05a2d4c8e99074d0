package auth

import "net/http"

// SetSession stores the session in a cookie.
func SetSession(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: token, Path: "/"})
}

package cookies

import "net/http"

type config struct{ Secure bool }

func session(w http.ResponseWriter, id string, cfg config) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: cfg.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // want `G124 informational`
}

func scripts(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, SameSite: http.SameSiteLaxMode}) // want `G124 as is`
}

func theme(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"}) // want `G124 informational`
}

func outgoing(r *http.Request, token string) {
	r.AddCookie(&http.Cookie{Name: "token", Value: token}) // want `G124 informational`
}

func unknown(w http.ResponseWriter, c *http.Cookie) {
	http.SetCookie(w, c) // want `G124 as is`
}

func nonce(w http.ResponseWriter, v string) {
	http.SetCookie(w, &http.Cookie{Name: "nonce", Value: v, HttpOnly: true, Path: "/", SameSite: http.SameSiteLaxMode}) // want `G124 as is`
}

func nonceComplete(w http.ResponseWriter, v string, cfg config) {
	http.SetCookie(w, &http.Cookie{Name: "oidc_nonce", Value: v, Secure: cfg.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}) // want `G124 informational`
}

func cart(w http.ResponseWriter, v string) {
	http.SetCookie(w, &http.Cookie{Name: "cart", Value: v}) // want `G124 as is`
}

// doubleSubmit is read by scripts.
func doubleSubmit(w http.ResponseWriter, v string) {
	http.SetCookie(w, &http.Cookie{Name: "csrf_token", Value: v, Secure: true, SameSite: http.SameSiteStrictMode}) // want `G124 informational`
}

func bareGuard(w http.ResponseWriter, v string) {
	http.SetCookie(w, &http.Cookie{Name: "csrf_token", Value: v}) // want `G124 as is`
}

func loggedOut(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "nonce", MaxAge: -1}) // want `G124 informational`
}

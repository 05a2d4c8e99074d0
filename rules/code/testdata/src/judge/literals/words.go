package literals

import "net/http"

const (
	adminPassword  = "super-secret-password" // want `G101 as is`
	secretWord     = "login-code-phrase"     // want `G101 as is`
	refreshToken   = "refresh_token"         // want `G101 informational`
	tokenCookie    = "session.auth"          // want `G101 informational`
	passwordField  = "login_password"        // want `G101 informational`
	tokenGrantType = "urn:oauth:login_token" // want `G101 informational`
	accessToken    = "partner_access_token"  // want `G101 informational`
	doorSecret     = "door_secret"           // want `G101 as is`
)

func allowed(r *http.Request) bool {
	_, pass, _ := r.BasicAuth()
	return pass == doorSecret
}

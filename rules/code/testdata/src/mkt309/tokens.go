package mkt309

import (
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

var key = []byte(os.Getenv("KEY"))

const signingKey = "keyboard-cat"

// The store of an example that went live.
var store = sessions.NewCookieStore([]byte("something-very-secret")) // want `^V MKT309/literal-key: sessions are signed with a key that stands in the code`

var codec = securecookie.New([]byte(signingKey), nil) // want `^V MKT309/literal-key: cookies are signed`

func issue(user string) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "iat": time.Now().Unix()}) // want `^V MKT309: the token is issued without an expiry`
	return t.SignedString(key)
}

func issueStruct(user string) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{Subject: user}) // want `^V MKT309: the token is issued without an expiry`
	return t.SignedString([]byte("hush"))                                               // want `^V MKT309/literal-key: the token is signed with a key that stands in the code`
}

type claims struct {
	Name  string
	Admin bool
	jwt.RegisteredClaims
}

func issueOwn(user string) *jwt.Token {
	c := &claims{Name: user}
	c.Admin = true
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c) // want `^V MKT309: the token is issued without an expiry`
}

func issueYear(user string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().AddDate(1, 0, 0).Unix()}) // want `^V MKT309: the token lives 365 days, the limit is 24 hours`
}

// login is echo's: three days.
func login(c echo.Context) error {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{Name: "x", RegisteredClaims: jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour * 72))}}) // want `^V MKT309: the token lives 3 days, the limit is 24 hours`
	_ = t
	return nil
}

func issueRefresh(user string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(90 * 24 * time.Hour).Unix()}) // want `^V MKT309: the token lives 90 days, the limit is 30 days`
}

func apiToken(client string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": client}) // want `^R MKT309: the token is issued without an expiry`
}

func forService() *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": "a", "aud": "https://api.partner.io"}) // want `^R MKT309: the token is issued without an expiry`
}

func forever(s *sessions.Session) {
	s.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: true} // want `^V MKT309: the session has no MaxAge`
}

func month(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, MaxAge: 30 * 24 * 3600}) // want `^V MKT309: the session lives 30 days, the limit is 24 hours`
}

// From here on nothing is wrong.

var right = sessions.NewCookieStore(key)

var random = sessions.NewCookieStore(securecookie.GenerateRandomKey(32))

func issueHour(user string) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(time.Hour).Unix()}).SignedString(key)
}

func issueLater(user string) *jwt.Token {
	c := jwt.MapClaims{"sub": user}
	c["exp"] = time.Now().Add(15 * time.Minute).Unix()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c)
}

func issueOwnRight(user string) *jwt.Token {
	c := claims{Name: user}
	c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(8 * time.Hour))
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c)
}

func issueConfigured(user string, ttl time.Duration) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(ttl).Unix()})
}

func issueRefreshRight(user string) *jwt.Token {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(14 * 24 * time.Hour).Unix()})
}

// issueGiven is given its claims.
func IssueGiven(c jwt.MapClaims) *jwt.Token { return jwt.NewWithClaims(jwt.SigningMethodHS256, c) }

func issueCompleted(user string) *jwt.Token {
	c := jwt.MapClaims{"sub": user}
	complete(c)
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c)
}

func complete(c jwt.MapClaims) { c["exp"] = time.Now().Add(time.Hour).Unix() }

func issueCompletedStruct(user string) *jwt.Token {
	c := &claims{Name: user}
	c.fill()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c)
}

func (c *claims) fill() { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(time.Hour)) }

func hour(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, MaxAge: 3600})
}

func rememberMe(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: "remember_me", Value: id, MaxAge: 14 * 24 * 3600})
}

func theme(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark", MaxAge: 365 * 24 * 3600})
}

func limited(s *sessions.Session) {
	s.Options = &sessions.Options{Path: "/", MaxAge: 3600, HttpOnly: true, Secure: true}
}

func logout(s *sessions.Session) { s.Options = &sessions.Options{MaxAge: -1} }

func onlyParse(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(*jwt.Token) (any, error) { return key, nil })
}

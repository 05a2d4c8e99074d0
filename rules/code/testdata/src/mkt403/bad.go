// Package mkt403 exercises rule MKT403.
package mkt403

import (
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

type client struct {
	base   string
	apiKey string
	token  string
	u      *url.URL
}

func (c *client) texts(accessToken, id string) {
	http.Get("https://api.partner.io/items?api_key=" + c.apiKey)                           // want `V MKT403: c.apiKey stands in a URL; send it in a header or in the body$`
	http.Get(c.base + "/items?limit=10&access_token=" + accessToken)                       // want `V MKT403: accessToken stands in a URL`
	http.Get(fmt.Sprintf("%s/items/%s?token=%s", c.base, id, c.token))                     // want `V MKT403: c.token stands in a URL`
	http.Get(fmt.Sprintf("https://maps.partner.io/geo?key=%s", url.QueryEscape(c.apiKey))) // want `V MKT403: c.apiKey stands in a URL`
	http.Get(c.u.String() + "?access_token=" + accessToken)                                // want `V MKT403: accessToken stands in a URL`
	link := c.base
	link += "?client_secret=" + os.Getenv("CLIENT_SECRET")                 // want `V MKT403: CLIENT_SECRET stands in a URL`
	http.Get(link + "&api_token=" + lookup(id))                            // want `V MKT403: parameter api_token stands in a URL`
	http.Get("https://api.telegram.org/bot" + c.token + "/sendMessage")    // want `V MKT403: c.token stands in the path of a URL`
	http.Get(fmt.Sprintf("https://hooks.partner.io/%s/in", accessToken))   // want `V MKT403: accessToken stands in the path of a URL`
	http.Get(fmt.Sprintf("https://user:%s@git.partner.io/r", accessToken)) // want `V MKT403: accessToken stands in the user part of a URL`
}

func lookup(id string) string { return id + "x" }

func (c *client) values(u *url.URL, v string) {
	q := u.Query()
	q.Set("api_key", v) // want `V MKT403: parameter api_key is sent in the query of a URL`
	q.Set("page", "1")
	u.RawQuery = q.Encode()

	p := url.Values{}
	p.Add("auth", c.apiKey) // want `V MKT403: c.apiKey is sent in the query of a URL`
	http.Get(c.base + "?" + p.Encode())

	r := url.Values{"password": {v}} // want `V MKT403: parameter password is sent in the query of a URL`
	text := r.Encode()
	http.Get(fmt.Sprintf("%s/x?%s", c.base, text))

	http.Get("https://api.partner.io/x?" + url.Values{"api_key": {v}}.Encode()) // want `V MKT403: parameter api_key is sent`

	_ = url.URL{Scheme: "https", Host: "git.partner.io", User: url.UserPassword("x", c.token)} // want `V MKT403: c.token stands in the user part of a URL`

	req, _ := http.NewRequest("GET", c.base, nil)
	a := req.URL.Query()
	a.Add("apikey", c.apiKey) // want `V MKT403: c.apiKey is sent in the query of a URL`
	req.URL.RawQuery = a.Encode()
}

func (c *client) libraries() {
	resty.New().R().SetQueryParam("api_key", c.apiKey).Get("/x")                            // want `V MKT403: c.apiKey is sent in the query of a URL`
	resty.New().R().SetQueryParams(map[string]string{"q": "x", "token": c.token}).Get("/x") // want `V MKT403: c.token is sent in the query of a URL`
}

func reads(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Query().Get("api_key") // want `V MKT403: parameter api_key is read from the query of the URL; take it from a header or the body$`
	q := r.URL.Query()
	pw := q.Get("password")  // want `V MKT403: parameter password is read`
	tok := q["access_token"] // want `V MKT403: parameter access_token is read`
	plain := q.Get("token")  // want `R MKT403: parameter token is read`
	fmt.Fprintln(w, len(key), len(pw), len(tok), len(plain))
}

func ginReads(c *gin.Context) { c.Set("k", c.Query("api_key")) } // want `V MKT403: parameter api_key is read`

func echoReads(c echo.Context) error { return login(c.QueryParam("access_token")) } // want `V MKT403: parameter access_token is read`

func fiberReads(c *fiber.Ctx) error { return login(c.Query("client_secret")) } // want `V MKT403: parameter client_secret is read`

func login(string) error { return nil }

type filter struct {
	Key   string `query:"api_key"` // want `V MKT403: parameter api_key is read`
	Token string `query:"token"`   // want `R MKT403: parameter token is read`
	Page  string `query:"page_token"`
}

func links(base, resetToken, token, inviteToken string) []string {
	return []string{
		base + "/reset?token=" + resetToken,                                     // want `R MKT403: resetToken stands in a URL`
		fmt.Sprintf("%s/verify-email?token=%s", base, token),                    // want `R MKT403: token stands in a URL`
		fmt.Sprintf("https://app.partner.io/join?invite_token=%s", inviteToken), // want `R MKT403: inviteToken stands in a URL`
	}
}

package mkt403

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
)

const demoKey = "demo"

func pages(base, pageToken, nextToken, syncToken, cursor, code, state, clientID string) []string {
	return []string{
		base + "?page_token=" + pageToken, // ok: a page's token is no secret
		base + "?next_token=" + nextToken, // ok: a page's token is no secret
		base + "?sync_token=" + syncToken, // ok: a cursor is no secret
		base + "?continuation_token=" + cursor,
		base + "?code=" + code + "&state=" + state + "&client_id=" + clientID,                // ok: OAuth's code and state travel in the URL by design
		fmt.Sprintf("%s?pageToken=%s&tokenizer=%s&author=%s", base, pageToken, cursor, code), // ok: words that only look alike
		base + "?token_type=" + code + "&key_id=" + clientID + "&id_token_hint=" + state,     // ok: ids and kinds of tokens
		base + "?api_key=" + demoKey,                                                         // ok: a constant of the source
		base + "?signature=" + code + "&csrf_token=" + state,                                 // ok: a signature proves, it opens nothing
		"https://partner.io/items/" + code,
	}
}

func bodies(c *client, base, refreshToken string) {
	v := url.Values{}
	v.Set("client_secret", c.apiKey)
	v.Set("refresh_token", refreshToken)
	http.PostForm(base, v) // ok: sent in the body

	w := url.Values{"password": {c.token}}
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(w.Encode())) // ok: sent in the body

	body := "grant_type=password&client_secret=" + c.apiKey
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(body)) // ok: sent in the body
	form := fmt.Sprintf("grant_type=refresh_token&refresh_token=%s", refreshToken)
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(form))

	resty.New().R().SetAuthToken(c.token).SetFormData(map[string]string{"password": c.token}).SetQueryParam("page_token", base).Get(base)
}

func header(c *client, base string) {
	req, _ := http.NewRequest("GET", base+"?q=x", nil)
	req.Header.Set("Authorization", "Bearer "+c.token) // ok: sent in a header
	req.Header.Set("Cookie", fmt.Sprintf("session=%s", c.token))
	http.DefaultClient.Do(req)
}

func stores(user, dbPassword, host string) []string {
	return []string{
		fmt.Sprintf("postgres://%s:%s@%s/app", user, dbPassword, host), // ok: a data source name stays on the server
		fmt.Sprintf("postgres://%s/app?user=%s&password=%s", host, user, dbPassword),
		fmt.Sprintf("%s:%s@tcp(%s)/app?parseTime=true", user, dbPassword, host),
		"redis://:" + dbPassword + "@" + host, // ok: a data source name stays on the server
		fmt.Sprintf("host=%s password=%s", host, dbPassword),
	}
}

func presignURL(base, token string) string { return base + "?X-Amz-Security-Token=" + token } // ok: a presigned URL

func signedLink(base, accessToken string) string { return base + "?access_token=" + accessToken } // ok: a signed link

func masked(base, apiKey string) string { return base + "?api_key=" + redact(apiKey) } // ok: redacted

func redact(string) string { return "***" }

func posted(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, len(r.PostFormValue("password")), len(r.FormValue("client_secret")), len(r.Header.Get("X-Api-Key")))
	q := r.URL.Query()
	fmt.Fprintln(w, q.Get("page_token"), q.Get("code"), q.Get("state"), q.Get("oauth_token"), q.Get("csrf_token"), q.Get("author")) // ok: page tokens, codes and states
	if q.Get("access_token") != "" {
		http.Error(w, "send the token in a header", http.StatusBadRequest)
	}
}

func ginPosted(c *gin.Context) {
	c.Set("p", c.PostForm("password"))
	c.Set("t", c.GetHeader("Authorization"))
	c.Set("n", c.Query("next_token")) // ok: a page's token
}

func outgoing(u *url.URL) string {
	req, _ := http.NewRequest("GET", u.String(), nil)
	return req.URL.Query().Get("api_key")
}

func challenge(domain, token string) string {
	return "http://" + domain + "/.well-known/acme-challenge/" + token // ok: a challenge's token is public
}

func signature(base string, v url.Values, authorization string) string {
	v.Set("authorization", authorization) // holds a signature, as its function's name says
	return base + "?" + v.Encode()
}

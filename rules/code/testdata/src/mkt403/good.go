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
		base + "?page_token=" + pageToken,
		base + "?next_token=" + nextToken,
		base + "?sync_token=" + syncToken,
		base + "?continuation_token=" + cursor,
		base + "?code=" + code + "&state=" + state + "&client_id=" + clientID,
		fmt.Sprintf("%s?pageToken=%s&tokenizer=%s&author=%s", base, pageToken, cursor, code),
		base + "?token_type=" + code + "&key_id=" + clientID + "&id_token_hint=" + state,
		base + "?api_key=" + demoKey,
		base + "?signature=" + code + "&csrf_token=" + state,
		"https://partner.io/items/" + code,
	}
}

func bodies(c *client, base, refreshToken string) {
	v := url.Values{}
	v.Set("client_secret", c.apiKey)
	v.Set("refresh_token", refreshToken)
	http.PostForm(base, v)

	w := url.Values{"password": {c.token}}
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(w.Encode()))

	body := "grant_type=password&client_secret=" + c.apiKey
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(body))
	form := fmt.Sprintf("grant_type=refresh_token&refresh_token=%s", refreshToken)
	http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(form))

	resty.New().R().SetAuthToken(c.token).SetFormData(map[string]string{"password": c.token}).SetQueryParam("page_token", base).Get(base)
}

func header(c *client, base string) {
	req, _ := http.NewRequest("GET", base+"?q=x", nil)
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Cookie", fmt.Sprintf("session=%s", c.token))
	http.DefaultClient.Do(req)
}

func stores(user, dbPassword, host string) []string {
	return []string{
		fmt.Sprintf("postgres://%s:%s@%s/app", user, dbPassword, host),
		fmt.Sprintf("postgres://%s/app?user=%s&password=%s", host, user, dbPassword),
		fmt.Sprintf("%s:%s@tcp(%s)/app?parseTime=true", user, dbPassword, host),
		"redis://:" + dbPassword + "@" + host,
		fmt.Sprintf("host=%s password=%s", host, dbPassword),
	}
}

func presignURL(base, token string) string { return base + "?X-Amz-Security-Token=" + token }

func signedLink(base, accessToken string) string { return base + "?access_token=" + accessToken }

func masked(base, apiKey string) string { return base + "?api_key=" + redact(apiKey) }

func redact(string) string { return "***" }

func posted(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, len(r.PostFormValue("password")), len(r.FormValue("client_secret")), len(r.Header.Get("X-Api-Key")))
	q := r.URL.Query()
	fmt.Fprintln(w, q.Get("page_token"), q.Get("code"), q.Get("state"), q.Get("oauth_token"), q.Get("csrf_token"), q.Get("author"))
	if q.Get("access_token") != "" {
		http.Error(w, "send the token in a header", http.StatusBadRequest)
	}
}

func ginPosted(c *gin.Context) {
	c.Set("p", c.PostForm("password"))
	c.Set("t", c.GetHeader("Authorization"))
	c.Set("n", c.Query("next_token"))
}

func outgoing(u *url.URL) string {
	req, _ := http.NewRequest("GET", u.String(), nil)
	return req.URL.Query().Get("api_key")
}

func challenge(domain, token string) string {
	return "http://" + domain + "/.well-known/acme-challenge/" + token
}

func signature(base string, v url.Values, authorization string) string {
	v.Set("authorization", authorization) // holds a signature, as its function's name says
	return base + "?" + v.Encode()
}

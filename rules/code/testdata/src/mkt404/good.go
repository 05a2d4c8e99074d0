package mkt404

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

type view struct {
	ID            int
	PasswordHash  string `json:"-"`
	Password      string `json:"-"`
	NextPageToken string
	TokenType     string
	Author        string
	HasPassword   bool
	secret        string
}

type masked string

func (masked) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

type safeConfig struct{ ClientSecret masked }

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
}

func goodViews(c *gin.Context, v view, cfg safeConfig, pageToken string) {
	c.JSON(http.StatusOK, v)                                                                                 // ok: the secrets have no name in JSON
	c.JSON(http.StatusOK, cfg)                                                                               // ok: the type hides itself
	c.JSON(http.StatusOK, gin.H{"next_page_token": pageToken, "password": "", "hasPassword": v.HasPassword}) // ok: a cursor, and whether there is a password
	c.JSON(http.StatusBadRequest, gin.H{"error": "password is too short"})                                   // ok: a sentence
	c.JSON(http.StatusOK, user{ID: 1, Name: "x"})                                                            // ok: the field stays empty
	c.JSON(http.StatusOK, gin.H{"secret": redact(v.secret)})                                                 // ok: redacted
}

func redact(string) string { return "***" }

func blanked(c echo.Context) error {
	u, _ := load("1")
	u.Password = ""
	return c.JSON(http.StatusOK, u) // ok: emptied before
}

func partly(c echo.Context) error {
	u := user{ID: 1, Name: "x"}
	return c.JSON(http.StatusOK, u)
}

func publicView(*user) view { return view{} }

func shown(c echo.Context, u *user) error { return c.JSON(http.StatusOK, publicView(u)) } // ok: a type without the secret

func login(c *gin.Context, token string) { c.JSON(http.StatusOK, gin.H{"token": token}) } // ok: a login answers with its token

func refreshToken(c *gin.Context, a tokenAnswer) { c.JSON(http.StatusOK, a) }

func createAPIKey(c *gin.Context, apiKey string) {
	c.JSON(http.StatusCreated, gin.H{"api_key": apiKey}) // ok: shown once, where it is made
}

func signUp(c *gin.Context, a tokenAnswer) { c.JSON(http.StatusOK, a) }

// Package mkt408usedfw signs in by way of frameworks.
package mkt408usedfw

import (
	"crypto/subtle"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	chi "github.com/go-chi/chi/v5/middleware"
	"github.com/go-resty/resty/v2"
	"github.com/go-sql-driver/mysql"
	"github.com/gofiber/fiber/v2/middleware/basicauth"
	basicauth3 "github.com/gofiber/fiber/v3/middleware/basicauth"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/redis/go-redis/v9"
	"golang.org/x/oauth2"
)

func ginAccounts(r *gin.Engine) {
	r.Use(gin.BasicAuth(gin.Accounts{"admin": "gin-and-tonic"}))         // want `^V MKT408/used: a literal in the source is the password of an account`
	r.Use(gin.BasicAuth(gin.Accounts{"admin": os.Getenv("ADMIN_WORD")})) // ok: read from the environment
	r.GET("/items", func(c *gin.Context) {
		if c.GetHeader("X-API-Key") != "items-for-all" { // want `^V MKT408/used: a literal`
			c.AbortWithStatus(http.StatusUnauthorized)
		}
		if c.GetHeader("Accept") != "application/json" { // ok: no credential
			return
		}
	})
}

type login struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Kind     string `json:"kind"`
}

func ginLogin(c *gin.Context) {
	var in login
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	if in.Kind == "refresh_token" { // ok: the kind of a login
		return
	}
	if in.Password == "house-of-words" { // want `^R MKT408/used: a literal in the source is compared with the Password of a request`
		c.Status(http.StatusOK)
	}
}

func echoAccounts(e *echo.Echo) {
	e.Use(middleware.BasicAuth(func(user, password string, c echo.Context) (bool, error) {
		return user == "joe" && subtle.ConstantTimeCompare([]byte(password), []byte("echo-of-words")) == 1, nil // want `^V MKT408/used: a literal`
	}))
	e.Use(middleware.KeyAuth(func(key string, c echo.Context) (bool, error) {
		return key == "valid-for-ever", nil // want `^V MKT408/used: a literal`
	}))
	e.Use(middleware.KeyAuth(func(key string, c echo.Context) (bool, error) {
		return key == os.Getenv("SERVICE_KEY"), nil // ok: read from the environment
	}))
}

func chiAccounts() []func(http.Handler) http.Handler {
	return []func(http.Handler) http.Handler{
		chi.BasicAuth("realm-of-tokens", map[string]string{"admin": "chi-is-energy"}), // want `^V MKT408/used: a literal`
		chi.BasicAuth("secret-token-realm", accounts()),                               // ok: the realm is no secret
	}
}

func accounts() map[string]string { return map[string]string{"admin": os.Getenv("ADMIN_WORD")} }

func fiberAccounts() []any {
	return []any{
		basicauth.New(basicauth.Config{Users: map[string]string{"john": "fibre-of-being"}}), // want `^V MKT408/used: a literal`
		basicauth.New(basicauth.Config{Authorizer: func(user, pass string) bool {
			return user == "john" && pass == "another-fibre-word" // want `^V MKT408/used: a literal`
		}}),
		basicauth3.New(basicauth3.Config{Users: map[string]string{"john": "{SHA256}eZ75KhGvkY4/t0HfQpNPO1aO0tk6wd908bjUGieTKm8="}}), // ok: a hash, not what is typed
	}
}

func oauth(secret string) []*oauth2.Config {
	return []*oauth2.Config{
		{ClientID: "web", ClientSecret: "client-of-the-web"},                                          // want `^V MKT408/used: a literal in the source is the ClientSecret of oauth2.Config`
		{ClientID: "tool", ClientSecret: "client-of-the-tool", RedirectURL: "http://127.0.0.1:9999/"}, // want `^R MKT408/used: a literal`
		{ClientID: "web", ClientSecret: secret},                                                       // ok: the caller knows it
		{ClientID: "client-secret-of-none", ClientSecret: ""},                                         // ok: a public client
	}
}

func stores() (*redis.Client, *redis.Client, *mysql.Config) {
	conf := mysql.NewConfig()
	conf.Passwd = "rows-and-columns"                                                     // want `^V MKT408/used: a literal`
	conf.User = "password-of-nobody"                                                     // ok: a user is no secret
	opts := &redis.Options{Addr: "cache.example.com:6379", Password: "until-it-is-read"} // ok: set from the environment right after
	opts.Password = os.Getenv("CACHE_WORD")
	return redis.NewClient(&redis.Options{Addr: "cache.example.com:6379", Password: "cache-of-words"}), // want `^V MKT408/used: a literal`
		redis.NewClient(opts), conf
}

func calls(c *resty.Client, token string) {
	c.SetAuthToken("rest-of-the-words")         // want `^V MKT408/used: a literal`
	c.SetAuthToken(token)                       // ok: the caller knows it
	c.SetAuthToken("<token>")                   // ok: a placeholder
	c.R().SetBasicAuth("me", "rest-is-basic")   // want `^V MKT408/used: a literal`
	c.SetHeader("X-Tenant", "login-token-code") // ok: no header for credentials
}

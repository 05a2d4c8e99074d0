package mkt302

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"

	"app.example.io/store"
	"app.example.io/web"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"
)

var (
	db     store.Store
	secret []byte
)

type event struct{ Type string }

func plain(w http.ResponseWriter, r *http.Request) {
	var e event
	json.NewDecoder(r.Body).Decode(&e)
	db.Create(r.Context(), store.Item{Name: e.Type})
}

// github tells its vendor by a header.
func github(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("X-GitHub-Event") == "push" {
		db.Create(r.Context(), store.Item{Name: string(body)})
	}
}

func signed(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	got, _ := hex.DecodeString(r.Header.Get("X-Hub-Signature-256"))
	if !hmac.Equal(mac.Sum(nil), got) {
		w.WriteHeader(401)
		return
	}
	db.Create(r.Context(), store.Item{})
}

// monday sends a token.
func monday(w http.ResponseWriter, r *http.Request) {
	if _, err := jwt.Parse(r.Header.Get("Authorization"), func(*jwt.Token) (any, error) { return secret, nil }, jwt.WithValidMethods([]string{"HS256"})); err != nil {
		w.WriteHeader(401)
		return
	}
	plain(w, r)
}

func inspected(w http.ResponseWriter, r *http.Request) {
	if web.Inspect(r) == "" {
		return
	}
	plain(w, r)
}

func verify(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !hmac.Equal([]byte(r.Header.Get("X-Signature")), secret) {
			w.WriteHeader(401)
			return
		}
		next(w, r)
	}
}

func pong(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }

func listWebhooks(w http.ResponseWriter, r *http.Request) { db.List(r.Context()) }

func createWebhook(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "" {
		return
	}
	plain(w, r)
}

func ginHook(c *gin.Context) {
	var e event
	if err := c.ShouldBindJSON(&e); err == nil {
		db.Create(c.Request.Context(), store.Item{Name: e.Type})
	}
}

func echoHook(c echo.Context) error {
	var e event
	return c.Bind(&e)
}

func fiberHook(c *fiber.Ctx) error {
	var e event
	return c.BodyParser(&e)
}

func ginKey(c *gin.Context) {
	if c.Query("token") != string(secret) {
		c.AbortWithStatus(401)
	}
}

var client = &oauth2.Config{}

// refreshing has a token of its own, which says nothing about who calls.
func refreshing(w http.ResponseWriter, r *http.Request) {
	var e event
	json.NewDecoder(r.Body).Decode(&e)
	fresh, err := client.TokenSource(r.Context(), &oauth2.Token{}).Token()
	if err != nil {
		w.WriteHeader(502)
		return
	}
	db.Create(r.Context(), store.Item{Name: e.Type + fresh.TokenType})
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/refreshing", refreshing) // want `^V MKT302: POST /webhooks/refreshing reads the body of a webhook without checking who sent it`
	mux.HandleFunc("POST /webhooks/orders", plain)          // want `^V MKT302: POST /webhooks/orders reads the body of a webhook without checking who sent it`
	mux.HandleFunc("/hooks", plain)                         // want `^V MKT302: /hooks reads`
	mux.HandleFunc("POST /events", github)                  // want `^V MKT302: POST /events reads GitHub events without checking their signature`
	mux.HandleFunc("POST /webhook/x", inspected)            // want `^R MKT302: no check of who sent it is seen for the webhook POST /webhook/x; inspected passes`

	mux.HandleFunc("POST /webhooks/signed", signed)
	mux.HandleFunc("POST /webhooks/monday", monday)
	mux.HandleFunc("POST /webhooks/wrapped", verify(plain))
	mux.HandleFunc("POST /webhooks/{secret}", plain)
	mux.HandleFunc("POST /webhooks/ping", pong)
	mux.HandleFunc("GET /webhooks", listWebhooks)
	mux.HandleFunc("POST /webhooks", createWebhook)
	mux.HandleFunc("POST /orders", plain) // MKT301's matter

	r := gin.New()
	r.POST("/webhook", ginHook) // want `^V MKT302: POST /webhook reads`
	r.POST("/webhook/keyed", ginKey, ginHook)
	r.Run()
	e := echo.New()
	e.POST("/webhook", echoHook) // want `^V MKT302: POST /webhook reads`
	e.Start(":1")
	app := fiber.New()
	app.Post("/webhook", fiberHook) // want `^V MKT302: POST /webhook reads`
	app.Listen(":1")

	http.ListenAndServe(":1", mux)
}

// App is served elsewhere; nothing around all of it knows this vendor's secret.
func App() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page", pong)
	mux.HandleFunc("POST /webhook", plain) // want `^V MKT302: POST /webhook reads`
	return mux
}

// Hooks is served elsewhere.
func Hooks() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhook", plain) // want `^R MKT302: no check of who sent it is seen for the webhook POST /webhook, and the router is served outside`
	return mux
}

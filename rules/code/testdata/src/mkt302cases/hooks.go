// Package mkt302cases takes web hooks.
package mkt302cases

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
	"github.com/stripe/stripe-go/v76/webhook"
)

type hooks struct {
	db     *sql.DB
	secret []byte
}

type event struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (h *hooks) keep(r *http.Request, e event) error {
	_, err := h.db.ExecContext(r.Context(), "INSERT INTO events (type, id) VALUES ($1, $2)", e.Type, e.ID)
	return err
}

func (h *hooks) orders(w http.ResponseWriter, r *http.Request) {
	var e event
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&e); err != nil {
		http.Error(w, "bad event", http.StatusBadRequest)
		return
	}
	if err := h.keep(r, e); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

// shopify signs with base64.
func (h *hooks) shopify(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(body)
	if got, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Shopify-Hmac-Sha256")); err != nil || !hmac.Equal(mac.Sum(nil), got) {
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h.orders(w, r)
}

// stripe leaves the work to its library.
func (h *hooks) stripe(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	e, err := webhook.ConstructEvent(body, r.Header.Get("Stripe-Signature"), os.Getenv("STRIPE_SECRET"))
	if err != nil {
		http.Error(w, "bad signature", http.StatusBadRequest)
		return
	}
	if err := h.keep(r, event{Type: string(e.Type), ID: e.ID}); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (h *hooks) signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		mac := hmac.New(sha256.New, h.secret)
		mac.Write(body)
		got, err := hex.DecodeString(r.Header.Get("X-Signature"))
		if err != nil || !hmac.Equal(mac.Sum(nil), got) {
			http.Error(w, "bad signature", http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func (h *hooks) std() {
	m := http.NewServeMux()
	m.HandleFunc("POST /webhooks/orders", h.orders)                         // want `^V MKT302: POST /webhooks/orders reads the body of a webhook`
	m.HandleFunc("POST /webhooks/shopify", h.shopify)                       // ok: the handler compares the MAC
	m.HandleFunc("POST /webhooks/stripe", h.stripe)                         // ok: the library checks the signature
	m.Handle("POST /webhooks/signed", h.signed(http.HandlerFunc(h.orders))) // ok: the wrapper compares the MAC
	m.HandleFunc("GET /webhooks/orders", h.list)                            // ok: it lists what is there
	m.HandleFunc("DELETE /settings/webhooks/{id}", h.remove)                // ok: no body is read
	http.ListenAndServe(":8080", m)
}

func (h *hooks) list(w http.ResponseWriter, r *http.Request) {
	rows, err := h.db.QueryContext(r.Context(), "SELECT type FROM events")
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	rows.Close()
}

func (h *hooks) remove(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie("session"); err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	h.db.ExecContext(r.Context(), "DELETE FROM hooks WHERE id = $1", r.PathValue("id"))
}

func (h *hooks) routers() {
	c := chi.NewRouter()
	c.Route("/webhooks", func(r chi.Router) {
		r.Use(h.signed)
		r.Post("/orders", h.orders) // ok: the group compares the MAC
	})
	c.Post("/webhooks-open/orders", h.orders) // want `^V MKT302: POST /webhooks-open/orders`
	http.ListenAndServe(":8081", c)

	g := mux.NewRouter()
	g.Handle("/webhook", h.signed(http.HandlerFunc(h.orders))).Methods("POST") // ok: the wrapper compares the MAC
	g.HandleFunc("/webhook/open", h.orders).Methods("POST")                    // want `^V MKT302: POST /webhook/open`
	http.ListenAndServe(":8082", g)
}

func (h *hooks) gin(c *gin.Context) {
	if subtle.ConstantTimeCompare([]byte(c.GetHeader("X-Gitlab-Token")), h.secret) != 1 {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	var e event
	if err := c.ShouldBindJSON(&e); err != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	h.keep(c.Request, e)
}

func (h *hooks) echo(c echo.Context) error {
	if subtle.ConstantTimeCompare([]byte(c.QueryParam("token")), h.secret) != 1 {
		return echo.ErrUnauthorized
	}
	var e event
	if err := c.Bind(&e); err != nil {
		return err
	}
	return h.keep(c.Request(), e)
}

func (h *hooks) fiber(c *fiber.Ctx) error {
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(c.Body())
	if !hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(c.Get("X-Signature"))) {
		return fiber.ErrUnauthorized
	}
	var e event
	return json.Unmarshal(c.Body(), &e)
}

func (h *hooks) frameworks() {
	r := gin.New()
	r.POST("/webhooks/gitlab", h.gin) // ok: a shared token is compared
	r.Run(":8083")
	e := echo.New()
	e.POST("/webhooks/ci", h.echo) // ok: a shared token of the query is compared
	e.Start(":8084")
	app := fiber.New()
	app.Post("/webhooks/pay", h.fiber) // ok: the MAC is compared
	app.Listen(":8085")
}

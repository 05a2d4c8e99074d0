// Package mkt302fw takes webhooks behind routers.
package mkt302fw

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"

	"app.example.io/store"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v5"
)

var (
	db     store.Store
	secret []byte
)

func hook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	db.Create(r.Context(), store.Item{Name: string(body)})
}

func signed(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	got, _ := hex.DecodeString(r.Header.Get("X-Signature"))
	if !hmac.Equal(mac.Sum(nil), got) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	db.Create(r.Context(), store.Item{Name: string(body)})
}

func handle(w http.ResponseWriter, r *http.Request, _ httprouter.Params) { hook(w, r) }

func handleSigned(w http.ResponseWriter, r *http.Request, _ httprouter.Params) { signed(w, r) }

func five(c *echo.Context) error {
	hook(c.Response(), c.Request())
	return nil
}

func fiveSigned(c *echo.Context) error {
	signed(c.Response(), c.Request())
	return nil
}

func serve() {
	c := chi.NewRouter()
	c.Post("/webhooks/orders", hook)  // want `^[VR] MKT302: POST /webhooks/orders`
	c.Post("/webhooks/items", signed) // ok: the signature is checked
	http.ListenAndServe(":1", c)
	m := mux.NewRouter()
	m.HandleFunc("/webhooks/orders", hook).Methods("POST")  // want `^[VR] MKT302: POST /webhooks/orders`
	m.HandleFunc("/webhooks/items", signed).Methods("POST") // ok: the signature is checked
	http.ListenAndServe(":2", m)
	h := httprouter.New()
	h.POST("/webhooks/orders", handle)      // want `^[VR] MKT302: POST /webhooks/orders`
	h.POST("/webhooks/items", handleSigned) // ok: the signature is checked
	http.ListenAndServe(":3", h)
	e := echo.New()
	e.POST("/webhooks/orders", five)      // want `^[VR] MKT302: POST /webhooks/orders`
	e.POST("/webhooks/items", fiveSigned) // ok: the signature is checked
	e.Start(":4")
}

// Package mkt508path exercises MKT508/path: input that continues the path of a
// request whose host is fixed.
package mkt508path

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-playground/validator/v10"
	"github.com/go-resty/resty/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
)

const billing = "https://billing.partner.internal"

type order struct {
	ID       string `json:"id" binding:"required"`
	Customer string `json:"customer" binding:"required,alphanum"`
	Count    int    `json:"count"`
}

func ginInvoice(c *gin.Context) {
	http.Get(billing + "/accounts/" + c.Param("id") + "/invoices") // want `R MKT508/path: The path parameter id becomes part of the path`
}

func ginOrder(c *gin.Context) {
	var in order
	err := c.ShouldBindJSON(&in)
	http.Get(fmt.Sprintf("%s/orders/%d", billing, in.Count))    // ok: a number
	http.Get(fmt.Sprintf("%s/orders/%s", billing, in.ID))       // want `R MKT508/path: The request's body`
	http.Get(fmt.Sprintf("%s/orders/%s", billing, in.Customer)) // want `R MKT508/path: The request's body`
	if err != nil {
		return
	}
	http.Get(fmt.Sprintf("%s/orders/%s", billing, in.Customer)) // ok: the validator in the tag has run and its error was looked at
	http.Get(fmt.Sprintf("%s/orders/%s", billing, in.ID))       // want `R MKT508/path: `
}

type shipment struct {
	Code string `json:"code" validate:"alphanum"`
}

func stdShipment(w http.ResponseWriter, r *http.Request) {
	var in shipment
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	http.Get(billing + "/shipments/" + in.Code) // want `R MKT508/path: The request's body`
	if err := validator.New().Struct(in); err != nil {
		return
	}
	http.Get(billing + "/shipments/" + in.Code) // ok: validated by now
}

func echoUser(c echo.Context) error {
	req, err := http.NewRequestWithContext(c.Request().Context(), http.MethodDelete, billing+"/users/"+c.QueryParam("id"), nil)
	if err != nil {
		return err
	}
	_, err = http.DefaultClient.Do(req) // want `R MKT508/path: The query parameter id becomes`
	return err
}

func fiberUser(c *fiber.Ctx) error {
	_, err := resty.New().SetBaseURL(billing).R().Get("/users/" + c.Params("id")) // want `R MKT508/path: `
	return err
}

func chiUser(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(billing)
	if err != nil {
		return
	}
	u.Path = "/users/" + chi.URLParam(r, "id")
	http.Get(u.String()) // want `R MKT508/path: `
}

func muxUser(w http.ResponseWriter, r *http.Request) {
	http.Post(billing+"/users/"+mux.Vars(r)["id"], "application/json", r.Body) // want `R MKT508/path: `
}

func escaped(c *gin.Context) {
	http.Get(billing + "/users/" + url.PathEscape(c.Param("id"))) // ok: escaped
	http.Get(billing + "/files/" + path.Base(c.Param("name")))    // ok: the last element only
	http.Get(billing + "/search?q=" + c.Query("q"))               // ok: after the question mark nothing chooses the endpoint
}

func parsed(c *gin.Context) {
	id, err := strconv.Atoi(c.Param("id"))
	if err != nil {
		return
	}
	http.Get(billing + "/users/" + strconv.Itoa(id)) // ok: a number
	key, err := uuid.Parse(c.Param("key"))
	if err != nil {
		return
	}
	http.Get(billing + "/keys/" + key.String()) // ok: a UUID
}

func refused(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if strings.Contains(id, "/") {
		http.NotFound(w, r)
		return
	}
	http.Get(billing + "/users/" + id) // ok: holds no slash
}

var regions = map[string]string{"eu": "europe", "us": "america"}

func chosen(c echo.Context) error {
	_, err := http.Get(billing + "/regions/" + regions[c.QueryParam("region")]) // ok: chosen from a table
	return err
}

// A proxy passes on the path that it was asked for.
func passedOn(w http.ResponseWriter, r *http.Request) {
	http.Get(billing + r.URL.Path) // ok: the request's own path
}

func checked(c *fiber.Ctx) error {
	if err := validator.New().Var(c.Query("id"), "alphanum"); err != nil {
		return err
	}
	_, err := http.Get(billing + "/users/" + c.Query("id")) // ok: validated
	return err
}

// Package mkt209handed hands what it decodes to another package, which stores
// it.
package mkt209handed

import (
	"encoding/json"
	"net/http"

	"app.example.io/accounts"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

type handler struct{ store accounts.Store }

func (h *handler) gin(c *gin.Context) {
	var a accounts.Account
	if err := c.ShouldBindJSON(&a); err != nil {
		c.Status(http.StatusBadRequest)
		return
	}
	if err := h.store.CreateAccount(c.Request.Context(), &a); err != nil { // want `^R MKT209: a accounts.Account decoded from the request is handed to CreateAccount as it is: .* sets as Role`
		c.Status(http.StatusInternalServerError)
	}
}

func (h *handler) echo(c echo.Context) error {
	a := new(accounts.Account)
	if err := c.Bind(a); err != nil {
		return err
	}
	return accounts.Save(a) // want `^R MKT209: .* handed to Save`
}

func (h *handler) fiber(c *fiber.Ctx) error {
	var a accounts.Account
	if err := c.BodyParser(&a); err != nil {
		return err
	}
	a.Role = "member"
	return accounts.Save(&a) // ok: the role is assigned before
}

func (h *handler) address(w http.ResponseWriter, r *http.Request) {
	var a accounts.Address
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, "bad address", http.StatusBadRequest)
		return
	}
	h.store.SaveAddress(r.Context(), a) // ok: it has neither rights nor an owner
}

func (h *handler) copied(w http.ResponseWriter, r *http.Request) {
	var in accounts.Account
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad account", http.StatusBadRequest)
		return
	}
	h.store.CreateAccount(r.Context(), &accounts.Account{Email: in.Email}) // ok: another value
}

func (h *handler) find(w http.ResponseWriter, r *http.Request) {
	var a accounts.Account
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, "bad account", http.StatusBadRequest)
		return
	}
	h.store.FindAccount(r.Context(), &a) // ok: it is looked up, not kept
}

// Package mkt705fw serves critical actions behind routers.
package mkt705fw

import (
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v4"
)

type store interface{ Delete(id string) error }

type app struct {
	db  store
	log *slog.Logger
}

func (a *app) remove(w http.ResponseWriter, r *http.Request) { a.db.Delete(r.FormValue("id")) }

func (a *app) logged(w http.ResponseWriter, r *http.Request) {
	a.db.Delete(r.FormValue("id"))
	a.log.Info("deleted")
}

func (a *app) echoed(c echo.Context) error { return a.db.Delete(c.Param("id")) }

func (a *app) fibered(c *fiber.Ctx) error { return a.db.Delete(c.Params("id")) }

func (a *app) fiberedLogged(c *fiber.Ctx) error {
	a.log.Info("delete", "id", c.Params("id"))
	return a.db.Delete(c.Params("id"))
}

func (a *app) handle(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	a.db.Delete(ps.ByName("id"))
}

func (a *app) chi() {
	c := chi.NewRouter()
	c.Delete("/users/{id}", a.remove) // want `^R MKT705: .*DELETE /users/\{id\}`
	c.Delete("/items/{id}", a.logged) // ok: a log line is written
	http.ListenAndServe(":1", c)
}

func (a *app) mux() {
	m := mux.NewRouter()
	m.HandleFunc("/users/{id}", a.remove).Methods("DELETE")
	m.HandleFunc("/items/{id}", a.logged).Methods("DELETE") // ok: a log line is written
	http.ListenAndServe(":2", m)
}

func (a *app) echo() {
	e := echo.New()
	e.DELETE("/users/:id", a.echoed)
	e.GET("/users/:id", a.echoed) // ok: a read
	e.Start(":3")
}

func (a *app) fiber() {
	f := fiber.New()
	f.Delete("/users/:id", a.fibered)
	f.Delete("/items/:id", a.fiberedLogged) // ok: a log line is written
	f.Listen(":4")
}

func (a *app) router() {
	h := httprouter.New()
	h.DELETE("/users/:id", a.handle)
	http.ListenAndServe(":5", h)
}

// Package mkt501fibercases holds fiber servers with and without a defence
// against cross-site requests.
package mkt501fibercases

import (
	"database/sql"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/csrf"
	"github.com/gofiber/fiber/v2/middleware/session"
)

type server struct {
	db    *sql.DB
	store *session.Store
}

func newServer(db *sql.DB) *server {
	return &server{db: db, store: session.New(session.Config{Expiration: time.Hour, CookieHTTPOnly: true, CookieSecure: true, CookieSameSite: "None"})}
}

func (s *server) signedIn(c *fiber.Ctx) error {
	sess, err := s.store.Get(c)
	if err != nil {
		return err
	}
	user := sess.Get("user")
	if user == nil {
		return c.Status(fiber.StatusUnauthorized).SendString("sign in first")
	}
	c.Locals("user", user)
	return c.Next()
}

func (s *server) vote(c *fiber.Ctx) error {
	if _, err := s.db.ExecContext(c.UserContext(), "INSERT INTO votes (voter, poll, choice) VALUES (?, ?, ?)", c.Locals("user"), c.Params("poll"), c.FormValue("choice")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusCreated)
}

func (s *server) open() {
	app := fiber.New()
	polls := app.Group("/polls", s.signedIn)
	polls.Post("/:poll/votes", s.vote) // want `^V MKT501: POST /polls/:poll/votes is authenticated by a cookie`
	app.Listen(":8080")
}

func (s *server) late() {
	app := fiber.New()
	app.Post("/votes/:poll", s.signedIn, s.vote) // want `^V MKT501: POST /votes/:poll is authenticated by a cookie`
	app.Use(csrf.New())                          // too late: fiber binds middleware in order
	app.Post("/other/:poll", s.signedIn, s.vote) // ok: this route comes after it
	app.Listen(":8080")
}

func (s *server) guarded() {
	app := fiber.New()
	app.Use(csrf.New(csrf.Config{KeyLookup: "header:X-Csrf-Token", CookieName: "__Host-csrf_", CookieSameSite: "Lax", CookieSecure: true}))
	app.Post("/polls/:poll/votes", s.signedIn, s.vote) // ok: fiber's csrf before the route
	app.Listen(":8080")
}

func (s *server) fetched() {
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
			return c.SendStatus(fiber.StatusForbidden)
		}
		return c.Next()
	})
	app.Post("/polls/:poll/votes", s.signedIn, s.vote) // ok: Sec-Fetch-Site is looked at
	app.Listen(":8080")
}

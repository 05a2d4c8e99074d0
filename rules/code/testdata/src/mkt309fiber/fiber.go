package mkt309fiber

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"
)

var store = session.New(session.Config{Expiration: 240 * time.Hour, CookieSecure: true, CookieHTTPOnly: true}) // want `^V MKT309: sessions live 10 days, the limit is 24 hours`

var right = session.New(session.Config{Expiration: time.Hour, CookieSecure: true, CookieHTTPOnly: true})

func signIn(c *fiber.Ctx) error {
	s, err := store.Get(c)
	if err != nil {
		return err
	}
	s.Set("user_id", 7) // want `^V MKT309: the login keeps the session id that the visitor came with; call Regenerate`
	return s.Save()
}

func signOut(c *fiber.Ctx) error {
	s, err := store.Get(c)
	if err != nil {
		return err
	}
	return s.Destroy()
}

package routesfiber

import "github.com/gofiber/fiber/v2"

func list(c *fiber.Ctx) error   { return nil }
func create(c *fiber.Ctx) error { return nil }
func auth(c *fiber.Ctx) error   { return c.Next() }

func main() {
	app := fiber.New()
	app.Get("/open", list) // want `GET /open list \[\]$`
	app.Use("/api", auth)
	api := app.Group("/api")
	api.Post("/items", auth, create) // want `POST /api/items create \[auth, auth\]$`
	app.Get("/other", list)          // want `GET /other list \[\]$`
	app.Route("/r", func(r fiber.Router) {
		r.Put("/x", create) // want `PUT /r/x create \[\]$`
	})
	sub := fiber.New()
	sub.Delete("/y", create) // want `DELETE /sub/y create \[auth\]$`
	app.Use(auth)
	app.Mount("/sub", sub)
	_ = app.Listen(":3000")
}

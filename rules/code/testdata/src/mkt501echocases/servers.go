// Package mkt501echocases holds echo servers with and without a defence
// against cross-site requests.
package mkt501echocases

import (
	"crypto/subtle"
	"database/sql"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

type server struct{ db *sql.DB }

func (s *server) login(c echo.Context) error {
	c.SetCookie(&http.Cookie{Name: "session", Value: c.FormValue("ticket"), Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode, MaxAge: 3600})
	return c.Redirect(http.StatusSeeOther, "/")
}

// signedIn looks the session up.
func (s *server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		cookie, err := c.Cookie("session")
		if err != nil {
			return echo.NewHTTPError(http.StatusUnauthorized, "sign in first")
		}
		var user int64
		if err := s.db.QueryRowContext(c.Request().Context(), "SELECT user_id FROM sessions WHERE id = $1", cookie.Value).Scan(&user); err != nil {
			return echo.NewHTTPError(http.StatusUnauthorized, "sign in first")
		}
		c.Set("user", user)
		return next(c)
	}
}

func (s *server) book(c echo.Context) error {
	if _, err := s.db.ExecContext(c.Request().Context(), "INSERT INTO bookings (guest, room) VALUES ($1, $2)", c.Get("user"), c.FormValue("room")); err != nil {
		return err
	}
	return c.NoContent(http.StatusCreated)
}

func (s *server) open() {
	e := echo.New()
	e.Use(middleware.Logger(), middleware.Recover())
	e.POST("/bookings", s.book, s.signedIn) // want `^V MKT501: POST /bookings is authenticated by a cookie`
	g := e.Group("/rooms", s.signedIn)
	g.POST("/:id/book", s.book) // want `^V MKT501: POST /rooms/:id/book is authenticated by a cookie`
	e.Start(":8080")
}

func (s *server) operators() {
	e := echo.New()
	g := e.Group("/admin")
	g.Use(middleware.BasicAuth(func(user, pass string, c echo.Context) (bool, error) {
		return subtle.ConstantTimeCompare([]byte(user), []byte("operator")) == 1 && pass == c.Request().Host, nil
	}))
	g.POST("/bookings", s.book) // want `^R MKT501: POST /admin/bookings is authenticated by basic authentication`
	e.Start(":8080")
}

func (s *server) guarded() {
	e := echo.New()
	e.Use(middleware.CSRFWithConfig(middleware.CSRFConfig{TokenLookup: "form:_csrf,header:X-CSRF-Token", CookieSecure: true, CookieSameSite: http.SameSiteStrictMode}))
	e.POST("/bookings", s.book, s.signedIn) // ok: echo's CSRF middleware on the server
	e.Start(":8080")
}

func (s *server) guardedGroup() {
	e := echo.New()
	g := e.Group("/rooms", s.signedIn, middleware.CSRF())
	g.POST("/:id/book", s.book) // ok: echo's CSRF middleware on the group
	e.Start(":8080")
}

func (s *server) adapted() {
	e := echo.New()
	e.Use(echo.WrapMiddleware(http.NewCrossOriginProtection().Handler))
	e.POST("/bookings", s.book, s.signedIn) // ok: net/http's protection, wrapped
	e.Start(":8080")
}

func (s *server) keyed() {
	e := echo.New()
	e.Use(middleware.KeyAuth(func(key string, c echo.Context) (bool, error) { return s.known(c, key) }))
	e.POST("/bookings", s.book) // ok: an API key is no cookie
	e.Start(":8080")
}

func (s *server) known(c echo.Context, key string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(c.Request().Context(), "SELECT count(*) FROM keys WHERE digest = sha256($1)", key).Scan(&n)
	return n == 1, err
}

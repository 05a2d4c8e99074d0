// Package mkt501gincases holds gin servers with and without a defence against
// cross-site requests.
package mkt501gincases

import (
	"database/sql"
	"net/http"
	"os"

	"github.com/gin-contrib/sessions"
	"github.com/gin-contrib/sessions/cookie"
	"github.com/gin-gonic/gin"
)

type server struct{ db *sql.DB }

func sessionStore() sessions.Store {
	store := cookie.NewStore([]byte(os.Getenv("SESSION_KEY")))
	store.Options(sessions.Options{Path: "/", MaxAge: 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode})
	return store
}

func requireUser(c *gin.Context) {
	if sessions.Default(c).Get("user") == nil {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "sign in first"})
		return
	}
	c.Next()
}

func (s *server) addNote(c *gin.Context) {
	var in struct {
		Text string `form:"text" binding:"required,max=2000"`
	}
	if err := c.ShouldBind(&in); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": "bad note"})
		return
	}
	if _, err := s.db.ExecContext(c.Request.Context(), "INSERT INTO notes (owner, body) VALUES (?, ?)", sessions.Default(c).Get("user"), in.Text); err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Redirect(http.StatusSeeOther, "/notes")
}

func (s *server) open() {
	r := gin.Default()
	r.Use(sessions.Sessions("notes", sessionStore()))
	notes := r.Group("/notes", requireUser)
	notes.POST("", s.addNote)                // want `^V MKT501: POST /notes is authenticated by a cookie`
	r.POST("/quick", requireUser, s.addNote) // want `^V MKT501: POST /quick is authenticated by a cookie`
	r.Run(":8080")
}

// doubleSubmit compares the cookie with the header that only own pages set.
func doubleSubmit(c *gin.Context) {
	want, err := c.Cookie("csrf_token")
	if err != nil || want == "" || c.GetHeader("X-CSRF-Token") != want {
		c.AbortWithStatus(http.StatusForbidden)
		return
	}
	c.Next()
}

func (s *server) guarded() {
	r := gin.Default()
	r.Use(sessions.Sessions("notes", sessionStore()))
	notes := r.Group("/notes", requireUser, doubleSubmit)
	notes.POST("", s.addNote) // ok: the group compares a header with a cookie
	r.Run(":8080")
}

func (s *server) wrapped() {
	r := gin.Default()
	r.Use(sessions.Sessions("notes", sessionStore()))
	r.POST("/notes", requireUser, s.addNote) // ok: http.CrossOriginProtection around the engine
	http.ListenAndServe(":8080", http.NewCrossOriginProtection().Handler(r))
}

func checkOrigin(c *gin.Context) {
	if origin := c.GetHeader("Origin"); origin != "" && origin != "https://notes.example.com" {
		c.AbortWithStatus(http.StatusForbidden)
	}
}

func (s *server) origins() {
	r := gin.New()
	r.Use(checkOrigin, sessions.Sessions("notes", sessionStore()))
	r.POST("/notes", requireUser, s.addNote) // ok: the origin is compared
	r.Run()
}

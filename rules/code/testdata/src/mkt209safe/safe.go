package mkt209safe

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type User struct {
	gorm.Model
	Name, Role string
}

type Server struct{ db *gorm.DB }

type input struct{ Name, Email string }

func (s *Server) dto(c *gin.Context) {
	var in input
	if c.ShouldBindJSON(&in) == nil {
		s.db.Create(&User{Name: in.Name, Role: "member"})
	}
}

func (s *Server) plain(c *gin.Context) {
	var in input
	if c.ShouldBindJSON(&in) == nil {
		s.db.Model(&User{}).Updates(in)
	}
}

type hidden struct {
	ID     uint   `json:"-"`
	Tenant string `json:"-"`
	Name   string `json:"name"`
}

func (s *Server) tagged(c *gin.Context) {
	var h hidden
	if c.ShouldBindJSON(&h) == nil {
		s.db.Create(&h)
	}
}

type readOnly struct {
	Role  string `gorm:"->"`
	Admin bool   `gorm:"<-:false"`
	Name  string
}

func (s *Server) permissions(c *gin.Context) {
	var o readOnly
	if c.ShouldBindJSON(&o) == nil {
		s.db.Create(&o)
	}
}

func (s *Server) selected(c *gin.Context) {
	var u User
	if c.ShouldBindJSON(&u) == nil {
		s.db.Model(&User{}).Select("name").Updates(&u)
	}
}

func (s *Server) omitted(c *gin.Context) {
	var u User
	if c.ShouldBindJSON(&u) == nil {
		s.db.Omit("ID", "CreatedAt", "UpdatedAt", "DeletedAt", "Role").Create(&u)
	}
}

func (s *Server) reset(c *gin.Context) {
	var u User
	if c.ShouldBindJSON(&u) == nil {
		u.Model = gorm.Model{}
		u.Role = "member"
		s.db.Create(&u)
	}
}

func (u *User) clean() {
	u.Model = gorm.Model{}
	u.Role = "member"
}

func (s *Server) cleaned(c *gin.Context) {
	var u User
	if c.ShouldBindJSON(&u) == nil {
		u.clean()
		s.db.Create(&u)
	}
}

var allowed = map[string]bool{"name": true}

func (s *Server) filtered(c *gin.Context) {
	var body map[string]any
	if c.ShouldBindJSON(&body) != nil {
		return
	}
	for k := range body {
		if !allowed[k] {
			delete(body, k)
		}
	}
	s.db.Model(&User{}).Updates(body)
}

type post struct {
	CategoryID string
	Monkey     string
	Author     string
	Identity   string
	Adminton   bool
}

func (s *Server) foreign(c *gin.Context) {
	var p post
	if c.ShouldBindJSON(&p) == nil {
		s.db.Create(&p)
	}
}

// The answer of another service is no request.
func (s *Server) fetched() {
	resp, err := http.Get("https://users.partner.io/1")
	if err != nil {
		return
	}
	defer resp.Body.Close()
	var u User
	if json.NewDecoder(resp.Body).Decode(&u) == nil {
		s.db.Create(&u)
	}
}

// Only the condition comes from the request.
func (s *Server) asked(c *gin.Context) {
	var u User
	if c.ShouldBindJSON(&u) == nil {
		var found User
		s.db.Where("name = ?", u.Name).First(&found)
		s.db.Save(&found)
	}
}

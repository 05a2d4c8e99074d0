package mkt209

import (
	"encoding/json"
	"net/http"

	"app.example.io/models"
	"github.com/gin-gonic/gin"
	"github.com/nats-io/nats.go"
	"gorm.io/gorm"
)

type User struct {
	gorm.Model
	Name  string
	Email string
	Role  string
}

type Server struct{ db *gorm.DB }

func (s *Server) create(c *gin.Context) {
	var user User
	if err := c.ShouldBindJSON(&user); err != nil {
		c.Status(400)
		return
	}
	s.db.Create(&user) // want `^V MKT209: a mkt209.User decoded from the request is stored as it is: the client may set Role, ID, CreatedAt, UpdatedAt`
}

// What is set before decoding is only a default.
func (s *Server) defaulted(c *gin.Context) {
	user := User{Role: "member"}
	user.Role = "member"
	if c.ShouldBind(&user) == nil {
		user.Model = gorm.Model{}
		s.db.Save(&user) // want `^V MKT209: .*may set Role;`
	}
}

// Only some of the fields are taken away.
func (s *Server) partly(c *gin.Context) {
	var user User
	if c.ShouldBindJSON(&user) == nil {
		user.ID = 0
		s.db.Create(&user) // want `^V MKT209: .*may set Role, CreatedAt, UpdatedAt, DeletedAt`
	}
}

func (s *Server) raw(w http.ResponseWriter, r *http.Request) {
	in := new(User)
	if err := json.NewDecoder(r.Body).Decode(in); err != nil {
		http.Error(w, "bad request", 400)
		return
	}
	s.insert(in)
}

func (s *Server) insert(u *User) {
	s.db.Create(u) // want `^V MKT209`
}

func readJSON(r *http.Request, into any) error {
	return json.NewDecoder(r.Body).Decode(into)
}

func (s *Server) helper(w http.ResponseWriter, r *http.Request) {
	var u User
	if readJSON(r, &u) == nil {
		s.db.Model(&User{}).Where("id = ?", 1).Updates(u) // want `^V MKT209`
	}
}

func decode[T any](r *http.Request) (T, error) {
	var v T
	err := json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

func (s *Server) generic(w http.ResponseWriter, r *http.Request) {
	u, err := decode[User](r)
	if err != nil {
		return
	}
	s.db.Create(&u) // want `^V MKT209: a mkt209.User`
}

func (s *Server) anyColumn(c *gin.Context) {
	var body map[string]any
	if c.ShouldBindJSON(&body) == nil {
		s.db.Model(&User{}).Where("id = ?", c.Param("id")).Updates(body) // want `^V MKT209: the map decoded from the request`
	}
}

func (s *Server) many(c *gin.Context) {
	var users []User
	if c.ShouldBindJSON(&users) == nil {
		s.db.Create(&users) // want `^V MKT209`
	}
}

type signup struct {
	User  User
	Terms bool
}

func (s *Server) nested(c *gin.Context) {
	var in signup
	if c.ShouldBindJSON(&in) == nil {
		s.db.Create(&in.User) // want `^V MKT209`
	}
}

// The hook of another package may well set what matters.
func (s *Server) hooked(c *gin.Context) {
	var m models.Member
	if c.ShouldBindJSON(&m) == nil {
		s.db.Create(&m) // want `^R MKT209`
	}
}

func (s *Server) prepared(c *gin.Context) {
	var n models.Note
	if c.ShouldBindJSON(&n) == nil {
		n.Prepare()
		s.db.Create(&n) // want `^R MKT209`
	}
}

type Offer struct {
	Title string
	Price int
}

func (s *Server) offer(c *gin.Context) {
	var o Offer
	if c.ShouldBindJSON(&o) == nil {
		s.db.Create(&o) // want `^R MKT209: .*Price`
	}
}

func (s *Server) consume(m *nats.Msg) {
	var u User
	if json.Unmarshal(m.Data, &u) == nil {
		s.db.Create(&u) // want `^R MKT209`
	}
}

func (s *Server) sometimes(c *gin.Context, admin bool) {
	var m struct {
		Name string
		Role string
	}
	if c.ShouldBindJSON(&m) == nil {
		if !admin {
			m.Role = "member"
		}
		s.db.Create(&m) // want `^R MKT209`
	}
}

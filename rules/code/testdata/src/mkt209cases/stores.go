// Package mkt209cases decodes requests with net/http, chi and gorilla and keeps
// them in gorm, sqlx and mongo.
package mkt209cases

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/google/uuid"
	"github.com/gorilla/schema"
	"github.com/jmoiron/sqlx"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"gorm.io/gorm"
)

// A User as gorm keeps it.
type User struct {
	gorm.Model
	Email    string `json:"email"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	IsAdmin  bool   `json:"is_admin"`
	TenantID string `json:"tenant_id"`
}

// A Profile has nothing that its owner may not set.
type Profile struct {
	Headline string `json:"headline"`
	Website  string `json:"website"`
}

// A Payout hides from the decoder what the server decides.
type Payout struct {
	ID       string    `json:"-" db:"id"`
	OwnerID  string    `json:"-" db:"owner_id"`
	IBAN     string    `json:"iban" db:"iban"`
	Approved bool      `json:"-" db:"approved"`
	At       time.Time `json:"-" db:"at"`
}

// A Comment keeps columns that gorm only reads.
type Comment struct {
	ID       uint   `json:"id" gorm:"->"`
	AuthorID uint   `json:"author_id" gorm:"<-:false"`
	Text     string `json:"text"`
}

type app struct {
	db    *gorm.DB
	sql   *sqlx.DB
	items *mongo.Collection
}

func (a *app) signUp(w http.ResponseWriter, r *http.Request) {
	var user User
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&user); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	if err := a.db.WithContext(r.Context()).Create(&user).Error; err != nil { // want `^V MKT209: .*Role, IsAdmin, TenantID`
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (a *app) signUpCopied(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	user := User{Email: in.Email, Name: in.Name, Role: "member"}
	a.db.WithContext(r.Context()).Create(&user) // ok: copied field by field
}

func (a *app) update(w http.ResponseWriter, r *http.Request) {
	var user User
	if err := a.db.First(&user, "id = ?", chi.URLParam(r, "id")).Error; err != nil {
		http.NotFound(w, r)
		return
	}
	if err := render.DecodeJSON(r.Body, &user); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Save(&user) // want `^V MKT209`
}

func (a *app) updateMap(w http.ResponseWriter, r *http.Request) {
	changes := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&changes); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Model(&User{}).Where("id = ?", chi.URLParam(r, "id")).Updates(changes) // want `^V MKT209`
}

func (a *app) updateNamed(w http.ResponseWriter, r *http.Request) {
	var in User
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Model(&User{}).Where("id = ?", chi.URLParam(r, "id")).Select("Email", "Name").Updates(in) // ok: the columns are named
}

func (a *app) updateMapped(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Model(&User{}).Where("id = ?", chi.URLParam(r, "id")).Updates(map[string]any{"email": in.Email}) // ok: the map is built here
}

func (a *app) profile(w http.ResponseWriter, r *http.Request) {
	var p Profile
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Create(&p) // ok: no field is privileged
}

func (a *app) comment(w http.ResponseWriter, r *http.Request) {
	var c Comment
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.db.Create(&c) // ok: gorm does not write the privileged columns
}

func (a *app) payout(w http.ResponseWriter, r *http.Request) {
	var p Payout
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	p.ID, p.At = uuid.NewString(), time.Now()
	if _, err := a.sql.NamedExecContext(r.Context(), "INSERT INTO payouts (id, owner_id, iban, approved, at) VALUES (:id, :owner_id, :iban, :approved, :at)", p); err != nil { // ok: json leaves out what is privileged
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

var forms = schema.NewDecoder()

func (a *app) form(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	var user User
	if err := forms.Decode(&user, r.PostForm); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	a.db.Create(&user) // want `^V MKT209`
}

func (a *app) item(w http.ResponseWriter, r *http.Request) {
	var item struct {
		ID      string  `json:"id" bson:"_id"`
		OwnerID string  `json:"owner_id" bson:"owner_id"`
		Price   float64 `json:"price" bson:"price"`
	}
	if err := json.NewDecoder(r.Body).Decode(&item); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	if _, err := a.items.InsertOne(r.Context(), item); err != nil { // want `^V MKT209`
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (a *app) itemTitle(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Title   string
		OwnerID string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.items.UpdateOne(r.Context(), bson.M{"_id": chi.URLParam(r, "id")}, bson.M{"$set": bson.M{"title": in.Title}}) // ok: one field is set
}

// imported comes from a file of our own.
func (a *app) imported(data []byte) error {
	var user User
	if err := json.Unmarshal(data, &user); err != nil {
		return err
	}
	return a.db.Create(&user).Error // ok: no request
}

// Package mkt601store stores passwords.
package mkt601store

import (
	"crypto/subtle"
	"database/sql"
	"net/http"

	"go.mongodb.org/mongo-driver/bson"
	"golang.org/x/crypto/bcrypt"
	"gorm.io/gorm"
)

type account struct {
	ID       int
	Email    string `gorm:"uniqueIndex"`
	Password string `gorm:"not null"`
}

type loginRequest struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Confirm  string `json:"confirm"`
}

func register(db *gorm.DB, req loginRequest) {
	db.Create(&account{Email: req.Email, Password: req.Password}) // want `V MKT601/plain: Password is stored in the clear`
}

func login(db *gorm.DB, req loginRequest) bool {
	var a account
	db.First(&a, "email = ?", req.Email)
	return a.Password == req.Password // want `V MKT601/plain: Password is compared with a stored password in the clear`
}

func loginForm(db *gorm.DB, r *http.Request) bool {
	var a account
	db.First(&a, "email = ?", r.FormValue("email"))
	password := r.FormValue("password")
	return subtle.ConstantTimeCompare([]byte(a.Password), []byte(password)) == 1 // want `V MKT601/plain: password is compared`
}

func check(a account, password string) bool {
	return a.Password == password // want `R MKT601/plain: password is compared`
}

func insert(db *sql.DB, req loginRequest) {
	db.Exec("INSERT INTO users (email, password) VALUES (?, ?)", req.Email, req.Password) // want `V MKT601/plain: Password is stored in the clear`
}

func repository(db *sql.DB, email, password string) {
	db.Exec("UPDATE users SET password = $1 WHERE email = $2", password, email) // want `R MKT601/plain: password is stored in the clear`
}

func document(req loginRequest) bson.M {
	return bson.M{"email": req.Email, "password": req.Password} // want `V MKT601/plain: Password is stored in the clear`
}

func hashed(db *gorm.DB, req loginRequest) error {
	h, err := bcrypt.GenerateFromPassword([]byte(req.Password), 12)
	if err != nil {
		return err
	}
	db.Create(&account{Email: req.Email, Password: string(h)}) // ok: hashed before
	return nil
}

func hashInPlace(db *sql.DB, req loginRequest) {
	password := req.Password
	password = hashPassword(password)
	db.Exec("INSERT INTO users (email, password) VALUES (?, ?)", req.Email, password) // ok: hashed before
}

func hashPassword(p string) string {
	h, _ := bcrypt.GenerateFromPassword([]byte(p), 12)
	return string(h)
}

func loginHashed(db *gorm.DB, req loginRequest) bool {
	var a account
	db.First(&a, "email = ?", req.Email)
	return bcrypt.CompareHashAndPassword([]byte(a.Password), []byte(req.Password)) == nil // ok: bcrypt compares
}

func confirmed(req loginRequest) bool { return req.Password == req.Confirm } // ok: two inputs of one form

func unchanged(old, updated account) bool { return old.Password == updated.Password } // ok: the stored one with itself

func isEmpty(a account) bool { return a.Password == "" } // ok: empty

func select_(db *sql.DB, password string) {
	db.Query("SELECT id FROM users WHERE email = ?", password)
	db.Exec("UPDATE users SET password_hash = ?", password) // ok: a column of hashes
	db.Exec("UPDATE settings SET theme = ?", password)
}

func response(req loginRequest) map[string]string { return map[string]string{"password": req.Password} }

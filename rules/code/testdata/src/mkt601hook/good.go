// Package mkt601hook hashes in a hook of the model.
package mkt601hook

import (
	"golang.org/x/crypto/bcrypt"
	"gorm.io/gorm"
)

type member struct {
	Password string `gorm:"not null"`
}

type request struct {
	Password string `json:"password"`
}

func (m *member) BeforeSave(*gorm.DB) error {
	h, err := bcrypt.GenerateFromPassword([]byte(m.Password), 12)
	m.Password = string(h)
	return err
}

func create(db *gorm.DB, r request) { db.Create(&member{Password: r.Password}) } // ok: a hook hashes before saving

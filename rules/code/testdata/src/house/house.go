// Package house holds helpers whose names say nothing about what they do.
package house

import (
	"net/http"

	"gorm.io/gorm"
)

// Clerk keeps a book.
type Clerk struct{}

// Put writes a line into the book.
func (c *Clerk) Put(text string) {}

// Place narrows a query.
func Place(db *gorm.DB) *gorm.DB { return db }

// Look looks at an address.
func Look(url string) error { return nil }

// Web gives a client.
func Web() *http.Client { return http.DefaultClient }

// Blot takes things out of a text.
func Blot(text string) string { return text }

// Mine asks whose something is.
func Mine(id string) bool { return id != "" }

// Package accounts keeps accounts.
package accounts

import "context"

// An Account is a row.
type Account struct {
	ID    uint   `json:"id" gorm:"primaryKey"`
	Email string `json:"email" gorm:"uniqueIndex"`
	Role  string `json:"role" gorm:"default:member"`
}

// An Address has no rights.
type Address struct {
	ID   uint   `json:"id" gorm:"primaryKey"`
	City string `json:"city"`
}

// A Store keeps accounts.
type Store interface {
	CreateAccount(ctx context.Context, a *Account) error
	FindAccount(ctx context.Context, a *Account) error
	SaveAddress(ctx context.Context, a Address) error
}

// Save keeps an account.
func Save(a *Account) error { return nil }

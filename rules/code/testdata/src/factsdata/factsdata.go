// Package factsdata handles personal data and credentials.
package factsdata

import (
	"database/sql"
	"encoding/json"
	"net/http"
)

// Customer is a row.
type Customer struct {
	ID           int64          `db:"id"`
	Email        string         `db:"email"`         // want `data-names: email address`
	PhoneNumber  string         `db:"phone_number"`  // want `data-names: telephone number`
	RefreshToken string         `db:"refresh_token"` // want `data-names: access token`
	PasswordHash string         `db:"password_hash"` // want `password: PasswordHash`
	MaskedEmail  string         `db:"masked_email"`
	FirstName    sql.NullString `db:"first_name"` // want `data-names: name of a person`
	Birthday     string         `db:"-"`
	Next         string         `db:"next_page_token"`
}

// invite is what a page sends.
type invite struct {
	EmailAddress string // want `data-names: email address`
	Token        string // not kept by decoding it
	Friends      []friend
}

type friend struct {
	DateOfBirth *string `json:"dob"` // want `data-names: date of birth`
	SSN         string  `json:"-"`
}

// smtpConfig is the product's own address.
type smtpConfig struct {
	Email string `json:"email"`
}

// never is neither stored nor decoded.
type never struct {
	Email string `json:"email"`
}

func handle(w http.ResponseWriter, r *http.Request) {
	var in invite
	json.NewDecoder(r.Body).Decode(&in) // want `request-binding: factsdata.invite`
}

func settings(raw []byte) (c smtpConfig) {
	json.Unmarshal(raw, &c)
	return c
}

func create(db *sql.DB) {
	db.Exec(`CREATE TABLE accounts (id bigint, iban text, client_secret text, secret_name text)`) // want `data-names: bank account` `data-names: secret` `sql: database/sql` `stores-data: database/sql`
	db.Exec(`SELECT email FROM accounts`)                                                         // want `sql: database/sql` `stores-data: database/sql`
}

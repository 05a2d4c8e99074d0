// Package mkt408usedknown signs in to databases, directories and clouds.
package mkt408usedknown

import (
	"os"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/go-ldap/ldap/v3"
	"github.com/jackc/pgx/v5"
	"gopkg.in/gomail.v2"
)

func database() (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig("host=db.partner.io user=app sslmode=verify-full")
	if err != nil {
		return nil, err
	}
	c.Password = "elephants-remember" // want `^V MKT408/used: a literal`
	return c, nil
}

func databaseSafe() (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig("host=db.partner.io user=app sslmode=verify-full")
	if err != nil {
		return nil, err
	}
	c.Password = os.Getenv("DATABASE_WORD") // ok: read from the environment
	return c, nil
}

func directory(c *ldap.Conn) error {
	if err := c.Bind("cn=app,dc=partner,dc=io", os.Getenv("LDAP_WORD")); err != nil { // ok: read from the environment
		return err
	}
	return c.Bind("cn=app,dc=partner,dc=io", "phone-book-words") // want `^V MKT408/used: a literal`
}

func cloud() []any {
	return []any{
		credentials.NewStaticCredentialsProvider(os.Getenv("KEY_ID"), "clouds-and-silver-linings", ""), // want `^V MKT408/used: a literal`
		credentials.NewStaticCredentialsProvider("a-key-id-is-public", os.Getenv("KEY"), ""),           // ok: read from the environment
	}
}

func mail() []any {
	return []any{
		gomail.NewDialer("mail.partner.io", 587, "app", "letters-and-stamps"),   // want `^V MKT408/used: a literal`
		gomail.NewDialer("mail.partner.io", 587, "app", os.Getenv("MAIL_WORD")), // ok: read from the environment
	}
}

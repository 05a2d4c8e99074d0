// Package mkt103known opens databases and brokers through further libraries.
package mkt103known

import (
	"database/sql"
	"os"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/golang-migrate/migrate/v4"
	"github.com/streadway/amqp"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

func open(d schema.Dialect) (*bun.DB, error) {
	gorm.Open(postgres.Open("host=db.partner.io user=app sslmode=disable"))              // want `^V MKT103`
	entsql.Open("postgres", "postgres://app@db.partner.io/app?sslmode=disable")          // want `^V MKT103`
	migrate.New("file://migrations", "postgres://app@db.partner.io/app?sslmode=disable") // want `^V MKT103`
	amqp.Dial("amqp://queue.partner.io:5672/")                                           // want `^[VR] MKT103`
	db, err := sql.Open("postgres", "postgres://app@db.partner.io/app?sslmode=disable")  // want `^V MKT103`
	return bun.NewDB(db, d), err
}

func safe(d schema.Dialect) (*bun.DB, error) {
	gorm.Open(postgres.Open("host=db.partner.io user=app sslmode=verify-full"))              // ok: verified
	gorm.Open(postgres.Open(os.Getenv("DATABASE_URL")))                                      // ok: not known
	entsql.Open("postgres", "postgres://app@localhost/app?sslmode=disable")                  // ok: the same machine
	entsql.Open("sqlite3", "file:app.db?cache=shared")                                       // ok: a file
	migrate.New("file://migrations", "postgres://app@db.partner.io/app?sslmode=verify-full") // ok: verified
	migrate.New("file://migrations", os.Getenv("DATABASE_URL"))                              // ok: not known
	amqp.Dial("amqps://queue.partner.io:5671/")                                              // ok: TLS
	amqp.Dial("amqp://localhost:5672/")                                                      // ok: the same machine
	db, err := sql.Open("postgres", "postgres://app@db.partner.io/app?sslmode=verify-full")  // ok: verified
	return bun.NewDB(db, d), err
}

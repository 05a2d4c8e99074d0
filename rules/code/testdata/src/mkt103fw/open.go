// Package mkt103fw opens databases through libraries that wrap drivers.
package mkt103fw

import (
	"os"

	"github.com/go-pg/pg/v10"
	"github.com/hibiken/asynq"
	"github.com/jmoiron/sqlx"
	"xorm.io/xorm"
)

func open() {
	sqlx.Connect("postgres", "postgres://app@db.partner.io/app?sslmode=disable") // want `^V MKT103`
	sqlx.MustConnect("mysql", "app@tcp(db.partner.io:3306)/app?tls=false")       // want `^[VR] MKT103`
	xorm.NewEngine("postgres", "host=db.partner.io sslmode=disable")             // want `^V MKT103`
	pg.ParseURL("postgres://app@db.partner.io/app?sslmode=disable")              // want `^V MKT103`
	asynq.ParseRedisURI("redis://cache.partner.io:6379")                         // want `^V MKT103`
}

func safe() {
	sqlx.Connect("postgres", "postgres://app@db.partner.io/app?sslmode=verify-full") // ok: verified
	sqlx.Connect("postgres", os.Getenv("DATABASE_URL"))                              // ok: not known
	sqlx.Connect("postgres", "postgres://app@localhost/app?sslmode=disable")         // ok: the same machine
	xorm.NewEngine("sqlite3", "app.db")                                              // ok: a file
	pg.ParseURL("postgres://app@db.partner.io/app?sslmode=verify-full")              // ok: verified
	asynq.ParseRedisURI("rediss://cache.partner.io:6379")                            // ok: TLS
}

var clear = asynq.RedisClientOpt{Addr: "cache.partner.io:6379"} // want `^[VR] MKT103`

var local = asynq.RedisClientOpt{Addr: "127.0.0.1:6379"} // ok: the same machine

// Package mkt406fw stores tokens through sqlx, pgx and xorm.
package mkt406fw

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/oauth2"
	"xorm.io/xorm"
)

type account struct {
	ID          int64
	AccessToken string `xorm:"access_token"`
	Name        string `xorm:"name"`
}

func save(ctx context.Context, db *sqlx.DB, pool *pgxpool.Pool, x *xorm.Engine, tok *oauth2.Token) {
	db.ExecContext(ctx, "UPDATE accounts SET access_token = $1", tok.AccessToken)        // want `^V MKT406: tok.AccessToken is stored unencrypted in column access_token`
	pool.Exec(ctx, "INSERT INTO accounts (refresh_token) VALUES ($1)", tok.RefreshToken) // want `^V MKT406: tok.RefreshToken is stored unencrypted in column refresh_token`
	x.Insert(&account{AccessToken: tok.AccessToken})                                     // want `^V MKT406: tok.AccessToken is stored unencrypted in account.AccessToken`
}

func sealed(ctx context.Context, db *sqlx.DB, pool *pgxpool.Pool, x *xorm.Engine, tok *oauth2.Token) {
	db.ExecContext(ctx, "UPDATE accounts SET access_token = $1", seal(tok.AccessToken)) // ok: encrypted
	pool.Exec(ctx, "UPDATE accounts SET token_type = $1", tok.TokenType)                // ok: no secret
	x.Insert(&account{Name: "acme"})                                                    // ok: no secret
}

func seal(s string) string { return encrypt(s) }

func encrypt(s string) string { return s }

// Package mkt406 exercises rule MKT406.
package mkt406

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/partner/app/ent"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"golang.org/x/oauth2"
	"gorm.io/gorm"
)

type account struct {
	ID           int
	AccessToken  string `gorm:"column:access_token"`
	RefreshToken string `gorm:"column:refresh_token"`
	APIKey       string `bun:"api_key"`
}

type integration struct {
	gorm.Model
	ClientSecret string
}

func statements(ctx context.Context, db *sql.DB, tok *oauth2.Token, id int, apiKey, clientSecret string) {
	db.Exec("INSERT INTO accounts (id, access_token) VALUES ($1, $2)", id, tok.AccessToken) // want `V MKT406: tok.AccessToken is stored unencrypted in column access_token; encrypt it, or keep only its hash$`
	db.ExecContext(ctx, "UPDATE accounts SET api_key = ? WHERE id = ?", apiKey, id)         // want `V MKT406: apiKey is stored unencrypted in column api_key`
	query := `
		UPDATE integrations SET
			client_secret=$1,
			api_key=$2
		WHERE id=$3`
	db.Exec(query, clientSecret, apiKey, id) // want `V MKT406: clientSecret and 1 other secret are stored unencrypted in columns such as client_secret; encrypt them, or keep only their hashes$`
	t := tok.RefreshToken
	db.QueryRow("INSERT INTO t (refresh_token) VALUES ($1) RETURNING id", t) // want `V MKT406: tok.RefreshToken is stored unencrypted in column refresh_token`
}

func models(ctx context.Context, db *gorm.DB, b *bun.DB, tok *oauth2.Token, clientSecret string) {
	db.Create(&account{AccessToken: tok.AccessToken}) // want `V MKT406: tok.AccessToken is stored unencrypted in account.AccessToken`
	a := account{ID: 1}
	a.RefreshToken = tok.RefreshToken // want `V MKT406: tok.RefreshToken is stored unencrypted in account.RefreshToken`
	db.Save(&a)
	db.Create(&integration{ClientSecret: clientSecret})           // want `V MKT406: clientSecret is stored unencrypted in integration.ClientSecret`
	b.NewInsert().Model(&account{APIKey: clientSecret}).Exec(ctx) // want `V MKT406: clientSecret is stored unencrypted in account.APIKey`
}

func elsewhere(tok *oauth2.Token) *account {
	return &account{AccessToken: tok.AccessToken} // want `R MKT406: tok.AccessToken is stored unencrypted in account.AccessToken`
}

func generated(ctx context.Context, c *ent.Client, tok *oauth2.Token) {
	c.Account.Create().SetName("x").SetRefreshToken(tok.RefreshToken).Save(ctx) // want `V MKT406: tok.RefreshToken is stored unencrypted in a model of ent`
}

func documents(ctx context.Context, c *mongo.Collection, tok *oauth2.Token, id string) {
	c.InsertOne(ctx, bson.M{"user": id, "refresh_token": tok.RefreshToken})                      // want `V MKT406: tok.RefreshToken is stored unencrypted in field refresh_token`
	c.UpdateOne(ctx, bson.M{"_id": id}, bson.M{"$set": bson.M{"access_token": tok.AccessToken}}) // want `V MKT406: tok.AccessToken is stored unencrypted in field access_token`
}

func caches(ctx context.Context, c *redis.Client, conn redigo.Conn, tok *oauth2.Token, apiKey string, ttl time.Duration) {
	c.Set(ctx, "t", tok.RefreshToken, 0)             // want `V MKT406: tok.RefreshToken is stored unencrypted in Redis`
	c.Set(ctx, "t", tok.RefreshToken, 24*time.Hour)  // want `V MKT406: tok.RefreshToken is stored unencrypted in Redis`
	c.Set(ctx, "t", tok.AccessToken, 30*time.Minute) // want `R MKT406: tok.AccessToken is stored unencrypted in Redis`
	c.Set(ctx, "t", tok.AccessToken, ttl)            // want `R MKT406: tok.AccessToken is stored unencrypted in Redis`
	c.HSet(ctx, "user", "api_key", apiKey)           // want `V MKT406: apiKey is stored unencrypted in Redis`
	b, _ := json.Marshal(tok)
	c.Set(ctx, "t", b, 0)       // want `V MKT406: tok with its field AccessToken is stored unencrypted in Redis`
	conn.Do("SET", "t", apiKey) // want `V MKT406: apiKey is stored unencrypted in Redis`
}

func files(path string, tok *oauth2.Token) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewEncoder(f).Encode(tok) // want `V MKT406: tok is stored unencrypted in a file`
}

func written(path string, tok *oauth2.Token) error {
	b, err := json.Marshal(tok)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600) // want `V MKT406: tok is stored unencrypted in a file`
}

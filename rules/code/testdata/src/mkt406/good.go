package mkt406

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"

	"github.com/partner/app/ent"
	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"golang.org/x/oauth2"
	"gorm.io/gorm"
)

type box interface{ Encrypt(string) string }

func encrypted(db *sql.DB, b box, tok *oauth2.Token, id int) {
	db.Exec("UPDATE accounts SET refresh_token = $1 WHERE id = $2", b.Encrypt(tok.RefreshToken), id) // ok: encrypted before
	sealed := b.Encrypt(tok.AccessToken)
	db.Exec("UPDATE accounts SET access_token = $1 WHERE id = $2", sealed, id) // ok: encrypted before
}

func hashedLookup(db *sql.DB, apiKey string) {
	sum := sha256.Sum256([]byte(apiKey))
	db.Exec("INSERT INTO keys (api_key) VALUES (?)", hex.EncodeToString(sum[:])) // ok: hashed for look-up
}

func readOnly(db *sql.DB, sessionToken, apiKey string, id int) {
	db.Query("SELECT id FROM sessions WHERE token = $1", sessionToken)              // ok: read, not stored
	db.Exec("DELETE FROM sessions WHERE token = $1", sessionToken)                  // ok: deleted, not stored
	db.Exec("UPDATE sessions SET last_seen = now() WHERE token = $1", sessionToken) // ok: the secret only finds the row
	db.Exec("UPDATE keys SET used = used + 1 WHERE api_key = ?", apiKey)
}

func otherColumns(db *sql.DB, pageToken, tokenType, tokenID, keyName, author string) {
	db.Exec("INSERT INTO runs (page_token, token_type, token_id, key_name, author) VALUES (?, ?, ?, ?, ?)", pageToken, tokenType, tokenID, keyName, author) // ok: kinds, ids and cursors of tokens
	db.Exec("UPDATE users SET password_hash = ?, token_count = ? WHERE id = ?", author, 1, 2)                                                               // ok: a hash
}

func devices(db *sql.DB, deviceToken, pushToken string) {
	db.Exec("INSERT INTO devices (push_token) VALUES (?)", pushToken) // ok: a push token is an address
	db.Exec("INSERT INTO devices (token) VALUES (?)", deviceToken)
}

type guardedString string

func (g guardedString) Value() (driver.Value, error) { return "", nil }

type sealedAccount struct {
	ID           int
	AccessToken  guardedString `gorm:"column:access_token"`
	RefreshToken string        `gorm:"serializer:encrypted"`
	APIKey       string        `gorm:"-"`
	TokenHash    string        `gorm:"column:token_hash"`
	Token        string        `json:"token"`
}

type hooked struct {
	APIKey string `gorm:"column:api_key"`
}

func (h *hooked) BeforeSave(*gorm.DB) error { return nil }

func guarded(db *gorm.DB, tok *oauth2.Token, apiKey, secret string) {
	db.Create(&sealedAccount{AccessToken: guardedString(tok.AccessToken), RefreshToken: tok.RefreshToken, APIKey: apiKey, TokenHash: secret}) // ok: types and serializers that encrypt
	db.Create(&hooked{APIKey: apiKey})                                                                                                        // ok: a hook encrypts before saving
	db.Where("api_key = ?", apiKey)
	db.First(&hooked{}, "api_key = ?", apiKey)
}

func documentsGood(ctx context.Context, c *mongo.Collection, apiKey string) {
	c.FindOne(ctx, bson.M{"api_key": apiKey}) // ok: a filter
	c.UpdateOne(ctx, bson.M{"api_key": apiKey}, bson.M{"$inc": bson.M{"used": 1}})
	c.InsertOne(ctx, bson.M{"page_token": apiKey, "user": "x"}) // ok: a page's token
}

func entGood(ctx context.Context, c *ent.Client, name, value string) {
	c.Account.Create().SetName(name).SetTokenHash(value).Save(ctx) // ok: a hash
}

func cachesGood(ctx context.Context, c *redis.Client, userID, sessionToken string) {
	c.Set(ctx, "session:"+sessionToken, userID, 0) // ok: the value is a user's id
	c.HSet(ctx, "counts", "tokens", 5)
}

func respond(w http.ResponseWriter, tok *oauth2.Token) error {
	return json.NewEncoder(w).Encode(tok) // ok: answered, not stored
}

func printed(tok *oauth2.Token) error {
	return json.NewEncoder(os.Stdout).Encode(tok) // ok: printed, not stored
}

func encryptedFile(path string, b box, tok *oauth2.Token) error {
	raw, err := json.Marshal(tok)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.Encrypt(string(raw))), 0o600) // ok: encrypted before it is written
}

func settings(path string, s struct{ Theme string }) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

func copied(db *gorm.DB, old, other *account) {
	other.AccessToken = old.AccessToken
	db.Save(other)
}

// Package mkt202fw uses the second major version of the mongo driver, and redigo.
package mkt202fw

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gomodule/redigo/redis"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

type login struct{ Name, Password string }

func decoded(users *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	var filter map[string]any
	json.NewDecoder(r.Body).Decode(&filter)
	users.FindOne(r.Context(), filter) // want `^V MKT202`
	var in login
	json.NewDecoder(r.Body).Decode(&in)
	users.FindOne(r.Context(), bson.M{"name": in.Name})                      // ok: a string holds no operator
	users.Find(r.Context(), bson.M{"$where": "this.n == '" + in.Name + "'"}) // want `^V MKT202: .*\$where`
	id, err := bson.ObjectIDFromHex(r.PathValue("id"))
	if err == nil {
		users.DeleteOne(r.Context(), bson.D{{Key: "_id", Value: id}}) // ok: an id holds no operator
	}
}

func scripts(conn redis.Conn, w http.ResponseWriter, r *http.Request) {
	redis.NewScript(1, "return redis.call('GET', '"+r.FormValue("k")+"')").Do(conn)    // want `^V MKT202`
	redis.NewScript(1, "return redis.call('GET', KEYS[1])").Do(conn, r.FormValue("k")) // ok: a key
	conn.Do("GET", r.FormValue("k"))                                                   // ok: a key
}

func own(users *mongo.Collection) {
	users.Find(context.Background(), bson.M{"active": true}) // ok: no input
}

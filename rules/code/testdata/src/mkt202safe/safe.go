// Package mkt202safe holds code that looks like what MKT202 flags and is fine.
package mkt202safe

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
)

type login struct {
	Name     string   `json:"name"`
	Tags     []string `json:"tags"`
	Age      int      `json:"age"`
	Anything any      `json:"anything"`
}

func text(users *mongo.Collection, c *gin.Context) {
	users.Find(c.Request.Context(), bson.M{"name": c.Query("name")})
	users.Find(c.Request.Context(), bson.D{{Key: "name", Value: c.Param("name")}})
}

func typed(users *mongo.Collection, c *gin.Context) {
	var in login
	if err := c.BindJSON(&in); err != nil {
		return
	}
	users.Find(c.Request.Context(), bson.M{"name": in.Name, "age": in.Age})
	users.Find(c.Request.Context(), bson.M{"tags": bson.M{"$in": in.Tags}})
	users.UpdateOne(c.Request.Context(), bson.M{"name": in.Name}, bson.M{"$set": bson.M{"age": in.Age}})
}

func asserted(users *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	name, ok := in["name"].(string)
	if !ok {
		return
	}
	users.Find(r.Context(), bson.M{"name": name})
}

func ids(users *mongo.Collection, c *gin.Context) {
	id, err := primitive.ObjectIDFromHex(c.Param("id"))
	if err != nil {
		return
	}
	users.FindOne(c.Request.Context(), bson.M{"_id": id})
	n, _ := strconv.Atoi(c.Query("n"))
	users.FindOne(c.Request.Context(), bson.M{"n": n})
}

func constantFilter(users *mongo.Collection, c *gin.Context) {
	filter := bson.M{"deleted": false}
	if n := c.Query("name"); n != "" {
		filter["name"] = n
	}
	users.Find(c.Request.Context(), filter)
	users.Find(c.Request.Context(), bson.M{"$where": "this.a == this.b"})
}

func scripts(rdb *redis.Client, c *gin.Context) {
	rdb.Eval(c.Request.Context(), "return redis.call('GET', KEYS[1])", []string{c.Query("k")}, c.Query("v"))
}

func search(c *gin.Context) {
	body, err := json.Marshal(map[string]any{"query": map[string]any{"match": map[string]any{"name": c.Query("q")}}})
	if err != nil {
		return
	}
	_ = esapi.SearchRequest{Body: bytes.NewReader(body)}
}

// Package mkt202 exercises rule MKT202.
package mkt202

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

func wholeFilter(users *mongo.Collection, c *gin.Context) {
	var filter map[string]any
	if err := c.BindJSON(&filter); err != nil {
		return
	}
	users.Find(c.Request.Context(), filter) // want `V MKT202: The request's body becomes a filter`
}

func wholeM(users *mongo.Collection, c echo.Context) error {
	filter := bson.M{}
	if err := c.Bind(&filter); err != nil {
		return err
	}
	users.FindOne(context.Background(), filter) // want `V MKT202: `
	return nil
}

func valueOfAny(users *mongo.Collection, c *fiber.Ctx) error {
	var in map[string]any
	if err := c.BodyParser(&in); err != nil {
		return err
	}
	users.FindOne(context.Background(), bson.M{"name": in["name"], "password": in["password"]}) // want `V MKT202: `
	return nil
}

type login struct {
	Name     string
	Password any
}

func fieldOfAny(users *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	var in login
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	users.FindOne(r.Context(), bson.D{{Key: "name", Value: in.Name}, {Key: "password", Value: in.Password}}) // want `V MKT202: `
}

func extended(users *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var filter bson.M
	if err := bson.UnmarshalExtJSON(body, true, &filter); err != nil {
		return
	}
	users.Find(r.Context(), filter)                                                      // want `V MKT202: `
	users.Aggregate(r.Context(), mongo.Pipeline{bson.D{{Key: "$match", Value: filter}}}) // want `V MKT202: `
}

func where(users *mongo.Collection, c *gin.Context) {
	users.Find(c.Request.Context(), bson.M{"$where": "this.name == '" + c.Query("n") + "'"})               // want `V MKT202: The query parameter n becomes program text under \$where`
	users.Find(c.Request.Context(), bson.D{{Key: "$where", Value: "this.name == '" + c.Query("n") + "'"}}) // want `V MKT202: `
}

func scripts(rdb *redis.Client, c *gin.Context) {
	rdb.Eval(c.Request.Context(), "return redis.call('GET', '"+c.Query("k")+"')", nil) // want `V MKT202: The query parameter k becomes the text of a script`
}

func search(c *gin.Context) {
	_ = esapi.SearchRequest{Body: strings.NewReader(`{"query": {"match": {"name": "` + c.Query("q") + `"}}}`)} // want `V MKT202: The query parameter q becomes part of a search request's text`
}

// Package mkt202near holds pairs for rule MKT202.
package mkt202near

import (
	"net/http"
	"regexp"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
)

// login compares texts: neither can hold an operator.
func login(c *gin.Context, users *mongo.Collection) {
	var in struct{ Email, Password string }
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	users.FindOne(c, bson.M{"email": in.Email, "password": in.Password})   // ok: strings hold no operators
	users.FindOne(c, bson.D{{Key: "email", Value: c.GetHeader("X-User")}}) // ok: a header is a string
	users.FindOne(c, bson.M{"email": bson.M{"$eq": in.Email}})             // ok: compared by $eq
}

// loginAny lets a body choose {"$ne": null}.
func loginAny(c *gin.Context, users *mongo.Collection) {
	var in struct {
		Email    string
		Password any
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	users.FindOne(c, bson.M{"email": in.Email})                          // ok: the field of type any is not used
	users.FindOne(c, bson.M{"email": in.Email, "password": in.Password}) // want `V MKT202: The request's body becomes a filter`
}

// byField lets the caller name the field, and so "$where".
func byField(c *gin.Context, users *mongo.Collection) {
	users.Find(c, bson.M{c.Query("field"): c.Query("value")})               // want `V MKT202: The query parameter field becomes a filter`
	users.Find(c, bson.D{{Key: c.Query("field"), Value: c.Query("value")}}) // want `V MKT202: `
	users.Find(c, bson.M{"profile." + c.Query("field"): c.Query("value")})  // ok: a name that begins with a constant is no operator
	users.Find(c, bson.D{{Key: "profile." + c.Query("field"), Value: "x"}}) // ok: the same in an ordered document
}

func byQuery(w http.ResponseWriter, r *http.Request, users *mongo.Collection) {
	filter := bson.M{}
	for name, values := range r.URL.Query() {
		filter[name] = values[0]
	}
	users.Find(r.Context(), filter) // want `V MKT202: The query string becomes a filter`
}

var searchable = []string{"name", "city"}

func byListed(w http.ResponseWriter, r *http.Request, users *mongo.Collection) {
	field := r.FormValue("field")
	if !slices.Contains(searchable, field) {
		http.Error(w, "unknown field", http.StatusBadRequest)
		return
	}
	users.Find(r.Context(), bson.M{field: r.FormValue("value")}) // ok: the name is one of a list
}

func ordered(c echo.Context, users *mongo.Collection) error {
	_, err := users.Aggregate(c.Request().Context(), mongo.Pipeline{ // ok: $sort takes names of fields only
		bson.D{{Key: "$match", Value: bson.M{"tenant": c.Param("tenant")}}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: c.QueryParam("sort"), Value: 1}}}},
	})
	return err
}

func byID(w http.ResponseWriter, r *http.Request, users *mongo.Collection) {
	id, err := primitive.ObjectIDFromHex(mux.Vars(r)["id"])
	if err != nil {
		return
	}
	users.FindOne(r.Context(), bson.M{"_id": id})                                           // ok: an ObjectID
	users.FindOne(r.Context(), bson.M{"name": mux.Vars(r)["name"]})                         // ok: a path parameter is a string
	users.FindOne(r.Context(), bson.M{"$where": "this.a == '" + mux.Vars(r)["name"] + "'"}) // want `V MKT202: `
}

func search(c *gin.Context, users *mongo.Collection) {
	users.Find(c, bson.M{"name": bson.M{"$regex": c.Query("q")}})                             // want `R MKT202: The query parameter q becomes a regular expression`
	users.Find(c, bson.M{"name": primitive.Regex{Pattern: "^" + c.Query("q"), Options: "i"}}) // want `R MKT202: `
	users.Find(c, bson.D{{Key: "name", Value: bson.D{{Key: "$regex", Value: c.Query("q")}}}}) // want `R MKT202: `
	users.Find(c, bson.M{"name": bson.M{"$regex": "^" + regexp.QuoteMeta(c.Query("q"))}})     // ok: quoted
	users.Find(c, bson.M{"$text": bson.M{"$search": c.Query("q")}})                           // ok: a text search takes a string
}

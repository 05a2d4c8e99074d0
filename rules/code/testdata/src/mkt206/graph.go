// Package mkt206 exercises rule MKT206.
package mkt206

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func post(doc string, vars map[string]any) {
	body, _ := json.Marshal(map[string]any{"query": doc, "variables": vars})
	http.Post("https://api.monday.com/v2", "application/json", bytes.NewReader(body))
}

func formatted(c *gin.Context) {
	post(fmt.Sprintf(`query { boards(ids: "%s") { name } }`, c.Query("board")), nil) // want `V MKT206: The query parameter board becomes part of a GraphQL document`
}

func concatenated(c echo.Context) error {
	doc := `mutation { create_item(item_name: "` + c.FormValue("name") + `") { id } }` // want `V MKT206: The form field name becomes part`
	post(doc, nil)
	return nil
}

func anonymous(w http.ResponseWriter, r *http.Request) {
	var in struct{ ID string }
	json.NewDecoder(r.Body).Decode(&in)
	post("{ boards(ids: "+in.ID+") { name } }", nil) // want `V MKT206: The request's body becomes part`
}

// Board is called from other packages.
func Board(id string) {
	post(fmt.Sprintf(`query { boards(ids: "%s") { name } }`, id), nil) // want `R MKT206: A value becomes part`
}

const fields = "id name"

func safe(c *gin.Context) {
	post(`query ($ids: [ID!]) { boards(ids: $ids) { name } }`, map[string]any{"ids": []string{c.Query("board")}})
	post(fmt.Sprintf(`query { boards(limit: %d) { name } }`, 25), nil)
	post("query { boards { "+fields+" } }", nil)
	list := "id"
	if c.Query("names") != "" {
		list = "id name"
	}
	post("query { boards { "+list+" } }", nil)
	post("query { boards { "+strings.Join([]string{"id", "name"}, " ")+" } }", nil)
	n, _ := strconv.Atoi(c.Query("n"))
	post("query { boards(limit: "+strconv.Itoa(n)+") { name } }", nil)
}

// Texts that only look like documents.
func others(c *gin.Context) string {
	a := fmt.Sprintf(`{"name": %q}`, c.Query("n"))
	b := "query " + c.Query("n") + " failed"
	d := fmt.Sprintf("mutation of %s is not allowed {code: %s}", c.Query("n"), c.Query("m"))
	e := "type query struct { " + c.Query("n") + " string }"
	return a + b + d + e
}

// Package mkt206near holds pairs for rule MKT206.
package mkt206near

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
)

func send(document string, variables map[string]any) {
	body, _ := json.Marshal(map[string]any{"query": document, "variables": variables})
	http.Post("https://api.monday.com/v2", "application/json", bytes.NewReader(body))
}

const itemFields = "id name column_values { id text }"

func item(w http.ResponseWriter, r *http.Request) {
	send(`query ($id: [ID!]) { items(ids: $id) { id } }`, map[string]any{"id": mux.Vars(r)["id"]}) // ok: sent as a variable
	send(`query ($id: [ID!]) { items(ids: $id) { `+itemFields+` } }`, nil)                         // ok: a constant list of fields
	send(`query { items(ids: "`+mux.Vars(r)["id"]+`") { id } }`, nil)                              // want `V MKT206: `
}

func page(c *gin.Context) {
	n, err := strconv.Atoi(c.Query("n"))
	if err != nil {
		return
	}
	send(fmt.Sprintf(`query { items(limit: %d) { id } }`, n), nil)               // ok: a number
	send(`query { items(limit: `+strconv.Itoa(n)+`) { id } }`, nil)              // ok: a number in a concatenation
	send(fmt.Sprintf(`query { items(cursor: "%s") { id } }`, c.Query("c")), nil) // want `V MKT206: `
}

func one(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("id"))
	if err != nil {
		return err
	}
	send(`query { document(id: "`+id.String()+`") { name } }`, nil) // ok: a UUID holds no quote
	return nil
}

func aliases(names []string) {
	var b strings.Builder
	for i := range names {
		b.WriteString("a" + strconv.Itoa(i) + ": me { id } ")
	}
	send("query { boards { "+strings.Join([]string{"id", "name"}, " ")+" } }", nil) // ok: a constant list
}

func direction(c *gin.Context) {
	order := "ASC"
	if c.Query("order") == "desc" {
		order = "DESC"
	}
	send(`query { items(order: `+order+`) { id } }`, nil) // ok: one of two constants
}

func quoted(c *gin.Context) {
	name, _ := json.Marshal(c.Query("name"))
	send(`mutation { create_item(name: `+string(name)+`) { id } }`, nil) // ok: a JSON string is escaped as GraphQL asks
}

func texts(c *gin.Context) {
	_ = `{"query": "` + c.Query("q") + `"}`                   // ok: JSON, not a document
	_ = "query " + c.Query("q") + " failed {}"                // ok: a sentence
	_ = "mutation of " + c.Query("q") + " { is not allowed }" // ok: a sentence that begins as a document
}

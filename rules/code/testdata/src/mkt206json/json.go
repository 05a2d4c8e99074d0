// Package mkt206json puts GraphQL documents together inside the JSON of a
// request, and piece by piece.
package mkt206json

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

const api = "https://api.monday.com/v2"

type event struct {
	Board int64  `json:"boardId"`
	Name  string `json:"pulseName"`
}

func hook(w http.ResponseWriter, r *http.Request) {
	var e event
	if json.NewDecoder(r.Body).Decode(&e) != nil {
		return
	}
	body := fmt.Sprintf(`{"query":"mutation { create_item(board_id: %d, item_name: \"%s\") { id } }"}`, e.Board, e.Name) // want `V MKT206: The request's body`
	http.Post(api, "application/json", bytes.NewReader([]byte(body)))
	counted := fmt.Sprintf(`{"query":"mutation { archive_board(board_id: %d) { id } }"}`, e.Board) // ok: a number
	http.Post(api, "application/json", strings.NewReader(counted))
}

func joined(c *gin.Context) {
	body := `{"query": "mutation { create_item(name: \"` + c.Query("n") + `\") { id } }"}` // want `V MKT206: The query parameter n`
	http.Post(api, "application/json", strings.NewReader(body))
	named := `{"operationName": "Items", "query": "query Items {\n items(name: \"` + c.Query("n") + `\") { id } }"}` // want `V MKT206: `
	http.Post(api, "application/json", strings.NewReader(named))
	number, _ := strconv.Atoi(c.Query("n"))
	ok := `{"query": "query { items(limit: ` + strconv.Itoa(number) + `) { id } }"}` // ok: a number
	http.Post(api, "application/json", strings.NewReader(ok))
}

func variables(c echo.Context) error {
	id, err := json.Marshal(c.Param("id"))
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"query":"query ($id: ID!) { item(id: $id) { name } }","variables":{"id":%s}}`, id) // ok: a variable
	http.Post(api, "application/json", strings.NewReader(body))
	search := fmt.Sprintf(`{"query":{"match":{"name":"%s"}}}`, c.Param("id")) // ok: another language has a member of this name
	http.Post("https://search.partner.io/items/_search", "application/json", strings.NewReader(search))
	plain := fmt.Sprintf(`{"query":"%s","limit":10}`, c.Param("id")) // ok: words to search for
	http.Post("https://search.partner.io/find", "application/json", strings.NewReader(plain))
	return nil
}

func send(document string) {
	body, _ := json.Marshal(map[string]string{"query": document})
	http.Post(api, "application/json", bytes.NewReader(body))
}

func built(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString(`mutation { create_item(name: "`)
	b.WriteString(r.FormValue("n")) // want `V MKT206: The form field n`
	b.WriteString(`") { id } }`)
	send(b.String())
}

func printed(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `query { items(name: "%s") { id } }`, r.FormValue("n")) // want `V MKT206: `
	send(b.String())
	body := bytes.NewBufferString(`{"query":"mutation { delete_item(item_id: \"`)
	body.WriteString(r.FormValue("id")) // want `V MKT206: `
	body.WriteString(`\") { id } }"}`)
	http.Post(api, "application/json", body)
}

func fields(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("query ($id: ID!) { item(id: $id) { ")
	for _, f := range []string{"id", "name"} {
		b.WriteString(f) // ok: one of a constant list
	}
	b.WriteString(" } }")
	send(b.String())
}

func aliases(w http.ResponseWriter, ids []int) {
	var b strings.Builder
	b.WriteString("query { ")
	for i, id := range ids {
		fmt.Fprintf(&b, "i%d: items(ids: %d) { id } ", i, id) // ok: numbers
	}
	b.WriteString("}")
	send(b.String())
}

func block(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("server { location ")
	b.WriteString(strconv.Quote(r.FormValue("path"))) // ok: no GraphQL
	b.WriteString(" { } }")
	w.Header().Set("Content-Type", "text/plain")
	w.Write([]byte(b.String()))
}

// Package mkt202known searches with OpenSearch.
package mkt202known

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/opensearch-project/opensearch-go/v4/opensearchapi"
)

func concatenated(c *opensearchapi.Client, w http.ResponseWriter, r *http.Request) {
	body := `{"query": {"match": {"title": "` + r.FormValue("q") + `"}}}`
	c.Search(r.Context(), &opensearchapi.SearchReq{Indices: []string{"books"}, Body: strings.NewReader(body)}) // want `^V MKT202`
}

func marshalled(c *opensearchapi.Client, w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(map[string]any{"query": map[string]any{"match": map[string]string{"title": r.FormValue("q")}}})
	if err == nil {
		c.Search(r.Context(), &opensearchapi.SearchReq{Indices: []string{"books"}, Body: bytes.NewReader(body)}) // ok: marshalled
	}
}

func constant(c *opensearchapi.Client, w http.ResponseWriter, r *http.Request) {
	c.Search(r.Context(), &opensearchapi.SearchReq{Body: strings.NewReader(`{"query": {"match_all": {}}}`)}) // ok: a constant
}

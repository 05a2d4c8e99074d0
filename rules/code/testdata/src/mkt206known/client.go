// Package mkt206known sends GraphQL through genqlient.
package mkt206known

import (
	"net/http"

	"github.com/Khan/genqlient/graphql"
)

func built(c graphql.Client, w http.ResponseWriter, r *http.Request) {
	c.MakeRequest(r.Context(), &graphql.Request{Query: `query { boards(ids: "` + r.FormValue("b") + `") { name } }`}, &graphql.Response{}) // want `^V MKT206`
}

func bound(c graphql.Client, w http.ResponseWriter, r *http.Request) {
	c.MakeRequest(r.Context(), &graphql.Request{
		OpName:    "Boards",
		Query:     `query Boards ($b: [ID!]) { boards(ids: $b) { name } }`,
		Variables: map[string]string{"b": r.FormValue("b")}, // ok: a variable
	}, &graphql.Response{})
}

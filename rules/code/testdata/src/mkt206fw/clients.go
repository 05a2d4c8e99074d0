// Package mkt206fw sends GraphQL through a client library.
package mkt206fw

import (
	"net/http"

	"github.com/machinebox/graphql"
)

func built(w http.ResponseWriter, r *http.Request) {
	graphql.NewRequest(`query { boards(ids: "` + r.FormValue("b") + `") { name } }`) // want `^V MKT206`
}

func bound(w http.ResponseWriter, r *http.Request) {
	q := graphql.NewRequest(`query ($b: [ID!]) { boards(ids: $b) { name } }`)
	q.Var("b", r.FormValue("b")) // ok: a variable
}

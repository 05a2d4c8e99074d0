// Package mkt404known resolves GraphQL with graph-gophers.
package mkt404known

import (
	"context"

	"github.com/graph-gophers/graphql-go"
)

type account struct {
	ID     graphql.ID
	APIKey string `json:"apiKey"`
}

type view struct {
	ID   graphql.ID
	Name string `json:"name"`
}

type queryResolver struct{}

func (*queryResolver) Account(ctx context.Context, args struct{ ID graphql.ID }) (*account, error) { // want `R MKT404: field APIKey of account is sent to the client`
	return &account{ID: args.ID}, nil
}

func (*queryResolver) Profile(ctx context.Context, args struct{ ID graphql.ID }) (*view, error) { // ok: a type of its own
	return &view{ID: args.ID}, nil
}

var _ = graphql.MustParseSchema("", &queryResolver{}, graphql.UseFieldResolvers())

// Package mkt404graph exercises rule MKT404 with GraphQL.
package mkt404graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

var _ graphql.ExecutableSchema

type User struct {
	ID     string `json:"id"`
	APIKey string `json:"apiKey"`
}

type Bare struct{ APIKey string }

type queryResolver struct{}

func (r *queryResolver) User(ctx context.Context, id string) (*User, error) { return load(id) } // want `R MKT404: field APIKey of User is sent to the client`

func (r *queryResolver) Login(ctx context.Context, name string) (*User, error) { return load(name) } // ok: a login answers with its key

func (r *queryResolver) Bare(ctx context.Context) (*Bare, error) { return nil, nil }

func load(id string) (*User, error) { return nil, nil }

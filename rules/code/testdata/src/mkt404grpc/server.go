// Package mkt404grpc exercises rule MKT404 with gRPC.
package mkt404grpc

import (
	"context"

	"google.golang.org/grpc"
)

type Request struct{}

type Account struct {
	Id           string `json:"id,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
}

func (*Account) ProtoReflect() {}

type server struct{ conn *grpc.ClientConn }

func (s *server) GetAccount(ctx context.Context, r *Request) (*Account, error) {
	secret := lookup()
	return &Account{Id: "1", ClientSecret: secret}, nil // want `R MKT404: field ClientSecret of Account is sent to the client`
}

func (s *server) GetName(ctx context.Context, r *Request) (*Account, error) {
	return &Account{Id: "1"}, nil
}

func (s *server) GetMasked(ctx context.Context, r *Request) (*Account, error) {
	return &Account{Id: "1", ClientSecret: mask(lookup())}, nil // ok: masked
}

func (s *server) IssueToken(ctx context.Context, r *Request) (*Account, error) {
	return &Account{ClientSecret: lookup()}, nil // ok: made for the caller
}

func lookup() string { return "x" }

func mask(string) string { return "***" }

// Package mkt701rpc exercises rule MKT701 with gRPC, Connect and chi/render.
package mkt701rpc

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"net/http"

	"app.example.io/users"
	"connectrpc.com/connect"
	"github.com/go-chi/render"
	perrors "github.com/pkg/errors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type service struct {
	db    *sql.DB
	users *users.Store
}

type request struct{ ID string }

func (r *request) Validate() error {
	if r.ID == "" {
		return errors.New("id is missing")
	}
	return nil
}

func (s *service) Get(ctx context.Context, r *request) error {
	if err := r.Validate(); err != nil {
		return status.Error(codes.InvalidArgument, err.Error()) // ok: what a validator says of the request
	}
	if _, err := s.db.ExecContext(ctx, "x"); err != nil {
		return status.Errorf(codes.Internal, "exec: %v", err) // want `V MKT701: .*sql.DB.ExecContext`
	}
	if err := s.db.Ping(); err != nil {
		return status.Error(codes.Unavailable, perrors.Wrap(err, "ping").Error()) // want `V MKT701: .*sql.DB.Ping`
	}
	if _, err := s.users.Load(r.ID); err != nil {
		if errors.Is(err, users.ErrNotFound) {
			return status.Error(codes.NotFound, err.Error()) // ok: a sentinel
		}
		return status.Errorf(codes.Internal, "load: %s", err) // want `R MKT701: .*users.Store.Load`
	}
	if _, err := s.users.Load(r.ID); err != nil {
		return status.Errorf(codes.InvalidArgument, "bad user: %v", err) // ok: the status blames the request
	}
	if err := s.db.Ping(); err != nil {
		log.Printf("ping: %v", err)
		return status.Error(codes.Internal, "store is away") // ok: a fixed message
	}
	return status.New(codes.NotFound, "no "+r.ID).Err()
}

func (s *service) Put(ctx context.Context, r *request) error {
	if err := s.db.Ping(); err != nil {
		return connect.NewError(connect.CodeInternal, err) // want `V MKT701: .*sql.DB.Ping`
	}
	return connect.NewError(connect.CodeInvalidArgument, errors.New("id is missing")) // ok: the package words it
}

func (s *service) web(w http.ResponseWriter, r *http.Request) {
	var in request
	if err := render.DecodeJSON(r.Body, &in); err != nil {
		render.JSON(w, r, render.M{"error": err.Error()}) // ok: what a decoder says of the request
		return
	}
	if err := s.db.Ping(); err != nil {
		render.Status(r, 500)
		render.JSON(w, r, render.M{"error": err.Error()}) // want `V MKT701: .*sql.DB.Ping`
		render.PlainText(w, r, "store is away")           // ok: a fixed message
	}
}

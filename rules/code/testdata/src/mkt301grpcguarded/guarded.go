// Package mkt301grpcguarded has an interceptor that asks.
package mkt301grpcguarded

import (
	"context"
	"database/sql"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

type service struct {
	healthpb.UnimplementedHealthServer
	db *sql.DB
}

func (s *service) Check(ctx context.Context, in *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	_, err := s.db.ExecContext(ctx, "DELETE FROM notes WHERE id = $1", in.GetService())
	return &healthpb.HealthCheckResponse{}, err
}

func known(db *sql.DB, token string) bool {
	var n int
	return db.QueryRow("SELECT 1 FROM tokens WHERE token = $1", token).Scan(&n) == nil
}

func checks(db *sql.DB) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		if v := md.Get("authorization"); len(v) == 0 || !known(db, v[0]) {
			return nil, status.Error(codes.Unauthenticated, "unauthenticated")
		}
		return handler(ctx, req)
	}
}

func serve(l net.Listener, db *sql.DB) {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(checks(db))) // ok: the interceptor looks at the metadata
	healthpb.RegisterHealthServer(s, &service{db: db})
	s.Serve(l)
}

func gathered(l net.Listener, db *sql.DB) {
	var opts []grpc.ServerOption
	opts = append(opts, grpc.MaxRecvMsgSize(1<<20))
	opts = append(opts, grpc.UnaryInterceptor(checks(db)))
	s := grpc.NewServer(opts...) // ok: as above, by a slice
	healthpb.RegisterHealthServer(s, &service{db: db})
	s.Serve(l)
}

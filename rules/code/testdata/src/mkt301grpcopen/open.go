// Package mkt301grpcopen asks nobody.
package mkt301grpcopen

import (
	"context"
	"database/sql"
	"net"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

type service struct {
	healthpb.UnimplementedHealthServer
	db *sql.DB
}

func (s *service) Check(ctx context.Context, in *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	_, err := s.db.ExecContext(ctx, "DELETE FROM notes WHERE id = $1", in.GetService())
	return &healthpb.HealthCheckResponse{}, err
}

func logs(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return handler(ctx, req)
}

func serve(l net.Listener, db *sql.DB) {
	s := grpc.NewServer(grpc.UnaryInterceptor(logs)) // want `^R MKT301: the gRPC services of this server \(Health\) are served without an interceptor`
	healthpb.RegisterHealthServer(s, &service{db: db})
	s.Serve(l)
}

// Package mkt301grpcmtls requires certificates.
package mkt301grpcmtls

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
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

func serve(l net.Listener, db *sql.DB, cert tls.Certificate, pool *x509.CertPool) {
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS13}
	s := grpc.NewServer(grpc.Creds(credentials.NewTLS(cfg))) // ok: only clients with a certificate come in
	healthpb.RegisterHealthServer(s, &service{db: db})
	s.Serve(l)
}

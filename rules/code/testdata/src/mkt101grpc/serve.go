// Package mkt101grpc serves gRPC.
package mkt101grpc

import (
	"crypto/tls"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

func plain() error {
	l, err := net.Listen("tcp", ":9001")
	if err != nil {
		return err
	}
	return grpc.NewServer().Serve(l) // want `R MKT101: the gRPC server takes plain connections on :9001`
}

func insecurely(log grpc.UnaryServerInterceptor) {
	l, _ := net.Listen("tcp", "0.0.0.0:9002")
	s := grpc.NewServer(grpc.Creds(insecure.NewCredentials()), grpc.UnaryInterceptor(log))
	go func() {
		s.Serve(l) // want `R MKT101: `
	}()
}

func withTLS(c tls.Certificate) {
	l, _ := net.Listen("tcp", ":9003")
	grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&c))).Serve(l)                          // ok: TLS
	grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}))).Serve(l) // ok: TLS
}

func loopback() {
	l, _ := net.Listen("tcp", "127.0.0.1:9004")
	grpc.NewServer().Serve(l) // ok: loopback
	u, _ := net.Listen("unix", "/run/partner.sock")
	grpc.NewServer(grpc.Creds(insecure.NewCredentials())).Serve(u) // ok: a unix socket
}

func wrapped(cfg *tls.Config) {
	l, _ := net.Listen("tcp", ":9005")
	grpc.NewServer().Serve(tls.NewListener(l, cfg)) // ok: the listener brings TLS
	grpc.NewServer().Serve(bufconn.Listen(1 << 20)) // ok: within the process
}

func configured(options []grpc.ServerOption, l net.Listener) {
	grpc.NewServer(options...).Serve(l) // ok: neither options nor listener are seen
	own, _ := net.Listen("tcp", ":9006")
	grpc.NewServer(options...).Serve(own) // ok: the options may bring TLS
}

// Package mkt103grpc connects to several gRPC servers, some of them with TLS.
package mkt103grpc

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

func clients() {
	grpc.NewClient("billing.partner.io:443", grpc.WithTransportCredentials(insecure.NewCredentials())) // want `V MKT103: gRPC client speaks to billing.partner.io without TLS`
	grpc.NewClient("other.partner.io:443", grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(nil, "")))
	grpc.NewClient("localhost:443", grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: loopback
}

func older() {
	grpc.Dial("dns:///reports.partner.io:443", grpc.WithInsecure()) // want `V MKT103: gRPC client speaks to reports.partner.io`
	grpc.Dial("reports.partner.io:443", grpc.WithInsecure())        // want `V MKT103: gRPC client speaks to reports.partner.io`
}

func choice(plain bool) {
	if plain {
		grpc.NewClient("stock.partner.io:443", grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: one of two ways to the same host, which a setting chooses
		return
	}
	grpc.NewClient("stock.partner.io:443", grpc.WithTransportCredentials(credentials.NewTLS(nil)))
}

func configured(target string) {
	grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: TLS is a choice of this package, and the target is not known
}

func tunnel(dial func(context.Context, string) (net.Conn, error)) {
	grpc.NewClient("tunnel.partner.io:443", grpc.WithContextDialer(dial), grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: the dialer may bring TLS
}

func gathered(options ...grpc.DialOption) {
	options = append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))
	grpc.NewClient("gathered.partner.io:443", options...) // ok: what else is given is not seen
}

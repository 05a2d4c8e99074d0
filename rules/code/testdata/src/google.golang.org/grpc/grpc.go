// Package grpc is a stub for tests: only declarations, written by hand.
package grpc

import (
	"context"
	"net"

	"google.golang.org/grpc/credentials"
)

type DialOption interface{}

type ClientConn struct{}

type Server struct{}

type ServerOption interface{}

func NewServer(opts ...ServerOption) *Server { return nil }

func (s *Server) Serve(l net.Listener) error { return nil }

func Dial(target string, opts ...DialOption) (*ClientConn, error) { return nil, nil }

func NewClient(target string, opts ...DialOption) (*ClientConn, error) { return nil, nil }

func WithInsecure() DialOption { return nil }

func WithTransportCredentials(c credentials.TransportCredentials) DialOption { return nil }

func WithContextDialer(f func(context.Context, string) (net.Conn, error)) DialOption { return nil }

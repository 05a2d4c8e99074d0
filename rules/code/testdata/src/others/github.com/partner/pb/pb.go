// Package pb is a stub for tests: only declarations, written by hand.
package pb

import "context"

type FetchRequest struct{ Name string }

func (r *FetchRequest) ProtoReflect() any { return nil }

func (r *FetchRequest) GetName() string { return "" }

func (r *FetchRequest) GetLimit() int32 { return 0 }

type FetchReply struct{}

func (r *FetchReply) ProtoReflect() any { return nil }

type UnimplementedFetcherServer struct{}

type FetcherClient interface {
	Fetch(ctx context.Context, in *FetchRequest) (*FetchReply, error)
}

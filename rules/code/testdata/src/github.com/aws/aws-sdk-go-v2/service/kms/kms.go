// Package kms is a stub for tests: only declarations, written by hand.
package kms

import "context"

type Client struct{}

type CreateKeyInput struct {
	Policy      *string
	Description *string
}

type DisableKeyRotationInput struct{ KeyId *string }

func (c *Client) CreateKey(ctx context.Context, in *CreateKeyInput) (any, error) { return nil, nil }

func (c *Client) DisableKeyRotation(ctx context.Context, in *DisableKeyRotationInput) (any, error) {
	return nil, nil
}

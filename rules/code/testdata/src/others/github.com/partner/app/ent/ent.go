// Package ent is a stub for tests: what ent generates, written by hand.
package ent

import "context"

type Client struct{ Account *AccountClient }

type AccountClient struct{}

func (c *AccountClient) Create() *AccountCreate { return nil }

type AccountCreate struct{}

func (a *AccountCreate) SetName(s string) *AccountCreate { return a }

func (a *AccountCreate) SetRefreshToken(s string) *AccountCreate { return a }

func (a *AccountCreate) SetTokenHash(s string) *AccountCreate { return a }

func (a *AccountCreate) Save(ctx context.Context) error { return nil }

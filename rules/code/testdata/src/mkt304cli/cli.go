// Package mkt304cli is a program that asks for the code on the terminal.
package mkt304cli

import (
	"context"
	"fmt"

	"golang.org/x/oauth2"
)

func token(conf *oauth2.Config) *oauth2.Token {
	fmt.Println(conf.AuthCodeURL("state-token", oauth2.AccessTypeOffline)) // want `R MKT304: the OAuth state is a constant`
	var code string
	fmt.Scan(&code)
	t, _ := conf.Exchange(context.TODO(), code)
	return t
}

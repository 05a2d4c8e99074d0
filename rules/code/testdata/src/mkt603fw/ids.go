// Package mkt603fw makes tokens from ids of other libraries.
package mkt603fw

import (
	gofrs "github.com/gofrs/uuid/v5"
	satori "github.com/satori/go.uuid"
)

func tokens() (sessionToken, resetToken, orderID string) {
	sessionToken = satori.NewV1().String() // want `^[VR] MKT603`
	v1, _ := gofrs.NewV1()
	resetToken = v1.String()          // want `^[VR] MKT603`
	orderID = satori.NewV1().String() // ok: no secret
	return sessionToken, resetToken, orderID
}

func random() (sessionToken string) {
	sessionToken = satori.NewV4().String() // ok: random
	return sessionToken
}

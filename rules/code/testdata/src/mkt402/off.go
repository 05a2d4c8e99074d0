// Package mkt402 is silent: without a policy nothing is known to be personal.
package mkt402

import "log"

func invite(email, phoneNumber string) { log.Println(email, phoneNumber) } // ok: no policy says what is personal

// Package mkt103fwsafe reaches a queue over TLS.
package mkt103fwsafe

import (
	"crypto/tls"

	"github.com/hibiken/asynq"
)

var queue = asynq.RedisClientOpt{Addr: "cache.partner.io:6379", TLSConfig: &tls.Config{ServerName: "cache.partner.io"}} // ok: TLS

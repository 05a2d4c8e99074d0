// Package bridge holds the files of the repository that the server hands out as
// they are.
package bridge

import _ "embed"

// SecurityTxt tells researchers whom to write to (RFC 9116).
//
//go:embed .well-known/security.txt
var SecurityTxt []byte

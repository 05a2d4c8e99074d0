// Package handed hands the hash on as a function, which no call shows.
package handed

import (
	"crypto/hmac"
	"crypto/sha1" // want `G505 as is`
)

func checksum(b []byte) [sha1.Size]byte { return sha1.Sum(b) } // want `G401 informational`

func mac(key, msg []byte) []byte {
	m := hmac.New(sha1.New, key)
	m.Write(msg)
	return m.Sum(nil)
}

// Package cachekey hashes nothing that anybody gains by forging.
package cachekey

import (
	"crypto/md5" // want `G501 informational`
	"encoding/hex"
)

func cacheKey(path string) string {
	sum := md5.Sum([]byte(path)) // want `G401 informational`
	return hex.EncodeToString(sum[:md5.Size])
}

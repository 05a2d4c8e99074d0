// Package gain hashes what somebody gains by forging, under harmless names.
package gain

import (
	"crypto/md5"  // want `G501 as is`
	"crypto/sha1" // want `G505 as is`
	"encoding/hex"
	"io"
	"net/http"
)

func hexOf(b [md5.Size]byte) string { return hex.EncodeToString(b[:]) }

func AssetSignature(path, k string) string { return hexOf(md5.Sum([]byte(path + k))) } // want `G401 review`

type cache struct{ salt string }

func (c *cache) sign(link string) string { return hexOf(md5.Sum([]byte(link + c.salt))) } // want `G401 (review|violation)`

func cachedLogin(pin string) string { return hexOf(md5.Sum([]byte(pin))) } // want `G401 (review|violation)`

func revisionKey(user, k string) string { return hexOf(md5.Sum([]byte(user + k))) } // want `G401 review`

func verifyUpdateChecksum(bin []byte, want string) bool { return hexOf(md5.Sum(bin)) == want } // want `G401 review`

func downloadChecksum(r io.Reader) (string, error) {
	h := sha1.New() // want `G401 review`
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func guidFor(sessionID string) string { return hexOf(md5.Sum([]byte(sessionID))) } // want `G401 (review|violation)`

func cacheKey(key string) string { return hexOf(md5.Sum([]byte(key))) } // want `G401 informational`

func assetTag(w http.ResponseWriter, body []byte) {
	w.Header().Set("ETag", hexOf(md5.Sum(body))) // want `G401 informational`
}

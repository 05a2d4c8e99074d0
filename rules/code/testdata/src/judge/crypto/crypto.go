package crypto

import (
	"crypto/cipher"
	"crypto/des"  // want `G502 as is`
	"crypto/md5"  // want `G501 as is`
	"crypto/rc4"  // want `G503 as is`
	"crypto/sha1" // want `G505 as is`
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
)

func storePassword(password string) string {
	return fmt.Sprintf("%x", md5.Sum([]byte(password))) // want `G401 violation`
}

func writtenPassword(userPassword string) string {
	h := sha1.New() // want `G401 violation`
	io.WriteString(h, "pepper")
	h.Write([]byte(userPassword))
	return hex.EncodeToString(h.Sum(nil))
}

func signRequest(apiSecret, body string) string {
	sum := md5.Sum([]byte(body + apiSecret)) // want `G401 violation`
	return hex.EncodeToString(sum[:])
}

func cachedLookup(accessToken string) string {
	return fmt.Sprintf("%x", sha1.Sum([]byte(accessToken))) // want `G401 review`
}

func lookupAPI(apiToken string) string {
	return fmt.Sprintf("%x", sha1.Sum([]byte(apiToken))) // want `G401 violation`
}

func digestOf(data []byte) [md5.Size]byte { return md5.Sum(data) } // want `G401 review`

func etag(w http.ResponseWriter, body []byte) {
	sum := md5.Sum(body) // want `G401 informational`
	w.Header().Set("ETag", hex.EncodeToString(sum[:]))
}

func serve(w http.ResponseWriter, body []byte) {
	sum := sha1.Sum(body) // want `G401 informational`
	tag := hex.EncodeToString(sum[:])
	w.Header().Set("ETag", tag)
}

func gravatarURL(email string) string {
	return fmt.Sprintf("https://www.gravatar.com/avatar/%x", md5.Sum([]byte(email))) // want `G401 informational`
}

func fixedText() string { return fmt.Sprintf("%x", md5.Sum([]byte("v1"))) } // want `G401 informational`

func upload(r io.Reader) (checksum string, err error) {
	h := md5.New() // want `G401 review`
	if _, err = io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func fileChecksum(r io.Reader) (string, error) {
	h := md5.New() // want `G401 informational`
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func encrypt(key, plain, iv []byte) ([]byte, error) {
	block, err := des.NewTripleDESCipher(key) // want `G405 violation`
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, plain) // want `G407 as is`
	return out, nil
}

func oldFormat(key, sealed, iv []byte) ([]byte, error) {
	block, err := des.NewCipher(key) // want `G405 review`
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, sealed) // want `G407 as is`
	return out, nil
}

func stream(encryptionKey []byte) (*rc4.Cipher, error) {
	return rc4.NewCipher(encryptionKey) // want `G405 violation`
}

func leaked(password string) string {
	// The interface of pwnedpasswords takes the first five digits.
	pwnedSum := sha1.Sum([]byte(password)) // want `G401 review`
	return hex.EncodeToString(pwnedSum[:])[:5]
}

func digestResponse(user, realm, password string) string {
	return fmt.Sprintf("%x", md5.Sum([]byte(user+":"+realm+":"+password))) // want `G401 review`
}

func poolName(dbPassword string) string {
	return fmt.Sprintf("%x", md5.Sum([]byte(dbPassword))) // want `G401 review`
}

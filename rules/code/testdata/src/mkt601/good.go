package mkt601

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
)

type config struct{ Password, SMTPPassword string }

// prehash shortens a long password for bcrypt.
func prehash(password string) ([]byte, error) {
	sum := sha256.Sum256([]byte(password)) // ok: bcrypt follows
	return bcrypt.GenerateFromPassword([]byte(hex.EncodeToString(sum[:])), 12)
}

// basicAuth hides the lengths before it compares.
func basicAuth(password, expected string) bool {
	a := sha256.Sum256([]byte(password)) // ok: compared in constant time, not stored
	b := sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// pwned asks a k-anonymity service.
func pwned(password string) (*http.Response, error) {
	sum := sha1.Sum([]byte(password)) // ok: asked of a list of leaked passwords
	return http.Get("https://api.pwnedpasswords.com/range/" + hex.EncodeToString(sum[:])[:5])
}

// digestAuth is RFC 7616, where the protocol fixes the hash.
func digestAuth(user, realm, password string) string {
	return fmt.Sprintf("%x", md5.Sum([]byte(user+":"+realm+":"+password))) // ok: HTTP digest prescribes it
}

// poolKey names a connection pool after its settings.
func poolKey(cfg config) [32]byte { return sha256.Sum256([]byte(cfg.Password + cfg.SMTPPassword)) } // ok: a cache key of a configuration

func services(dbPassword, smtpPassword, keystorePassword string) {
	sha256.Sum256([]byte(dbPassword)) // ok: a database's password, not a person's
	sha256.Sum256([]byte(smtpPassword))
	sha256.Sum256([]byte(keystorePassword))
}

func lookalikes(compass, bypass, passport, passwordHash, hashedPassword, passwordResetURL string, passwordLen []byte) {
	sha256.Sum256([]byte(compass)) // ok: a compass, no pass
	sha256.Sum256([]byte(bypass))
	sha256.Sum256([]byte(passport))
	sha256.Sum256([]byte(passwordHash)) // ok: a hash already
	sha256.Sum256([]byte(hashedPassword))
	sha256.Sum256([]byte(passwordResetURL)) // ok: a URL
	sha256.Sum256(passwordLen)
}

func cacheDir() [32]byte {
	pwd, _ := os.Getwd()
	return sha256.Sum256([]byte(pwd)) // ok: the working directory
}

func file(w io.Writer, password string) {
	io.WriteString(w, password) // ok: w is no hash
	fmt.Fprintln(w, password)
}

// mac uses the password as nothing but a key of a protocol.
func mac(key []byte, password string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(password)) // ok: keyed by HMAC
	return h.Sum(nil)
}

func strong(password, salt []byte, configured int) {
	bcrypt.GenerateFromPassword(password, bcrypt.DefaultCost)
	bcrypt.GenerateFromPassword(password, 12) // ok: a high cost
	bcrypt.GenerateFromPassword(password, 0)  // ok: the library takes its default
	bcrypt.GenerateFromPassword(password, configured)
	pbkdf2.Key(password, salt, 600000, 32, sha256.New) // ok: enough iterations
	argon2.IDKey(password, salt, 1, 64*1024, 4, 32)    // ok: the library's own advice
	argon2.IDKey(password, salt, 2, 19*1024, 1, 32)
	argon2.IDKey(password, salt, 3, 12*1024, 1, 32)
	scrypt.Key(password, salt, 1<<17, 8, 1, 32) // ok: OWASP's minimum
	scrypt.Key(password, salt, 1<<15, 8, 3, 32)
}

// key material is stretched for other reasons.
func derived(masterKey, secret []byte) {
	pbkdf2.Key(masterKey, []byte("context"), 1, 32, sha256.New) // ok: a key of high entropy is stretched
	pbkdf2.Key(secret, []byte("context"), 1000, 32, sha256.New)
}

// scramSalted follows RFC 7677, whose rounds the server sets.
func scramSalted(password, salt []byte) []byte {
	return pbkdf2.Key(password, salt, 4096, 32, sha256.New) // ok: SCRAM prescribes it
}

func fresh(password []byte) []byte {
	salt := make([]byte, 16)
	rand.Read(salt)
	return argon2.IDKey(password, salt, 2, 19456, 1, 32)
}

func confirm(password, passwordConfirm string) bool { return password == passwordConfirm } // ok: two inputs of one form

func empty(password, other string) bool { return password == "" || other == password } // ok: empty

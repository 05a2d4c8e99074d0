// Package mkt601 exercises rule MKT601.
package mkt601

import (
	"crypto/aes"
	"crypto/md5"
	stdpbkdf2 "crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
)

type user struct{ Name, Password, Salt string }

func direct(password string) string {
	sum := md5.Sum([]byte(password)) // want `V MKT601: password is hashed with md5, which is fast to guess; use Argon2id or bcrypt`
	return hex.EncodeToString(sum[:])
}

func salted(u user) []byte {
	s := sha256.Sum256([]byte(u.Salt + u.Password)) // want `V MKT601: Password is hashed with sha256`
	return s[:]
}

func formatted(u *user) [64]byte {
	return sha512.Sum512([]byte(fmt.Sprintf("%s:%s", u.Salt, u.Password))) // want `V MKT601: Password is hashed with sha512`
}

func form(r *http.Request) [20]byte {
	return sha1.Sum([]byte(r.FormValue("password"))) // want `V MKT601: password is hashed with sha1`
}

func written(passwd string) []byte {
	h := sha256.New()
	h.Write([]byte(passwd)) // want `V MKT601: passwd is hashed with sha256`
	return h.Sum(nil)
}

func writeString(newPassword string) []byte {
	h := md5.New()
	io.WriteString(h, newPassword) // want `V MKT601: newPassword is hashed with md5`
	return h.Sum(nil)
}

func printed(userPwd string) []byte {
	h := sha1.New()
	fmt.Fprintf(h, "%s", userPwd) // want `V MKT601: userPwd is hashed with sha1`
	return h.Sum(nil)
}

func blake(password []byte) [32]byte {
	return blake2b.Sum256(password) // want `V MKT601: password is hashed with blake2b`
}

func key(passphrase string) error {
	k := sha256.Sum256([]byte(passphrase)) // want `R MKT601: passphrase is hashed with sha256`
	_, err := aes.NewCipher(k[:])
	return err
}

const cost = 6

func factors(password, salt []byte, passphrase, pass string) {
	bcrypt.GenerateFromPassword(password, bcrypt.MinCost)       // want `V MKT601/work-factor: bcrypt cost 4 is below 10`
	bcrypt.GenerateFromPassword(password, cost)                 // want `V MKT601/work-factor: bcrypt cost 6 is below 10`
	pbkdf2.Key(password, salt, 100000, 32, sha256.New)          // want `V MKT601/work-factor: PBKDF2 with 100000 rounds of SHA-256 is below 600000`
	pbkdf2.Key(password, salt, 600000, 32, sha1.New)            // want `V MKT601/work-factor: PBKDF2 with 600000 rounds of SHA-1 is below 1300000`
	pbkdf2.Key(password, salt, 100000, 32, sha512.New)          // want `V MKT601/work-factor: PBKDF2 with 100000 rounds of SHA-512 is below 210000`
	stdpbkdf2.Key(sha256.New, pass, salt, 4096, 32)             // want `V MKT601/work-factor: PBKDF2 with 4096 rounds of SHA-256`
	argon2.IDKey(password, salt, 1, 19*1024, 1, 32)             // want `V MKT601/work-factor: Argon2 with 19456 KiB and 1 passes`
	scrypt.Key(password, salt, 1<<14, 8, 1, 32)                 // want `V MKT601/work-factor: scrypt with N=16384, r=8, p=1`
	scrypt.Key([]byte(passphrase), salt, 1<<15, 8, 1, 32)       // want `R MKT601/work-factor: scrypt with N=32768`
	scrypt.Key(salt, salt, 1<<15, 8, 1, 32)                     // want `R MKT601/work-factor: scrypt with N=32768`
	argon2.IDKey(password, []byte("pepper"), 2, 19456, 1, 32)   // want `V MKT601/static-salt: the salt is a constant`
	argon2.IDKey(password, []byte{1, 2, 3, 4}, 2, 19456, 1, 32) // want `V MKT601/static-salt: the salt is a constant`
	argon2.IDKey(password, nil, 2, 19456, 1, 32)                // want `V MKT601/static-salt: the salt is a constant`
	argon2id.CreateHash(pass, &argon2id.Params{
		Memory:     8 * 1024, // want `V MKT601/work-factor: Argon2 with 8192 KiB and 1 passes`
		Iterations: 1,
	})
}

func testing(password []byte, fast bool) {
	c := bcrypt.DefaultCost
	if fast {
		c = bcrypt.MinCost
	}
	bcrypt.GenerateFromPassword(password, c) // want `R MKT601/work-factor: bcrypt cost 4 is below 10`
}

func CheckPass(truePassword, attemptPassword string) bool {
	return truePassword == attemptPassword // want `R MKT601/plain: two passwords are compared in the clear`
}

func deriveKey(password []byte) [16]byte {
	return md5.Sum(password) // want `R MKT601: password is hashed with md5`
}

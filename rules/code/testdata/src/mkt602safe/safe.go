package mkt602safe

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"

	"golang.org/x/crypto/scrypt"
)

func seal(key, plain []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return gcm.Seal(nonce, nonce, plain, nil), nil // ok: AES-GCM
}

func encrypt256(plain []byte) (cipher.Block, error) {
	key := make([]byte, 32)
	rand.Read(key)
	return aes.NewCipher(key) // ok: a key of 32 bytes
}

func encryptHashed(secret string) (cipher.Block, error) {
	sum := sha256.Sum256([]byte(secret))
	return aes.NewCipher(sum[:]) // ok: a digest of 32 bytes
}

// One block is no mode.
func one(block cipher.Block, in []byte) []byte {
	out := make([]byte, 16)
	block.Encrypt(out, in) // ok: one block only
	return out
}

// CBC by hand chains; it is no ECB.
func chained(block cipher.Block, iv, in []byte) []byte {
	out := make([]byte, len(in))
	for i := 0; i < len(in); i += 16 {
		x := make([]byte, 16)
		for j := range x {
			x[j] = in[i+j] ^ iv[j]
		}
		block.Encrypt(out[i:i+16], x) // ok: chained with the block before
		iv = out[i : i+16]
	}
	return out
}

// The counter is encrypted, not the message.
func keystream(block cipher.Block, ctr []byte, n int) []byte {
	out := make([]byte, n)
	for i := 0; i < n; i += 16 {
		ctr[15]++
		block.Encrypt(out[i:i+16], ctr) // ok: a counter is encrypted
	}
	return out
}

type drbg struct{ block cipher.Block }

func (d *drbg) Read(b []byte) (int, error) {
	cipher.NewCTR(d.block, make([]byte, 16)).XORKeyStream(b, b) // ok: a random generator of its own
	return len(b), nil
}

func oaep(pub *rsa.PublicKey, key []byte) ([]byte, error) {
	return rsa.EncryptOAEP(sha256.New(), rand.Reader, pub, key, nil) // ok: OAEP
}

func session(priv *rsa.PrivateKey, data, key []byte) error {
	return rsa.DecryptPKCS1v15SessionKey(rand.Reader, priv, data, key) // ok: it compares in constant time
}

func curve() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) } // ok: P-256

// Naming a curve is not using it.
func supported(pub *ecdsa.PublicKey) bool { return pub.Curve != elliptic.P224() } // ok: compared, not used

func derive(master []byte) ([]byte, []byte, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := scrypt.Key(master, salt, 1<<17, 8, 1, 32) // ok: a random salt
	return key, salt, err
}

func stored(master, salt []byte) ([]byte, error) { return scrypt.Key(master, salt, 1<<17, 8, 1, 32) } // ok: the salt is the caller's

package mkt602

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"io"

	"golang.org/x/crypto/blowfish"
	"golang.org/x/crypto/scrypt"
)

func ecb(block cipher.Block, in []byte) []byte {
	out := make([]byte, len(in))
	n := block.BlockSize()
	for i := 0; i < len(in); i += n {
		block.Encrypt(out[i:i+n], in[i:i+n]) // want `^V MKT602: each block is encrypted by itself`
	}
	return out
}

type ecbMode struct{ b cipher.Block }

func (m ecbMode) CryptBlocks(dst, src []byte) {
	for len(src) > 0 {
		m.b.Encrypt(dst, src[:16]) // want `^V MKT602: each block`
		src = src[16:]
		dst = dst[16:]
	}
}

func encryptCBC(key, iv, plain []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, plain) // want `^V MKT602: CBC without a MAC`
	return out, nil
}

func encryptCTR(block cipher.Block, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	stream := cipher.NewCTR(block, iv) // want `^V MKT602: CTR without a MAC`
	stream.XORKeyStream(out, plain)
	return out
}

func decryptCTR(block cipher.Block, iv, data []byte) []byte {
	out := make([]byte, len(data))
	cipher.NewCTR(block, iv).XORKeyStream(out, data) // want `^R MKT602: CTR`
	return out
}

func cfb(block cipher.Block, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCFBEncrypter(block, iv).XORKeyStream(out, plain) // want `^V MKT602: CFB`
	return out
}

func oldCFB(block cipher.Block, iv, data []byte) {
	cipher.NewCFBDecrypter(block, iv).XORKeyStream(data, data) // want `^R MKT602: CFB does not notice`
}

func ofb(block cipher.Block, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewOFB(block, iv).XORKeyStream(out, plain) // want `^V MKT602: OFB`
	return out
}

// Who calls may put on a MAC.
func stream(block cipher.Block, iv []byte) cipher.Stream {
	return cipher.NewCTR(block, iv) // want `^R MKT602: CTR`
}

func wrapKey(pub *rsa.PublicKey, key []byte) ([]byte, error) {
	return rsa.EncryptPKCS1v15(rand.Reader, pub, key) // want `^V MKT602: RSA encryption`
}

func unwrapKey(priv *rsa.PrivateKey, key []byte) ([]byte, error) {
	return rsa.DecryptPKCS1v15(rand.Reader, priv, key) // want `^R MKT602: RSA decryption`
}

func curve() (*ecdsa.PrivateKey, error) {
	c := elliptic.P224()
	return ecdsa.GenerateKey(c, rand.Reader) // want `^V MKT602: P-224 gives`
}

func chosen(name string) (*ecdsa.PrivateKey, error) {
	c := elliptic.P256()
	if name == "P-224" {
		c = elliptic.P224()
	}
	return ecdsa.GenerateKey(c, rand.Reader) // want `^R MKT602: P-224 can be chosen`
}

func encryptFile(secret string, plain []byte) ([]byte, error) {
	sum := md5.Sum([]byte(secret))
	block, err := aes.NewCipher(sum[:]) // want `^V MKT602: AES with a key of 16 bytes`
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nil, make([]byte, 12), plain, nil), nil
}

func token() (cipher.Block, error) {
	key := make([]byte, 16)
	io.ReadFull(rand.Reader, key)
	return aes.NewCipher(key) // want `^R MKT602: AES with a key of 16 bytes`
}

func fish(key []byte) (cipher.Block, error) {
	return blowfish.NewCipher(key) // want `^V MKT602: Blowfish`
}

func derive(master []byte) ([]byte, error) {
	return scrypt.Key(master, []byte("staylisted"), 1<<17, 8, 1, 32) // want `^V MKT602: the salt of scrypt.Key is a constant`
}

// Whether this is all there is to it, the name does not say.
func xorBlock(block cipher.Block, iv, data []byte) {
	cipher.NewCTR(block, iv).XORKeyStream(data, data) // want `^R MKT602: CTR`
}

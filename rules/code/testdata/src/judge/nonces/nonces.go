package nonces

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"io"
)

func zero(aead cipher.AEAD, plain []byte) []byte {
	nonce := make([]byte, aead.NonceSize())
	return aead.Seal(nonce, nonce, plain, nil) // want `G407 as is`
}

func random(aead cipher.AEAD, plain []byte) ([]byte, error) {
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, plain, nil), nil // want `G407 informational`
}

func randomPart(block cipher.Block, plain []byte) ([]byte, error) {
	sealed := make([]byte, aes.BlockSize+len(plain))
	iv := sealed[:aes.BlockSize]
	if _, err := io.ReadFull(rand.Reader, sealed[:aes.BlockSize]); err != nil {
		return nil, err
	}
	cipher.NewCTR(block, iv).XORKeyStream(sealed[aes.BlockSize:], plain) // want `G407 informational`
	return sealed, nil
}

func array(aead cipher.AEAD, plain []byte) []byte {
	var nonce [12]byte
	rand.Read(nonce[:])
	return aead.Seal(nil, nonce[:], plain, nil) // want `G407 informational`
}

func counted(aead cipher.AEAD, n uint64, plain []byte) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[4:], n)
	return aead.Seal(nil, nonce, plain, nil) // want `G407 review`
}

func other(aead cipher.AEAD, plain []byte) []byte {
	salt, nonce := make([]byte, 16), make([]byte, 12)
	rand.Read(salt)
	return aead.Seal(salt, nonce, plain, nil) // want `G407 as is`
}

func besides(aead cipher.AEAD, plain []byte) []byte {
	buf := []byte("0123456789ab____")
	iv := buf[:12]
	rand.Read(buf[12:])
	return aead.Seal(nil, iv, plain, nil) // want `G407 as is`
}

func half(aead cipher.AEAD, plain []byte) []byte {
	buf := []byte("0123456789ab____")
	rand.Read(buf[6:])
	return aead.Seal(nil, buf[:12], plain, nil) // want `G407 review`
}

func covered(aead cipher.AEAD, plain []byte) []byte {
	buf := make([]byte, 16)
	rand.Read(buf[:14])
	return aead.Seal(nil, buf[2:14], plain, nil) // want `G407 informational`
}

func overwritten(aead cipher.AEAD, plain []byte) []byte {
	nonce := make([]byte, 12)
	rand.Read(nonce)
	copy(nonce, "fixed nonce!")
	return aead.Seal(nil, nonce, plain, nil) // want `G407 review`
}

func onlySometimes(aead cipher.AEAD, fresh bool, plain []byte) []byte {
	nonce := make([]byte, 12)
	if fresh {
		rand.Read(nonce)
	}
	return aead.Seal(nil, nonce, plain, nil) // want `G407 review`
}

// The maker of this file's cipher is not in sight, so nil may be a fixed nonce.
func leftOut(aead cipher.AEAD, plain []byte) []byte {
	return aead.Seal(nil, nil, plain, nil) // want `G407 review`
}

package mkt602hmac

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
)

func encryptThenMAC(block cipher.Block, iv, macKey, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCTR(block, iv).XORKeyStream(out, plain) // ok: a MAC over the sealed text follows
	return append(out, tag(macKey, out)...)
}

func tag(key, data []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(data)
	return m.Sum(nil)
}

func raw(block cipher.Block, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, plain) // ok: its caller adds the MAC
	return out
}

// Its caller puts the MAC on.
func Seal(block cipher.Block, iv, key, plain []byte) []byte {
	out := raw(block, iv, plain)
	return append(out, tag(key, out)...)
}

func Unguarded(block cipher.Block, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, plain) // want `^R MKT602: CBC`
	return out
}

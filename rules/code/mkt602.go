package code

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt602 flags ways to use ciphers that leave data open to reading or change.
//
// gosec's rules name broken primitives by import (DES, RC4, MD5); this one
// looks at how sound primitives are put together.
func mkt602() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT602",
		Name:     "weak-cipher-use",
		Title:    "Encryption in a weak mode or with a weak key",
		Class:    rules.Violation,
		Controls: []string{"crypto-strong"},
		CWE:      []int{327},
		Vector:   v59c,
		Flags: "Blocks encrypted one by one (ECB); CBC and CTR in a function whose package computes no MAC; OFB and CFB; RSA encryption with PKCS #1 v1.5; AES with a key of 16 bytes where data is encrypted to be kept; Blowfish, CAST5, TEA and XTEA; P-224 keys; " +
			"keys derived with a constant salt. Decryption alone, a stream that is handed on, and a MAC elsewhere in the package are review findings.",
		Safe:        "AES-256-GCM, XChaCha20-Poly1305, age, tink, a KMS; encrypt-then-MAC; RSA-OAEP; P-256 and Curve25519. Protocol code that must speak an old format: suppress it with the reason.",
		Remediation: "Encrypt with AES-256-GCM (`cipher.NewGCM` over a key of 32 random bytes, a fresh nonce each time) or XChaCha20-Poly1305; encrypt keys with RSA-OAEP; read salts from `crypto/rand`.",
		Wrong:       "cipher.NewCFBEncrypter(block, iv).XORKeyStream(out, plain)",
		Right:       "gcm, err := cipher.NewGCM(block)\nout := gcm.Seal(nonce, nonce, plain, nil)",
		Frameworks:  []string{"crypto/aes", "crypto/cipher", "crypto/rsa", "crypto/elliptic", "crypto/pbkdf2", "x/crypto/blowfish", "x/crypto/cast5", "x/crypto/tea", "x/crypto/xtea", "x/crypto/pbkdf2", "x/crypto/scrypt", "x/crypto/argon2"},
	}, nil, cipherGate, runMKT602)
}

var oldCiphers = map[string]string{
	"golang.org/x/crypto/blowfish": "Blowfish", "golang.org/x/crypto/cast5": "CAST5", "golang.org/x/crypto/tea": "TEA", "golang.org/x/crypto/xtea": "XTEA",
}

var cipherPackages = map[string]bool{
	"crypto/aes": true, "crypto/cipher": true, "crypto/rsa": true, "crypto/elliptic": true, "crypto/ecdsa": true,
	"crypto/pbkdf2": true, "golang.org/x/crypto/pbkdf2": true, "golang.org/x/crypto/scrypt": true, "golang.org/x/crypto/argon2": true,
	"golang.org/x/crypto/blowfish": true, "golang.org/x/crypto/cast5": true, "golang.org/x/crypto/tea": true, "golang.org/x/crypto/xtea": true,
}

func cipherGate(path string) bool { return cipherPackages[path] }

func runMKT602(p *pkg) []Hit {
	var hits []Hit
	add := func(c *call, arg int, class rules.Class, message string, steps ...Step) {
		h := p.hit("MKT602", c.instr, arg, message, steps...)
		h.Class = class
		hits = append(hits, h)
	}
	p.eachCall(cipherGate, func(c *call) {
		if name := oldCiphers[c.path]; name != "" {
			// bcrypt is made of Blowfish, and is no encryption.
			if strings.HasPrefix(c.name, "New") && !strings.Contains(p.types.Name(), "bcrypt") {
				add(c, -1, "", name+" has blocks of 64 bits and is outdated; use AES-256-GCM or XChaCha20-Poly1305")
			}
			return
		}
		switch c.path + " " + c.callee() {
		case "crypto/cipher NewCFBEncrypter", "crypto/cipher NewOFB", "crypto/cipher NewCTR", "crypto/cipher NewCBCEncrypter":
			p.cipherMode(c, add)
		case "crypto/cipher NewCFBDecrypter":
			if !p.macNear(c) {
				add(c, -1, rules.Review, "CFB does not notice changed data; keep it for old data only and write new data with AES-256-GCM")
			}
		case "crypto/cipher Block.Encrypt":
			if p.blockByBlock(c) {
				add(c, -1, "", "each block is encrypted by itself (ECB): equal blocks stay equal; use AES-256-GCM")
			}
		case "crypto/rsa EncryptPKCS1v15":
			add(c, -1, "", "RSA encryption with PKCS #1 v1.5 padding can be decrypted through error answers; use rsa.EncryptOAEP")
		case "crypto/rsa DecryptPKCS1v15":
			add(c, -1, rules.Review, "RSA decryption with PKCS #1 v1.5 padding leaks through error answers; use rsa.DecryptOAEP, or DecryptPKCS1v15SessionKey for old messages")
		case "crypto/ecdsa GenerateKey", "crypto/elliptic GenerateKey", "crypto/elliptic GenerateKeyX":
			if len(c.args) > 0 {
				p.p224(c, add)
			}
		case "crypto/aes NewCipher":
			p.shortKey(c, add)
		case "crypto/pbkdf2 Key":
			p.fixedSalt(c, 2, add)
		case "golang.org/x/crypto/pbkdf2 Key", "golang.org/x/crypto/scrypt Key", "golang.org/x/crypto/argon2 Key", "golang.org/x/crypto/argon2 IDKey":
			p.fixedSalt(c, 1, add)
		}
	})
	return hits
}

type cipherHit func(c *call, arg int, class rules.Class, message string, steps ...Step)

// cipherMode judges a stream or block mode that encrypts.
func (p *pkg) cipherMode(c *call, add cipherHit) {
	if p.macNear(c) || p.drivesRandom(c) {
		return
	}
	mode := strings.TrimSuffix(strings.TrimPrefix(c.name, "New"), "Encrypter")
	class := rules.Class("")
	switch {
	case p.importsPath("crypto/hmac", "golang.org/x/crypto/poly1305", "golang.org/x/crypto/blake2b", "github.com/aead/cmac"):
		class = rules.Review // the MAC may be put on by who calls
	case !p.encryptsHere(c):
		class = rules.Review // a stream for others, who may add a MAC
	case c.name == "NewOFB" || c.name == "NewCTR":
		// The same call decrypts; one of a pair is enough. A counter is also what
		// other constructions are made of.
		n := SplitName(outermost(c.instr.Parent()).Name())
		encrypts := n.Has("encrypt", "encrypted", "encryption", "seal", "encode", "encipher", "store", "save", "protect")
		if n.Has("decrypt", "open", "decode", "unseal", "read", "decipher") || c.name == "NewCTR" && !encrypts {
			class = rules.Review
		}
	}
	add(c, -1, class, mode+" without a MAC does not notice changed data, and errors on it may reveal the plain text; use AES-256-GCM")
}

// encryptsHere reports whether the mode is applied in the function that makes
// it.
func (p *pkg) encryptsHere(c *call) bool {
	v, ok := c.instr.(*ssa.Call)
	if !ok {
		return false
	}
	found := false
	within(outermost(v.Parent()), func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || found || !ci.Common().IsInvoke() {
			return
		}
		if m := ci.Common().Method.Name(); m != "XORKeyStream" && m != "CryptBlocks" {
			return
		}
		found = p.derives(ci.Common().Value, func(x ssa.Value) bool { return x == ssa.Value(v) })
	})
	return found
}

// macNear reports whether the function of a call, one it calls, or one that
// calls it authenticates data.
func (p *pkg) macNear(c *call) bool {
	fn := outermost(c.instr.Parent())
	if p.macIn(fn, 2) {
		return true
	}
	for _, ci := range p.callersOf(fn) {
		if p.macIn(outermost(ci.Parent()), 1) {
			return true
		}
	}
	return false
}

func (p *pkg) macIn(fn *ssa.Function, depth int) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || found {
			return
		}
		if callee := ci.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg && len(callee.Blocks) > 0 {
			found = depth > 0 && callee != fn && p.macIn(callee, depth-1)
			return
		}
		d := p.asCall(ci, nil)
		if d == nil {
			return
		}
		switch d.path {
		case "crypto/hmac", "golang.org/x/crypto/poly1305", "crypto/ed25519", "github.com/aead/cmac":
			found = true
			return
		}
		n := SplitName(d.name)
		found = n.Has("mac", "hmac", "cmac", "gmac", "authenticate", "sign", "verify", "tag") || SplitName(d.recv).Has("mac", "hmac") || d.path == "crypto/cipher" && strings.HasPrefix(d.name, "NewGCM")
	})
	return found
}

// drivesRandom reports whether a key stream serves as a source of random
// bytes: its zero or counter input is no message.
func (p *pkg) drivesRandom(c *call) bool {
	fn := outermost(c.instr.Parent())
	n := SplitName(fn.Name())
	recv := ""
	if r := fn.Signature.Recv(); r != nil {
		recv = typeName(r.Type())
	}
	words := []string{"rand", "random", "rng", "prng", "drbg", "csprng", "nonce", "mac", "cmac", "kdf", "derive", "shuffle", "reader", "obfuscate"}
	return n.Has(words...) || SplitName(recv).Has(words...)
}

// blockByBlock recognises ECB: a block cipher in a loop whose input and output
// are slices that move along, without a chaining value.
func (p *pkg) blockByBlock(c *call) bool {
	if len(c.args) != 2 || !inLoop(c.instr.Block()) {
		return false
	}
	fn := c.instr.Parent()
	mixes := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.BinOp:
				mixes = mixes || x.Op == token.XOR
			case ssa.CallInstruction:
				if d := p.asCall(x, nil); d != nil {
					mixes = mixes || strings.Contains(strings.ToLower(d.name), "xor")
				} else if callee := x.Common().StaticCallee(); callee != nil {
					mixes = mixes || strings.Contains(strings.ToLower(callee.Name()), "xor")
				}
			}
		}
	}
	return !mixes && moves(c.args[1], c.instr.Block()) && moves(c.args[0], c.instr.Block()) && !p.drivesRandom(c)
}

// moves reports whether v is a part of a slice that changes with the loop.
func moves(v ssa.Value, at *ssa.BasicBlock) bool {
	switch x := v.(type) {
	case *ssa.Slice:
		for _, bound := range []ssa.Value{x.Low, x.High} {
			if bound != nil && turns(bound, 0) {
				return true
			}
		}
		return moves(x.X, at)
	case *ssa.Phi:
		return slices.ContainsFunc(x.Edges, func(e ssa.Value) bool { _, ok := e.(*ssa.Slice); return ok })
	}
	return false
}

func turns(v ssa.Value, depth int) bool {
	switch x := v.(type) {
	case *ssa.Phi:
		return true
	case *ssa.BinOp:
		return depth < 4 && (turns(x.X, depth+1) || turns(x.Y, depth+1))
	case *ssa.Extract:
		_, ok := x.Tuple.(*ssa.Next)
		return ok
	}
	return false
}

// inLoop reports whether a block can be reached from itself.
func inLoop(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s == b {
			return true
		}
		if !seen[s] {
			seen[s] = true
			work = append(work, s.Succs...)
		}
	}
	return false
}

// p224 judges the curve a key is generated on.
func (p *pkg) p224(c *call, add cipherHit) {
	origins, more := p.origins(c.args[0])
	weak, steps := 0, []Step(nil)
	for _, o := range origins {
		if x, ok := o.v.(*ssa.Call); ok {
			if d := p.asCall(x, paths("crypto/elliptic")); d != nil && d.name == "P224" {
				weak++
				steps = append([]Step{{x.Pos(), "P-224"}}, o.steps...)
			}
		}
	}
	switch {
	case weak == 0:
	case weak == len(origins) && !more:
		add(c, 0, "", "P-224 gives 112 bits of security; use P-256 or Curve25519", steps...)
	default:
		add(c, 0, rules.Review, "P-224 can be chosen for this key and gives 112 bits of security; offer P-256 and above", steps...)
	}
}

// shortKey judges an AES key whose length is written down.
func (p *pkg) shortKey(c *call, add cipherHit) {
	if len(c.args) != 1 {
		return
	}
	origins, more := p.origins(c.args[0])
	if more || len(origins) != 1 || p.length(origins[0].v) != 16 {
		return
	}
	class := rules.Review
	fn := outermost(c.instr.Parent())
	n := SplitName(fn.Name())
	// What goes over the wire lives short; what a function called Encrypt
	// returns is likely kept.
	wire := p.importsPath("crypto/tls", "net", "golang.org/x/crypto/ssh", "github.com/quic-go/quic-go")
	if n.Has("encrypt", "seal", "encipher", "store", "save", "persist") && !wire {
		class = ""
	}
	add(c, 0, class, "AES with a key of 16 bytes; data that is kept needs AES-256, a key of 32 bytes", origins[0].steps...)
}

// length returns the length of a byte slice when it is certain, or -1.
func (p *pkg) length(v ssa.Value) int64 {
	v = unwrap(v)
	switch x := v.(type) {
	case *ssa.Const:
		if s, ok := constText(x); ok {
			return int64(len(s))
		}
	case *ssa.MakeSlice:
		if k, ok := x.Len.(*ssa.Const); ok {
			return k.Int64()
		}
	case *ssa.Slice:
		low, high := int64(0), int64(-1)
		if x.Low != nil {
			k, ok := x.Low.(*ssa.Const)
			if !ok {
				return -1
			}
			low = k.Int64()
		}
		if x.High != nil {
			k, ok := x.High.(*ssa.Const)
			if !ok {
				return -1
			}
			high = k.Int64()
		} else if ptr, ok := x.X.Type().Underlying().(*types.Pointer); ok {
			if arr, ok := ptr.Elem().Underlying().(*types.Array); ok {
				high = arr.Len()
			}
		}
		if high >= low {
			return high - low
		}
	}
	return -1
}

// fixedSalt judges the salt of a key derivation. Passwords are MKT601's.
func (p *pkg) fixedSalt(c *call, arg int, add cipherHit) {
	if arg >= len(c.args) || !p.constantBytes(c.args[arg]) {
		return
	}
	if e := p.callAt(c.instr.Common().Pos()); e != nil && arg < len(e.Args) && SplitName(p.nameOf(e.Args[arg-1])).Password() {
		return
	}
	add(c, arg, "", fmt.Sprintf("the salt of %s.%s is a constant: equal secrets give equal keys, and one table of guesses serves all; read 16 random bytes for each", c.fn.Pkg().Name(), c.name))
}

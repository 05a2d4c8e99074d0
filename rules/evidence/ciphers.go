package evidence

import (
	"slices"
	"strings"
)

// A cipher is what the encryption of a store is said to be.
type cipher struct {
	aes256 bool // AES-256 or equal: a 256-bit cipher without known weakness
	disk   bool // the whole disk, volume or storage layer
	none   bool // said not to be encrypted
	weak   bool // a broken cipher, or an encoding
	on     bool // switched on, without a name
}

// Words of `encryption` and of statements.
var (
	noneWords = []string{"none", "no", "not", "off", "false", "disabled", "unencrypted", "plaintext", "plain", "cleartext", "without"}
	weakWords = []string{"des", "3des", "tripledes", "tdes", "rc2", "rc4", "blowfish", "xor", "rot13", "base64", "md5"}
	onWords   = []string{"on", "enabled", "default", "managed", "provider", "sse", "kms", "cmk", "tde"}
	diskWords = []string{"luks", "luks1", "luks2", "bitlocker", "filevault", "dmcrypt", "fde", "disk", "disks", "volume", "volumes"}
	equals    = []string{"aes256", "aes256gcm", "chacha20", "xchacha20", "chacha20poly1305", "xchacha20poly1305"}
)

// cipherOf reads the words. LUKS, BitLocker and FileVault encrypt whole disks;
// which cipher they use is a choice, so they name none by themselves. SSE-S3 and
// SSE-KMS are AES-256 by the definition of S3.
func cipherOf(text string) cipher {
	w := splitWords(text)
	c := cipher{
		aes256: anyWord(w, equals) || slices.Contains(w, "aes") && slices.Contains(w, "256"),
		disk:   anyWord(w, diskWords) || slices.Contains(w, "dm") && slices.Contains(w, "crypt"),
		none:   anyWord(w, noneWords),
		weak:   anyWord(w, weakWords),
		on:     anyWord(w, onWords),
	}
	if slices.Contains(w, "sse") && (slices.Contains(w, "s3") || slices.Contains(w, "kms")) {
		c.aes256 = true
	}
	// "aes-256, not customer managed" and "not aes-256" cannot be told apart.
	if c.none && (c.aes256 || c.disk || c.on) && !anyWord(w, []string{"none", "off", "false", "disabled", "unencrypted", "plaintext", "plain", "cleartext"}) {
		return cipher{}
	}
	if c.none || c.weak {
		c.aes256, c.disk, c.on = false, false, false
	}
	return c
}

// A managed row says what a provider does for a service: its storage layer is
// encrypted with AES-256, always or once it is switched on.
type managed struct {
	providers []string
	services  []string // words, one of which the service has; none means every service
	always    bool     // without any choice of the customer's
	source    string   // where the provider says so
}

// managedAsOf is when the pages of [managedStores] were last read.
const managedAsOf = "2026-11-30"

// managedStores are providers whose encryption at rest is known. What was
// written before a default came in may be older than the default (S3: objects
// from before 2023-01-05); that is the partner's to say.
var managedStores = []managed{
	{[]string{"aws", "amazon"}, []string{"s3"}, true, "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html"},
	{[]string{"aws", "amazon"}, []string{"dynamodb"}, true, "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html"},
	{[]string{"aws", "amazon"}, []string{"rds", "aurora"}, false, "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"},
	{[]string{"aws", "amazon"}, []string{"ebs"}, false, "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html"},
	{[]string{"aws", "amazon"}, []string{"efs"}, false, "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html"},
	{[]string{"aws", "amazon"}, []string{"documentdb"}, false, "https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html"},
	{[]string{"gcp", "google", "googlecloud"}, nil, true, "https://cloud.google.com/docs/security/encryption/default-encryption"},
	{[]string{"azure", "microsoft"}, []string{"storage", "blob", "blobs", "files", "queue", "table", "disk", "disks"}, true, "https://learn.microsoft.com/azure/storage/common/storage-service-encryption"},
	{[]string{"azure", "microsoft"}, []string{"cosmos", "cosmosdb"}, true, "https://learn.microsoft.com/azure/cosmos-db/database-encryption-at-rest"},
}

// managedStore returns what is known of a declared store.
func managedStore(s *Store) (managed, bool) {
	provider, service := splitWords(s.Provider), splitWords(s.Service)
	joined := strings.Join(provider, "")
	for _, m := range managedStores {
		if !anyWord(provider, m.providers) && !slices.Contains(m.providers, joined) {
			continue
		}
		if m.services == nil && len(service) > 0 || anyWord(service, m.services) {
			return m, true
		}
	}
	return managed{}, false
}

// encrypted returns how a declared store is encrypted, and what that rests on.
func (s *Store) encrypted() (c cipher, why string) {
	c = cipherOf(s.Encryption)
	m, known := managedStore(s)
	switch {
	case c.none || c.weak:
		return c, "declared as " + quoted(s.Encryption)
	case known && (m.always || c.on || c.aes256 || c.disk):
		// What the provider encrypts is the storage below the service.
		c.aes256, c.disk = true, true
		why = "the provider encrypts the storage with AES-256"
		if m.always && s.Encryption == "" {
			why += " by default"
		}
		return c, why + " (" + m.source + ", as of " + managedAsOf + ")"
	default:
		return c, "declared as " + quoted(s.Encryption)
	}
}

// tags returns the words of the catalogue that the cipher satisfies.
func (c cipher) tags() []string {
	var out []string
	if c.aes256 {
		out = append(out, "aes-256")
	}
	if c.disk {
		out = append(out, "full-disk")
	}
	return out
}

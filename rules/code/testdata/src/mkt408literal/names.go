package mkt408literal

type key string

const (
	StoreS3SecretKey key = "store.s3.secretkey"     // ok: the key of a setting, which spells the name
	StoreS3AccessKey     = "STORE_S3_ACCESS_KEY"    // ok: the name of a variable
	sessionKeyInfo       = "session;v1;HMAC-SHA256" // ok: the label of a key derivation
	storeSecretKey       = "st0re-s3cret-2024"      // want `R MKT408/literal: storeSecretKey is given a literal`
)

var _ = []any{StoreS3SecretKey, StoreS3AccessKey, sessionKeyInfo, storeSecretKey}

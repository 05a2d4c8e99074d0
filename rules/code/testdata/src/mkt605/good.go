package mkt605

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"embed"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	pulumi "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
)

//go:embed public.key ca.crt schema.json
var public embed.FS

const header = "-----BEGIN PRIVATE KEY-----" // ok: the first line alone

const cert = `-----BEGIN CERTIFICATE-----
bm90IGEga2V5IG5vdCBhIGtleSBub3QgYSBrZXkgbm90IGEga2V5
-----END CERTIFICATE-----`

func goodReads(keyPath string) {
	tls.LoadX509KeyPair("/etc/app/tls.crt", "/etc/app/tls.key") // ok: a place of its own
	tls.LoadX509KeyPair("/tmp/tls.crt", keyPath)                // ok: the certificate alone lies there
	os.ReadFile("/tmp/report.json")
	os.ReadFile("/tmp/public.key")      // ok: a public key
	os.ReadFile("/run/secrets/jwt.key") // ok: where secrets are mounted
	os.ReadFile("keyboard.txt")
}

func goodWrites(dir string, k *rsa.PrivateKey, mode os.FileMode) {
	os.WriteFile(filepath.Join(dir, "server.key"), x509.MarshalPKCS1PrivateKey(k), 0o600) // ok: for its owner alone
	os.WriteFile("public.key", x509.MarshalPKCS1PublicKey(&k.PublicKey), 0o644)           // ok: a public key
	os.WriteFile("report.json", []byte("{}"), 0o644)
	os.WriteFile("a.key", nil, mode)
	os.OpenFile("server.key", os.O_RDONLY, 0o644) // ok: only read
}

func goodCloud(ctx context.Context, c *kms.Client, description string) {
	narrow := `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/app"},"Action":"kms:Decrypt","Resource":"*"}]}`
	c.CreateKey(ctx, &kms.CreateKeyInput{Policy: &narrow, Description: &description}) // ok: one role
	guarded := `{"Statement":[{"Principal":{"AWS":"*"},"Action":"kms:*","Condition":{"StringEquals":{"kms:CallerAccount":"1"}}}]}`
	c.CreateKey(ctx, &kms.CreateKeyInput{Policy: &guarded}) // ok: any principal, of one account
	_ = &pulumi.KeyArgs{EnableKeyRotation: boolean(true)}   // ok: rotation is on
}

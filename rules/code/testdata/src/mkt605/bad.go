// Package mkt605 exercises rule MKT605.
package mkt605

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	pulumi "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
)

// want +2 `R MKT605: server.key is compiled into the program; read it from a secret store when the program starts$`
//
//go:embed server.key
var key []byte

// The text only has the form of a key.
const inline = "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5IG5vdCBhIGtleSBub3QgYSBrZXkgbm90IGEga2V5\n-----END RSA PRIVATE KEY-----" // want `R MKT605: a private key stands in the source`

func reads() {
	tls.LoadX509KeyPair("/etc/app/tls.crt", "/tmp/tls.pem")                  // want `R MKT605: the private key lies in /tmp, which everybody on the machine can read`
	http.ListenAndServeTLS(":443", "server.crt", "/var/tmp/server.pem", nil) // want `R MKT605: the private key lies in /var/tmp`
	os.ReadFile("/tmp/jwt.key")                                              // want `R MKT605: the private key lies in /tmp`
	os.ReadFile("/dev/shm/id_rsa")                                           // want `R MKT605: the private key lies in /dev/shm`
}

func writes(dir string, k *rsa.PrivateKey, privateKey []byte) {
	os.WriteFile(filepath.Join(dir, "a"), x509.MarshalPKCS1PrivateKey(k), 0o644) // want `R MKT605: a private key is written with mode 0644, so others can read it; use 0600`
	block := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY"})
	os.WriteFile("ec.pem", block, 0o640)                      // want `R MKT605: a private key is written with mode 0640`
	os.WriteFile("a", privateKey, 0o666)                      // want `R MKT605: a private key is written with mode 0666`
	os.OpenFile("server.key", os.O_CREATE|os.O_WRONLY, 0o644) // want `R MKT605: a private key is written with mode 0644`
}

func cloud(ctx context.Context, c *kms.Client, id string) {
	c.DisableKeyRotation(ctx, &kms.DisableKeyRotationInput{KeyId: &id}) // want `R MKT605: the rotation of a KMS key is switched off`
	open := `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]}`
	c.CreateKey(ctx, &kms.CreateKeyInput{Policy: &open})   // want `R MKT605: the policy of a KMS key lets any principal use it; name the roles that may`
	_ = &pulumi.KeyArgs{EnableKeyRotation: boolean(false)} // want `R MKT605: the rotation of a KMS key is switched off`
}

func boolean(b bool) *bool { return &b }

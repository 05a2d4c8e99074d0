package mkt806lib

import (
	"context"
	"net/http"

	cp "github.com/creativeprojects/go-selfupdate"
	"github.com/minio/selfupdate"
)

func apply(resp *http.Response) error {
	return selfupdate.Apply(resp.Body, selfupdate.Options{}) // want `^V MKT806: the update is applied without a signature check`
}

func summed(resp *http.Response, sum []byte) error {
	return selfupdate.Apply(resp.Body, selfupdate.Options{Checksum: sum}) // want `^R MKT806: the update is checked by a checksum alone`
}

func verified(resp *http.Response, v *selfupdate.Verifier) error {
	return selfupdate.Apply(resp.Body, selfupdate.Options{Verifier: v}) // ok: a verifier is given
}

func given(resp *http.Response, o selfupdate.Options) error { return selfupdate.Apply(resp.Body, o) } // ok: the caller chooses the options

func self(ctx context.Context) error {
	return cp.UpdateSelf(ctx, "1.0") // want `^V MKT806: the default updater`
}

func bare() (*cp.Updater, error) {
	return cp.NewUpdater(cp.Config{}) // want `^V MKT806: the updater has no Validator`
}

func checksums() (*cp.Updater, error) {
	return cp.NewUpdater(cp.Config{Validator: &cp.ChecksumValidator{}}) // want `^R MKT806`
}

func signatures() (*cp.Updater, error) {
	return cp.NewUpdater(cp.Config{Validator: &cp.ECDSAValidator{}}) // ok: signatures are checked
}

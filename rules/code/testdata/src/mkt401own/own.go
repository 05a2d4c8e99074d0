// Package mkt401own logs through a package of the module's own.
package mkt401own

import (
	"errors"
	"net/http"

	"app.example.io/mkt401own/log"
)

func serve(w http.ResponseWriter, r *http.Request, apiToken string) {
	log.Error(w, r, errors.New("refused"))
	log.Error(w, r, errors.New("refused "+apiToken)) // want `V MKT401: apiToken reaches log.Error`
	log.Debugf("using %s", apiToken)                 // want `V MKT401: apiToken reaches log.Debugf`
	log.Debugf("headers %v", r.Header)               // want `V MKT401: all headers of the request reaches log.Debugf`
}

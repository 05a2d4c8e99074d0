// Package mkt702vars serves the default mux beside expvar.
package mkt702vars

import (
	_ "expvar" // want `R MKT702: expvar registers /debug/vars on the default mux`
	"net/http"
)

func main() { http.ListenAndServe(":8080", nil) }

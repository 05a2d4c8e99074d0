// Package authz tells who asks, for cases in other packages.
package authz

import "net/http"

type tenantKey struct{}

// Tenant is the tenant that a middleware has put into the request.
func Tenant(r *http.Request) string {
	s, _ := r.Context().Value(tenantKey{}).(string)
	return s
}

// Current is Tenant, and whether there is one.
func Current(r *http.Request) (string, bool) {
	s := Tenant(r)
	return s, s != ""
}

// Require answers 401 where nobody is known.
func Require(w http.ResponseWriter, r *http.Request) string {
	s := Tenant(r)
	if s == "" {
		w.WriteHeader(http.StatusUnauthorized)
		panic(http.ErrAbortHandler)
	}
	return s
}

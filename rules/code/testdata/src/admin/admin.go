// Package admin is another package of the same module.
package admin

import "net/http"

func DeleteTenant(w http.ResponseWriter, r *http.Request) {}

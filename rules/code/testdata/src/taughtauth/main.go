package taughtauth

import (
	"net/http"

	"app.example.io/gatekeeper"
	"app.example.io/store"
)

var db store.Store

func write(w http.ResponseWriter, r *http.Request) { db.Create(r.Context(), store.Item{}) }

// ours is a function of this package that the policy names as well.
func ours(next http.Handler) http.Handler { return next }

func main() {
	var d gatekeeper.Door
	mux := http.NewServeMux()
	mux.Handle("POST /a", gatekeeper.Enter(http.HandlerFunc(write)))
	mux.Handle("POST /b", d.Pass(http.HandlerFunc(write)))
	mux.Handle("POST /c", ours(http.HandlerFunc(write)))
	mux.HandleFunc("POST /open/{id}", write)
	mux.HandleFunc("POST /below/x/y", write)
	mux.HandleFunc("DELETE /open/{id}", write) // want `^V MKT301: DELETE /open/{id} is served`
	http.ListenAndServe(":1", mux)
}

// Package mkt211known lists routes of gorilla/mux and httprouter for rule
// MKT211.
package mkt211known

import (
	"net/http"

	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
)

func serveMux(list http.HandlerFunc) {
	r := mux.NewRouter()
	r.HandleFunc("/orders/{id}", list).Methods("GET") // want `^R MKT211: the code serves GET /orders/\{id\}$`
	http.ListenAndServe(":8080", r)
}

func serveRouter(list httprouter.Handle) {
	r := httprouter.New()
	r.POST("/orders", list) // want `^R MKT211: the code serves POST /orders$`
	http.ListenAndServe(":8080", r)
}

func unserved(list http.HandlerFunc) *http.Request {
	r, _ := http.NewRequest("GET", "/orders", nil) // ok: a request, no route
	return r
}

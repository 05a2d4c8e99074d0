package routesgorilla

import (
	"net/http"

	"github.com/gorilla/mux"
)

func list(w http.ResponseWriter, r *http.Request)   {}
func create(w http.ResponseWriter, r *http.Request) {}
func auth(next http.Handler) http.Handler           { return next }

func routes() *mux.Router {
	r := mux.NewRouter().StrictSlash(true)
	r.HandleFunc("/items", list).Methods("GET")                     // want `GET /items list \[\]$`
	r.HandleFunc("/items", create).Methods("POST", "PUT").Name("c") // want `POST /items create \[\]$` `PUT /items create \[\]$`
	api := r.PathPrefix("/api").Subrouter()
	api.Use(auth)
	api.HandleFunc("/orders", list)                                     // want `/api/orders list \[auth\]$`
	api.Path("/orders/{id}").Methods("DELETE").HandlerFunc(create)      // want `DELETE /api/orders/{id} create \[auth\]$`
	r.Methods("PATCH").Path("/p").Handler(auth(http.HandlerFunc(list))) // want `PATCH /p list \[auth\]$`
	return r
}

func main() { http.ListenAndServe(":80", routes()) }

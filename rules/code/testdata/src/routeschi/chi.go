package routeschi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

func list(w http.ResponseWriter, r *http.Request)   {}
func create(w http.ResponseWriter, r *http.Request) {}
func auth(next http.Handler) http.Handler           { return next }
func admin(role string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return next }
}

type api struct{}

func (a *api) orders(r chi.Router) {
	r.Get("/", list) // want `GET /orders/ list \[middleware.Logger\]$`
}

func users() http.Handler {
	r := chi.NewRouter()
	r.Use(auth)
	r.Get("/{id}", list) // want `GET /users/{id} list \[middleware.Logger, auth\]$`
	return r
}

func products(r chi.Router) {
	r.With(admin("ops")).Delete("/products/{id}", create) // want `DELETE /products/{id} create \[middleware.Logger, admin\]$`
}

func main() {
	a := &api{}
	r := chi.NewRouter()
	r.Use(middleware.Logger)
	r.Get("/health", list) // want `GET /health list \[middleware.Logger\]$`
	r.Group(func(r chi.Router) {
		r.Use(auth)
		r.Post("/items", create) // want `POST /items create \[middleware.Logger, auth\]$`
		r.Route("/admin", func(r chi.Router) {
			r.Use(admin("root"))
			r.MethodFunc("PUT", "/x", create) // want `PUT /admin/x create \[middleware.Logger, auth, admin\]$`
		})
	})
	r.Route("/orders", a.orders)
	r.Mount("/users", users())
	products(r)
	http.ListenAndServe(":3000", r)
}

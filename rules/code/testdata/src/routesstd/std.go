package routesstd

import (
	"log"
	"net/http"

	"github.com/justinas/alice"
)

func list(w http.ResponseWriter, r *http.Request)   {}
func create(w http.ResponseWriter, r *http.Request) {}

type server struct {
	mux *http.ServeMux
	key string
}

func (s *server) show(w http.ResponseWriter, r *http.Request) {}

func (s *server) auth(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func logging(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// handle registers for its callers: each is a route of its own.
func (s *server) handle(pattern string, h http.HandlerFunc) {
	s.mux.Handle("/v1"+pattern, s.auth(h)) // want `/v1/a list \[logging, auth\]$` `/v1/b create \[logging, auth\]$`
}

type status struct{ ok bool }

func (status) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// failing is a handler type that writes the error itself.
type failing func(w http.ResponseWriter, r *http.Request) error

func (f failing) ServeHTTP(w http.ResponseWriter, r *http.Request) { _ = f(w, r) }

func report(w http.ResponseWriter, r *http.Request) error { return nil }

// gate holds the next handler in a field.
type gate struct{ next http.Handler }

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.next.ServeHTTP(w, r) }

// listing is a handler made by a function.
func listing(limit int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { _ = limit }
}

const base = "/files"

func main() {
	s := &server{mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /items", list)                                 // want `GET /items list \[logging\]$`
	s.mux.HandleFunc("POST /items/{id}", s.show)                         // want `POST /items/{id} show \[logging\]$`
	s.mux.Handle("/status", status{true})                                // want `/status ServeHTTP \[logging\]$`
	s.mux.Handle("/report", failing(report))                             // want `/report report \[logging, ServeHTTP\]$`
	s.mux.Handle("/gate", &gate{next: http.HandlerFunc(list)})           // want `/gate list \[logging, ServeHTTP\]$`
	s.mux.Handle(base+"/", http.StripPrefix(base, http.FileServer(nil))) // want `/files/ http.FileServer \[logging, http.StripPrefix\]$`
	s.mux.Handle("/listing", listing(3))                                 // want `/listing a function in listing \[logging\]$`
	s.mux.Handle("/chain", alice.New(logging, s.auth).ThenFunc(create))  // want `/chain create \[logging, alice.Chain.ThenFunc, logging, auth\]$`
	s.handle("/a", list)
	s.handle("/b", create)

	admin := http.NewServeMux()
	admin.HandleFunc("/admin/users", list) // want `/admin/users list \[logging, auth\]$`
	s.mux.Handle("/admin/", s.auth(admin))

	mw := s.auth
	s.mux.Handle("/value", mw(http.HandlerFunc(list))) // want `/value list \[logging, auth\]$`
	srv := &http.Server{Addr: ":8443", Handler: logging(s.mux)}
	log.Fatal(srv.ListenAndServeTLS("c", "k"))
}

func sideways() {
	http.HandleFunc("/default", list) // want `/default list \[\]$`
	log.Fatal(http.ListenAndServe(":8080", nil))
}

package mkt106missing

import (
	"html/template"
	"log"
	"net/http"
	"os"
)

var page = template.Must(template.New("page").Parse("<h1>{{.}}</h1>"))

func show(w http.ResponseWriter, r *http.Request) {
	if err := page.Execute(w, r.URL.Path); err != nil {
		log.Print(err)
	}
}

func main() {
	http.HandleFunc("/", show)
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), nil)) // want `^R MKT106/missing: this server has pages`
}

func metrics() {
	log.Fatal(http.ListenAndServe("localhost:9090", nil)) // ok: loopback
}

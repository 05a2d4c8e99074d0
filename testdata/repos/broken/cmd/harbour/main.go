// Command harbour copies backup status between marketplaces.
package main

import (
	"log"
	"net/http"
	_ "net/http/pprof"

	"example.com/harbour/sync/internal/config"
	"example.com/harbour/sync/internal/partner"
	"example.com/harbour/sync/internal/store"
	"example.com/harbour/sync/internal/web"
)

func main() {
	cfg := config.Load()
	db, err := store.Open(cfg.Database)
	if err != nil {
		log.Fatal(err)
	}
	server := &web.Server{Config: cfg, Store: db, Druva: partner.NewDruva(cfg), Apollo: partner.NewApollo(cfg), Monday: partner.NewMonday(cfg)}
	http.Handle("/", server.Routes())
	log.Fatal(http.ListenAndServe(":8080", nil))
}

// Command harbour copies backup status between marketplaces.
package main

import (
	"log"
	"net/http"
	"time"

	"example.com/harbour/sync/internal/config"
	"example.com/harbour/sync/internal/partner"
	"example.com/harbour/sync/internal/store"
	"example.com/harbour/sync/internal/web"
)

func main() {
	cfg, err := config.Load()
	if err != nil {
		log.Fatal(err)
	}
	db, err := store.Open(cfg.Database)
	if err != nil {
		log.Fatal(err)
	}
	handler := &web.Server{Config: cfg, Store: db, Druva: partner.NewDruva(cfg), Apollo: partner.NewApollo(cfg), Monday: partner.NewMonday(cfg)}
	server := &http.Server{
		Addr:              "127.0.0.1:8080", // the proxy beside it terminates TLS
		Handler:           http.NewCrossOriginProtection().Handler(handler.Routes()),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    1 << 16,
	}
	log.Fatal(server.ListenAndServe())
}

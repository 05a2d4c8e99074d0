// Command harbour-bridge turns failing backups at Druva into tasks at Apollo and
// updates on boards of monday.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/harbour/bridge/internal/config"
	"example.com/harbour/bridge/internal/partner"
	"example.com/harbour/bridge/internal/seal"
	"example.com/harbour/bridge/internal/store"
	"example.com/harbour/bridge/internal/web"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	if err := run(); err != nil {
		slog.Error("stopped", "err", err)
		os.Exit(1)
	}
}

func run() (err error) {
	cfg, err := config.Load()
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	box, err := seal.New(cfg.SealKey, cfg.SealKeys)
	if err != nil {
		return err
	}
	db, err := store.Open(cfg.Database.Reveal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	transport := partner.Transport()
	handler := web.New(web.Config{
		Store:         db,
		Box:           box,
		Apollo:        partner.NewApollo(cfg.ApolloID, cfg.ApolloSecret.Reveal(), config.Origin+"/oauth/apollo/callback", transport),
		Druva:         partner.NewDruva(transport),
		Monday:        partner.NewMonday(cfg.MondayID, cfg.MondaySecret.Reveal(), config.Origin+"/oauth/monday/callback", transport),
		MondaySigning: cfg.MondaySigning,
		Repository:    cfg.Repository,
	})
	server := &http.Server{
		Addr:              cfg.Listen,
		Handler:           handler,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      90 * time.Second, // a webhook waits for three partners
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go purge(ctx, db)
	served := make(chan error, 1)
	go func() { served <- server.ListenAndServeTLS(cfg.CertFile, cfg.KeyFile) }()
	slog.Info("serving", "address", cfg.Listen)
	select {
	case err := <-served:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	// Requests under way may end; new ones go to another instance.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("shutting down: %w", err)
	}
	return nil
}

// purge removes expired records every hour.
func purge(ctx context.Context, db *store.Store) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := db.Purge(ctx); err != nil {
				slog.Error("expired records not removed", "err", err)
			}
		}
	}
}

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// open returns a store with fresh tables in the database of TEST_DATABASE_URL,
// which must be an empty one.
func open(t *testing.T) *Store {
	t.Helper()
	dsn := os.Getenv("TEST_DATABASE_URL")
	if dsn == "" {
		t.Skip("TEST_DATABASE_URL names no empty PostgreSQL database")
	}
	s, err := Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	files, err := filepath.Glob("../../migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations: ", err)
	}
	schema := "t" + fmt.Sprint(time.Now().UnixNano())
	s.db.SetMaxOpenConns(1) // the search path belongs to a connection
	must(t, exec(t, s, "CREATE SCHEMA "+schema), exec(t, s, "SET search_path TO "+schema))
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err, exec(t, s, string(text)))
	}
	return s
}

func exec(t *testing.T, s *Store, text string) error {
	_, err := s.db.ExecContext(t.Context(), text)
	return err
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestSessions(t *testing.T) {
	s, ctx := open(t), t.Context()
	who := Session{Tenant: "one", User: "ada"}
	must(t, s.AddTenant(ctx, "one"), s.AddTenant(ctx, "one"))
	for name, ends := range map[string]string{
		"idle":      "UPDATE sessions SET seen_at = now() - interval '31 minutes'",
		"too old":   "UPDATE sessions SET expires_at = now() - interval '1 second'",
		"no tenant": "DELETE FROM tenants",
	} {
		must(t, s.AddTenant(ctx, "one"), s.StartSession(ctx, []byte(name), who))
		if got, err := s.TouchSession(ctx, []byte(name)); err != nil || got != who {
			t.Errorf("%s: %v %v", name, got, err)
		}
		must(t, exec(t, s, ends))
		if got, err := s.TouchSession(ctx, []byte(name)); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: still %v, %v", name, got, err)
		}
	}
	must(t, s.AddTenant(ctx, "one"), s.StartSession(ctx, []byte("d"), who), s.EndSession(ctx, []byte("d")))
	if got, err := s.TouchSession(ctx, []byte("d")); !errors.Is(err, ErrNotFound) {
		t.Errorf("after logout: %v %v", got, err)
	}
}

func TestTenantsApart(t *testing.T) {
	s, ctx := open(t), t.Context()
	ada, bob := Session{"one", "ada"}, Session{"two", "bob"}
	l := Link{ID: "L", Board: 1, Item: 2, Contact: "c"}
	must(t, s.AddTenant(ctx, "one"), s.AddTenant(ctx, "two"), s.AddLink(ctx, ada, l),
		s.SaveConnection(ctx, "one", "apollo", []byte("x")), s.SaveConnection(ctx, "one", "apollo", []byte("y")),
		s.ClaimAccount(ctx, "one", 7), s.ClaimAccount(ctx, "one", 7),
		s.SetConsent(ctx, ada, "board-updates", true), s.SetConsent(ctx, bob, "contact-tasks", true), s.SetConsent(ctx, bob, "contact-tasks", false))

	if got, err := s.Links(ctx, "one"); err != nil || !slices.Equal(got, []Link{l}) {
		t.Errorf("%v %v", got, err)
	}
	if got, err := s.LinkAt(ctx, "one", 1, 2); err != nil || got != l {
		t.Errorf("%v %v", got, err)
	}
	if got, err := s.Connection(ctx, "one", "apollo"); err != nil || string(got) != "y" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := s.TenantOf(ctx, 7); err != nil || got != "one" {
		t.Errorf("%v %v", got, err)
	}
	if got, err := s.Consents(ctx, "one"); err != nil || !got["board-updates"] || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}
	if got, err := s.Consents(ctx, "two"); err != nil || len(got) != 0 {
		t.Errorf("withdrawn: %v %v", got, err)
	}
	for name, try := range map[string]func() error{
		"link":       func() error { _, err := s.LinkOf(ctx, "two", "L"); return err },
		"place":      func() error { _, err := s.LinkAt(ctx, "two", 1, 2); return err },
		"deletion":   func() error { return s.DeleteLink(ctx, "two", "L") },
		"connection": func() error { _, err := s.Connection(ctx, "two", "apollo"); return err },
		"account":    func() error { return s.ClaimAccount(ctx, "two", 7) },
	} {
		if err := try(); !errors.Is(err, ErrNotFound) {
			t.Errorf("another tenant's %s: %v", name, err)
		}
	}

	must(t, exec(t, s, "UPDATE connections SET updated_at = now() - interval '91 days'"), s.Purge(ctx))
	if got, err := s.Connected(ctx, "one"); err != nil || len(got) != 0 {
		t.Errorf("after 91 days: %v %v", got, err)
	}
	must(t, s.DeleteTenant(ctx, "one"))
	if got, err := s.Links(ctx, "one"); err != nil || len(got) != 0 {
		t.Errorf("after deletion: %v %v", got, err)
	}
	if _, err := s.TenantOf(ctx, 7); !errors.Is(err, ErrNotFound) {
		t.Errorf("after deletion: %v", err)
	}
}

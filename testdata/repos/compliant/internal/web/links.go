package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/harbour/bridge/internal/audit"
	"example.com/harbour/bridge/internal/config"
	"example.com/harbour/bridge/internal/partner"
	"example.com/harbour/bridge/internal/store"
)

// The purposes a person can agree to, one by one.
const (
	contactTasks = "contact-tasks"
	boardUpdates = "board-updates"
)

func (s *server) connectDruva(w http.ResponseWriter, r *http.Request, who store.Session) {
	in, err := form(w, r, "client_id", "client_secret")
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	credentials := partner.DruvaCredentials{ClientID: in["client_id"], ClientSecret: in["client_secret"]}
	if !credentials.Valid() {
		refuse(w, r, http.StatusBadRequest, "These are no credentials of Druva.")
		return
	}
	if _, err := s.Druva.Summary(r.Context(), credentials); err != nil {
		note(r, "credentials not accepted by Druva", err)
		refuse(w, r, http.StatusBadGateway, "Druva did not accept the credentials.")
		return
	}
	if err := s.save(r.Context(), who.Tenant, "druva", credentials); err != nil {
		failed(w, r, "connection not saved", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "connection.add", Tenant: who.Tenant, Actor: who.User, Target: "druva", Request: requestOf(r).id})
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) listLinks(w http.ResponseWriter, r *http.Request, who store.Session) {
	links, err := s.Store.Links(r.Context(), who.Tenant)
	if err != nil {
		failed(w, r, "links not listed", err)
		return
	}
	connected, err := s.Store.Connected(r.Context(), who.Tenant)
	if err != nil {
		failed(w, r, "connections not listed", err)
		return
	}
	consents, err := s.Store.Consents(r.Context(), who.Tenant)
	if err != nil {
		failed(w, r, "consents not listed", err)
		return
	}
	show(w, r, "links", page{Links: links, Connected: connected, Consents: consents})
}

func (s *server) addLink(w http.ResponseWriter, r *http.Request, who store.Session) {
	in, err := form(w, r, "board", "item", "contact")
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	board, err1 := positive(in["board"])
	item, err2 := positive(in["item"])
	if errors.Join(err1, err2) != nil || !partner.ValidContact(in["contact"]) {
		refuse(w, r, http.StatusBadRequest, "Board and item are numbers, and a contact has 24 characters from 0 to 9 and a to f.")
		return
	}
	token, err := s.token(s.Monday.Context(r.Context()), who.Tenant, "monday", s.Monday.OAuth)
	if err != nil {
		failed(w, r, "token of monday not loaded", err)
		return
	}
	if err := s.Monday.Watch(r.Context(), token, board, hookURL); err != nil {
		failed(w, r, "board not watched", err)
		return
	}
	l := store.Link{ID: rand.Text(), Board: board, Item: item, Contact: in["contact"]}
	if err := s.Store.AddLink(r.Context(), who, l); err != nil {
		failed(w, r, "link not added", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "link.add", Tenant: who.Tenant, Actor: who.User, Target: l.ID, Request: requestOf(r).id})
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) syncLink(w http.ResponseWriter, r *http.Request, who store.Session) {
	l, err := s.Store.LinkOf(r.Context(), who.Tenant, r.PathValue("id"))
	if err != nil {
		failed(w, r, "link not read", err)
		return
	}
	if err := s.sync(r.Context(), who.Tenant, l); err != nil {
		failed(w, r, "link not synchronised", err)
		return
	}
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) deleteLink(w http.ResponseWriter, r *http.Request, who store.Session) {
	id := r.PathValue("id")
	if err := s.Store.DeleteLink(r.Context(), who.Tenant, id); err != nil {
		failed(w, r, "link not deleted", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "link.delete", Tenant: who.Tenant, Actor: who.User, Target: id, Request: requestOf(r).id})
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) setConsent(w http.ResponseWriter, r *http.Request, who store.Session) {
	in, err := form(w, r, "purpose", "granted")
	if err != nil || in["purpose"] != contactTasks && in["purpose"] != boardUpdates || in["granted"] != "yes" && in["granted"] != "no" {
		refuse(w, r, http.StatusBadRequest, "The form cannot be read.")
		return
	}
	if err := s.Store.SetConsent(r.Context(), who, in["purpose"], in["granted"] == "yes"); err != nil {
		failed(w, r, "consent not saved", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "consent." + in["granted"], Tenant: who.Tenant, Actor: who.User, Target: in["purpose"], Request: requestOf(r).id})
	http.Redirect(w, r, "/links", http.StatusSeeOther)
}

func (s *server) export(w http.ResponseWriter, r *http.Request, who store.Session) {
	links, err := s.Store.Links(r.Context(), who.Tenant)
	if err != nil {
		failed(w, r, "links not listed", err)
		return
	}
	consents, err := s.Store.Consents(r.Context(), who.Tenant)
	if err != nil {
		failed(w, r, "consents not listed", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "account.export", Tenant: who.Tenant, Actor: who.User, Request: requestOf(r).id})
	w.Header().Set("Content-Disposition", `attachment; filename="harbour-bridge.json"`)
	writeJSON(w, r, map[string]any{"team": who.Tenant, "person": who.User, "links": links, "consents": consents, "made": time.Now().UTC()})
}

func (s *server) deleteAccount(w http.ResponseWriter, r *http.Request, who store.Session) {
	if err := s.Store.DeleteTenant(r.Context(), who.Tenant); err != nil {
		failed(w, r, "account not deleted", err)
		return
	}
	audit.Record(r.Context(), audit.Event{Action: "account.delete", Tenant: who.Tenant, Actor: who.User, Target: who.Tenant, Request: requestOf(r).id})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

const hookURL = config.Origin + "/hooks/monday"

// sync tells the partners that somebody agreed to about the state of backups.
func (s *server) sync(ctx context.Context, tenant string, l store.Link) error {
	consents, err := s.Store.Consents(ctx, tenant)
	if err != nil {
		return err
	}
	var credentials partner.DruvaCredentials
	if err := s.load(ctx, tenant, "druva", &credentials); err != nil {
		return err
	}
	summary, err := s.Druva.Summary(ctx, credentials)
	if err != nil {
		return err
	}
	if consents[boardUpdates] {
		token, err := s.token(s.Monday.Context(ctx), tenant, "monday", s.Monday.OAuth)
		if err != nil {
			return err
		}
		if err := s.Monday.Update(ctx, token, l.Item, summary.String()); err != nil {
			return fmt.Errorf("writing an update: %w", err)
		}
	}
	if consents[contactTasks] && summary.Failing > 0 {
		token, err := s.token(s.Apollo.Context(ctx), tenant, "apollo", s.Apollo.OAuth)
		if err != nil {
			return err
		}
		if err := s.Apollo.AddTask(ctx, token, l.Contact, summary.String()); err != nil {
			return fmt.Errorf("adding a task: %w", err)
		}
	}
	return nil
}

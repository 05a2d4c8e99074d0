// Package audit records critical actions: who did what to which record, from
// which request, with which result.
//
// Records go to the same JSON stream as the log, marked by audit=true. The
// platform ships the stream to a store that only takes additions
// (docs/logging.md).
package audit

import (
	"context"
	"log/slog"
)

// An Event is one critical action.
type Event struct {
	Action  string // "session.start", "link.delete", …
	Tenant  string // id of the customer; empty before somebody signed in
	Actor   string // id of the person at Apollo, or "monday" for a webhook
	Target  string // id of the record
	Request string // correlation id
	Refused bool   // the action was not carried out
}

// Record writes an event. The handler of the logger adds the time.
func Record(ctx context.Context, e Event) {
	result := "done"
	if e.Refused {
		result = "refused"
	}
	slog.InfoContext(ctx, "audit", "audit", true, "action", e.Action, "result", result,
		"tenant", e.Tenant, "actor", e.Actor, "target", e.Target, "request", e.Request)
}

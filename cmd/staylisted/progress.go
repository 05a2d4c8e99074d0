package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules/scan"
)

// A progressLine shows how far a scan is on one line of a terminal, which it
// rewrites at most ten times a second and wipes at the end.
type progressLine struct {
	mu    sync.Mutex
	w     io.Writer
	width int
	last  time.Time // owned by mu
	drawn bool      // owned by mu; a line is on the screen
}

// show draws the progress.
func (l *progressLine) show(p scan.Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.drawn && now.Sub(l.last) < 100*time.Millisecond {
		return
	}
	l.last, l.drawn = now, true
	fmt.Fprintf(l.w, "\r\x1b[K%s", progressText(p, l.width-1))
}

// wipe removes the line; the next show draws it again.
func (l *progressLine) wipe() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.drawn {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.drawn = false
	}
}

// progressText is what the line says, cut to the width.
func progressText(p scan.Progress, width int) string {
	stages := map[string]string{
		"list": "listing packages", "load": "loading packages", "analyse": "analysing",
		"audit": "auditing dependencies", "assess": "judging",
	}
	text := stages[p.Stage]
	if text == "" {
		text = clean(p.Stage)
	}
	if p.Total > 0 {
		text += fmt.Sprintf(" %d/%d", p.Done, p.Total)
	}
	if p.Note != "" {
		text += " " + clean(p.Note)
	}
	if utf8.RuneCountInString(text) > width {
		text = string([]rune(text)[:max(0, width-1)]) + "…"
	}
	return strings.TrimSpace(text)
}

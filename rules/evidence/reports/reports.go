// Package reports reads what other tools found: SARIF of any tool, ZAP's JSON
// and Burp's XML.
package reports

import (
	"time"

	"github.com/staylisted/staylisted/rules"
)

// An Input is one report file.
type Input struct {
	Name string // for messages
	Data []byte
}

// Options say what the reports are held against.
type Options struct {
	Commit    string // of the scan, 40 hex digits
	Endpoints []string
	MaxAge    time.Duration // of dynamic scans; 0 means 90 days
	Now       time.Time
}

// Read turns reports into evidence. An unreadable one is one broken run with a
// reason; the others count.
func Read(inputs []Input, opts Options) rules.Gathered {
	var g rules.Gathered
	return g
}

package probe

import (
	"sync"
	"time"
)

// A budget counts what was asked on one UTC day.
type budget struct {
	mu   sync.Mutex
	day  string
	used map[string]int
}

// take counts one more of what and reports whether that is within the limit.
func (b *budget) take(what string, limit int, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day := now.UTC().Format(time.DateOnly); day != b.day {
		b.day, b.used = day, map[string]int{}
	}
	if b.used[what] >= limit {
		return false
	}
	b.used[what]++
	return true
}

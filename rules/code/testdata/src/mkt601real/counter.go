// Package mkt601real holds what well-kept services look like where a careless
// rule raises an alarm.
package mkt601real

import (
	"time"

	"golang.org/x/crypto/bcrypt"
)

// calibrate looks for the cost this machine can afford. The cost is a counter:
// an operation on itself.
func calibrate(password []byte, budget time.Duration) int {
	cost := bcrypt.DefaultCost
	for ; cost < bcrypt.MaxCost; cost++ {
		start := time.Now()
		if _, err := bcrypt.GenerateFromPassword(password, cost); err != nil { // ok: counts up from the default
			return bcrypt.DefaultCost
		}
		if time.Since(start) > budget {
			break
		}
	}
	return cost
}

// between adds two counters that feed each other.
func between(password []byte, n int) ([]byte, error) {
	a, b := 10, 12
	for range n {
		a, b = a+b, b+a
	}
	return bcrypt.GenerateFromPassword(password, a) // ok: the cost is not known
}

// Command deferred: defer and go statements.
package main

import "example.test/vuln"

func main() {
	defer vuln.Safe()
	done := make(chan error)
	go func() {
		defer close(done)
		defer vuln.Bad()
	}()
	<-done
}

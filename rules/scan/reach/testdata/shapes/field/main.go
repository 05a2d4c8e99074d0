// Command field: a callback stored in a field of a standard library type.
package main

import (
	"net/http"

	"example.test/vuln"
)

func main() {
	client := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return vuln.Bad() },
	}
	_, _ = client.Get("https://example.test/")
}

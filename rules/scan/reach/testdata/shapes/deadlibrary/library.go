// Package deadlibrary exports nothing that leads to the vulnerable function.
package deadlibrary

import "example.test/vuln"

func Do() error { return vuln.Safe() }

func hidden() error { return vuln.Bad() }

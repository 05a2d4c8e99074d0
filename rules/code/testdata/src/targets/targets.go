// Package targets is another package of the same application.
package targets

// Of returns where a request for a name goes.
func Of(name string) string { return "https://" + name }

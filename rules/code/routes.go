package code

// A routeTable is what one package registers for HTTP.
type routeTable struct{}

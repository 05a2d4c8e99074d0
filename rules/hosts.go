package rules

import "strings"

// marketplaceHosts are the API hosts the marketplaces publish (catalogue §2.1,
// facts api:druva, api:apollo and api:monday).
var marketplaceHosts = map[string]string{
	"apis.druva.com": "druva", "govcloudapis.druva.com": "druva", "govapis.druva.com": "druva",
	"api.apollo.io": "apollo", "app.apollo.io": "apollo",
	"api.monday.com": "monday", "auth.monday.com": "monday",
}

// MarketplaceOf returns the marketplace whose API a host belongs to: "druva",
// "apollo", "monday", or "".
func MarketplaceOf(host string) string {
	return marketplaceHosts[strings.ToLower(strings.TrimSuffix(host, "."))]
}

// MarketplacesBelow returns the marketplaces whose API a declared host covers:
// the host's own, or for "*.example.com" those of every host below it.
func MarketplacesBelow(declared string) []string {
	suffix, pattern := strings.CutPrefix(strings.ToLower(declared), "*")
	var out []string
	for host, marketplace := range marketplaceHosts {
		if host == strings.ToLower(declared) || pattern && strings.HasSuffix(host, suffix) {
			out = append(out, marketplace)
		}
	}
	return unique(out)
}

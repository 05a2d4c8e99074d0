package code

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/staylisted/staylisted/rules"
)

// Names of the facts that Go code decides. The names are the catalogue's where
// it has one; "api:" facts are read off [FactHosts].
//
// A fact is false only when nothing of the kind was seen in packages that were
// all analysed, and nothing was met that could be of the kind but cannot be
// read. So the nets are wide: what looks like a cookie read is one.
const (
	FactHTTPServer      = "http-server"      // serves HTTP or gRPC
	FactRoutes          = "route-table"      // registers a route
	FactHTML            = "html-output"      // renders HTML
	FactCookieRead      = "cookie-auth"      // reads a cookie, a session, basic auth or a client certificate
	FactCookieSet       = "cookie-set"       // sets a cookie
	FactSQL             = "sql"              // calls an SQL driver or ORM
	FactNoSQL           = "nosql"            // calls a NoSQL driver
	FactGraphQL         = "graphql-client"   // sends GraphQL documents
	FactPassword        = "password"         // takes or stores a password
	FactRedirect        = "redirect"         // redirects to a target that is not a constant
	FactOutbound        = "outbound"         // calls another host
	FactOutboundDynamic = "outbound-dynamic" // calls a host that is neither a constant nor configured
	FactStoresData      = "stores-data"      // keeps data in a database, object store or file
	FactCrypto          = "crypto"           // imports cryptography or a hash
	FactSecrets         = "secret"           // uses a secret
	FactSessions        = "session"          // keeps sessions or issues tokens
	FactRequestBinding  = "request-binding"  // decodes a request into a type
	FactHosts           = "hosts"            // names a host it speaks to
	FactSelfUpdate      = "self-update"      // imports a self-updater
	FactAPIDruva        = "api:druva"        // calls Druva's API
	FactAPIApollo       = "api:apollo"       // calls Apollo's API
	FactAPIMonday       = "api:monday"       // calls monday.com's API
)

// Input is one type-checked package.
type Input struct {
	Fset  *token.FileSet
	Files []*ast.File
	Pkg   *types.Package
	Info  *types.Info
	SSA   *buildssa.SSA
	// Shared is the package as the rules saw it; nil builds what is needed anew.
	Shared *Package
	// Inspector is over Files; nil makes PackageFacts build one where Shared is nil.
	Inspector *inspector.Inspector
	// Locate turns a position into a place in the repository.
	Locate func(token.Pos) rules.Location
}

// Facts are what one package, or several merged, shows of the catalogue's
// applicability facts. They survive JSON, so a driver may cache them.
type Facts struct {
	// Seen lists by fact what it rests on.
	Seen map[string][]rules.Item `json:"seen,omitempty"`
	// Unresolved lists by fact what might belong to it but could not be read:
	// a route with a computed pattern. A fact with such items is never false.
	Unresolved map[string][]rules.Item `json:"unresolved,omitempty"`
	// OAuth lists the calls by which the code is authorised at marketplaces: Name
	// is the marketplace and the grant ("apollo:oauth2-code",
	// "druva:oauth2-client-credentials", "druva:api-token"), Detail the host. What
	// is declared and never called, and what goes to a host that is only known at
	// run time, is not among them.
	OAuth []rules.Item `json:"oauth,omitempty"`
	// OAuthUses are calls of that kind with a configuration of another package:
	// Name is the grant, Detail the configuration's name there. OAuthMade says
	// which hosts stand behind such names. See [Facts.Authorisations].
	OAuthUses []rules.Item `json:"oauth_uses,omitempty"`
	OAuthMade []rules.Item `json:"oauth_made,omitempty"`
	// Packages counts the packages merged.
	Packages int `json:"packages"`
}

// Merge adds other's items. The order of merging does not matter once
// [Facts.Evidence] has sorted them.
func (f *Facts) Merge(other Facts) {
	f.Packages += other.Packages
	f.Seen = mergeItems(f.Seen, other.Seen)
	f.Unresolved = mergeItems(f.Unresolved, other.Unresolved)
	f.OAuth = append(f.OAuth, other.OAuth...)
	f.OAuthUses = append(f.OAuthUses, other.OAuthUses...)
	f.OAuthMade = append(f.OAuthMade, other.OAuthMade...)
}

func mergeItems(into, from map[string][]rules.Item) map[string][]rules.Item {
	if into == nil && len(from) > 0 {
		into = map[string][]rules.Item{}
	}
	for id, items := range from {
		into[id] = append(into[id], items...)
	}
	return into
}

func sortItems(items []rules.Item) []rules.Item {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b rules.Item) int {
		return cmp.Or(
			cmp.Compare(a.Location.Path, b.Location.Path),
			cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Location.Column, b.Location.Column),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
	return slices.Compact(items)
}

// FactIDs returns the facts this package decides, sorted.
func FactIDs() []string {
	ids := []string{
		FactHTTPServer, FactRoutes, FactHTML, FactCookieRead, FactCookieSet, FactSQL, FactNoSQL, FactGraphQL, FactPassword,
		FactRedirect, FactOutbound, FactOutboundDynamic, FactStoresData, FactCrypto, FactSecrets, FactSessions,
		FactRequestBinding, FactHosts, FactSelfUpdate, FactAPIDruva, FactAPIApollo, FactAPIMonday, FactDataNames,
	}
	slices.Sort(ids)
	return ids
}

// Evidence states each fact, sorted by id. complete says that every package of
// the repository was analysed and is merged here; without it nothing is false,
// because what was not seen may be in what was not looked at.
func (f Facts) Evidence(complete bool) []rules.Fact {
	f = f.withAPIs()
	var facts []rules.Fact
	for _, id := range FactIDs() {
		fact := rules.Fact{ID: id, Items: sortItems(f.Seen[id])}
		open := sortItems(f.Unresolved[id])
		switch {
		case len(fact.Items) > 0:
			fact.State = rules.True
			fact.Detail = fmt.Sprintf("seen at %d places in %d packages", len(fact.Items), f.Packages)
		case len(open) > 0:
			fact.Detail = fmt.Sprintf("%d places could not be resolved", len(open))
		case complete:
			fact.State = rules.False
			fact.Detail = fmt.Sprintf("not seen in %d packages", f.Packages)
		default:
			fact.Detail = fmt.Sprintf("not seen in %d packages, and not every package was analysed", f.Packages)
		}
		for _, it := range open {
			it.Detail = cmp.Or(it.Detail, "could not be resolved")
			fact.Items = append(fact.Items, it)
		}
		facts = append(facts, fact)
	}
	return facts
}

// withAPIs adds the marketplace API facts, which follow from the hosts. A host
// that is only known at run time may be any of them.
func (f Facts) withAPIs() Facts {
	out := Facts{Packages: f.Packages, Seen: map[string][]rules.Item{}, Unresolved: map[string][]rules.Item{}}
	out.Seen = mergeItems(out.Seen, f.Seen)
	out.Unresolved = mergeItems(out.Unresolved, f.Unresolved)
	for _, it := range f.Seen[FactHosts] {
		if m := MarketplaceOf(it.Name); m != "" {
			out.Seen["api:"+m] = append(out.Seen["api:"+m], it)
		}
	}
	for _, id := range []string{FactAPIDruva, FactAPIApollo, FactAPIMonday} {
		out.Unresolved[id] = append(out.Unresolved[id], f.Unresolved[FactHosts]...)
	}
	return out
}

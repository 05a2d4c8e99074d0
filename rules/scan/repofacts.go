package scan

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/deps/extract"
	"github.com/staylisted/staylisted/rules/evidence"
)

// catalogueNames maps the facts that packages show to the names the catalogue
// uses, where they differ.
var catalogueNames = map[string]string{
	code.FactCookieSet: "cookies-set", code.FactSecrets: "secrets-used", code.FactSessions: "sessions",
	code.FactAPIApollo: "api-apollo", code.FactAPIDruva: "api-druva", code.FactAPIMonday: "api-monday",
}

// A repository is what facts about the whole repository are computed from.
type repository struct {
	tree      *walk
	languages languageCount
	packages  code.Facts // merged over all packages
	complete  bool       // every package was analysed
	deps      []rules.Component
	// through names, by fact, a third-party package imported by the code that
	// could make the fact true without a call our lists know.
	through   map[string]string
	depsKnown bool
	policy    *evidence.File // nil without a policy file
	inventory *extract.Inventory
}

// facts states every applicability fact, sorted by id.
func (r *repository) facts() []rules.Fact {
	byID := map[string]rules.Fact{}
	for _, f := range r.packages.Evidence(r.complete) {
		f.ID = cmp.Or(catalogueNames[f.ID], f.ID)
		byID[f.ID] = f
	}
	add := func(f rules.Fact) { byID[f.ID] = f }

	// What third-party code might do for the program keeps a fact from being
	// false: the lists of known servers, drivers and clients are never complete.
	for id, unknown := range r.through {
		if f := byID[id]; f.State == rules.False {
			f.State = rules.Undecided
			f.Detail = fmt.Sprintf("not seen in the code, but %s, which the rules do not know, may do it", unknown)
			byID[id] = f
		}
	}

	routes := byID[code.FactRoutes]
	if server := byID[code.FactHTTPServer]; server.State == rules.False && (routes.State != rules.False || len(routes.Items) > 0) {
		server.State = rules.Undecided
		server.Detail = "no call that serves was seen, but routes are registered"
		byID[code.FactHTTPServer] = server
	}
	unresolved := rules.Fact{ID: "route-table-unresolved", State: rules.False, Detail: "every route registration that was seen could be read",
		Items: slices.Clone(r.packages.Unresolved[code.FactRoutes])}
	switch {
	case len(unresolved.Items) > 0:
		unresolved.State = rules.True
		unresolved.Detail = fmt.Sprintf("%d route registrations could not be resolved", len(unresolved.Items))
	case !r.complete:
		unresolved.State, unresolved.Detail = rules.Undecided, "not every package was analysed"
	}
	add(unresolved)

	browser := filesFact("js", "scripts for browsers", r.languages.browser)
	add(browser)
	pages := filesFact("html files", "HTML files", r.languages.html)
	add(anyOf("browser-ui", byID[code.FactHTML], browser, pages))
	add(anyOf("data-store", byID[code.FactSQL], byID[code.FactNoSQL], byID[code.FactStoresData]))
	add(r.externalInput(byID[code.FactHTTPServer]))

	add(anyOf("marketplace-api", byID["api-apollo"], byID["api-druva"], byID["api-monday"]))

	add(r.dependencies())
	add(r.sourceCode())
	add(r.uncovered())
	add(r.embedded())
	add(anyOf("release-binaries", byID[code.FactSelfUpdate], r.releases()))

	out := make([]rules.Fact, 0, len(byID))
	for _, f := range byID {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b rules.Fact) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// anyOf is true when one of the facts is, false when all are, else undecided.
func anyOf(id string, facts ...rules.Fact) rules.Fact {
	out := rules.Fact{ID: id, State: rules.False}
	var details []string
	for _, f := range facts {
		switch f.State {
		case rules.True:
			out.State = rules.True
			out.Items = append(out.Items, f.Items...)
		case rules.Undecided:
			if out.State == rules.False {
				out.State = rules.Undecided
			}
		}
		details = append(details, f.ID+": "+f.Detail)
	}
	out.Detail = strings.Join(details, "; ")
	return out
}

// filesFact is a fact that rests on the files of the repository alone.
func filesFact(id, what string, names []string) rules.Fact {
	f := rules.Fact{ID: id, State: rules.False, Detail: "no " + what}
	if len(names) > 0 {
		f.State, f.Detail = rules.True, fmt.Sprintf("%d %s", len(names), what)
		for _, name := range names[:min(len(names), 5)] {
			f.Items = append(f.Items, rules.Item{Name: printable(name), Location: rules.Location{Path: printable(name)}})
		}
	}
	return f
}

// queueModules bring input from outside without an HTTP server.
var queueModules = []string{
	"kafka", "sarama", "nats", "amqp", "rabbitmq", "pubsub", "sqs", "servicebus", "pulsar", "mqtt", "stomp", "websocket", "asynq", "machinery",
}

// externalInput is true with a server; without one it is false only if no
// dependency could bring messages in.
func (r *repository) externalInput(server rules.Fact) rules.Fact {
	f := rules.Fact{ID: "external-input", State: server.State, Detail: "http-server: " + server.Detail, Items: server.Items}
	if f.State != rules.False {
		return f
	}
	if !r.depsKnown {
		f.State, f.Detail = rules.Undecided, "the dependencies are not known"
		return f
	}
	for _, c := range r.deps {
		if slices.ContainsFunc(queueModules, func(word string) bool { return strings.Contains(strings.ToLower(c.Name), word) }) {
			f.State = rules.Undecided
			f.Detail = fmt.Sprintf("no server, but %s may bring messages in", c.Name)
			f.Items = append(f.Items, rules.Item{Name: c.Name})
		}
	}
	return f
}

func (r *repository) dependencies() rules.Fact {
	f := rules.Fact{ID: "dependencies", State: rules.False, Detail: "no third-party dependency"}
	var counts []string
	for _, ecosystem := range deps.Ecosystems() {
		n := 0
		for _, c := range r.deps {
			if c.Ecosystem == ecosystem && (ecosystem != deps.Go || c.Name != deps.Stdlib && c.Name != deps.Toolchain) {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", ecosystem, n))
		}
	}
	noGo := r.tree.withoutGo()
	switch {
	case len(counts) > 0:
		f.State, f.Detail = rules.True, strings.Join(counts, ", ")
	case len(r.inventory.Gaps) > 0:
		// A manifest without lockfile names something; a lockfile that cannot be
		// read may.
		f.State, f.Detail = rules.True, fmt.Sprintf("%d files name dependencies that are not known", len(r.inventory.Gaps))
	case !r.depsKnown && !noGo:
		f.State, f.Detail = rules.Undecided, "the dependencies are not known"
	}
	return f
}

func (r *repository) sourceCode() rules.Fact {
	n := len(r.tree.goFiles) + r.languages.count()
	if n == 0 {
		return rules.Fact{ID: "source-code", State: rules.False, Detail: "no source code"}
	}
	return rules.Fact{ID: "source-code", State: rules.True, Detail: fmt.Sprintf("%d source files", n)}
}

func (r *repository) uncovered() rules.Fact {
	f := filesFact("uncovered-language", "files of server code in languages that are not analysed", r.languages.examples)
	if f.State == rules.True {
		var parts []string
		for _, l := range r.languages.coverage {
			parts = append(parts, fmt.Sprintf("%s %d files", l.Language, l.Files))
		}
		f.Detail = strings.Join(parts, ", ")
	}
	return f
}

// embedded is true when a page of the product is shown inside a marketplace.
func (r *repository) embedded() rules.Fact {
	f := rules.Fact{ID: "embedded", Detail: "no policy file says so"}
	if r.policy == nil {
		return f
	}
	f.State, f.Detail = rules.False, "no endpoint of kind embedded is declared"
	for _, e := range r.policy.Endpoints {
		if e.Kind == "embedded" {
			f.State, f.Detail = rules.True, "an endpoint of kind embedded is declared"
		}
	}
	return f
}

// releases is true when the repository publishes programs for download.
func (r *repository) releases() rules.Fact {
	var found []string
	for _, rel := range r.tree.files {
		switch base := path.Base(rel); {
		case base == ".goreleaser.yml" || base == ".goreleaser.yaml" || base == "goreleaser.yml" || base == "goreleaser.yaml":
			found = append(found, rel)
		case path.Dir(rel) == ".github/workflows" && strings.Contains(strings.ToLower(base), "release"):
			found = append(found, rel)
		}
	}
	return filesFact("release files", "release configurations", found)
}

// apolloKey is the rule that reports an API key sent to Apollo.
const apolloKey = "MKT306"

// customerKeys is the fact whether customers hand the app an API key of Apollo's
// (decision G5): it is false when the code is seen to sign in there by the OAuth
// code flow, nothing sends a key, and the policy declares none.
func (r *repository) customerKeys(results []*packageResult) rules.Fact {
	f := rules.Fact{ID: "customer-api-keys", Detail: "the code is not seen to sign in to Apollo by the OAuth code flow"}
	for _, p := range results {
		for _, h := range p.Hits {
			if rules.Family(h.Rule) == apolloKey {
				f.State, f.Detail = rules.True, "the code sends a key to Apollo"
				f.Items = append(f.Items, rules.Item{Name: h.Rule, Location: h.Location})
			}
		}
	}
	if r.policy != nil {
		for _, s := range r.policy.Services {
			if s.Auth != "" && s.Auth != "oauth2-code" && slices.ContainsFunc(s.Hosts, func(h string) bool { return slices.Contains(rules.MarketplacesBelow(h), "apollo") }) {
				f.State, f.Detail = rules.True, "the policy file declares "+s.Auth+" for Apollo"
				f.Items = append(f.Items, rules.Item{Name: s.Auth, Location: rules.Location{Path: r.policy.Name, Line: s.Line, Column: s.Column}})
			}
		}
	}
	if f.State == rules.True {
		return f
	}
	for _, it := range r.packages.Authorisations() {
		switch {
		case it.Name != "apollo:oauth2-code":
		case !r.complete:
			f.Detail = "not every package was analysed"
		default:
			f.State, f.Detail = rules.False, "OAuth code flow at "+it.Detail+", no key is sent"
		}
	}
	return f
}

package code

import (
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt211 lists the routes of the code. It reports routes, not findings: a
// driver gathers them over all packages and asks [CompareRoutes] with the
// operations of the repository's API documents.
func mkt211() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT211",
		Name:     "undocumented-route",
		Title:    "Route and API schema disagree",
		Class:    rules.Review,
		Controls: []string{"allowlist-api-surface"},
		CWE:      []int{912},
		Flags: "A route that the code registers and that no OpenAPI 3 or Swagger 2 document of the repository lists, and an operation of a document that no route of the code answers. Paths are compared with the base paths of the document and the prefixes of the routers, " +
			"segment by segment; `{id}`, `:id` and `*` stand for any text. Documents that share no route with the code describe somebody else's API and are left out; when no document shares one, or a route could not be read, the comparison counts as not done. All routes that no document lists are one finding, and so are all unanswered operations of a document; the steps are their places. Without a document in the repository nothing is reported; the requirement waits for one.",
		Safe: "Every route stands in the document with its method. Health, readiness, version and metrics pages, the start page, static files, `/.well-known/`, and the pages that show the document itself need not be listed.",
		Remediation: "Add the route to the document, or remove it from the code when nobody should call it. Keep the document as `openapi.yaml` (also `.yml`, `.json`; `swagger.*`) at the top, or under `api/` or `docs/`. " +
			"When it is generated, generate it in the build, so that it cannot fall behind.",
		Wrong:      "mux.HandleFunc(\"POST /v1/orders/{id}/replay\", replay) // openapi.yaml has only /v1/orders and /v1/orders/{id}",
		Right:      "mux.HandleFunc(\"POST /v1/orders/{id}/replay\", replay)\n\n// openapi.yaml\n//   /v1/orders/{id}/replay:\n//     post: {summary: Send the order again, responses: {\"202\": {description: accepted}}}",
		Frameworks: []string{"net/http", "chi", "gorilla/mux", "gin", "echo v4", "fiber v2", "httprouter"},
	}, nil, httpGate, runMKT211)
}

func runMKT211(p *pkg) []Hit {
	if testPath(p.types.Path()) {
		return nil // servers that tests call
	}
	t := p.routeTable()
	var hits []Hit
	add := func(at spot, r Route) {
		h := p.spotHit("MKT211", at, "the code serves "+r.Name())
		h.Route = &r
		hits = append(hits, h)
	}
	for _, r := range t.routes {
		pattern := strings.ReplaceAll(r.pattern, hole, "…")
		out := Route{Method: r.method, Pattern: pattern, Below: r.mayStandBelow()}
		if r.framework == netHTTP {
			// A pattern of ServeMux may begin with a host, and one that ends in a
			// slash takes all below it.
			if i := strings.IndexByte(pattern, '/'); i > 0 && !strings.HasPrefix(pattern, "…") {
				out.Pattern = pattern[i:]
			}
			if strings.HasSuffix(out.Pattern, "/") {
				out.Pattern += "*"
			}
		}
		if slices.Contains(r.open, "its method is computed") {
			out.Method = ""
		}
		switch rest := strings.TrimPrefix(out.Pattern, "…"); {
		case strings.Contains(rest, "…"):
			out.Unread = "its path is computed"
		case rest == "" && rest != out.Pattern:
			out.Unread = "its path is not known"
		}
		add(r.at, out)
	}
	for _, u := range t.unresolved {
		add(u.at, Route{Pattern: u.name, Unread: u.reason})
	}
	return hits
}

// mayStandBelow reports whether a prefix that is not in sight may stand before
// the route's pattern.
func (r *route) mayStandBelow() bool {
	if r.framework == netHTTP && len(r.on.parents) > 0 {
		return true // the mux of the prefix strips it
	}
	return slices.ContainsFunc(r.on.roots(0), func(s *site) bool { return len(s.served) == 0 || s.incoming != "" })
}

package code

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// A Route is a route that the code registers (hits of MKT211).
type Route struct {
	Method string `json:"method,omitempty"` // in capitals; empty is every method
	// Pattern is the path as the framework writes it, with the prefixes of
	// groups and mounts. It begins with "…" when a prefix is not known.
	Pattern string `json:"pattern"`
	// Below says that the router may be mounted below a prefix elsewhere.
	Below bool `json:"below,omitempty"`
	// Unread says why the pattern cannot be compared; empty when it can.
	Unread string `json:"unread,omitempty"`
}

// Name shows the route as people write it.
func (r *Route) Name() string { return strings.TrimSpace(r.Method + " " + r.Pattern) }

// A RouteItem is a route with the place that registers it.
type RouteItem struct {
	Route
	Location rules.Location
}

// An Operation is one path and method of an API document.
type Operation struct {
	Method string // in capitals; empty when the document keeps the methods in another file
	Path   string // as written, without the base path
	// Bases are the base paths that may stand before Path, "" for none.
	Bases    []string
	Location rules.Location
}

// Name shows the operation as people write it.
func (o *Operation) Name() string { return strings.TrimSpace(o.Method + " " + o.Path) }

// An APIDocument is an OpenAPI or Swagger document of the repository.
type APIDocument struct {
	Path       string // in the repository
	Operations []Operation
}

// A Disagreement is all that one document and the code disagree on in one
// direction: routes that no document lists, or operations that no route answers.
// There may be a hundred of them with one cause, which is read once.
type Disagreement struct {
	Location rules.Location // in the document
	Key      string         // what the finding is recognised by, however many places it has
	Message  string
	Places   []Place // by path, then method
}

// A Place is where a route is registered or an operation is listed.
type Place struct {
	Location rules.Location
	Name     string // "POST /orders/{id}"
}

// A Surface is how the routes of the code and the API documents compare.
type Surface struct {
	Disagreements []Disagreement // by document
	// Compared lists the documents that describe this code; Foreign those that
	// share no route with it.
	Compared, Foreign []string
	// Unread are the routes that could not be compared although a document
	// describes this code; whether they are listed is not known.
	Unread []RouteItem
}

// CompareRoutes compares the routes of all packages with the documents. complete
// says that every package was analysed: without it an operation without a route
// may be answered by code that was not looked at, and is not reported.
func CompareRoutes(routes []RouteItem, documents []APIDocument, complete bool) Surface {
	var s Surface
	type path struct {
		RouteItem
		template template
	}
	var known []path
	for _, r := range routes {
		if r.Unread != "" {
			s.Unread = append(s.Unread, r)
			continue
		}
		t := parseTemplate(strings.TrimPrefix(r.Pattern, "…"))
		t.below = r.Below || strings.HasPrefix(r.Pattern, "…")
		known = append(known, path{r, t})
	}
	type operation struct {
		Operation
		templates []template // with each base path
	}
	listed := make([]bool, len(known))
	var missing []Disagreement
	var first rules.Location // where the first document begins its list
	var told []APIDocument   // whose operations without a route are in missing
	for _, d := range documents {
		var operations []operation
		for _, o := range d.Operations {
			op := operation{Operation: o}
			for _, base := range append([]string{""}, o.Bases...) {
				if t := parseTemplate(strings.TrimSuffix(base, "/") + o.Path); !slices.ContainsFunc(op.templates, t.equal) {
					op.templates = append(op.templates, t)
				}
			}
			operations = append(operations, op)
		}
		served := make([]bool, len(operations))
		named := 0 // operations that a route answers by name, not only as a catch-all
		hits := make([]bool, len(known))
		for i, o := range operations {
			byName := false
			for j := range known {
				r := &known[j]
				if !sameMethod(r.Method, o.Method) {
					continue
				}
				for _, t := range o.templates {
					hits[j] = hits[j] || r.template.listedAs(t)
					if r.template.answers(t) {
						served[i] = true
						byName = byName || !r.template.rest && r.template.telling()
					}
				}
			}
			if byName {
				named++
			}
		}
		if named == 0 {
			s.Foreign = append(s.Foreign, d.Path)
			continue
		}
		if s.Compared = append(s.Compared, d.Path); len(s.Compared) == 1 {
			first = d.Operations[0].Location
		}
		for j, hit := range hits {
			listed[j] = listed[j] || hit
		}
		// A document most of which the table does not know is answered by code
		// that registers in another way (generated gateways).
		if !complete || 2*named < len(operations) {
			continue
		}
		// Generators write one document in several formats.
		if slices.ContainsFunc(told, d.sameAs) {
			continue
		}
		told = append(told, d)
		var places []Place
		for i, o := range operations {
			if !served[i] && o.Method != "" && o.Method != "OPTIONS" && o.Method != "HEAD" && o.Method != "TRACE" {
				places = append(places, Place{o.Location, o.Name()})
			}
		}
		if places = inOrder(places); len(places) == 0 {
			continue
		}
		message := fmt.Sprintf("%s lists %s, but no route of the code answers it; remove it from the document, or register it", d.Path, places[0].Name)
		if len(places) > 1 {
			message = fmt.Sprintf("%s lists %d operations that no route of the code answers: %s; remove them from the document, or register them", d.Path, len(places), placeNames(places))
		}
		missing = append(missing, Disagreement{places[0].Location, "operations", message, places})
	}
	if len(s.Compared) == 0 {
		s.Unread = nil
		return s
	}
	if len(s.Unread) == 0 {
		s.Disagreements = missing
	}
	unlisted := s.Compared[0] + " does not list"
	switch n := len(s.Compared); {
	case n > 3:
		unlisted = "none of " + strings.Join(s.Compared[:3], ", ") + " and others lists"
	case n > 1:
		unlisted = "none of " + strings.Join(s.Compared, ", ") + " lists"
	}
	var places []Place
	covered := 0
	for j, r := range known {
		switch {
		case r.template.needNotBeListed(r.Method):
		case listed[j]:
			covered++
		default:
			places = append(places, Place{r.Location, r.Name()})
		}
	}
	if places = inOrder(places); len(places) > 0 {
		message := fmt.Sprintf("%s is served and %s it; document it, or remove it when nobody should call it", places[0].Name, unlisted)
		if len(places) > 1 {
			message = fmt.Sprintf("%d routes are served and %s them: %s; document them, or remove those that nobody should call", len(places), unlisted, placeNames(places))
		}
		if covered < len(places) {
			message += fmt.Sprintf(". Only %d of %d routes are listed, less than half: keep a document for the rest as well", covered, covered+len(places))
		}
		s.Disagreements = append(s.Disagreements, Disagreement{first, "routes", message, places})
	}
	slices.SortFunc(s.Disagreements, func(a, b Disagreement) int {
		return cmp.Or(cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Key, b.Key))
	})
	return s
}

// sameAs reports whether two documents list the same operations.
func (d APIDocument) sameAs(o APIDocument) bool {
	names := func(d APIDocument) (out []string) {
		for _, o := range d.Operations {
			out = append(out, o.Name()+" "+strings.Join(o.Bases, " "))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(names(d), names(o))
}

// inOrder sorts places by path and method and drops those that say the same.
func inOrder(places []Place) []Place {
	slices.SortFunc(places, func(a, b Place) int {
		am, ap := methodAndPath(a.Name)
		bm, bp := methodAndPath(b.Name)
		return cmp.Or(cmp.Compare(ap, bp), cmp.Compare(am, bm),
			cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line), cmp.Compare(a.Location.Column, b.Location.Column))
	})
	return slices.Compact(places)
}

// methodAndPath parts a name; the method may be missing.
func methodAndPath(name string) (method, path string) {
	if method, path, ok := strings.Cut(name, " "); ok {
		return method, path
	}
	return "", name
}

// maxNames is how many places a message names.
const maxNames = 10

func placeNames(places []Place) string {
	var names []string
	for _, p := range places {
		if names = append(names, p.Name); len(names) == maxNames {
			break
		}
	}
	if more := len(places) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

func sameMethod(route, operation string) bool {
	return route == "" || operation == "" || route == operation || route == "HEAD" && operation == "GET"
}

// A template is a path taken apart: what the frameworks and OpenAPI write
// differently comes out the same.
type template struct {
	segments []string // "{}" for one that holds a variable
	rest     bool     // takes everything below as well
	below    bool     // may stand below a prefix that is not known
}

// parseTemplate reads the path templates of all frameworks: {id}, {id:[0-9]+},
// {path...}, :id, :id?, *, *path, {$}.
func parseTemplate(path string) template {
	var t template
	path, _, _ = strings.Cut(path, "#")
	for len(path) > 0 {
		// A regular expression in braces may hold slashes.
		end, depth := 0, 0
		for ; end < len(path) && (depth > 0 || path[end] != '/'); end++ {
			switch path[end] {
			case '{':
				depth++
			case '}':
				depth = max(depth-1, 0)
			}
		}
		segment := path[:end]
		path = strings.TrimPrefix(path[end:], "/")
		switch {
		case segment == "" || segment == "{$}":
		case strings.HasPrefix(segment, "*") || strings.HasPrefix(segment, "+") || strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "...}"):
			t.rest = true
			return t
		case strings.ContainsAny(segment, "{*") || strings.Contains(segment, ":"):
			t.segments = append(t.segments, "{}")
		default:
			t.segments = append(t.segments, segment)
		}
	}
	return t
}

func (t template) equal(o template) bool {
	return t.rest == o.rest && slices.Equal(t.segments, o.segments)
}

// telling reports whether the path has a word of its own.
func (t template) telling() bool {
	return slices.ContainsFunc(t.segments, func(s string) bool { return s != "{}" })
}

// listedAs reports whether a documented path is this one. What takes everything
// below it is listed when something below it is.
func (t template) listedAs(o template) bool {
	same := func(a, b string) bool { return a == b }
	if t.matches(o.segments, same) {
		return true
	}
	if !t.rest {
		return false
	}
	// A document has no sign for the rest of a path but a variable.
	return t.matches(o.segments, func(a, b string) bool { return a == b || b == "{}" })
}

// answers reports whether requests to a documented path come to this one.
func (t template) answers(o template) bool {
	return t.matches(o.segments, func(a, b string) bool { return a == b || a == "{}" })
}

func (t template) matches(path []string, same func(mine, its string) bool) bool {
	at := func(from int) bool {
		for i, s := range t.segments {
			if !same(s, path[from+i]) {
				return false
			}
		}
		return true
	}
	spare := len(path) - len(t.segments)
	switch {
	case spare < 0:
		return false
	case t.below && t.rest:
		for from := range spare + 1 {
			if at(from) {
				return true
			}
		}
		return false
	case t.below:
		return at(spare)
	}
	return (t.rest || spare == 0) && at(0)
}

// needNotBeListed reports whether a route is open by nature or shows the
// document itself.
func (t template) needNotBeListed(method string) bool {
	if method == "OPTIONS" || method == "HEAD" || method == "TRACE" || method == "CONNECT" {
		return true
	}
	if len(t.segments) == 0 {
		// The start page, and what no other route takes.
		return method == "" || method == "GET" || t.rest
	}
	for _, s := range t.segments {
		s = strings.ToLower(s)
		if s == ".well-known" || unlistedSegments[s] {
			return true
		}
		if SplitName(s).Has("health", "healthz", "healthcheck", "liveness", "readiness", "livez", "readyz", "heartbeat", "ping", "swagger", "openapi", "favicon", "robots") {
			return true
		}
		if i := strings.LastIndexByte(s, '.'); i > 0 && (staticEndings[s[i+1:]] || s[i+1:] == "xml") {
			return true
		}
	}
	last := strings.ToLower(t.segments[len(t.segments)-1])
	return (method == "" || method == "GET") && (last == "docs" || last == "redoc" || last == "index")
}

// unlistedSegments name what is the same for everyone or for operators only.
var unlistedSegments = setOf("live ready status version metrics static assets public css js img images fonts dist swagger-ui apidocs rapidoc scalar")

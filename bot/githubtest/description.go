package githubtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// A description is GitHub's API: its routes, and what answers them here.
type description struct {
	routes   []*route
	handlers map[string]handler
}

// A route is one operation.
type route struct {
	name     string   // "GET /repos/{owner}/{repo}"
	segments []string // of the path; "{x}" is a parameter
	long     bool     // the last parameter takes the rest of the path, with slashes
	queries  map[string]bool
	api      *routers.Route
}

// longParameters are last parameters that may hold slashes. The description does
// not say so.
var longParameters = map[string]bool{"{path}": true, "{ref}": true, "{basehead}": true, "{dir}": true}

// parsed is the description, read once a test binary; it is never written after.
var parsed = sync.OnceValues(func() (*description, error) {
	name := filepath.Join(os.Getenv("STAYLISTED_DATA"), "openapi", "api.github.com.trimmed.json")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading GitHub's description: %w", err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", name, err)
	}
	d := &description{handlers: handlers()}
	for path, item := range doc.Paths.Map() {
		segments := strings.Split(strings.Trim(path, "/"), "/")
		last := segments[len(segments)-1]
		for method, op := range item.Operations() {
			r := &route{name: method + " " + path, segments: segments, queries: map[string]bool{},
				api: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op}}
			// contents/{path} has slashes, commits/{ref} has its own tail.
			r.long = longParameters[last] && !strings.HasPrefix(path, "/repos/{owner}/{repo}/commits/")
			for _, list := range []openapi3.Parameters{item.Parameters, op.Parameters} {
				for _, p := range list {
					if p.Value.In == "query" {
						r.queries[p.Value.Name] = true
					}
				}
			}
			d.routes = append(d.routes, r)
		}
	}
	known := map[string]bool{}
	for _, r := range d.routes {
		known[r.name] = true
	}
	for name := range d.handlers {
		if !known[name] {
			return nil, fmt.Errorf("the handler of %q answers no route of GitHub's description", name)
		}
	}
	return d, nil
})

// describe returns the description, or skips or fails the test without it.
func describe(t testing.TB) *description {
	t.Helper()
	if os.Getenv("STAYLISTED_DATA") == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set: it names the folder of the test data, with GitHub's API description")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder of the test data, with GitHub's API description")
	}
	d, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// find returns the route of a request, the one with the most literal names, and
// its parameters.
func (d *description) find(method, escaped string) (*route, map[string]string) {
	given := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	var best *route
	var params map[string]string
	most := -1
	for _, r := range d.routes {
		if r.api.Method != method {
			continue
		}
		if found, literal, ok := r.match(given); ok && literal > most {
			best, params, most = r, found, literal
		}
	}
	return best, params
}

// match holds the route against the names of a path.
func (r *route) match(given []string) (params map[string]string, literal int, ok bool) {
	n := len(r.segments)
	if len(given) != n && !(r.long && len(given) > n) {
		return nil, 0, false
	}
	params = map[string]string{}
	for i, want := range r.segments {
		have := given[i]
		if i == n-1 && r.long {
			have = strings.Join(given[i:], "/")
		}
		if !strings.HasPrefix(want, "{") {
			if want != have {
				return nil, 0, false
			}
			literal++
			continue
		}
		text, err := url.PathUnescape(have)
		if err != nil || text == "" && !r.long {
			return nil, 0, false
		}
		if text == "" {
			text = "/" // the root folder; the description allows no empty parameter
		}
		params[strings.Trim(want, "{}")] = text
	}
	return params, literal, true
}

// schema returns the JSON schema of a reply, or nil when it has none.
func (r *route) schema(status int) *openapi3.Schema {
	ref := r.api.Operation.Responses.Status(status)
	if ref == nil || ref.Value == nil {
		return nil
	}
	media := ref.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Value
}

// empty reports whether the description gives a reply no body.
func (r *route) empty(status int) bool {
	ref := r.api.Operation.Responses.Status(status)
	return ref != nil && ref.Value != nil && len(ref.Value.Content) == 0
}

// fill writes a reply with all fields that the description requires.
func (r *route) fill(status int, body any, base string) ([]byte, error) {
	data, err := marshal(body)
	schema := r.schema(status)
	if err != nil || body == nil || schema == nil {
		return data, err
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return nil, err
	}
	return marshal(filler{base}.fill(schema, value, 0))
}

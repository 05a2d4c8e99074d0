package code

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// operations reads "GET /orders" lines; bases stand before all.
func operations(text string, bases ...string) (out []Operation) {
	for i, line := range strings.Split(text, "\n") {
		method, path, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			method, path = "", method
		}
		out = append(out, Operation{Method: method, Path: path, Bases: bases, Location: rules.Location{Path: "openapi.yaml", Line: i + 1}})
	}
	return out
}

func routeItems(text string) (out []RouteItem) {
	for i, line := range strings.Split(text, "\n") {
		line, below := strings.CutSuffix(strings.TrimSpace(line), " below")
		method, path, ok := strings.Cut(line, " ")
		if !ok {
			method, path = "", method
		}
		r := RouteItem{Route{Method: method, Pattern: path, Below: below}, rules.Location{Path: "main.go", Line: i + 1}}
		if path == "?" {
			r.Pattern, r.Unread = "…", "its path is computed"
		}
		out = append(out, r)
	}
	return out
}

func TestCompareRoutes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, routes, operations string
		bases                    []string
		want                     string // names that differ, in order
	}{
		{"agree", "GET /orders\nPOST /orders\nGET /orders/:id", "GET /orders\nPOST /orders\nGET /orders/{orderId}", nil, ""},
		{"path missing in the document", "GET /orders\nPOST /orders/:id/replay", "GET /orders", nil, "POST /orders/:id/replay"},
		{"method missing in the document", "GET /orders\nDELETE /orders", "GET /orders", nil, "DELETE /orders"},
		{"every method", "/orders", "GET /orders\nPOST /orders", nil, ""},
		{"operation without a route", "GET /orders\nPOST /orders", "GET /orders\nPOST /orders\nDELETE /orders", nil, "DELETE /orders"},
		{"methods in another file", "GET /orders\nPUT /orders", "/orders", nil, ""},
		{"head goes with get", "GET /orders\nHEAD /orders", "GET /orders", nil, ""},
		{"a name under a variable is no variable", "GET /orders/{id}\nGET /orders/debug", "GET /orders/{id}", nil, "GET /orders/debug"},
		{"a variable answers a name", "GET /users/:id", "GET /users/me\nGET /users/{id}", nil, ""},
		{"base path in the code", "GET /api/v1/orders", "GET /orders", []string{"/api/v1"}, ""},
		{"base path cut off before", "GET /orders", "GET /orders", []string{"/api/v1"}, ""},
		{"prefix of another package", "GET …/orders\nGET …/orders/debug", "GET /api/v1/orders", nil, "GET …/orders/debug"},
		{"mounted elsewhere", "GET /orders/{id} below\nGET /debug below", "GET /api/v1/orders/{id}", nil, "GET /debug"},
		{"not mounted elsewhere", "GET /a/orders\nGET /orders/{id}", "GET /a/orders\nGET /api/v1/orders/{id}", nil, "GET /orders/{id}; GET /api/v1/orders/{id}"},
		{"wildcards", "GET /files/*path\nGET /files\nGET /blob/{rest...}\nGET /x/+", "GET /files/{path}\nGET /files\nGET /blob/{key}\nGET /x/{a}", nil, ""},
		{"a wildcard that is not listed", "GET /orders\nGET /proxy/*", "GET /orders", nil, "GET /proxy/*"},
		{"a wildcard answers what is below", "GET /orders\n/api/*", "GET /orders\nGET /api/v1/users\nPOST /api/v1/users", nil, ""},
		{"expressions", "GET /orders\nGET /orders/{id:[0-9]+}\nGET /date/{d:[0-9]{4}/[0-9]{2}}", "GET /orders\nGET /orders/{id}\nGET /date/{d}", nil, ""},
		{"verbs after a colon", "POST /v1/{id}:cancel\nGET /v1/list", "POST /v1/{id}:cancel\nGET /v1/list", nil, ""},
		{"trailing slash", "GET /orders/\nGET /users/{$}", "GET /orders\nGET /users", nil, ""},
		{"need not be listed", "GET /orders\nGET /\nGET /healthz\nGET /api/health\nGET /metrics\n/static/*\nGET /favicon.ico\nGET /.well-known/security.txt\nGET /swagger/*any\nGET /docs\nGET /openapi.json\nOPTIONS /orders\nGET /ready\n/*", "GET /orders", nil, ""},
		{"a change is never static", "GET /orders\nPOST /docs\nPOST /", "GET /orders", nil, "POST /; POST /docs"},
		{"somebody else's document", "GET /orders", "GET /contacts\nPOST /contacts", nil, ""},
		{"only a catch-all in common", "GET /orders\n/*", "GET /contacts\nPOST /contacts", nil, ""},
		{"only variables in common", "GET /:org\nGET /orders", "GET /{id}\nGET /contacts", nil, ""},
		{"a generated gateway answers most", "GET /orders", "GET /orders\nGET /a\nGET /b\nGET /c", nil, ""},
		{"no route, no word", "", "GET /orders", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var routes []RouteItem
			if tt.routes != "" {
				routes = routeItems(tt.routes)
			}
			s := CompareRoutes(routes, []APIDocument{{"openapi.yaml", operations(tt.operations, tt.bases...)}}, true)
			var got []string
			for _, d := range slices.Backward(s.Disagreements) { // routes, then operations
				for _, p := range d.Places {
					got = append(got, p.Name)
				}
			}
			if got := strings.Join(got, "; "); got != tt.want {
				t.Errorf("%q differ, want %q", got, tt.want)
			}
		})
	}
}

func TestCompareRoutesWithoutSight(t *testing.T) {
	t.Parallel()
	docs := []APIDocument{{"openapi.yaml", operations("GET /orders\nGET /users")}}
	if s := CompareRoutes(routeItems("GET /orders\n?"), docs, true); len(s.Unread) != 1 || len(s.Disagreements) != 0 {
		t.Errorf("a route that could not be read: %+v", s)
	}
	if s := CompareRoutes(routeItems("GET /orders"), docs, false); len(s.Disagreements) != 0 {
		t.Errorf("packages that were not analysed: %+v", s)
	}
	if s := CompareRoutes(routeItems("GET /orders\nGET /debug\n?"), nil, true); len(s.Disagreements) != 0 || len(s.Unread) != 0 {
		t.Errorf("without a document: %+v", s)
	}
	// What one of several documents lists is listed.
	docs = append(docs, APIDocument{"admin.yaml", operations("GET /admin")}, APIDocument{"vendor.yaml", operations("GET /contacts")})
	s := CompareRoutes(routeItems("GET /orders\nGET /users\nGET /admin\nGET /more"), docs, true)
	if len(s.Disagreements) != 1 || len(s.Disagreements[0].Places) != 1 || s.Disagreements[0].Places[0].Name != "GET /more" || !slices.Equal(s.Foreign, []string{"vendor.yaml"}) || len(s.Compared) != 2 {
		t.Errorf("three documents: %+v", s)
	}
}

// TestOneDisagreementPerDocument holds that a hundred routes are one thing to
// read, which is recognised when one of them goes.
func TestOneDisagreementPerDocument(t *testing.T) {
	t.Parallel()
	var routes, listed []string
	for i := range 12 {
		routes = append(routes, "GET /code/"+string(rune('l'-i)))
		listed = append(listed, "GET /listed/"+string(rune('a'+i)))
	}
	both := "GET /a\nPOST /a\nPUT /a\nPATCH /a\nDELETE /a\nGET /b\nPOST /b\nPUT /b\nPATCH /b\nDELETE /b\nGET /c\nPUT /c\n"
	operated := operations(both + strings.Join(listed, "\n"))
	inJSON := slices.Clone(operated)
	slices.Reverse(inJSON)
	compare := func(n int) []Disagreement {
		return CompareRoutes(routeItems(both+strings.Join(routes[:n], "\n")), []APIDocument{{"openapi.yaml", operated}, {"swagger.json", inJSON}}, true).Disagreements
	}
	got := compare(12)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{
		"openapi.yaml lists 12 operations that no route of the code answers: GET /listed/a, GET /listed/b, GET /listed/c, GET /listed/d, GET /listed/e, GET /listed/f, GET /listed/g, GET /listed/h, GET /listed/i, GET /listed/j, and 2 more; remove them from the document, or register them",
		"12 routes are served and none of openapi.yaml, swagger.json lists them: GET /code/a, GET /code/b, GET /code/c, GET /code/d, GET /code/e, GET /code/f, GET /code/g, GET /code/h, GET /code/i, GET /code/j, and 2 more; document them, or remove those that nobody should call",
	} {
		if got[i].Message != want || len(got[i].Places) != 12 || got[i].Location.Path != "openapi.yaml" {
			t.Errorf("%+v\nwant %s", got[i], want)
		}
	}
	for i, d := range compare(11) {
		if d.Key != got[i].Key || d.Location.Path != got[i].Location.Path || d.Location.Symbol != got[i].Location.Symbol {
			t.Errorf("%+v was %+v", d, got[i])
		}
	}
	if got[0].Key == got[1].Key {
		t.Errorf("both directions have the key %q", got[0].Key)
	}
	sparse := CompareRoutes(routeItems("GET /a\n"+strings.Join(routes, "\n")), []APIDocument{{"openapi.yaml", operations("GET /a")}}, true).Disagreements
	if len(sparse) != 1 || !strings.Contains(sparse[0].Message, "1 of 13 routes are listed, less than half") {
		t.Errorf("%+v", sparse)
	}
}
